// The generator of `npm run bench:relay`: it opens TURN allocations as clients do, sends numbered
// packets through them at a rate that does not wait for answers, and counts what arrives.
//
// It is a program of its own because coturn's turnutils_uclient tells no percentiles and holds no rate, and because
// pion's TURN client sends packet by packet, looking permissions up under locks: on one core it has to send more
// than a relay on another takes. Messages are pion/stun's; channel data (RFC 8656 section 12.4) is four bytes.
//
// It runs in the client's network namespace and reads JSON lines: first a Target, then Orders, each answered
// by one line. It ends with its input, and the allocations with it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// Credential is a TURN user.
type Credential struct {
	Username   string `json:"username"`
	Credential string `json:"credential"`
}

// Target is what is measured.
type Target struct {
	// "udp" or "tls" to a relay, "direct" to the peer without one.
	Transport string `json:"transport"`
	// Host and port of the relay.
	Address string `json:"address"`
	// The name in its certificate, and the PEM that vouches for it.
	Name string `json:"name"`
	CA   string `json:"ca"`
	// Allocations take them in turn.
	Credentials []Credential `json:"credentials"`
	// Where peers are: an address, and the file of its network namespace.
	PeerAddress   string `json:"peerAddress"`
	PeerNamespace string `json:"peerNamespace"`
	// Processors whose load is told.
	ServerCore    int `json:"serverCore"`
	GeneratorCore int `json:"generatorCore"`
}

// Order is one thing to do: "open" flows, "send" through them, "churn" or "hold" allocations.
type Order struct {
	Do               string  `json:"do"`
	Count            int     `json:"count"`
	PacketsPerSecond float64 `json:"packetsPerSecond"`
	Seconds          float64 `json:"seconds"`
	// Packets of one client that are sent together.
	Burst int `json:"burst"`
	// What comes later than this after the last packet was due does not count.
	GraceMs float64 `json:"graceMs"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	input := json.NewDecoder(bufio.NewReader(os.Stdin))
	output := json.NewEncoder(os.Stdout)
	var target Target
	if err := input.Decode(&target); err != nil {
		return fmt.Errorf("the target cannot be read: %w", err)
	}
	client, err := newClient(target)
	if err != nil {
		return err
	}
	var load *load
	for input.More() {
		var order Order
		if err := input.Decode(&order); err != nil {
			return fmt.Errorf("an order cannot be read: %w", err)
		}
		var answer any = struct{}{}
		switch order.Do {
		case "open":
			load, err = openLoad(client, order.Count)
		case "send":
			if load == nil {
				return fmt.Errorf("send was ordered before open")
			}
			answer, err = load.send(order)
		case "churn":
			answer, err = churn(client, order)
		case "hold":
			err = hold(client, order.Count)
		default:
			err = fmt.Errorf("there is no order %q", order.Do)
		}
		if err != nil {
			return err
		}
		if err := output.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}
