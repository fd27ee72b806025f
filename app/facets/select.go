package facets

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// Relevance is the sort by a search's ranks, newest first within a rank; it
// needs a Text clause in Where.
const Relevance = "~relevance"

// Sort orders a page by a number or key field, by the order of creation if
// Field is empty, or by Relevance. Records without a value come first
// ascending, last descending; the ord breaks ties; descending is exactly the
// reverse of ascending.
type Sort struct {
	Field string
	Desc  bool
}

// Cursor is the place of a page's last record in the order of its query. It
// stays good whatever happens to that record.
type Cursor struct {
	Rank   int     // of Relevance
	Absent bool    // the field has no value
	Number float64 // of a number field
	Text   string  // of a key field
	Ord    uint32
}

// Page is a part of a query's records, in order.
type Page struct {
	IDs  []string
	Ords []uint32
	// Total counts all records of the query, on this page or not.
	Total int
	// Next continues behind this page; nil at the end.
	Next *Cursor
}

// ErrCursor is the error of a text that is no cursor.
var ErrCursor = errors.New("facets: broken cursor")

// MarshalText writes the cursor in letters that a URL takes as they are.
func (c *Cursor) MarshalText() ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(c.Rank))
	b = binary.AppendUvarint(b, uint64(c.Ord))
	absent := byte(0)
	if c.Absent {
		absent = 1
	}
	b = append(b, absent)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Number))
	b = append(b, c.Text...)
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText reads what MarshalText wrote, or returns ErrCursor.
func (c *Cursor) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil {
		return ErrCursor
	}
	r := reader{s: string(b)}
	*c = Cursor{Rank: int(r.uint32()), Ord: r.uint32()}
	c.Absent = r.take(1) == "\x01"
	c.Number = r.float()
	if r.broken || c.Number != c.Number {
		return ErrCursor
	}
	c.Text = r.s[r.at:]
	return nil
}

// Select returns a page of the records of a query and their total.
func (ix *Index) Select(q Query) Page {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.page(&q)
}

// List returns what Select and Facets do, both of one moment.
func (ix *Index) List(q Query, fields ...string) (Page, map[string][]Bucket) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.page(&q), ix.facets(&q, fields)
}

func (ix *Index) page(q *Query) Page {
	selected := ix.matches(q)
	page := Page{Total: int(selected.GetCardinality())}
	if q.Limit <= 0 {
		return page
	}
	var cursor func(ord uint32) *Cursor
	page.Ords, cursor = ix.order(q, selected)
	if len(page.Ords) > q.Limit {
		page.Ords = page.Ords[:q.Limit]
		page.Next = cursor(page.Ords[q.Limit-1])
		page.Next.Ord = page.Ords[q.Limit-1]
	}
	page.IDs = make([]string, len(page.Ords))
	for i, ord := range page.Ords {
		n, _ := ix.numbers.row(ord)
		page.IDs[i] = ix.id(n)
	}
	return page
}

// order returns the first selected ords behind the query's cursor, one more
// than its limit if there are as many, and how to make a cursor of one.
func (ix *Index) order(q *Query, selected *roaring.Bitmap) ([]uint32, func(ord uint32) *Cursor) {
	if q.Sort.Field == Relevance {
		if hits := q.hits(); hits != nil {
			return hits.page(selected, q.After, q.Limit+1), func(ord uint32) *Cursor { return &Cursor{Rank: hits.Rank(ord)} }
		}
	}
	if c := ix.keys[q.Sort.Field]; c != nil && c.count > 0 {
		var from string
		if q.After != nil {
			from = q.After.Text
		}
		return sortBy(ix, c, q, from, selected), func(ord uint32) *Cursor {
			n, _ := ix.numbers.row(ord)
			return &Cursor{Text: c.value(n), Absent: c.value(n) == ""}
		}
	}
	if c := ix.figures[q.Sort.Field]; c != nil {
		var from float64
		if q.After != nil {
			from = q.After.Number
		}
		return sortBy(ix, c, q, from, selected), func(ord uint32) *Cursor {
			n, _ := ix.numbers.row(ord)
			if v := c.value(n); v != c.none {
				return &Cursor{Number: v}
			}
			return &Cursor{Absent: true}
		}
	}
	return byOrd(nil, selected, q.After, q.Sort.Desc, q.Limit+1), func(uint32) *Cursor { return &Cursor{Absent: true} }
}

// hits returns the search that a query selects by.
func (q *Query) hits() *Hits {
	for _, clause := range q.Where {
		if t, ok := clause.(Text); ok {
			return t.Hits
		}
	}
	return nil
}

// byOrd appends the ords of a set in their order, those behind after, until dst
// has n.
func byOrd(dst []uint32, set *roaring.Bitmap, after *Cursor, desc bool, n int) []uint32 {
	if desc {
		at := int64(none)
		if after != nil {
			at = int64(after.Ord) - 1
		}
		for len(dst) < n && at >= 0 {
			if at = set.PreviousValue(uint32(at)); at >= 0 {
				dst = append(dst, uint32(at))
				at--
			}
		}
		return dst
	}
	at := int64(0)
	if after != nil {
		at = int64(after.Ord) + 1
	}
	for len(dst) < n && at < none {
		if at = set.NextValue(uint32(at)); at < 0 {
			break
		}
		dst = append(dst, uint32(at))
		at++
	}
	return dst
}

// sortBy returns the first selected ords in a column's order, from being the
// cursor's value.
func sortBy[V string | float64](ix *Index, c *column[V], q *Query, from V, selected *roaring.Bitmap) []uint32 {
	n, desc, after := q.Limit+1, q.Sort.Desc, q.After
	absentAfter := after
	if after != nil && !after.Absent {
		absentAfter = nil
	}
	var out []uint32
	absent := func() {
		if c.count < int(ix.all.GetCardinality()) {
			out = byOrd(out, roaring.AndNot(selected, c.has.bitmap()), absentAfter, desc, n)
		}
	}
	if !desc && (after == nil || after.Absent) {
		absent()
		after = nil
	}
	if len(out) < n && (after == nil || !after.Absent) {
		out = present(ix, c, out, selected, after, from, desc, n)
	}
	if desc && len(out) < n {
		absent()
	}
	return out
}

// present appends selected ords that have a value in a column's order until out
// has n. It follows the column's order where that is expected to meet enough of
// them soon, and picks the best of the selected otherwise.
func present[V string | float64](ix *Index, c *column[V], out []uint32, selected *roaring.Bitmap, after *Cursor, from V, desc bool, n int) []uint32 {
	var ord uint32
	if after != nil {
		ord = after.Ord
	}
	start, size := len(out), int(selected.GetCardinality())
	if (n-start)*c.count < size*size {
		steps, complete := 2*size+n, true
		c.walk(desc, after != nil, from, ord, func(row uint32) bool {
			if selected == ix.all || selected.Contains(c.ord(row)) {
				out = append(out, c.ord(row))
			}
			if steps--; steps == 0 {
				complete = false
			}
			return complete && len(out) < n
		})
		if complete || len(out) == n {
			return out
		}
		out = out[:start]
	}
	order := c.compare
	if desc {
		order = func(a, b uint32) int { return c.compare(b, a) }
	}
	want := n - start
	best := make([]uint32, 0, min(2*want, size))
	settle := func() {
		slices.SortFunc(best, order)
		best = best[:min(want, len(best))]
	}
	settled := false // best has what is wanted, in order
	selected.Iterate(func(have uint32) bool {
		row, _ := ix.numbers.row(have)
		if c.value(row) == c.none || after != nil && !c.behind(row, from, ord, desc) {
			return true
		}
		if settled && order(row, best[want-1]) > 0 {
			return true
		}
		if best = append(best, row); len(best) == 2*want {
			settle()
			settled = true
		}
		return true
	})
	settle()
	for _, row := range best {
		out = append(out, c.ord(row))
	}
	return out
}
