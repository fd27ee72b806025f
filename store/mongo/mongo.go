// Package mongo keeps records in a MongoDB replica set: one document for each
// record, so that every write is one atomic write of one document. Writes wait
// for a majority; one whose outcome is unknown is looked for before it is
// answered.
package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"qunxian/store"
)

// Options of a connection.
type Options struct {
	// Database is the one to use instead of that of the address.
	Database string
	// OnFatal is called once, when another process has taken the database
	// over. Nothing can be read or written afterwards but Close: the process
	// must end.
	OnFatal func(error)
}

// DB is a database that this process alone serves. It implements
// store.Backend.
type DB struct {
	options Options
	terms   terms
	client  *mongo.Client
	db      *mongo.Database
	sure    *mongo.Database // reads that see every majority write
	lease   *lease
	once    sync.Once
	closed  atomic.Bool
	failed  atomic.Pointer[error]
	writes  sync.RWMutex              // each write has it shared, Close alone
	doubt   atomic.Pointer[time.Time] // when a write last had no certain end

	mu          sync.RWMutex
	collections map[string]*collection
}

// collection is a declared collection and where it is kept.
type collection struct {
	store.Collection
	db   *DB
	docs *mongo.Collection
	past *mongo.Collection // segments of long histories
	sure *mongo.Collection
}

const defaultDatabase = "qunxian"

// selectTimeout is how long a call waits for a primary: longer than the 10 to
// 12 seconds in which a replica set elects one.
const selectTimeout = 15 * time.Second

// Open connects to the replica set of uri, in whose path the database is named
// ("qunxian" by default), and takes the lease of the one serving process. It
// refuses deployments that cannot keep what they acknowledge; warnings name
// weaknesses it can live with.
func Open(ctx context.Context, uri string, o Options) (*DB, []string, error) {
	return open(ctx, uri, o, defaultTerms)
}

func open(ctx context.Context, uri string, o Options, t terms) (*DB, []string, error) {
	d := &DB{options: o, terms: t, collections: map[string]*collection{}}
	name, err := d.connect(uri)
	if err != nil {
		return nil, nil, fmt.Errorf("mongo: %w", err)
	}
	d.db = d.client.Database(name)
	d.sure = d.client.Database(name, options.Database().SetReadConcern(readconcern.Linearizable()))
	warnings, err := examine(ctx, d.client.Database("admin"))
	if err == nil {
		d.lease, err = d.takeLease(ctx)
	}
	if err != nil {
		return nil, warnings, errors.Join(fmt.Errorf("mongo: %w", err), d.disconnect())
	}
	go func() {
		if err := d.lease.keep(); err != nil {
			d.die(err)
		}
	}()
	return d, warnings, nil
}

// connect prepares the client and says which database the address names.
func (d *DB) connect(uri string) (string, error) {
	c, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return "", err
	}
	co := options.Client().ApplyURI(uri)
	if err := checkConcern(co.WriteConcern); err != nil {
		return "", err
	}
	journal := true
	co.SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).SetReadConcern(readconcern.Local()).SetReadPreference(readpref.Primary())
	co.SetRetryWrites(true).SetRetryReads(true).SetAppName("qunxian")
	if co.ServerSelectionTimeout == nil {
		co.SetServerSelectionTimeout(selectTimeout)
	}
	if d.client, err = mongo.Connect(co); err != nil {
		return "", err
	}
	return cmp.Or(d.options.Database, c.Database, defaultDatabase), nil
}

// Ping reports whether the primary answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.usable(); err != nil {
		return err
	}
	return reading(ctx, d.client.Ping(ctx, readpref.Primary()))
}

// Close waits for the writes that are under way, gives the lease back, so that
// another process need not wait for its end, and disconnects. The lease is left
// to run out by itself where a write may still arrive.
func (d *DB) Close() error {
	var err error
	d.once.Do(func() {
		d.closed.Store(true)
		quiet := d.quiet()
		d.lease.stop()
		if quiet && d.failed.Load() == nil {
			err = d.lease.giveBack()
		}
		err = errors.Join(err, d.disconnect())
	})
	return err
}

// quiet waits for the writes that are under way and says whether all have
// ended, and none without a certain end since a lease's length.
func (d *DB) quiet() bool {
	ended := make(chan struct{})
	go func() {
		d.writes.Lock()
		close(ended)
		d.writes.Unlock() // whoever comes next finds closed
	}()
	select {
	case <-ended:
	case <-time.After(closeTimeout):
		return false
	}
	last := d.doubt.Load()
	return last == nil || time.Since(*last) > d.terms.until
}

// closeTimeout is how long each step of Close may take.
const closeTimeout = 5 * time.Second

func (d *DB) disconnect() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return d.client.Disconnect(ctx)
}

// usable refuses everything after Close or after the lease has been taken.
func (d *DB) usable() error {
	if err := d.failed.Load(); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, *err)
	}
	if d.closed.Load() {
		return fmt.Errorf("%w: closed", store.ErrUnavailable)
	}
	return nil
}

// writable refuses writes also while the lease could not be renewed, and those
// whose context has ended.
func (d *DB) writable(ctx context.Context) error {
	if err := d.usable(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	if !d.lease.held() {
		return fmt.Errorf("%w: the lease of this process has run out", store.ErrUnavailable)
	}
	return nil
}

// begin is the start of a write. What it returns ends the write: Close waits
// for it.
func (d *DB) begin(ctx context.Context) (end func(), err error) {
	d.writes.RLock()
	if err := d.writable(ctx); err != nil {
		d.writes.RUnlock()
		return nil, err
	}
	return d.writes.RUnlock, nil
}

// die makes err the end of this DB.
func (d *DB) die(err error) {
	if d.failed.CompareAndSwap(nil, &err) && d.options.OnFatal != nil {
		d.options.OnFatal(err)
	}
}

func (d *DB) collection(name string) (*collection, error) {
	if err := d.usable(); err != nil {
		return nil, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if c, ok := d.collections[name]; ok {
		return c, nil
	}
	return nil, fmt.Errorf("mongo: collection %q is not declared", name)
}
