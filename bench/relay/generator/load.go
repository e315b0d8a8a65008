package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"time"

	"golang.org/x/net/ipv4"
)

const (
	payloadSize = 960
	// Packets read by one call at most.
	batchSize = 64
	// How long there is nothing to send at most before the clock is looked at again.
	pace = 50 * time.Microsecond
	// After a measurement, what is still under way has arrived once nothing came for quietFor.
	quietFor    = 100 * time.Millisecond
	quietWithin = 10 * time.Second
)

// flow is one client, joined with the peer by an allocation or directly.
type flow struct {
	carrier transport
	// Where the peer sends to: the relay address, or the client's own.
	back *net.UDPAddr
	// What is put before a payload: a channel's header, or nothing.
	header []byte
}

// load is all flows, and what is counted of them. The peer of all is one socket.
type load struct {
	target Target
	peer   *net.UDPConn
	flows  []*flow
	meter  meter
	// What is being sent, and what fills a packet behind its stamp.
	packets []byte
	filling [payloadSize - stampSize]byte
}

func openLoad(client *client, count int) (*load, error) {
	address, err := netip.ParseAddr(client.target.PeerAddress)
	if err != nil {
		return nil, err
	}
	peer, err := listenIn(client.target.PeerNamespace, address)
	if err != nil {
		return nil, err
	}
	it := &load{target: client.target, peer: peer}
	for range count {
		one, err := openFlow(client, peer.LocalAddr().(*net.UDPAddr).AddrPort())
		if err != nil {
			return nil, err
		}
		it.flows = append(it.flows, one)
	}
	go it.receive(peer)
	for _, one := range it.flows {
		if socket, ok := one.carrier.(*datagrams); ok {
			go it.receive(socket.conn)
		} else {
			go it.receiveFrames(one.carrier)
		}
	}
	return it, nil
}

func openFlow(client *client, peer netip.AddrPort) (*flow, error) {
	if client.target.Transport == "direct" {
		socket, err := dialDatagrams(peer.String(), 0)
		if err != nil {
			return nil, err
		}
		return &flow{carrier: socket, back: socket.conn.LocalAddr().(*net.UDPAddr)}, nil
	}
	held, err := client.allocate()
	if err != nil {
		return nil, err
	}
	header := binary.BigEndian.AppendUint32(nil, channelNumber<<16|payloadSize)
	back := net.UDPAddrFromAddrPort(held.relayed)
	return &flow{carrier: held.transport, back: back, header: header}, held.bind(peer)
}

// receive counts what arrives at a UDP socket, channel data or a bare payload, until the socket fails.
func (it *load) receive(conn *net.UDPConn) {
	batch := ipv4.NewPacketConn(conn)
	messages := make([]ipv4.Message, batchSize)
	for index := range messages {
		messages[index].Buffers = [][]byte{make([]byte, largestFrame)}
	}
	for {
		count, err := batch.ReadBatch(messages, 0)
		if err != nil {
			return
		}
		now := it.meter.clock()
		for _, message := range messages[:count] {
			it.meter.take(message.Buffers[0][:message.N], now)
		}
	}
}

func (it *load) receiveFrames(carrier transport) {
	for {
		frame, err := carrier.read()
		if err != nil {
			return
		}
		it.meter.take(frame, it.meter.clock())
	}
}

// Sent is what one order to send came to.
type Sent struct {
	// Packets that were due, that were sent, and that arrived in time.
	Offered  uint64  `json:"offered"`
	Sent     uint64  `json:"sent"`
	Received uint64  `json:"received"`
	P50Ms    float64 `json:"p50Ms"`
	P99Ms    float64 `json:"p99Ms"`
	// Shares of the time in which the processors had nothing to do.
	ServerIdle    float64 `json:"serverIdle"`
	GeneratorIdle float64 `json:"generatorIdle"`
}

// send sends at a rate through all flows in turn, first from each client, then from each peer. A packet that a
// full connection does not take when it is due is late, and counts as lost when it stays so.
func (it *load) send(order Order) (Sent, error) {
	before, err := it.ticks()
	if err != nil {
		return Sent{}, err
	}
	it.meter.begin()
	result := Sent{Offered: uint64(order.PacketsPerSecond * order.Seconds)}
	start := time.Now()
	inTime := start.Add(seconds(order.Seconds + order.GraceMs/1000))
	for turn := 0; result.Sent < result.Offered && time.Now().Before(inTime); turn++ {
		count := min(uint64(order.Burst), result.Offered-result.Sent)
		for order.PacketsPerSecond*time.Since(start).Seconds() < float64(result.Sent+count) {
			time.Sleep(pace)
		}
		if err := it.sendBurst(turn, int(count)); err != nil {
			return Sent{}, fmt.Errorf("packets could not be sent: %w", err)
		}
		result.Sent += count
	}
	after, err := it.ticks()
	if err != nil {
		return Sent{}, err
	}
	for time.Now().Before(inTime) && it.meter.received.Load() < result.Sent {
		time.Sleep(time.Millisecond)
	}
	result.Received, result.P50Ms, result.P99Ms = it.meter.end()
	result.ServerIdle = idleShare(before[0], after[0])
	result.GeneratorIdle = idleShare(before[1], after[1])
	return result, it.meter.untilQuiet()
}

// sendBurst sends from the client whose turn it is, or to it.
func (it *load) sendBurst(turn, count int) error {
	one := it.flows[turn%len(it.flows)]
	if turn/len(it.flows)%2 == 0 {
		return one.carrier.write(it.burst(one.header, count), len(one.header)+payloadSize)
	}
	return writeDatagrams(it.peer, it.burst(nil, count), payloadSize, one.back)
}

// burst gives packets of this moment, one behind the other, valid until the next call.
func (it *load) burst(header []byte, count int) []byte {
	it.packets = it.packets[:0]
	for range count {
		it.packets = append(it.packets, header...)
		it.packets = it.meter.appendStamp(it.packets)
		it.packets = append(it.packets, it.filling[:]...)
	}
	return it.packets
}

func (it *load) ticks() ([2]ticks, error) {
	server, err := ticksOf(it.target.ServerCore)
	if err != nil {
		return [2]ticks{}, err
	}
	generator, err := ticksOf(it.target.GeneratorCore)
	return [2]ticks{server, generator}, err
}

func seconds(count float64) time.Duration { return time.Duration(count * float64(time.Second)) }
