package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"qunxian/store"
)

// writer is the one who writes. It takes the writes that wait, runs each
// inside a savepoint of one transaction, and answers all of them when that is
// on disk: many writers share one sync.
type writer struct {
	jobs chan *job
	done chan struct{}
	mu   sync.RWMutex
	shut bool
	dead error // after a failed commit nothing is written any more
}

// job is one write that waits.
type job struct {
	ctx  context.Context
	work func(*session) error
	err  error
	end  chan struct{}
}

// groupMost is how many writes share one commit.
const groupMost = 64

// session is the writing connection with its prepared statements.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (w *writer) start(d *DB, conn *sql.Conn) {
	w.jobs, w.done = make(chan *job, groupMost), make(chan struct{})
	s := &session{conn: conn, stmts: map[string]*sql.Stmt{}}
	go func() {
		defer close(w.done)
		for first := range w.jobs {
			w.commit(d, s, w.gather(first))
		}
		for _, stmt := range s.stmts {
			_ = stmt.Close()
		}
		_ = conn.Close()
	}()
}

func (w *writer) gather(first *job) []*job {
	group := []*job{first}
	for len(group) < groupMost {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// end takes no more writes and waits for those that were taken.
func (w *writer) end() {
	w.mu.Lock()
	if !w.shut {
		w.shut = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.done
}

// do runs a write and returns when it is on disk, or has failed. A write that
// waits is given up when its context ends; one that runs is not.
func (w *writer) do(ctx context.Context, work func(*session) error) error {
	j := &job{ctx: ctx, work: work, end: make(chan struct{})}
	w.mu.RLock()
	if w.shut {
		w.mu.RUnlock()
		return fmt.Errorf("%w: closed", store.ErrUnavailable)
	}
	select {
	case w.jobs <- j:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return fmt.Errorf("%w: %w", store.ErrUnavailable, ctx.Err())
	}
	<-j.end
	return j.err
}

// background: what has begun is ended whatever becomes of who asked for it.
var background = context.Background()

func (w *writer) commit(d *DB, s *session, group []*job) {
	defer func() {
		for _, j := range group {
			close(j.end)
		}
	}()
	fail := func(err error) {
		for _, j := range group {
			j.err = err
		}
	}
	if w.dead != nil {
		fail(fmt.Errorf("%w: %w", store.ErrUnavailable, w.dead))
		return
	}
	if err := s.exec(background, "BEGIN IMMEDIATE"); err != nil {
		fail(d.known(err))
		return
	}
	for _, j := range group {
		if err := j.ctx.Err(); err != nil {
			j.err = fmt.Errorf("%w: %w", store.ErrUnavailable, err)
			continue
		}
		j.err = s.guarded(j.work)
	}
	err := s.exec(background, "COMMIT")
	if err == nil {
		return
	}
	rolled := s.exec(background, "ROLLBACK")
	fail(d.known(err))
	if full := errors.Is(d.known(err), store.ErrFull); full {
		return // nothing was written; there may be room again
	}
	// A sync that failed may have written some pages and not others: what the
	// file holds is known only after a new start.
	w.dead = errors.Join(err, rolled)
	if d.opt.OnFatal != nil {
		d.opt.OnFatal(w.dead)
	}
}

// guarded runs one write in a savepoint: it is there whole or not at all.
func (s *session) guarded(work func(*session) error) (err error) {
	if err := s.exec(background, "SAVEPOINT one"); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("sqlite: write: %v", p)
		}
		if err != nil && !gone(err) {
			err = errors.Join(err, s.exec(background, "ROLLBACK TO one"))
		}
		if !gone(err) {
			err = join(err, s.exec(background, "RELEASE one"))
		}
	}()
	return work(s)
}

// gone reports whether SQLite has rolled the whole transaction back by itself.
func gone(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_NOMEM:
		return true
	}
	return false
}

// join keeps an error as it is where there is only one.
func join(a, b error) error {
	switch {
	case b == nil:
		return a
	case a == nil:
		return b
	}
	return errors.Join(a, b)
}

func (s *session) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := s.stmts[text]; st != nil {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, text)
	if err == nil {
		s.stmts[text] = st
	}
	return st, err
}

func (s *session) exec(ctx context.Context, text string, args ...any) error {
	_, err := s.change(ctx, text, args...)
	return err
}

// change runs a statement and returns how many rows it changed.
func (s *session) change(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := s.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *session) strings(ctx context.Context, text string, args ...any) ([]string, error) {
	rows, err := s.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
