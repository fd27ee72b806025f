package handlers

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// script is a listener that answers Accept with what it is told.
type script struct {
	net.Listener
	answers chan error // nil is a connection
	closed  chan struct{}
}

func (s *script) Accept() (net.Conn, error) {
	select {
	case err := <-s.answers:
		if err != nil {
			return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", err)}
		}
		a, b := net.Pipe()
		b.Close()
		return a, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *script) Close() error { close(s.closed); return nil }

func newScript(answers ...error) *script {
	s := &script{answers: make(chan error, 100), closed: make(chan struct{})}
	for _, a := range answers {
		s.answers <- a
	}
	return s
}

func TestGuardOutlivesShortage(t *testing.T) {
	var waits []time.Duration
	ln := newScript(syscall.EMFILE, syscall.ENFILE, syscall.EMFILE, syscall.ECONNABORTED, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, nil, syscall.EMFILE, nil)
	g := newGuard(ln, 10, slog.New(slog.DiscardHandler))
	g.pause = func(d time.Duration) <-chan time.Time {
		waits = append(waits, d)
		now := make(chan time.Time, 1)
		now <- time.Time{}
		return now
	}
	for range 2 {
		c, err := g.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	ms := time.Millisecond
	if diff := cmp.Diff([]time.Duration{5 * ms, 10 * ms, 20 * ms, 40 * ms, 80 * ms, 160 * ms, 320 * ms, 640 * ms, time.Second, 5 * ms}, waits); diff != "" {
		t.Error(diff)
	}
	ln.answers <- syscall.EINVAL
	if _, err := g.Accept(); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a broken listener: %v", err)
	}
	if len(g.slots) != 0 {
		t.Errorf("%d slots are lost", len(g.slots))
	}
}

func TestGuardClosesWhileItWaits(t *testing.T) {
	ln := newScript(syscall.EMFILE)
	g := newGuard(ln, 1, slog.New(slog.DiscardHandler))
	waiting := make(chan struct{})
	g.pause = func(time.Duration) <-chan time.Time { close(waiting); return nil }
	done := make(chan error)
	go func() { _, err := g.Accept(); done <- err }()
	<-waiting
	g.Close()
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

func TestGuardLetsOnlySoManyIn(t *testing.T) {
	ln := newScript(nil, nil, nil)
	g := newGuard(ln, 2, slog.New(slog.DiscardHandler))
	first, err := g.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Accept(); err != nil {
		t.Fatal(err)
	}
	third := make(chan error, 1)
	go func() { _, err := g.Accept(); third <- err }()
	select {
	case <-third:
		t.Fatal("a third was let in")
	case g.slots <- struct{}{}:
		t.Fatal("a slot is free")
	default:
	}
	if len(ln.answers) != 1 {
		t.Fatal("the third was accepted before there was a slot")
	}
	first.Close()
	first.Close() // twice gives back one slot
	if err := <-third; err != nil {
		t.Fatal(err)
	}
	if len(g.slots) != 2 {
		t.Errorf("%d slots taken", len(g.slots))
	}
	waits := make(chan error, 1)
	go func() { _, err := g.Accept(); waits <- err }()
	g.Close()
	if err := <-waits; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
