package facets

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// Query selects records: all of Where and Scope hold.
type Query struct {
	Where []Clause
	// Scope narrows every query of one user; nil is everything. No facet leaves
	// it out.
	Scope Clause
	// Sort orders a page, Limit bounds it (0: no ids, only the total), and After
	// is where the page before ended. Counts and facets ignore all three.
	Sort  Sort
	After *Cursor
	Limit int
}

// Clause is a condition on one record: In, All, Has, Between, Ever, IDs, Ords,
// Text, Not or Any.
type Clause interface {
	// ords returns the records that it holds for, to be read only. It is called
	// under the index's lock.
	ords(ix *Index) *roaring.Bitmap
}

type (
	// In holds if the field has one of Codes; an empty list holds nothing.
	In struct {
		Field string
		Codes []string
	}
	// All holds if the field has all of Codes; an empty list holds everything.
	All struct {
		Field string
		Codes []string
	}
	// Has holds if the facet, number or key field has any value.
	Has struct{ Field string }
	// Between holds if From ≤ the number field ≤ To; a nil bound is open. A field
	// without a value is between nothing.
	Between struct {
		Field    string
		From, To *float64
	}
	// IDs holds for the records with these ids.
	IDs []string
	// Ords holds for the records with these ords, such as AsOf gives.
	Ords struct{ Set *roaring.Bitmap }
	// Text holds for the records that a search found.
	Text struct{ Hits *Hits }
	// Not holds where Clause does not.
	Not struct{ Clause Clause }
	// Any holds where one of the clauses does; an empty one holds nothing.
	Any []Clause
)

func (c In) ords(ix *Index) *roaring.Bitmap {
	found := make([]*roaring.Bitmap, 0, len(c.Codes))
	for _, text := range c.Codes {
		if s := ix.set(c.Field, text); s != nil {
			found = append(found, s.bitmap())
		}
	}
	return union(found)
}

func (c All) ords(ix *Index) *roaring.Bitmap {
	if len(c.Codes) == 0 {
		return ix.all
	}
	parts := make([]part, 0, len(c.Codes))
	for _, text := range c.Codes {
		s := ix.set(c.Field, text)
		if s == nil {
			return roaring.New()
		}
		parts = append(parts, part{set: s.bitmap()})
	}
	return ix.intersect(parts, "")
}

func (c Has) ords(ix *Index) *roaring.Bitmap {
	var found []*roaring.Bitmap
	if f := ix.fields[c.Field]; f != nil {
		found = append(found, f.has.bitmap())
	}
	if f := ix.figures[c.Field]; f != nil {
		found = append(found, f.has.bitmap())
	}
	if f := ix.keys[c.Field]; f != nil {
		found = append(found, f.has.bitmap())
	}
	return union(found)
}

func (c Between) ords(ix *Index) *roaring.Bitmap {
	f := ix.figures[c.Field]
	if f == nil {
		return roaring.New()
	}
	return f.between(c.From, c.To, ix.highest)
}

func (c IDs) ords(ix *Index) *roaring.Bitmap {
	found := newGatherer(len(c), ix.highest)
	for _, id := range c {
		key, isULID := parseULID(id)
		if n, ok := ix.rowOf(id, key, isULID); ok {
			found.add(ix.ords[n])
		}
	}
	return found.bitmap()
}

func (c Ords) ords(ix *Index) *roaring.Bitmap { return roaring.And(ix.all, c.Set) }

func (c Text) ords(ix *Index) *roaring.Bitmap { return roaring.And(ix.all, c.Hits.all) }

func (c Not) ords(ix *Index) *roaring.Bitmap { return roaring.AndNot(ix.all, c.Clause.ords(ix)) }

func (c Any) ords(ix *Index) *roaring.Bitmap {
	found := make([]*roaring.Bitmap, len(c))
	for i, clause := range c {
		found[i] = clause.ords(ix)
	}
	return union(found)
}

// set returns the records that have a field's code, nil if none ever had.
func (ix *Index) set(field, text string) *set {
	if id, ok := ix.words.find(field, text); ok && int(id) < len(ix.codes) {
		return &ix.codes[id].now
	}
	return nil
}

// union joins bitmaps; the result is to be read only.
func union(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return roaring.New()
	case 1:
		return sets[0]
	}
	return roaring.FastOr(sets...)
}

// part is what one clause of a query holds for, or not for.
type part struct {
	set   *roaring.Bitmap
	not   bool
	field string // whose facet leaves the clause out
}

// parts finds what the clauses of a query hold for.
func (ix *Index) parts(q *Query) []part {
	parts := make([]part, 0, len(q.Where)+1)
	for _, clause := range q.Where {
		switch c := clause.(type) {
		case In:
			parts = append(parts, part{set: c.ords(ix), field: c.Field})
		case All:
			parts = append(parts, part{set: c.ords(ix), field: c.Field})
		case Not:
			parts = append(parts, part{set: c.Clause.ords(ix), not: true})
		default:
			parts = append(parts, part{set: c.ords(ix)})
		}
	}
	if q.Scope != nil {
		parts = append(parts, part{set: q.Scope.ords(ix)})
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		if a.not != b.not {
			if b.not {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.set.GetCardinality(), b.set.GetCardinality())
	})
	return parts
}

// intersect joins the parts of a query, smallest first, but for those of the
// field without; the result is to be read only.
func (ix *Index) intersect(parts []part, without string) *roaring.Bitmap {
	var out *roaring.Bitmap
	owned := false
	for _, p := range parts {
		switch {
		case without != "" && p.field == without:
		case out == nil && !p.not:
			out = p.set
		case out == nil:
			out, owned = roaring.AndNot(ix.all, p.set), true
		case owned && p.not:
			out.AndNot(p.set)
		case owned:
			out.And(p.set)
		case p.not:
			out, owned = roaring.AndNot(out, p.set), true
		default:
			out, owned = roaring.And(out, p.set), true
		}
	}
	if out == nil {
		return ix.all
	}
	return out
}

// matches returns the records of a query, to be read only under the lock.
func (ix *Index) matches(q *Query) *roaring.Bitmap { return ix.intersect(ix.parts(q), "") }
