package handlers

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// guard is a listener that outlives a shortage of file descriptors and lets only so many connections be open at once;
// the others wait in the system's queue.
type guard struct {
	net.Listener
	slots chan struct{}
	done  chan struct{}
	once  sync.Once
	pause func(time.Duration) <-chan time.Time
	log   *slog.Logger
}

func newGuard(ln net.Listener, slots int, log *slog.Logger) *guard {
	return &guard{Listener: ln, slots: make(chan struct{}, slots), done: make(chan struct{}), pause: time.After, log: log}
}

const (
	firstPause = 5 * time.Millisecond
	longPause  = time.Second
)

// passing reports whether accepting may work again later.
func passing(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.EINTR, syscall.EAGAIN} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Accept waits for a slot and a connection. It fails only when the listener is closed or broken for good.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case g.slots <- struct{}{}:
	case <-g.done:
		return nil, net.ErrClosed
	}
	wait := firstPause
	for {
		c, err := g.Listener.Accept()
		if err == nil {
			return &slotConn{Conn: c, free: sync.OnceFunc(func() { <-g.slots })}, nil
		}
		if !passing(err) {
			<-g.slots
			return nil, err
		}
		g.log.Warn("cannot accept a connection for now", slog.Any("error", err), slog.Duration("wait", wait))
		select {
		case <-g.pause(wait):
		case <-g.done:
			<-g.slots
			return nil, net.ErrClosed
		}
		wait = min(2*wait, longPause)
	}
}

// Close ends Accept, also while it waits.
func (g *guard) Close() error {
	g.once.Do(func() { close(g.done) })
	return g.Listener.Close()
}

// slotConn is a connection that gives its slot back when it closes.
type slotConn struct {
	net.Conn
	free    func()
	lingers atomic.Bool
}

// How long and how much a refused sender may go on sending: a connection that is closed with unread bytes is reset, and
// the client might never read the answer.
const (
	lingerTime  = time.Second
	lingerBytes = 32 << 20
)

// linger lets the client of a connection read an answer that came before it had sent all.
func linger(c net.Conn) {
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	if s, ok := c.(*slotConn); ok {
		s.lingers.Store(true)
	}
}

// Close closes the connection and frees its slot.
func (c *slotConn) Close() error {
	defer c.free()
	if c.lingers.Swap(false) {
		if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			_ = c.Conn.SetReadDeadline(time.Now().Add(lingerTime))
			_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
		}
	}
	return c.Conn.Close()
}
