package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qunxian/app"
	"qunxian/store"
)

// planner is a database that says how it would run a query.
type planner interface {
	Plan(ctx context.Context, coll string, q store.Query) ([]string, error)
}

const (
	planUnit = "queries"
	planBar  = "≤ 0"
)

// shapes holds every query of the product against SQLite's plans.
func (b *bench) shapes(ctx context.Context, c *city) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return b.plans(ctx, "SQLite: queries that scan a table, sort in a temporary tree or read too many rows", c.store)
}

// plans asks a database how it runs each shape on each collection that can be
// asked so, and counts the bad ones.
func (b *bench) plans(ctx context.Context, name string, db store.Backend) error {
	p, ok := db.(planner)
	if !ok {
		b.missing(name, planUnit, planBar, "the adapter shows no plans")
		return nil
	}
	bad, asked := 0, 0
	for _, shape := range app.Shapes() {
		for _, c := range app.Collections {
			if !declares(c, shape.Index) {
				continue
			}
			steps, err := p.Plan(ctx, c.Name, shape.Query)
			if err != nil {
				return fmt.Errorf("%s of %s: %w", shape.Name, c.Name, err)
			}
			asked++
			if step := badStep(steps); step != "" {
				bad++
				b.say("%s of %s: %s", shape.Name, c.Name, step)
			}
		}
	}
	b.most(fmt.Sprintf("%s, of %d", name, asked), float64(bad), planUnit, 0)
	return nil
}

func declares(c store.Collection, field string) bool {
	return field == "id" || slices.ContainsFunc(c.Fields, func(f store.Field) bool { return f.Name == field })
}

// badStep is the step of a plan that reads or sorts more than it should, or "".
func badStep(plan []string) string {
	for _, step := range plan {
		for word := range strings.FieldsSeq(step) {
			if word == "SCAN" || word == "COLLSCAN" || word == "SORT" {
				return step
			}
		}
		if strings.Contains(step, "TEMP B-TREE") {
			return step
		}
		var keys, read, returned int
		if n, _ := fmt.Sscanf(step, "%d keys, %d documents for %d", &keys, &read, &returned); n == 3 && read > 3*returned+100 {
			return step
		}
	}
	return ""
}
