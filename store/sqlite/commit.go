package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"qunxian/store"
)

// write is one write that waits for the writer. Its do may run twice.
type write struct {
	ctx   context.Context
	do    func(*txn) error
	begun atomic.Bool // taken by the writer, or given up by the caller
	err   error
	done  chan struct{}
}

const (
	// maxBatch is how many writes share one sync of the disk.
	maxBatch = 128
	// checkpointPages is how many pages the log takes before they are copied
	// into the file: 8 MB.
	checkpointPages = 2000
	// idle is how long after the last write the log is emptied, so that what
	// was overwritten does not stay on the disk.
	idle = 2 * time.Second
)

// write has the writer run do in a transaction and waits until the disk has
// it. A context that ends before do begins takes it back.
func (d *DB) write(ctx context.Context, do func(*txn) error) error {
	if err := d.usable(); err != nil {
		return err
	}
	w := &write{ctx: ctx, do: do, done: make(chan struct{})}
	select {
	case d.queue <- w:
	case <-ctx.Done():
		return unapplied(ctx.Err())
	case <-d.stop:
		return d.usable()
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		if w.begun.CompareAndSwap(false, true) {
			return unapplied(ctx.Err())
		}
		<-w.done
	}
	return w.err
}

// serve is the writer: it takes every write that waits, commits them together
// and answers all of them.
func (d *DB) serve() {
	defer close(d.stopped)
	quiet := time.NewTimer(idle)
	defer quiet.Stop()
	pages := 0
	for {
		select {
		case w := <-d.queue:
			d.commit(d.gather(w))
			if pages += d.written(); pages >= checkpointPages {
				pages = 0
				d.checkpoint("PASSIVE")
			}
			quiet.Reset(idle)
		case <-quiet.C:
			if !d.checkpoint("TRUNCATE") {
				quiet.Reset(idle)
			}
		case done := <-d.empties:
			done <- d.checkpoint("TRUNCATE")
		case <-d.stop:
			d.checkpoint("TRUNCATE")
			return
		}
	}
}

func (d *DB) gather(first *write) []*write {
	batch := []*write{first}
	for len(batch) < maxBatch {
		select {
		case w := <-d.queue:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction. Where that fails as a whole, each
// write gets a transaction of its own, so that one that cannot be written
// takes no other with it.
func (d *DB) commit(batch []*write) {
	live := batch[:0:0]
	for _, w := range batch {
		if w.begun.CompareAndSwap(false, true) {
			live = append(live, w)
		}
	}
	err := d.transaction(live)
	if err != nil && len(live) > 1 && d.failed.Load() == nil {
		for _, w := range live {
			if err := d.transaction([]*write{w}); err != nil {
				w.err = err
			}
		}
	} else if err != nil {
		for _, w := range live {
			w.err = err
		}
	}
	for _, w := range live {
		close(w.done)
	}
}

// transaction commits all writes but those that are refused. Its error is
// that of every write: none has happened, or, after a failed sync, nobody
// knows.
func (d *DB) transaction(batch []*write) error {
	if len(batch) == 0 {
		return nil
	}
	if err := d.usable(); err != nil {
		return err
	}
	t := d.writer
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return d.aborted(err)
	}
	for _, w := range batch {
		if w.err = w.ctx.Err(); w.err != nil {
			w.err = unapplied(w.err)
			continue
		}
		if err := t.savepoint(w); err != nil {
			return d.aborted(err)
		}
	}
	_, err := t.exec("COMMIT")
	switch {
	case err == nil:
		return nil
	case lost(err):
		d.die(err)
		return fmt.Errorf("%w: %w", store.ErrUnknown, err)
	}
	return d.aborted(err)
}

// run makes a panic the error of its write: the writer serves everybody.
func (w *write) run(t *txn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("sqlite: panic: %v", p)
		}
	}()
	return w.do(t)
}

// savepoint runs one write so that its refusal undoes it alone. An error that
// is no refusal ends the transaction.
func (t *txn) savepoint(w *write) error {
	if _, err := t.exec("SAVEPOINT one"); err != nil {
		return err
	}
	if w.err = w.run(t); w.err != nil {
		if !refused(w.err) {
			return w.err
		}
		if _, err := t.exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	_, err := t.exec("RELEASE one")
	return err
}

// aborted rolls back.
func (d *DB) aborted(err error) error {
	if back := d.writer.rollback(); back != nil {
		err = errors.Join(err, back)
		d.die(err)
	} else if lost(err) {
		d.die(err)
	}
	return unapplied(err)
}

// written is how many pages the writer has written since it was last asked.
func (d *DB) written() (pages int) {
	_ = d.writer.conn.Raw(func(c any) error {
		if s, ok := c.(sqlite.DBStatus); ok {
			pages, _, _ = s.Status(sqlite.DBStatusCacheWrite, true)
		}
		return nil
	})
	return pages
}

// checkpoint copies the log into the file and says whether it could take all
// of it: readers may hold it up. It runs here, not by itself within a commit,
// because SQLite would keep its faults to itself.
func (d *DB) checkpoint(mode string) bool {
	if d.failed.Load() != nil {
		return true
	}
	var busy, log, moved int
	_, err := d.writer.row("PRAGMA wal_checkpoint("+mode+")", nil, &busy, &log, &moved)
	if lost(err) {
		d.die(err)
	}
	return err == nil && busy == 0 && log == moved
}

// Checkpoint moves every write into the file and empties the log, so that
// nothing that was deleted or overwritten is left on the disk. It fails while
// a reader is at an older state.
func (d *DB) Checkpoint(ctx context.Context) error {
	if err := d.usable(); err != nil {
		return err
	}
	done := make(chan bool, 1)
	select {
	case d.empties <- done:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.stop:
		return d.usable()
	}
	if !<-done {
		return fmt.Errorf("%w: the log is being read", store.ErrUnavailable)
	}
	return nil
}
