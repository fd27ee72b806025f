package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

// together is how many single writes run at a time for a call that writes
// many; bulk is how many documents one command carries, and bulkBytes how many
// bytes: a driver would cut what is above 48 MB into commands whose errors
// cannot be told apart.
const (
	together  = 16
	bulk      = 1000
	bulkBytes = 32 << 20
)

// writer is the collection for a write of these records, a context that ends
// with the lease, and the end of the write.
func (d *DB) writer(ctx context.Context, coll string, rs ...store.Record) (*collection, context.Context, func(), error) {
	c, err := d.collection(coll)
	if err != nil {
		return nil, nil, nil, err
	}
	end, err := d.begin(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, r := range rs {
		if err := c.CheckRecord(r); err != nil {
			end()
			return nil, nil, nil, refused(err)
		}
	}
	ctx, cancel := d.lease.within(ctx)
	return c, ctx, func() { cancel(); end() }, nil
}

// refused is the error of a write that was not even sent.
func refused(err error) error { return fmt.Errorf("%w: %w", store.ErrUnavailable, err) }

// Insert adds one document.
func (d *DB) Insert(ctx context.Context, coll string, r store.Record) error {
	c, ctx, end, err := d.writer(ctx, coll, r)
	if err != nil {
		return err
	}
	defer end()
	entries, err := entriesOf(r)
	if err != nil {
		return refused(err)
	}
	var ids []string
	if sizeOf(entries) > maxInsert { // a copy that is put back
		old := oldest(entries)
		if ids, err = c.spill(ctx, r.ID, 0, old); err != nil {
			return refused(err)
		}
		entries = entries[len(old):]
	}
	if err = c.insert(ctx, r, entries, ids); err != nil && !errors.Is(err, store.ErrUnknown) {
		c.drop(ctx, ids)
	}
	return err
}

// maxInsert is how many bytes of entries a new document may hold.
const maxInsert = 4 << 20

func (c *collection) insert(ctx context.Context, r store.Record, entries []bson.RawValue, segments []string) error {
	doc, err := c.document(r, entries, segments)
	if err != nil {
		return refused(err)
	}
	_, err = c.docs.InsertOne(ctx, doc)
	if err = c.writing(err); errors.Is(err, store.ErrUnknown) {
		return c.inserted(ctx, r, doc, err)
	}
	return err
}

// InsertMany adds documents with one command for many.
func (d *DB) InsertMany(ctx context.Context, coll string, rs []store.Record) []error {
	errs := make([]error, len(rs))
	for start := 0; start < len(rs); start += bulk {
		end := min(start+bulk, len(rs))
		d.insertChunk(ctx, coll, rs[start:end], errs[start:end])
	}
	return errs
}

func (d *DB) insertChunk(ctx context.Context, coll string, rs []store.Record, errs []error) {
	c, ctx, end, err := d.writer(ctx, coll)
	if err != nil {
		fill(errs, err)
		return
	}
	defer end()
	var b batch
	for i, r := range rs {
		err := c.CheckRecord(r)
		var entries []bson.RawValue
		if err == nil {
			entries, err = entriesOf(r)
		}
		var doc bson.Raw
		if err == nil {
			doc, err = c.document(r, entries, nil)
		}
		if err != nil {
			errs[i] = refused(err)
			continue
		}
		if b.bytes+len(doc) > bulkBytes {
			c.insertBatch(ctx, b, rs, errs)
			b = batch{}
		}
		b.docs, b.at, b.bytes = append(b.docs, doc), append(b.at, i), b.bytes+len(doc)
	}
	c.insertBatch(ctx, b, rs, errs)
}

// batch is what one command inserts.
type batch struct {
	docs  []bson.Raw
	at    []int // of each document among the records
	bytes int
}

func (c *collection) insertBatch(ctx context.Context, b batch, rs []store.Record, errs []error) {
	if len(b.docs) == 0 {
		return
	}
	_, err := c.docs.InsertMany(ctx, b.docs, options.InsertMany().SetOrdered(false))
	var be mongo.BulkWriteException
	if !errors.As(err, &be) || be.WriteConcernError != nil {
		err = c.writing(err)
		for _, i := range b.at {
			errs[i] = err
		}
	}
	for _, we := range be.WriteErrors {
		errs[b.at[we.Index]] = writeError(we.Code, we)
	}
	each(len(b.docs), func(k int) {
		if i := b.at[k]; errors.Is(errs[i], store.ErrUnknown) {
			errs[i] = c.inserted(ctx, rs[i], b.docs[k], errs[i])
		}
	})
}

// Update stores a new state and appends the entries, if the version is still
// the same.
func (d *DB) Update(ctx context.Context, coll string, version int64, r store.Record) error {
	c, ctx, end, err := d.writer(ctx, coll, r)
	if err != nil {
		return err
	}
	defer end()
	change, err := c.update(r, version+r.Grows())
	if err != nil {
		return refused(err)
	}
	res, err := c.docs.UpdateOne(ctx, at(r.ID, version), change)
	if hasCode(err, tooLarges...) && len(r.Entries) > 0 {
		if err := c.shorten(ctx, r.ID, 0); err != nil {
			return refused(err)
		}
		res, err = c.docs.UpdateOne(ctx, at(r.ID, version), change)
	}
	switch err = c.writing(err); {
	case errors.Is(err, store.ErrUnknown):
		return c.updated(ctx, r, version, change, err)
	case err != nil:
		return err
	case res.MatchedCount == 0:
		return c.whyNot(ctx, r.ID)
	}
	c.mayShorten(ctx, r, version+r.Grows())
	return nil
}

// UpdateMany updates documents one by one, some at a time: only so does each
// have an answer of its own.
func (d *DB) UpdateMany(ctx context.Context, coll string, rs []store.Record) []error {
	errs := make([]error, len(rs))
	each(len(rs), func(i int) { errs[i] = d.Update(ctx, coll, rs[i].Version, rs[i]) })
	return errs
}

// Put stores derived documents. It may be repeated, so an unknown outcome is.
func (d *DB) Put(ctx context.Context, coll string, rs []store.Record) error {
	for chunk := range slices.Chunk(rs, bulk) {
		if err := d.putChunk(ctx, coll, chunk); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) putChunk(ctx context.Context, coll string, rs []store.Record) error {
	c, ctx, end, err := d.writer(ctx, coll, rs...)
	if err != nil {
		return err
	}
	defer end()
	var models []mongo.WriteModel
	bytes := 0
	for _, r := range rs {
		r.Entries = nil
		set, err := c.update(r, max(r.Version, 1))
		if err != nil {
			return refused(err)
		}
		if bytes+len(set) > bulkBytes {
			if err := c.put(ctx, models); err != nil {
				return err
			}
			models, bytes = nil, 0
		}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(byID(r.ID)).SetUpdate(set).SetUpsert(true))
		bytes += len(set)
	}
	return c.put(ctx, models)
}

func (c *collection) put(ctx context.Context, models []mongo.WriteModel) error {
	once := func() error {
		_, err := c.docs.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		var be mongo.BulkWriteException
		if errors.As(err, &be) && len(be.WriteErrors) > 0 {
			return writeError(be.WriteErrors[0].Code, be.WriteErrors[0])
		}
		return c.writing(err)
	}
	err := once()
	if errors.Is(err, store.ErrUnknown) && ctx.Err() == nil {
		err = once()
	}
	return err
}

// Delete removes a document and what was moved out of its history.
func (d *DB) Delete(ctx context.Context, coll, id string, version int64) error {
	c, ctx, end, err := d.writer(ctx, coll)
	if err != nil {
		return err
	}
	defer end()
	return c.deleting(ctx, id, version, func() error {
		res, err := c.docs.DeleteOne(ctx, at(id, version))
		switch err = c.writing(err); {
		case errors.Is(err, store.ErrUnknown):
			return c.deleted(ctx, id, version, err)
		case err != nil:
			return err
		case res.DeletedCount == 0:
			return c.whyNot(ctx, id)
		}
		return nil
	})
}

func at(id string, version int64) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "version", Value: version}}
}

// whyNot says why no document has an id and a version.
func (c *collection) whyNot(ctx context.Context, id string) error {
	err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(bson.D{{Key: "version", Value: 1}})).Err()
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return store.ErrNotFound
	case err != nil:
		return refused(err)
	}
	return store.ErrConflict
}

// each calls do for 0 … n-1, some at a time.
func each(n int, do func(int)) {
	var wg sync.WaitGroup
	places := make(chan struct{}, together)
	for i := range n {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			do(i)
		})
	}
	wg.Wait()
}

func fill(errs []error, err error) {
	for i := range errs {
		errs[i] = err
	}
}
