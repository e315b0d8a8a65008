package main

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// Latencies are counted by microseconds; the last place is for all that took longer.
	slowest = 200_000
	// The number of the measurement and the moment of sending, at the front of each payload.
	stampSize = 4 + 8
)

// meter counts packets of the measurement that is under way, at whatever end they arrive.
type meter struct {
	epoch    time.Time
	number   atomic.Uint32
	received atomic.Uint64
	// Of any measurement, for the wait until nothing is under way any more.
	arrived atomic.Uint64
	places  [slowest + 1]atomic.Uint32
}

// clock is the time since the first measurement.
func (it *meter) clock() time.Duration { return time.Since(it.epoch) }

func (it *meter) begin() {
	if it.epoch.IsZero() {
		it.epoch = time.Now()
	}
	it.received.Store(0)
	for index := range it.places {
		it.places[index].Store(0)
	}
	it.number.Add(1)
}

// appendStamp marks a payload as of this measurement and moment.
func (it *meter) appendStamp(payload []byte) []byte {
	payload = binary.BigEndian.AppendUint32(payload, it.number.Load())
	return binary.BigEndian.AppendUint64(payload, uint64(it.clock()))
}

// take counts a frame that arrived, with or without a channel's header.
func (it *meter) take(frame []byte, now time.Duration) {
	if len(frame) == channelHeaderSize+payloadSize {
		frame = frame[channelHeaderSize:]
	}
	if len(frame) != payloadSize {
		return
	}
	it.arrived.Add(1)
	if binary.BigEndian.Uint32(frame) != it.number.Load() {
		return
	}
	took := now - time.Duration(binary.BigEndian.Uint64(frame[4:]))
	it.places[min(max(took.Microseconds(), 0), slowest)].Add(1)
	it.received.Add(1)
}

// end gives what was counted; what comes later does not count.
func (it *meter) end() (received uint64, p50, p99 float64) {
	it.number.Add(1)
	received = it.received.Load()
	return received, it.quantile(0.50, received), it.quantile(0.99, received)
}

// quantile is the latency in milliseconds that this share of the packets did not exceed.
func (it *meter) quantile(share float64, received uint64) float64 {
	var seen float64
	for place := range it.places {
		seen += float64(it.places[place].Load())
		if seen > 0 && seen >= share*float64(received) {
			return float64(place) / 1000
		}
	}
	return 0
}

// untilQuiet waits until what is under way has arrived.
func (it *meter) untilQuiet() error {
	for end := time.Now().Add(quietWithin); time.Now().Before(end); {
		before := it.arrived.Load()
		time.Sleep(quietFor)
		if it.arrived.Load() == before {
			return nil
		}
	}
	return fmt.Errorf("packets still arrive %s after they were sent", quietWithin)
}
