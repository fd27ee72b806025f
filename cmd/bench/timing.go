package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"
)

// times are durations of one kind of request.
type times []time.Duration

// at is the duration that the share q of all does not exceed, in milliseconds.
func (t times) at(q float64) float64 {
	if len(t) == 0 {
		return 0
	}
	slices.Sort(t)
	i := min(len(t)-1, int(q*float64(len(t))))
	return float64(t[i].Nanoseconds()) / 1e6
}

// median is the middle of the figures of several rounds.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// timed calls fn and says how long it took.
func timed(fn func() error) (time.Duration, error) {
	began := time.Now()
	err := fn()
	return time.Since(began), err
}

// profiled writes a CPU profile of fn where one is asked for.
func (b *bench) profiled(name string, fn func() error) error {
	if b.profile == "" {
		return fn()
	}
	f, err := os.Create(filepath.Join(b.profile, name+".prof"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return fn()
}

// profileOpening writes profiles of a start: its time, and the memory that an
// idle city holds.
func (b *bench) profileOpening(ctx context.Context, c *city) error {
	if err := b.profiled("open", func() error { return c.open(ctx) }); err != nil {
		return err
	}
	runtime.GC()
	f, err := os.Create(filepath.Join(b.profile, "open.heap"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}
