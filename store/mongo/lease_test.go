package mongo

import (
	"context"
	"errors"
	"testing"
	"time"

	"qunxian/store"
)

// TestLeaseAge: a lease is held for its time, and a write that begins at its
// very end is over before another process can have it.
func TestLeaseAge(t *testing.T) {
	l := &lease{terms: defaultTerms}
	for _, c := range []struct {
		name string
		age  time.Duration
		held bool
	}{
		{"now", 0, true},
		{"nearly over", defaultTerms.valid - time.Second, true},
		{"over", defaultTerms.valid + time.Second, false},
	} {
		asked := time.Now().Add(-c.age)
		l.extend(asked)
		if l.held() != c.held {
			t.Errorf("%s: held %t", c.name, l.held())
		}
		ctx, cancel := l.within(context.Background())
		end, _ := ctx.Deadline()
		if latest := asked.Add(defaultTerms.until); !end.Before(latest) {
			t.Errorf("%s: a write may last until %s, others may begin at %s", c.name, end, latest)
		}
		cancel()
	}
}

// TestWritesEnd: no write begins where another process may have the lease, and
// Close waits for those that have begun.
func TestWritesEnd(t *testing.T) {
	ctx := context.Background()
	d := &DB{terms: defaultTerms, lease: &lease{terms: defaultTerms}}
	d.lease.extend(time.Now().Add(-defaultTerms.valid))
	if _, err := d.begin(ctx); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("a write began without the lease: %v", err)
	}
	d.lease.extend(time.Now())
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.begin(ended); !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Fatalf("a write began for nobody: %v", err)
	}
	end, err := d.begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	quiet := make(chan bool, 1)
	go func() { quiet <- d.quiet() }()
	for waits := false; !waits; {
		select {
		case <-quiet:
			t.Fatal("Close did not wait")
		default:
		}
		if waits = !d.writes.TryRLock(); !waits {
			d.writes.RUnlock()
		}
	}
	end()
	if !<-quiet {
		t.Error("a write that ended well leaves doubt")
	}
	d.closed.Store(true)
	if _, err := d.begin(ctx); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a write began after Close: %v", err)
	}
}
