// Package sqlite keeps records in one SQLite file, which one process serves: a
// table for each collection, its history and its array values beside it.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"qunxian/store"
)

// Options of a file.
type Options struct {
	// OnFatal is told of an error after which nothing more is written: what the
	// disk holds is then known only to a new start.
	OnFatal func(error)
}

// DB is an opened file. It is safe for concurrent use.
type DB struct {
	write *sql.DB // one connection
	read  *sql.DB
	lock  *os.File
	opt   Options

	mu    sync.RWMutex
	colls map[string]*collection
	stmts map[string]*sql.Stmt // of readers, by text

	writes writer
}

// collection is a declared collection and the statements on it.
type collection struct {
	store.Collection
	scalars []string
	arrays  []string
	insert  string
	replace string
	update  string
}

// readers is how many connections read beside the one that writes.
const readers = 4

// pragmas of every connection. Full synchronous writes survive a power cut,
// secure delete leaves nothing of what was erased.
const pragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=secure_delete(on)&_pragma=temp_store(memory)"

// Open opens the file, or makes it and its folder, for this process alone.
func Open(ctx context.Context, file string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFile(file + ".lock")
	if err != nil {
		return nil, err
	}
	d := &DB{lock: lock, opt: o, colls: map[string]*collection{}, stmts: map[string]*sql.Stmt{}}
	if err := d.connect(ctx, file); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return d, nil
}

func (d *DB) connect(ctx context.Context, file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	dsn := "file:" + escaper.Replace(file) + "?" + pragmas
	if d.write, err = sql.Open("sqlite", dsn+"&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(2000)"); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", dsn+"&_pragma=cache_size(-4000)&_pragma=query_only(1)"); err != nil {
		return errors.Join(err, d.write.Close())
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	conn, err := d.write.Conn(ctx)
	if err == nil {
		err = migrate(ctx, conn)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("sqlite: %s: %w", file, err), d.write.Close(), d.read.Close())
	}
	d.writes.start(d, conn)
	return nil
}

// escaper keeps a file's name out of the address's query.
var escaper = strings.NewReplacer("?", "%3f", "#", "%23", "%", "%25")

// lockFile takes the lock of the one process that serves a file.
func lockFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 20))
		return nil, errors.Join(fmt.Errorf("sqlite: %s is served by process %s", strings.TrimSuffix(name, ".lock"), holder), f.Close())
	}
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := fmt.Fprint(f, os.Getpid()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// migrations bring a file from one format to the next; each is safe to run
// twice. The format is the number of those that ran.
var migrations = []func(context.Context, *sql.Conn) error{
	func(context.Context, *sql.Conn) error { return nil }, // 1: tables made by Ensure
}

func migrate(ctx context.Context, conn *sql.Conn) error {
	var have int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have > len(migrations) {
		return fmt.Errorf("made by a newer version (format %d, this one knows %d)", have, len(migrations))
	}
	for i := have; i < len(migrations); i++ {
		if err := migrations[i](ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", i+1)); err != nil {
			return err
		}
	}
	return nil
}

// Ping reads one value.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.known(d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// Close waits for the writes that were taken and lets the file go.
func (d *DB) Close() error {
	d.writes.end()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.stmts {
		_ = s.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close(), d.lock.Close())
}

// known turns the driver's errors into those of the store.
func (d *DB) known(err error) error {
	var e *sqlite.Error
	switch {
	case err == nil || !errors.As(err, &e):
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		return err
	case e.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY || e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE:
		return store.ErrExists
	case e.Code()&0xff == lib.SQLITE_FULL:
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	case e.Code()&0xff == lib.SQLITE_BUSY, e.Code()&0xff == lib.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// History returns the entries of a record, oldest first.
func (d *DB) History(ctx context.Context, coll, id string) ([]json.RawMessage, error) {
	rows, err := d.query(ctx, "SELECT entry FROM "+quote(coll+"_history")+" WHERE id = ? ORDER BY n", id)
	if err != nil {
		return nil, d.known(err)
	}
	defer rows.Close()
	var out []json.RawMessage
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, d.known(rows.Err())
}

// query runs a statement on a reader, prepared once.
func (d *DB) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	d.mu.RLock()
	s := d.stmts[text]
	d.mu.RUnlock()
	if s == nil {
		var err error
		if s, err = d.read.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		d.mu.Lock()
		if have := d.stmts[text]; have != nil {
			_ = s.Close()
			s = have
		} else {
			d.stmts[text] = s
		}
		d.mu.Unlock()
	}
	return s.QueryContext(ctx, args...)
}
