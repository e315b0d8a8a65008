package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// listenIn opens a UDP socket in another network namespace, where it stays.
func listenIn(namespace string, address netip.Addr) (*net.UDPConn, error) {
	type opened struct {
		conn *net.UDPConn
		err  error
	}
	result := make(chan opened)
	go func() {
		// Never unlocked: the thread ends with this, and takes its namespace along.
		runtime.LockOSThread()
		conn, err := listenHere(namespace, address)
		result <- opened{conn, err}
	}()
	it := <-result
	return it.conn, it.err
}

func listenHere(namespace string, address netip.Addr) (*net.UDPConn, error) {
	file, err := os.Open(namespace)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("the namespace %s cannot be entered: %w", namespace, err)
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, 0)))
	if err != nil {
		return nil, err
	}
	return conn, forceReceiveBuffer(conn)
}

// forceReceiveBuffer gives a socket more than the system's limit lets others have.
func forceReceiveBuffer(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(socket uintptr) {
		failed = unix.SetsockoptInt(int(socket), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer)
	})
	return errors.Join(err, failed)
}

func isTimeout(err error) bool {
	var it net.Error
	return errors.As(err, &it) && it.Timeout()
}

// ticks is what a processor did since the machine started, in the kernel's ticks.
type ticks struct{ idle, all float64 }

// ticksOf reads /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)).
func ticksOf(core int) (ticks, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return ticks{}, err
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 9 || words[0] != fmt.Sprintf("cpu%d", core) {
			continue
		}
		var it ticks
		for index, word := range words[1:9] {
			value, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return ticks{}, err
			}
			it.all += value
			if index == 3 || index == 4 {
				it.idle += value
			}
		}
		return it, nil
	}
	return ticks{}, fmt.Errorf("there is no processor %d", core)
}

// idleShare is the part of the time between two readings in which the processor had nothing to do.
func idleShare(before, after ticks) float64 {
	if after.all <= before.all {
		return 0
	}
	return (after.idle - before.idle) / (after.all - before.all)
}
