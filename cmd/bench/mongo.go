package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/mongo"
)

// The database of a MongoDB that a run fills and drops, and how many talents it
// puts there.
const (
	mongoDatabase = "qunxian_bench"
	mongoTalents  = 5000
)

// mongo holds the queries of the product against the plans of a MongoDB and
// against the same finds of the bare driver, where one is named.
func (b *bench) mongo(ctx context.Context, c *city) (err error) {
	const plans, ratio = "MongoDB: queries that scan a collection, sort in memory or read too many documents", "MongoDB: a query ÷ the same raw find, drained, p50, the slower of two"
	uri := os.Getenv("TEST_MONGO_URI")
	if uri == "" {
		b.missing(plans, planUnit, planBar, "TEST_MONGO_URI names none")
		b.missing(ratio, "×", "≤ 3", "TEST_MONGO_URI names none")
		return nil
	}
	defer func() { err = errors.Join(err, mongo.Drop(context.WithoutCancel(ctx), uri, mongoDatabase)) }()
	if err := mongo.Drop(ctx, uri, mongoDatabase); err != nil {
		return err
	}
	db, _, err := mongo.Open(ctx, uri, mongo.Options{Database: mongoDatabase})
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "qunxian-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	a, err := app.Open(ctx, app.Config{Store: db, Keyring: filepath.Join(folder, "keyring.json")})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.FillSample(app.WithActor(ctx, app.Actor{Local: true}), sample.Bench(seed, c.options.Today, mongoTalents)); err != nil {
		return err
	}
	if err := b.plans(ctx, plans, db); err != nil {
		return err
	}
	v, err := b.besideRaw(ctx, db)
	if err == nil {
		b.most(ratio, v, "×", 3)
	}
	return err
}

// besideRaw measures a page of cards and a part of the whole, each beside the
// same find of the driver alone, and returns the greater ratio.
func (b *bench) besideRaw(ctx context.Context, db *mongo.DB) (float64, error) {
	var ids []any
	all := store.Query{Where: []store.Cond{store.Between{Field: "id", From: ""}}, Sort: []store.Order{{Field: "id"}}, Limit: 2000, Parts: store.Codes}
	if err := db.Find(ctx, schemas.Talents, all, func(r store.Record) error { ids = append(ids, r.ID); return nil }); err != nil {
		return 0, err
	}
	if len(ids) < 40 {
		return 0, fmt.Errorf("only %d talents", len(ids))
	}
	page := store.Query{Where: []store.Cond{store.In{Field: "id", Values: ids[20:40]}}, Parts: store.StaffCard}
	worst := 0.0
	for _, query := range []store.Query{page, all} {
		var ours, theirs times
		for range 30 * b.rounds {
			n, m := 0, 0
			took, err := timed(func() error {
				return db.Find(ctx, schemas.Talents, query, func(store.Record) error { n++; return nil })
			})
			if err != nil {
				return 0, err
			}
			ours = append(ours, took)
			took, err = timed(func() (err error) {
				m, err = db.Raw(ctx, schemas.Talents, query)
				return err
			})
			if err != nil {
				return 0, err
			}
			if theirs = append(theirs, took); n != m || n == 0 {
				return 0, fmt.Errorf("%d records, and %d by the raw find", n, m)
			}
		}
		worst = max(worst, ours.at(0.5)/theirs.at(0.5))
	}
	return worst, nil
}
