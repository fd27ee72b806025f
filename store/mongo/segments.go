package mongo

import (
	"context"
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
// id, k: 0, 1, …, entries} of a collection beside. A segment is written first,
// then the document lets go of the entries and counts the segment. Whatever
// ends in between leaves a copy that nobody counts, and never a gap; the next
// move writes over it.

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

var pastIndex = mongo.IndexModel{
	Keys:    bson.D{{Key: "h", Value: 1}, {Key: "k", Value: 1}},
	Options: options.Index().SetName("by_h_k").SetUnique(true),
}

// segment is some of the oldest entries of a record.
type segment struct {
	ID      string          `bson:"_id"`
	Of      string          `bson:"h"`
	Number  int64           `bson:"k"`
	Entries []bson.RawValue `bson:"entries"`
}

// gone is the number of the mark that a deletion leaves until it has removed
// the segments.
const gone = -1

func segmentID(id string, k int64) string { return fmt.Sprintf("%s/h/%06d", id, k) }

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
	if version%shortenEvery == 0 || size > bigEntries {
		_ = c.shorten(ctx, r.ID, maxEntries)
	}
}

// shorten moves entries if there are more than limit of them, or too many
// bytes.
func (c *collection) shorten(ctx context.Context, id string, limit int64) error {
	var long struct {
		Past struct{ Entries, Bytes, Moved int64 } `bson:"past"`
	}
	err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(bson.D{{Key: "past", Value: 1}})).Decode(&long)
	if err != nil || long.Past.Entries <= limit && long.Past.Bytes <= maxBytes {
		return err
	}
	var doc struct {
		History []bson.RawValue `bson:"history"`
		Past    struct {
			Moved int64 `bson:"moved"`
		} `bson:"past"`
	}
	err = c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(bson.D{{Key: "history", Value: 1}, {Key: "past.moved", Value: 1}})).Decode(&doc)
	if err != nil {
		return err
	}
	old, size := oldest(doc.History)
	if len(old) == 0 {
		return nil
	}
	k := doc.Past.Moved
	for rest := old; len(rest) > 0; k++ {
		n := fitting(rest)
		s := segment{ID: segmentID(id, k), Of: id, Number: k, Entries: rest[:n]}
		if _, err := c.past.ReplaceOne(ctx, byID(s.ID), s, options.Replace().SetUpsert(true)); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return c.letGo(ctx, id, doc.Past.Moved, k, len(old), size)
}

// letGo drops the first n entries of the document, which segments up to moved
// hold now, unless another has done so.
func (c *collection) letGo(ctx context.Context, id string, was, moved int64, n, size int) error {
	minus := func(path string, n int) bson.D {
		return bson.D{{Key: "$subtract", Value: bson.A{path, int64(n)}}}
	}
	const all = 1 << 30
	_, err := c.docs.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "past.moved", Value: was}},
		mongo.Pipeline{{{Key: "$set", Value: bson.D{
			{Key: "history", Value: bson.D{{Key: "$slice", Value: bson.A{"$history", n, all}}}},
			{Key: "past.entries", Value: minus("$past.entries", n)},
			{Key: "past.bytes", Value: minus("$past.bytes", size)},
			{Key: "past.moved", Value: moved},
		}}}})
	return err
}

// oldest are the entries that may go: all but the last keepEntries, fewer
// where those are big, and how many bytes they are.
func oldest(history []bson.RawValue) (old []bson.RawValue, size int) {
	kept, n := 0, len(history)
	for n > 0 && len(history)-n < keepEntries && kept+len(history[n-1].Value) <= keepBytes {
		n--
		kept += len(history[n].Value)
	}
	n = min(n, len(history)-1) // one stays, for whoever looks for it
	for _, e := range history[:max(n, 0)] {
		size += len(e.Value)
	}
	return history[:max(n, 0)], size
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

// segments are the entries of the segments that a document counts.
func (c *collection) segments(ctx context.Context, id string, moved int64) ([]json.RawMessage, error) {
	filter := bson.D{{Key: "h", Value: id}, {Key: "k", Value: bson.D{{Key: "$gte", Value: 0}, {Key: "$lt", Value: moved}}}}
	cur, err := c.past.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "k", Value: 1}}))
	if err != nil {
		return nil, reading(ctx, err)
	}
	defer cur.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the server ends a cursor by itself
	var out []json.RawMessage
	for cur.Next(ctx) {
		entries, err := texts(cur.Current.Lookup("entries"))
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, reading(ctx, cur.Err())
}

// deleting runs remove between a mark and the end of the segments, so that a
// crash leaves no entries of a record that is gone.
func (c *collection) deleting(ctx context.Context, id string, version int64, remove func() error) error {
	if !c.History {
		return remove()
	}
	doc, err := c.docs.FindOne(ctx, at(id, version), options.FindOne().SetProjection(bson.D{{Key: "past.moved", Value: 1}})).Raw()
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return reading(ctx, err)
	}
	if moved, _ := doc.Lookup("past", "moved").AsInt64OK(); err != nil || moved == 0 {
		return remove()
	}
	mark := segment{ID: segmentID(id, gone), Of: id, Number: gone}
	if _, err := c.past.ReplaceOne(ctx, byID(mark.ID), mark, options.Replace().SetUpsert(true)); err != nil {
		return reading(ctx, err)
	}
	if err := remove(); err != nil {
		return err
	}
	// what is left, if anything, goes when the collection is declared again
	_, _ = c.past.DeleteMany(ctx, bson.D{{Key: "h", Value: id}})
	return nil
}

// finishDeletions removes the segments of records whose deletion was
// interrupted.
func (c *collection) finishDeletions(ctx context.Context) error {
	cur, err := c.past.Find(ctx, bson.D{{Key: "k", Value: gone}})
	if err != nil {
		return err
	}
	var marks []segment
	if err := cur.All(ctx, &marks); err != nil {
		return err
	}
	for _, m := range marks {
		filter := bson.D{{Key: "h", Value: m.Of}}
		err := c.docs.FindOne(ctx, byID(m.Of)).Err()
		if err == nil {
			filter = byID(m.ID) // the deletion did not happen
		} else if !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		if _, err := c.past.DeleteMany(ctx, filter); err != nil {
			return err
		}
	}
	return nil
}
