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
// many, and bulk how many documents one command carries.
const (
	together = 16
	bulk     = 1000
)

// writer is the collection for a write of these records, and a context that
// ends with the lease.
func (d *DB) writer(ctx context.Context, coll string, rs ...store.Record) (*collection, context.Context, context.CancelFunc, error) {
	c, err := d.collection(coll)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := d.writable(ctx); err != nil {
		return nil, nil, nil, err
	}
	for _, r := range rs {
		if err := c.CheckRecord(r); err != nil {
			return nil, nil, nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
	}
	ctx, cancel := d.lease.within(ctx)
	return c, ctx, cancel, nil
}

// Insert adds one document.
func (d *DB) Insert(ctx context.Context, coll string, r store.Record) error {
	c, ctx, cancel, err := d.writer(ctx, coll, r)
	if err != nil {
		return err
	}
	defer cancel()
	doc, err := c.document(r)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	_, err = c.docs.InsertOne(ctx, doc)
	if err = writing(err); errors.Is(err, store.ErrUnknown) {
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
	c, ctx, cancel, err := d.writer(ctx, coll)
	if err != nil {
		fill(errs, err)
		return
	}
	defer cancel()
	var docs []bson.Raw
	var at []int // of each document in rs
	for i, r := range rs {
		err := c.CheckRecord(r)
		var doc bson.Raw
		if err == nil {
			doc, err = c.document(r)
		}
		if err != nil {
			errs[i] = fmt.Errorf("%w: %w", store.ErrUnavailable, err)
			continue
		}
		docs, at = append(docs, doc), append(at, i)
	}
	if len(docs) == 0 {
		return
	}
	_, err = c.docs.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	var be mongo.BulkWriteException
	if errors.As(err, &be) {
		for _, we := range be.WriteErrors {
			errs[at[we.Index]] = writeError(we.Code, we)
		}
		if be.WriteConcernError == nil {
			return
		}
	}
	if err = writing(err); err == nil {
		return
	}
	each(len(docs), func(k int) {
		i := at[k]
		if errs[i] != nil {
			return
		}
		if errs[i] = err; errors.Is(err, store.ErrUnknown) {
			errs[i] = c.inserted(ctx, rs[i], docs[k], err)
		}
	})
}

// Update stores a new state and appends the entries, if the version is still
// the same.
func (d *DB) Update(ctx context.Context, coll string, version int64, r store.Record) error {
	c, ctx, cancel, err := d.writer(ctx, coll, r)
	if err != nil {
		return err
	}
	defer cancel()
	change, err := c.update(r, version+1)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	res, err := c.docs.UpdateOne(ctx, at(r.ID, version), change)
	if hasCode(err, tooLarges...) && len(r.Entries) > 0 {
		if err := c.shorten(ctx, r.ID, 0); err != nil {
			return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
		res, err = c.docs.UpdateOne(ctx, at(r.ID, version), change)
	}
	switch err = writing(err); {
	case errors.Is(err, store.ErrUnknown):
		return c.updated(ctx, r, version, change, err)
	case err != nil:
		return err
	case res.MatchedCount == 0:
		return c.whyNot(ctx, r.ID)
	}
	c.mayShorten(ctx, r, version+1)
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
	c, ctx, cancel, err := d.writer(ctx, coll, rs...)
	if err != nil {
		return err
	}
	defer cancel()
	models := make([]mongo.WriteModel, len(rs))
	for i, r := range rs {
		set, err := c.update(store.Record{ID: r.ID, Body: r.Body, Cards: r.Cards, Codes: r.Codes, Fields: r.Fields}, max(r.Version, 1))
		if err != nil {
			return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
		models[i] = mongo.NewUpdateOneModel().SetFilter(byID(r.ID)).SetUpdate(set).SetUpsert(true)
	}
	put := func() error {
		_, err := c.docs.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		var be mongo.BulkWriteException
		if errors.As(err, &be) && len(be.WriteErrors) > 0 {
			return writeError(be.WriteErrors[0].Code, be.WriteErrors[0])
		}
		return writing(err)
	}
	if err = put(); errors.Is(err, store.ErrUnknown) && ctx.Err() == nil {
		err = put()
	}
	return err
}

// Delete removes a document and what was moved out of its history.
func (d *DB) Delete(ctx context.Context, coll, id string, version int64) error {
	c, ctx, cancel, err := d.writer(ctx, coll)
	if err != nil {
		return err
	}
	defer cancel()
	return c.deleting(ctx, id, version, func() error {
		res, err := c.docs.DeleteOne(ctx, at(id, version))
		switch err = writing(err); {
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
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
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
