package facets

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
)

// model is what an index should answer, worked out record by record.
type model struct {
	records map[string]*modelRecord
}

type modelRecord struct {
	id    string
	codes Codes
	text  map[byte][]string
}

func (r *modelRecord) terms() iter.Seq2[byte, string] {
	return func(yield func(byte, string) bool) {
		for field, grams := range r.text {
			for _, gram := range grams {
				if !yield(field, gram) {
					return
				}
			}
		}
	}
}

func (r *modelRecord) has(field, code string) bool {
	return slices.Contains(r.codes.Facets, Facet{field, code})
}

func (r *modelRecord) number(field string) (float64, bool) {
	for _, n := range r.codes.Numbers {
		if n.Field == field {
			return n.Value, true
		}
	}
	return 0, false
}

func (r *modelRecord) key(field string) string {
	for _, k := range r.codes.Keys {
		if k.Field == field {
			return k.Value
		}
	}
	return ""
}

// asked is a search with what the model needs to judge it.
type asked struct {
	Text
	request Request
}

func (r *modelRecord) holds(c Clause) bool {
	switch c := c.(type) {
	case In:
		return slices.ContainsFunc(c.Codes, func(code string) bool { return r.has(c.Field, code) })
	case All:
		return !slices.ContainsFunc(c.Codes, func(code string) bool { return !r.has(c.Field, code) })
	case Has:
		_, number := r.number(c.Field)
		return number || r.key(c.Field) != "" || slices.ContainsFunc(r.codes.Facets, func(f Facet) bool { return f.Field == c.Field })
	case Between:
		v, ok := r.number(c.Field)
		return ok && (c.From == nil || *c.From <= v) && (c.To == nil || v <= *c.To)
	case Ever:
		return slices.ContainsFunc(r.codes.Spans, func(s Span) bool { return s.Field == c.Field && slices.Contains(c.Codes, s.Code) })
	case IDs:
		return slices.Contains(c, r.id)
	case Ords:
		return c.Set.Contains(r.codes.Ord)
	case asked:
		return r.rank(c.request) >= 0
	case Not:
		return !r.holds(c.Clause)
	case Any:
		return slices.ContainsFunc(c, r.holds)
	}
	panic(fmt.Sprintf("unknown clause %T", c))
}

// rank is the rank of the record in a search, -1 if it is not found.
func (r *modelRecord) rank(req Request) int {
	worst := -1
	for _, t := range req.Terms {
		best := -1
		for rank, matches := range t.Ranks {
			for _, m := range matches {
				all := len(m.Grams) > 0
				for _, gram := range m.Grams {
					all = all && slices.Contains(r.text[m.Field], gram)
				}
				if all && best < 0 {
					best = rank
				}
			}
		}
		if best < 0 {
			return -1
		}
		worst = max(worst, best)
	}
	return worst
}

func (m *model) matching(q Query, without string) []*modelRecord {
	var out []*modelRecord
	for _, r := range m.records {
		ok := q.Scope == nil || r.holds(q.Scope)
		for _, c := range q.Where {
			if in, is := c.(In); is && in.Field == without {
				continue
			}
			if all, is := c.(All); is && all.Field == without {
				continue
			}
			ok = ok && r.holds(c)
		}
		if ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *modelRecord) int { return cmp.Compare(a.codes.Ord, b.codes.Ord) })
	return out
}

func (m *model) facet(q Query, field string) []Bucket {
	counts := map[string]int{}
	for _, r := range m.matching(q, field) {
		for _, f := range slices.Compact(slices.SortedFunc(slices.Values(r.codes.Facets), func(a, b Facet) int {
			return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.Code, b.Code))
		})) {
			if f.Field == field {
				counts[f.Code]++
			}
		}
	}
	var out []Bucket
	for code, n := range counts {
		out = append(out, Bucket{code, n})
	}
	slices.SortFunc(out, func(a, b Bucket) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Code, b.Code)) })
	return out
}

// ordered returns the ids of the query's records in its order.
func (m *model) ordered(q Query) []string {
	rs := m.matching(q, "")
	var req Request
	for _, c := range q.Where {
		if a, ok := c.(asked); ok && req.Terms == nil {
			req = a.request
		}
	}
	slices.SortFunc(rs, func(a, b *modelRecord) int {
		if q.Sort.Field == Relevance && req.Terms != nil {
			return cmp.Or(cmp.Compare(a.rank(req), b.rank(req)), cmp.Compare(b.codes.Ord, a.codes.Ord))
		}
		x, hasX := a.number(q.Sort.Field)
		y, hasY := b.number(q.Sort.Field)
		present := 0
		if hasX != hasY {
			present = 1
			if hasY {
				present = -1
			}
		}
		c := cmp.Or(strings.Compare(a.key(q.Sort.Field), b.key(q.Sort.Field)), present, cmp.Compare(x, y), cmp.Compare(a.codes.Ord, b.codes.Ord))
		if q.Sort.Desc {
			return -c
		}
		return c
	})
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.id
	}
	return ids
}

// A maker makes random records and queries.
type maker struct {
	*rand.Rand
	clock int64
}

func (m *maker) pick(prefix string, n int) string {
	// Skewed, as real codes are.
	return fmt.Sprintf("%s%d", prefix, min(m.IntN(n), m.IntN(n)))
}

func (m *maker) id() string {
	if m.IntN(10) == 0 {
		return fmt.Sprintf("plain-%d", m.Uint64())
	}
	var u ulid
	for i := range u {
		u[i] = byte(m.Uint32())
	}
	return u.String()
}

func (m *maker) codes(ord, slot uint32, version int64) Codes {
	c := Codes{Ord: ord, Slot: slot, Version: version}
	for f := range 4 {
		for range m.IntN(3) {
			c.Facets = append(c.Facets, Facet{fmt.Sprintf("f%d", f), m.pick("c", 5+60*f)})
		}
	}
	if m.IntN(4) > 0 {
		c.Numbers = append(c.Numbers, Number{"n0", float64(m.IntN(10) - 5)})
	}
	if m.IntN(8) > 0 {
		c.Numbers = append(c.Numbers, Number{"n1", m.NormFloat64()})
	}
	if m.IntN(6) > 0 {
		c.Keys = append(c.Keys, Key{"k0", m.pick("name", 50)})
	}
	c.Keys = append(c.Keys, Key{"k1", fmt.Sprint(m.Uint32())})
	for range m.IntN(5) {
		s := Span{
			Field: fmt.Sprintf("f%d", m.IntN(2)), Code: m.pick("c", 5),
			From: int32(m.IntN(100) - 10), To: OpenDay, KnownFrom: m.Int64N(100), KnownTo: OpenKnown,
		}
		if m.IntN(2) == 0 {
			s.Item = m.id()
		}
		if m.IntN(2) == 0 {
			s.To = s.From + int32(m.IntN(50))
		}
		if m.IntN(3) == 0 {
			s.KnownTo = s.KnownFrom + m.Int64N(50)
		}
		c.Spans = append(c.Spans, s)
	}
	return c
}

func (m *maker) text() map[byte][]string {
	text := map[byte][]string{}
	for _, field := range []byte("abc") {
		for range m.IntN(6) {
			text[field] = append(text[field], m.pick("g", 12))
		}
	}
	return text
}

func (m *maker) request() Request {
	var req Request
	for range 1 + m.IntN(3) {
		var t Term
		for rank := range 1 + m.IntN(3) {
			var matches []Match
			for range 1 + m.IntN(2) {
				match := Match{Field: "abc"[(rank+m.IntN(2))%3]}
				for range 1 + m.IntN(2) {
					match.Grams = append(match.Grams, m.pick("g", 12))
				}
				matches = append(matches, match)
			}
			t.Ranks = append(t.Ranks, matches)
		}
		req.Terms = append(req.Terms, t)
	}
	return req
}

func (m *maker) bound() *float64 {
	if m.IntN(4) == 0 {
		return nil
	}
	return new(float64(m.IntN(12) - 6))
}

func (m *maker) clause(ix *Index, ids []string, depth int) Clause {
	codes := func(n int) (out []string) {
		for range m.IntN(n) {
			out = append(out, m.pick("c", 8))
		}
		return out
	}
	field := m.pick("f", 5) // of which the last is unknown
	switch m.IntN(11) {
	case 10:
		return Ever{field, codes(3)}
	case 0, 1:
		return In{field, codes(4)}
	case 2:
		return All{field, codes(3)}
	case 3:
		return Has{[]string{"f0", "f3", "n0", "k0", "no"}[m.IntN(5)]}
	case 4, 5:
		return Between{[]string{"n0", "n1", "no"}[m.IntN(3)], m.bound(), m.bound()}
	case 6:
		var some IDs
		for range m.IntN(8) {
			some = append(some, ids[m.IntN(len(ids))])
		}
		return append(some, "nobody")
	case 7:
		return Ords{ix.AsOf("f0", codes(3), int32(m.IntN(100)), m.Int64N(150))}
	case 8:
		if depth > 0 {
			return Not{m.clause(ix, ids, depth-1)}
		}
	case 9:
		if depth > 0 {
			var any Any
			for range m.IntN(4) {
				any = append(any, m.clause(ix, ids, depth-1))
			}
			return any
		}
	}
	return In{"f0", []string{m.pick("c", 5)}}
}
