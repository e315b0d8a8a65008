package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pion/stun/v3"
)

const (
	// A request that has no answer by then has failed.
	answerWithin = 10 * time.Second
	// The first repetition of a request over UDP, each further one twice as late (RFC 8489 section 6.2.1).
	repeatAfter = 500 * time.Millisecond
	// The first channel number (RFC 8656 section 12).
	channelNumber = 0x4000
	// Attributes' values of RFC 8656: UDP as REQUESTED-TRANSPORT, IANA's number in the first byte.
	transportUDP = 17
	// The ports that clients over UDP come from: nothing else has any in their namespace.
	firstPort = 10_000
	portCount = 50_000
)

// client opens allocations on one relay.
type client struct {
	target Target
	tls    *tls.Config
	users  atomic.Uint64
	ports  atomic.Uint32
	held   []*allocation
}

func newClient(target Target) (*client, error) {
	roots := x509.NewCertPool()
	if target.Transport == "tls" && !roots.AppendCertsFromPEM([]byte(target.CA)) {
		return nil, fmt.Errorf("there is no certificate in what is to be trusted")
	}
	made := &client{target: target, tls: &tls.Config{
		ServerName: target.Name,
		RootCAs:    roots,
		// The one that all relays compared here have; coturn has no other.
		CurvePreferences: []tls.CurveID{tls.CurveP256},
	}}
	made.ports.Store(rand.Uint32())
	return made, nil
}

func (it *client) dial() (transport, error) {
	if it.target.Transport == "tls" {
		return dialStream(it.target.Address, it.tls)
	}
	// coturn remembers a client's address and port for a while: each comes from another port.
	return dialDatagrams(it.target.Address, firstPort+int(it.ports.Add(1)%portCount))
}

// allocation is a relay address that is held, with the connection it was asked for on.
type allocation struct {
	transport
	user    Credential
	realm   stun.Realm
	nonce   stun.Nonce
	key     stun.MessageIntegrity
	relayed netip.AddrPort
}

// allocate connects, and asks for a relay address as the next user.
func (it *client) allocate() (*allocation, error) {
	carrier, err := it.dial()
	if err != nil {
		return nil, err
	}
	user := it.target.Credentials[it.users.Add(1)%uint64(len(it.target.Credentials))]
	held := &allocation{transport: carrier, user: user}
	wanted := stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{transportUDP, 0, 0, 0}}
	answer, err := held.ask(stun.MethodAllocate, wanted)
	if err != nil {
		carrier.close()
		return nil, err
	}
	var relayed stun.XORMappedAddress
	if err := relayed.GetFromAs(answer, stun.AttrXORRelayedAddress); err != nil {
		carrier.close()
		return nil, err
	}
	address, _ := netip.AddrFromSlice(relayed.IP.To4())
	held.relayed = netip.AddrPortFrom(address, uint16(relayed.Port))
	return held, nil
}

// permit lets a peer's address in (CreatePermission).
func (it *allocation) permit(peer netip.AddrPort) error {
	_, err := it.ask(stun.MethodCreatePermission, xorPeer{peer})
	return err
}

// bind gives a peer the first channel (ChannelBind), which permits it as well.
func (it *allocation) bind(peer netip.AddrPort) error {
	number := stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{channelNumber >> 8, channelNumber & 0xFF, 0, 0}}
	_, err := it.ask(stun.MethodChannelBind, number, xorPeer{peer})
	return err
}

// release gives the relay address back (Refresh with a lifetime of none).
func (it *allocation) release() error {
	_, err := it.ask(stun.MethodRefresh, stun.RawAttribute{Type: stun.AttrLifetime, Value: make([]byte, 4)})
	it.close()
	return err
}

// ask makes a request, again with realm and nonce where the relay wants them, and gives the answer.
func (it *allocation) ask(method stun.Method, attributes ...stun.Setter) (*stun.Message, error) {
	for range 2 {
		setters := append([]stun.Setter{stun.TransactionID, stun.NewType(method, stun.ClassRequest)}, attributes...)
		if it.nonce != nil {
			setters = append(setters, stun.NewUsername(it.user.Username), it.realm, it.nonce, it.key)
		}
		request, err := stun.Build(setters...)
		if err != nil {
			return nil, err
		}
		answer, err := it.exchange(request)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", method, err)
		}
		if answer.Type.Class == stun.ClassSuccessResponse {
			return answer, nil
		}
		var code stun.ErrorCodeAttribute
		if err := code.GetFrom(answer); err != nil {
			return nil, fmt.Errorf("%s was refused: %w", method, err)
		}
		if code.Code != stun.CodeUnauthorized && code.Code != stun.CodeStaleNonce {
			return nil, fmt.Errorf("%s was refused: %s", method, code)
		}
		if err := it.realm.GetFrom(answer); err != nil {
			return nil, err
		}
		if err := it.nonce.GetFrom(answer); err != nil {
			return nil, err
		}
		it.key = stun.NewLongTermIntegrity(it.user.Username, it.realm.String(), it.user.Credential)
	}
	return nil, fmt.Errorf("%s was refused: the credential is wrong", method)
}

// exchange sends a request until its answer comes.
func (it *allocation) exchange(request *stun.Message) (*stun.Message, error) {
	end := time.Now().Add(answerWithin)
	for pause := repeatAfter; ; pause *= 2 {
		if err := it.write(request.Raw, len(request.Raw)); err != nil {
			return nil, err
		}
		wait := time.Now().Add(pause)
		if !it.lossy() || wait.After(end) {
			wait = end
		}
		if err := it.setReadDeadline(wait); err != nil {
			return nil, err
		}
		answer, err := it.answerTo(request)
		if err == nil {
			return answer, it.setReadDeadline(time.Time{})
		}
		if !isTimeout(err) || !time.Now().Before(end) {
			return nil, err
		}
	}
}

func (it *allocation) answerTo(request *stun.Message) (*stun.Message, error) {
	for {
		frame, err := it.read()
		if err != nil {
			return nil, err
		}
		answer := &stun.Message{Raw: append([]byte(nil), frame...)}
		if isChannelData(frame) || answer.Decode() != nil {
			continue
		}
		if answer.TransactionID == request.TransactionID {
			return answer, nil
		}
	}
}

// xorPeer is the attribute XOR-PEER-ADDRESS.
type xorPeer struct{ netip.AddrPort }

func (it xorPeer) AddTo(message *stun.Message) error {
	peer := stun.XORMappedAddress{IP: it.Addr().AsSlice(), Port: int(it.Port())}
	return peer.AddToAs(message, stun.AttrXORPeerAddress)
}
