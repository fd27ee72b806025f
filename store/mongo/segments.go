package mongo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

// A document must stay below 16 MB, and an edit of a long history takes long.
// So the oldest entries move into segments: documents {_id, h: the record's
// id, entries} of a collection beside, whose ids stand in the document. A
// segment is written first and never again, then the document lets go of the
// entries and names the segment. Whatever ends in between leaves a copy that
// nobody names, and never a gap.

const (
	maxEntries   = 500
	maxBytes     = 1 << 20
	keepEntries  = 100
	keepBytes    = 256 << 10
	segmentBytes = 4 << 20
	// shortenEvery is how many versions pass between two looks at the length
	// of a history; a write of bigEntries looks at once.
	shortenEvery = 64
	bigEntries   = 64 << 10
)

// pastIndex finds all segments of a record.
var pastIndex = mongo.IndexModel{Keys: bson.D{{Key: "h", Value: 1}}, Options: options.Index().SetName("by_h")}

// segment is some of the oldest entries of a record.
type segment struct {
	ID      string          `bson:"_id"`
	Of      string          `bson:"h"`
	Entries []bson.RawValue `bson:"entries"`
}

// segmentID is the id of a record's segment k. Those of one record sort by k;
// no two attempts at the same k have the same.
func segmentID(id string, k int) string { return fmt.Sprintf("+%s/%06d/%s", id, k, rand.Text()[:8]) }

// markID is the id of the mark that a deletion leaves until it has removed the
// segments. The marks of all records stand together, below marksEnd.
func markID(id string) string { return marks + id }

const (
	marks    = "-"
	marksEnd = "."
)

// past is what a document says of its history.
type past struct {
	Entries  int64    `bson:"entries"`
	Bytes    int64    `bson:"bytes"`
	Segments []string `bson:"segments"`
}

// counted is a document read for that alone, aged one read with its history.
type counted struct {
	Past past `bson:"past"`
}

type aged struct {
	Past    past            `bson:"past"`
	History []bson.RawValue `bson:"history"`
}

// mayShorten looks from time to time whether a history has become long. That
// it could not be shortened is no fault of the write: a later one tries again.
func (c *collection) mayShorten(ctx context.Context, r store.Record, version int64) {
	if !c.History {
		return
	}
	size := 0
	for _, e := range r.Entries {
		size += len(e)
	}
	if version/shortenEvery > (version-r.Grows())/shortenEvery || size > bigEntries {
		_ = c.shorten(ctx, r.ID, maxEntries)
	}
}

// shorten moves entries if there are more than limit of them, or too many
// bytes.
func (c *collection) shorten(ctx context.Context, id string, limit int64) error {
	var long counted
	err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(bson.D{{Key: "past", Value: 1}})).Decode(&long)
	if err != nil || long.Past.Entries <= limit && long.Past.Bytes <= maxBytes {
		return err
	}
	var doc aged
	p := bson.D{{Key: "history", Value: 1}, {Key: "past", Value: 1}}
	if err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(p)).Decode(&doc); err != nil {
		return err
	}
	old := oldest(doc.History)
	if len(old) == 0 {
		return nil
	}
	ids, err := c.spill(ctx, id, len(doc.Past.Segments), old)
	if err != nil {
		return err
	}
	went, err := c.letGo(ctx, id, len(doc.Past.Segments), ids, old)
	if err == nil && !went {
		c.drop(ctx, ids)
	}
	return err
}

// spill writes entries as segments from number k on.
func (c *collection) spill(ctx context.Context, id string, k int, entries []bson.RawValue) ([]string, error) {
	var ids []string
	for len(entries) > 0 {
		n := fitting(entries)
		s := segment{ID: segmentID(id, k+len(ids)), Of: id, Entries: entries[:n]}
		if _, err := c.past.InsertOne(ctx, s); err != nil {
			c.drop(ctx, ids)
			return nil, err
		}
		ids, entries = append(ids, s.ID), entries[n:]
	}
	return ids, nil
}

// drop removes segments that no document names, as well as it can: what stays
// goes with the record.
func (c *collection) drop(ctx context.Context, ids []string) {
	if len(ids) > 0 {
		_, _ = c.past.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	}
}

// letGo drops the oldest entries of a document, which the segments of ids hold
// now, unless another has moved some since the document named n segments.
func (c *collection) letGo(ctx context.Context, id string, n int, ids []string, old []bson.RawValue) (bool, error) {
	res, err := c.docs.UpdateOne(ctx, bson.D{
		{Key: "_id", Value: id},
		{Key: fmt.Sprintf("past.segments.%d", n), Value: bson.D{{Key: "$exists", Value: false}}},
	}, lettingGo(ids, old))
	if err != nil {
		return false, err
	}
	return res.MatchedCount == 1, nil
}

func lettingGo(ids []string, old []bson.RawValue) mongo.Pipeline {
	minus := func(path string, n int64) bson.D {
		return bson.D{{Key: "$subtract", Value: bson.A{path, n}}}
	}
	named := bson.D{{Key: "$ifNull", Value: bson.A{"$past.segments", bson.A{}}}}
	const all = 1 << 30
	return mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "history", Value: bson.D{{Key: "$slice", Value: bson.A{"$history", len(old), all}}}},
		{Key: "past.entries", Value: minus("$past.entries", int64(len(old)))},
		{Key: "past.bytes", Value: minus("$past.bytes", sizeOf(old))},
		{Key: "past.segments", Value: bson.D{{Key: "$concatArrays", Value: bson.A{named, bson.D{{Key: "$literal", Value: ids}}}}}},
	}}}}
}

// oldest are the entries that may go: all but the last keepEntries, fewer
// where those are big. One stays, for whoever looks for it.
func oldest(history []bson.RawValue) []bson.RawValue {
	kept, n := 0, len(history)
	for n > 0 && len(history)-n < keepEntries && kept+len(history[n-1].Value) <= keepBytes {
		n--
		kept += len(history[n].Value)
	}
	return history[:max(min(n, len(history)-1), 0)]
}

// fitting is how many entries make one segment.
func fitting(entries []bson.RawValue) int {
	size := 0
	for i, e := range entries {
		if size += len(e.Value); size > segmentBytes && i > 0 {
			return i
		}
	}
	return len(entries)
}

// segments are the entries of the segments that a document names.
func (c *collection) segments(ctx context.Context, doc bson.Raw) ([]bson.RawValue, error) {
	named, err := valuesOf(doc.Lookup("past", "segments"))
	if err != nil || len(named) == 0 {
		return nil, err
	}
	cur, err := c.past.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: named}}}}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, reading(ctx, err)
	}
	var found []segment
	if err := cur.All(ctx, &found); err != nil {
		return nil, reading(ctx, err)
	}
	if len(found) != len(named) {
		return nil, fmt.Errorf("mongo: %s: %d of %d segments of a history", c.Name, len(found), len(named))
	}
	var out []bson.RawValue
	for _, s := range found {
		out = append(out, s.Entries...)
	}
	return out, nil
}

// History reads the entries of a record: those of its segments, then those
// that stand with it.
func (d *DB) History(ctx context.Context, coll, id string) ([]json.RawMessage, error) {
	c, err := d.collection(coll)
	if err != nil || !c.History {
		return nil, err
	}
	entries, err := c.history(ctx, id)
	if err != nil {
		return nil, err
	}
	return texts(entries)
}

func (c *collection) history(ctx context.Context, id string) ([]bson.RawValue, error) {
	p := bson.D{{Key: "history", Value: 1}, {Key: "past.segments", Value: 1}}
	doc, err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(p)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	} else if err != nil {
		return nil, reading(ctx, err)
	}
	moved, err := c.segments(ctx, doc)
	if err != nil {
		if errors.Is(c.docs.FindOne(ctx, byID(id)).Err(), mongo.ErrNoDocuments) {
			return nil, nil // deleted meanwhile, with its segments
		}
		return nil, err
	}
	standing, err := valuesOf(doc.Lookup("history"))
	return append(moved, standing...), err
}

// deleting runs remove between a mark and the end of the segments, so that a
// crash leaves no entries of a record that is gone.
func (c *collection) deleting(ctx context.Context, id string, version int64, remove func() error) error {
	if !c.History {
		return remove()
	}
	var doc counted
	err := c.docs.FindOne(ctx, at(id, version), options.FindOne().SetProjection(bson.D{{Key: "past", Value: 1}})).Decode(&doc)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return refused(err)
	}
	if len(doc.Past.Segments) > 0 {
		mark := segment{ID: markID(id), Of: id}
		if _, err := c.past.ReplaceOne(ctx, byID(mark.ID), mark, options.Replace().SetUpsert(true)); err != nil {
			return refused(err)
		}
	}
	if err := remove(); err != nil {
		return err
	}
	// what is left, if anything, goes when the collection is declared again
	_, _ = c.past.DeleteMany(ctx, bson.D{{Key: "h", Value: id}})
	return nil
}

// finishDeletions removes the marks of deletions that were interrupted, and
// the segments that no document names.
func (c *collection) finishDeletions(ctx context.Context) error {
	cur, err := c.past.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: marks}, {Key: "$lt", Value: marksEnd}}}})
	if err != nil {
		return err
	}
	var found []segment
	if err := cur.All(ctx, &found); err != nil {
		return err
	}
	for _, mark := range found {
		var doc counted
		err := c.docs.FindOne(ctx, byID(mark.Of), options.FindOne().SetProjection(bson.D{{Key: "past", Value: 1}})).Decode(&doc)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		named := append([]string{}, doc.Past.Segments...)
		if _, err := c.past.DeleteMany(ctx, bson.D{
			{Key: "h", Value: mark.Of},
			{Key: "_id", Value: bson.D{{Key: "$nin", Value: named}}},
		}); err != nil {
			return err
		}
	}
	return nil
}
