package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"qunxian/store"
)

// model answers queries by reading every record: what a database must answer.
type model map[string]store.Fields

// find is the whole answer, whatever the limit.
func (m model) find(q store.Query) []string {
	var out []string
	for id, f := range m {
		if holds(id, f, q.Where) && (q.After == nil || m.compare(m.key(id, q), q.After, q) > 0) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return m.compare(m.key(a, q), m.key(b, q), q) })
	return out
}

// key is what a cursor holds of a record.
func (m model) key(id string, q store.Query) []any {
	fields, _ := q.Order()
	var k []any
	for _, f := range fields {
		k = append(k, m[id][f])
	}
	return append(k, id)
}

func (m model) compare(a, b []any, q store.Query) int {
	_, desc := q.Order()
	for i := range a {
		if c := compare(a[i], b[i]); c != 0 {
			if desc {
				return -c
			}
			return c
		}
	}
	return 0
}

func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case bool:
		return cmp.Compare(truth(a), truth(b.(bool)))
	}
	return cmp.Compare(number(a), number(b))
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func number(v any) float64 {
	if f, ok := v.(float64); ok {
		return f
	}
	return float64(v.(int64))
}

func holds(id string, f store.Fields, conds []store.Cond) bool {
	for _, c := range conds {
		if !one(id, f, c) {
			return false
		}
	}
	return true
}

func one(id string, f store.Fields, c store.Cond) bool {
	value := func(field string) any {
		if field == "id" {
			return id
		}
		return f[field]
	}
	switch c := c.(type) {
	case store.Eq:
		return value(c.Field) != nil && compare(value(c.Field), c.Value) == 0
	case store.In:
		return slices.ContainsFunc(c.Values, func(v any) bool { return value(c.Field) != nil && compare(value(c.Field), v) == 0 })
	case store.Has:
		list, _ := f[c.Field].([]string)
		return !slices.ContainsFunc(c.Values, func(v string) bool { return !slices.Contains(list, v) })
	case store.Between:
		v := value(c.Field)
		return v != nil && (c.From == nil || compare(v, c.From) >= 0) && (c.To == nil || compare(v, c.To) <= 0)
	case store.Exists:
		list, isList := value(c.Field).([]string)
		return (value(c.Field) == nil || isList && len(list) == 0) == c.Absent
	}
	return false
}

// generator makes records and queries that meet often: few values, many ties,
// many absent.
type generator struct{ *rand.Rand }

func (g generator) value(field string) any {
	switch field {
	case "rank":
		if g.IntN(2) == 0 {
			return int64(g.IntN(6))
		}
		return float64(g.IntN(12)) / 2
	case "done":
		return g.IntN(2) == 0
	}
	return fmt.Sprintf("名%d", g.IntN(6))
}

func (g generator) list() []string {
	var out []string
	for i := range 4 {
		if g.IntN(2) == 0 {
			out = append(out, fmt.Sprintf("t%d", i))
		}
	}
	return out
}

var scalars = []string{"name", "rank", "done", "group"}

func (g generator) fields() store.Fields {
	f := store.Fields{}
	for _, name := range scalars {
		if g.IntN(4) > 0 {
			f[name] = g.value(name)
		}
	}
	for _, name := range []string{"tags", "words"} {
		if list := g.list(); len(list) > 0 {
			f[name] = list
		}
	}
	return f
}

func (g generator) cond(n int) store.Cond {
	field := scalars[g.IntN(len(scalars))]
	switch g.IntN(7) {
	case 0:
		return store.Eq{Field: field, Value: g.value(field)}
	case 1:
		in := store.In{Field: field}
		for range 1 + g.IntN(4) {
			in.Values = append(in.Values, g.value(field))
		}
		return in
	case 2:
		return store.Has{Field: []string{"tags", "words"}[g.IntN(2)], Values: g.list()}
	case 3:
		b := store.Between{Field: field}
		if g.IntN(3) > 0 {
			b.From = g.value(field)
		}
		if g.IntN(3) > 0 {
			b.To = g.value(field)
		}
		return b
	case 4:
		return store.Exists{Field: append(scalars, "tags")[g.IntN(5)], Absent: g.IntN(2) == 0}
	case 5:
		return store.Between{Field: "id", From: fmt.Sprintf("r%03d", g.IntN(n)), To: fmt.Sprintf("r%03d", g.IntN(n))}
	}
	in := store.In{Field: "id"}
	for range 1 + g.IntN(40) {
		in.Values = append(in.Values, fmt.Sprintf("r%03d", g.IntN(n)))
	}
	return in
}

func (g generator) query(n int) store.Query {
	var q store.Query
	for range g.IntN(3) {
		q.Where = append(q.Where, g.cond(n))
	}
	desc := g.IntN(2) == 0
	for _, i := range g.Perm(len(scalars))[:g.IntN(3)] {
		q.Sort = append(q.Sort, store.Order{Field: scalars[i], Desc: desc})
	}
	if len(q.Sort) == 0 && desc || g.IntN(4) == 0 {
		q.Sort = append(q.Sort, store.Order{Field: "id", Desc: desc})
	}
	q.Limit = g.IntN(30)
	return q
}

// likeTheModel asks thousands of questions, page by page, while records are
// changed and removed, and compares each answer with the model's.
func likeTheModel(t *testing.T, b store.Backend) {
	const records = 250
	seed := uint64(20261123)
	g := generator{rand.New(rand.NewPCG(seed, 1))}
	free := things // ties everywhere: no unique index
	free.Indexes = slices.DeleteFunc(slices.Clone(things.Indexes), func(ix store.Index) bool { return ix.Unique })
	must(t, b.Ensure(bg, free))
	m := model{}
	var rs []store.Record
	for i := range records {
		r := thing(fmt.Sprintf("r%03d", i), g.fields())
		m[r.ID] = r.Fields
		rs = append(rs, r)
	}
	for _, err := range b.InsertMany(bg, coll, rs) {
		must(t, err)
	}
	version := map[string]int64{}
	questions, pages := times(1500, 200), 0
	for i := range questions {
		if i%10 == 0 {
			id := fmt.Sprintf("r%03d", g.IntN(records))
			f := g.fields()
			must(t, b.Update(bg, coll, version[id]+1, thing(id, f)))
			version[id]++
			m[id] = f
		}
		q := g.query(records)
		q.With, _ = q.Order()
		if i%5 == 0 { // from anywhere, as after a record that has gone
			for _, f := range q.With {
				q.After = append(q.After, g.fields()[f])
			}
			q.After = append(q.After, fmt.Sprintf("r%03d+", g.IntN(records)))
		}
		want := m.find(q)
		for {
			var got []string
			var last store.Record
			must(t, b.Find(bg, coll, q, func(r store.Record) error { got, last = append(got, r.ID), r; return nil }))
			page := want
			if q.Limit > 0 && len(want) > q.Limit {
				page = want[:q.Limit]
			}
			if !slices.Equal(got, page) {
				t.Fatalf("seed %d, question %d: %+v\n got %v\nwant %v", seed, i, q, got, page)
			}
			pages++
			if want = want[len(page):]; len(page) == 0 || q.Limit == 0 {
				break
			}
			q.After = nil
			for _, f := range q.With {
				q.After = append(q.After, last.Fields[f])
			}
			q.After = append(q.After, last.ID)
		}
	}
	t.Logf("%d questions, %d pages", questions, pages)
}
