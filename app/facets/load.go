package facets

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// loadBatch is how many records a worker of Load takes at a time.
const loadBatch = 256

// Load applies many records, given by id with their encoded codes, on several
// workers, and orders the columns once at the end; until it returns, other
// calls wait. It skips what is broken or taken and returns those errors joined,
// at most a hundred. The byte slices may be reused after each step.
func (ix *Index) Load(workers int, records iter.Seq2[string, []byte]) error {
	type raw struct {
		id  string
		end int
	}
	type batch struct {
		records []raw
		bytes   []byte
		ready   chan []prepared
		errs    []error
	}
	workers = max(workers, 1)
	work, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	for range workers {
		go func() {
			for b := range work {
				ready := make([]prepared, 0, len(b.records))
				start := 0
				for _, r := range b.records {
					p, err := ix.decoded(r.id, b.bytes[start:r.end])
					start = r.end
					if err != nil {
						b.errs = append(b.errs, fmt.Errorf("%s: %w", r.id, err))
						continue
					}
					ready = append(ready, p)
				}
				b.ready <- ready
			}
		}()
	}
	go func() {
		defer close(order)
		defer close(work)
		b := new(batch)
		send := func() {
			b.ready = make(chan []prepared, 1)
			order <- b
			work <- b
			b = &batch{records: make([]raw, 0, loadBatch), bytes: make([]byte, 0, len(b.bytes)+len(b.bytes)/8)}
		}
		for id, encoded := range records {
			b.bytes = append(b.bytes, encoded...)
			b.records = append(b.records, raw{id, len(b.bytes)})
			if len(b.records) == loadBatch {
				send()
			}
		}
		if len(b.records) > 0 {
			send()
		}
	}()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	var errs []error
	fail := func(err error) {
		if len(errs) < 100 {
			errs = append(errs, err)
		}
	}
	for b := range order {
		ready := <-b.ready
		for _, err := range b.errs {
			fail(err)
		}
		for i := range ready {
			if err := ix.install(&ready[i], false); err != nil {
				fail(err)
			}
		}
	}
	ix.arrange(workers)
	ix.tighten()
	ix.words.tighten()
	return errors.Join(errs...)
}

// decoded prepares one record; what breaks it is its error, and no other's.
func (ix *Index) decoded(id string, encoded []byte) (p prepared, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	c, err := Decode(encoded)
	if err != nil {
		return p, err
	}
	return ix.prepare(id, &c), nil
}

// tighten gives what has grown step by step the size that it needs, and puts
// all packed records into one block of memory.
func (ix *Index) tighten() {
	size := 0
	for i := range ix.rows {
		size += len(ix.rows[i].packed)
	}
	var all strings.Builder
	all.Grow(size)
	for i := range ix.rows {
		all.WriteString(ix.rows[i].packed)
	}
	ix.rows, ix.ords, ix.codes = slices.Clone(ix.rows), slices.Clone(ix.ords), slices.Clone(ix.codes)
	text, from := all.String(), 0
	for i := range ix.rows {
		to := from + len(ix.rows[i].packed)
		ix.rows[i].packed, from = text[from:to], to
	}
}

// arrange orders every column.
func (ix *Index) arrange(workers int) {
	var group sync.WaitGroup
	slots := make(chan struct{}, workers)
	start := func(f func()) {
		slots <- struct{}{}
		group.Go(func() {
			f()
			<-slots
		})
	}
	for _, c := range ix.keys {
		start(func() {
			c.arrange()
			share(c)
		})
	}
	for _, c := range ix.figures {
		start(c.arrange)
	}
	group.Wait()
}
