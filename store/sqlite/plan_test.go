package sqlite_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/sqlite"
)

func open(t testing.TB) *sqlite.DB {
	t.Helper()
	d, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "data", "q.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func ensure(t testing.TB, d store.Backend, cs ...store.Collection) {
	t.Helper()
	for _, c := range cs {
		if err := d.Ensure(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
}

func planOf(t *testing.T, d *sqlite.DB, coll string, q store.Query) string {
	t.Helper()
	steps, err := d.Plan(context.Background(), coll, q)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// TestProductPlans holds every query of the product to the index it stands
// beside.
func TestProductPlans(t *testing.T) {
	d := open(t)
	ensure(t, d, app.Collections...)
	uses := map[string]string{"id": "(id", "keys": "field=? AND value=?", "opId": "f_opId=?", "slot": "f_slot>?"}
	for _, s := range app.Shapes() {
		plan := planOf(t, d, schemas.Talents, s.Query)
		if scans(plan) || !strings.Contains(plan, uses[s.Index]) {
			t.Errorf("%s is not served by %s: %s", s.Name, s.Index, plan)
		}
	}
}

// scans says that a plan reads a whole table or sorts.
func scans(plan string) bool {
	return strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "SEARCH")
}

// TestKeysetPlans holds pages after a cursor, in both directions and through
// absent values, to ranges of one index.
func TestKeysetPlans(t *testing.T) {
	d := open(t)
	ensure(t, d, store.Collection{
		Name:   "papers",
		Fields: []store.Field{{Name: "tier"}, {Name: "day"}, {Name: "rank"}, {Name: "tags", Array: true}},
		Indexes: []store.Index{
			{Fields: []string{"tier", "day"}},
			{Fields: []string{"day", "rank"}},
			{Fields: []string{"tags"}},
		},
	})
	tier := store.Eq{Field: "tier", Value: "a"}
	for name, q := range map[string]store.Query{
		"first page":          {Where: []store.Cond{tier}, Sort: []store.Order{{Field: "day", Desc: true}}},
		"after a day":         {Where: []store.Cond{tier}, Sort: []store.Order{{Field: "day"}}, After: []any{"2026", "x"}},
		"before a day":        {Where: []store.Cond{tier}, Sort: []store.Order{{Field: "day", Desc: true}}, After: []any{"2026", "x"}},
		"after an absent day": {Where: []store.Cond{tier}, Sort: []store.Order{{Field: "day"}}, After: []any{nil, "x"}},
		"the last, absent":    {Where: []store.Cond{tier}, Sort: []store.Order{{Field: "day", Desc: true}}, After: []any{nil, "x"}},
		"two sorts":           {Sort: []store.Order{{Field: "day"}, {Field: "rank"}}, After: []any{"2026", int64(4), "x"}},
		"two sorts downwards": {Sort: []store.Order{{Field: "day", Desc: true}, {Field: "rank", Desc: true}}, After: []any{"2026", int64(4), "x"}},
		"one tag":             {Where: []store.Cond{store.Has{Field: "tags", Values: []string{"x"}}}, Sort: []store.Order{{Field: "id", Desc: true}}, After: []any{"7"}},
		"three tags":          {Where: []store.Cond{store.Has{Field: "tags", Values: []string{"x", "y", "z"}}}},
		"a range of days":     {Where: []store.Cond{tier, store.Between{Field: "day", From: "2020", To: "2026"}}, Sort: []store.Order{{Field: "day"}}, After: []any{"2022", "x"}},
		"absent":              {Where: []store.Cond{tier, store.Exists{Field: "day", Absent: true}}},
	} {
		q.Limit = 20
		if plan := planOf(t, d, "papers", q); scans(plan) {
			t.Errorf("%s: %s", name, plan)
		}
	}
	// the control: what no index serves is seen
	if plan := planOf(t, d, "papers", store.Query{Sort: []store.Order{{Field: "rank"}}}); !scans(plan) {
		t.Errorf("a sort without an index: %s", plan)
	}
}
