package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"qunxian/store"
)

// Error codes of MongoDB, src/mongo/base/error_codes.yml.
const (
	codeNamespaceNotFound = 26
	codeCommandNotFound   = 59
	codeDuplicateKey      = 11000
)

// refusals are answers of a server that has looked at a write and done
// nothing: bad value, failed to parse, unauthorized, overflow (nested too
// deep), authentication failed, illegal operation, command not found, document
// validation failed.
var refusals = []int{2, 9, 13, 15, 18, 20, codeCommandNotFound, 121}

// tooLarges are the errors of a document that would outgrow 16 MB.
var tooLarges = []int{2, 10334, 17280, 17419, 17420}

// maxDocument is the limit of one document in bytes.
const maxDocument = 16 << 20

func hasCode(err error, codes ...int) bool {
	return slices.ContainsFunc(mongo.ErrorCodes(err), func(c int) bool { return slices.Contains(codes, c) })
}

// writing is the error of a write of one command, told as the contract wants
// it: nil and the errors of package store are certain, and so is
// ErrUnavailable. Everything else is ErrUnknown until the document has been
// looked at: after a failover 26 of 40 such writes had been applied.
func (c *collection) writing(err error) error {
	if err = outcome(err); errors.Is(err, store.ErrUnknown) {
		now := time.Now()
		c.db.doubt.Store(&now)
	}
	return err
}

func outcome(err error) error {
	if err == nil {
		return nil
	}
	var one mongo.WriteException // without WriteErrors the primary has it, a majority perhaps not
	var command mongo.CommandError
	switch {
	case errors.As(err, &one) && len(one.WriteErrors) > 0:
		return writeError(one.WriteErrors[0].Code, err)
	case unsent(err):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	case errors.As(err, &command):
		return writeError(int(command.Code), err)
	}
	return fmt.Errorf("%w: %w", store.ErrUnknown, err)
}

// writeError is the error of one document or command that a server has
// answered with a code.
func writeError(code int, err error) error {
	switch {
	case code == codeDuplicateKey:
		return store.ErrExists
	case slices.Contains(refusals, code), slices.Contains(tooLarges, code):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("%w: %w", store.ErrUnknown, err)
}

// unsent says that no server was ever given the write. The driver keeps the
// error of an attempt when it finds no server for the next. (Other errors of
// making a connection may hide an attempt.)
func unsent(err error) bool {
	var selection topology.ServerSelectionError
	var queue topology.WaitQueueTimeoutError
	var marshal mongo.MarshalError
	return errors.As(err, &selection) || errors.As(err, &queue) || errors.As(err, &marshal) || errors.Is(err, driver.ErrDocumentTooLarge)
}

// lookTimeout is how long an unknown outcome is looked for, whatever became of
// the context of the write.
const lookTimeout = 15 * time.Second

// look reads the whole document as a majority has it now.
func (c *collection) look(ctx context.Context, id string) (bson.Raw, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
	defer cancel()
	return c.sure.FindOne(ctx, byID(id)).Raw()
}

// updated looks for an update of unknown outcome. It is there if its last
// entry is in the history, or, where it appended none, if the document is as it
// would have left it. It will never be there if another took its version.
func (c *collection) updated(ctx context.Context, r store.Record, version int64, change bson.Raw, unknown error) error {
	doc, err := c.look(ctx, r.ID)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return store.ErrNotFound
	} else if err != nil {
		return errors.Join(unknown, err)
	}
	now, _ := doc.Lookup("version").AsInt64OK()
	switch {
	case now <= version:
		return unknown // and may still come
	case len(r.Entries) > 0:
		ours, err := c.hasEntry(ctx, doc, r)
		if err != nil {
			return errors.Join(unknown, err)
		}
		if !ours {
			return store.ErrConflict
		}
		return nil
	case now > version+r.Grows():
		return unknown
	case sameState(doc, change.Lookup("$set").Document()):
		return nil
	}
	return store.ErrConflict
}

// inserted looks for an insert of unknown outcome.
func (c *collection) inserted(ctx context.Context, r store.Record, whole bson.Raw, unknown error) error {
	doc, err := c.look(ctx, r.ID)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return unknown
	} else if err != nil {
		return errors.Join(unknown, err)
	}
	ours := false
	if len(r.Entries) == 0 {
		ours = sameState(doc, whole)
	} else if ours, err = c.hasEntry(ctx, doc, r); err != nil {
		return errors.Join(unknown, err)
	}
	if !ours {
		return store.ErrExists
	}
	return nil
}

// deleted looks for a delete of unknown outcome.
func (c *collection) deleted(ctx context.Context, id string, version int64, unknown error) error {
	doc, err := c.look(ctx, id)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	} else if err != nil {
		return errors.Join(unknown, err)
	}
	if now, _ := doc.Lookup("version").AsInt64OK(); now != version {
		return store.ErrConflict
	}
	return unknown
}

// hasEntry says that the last entry of r is in the history: the whole of it,
// with its operation id, number and time.
func (c *collection) hasEntry(ctx context.Context, doc bson.Raw, r store.Record) (bool, error) {
	last, err := entriesOf(store.Record{Entries: r.Entries[len(r.Entries)-1:]})
	if err != nil {
		return false, err
	}
	same := func(v bson.RawValue) bool { return v.Equal(last[0]) }
	standing, err := valuesOf(doc.Lookup("history"))
	if err != nil || slices.ContainsFunc(standing, same) {
		return err == nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
	defer cancel()
	moved, err := c.segments(ctx, doc)
	return slices.ContainsFunc(moved, same), err
}

// sameState says that a document holds the version, body, cards, codes and
// fields of another.
func sameState(doc, want bson.Raw) bool {
	for _, key := range []string{"version", "body", "cards", "codes", "f"} {
		if !doc.Lookup(key).Equal(want.Lookup(key)) {
			return false
		}
	}
	return true
}
