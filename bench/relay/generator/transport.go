package main

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	stunHeaderSize    = 20
	channelHeaderSize = 4
	// More than any message or packet here.
	largestFrame = 2048
	// Enough for what arrives while this process has no processor.
	receiveBuffer = 4 << 20
	// Of a TCP connection to send: what waits there is neither lost nor relayed.
	streamSendBuffer = 64 << 10
)

// transport carries whole frames, STUN messages and channel data, to a relay and back.
type transport interface {
	// write sends frames of one size that lie one behind the other.
	write(frames []byte, size int) error
	// read gives the next frame, valid until the next call.
	read() ([]byte, error)
	setReadDeadline(at time.Time) error
	// lossy says whether a frame may be lost, and requests have to be repeated.
	lossy() bool
	close()
}

type datagrams struct {
	conn   *net.UDPConn
	buffer [largestFrame]byte
}

// dialDatagrams connects from a port, from any with 0.
func dialDatagrams(address string, port int) (*datagrams, error) {
	to, err := net.ResolveUDPAddr("udp4", address)
	if err != nil {
		return nil, err
	}
	conn, err := net.DialUDP("udp4", &net.UDPAddr{Port: port}, to)
	if err != nil {
		return nil, err
	}
	return &datagrams{conn: conn}, forceReceiveBuffer(conn)
}

func (it *datagrams) write(frames []byte, size int) error {
	return writeDatagrams(it.conn, frames, size, nil)
}

// writeDatagrams leaves it to the kernel to make datagrams of this size (UDP_SEGMENT, udp(7)): one way through
// its network stack for all of them, so that the generator can send more than a relay takes.
func writeDatagrams(conn *net.UDPConn, frames []byte, size int, to *net.UDPAddr) error {
	var control []byte
	if len(frames) > size {
		control = make([]byte, unix.CmsgSpace(2))
		header := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
		header.Level, header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
		header.SetLen(unix.CmsgLen(2))
		binary.NativeEndian.PutUint16(control[unix.CmsgLen(0):], uint16(size))
	}
	_, _, err := conn.WriteMsgUDP(frames, control, to)
	return err
}

func (it *datagrams) read() ([]byte, error) {
	size, err := it.conn.Read(it.buffer[:])
	return it.buffer[:size], err
}

func (it *datagrams) setReadDeadline(at time.Time) error { return it.conn.SetReadDeadline(at) }
func (it *datagrams) lossy() bool                        { return true }
func (it *datagrams) close()                             { _ = it.conn.Close() }

type stream struct {
	conn   *tls.Conn
	out    *outlet
	reader *bufio.Reader
	buffer [largestFrame]byte
}

func dialStream(address string, config *tls.Config) (*stream, error) {
	raw, err := net.DialTimeout("tcp4", address, answerWithin)
	if err != nil {
		return nil, err
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		if err := tcp.SetWriteBuffer(streamSendBuffer); err != nil {
			return nil, err
		}
		// Closing resets: an ended connection would keep its port for a minute.
		if err := tcp.SetLinger(0); err != nil {
			return nil, err
		}
	}
	out := &outlet{Conn: raw, buffer: bufio.NewWriterSize(raw, 16<<10)}
	conn := tls.Client(out, config)
	_ = conn.SetDeadline(time.Now().Add(answerWithin))
	if err := conn.Handshake(); err != nil {
		_ = raw.Close()
		return nil, fmt.Errorf("TLS to %s: %w", address, err)
	}
	_ = conn.SetDeadline(time.Time{})
	out.gathers = true
	return &stream{conn: conn, out: out, reader: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// write makes each frame a record of its own, as a client that sends packet by packet does.
func (it *stream) write(frames []byte, size int) error {
	for ; len(frames) > 0; frames = frames[size:] {
		if _, err := it.conn.Write(frames[:size]); err != nil {
			return err
		}
	}
	return it.out.buffer.Flush()
}

// outlet gathers the records of one call, which go out together as TCP does it under load.
type outlet struct {
	net.Conn
	buffer  *bufio.Writer
	gathers bool
}

func (it *outlet) Write(record []byte) (int, error) {
	if !it.gathers {
		return it.Conn.Write(record)
	}
	return it.buffer.Write(record)
}

// read follows RFC 8656 section 12.5: on streams, channel data is padded to four bytes.
func (it *stream) read() ([]byte, error) {
	head := it.buffer[:channelHeaderSize]
	if _, err := io.ReadFull(it.reader, head); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(head[2:]))
	size, padded := channelHeaderSize+length, channelHeaderSize+(length+3)&^3
	if !isChannelData(head) {
		size, padded = stunHeaderSize+length, stunHeaderSize+length
	}
	if padded > len(it.buffer) {
		return nil, fmt.Errorf("a frame of %d bytes came, %d at most were expected", padded, len(it.buffer))
	}
	_, err := io.ReadFull(it.reader, it.buffer[channelHeaderSize:padded])
	return it.buffer[:size], err
}

func (it *stream) setReadDeadline(at time.Time) error { return it.conn.SetReadDeadline(at) }
func (it *stream) lossy() bool                        { return false }
func (it *stream) close()                             { _ = it.out.Close() }

// isChannelData tells by the first two bits (RFC 8656 section 12.4).
func isChannelData(frame []byte) bool {
	return len(frame) >= channelHeaderSize && frame[0]&0xC0 == 0x40
}
