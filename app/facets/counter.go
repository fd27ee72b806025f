package facets

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// counter counts one selection of records by the codes of fields, the way that
// its size makes cheapest.
type counter struct {
	ix       *Index
	selected *roaring.Bitmap
	size     int
	byCode   []uint32 // of a small selection: how many have each code
	bits     []uint64 // of a larger one: which ords are in it
	chunk    []uint32 // room to work in
}

// newCounter returns a counter of a selection, which it only reads, for about
// so many fields.
func newCounter(ix *Index, selected *roaring.Bitmap, fields int) *counter {
	c := &counter{ix: ix, selected: selected, size: int(selected.GetCardinality())}
	switch all := len(ix.rows); {
	case selected == ix.all:
	case c.size <= all/1024*fields+64:
		c.byCode = make([]uint32, len(ix.codes))
		selected.Iterate(func(ord uint32) bool {
			n, _ := ix.numbers.row(ord)
			eachFacet(ix.rows[n].packed, func(id uint32) { c.byCode[id]++ })
			return true
		})
	default:
		c.bits = make([]uint64, ix.highest/64+1)
		selected.WriteDenseTo(c.bits)
		c.chunk = make([]uint32, 512)
	}
	return c
}

// buckets counts the selection by the codes of a field, most first, then by
// code, without zeros.
func (c *counter) buckets(field string) []Bucket {
	f := c.ix.fields[field]
	if f == nil || c.size == 0 {
		return nil
	}
	out := make([]Bucket, 0, min(len(f.codes), 64))
	for _, id := range f.codes {
		if n := c.count(id); n > 0 {
			out = append(out, Bucket{c.ix.codes[id].Code, n})
		}
	}
	slices.SortFunc(out, func(a, b Bucket) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Code, b.Code))
	})
	return out
}

// count counts the selected records that have a code.
func (c *counter) count(id uint32) int {
	has := &c.ix.codes[id].now
	switch {
	case c.byCode != nil:
		return int(c.byCode[id])
	case c.bits == nil:
		return has.size()
	case has.many == nil:
		return has.overlap(c.selected)
	case has.size() > len(c.ix.rows)/16:
		return int(has.many.AndCardinality(c.selected))
	}
	// Roaring merges two sorted arrays slower than bits are looked up.
	ords, n := has.many.ManyIterator(), 0
	for {
		got := ords.NextMany(c.chunk)
		if got == 0 {
			return n
		}
		for _, ord := range c.chunk[:got] {
			n += int(c.bits[ord/64] >> (ord % 64) & 1)
		}
	}
}
