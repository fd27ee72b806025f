package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/store/mongo"
)

// mongo holds the queries of the product against the plans of a MongoDB, where
// one is named.
func (b *bench) mongo(ctx context.Context, _ *city) error {
	const name, unit, bar = "MongoDB: query shapes that scan a collection or sort in memory", "shapes", "≤ 0"
	uri := os.Getenv("TEST_MONGO_URI")
	if uri == "" {
		b.missing(name, unit, bar, "TEST_MONGO_URI names none")
		return nil
	}
	db, _, err := mongo.Open(ctx, uri, mongo.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p, ok := any(db).(planner)
	if !ok {
		b.missing(name, unit, bar, "the adapter shows no plans")
		return nil
	}
	bad, asked := 0, 0
	for _, shape := range app.Shapes() {
		lines, err := p.Plan(ctx, schemas.Talents, shape.Query)
		if err != nil {
			return fmt.Errorf("%s: %w", shape.Name, err)
		}
		asked++
		if why := slow(lines); why != "" {
			bad++
			b.say("%s: %s", shape.Name, why)
		}
	}
	b.most(fmt.Sprintf("%s, of %d", name, asked), float64(bad), unit, 0)
	return nil
}
