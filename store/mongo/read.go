package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

// Get reads one record by its id.
func (d *DB) Get(ctx context.Context, coll, id string, p store.Part) (store.Record, error) {
	c, err := d.collection(coll)
	if err != nil {
		return store.Record{}, err
	}
	doc, err := c.docs.FindOne(ctx, byID(id), options.FindOne().SetProjection(projection(p, nil))).Raw()
	if err != nil {
		return store.Record{}, reading(ctx, err)
	}
	return record(doc, nil)
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// Find runs the finds of the query until it has enough.
func (d *DB) Find(ctx context.Context, coll string, q store.Query, each func(store.Record) error) error {
	c, err := d.collection(coll)
	if err != nil {
		return err
	}
	if err := c.CheckQuery(q); err != nil {
		return err
	}
	sels, err := selections(c.Collection, q)
	if err != nil {
		return err
	}
	left := q.Limit
	for _, s := range sels {
		n, err := c.run(ctx, s, q, left, each)
		if err != nil {
			return err
		}
		if q.Limit > 0 {
			if left -= n; left == 0 {
				break
			}
		}
	}
	return nil
}

// run runs one find and says how many records it had.
func (c *collection) run(ctx context.Context, s selection, q store.Query, limit int, each func(store.Record) error) (int, error) {
	cur, err := c.docs.Find(ctx, s.filter, options.Find().SetSort(s.sort).SetLimit(int64(limit)).SetProjection(projection(q.Parts, q.With)))
	if err != nil {
		return 0, reading(ctx, err)
	}
	defer cur.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the server ends a cursor by itself
	n := 0
	for ; cur.Next(ctx); n++ {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		r, err := record(cur.Current, q.With)
		if err != nil {
			return n, err
		}
		if err := each(r); err != nil {
			return n, err
		}
	}
	return n, reading(ctx, cur.Err())
}

// reading is the error of a read, told as the contract wants it.
func reading(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrNoDocuments):
		return store.ErrNotFound
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}

// Plan is how MongoDB runs a query: the stages of each of its finds with the
// index they use, and how many keys and documents they read for how many
// answers. For tests that hold queries to their indexes.
func (d *DB) Plan(ctx context.Context, coll string, q store.Query) ([]string, error) {
	c, err := d.collection(coll)
	if err != nil {
		return nil, err
	}
	if err := c.CheckQuery(q); err != nil {
		return nil, err
	}
	sels, err := selections(c.Collection, q)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range sels {
		find := bson.D{
			{Key: "find", Value: c.Name},
			{Key: "filter", Value: s.filter},
			{Key: "sort", Value: s.sort},
			{Key: "projection", Value: projection(q.Parts, q.With)},
			{Key: "limit", Value: int64(q.Limit)},
		}
		doc, err := d.db.RunCommand(ctx, bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "executionStats"}}).Raw()
		if err != nil {
			return nil, reading(ctx, err)
		}
		out = append(out, stages(doc.Lookup("queryPlanner", "winningPlan"))...)
		n := func(key string) int64 { v, _ := doc.Lookup("executionStats", key).AsInt64OK(); return v }
		out = append(out, fmt.Sprintf("%d keys, %d documents for %d", n("totalKeysExamined"), n("totalDocsExamined"), n("nReturned")))
	}
	return out, nil
}

// stages are the stages of a plan, outermost first.
func stages(plan bson.RawValue) []string {
	doc, ok := plan.DocumentOK()
	if !ok {
		return nil
	}
	var out []string
	if stage, ok := doc.Lookup("stage").StringValueOK(); ok {
		index, _ := doc.Lookup("indexName").StringValueOK()
		if index != "" {
			stage += " " + index
		}
		out = append(out, stage)
	}
	for _, key := range []string{"queryPlan", "inputStage"} {
		out = append(out, stages(doc.Lookup(key))...)
	}
	if inputs, ok := doc.Lookup("inputStages").ArrayOK(); ok {
		values, _ := inputs.Values()
		for _, v := range values {
			out = append(out, stages(v)...)
		}
	}
	return out
}
