package main

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Where permissions go to: nothing is sent there.
const anyPort = 9

// Churned is what allocations opened and given back one after the other came to.
type Churned struct {
	PerSecond float64 `json:"perSecond"`
	Failures  int     `json:"failures"`
	// What the first failure said.
	Failure string `json:"failure"`
	// From nothing to a relay address that lets the peer in.
	P50Ms float64 `json:"p50Ms"`
	P95Ms float64 `json:"p95Ms"`
}

// churn has as many clients as counted connect, allocate, permit and give back, again and again.
func churn(client *client, order Order) (Churned, error) {
	address, err := netip.ParseAddr(client.target.PeerAddress)
	if err != nil {
		return Churned{}, err
	}
	peer := netip.AddrPortFrom(address, anyPort)
	var (
		group  sync.WaitGroup
		lock   sync.Mutex
		took   []time.Duration
		result Churned
	)
	start := time.Now()
	end := start.Add(seconds(order.Seconds))
	for range order.Count {
		group.Go(func() {
			for time.Now().Before(end) {
				one, err := once(client, peer)
				lock.Lock()
				if err == nil {
					took = append(took, one)
				} else if result.Failures++; result.Failure == "" {
					result.Failure = err.Error()
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	result.PerSecond = float64(len(took)) / time.Since(start).Seconds()
	slices.Sort(took)
	result.P50Ms, result.P95Ms = share(took, 0.50), share(took, 0.95)
	return result, nil
}

// once goes through the life of an allocation, and tells how long it took until the peer was let in.
func once(client *client, peer netip.AddrPort) (time.Duration, error) {
	start := time.Now()
	held, err := client.allocate()
	if err != nil {
		return 0, err
	}
	if err := held.permit(peer); err != nil {
		held.close()
		return 0, err
	}
	took := time.Since(start)
	return took, held.release()
}

func share(sorted []time.Duration, part float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := min(int(part*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}

// hold opens allocations and keeps them until this program ends.
func hold(client *client, count int) error {
	for number := range count {
		held, err := client.allocate()
		if err != nil {
			return fmt.Errorf("allocation %d of %d: %w", number+1, count, err)
		}
		// What nothing refers to any more, Go closes.
		client.held = append(client.held, held)
	}
	return nil
}
