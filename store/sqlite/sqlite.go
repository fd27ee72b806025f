// Package sqlite keeps records in one SQLite file: a table for each
// collection, one writer that commits waiting writes together, and a few
// readers that never wait for it.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"qunxian/store"
)

// Options of an opened file.
type Options struct {
	// OnFatal is called once, when the disk has refused to keep what was
	// written. Nothing can be read or written afterwards: the process must
	// end, and the next one begins from what the disk has.
	OnFatal func(error)
}

// DB is an opened file. It implements store.Backend.
type DB struct {
	options Options
	lock    *lock
	pool    *sql.DB // the writer's one connection
	writer  *txn
	readers *sql.DB
	reads   statements

	queue   chan *write
	empties chan chan bool // each asks the writer to empty the log
	stop    chan struct{}  // closed by Close
	stopped chan struct{}  // closed when the writer has ended
	once    sync.Once
	failed  atomic.Pointer[error]

	mu     sync.RWMutex
	tables map[string]*table
}

// How many readers work at a time; each may hold cacheKiB of the file.
const (
	readerCount = 4
	cacheKiB    = 4096
	writerKiB   = 32768
)

// Open opens the file, or makes it and its directory, and takes its lock: it
// fails while another process has it open.
func Open(ctx context.Context, file string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	l, err := takeLock(file)
	if err != nil {
		return nil, err
	}
	d := &DB{
		options: o, lock: l, queue: make(chan *write), empties: make(chan chan bool), stop: make(chan struct{}), stopped: make(chan struct{}),
		tables: map[string]*table{},
	}
	if err := d.open(ctx, file); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: open %s: %w", file, err), d.release())
	}
	go d.serve()
	return d, nil
}

func (d *DB) open(ctx context.Context, file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if d.pool, err = sql.Open("sqlite", address(path, writerKiB, "wal_autocheckpoint(0)", "busy_timeout(1000)")); err != nil {
		return err
	}
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	d.writer = newTxn(conn)
	if err := d.migrate(ctx); err != nil {
		return err
	}
	if d.readers, err = sql.Open("sqlite", address(path, cacheKiB, "query_only(on)", "busy_timeout(5000)")); err != nil {
		return err
	}
	d.readers.SetMaxOpenConns(readerCount)
	d.readers.SetMaxIdleConns(readerCount)
	d.reads.db = d.readers
	return d.readers.PingContext(ctx)
}

// address is the driver's name for the file. Mapped memory is off: a failing
// disk must be an error, not a signal that ends the process.
func address(path string, cache int, pragmas ...string) string {
	q := url.Values{"_pragma": append(pragmas,
		fmt.Sprintf("cache_size(-%d)", cache), "synchronous(full)", "secure_delete(on)", "foreign_keys(off)",
		"mmap_size(0)", "temp_store(memory)", "journal_size_limit(67108864)", "trusted_schema(off)",
	), "_journal_mode": {"wal"}, "_dqs": {"0"}}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

// Ping reports whether the file can still be read.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.usable(); err != nil {
		return err
	}
	var one int
	return d.outcome(d.readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&one))
}

// Close ends the writer, after the write it is at, and gives up the lock.
func (d *DB) Close() error {
	var err error
	d.once.Do(func() {
		close(d.stop)
		<-d.stopped
		err = d.release()
	})
	return err
}

func (d *DB) release() error {
	var errs []error
	d.reads.close()
	if d.readers != nil {
		errs = append(errs, d.readers.Close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.close())
	}
	if d.pool != nil {
		errs = append(errs, d.pool.Close())
	}
	return errors.Join(append(errs, d.lock.release())...)
}

// usable refuses everything after Close or a fatal fault.
func (d *DB) usable() error {
	if err := d.failed.Load(); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, *err)
	}
	select {
	case <-d.stop:
		return fmt.Errorf("%w: closed", store.ErrUnavailable)
	default:
		return nil
	}
}

// die makes err the end of this DB.
func (d *DB) die(err error) {
	if d.failed.CompareAndSwap(nil, &err) && d.options.OnFatal != nil {
		d.options.OnFatal(err)
	}
}

func (d *DB) table(coll string) (*table, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if t, ok := d.tables[coll]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("sqlite: collection %q is not declared", coll)
}
