// Package store keeps documents. Its two adapters, sqlite and mongo, keep the
// same contract: package storetest.
package store

import (
	"context"
	"encoding/json"
	"errors"
)

// What a backend answers instead of a driver's own errors.
var (
	ErrNotFound = errors.New("store: document not found")
	ErrExists   = errors.New("store: document already exists")
	ErrConflict = errors.New("store: document has changed")
)

// Record is one document as a database keeps it. Body is JSON and comes back
// with the same keys in the same order and the same values, though perhaps
// spaced otherwise; a list reads cards and never bodies. Codes is what memory
// holds of the record, in a form of its own. Fields are the declared index
// values, and only those.
type Record struct {
	ID      string
	Version int64
	Body    []byte
	Cards   Cards
	Codes   []byte
	Fields  Fields
	// Entries are the history entries that this write appends, as JSON.
	Entries []json.RawMessage
}

// Grows is by how much an update raises the version: by one for each entry it
// appends, so that a version is the length of the history, and by one where no
// history is kept.
func (r Record) Grows() int64 { return max(1, int64(len(r.Entries))) }

// Cards are the ready list forms of a document, by who may see them. In
// derived collections Staff holds any bytes.
type Cards struct{ Staff, Viewer, Masked []byte }

// Fields are index values: string, int64, float64 or bool for a scalar field,
// []string for an array field. A field that is absent has no key; an empty
// array is an absent one. All values of one field are of one kind: text,
// numbers or truth values; integers and floats compare as numbers.
type Fields map[string]any

// Backend is what a database must do. Every write of one record is atomic:
// body, cards, codes, fields and appended entries, all or none. A context that
// ends aborts a call; an error that is none of the three of this package
// leaves the outcome of a write unknown unless it wraps ErrUnavailable.
type Backend interface {
	// Ensure makes the collection and its indexes. It is safe to repeat.
	Ensure(ctx context.Context, c Collection) error
	// Get returns the parts of one record, or ErrNotFound.
	Get(ctx context.Context, coll, id string, parts Part) (Record, error)
	// Find calls each for the records that match q, in its order, until each
	// fails: then Find returns that error. The record's byte slices are each's
	// to keep; each must not call the backend.
	Find(ctx context.Context, coll string, q Query, each func(Record) error) error
	// Insert adds r as version 1, or as r.Version where a copy is put back, or
	// returns ErrExists if its id or a unique field is taken.
	Insert(ctx context.Context, coll string, r Record) error
	// InsertMany adds records as Insert does and returns one error per record:
	// those that fail do not stop the others.
	InsertMany(ctx context.Context, coll string, rs []Record) []error
	// Update stores r if the stored version is still version, and appends
	// r.Entries; the version grows as r.Grows says. ErrConflict if another writer came first, ErrNotFound,
	// or ErrExists for a unique field.
	Update(ctx context.Context, coll string, version int64, r Record) error
	// UpdateMany updates as Update does, each record from r.Version, and returns
	// one error per record.
	UpdateMany(ctx context.Context, coll string, rs []Record) []error
	// Put stores derived records whole, new or not, at the version they name,
	// without version check or history.
	Put(ctx context.Context, coll string, rs []Record) error
	// Delete removes a record and its history if the version is still version.
	Delete(ctx context.Context, coll, id string, version int64) error
	// History returns the entries of a record, oldest first; none if there is
	// no such record.
	History(ctx context.Context, coll, id string) ([]json.RawMessage, error)
	// Ping reports whether the database answers.
	Ping(ctx context.Context) error
	Close() error
}

// ErrUnavailable is wrapped by errors of writes that are known not to have
// been applied; ErrUnknown by those that may have been.
var (
	ErrUnavailable = errors.New("store: database does not answer")
	ErrUnknown     = errors.New("store: outcome unknown")
	// ErrFull is wrapped where the disk is full; nothing was written.
	ErrFull = errors.New("store: disk full")
)

// Part names parts of a record, to be joined with |.
type Part int

// The parts a read may ask for; id and version always come.
const (
	Body Part = 1 << iota
	StaffCard
	ViewerCard
	MaskedCard
	Codes
)

// Collection declares what a database must know of a collection.
type Collection struct {
	Name    string
	History bool // keeps history entries
	Fields  []Field
	Indexes []Index
}

// Field is one indexed field.
type Field struct {
	Name  string
	Array bool // []string; else a scalar
}

// Index serves queries by its fields in order, and, where Unique, lets no two
// records that have all of them have the same. An array field stands alone in
// its index, followed only by the id, newest first. The id ends every index.
type Index struct {
	Fields []string
	Unique bool
}
