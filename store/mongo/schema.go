package mongo

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

// Ensure makes the indexes of a collection, drops those that are declared no
// more, and finishes deletions that a crash has interrupted.
func (d *DB) Ensure(ctx context.Context, sc store.Collection) error {
	if err := sc.Check(); err != nil {
		return err
	}
	end, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	c := &collection{Collection: sc, db: d, docs: d.db.Collection(sc.Name), past: d.db.Collection(sc.Name + ".history"), sure: d.sure.Collection(sc.Name)}
	models := make([]mongo.IndexModel, 0, len(c.Indexes))
	for _, ix := range c.Indexes {
		models = append(models, c.index(ix))
	}
	err = ensureIndexes(ctx, c.docs, models) // may take longer than the lease, and no harm
	if err == nil && c.History {
		err = ensureIndexes(ctx, c.past, []mongo.IndexModel{pastIndex})
	}
	if err == nil && c.History {
		within, cancel := d.lease.within(ctx)
		err = c.finishDeletions(within)
		cancel()
	}
	if err != nil {
		return fmt.Errorf("mongo: ensure %s: %w", c.Name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.collections[c.Name] = c
	return nil
}

// index is a declared index. A unique one leaves out the documents that lack a
// field: MongoDB would take two absent values for the same.
func (c *collection) index(ix store.Index) mongo.IndexModel {
	keys, present := bson.D{}, bson.D{}
	for _, f := range ix.Fields {
		keys = append(keys, bson.E{Key: path(f), Value: 1})
		present = append(present, bson.E{Key: path(f), Value: bson.D{{Key: "$exists", Value: true}}})
	}
	name := strings.Join(ix.Fields, "_")
	if ix.Unique {
		return mongo.IndexModel{Keys: keys, Options: options.Index().SetName("one_" + name).SetUnique(true).SetPartialFilterExpression(present)}
	}
	for _, f := range c.Fields {
		if f.Array && f.Name == ix.Fields[0] { // newest first
			return mongo.IndexModel{Keys: append(keys, bson.E{Key: "_id", Value: -1}), Options: options.Index().SetName("has_" + name)}
		}
	}
	return mongo.IndexModel{Keys: append(keys, bson.E{Key: "_id", Value: 1}), Options: options.Index().SetName("by_" + name)}
}

// ensureIndexes brings the indexes of a collection to what is wanted. The name
// of an index says all that it is.
func ensureIndexes(ctx context.Context, docs *mongo.Collection, models []mongo.IndexModel) error {
	wanted := map[string]bool{"_id_": true}
	for _, m := range models {
		name, err := nameOf(m)
		if err != nil {
			return err
		}
		wanted[name] = true
	}
	old, err := docs.Indexes().ListSpecifications(ctx)
	if err != nil && !hasCode(err, codeNamespaceNotFound) {
		return err
	}
	for _, ix := range old {
		if !wanted[ix.Name] {
			if err := docs.Indexes().DropOne(ctx, ix.Name); err != nil {
				return err
			}
		}
	}
	if len(models) == 0 {
		return nil
	}
	_, err = docs.Indexes().CreateMany(ctx, models)
	return err
}

func nameOf(m mongo.IndexModel) (string, error) {
	var o options.IndexOptions
	for _, set := range m.Options.List() {
		if err := set(&o); err != nil {
			return "", err
		}
	}
	return *o.Name, nil
}
