package facets

import (
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// Bucket counts the records that have a code.
type Bucket struct {
	Code string
	N    int
}

// Count returns how many records a query selects.
func (ix *Index) Count(q Query) int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return int(ix.matches(&q).GetCardinality())
}

// Among returns those of ids that a query selects, in their order.
func (ix *Index) Among(ids []string, q Query) []string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	selected := ix.matches(&q)
	var out []string
	for _, id := range ids {
		key, isULID := parseULID(id)
		if n, ok := ix.rowOf(id, key, isULID); ok && selected.Contains(ix.ords[n]) {
			out = append(out, id)
		}
	}
	return out
}

// Facets counts, for each field, the selected records by code, most first, then
// by code, none left out but zeros. The clauses In and All of a field do not
// narrow its own counts, so that several of its codes can be chosen.
func (ix *Index) Facets(q Query, fields ...string) map[string][]Bucket {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.facets(&q, fields)
}

func (ix *Index) facets(q *Query, fields []string) map[string][]Bucket {
	parts := ix.parts(q)
	whole := ix.intersect(parts, "")
	own := func(name string) bool {
		return slices.ContainsFunc(parts, func(p part) bool { return p.field == name })
	}
	shared := 0
	for _, name := range fields {
		if !own(name) {
			shared++
		}
	}
	counter := newCounter(ix, whole, shared)
	out := make(map[string][]Bucket, len(fields))
	for _, name := range fields {
		c := counter
		if own(name) {
			c = newCounter(ix, ix.intersect(parts, name), 1)
		}
		out[name] = c.buckets(name)
	}
	return out
}

// Table counts records by the codes of two fields: N[row][column].
type Table struct {
	Rows, Columns []string
	N             [][]int
}

// Cross counts the selected records by the codes that each has of two fields,
// both in the order of their codes; codes that no selected record has are left
// out.
func (ix *Index) Cross(q Query, rows, columns string) Table {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var t Table
	f, g := ix.fields[rows], ix.fields[columns]
	if f == nil || g == nil {
		return t
	}
	selected := ix.matches(&q)
	if both := roaring.And(f.has.bitmap(), g.has.bitmap()); selected == ix.all {
		selected = both
	} else {
		both.And(selected)
		selected = both
	}
	across := ix.present(g, selected)
	for _, c := range across {
		t.Columns = append(t.Columns, c.Code)
	}
	for _, c := range ix.present(f, selected) {
		line, of := make([]int, len(across)), roaring.And(c.now.bitmap(), selected)
		for i, d := range across {
			line[i] = d.now.overlap(of)
		}
		t.Rows, t.N = append(t.Rows, c.Code), append(t.N, line)
	}
	return t
}

// present returns a field's codes that a selected record has, in their order.
func (ix *Index) present(f *field, selected *roaring.Bitmap) []*code {
	var out []*code
	for _, id := range f.codes {
		if c := &ix.codes[id]; c.now.overlap(selected) > 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *code) int { return strings.Compare(a.Code, b.Code) })
	return out
}
