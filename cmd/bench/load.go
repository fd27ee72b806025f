package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// operation is one kind of request. ask makes the next one for a caller, and
// may itself use the caller's connection: only what follows is timed. then
// learns from the answer.
type operation struct {
	name   string
	status int
	ask    func(*caller) ([]byte, error)
	then   func(*caller)
}

// caller is one client of a load.
type caller struct {
	*conn
	*rand.Rand
	number, of int
	id         string // of the record that the request at hand changes
	took       times
}

// load lets so many callers ask for a time, each as soon as it is answered.
func load(addr string, callers int, d time.Duration, round int, ops ...operation) (times, error) {
	all := make([]*caller, callers)
	for i := range all {
		c, err := dial(addr)
		if err != nil {
			return nil, err
		}
		defer c.Close()
		all[i] = &caller{conn: c, Rand: rand.New(rand.NewPCG(uint64(round), uint64(i))), number: i, of: callers}
	}
	errs := make([]error, callers)
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for i, c := range all {
		wg.Go(func() { errs[i] = c.run(end, ops) })
	}
	wg.Wait()
	var out times
	for _, c := range all {
		out = append(out, c.took...)
	}
	return out, errors.Join(errs...)
}

func (c *caller) run(end time.Time, ops []operation) error {
	for time.Now().Before(end) {
		op := ops[c.IntN(len(ops))]
		if err := c.once(op); err != nil {
			return fmt.Errorf("%s: %w", op.name, err)
		}
	}
	return nil
}

func (c *caller) once(op operation) error {
	req, err := op.ask(c)
	if err != nil {
		return err
	}
	took, err := timed(func() error { return c.do(req) })
	if err != nil {
		return err
	}
	c.took = append(c.took, took)
	if err := c.failed(op.status); err != nil || op.then == nil {
		return err
	}
	op.then(c)
	return nil
}
