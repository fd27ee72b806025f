package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

// Raw drains the finds of a query and reads nothing of what they bring: what
// the query costs at least, for benchmarks. It returns how many came.
func (d *DB) Raw(ctx context.Context, coll string, q store.Query) (int, error) {
	c, err := d.collection(coll)
	if err != nil {
		return 0, err
	}
	sels, err := selections(c.Collection, q)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range sels {
		cur, err := c.docs.Find(ctx, s.filter, options.Find().SetSort(s.sort).SetLimit(int64(q.Limit)).SetProjection(projection(q.Parts, q.With)))
		if err != nil {
			return n, reading(ctx, err)
		}
		for cur.Next(ctx) {
			n++
		}
		if err := errors.Join(cur.Err(), cur.Close(ctx)); err != nil {
			return n, reading(ctx, err)
		}
	}
	return n, nil
}

// Drop removes a database that nobody serves, with all that is in it: for
// benchmarks, which leave nothing behind.
func Drop(ctx context.Context, uri, database string) error {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	return errors.Join(client.Database(database).Drop(ctx), client.Disconnect(ctx))
}
