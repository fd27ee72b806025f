package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store"
)

// facetBar is the bar of the facets at a size.
func facetBar(n int) float64 {
	if n > usual {
		return 15
	}
	return 5
}

// eight are the facets that a list is asked for.
var eight = []string{"tier", "stage", "industry", "region", "track", "mode", "rank", "channel"}

// facets measures facets without a network.
func (b *bench) facets(ctx context.Context, c *city) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	var p50, p99 []float64
	err := b.profiled("facets", func() error {
		for range 3 * b.rounds {
			var t times
			for i := range c.ask.Filters {
				took, err := timed(func() error { return c.count(ctx, &c.ask.Filters[i]) })
				if err != nil {
					return fmt.Errorf("filter %d: %w", i, err)
				}
				t = append(t, took)
			}
			p50, p99 = append(p50, t.at(0.5)), append(p99, t.at(0.99))
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.figure("8 facets over 200 filter sets, in process, p50", median(p50), "ms", "–")
	b.most("8 facets over 200 filter sets, in process, p99", median(p99), "ms", facetBar(c.n))
	return nil
}

// count asks for the facets of a filter set, and for one card.
func (c *city) count(ctx context.Context, f *sample.Filter) error {
	l, err := c.app.ListTalents(scoped(ctx, f.Region), listQuery(f))
	if err == nil && len(l.Facets) != len(eight) {
		err = fmt.Errorf("%d facets of %d", len(l.Facets), len(eight))
	}
	return err
}

// scoped is an officer who sees one county, or all of them for "".
func scoped(ctx context.Context, region string) context.Context {
	u := &schemas.User{UserFields: schemas.UserFields{Name: "bench", Roles: []schemas.Role{schemas.Officer}}}
	if region != "" {
		u.Regions = []string{region}
	}
	return app.WithActor(ctx, app.Actor{User: u})
}

func listQuery(f *sample.Filter) app.ListQuery {
	q := app.ListQuery{Q: f.Text, Where: map[string][]string{}, Ranges: map[string]app.Range{}, Facets: eight, Limit: 1, On: schemas.Staff}
	for _, code := range f.Codes {
		q.Where[code.Field] = append(q.Where[code.Field], code.Code)
	}
	if r := f.Custom; r != nil {
		q.Ranges["attributes."+r.Key] = app.Range{From: plain(r.Min), To: plain(r.Max)}
	}
	return q
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// page reads ready cards from the store, as a list cannot avoid to.
func (c *city) page(ctx context.Context, ids []string) (time.Duration, error) {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	n := 0
	took, err := timed(func() error {
		return c.store.Find(ctx, schemas.Talents, store.Query{Where: []store.Cond{store.In{Field: "id", Values: values}}, Parts: store.StaffCard}, func(store.Record) error { n++; return nil })
	})
	if err == nil && n != len(ids) {
		err = fmt.Errorf("%d cards of %d", n, len(ids))
	}
	return took, err
}
