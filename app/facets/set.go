package facets

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// fewest is how many numbers a set lists before it becomes a bitmap: a bitmap
// of one number costs 150 bytes, and some fields have a code per record.
const fewest = 32

// set is a set of numbers. Its zero value is empty.
type set struct {
	few  []uint32 // ascending, while many is nil
	many *roaring.Bitmap
}

func (s *set) add(n uint32) {
	if s.many != nil {
		s.many.Add(n)
		return
	}
	i := len(s.few)
	if i > 0 && s.few[i-1] >= n {
		var found bool
		if i, found = slices.BinarySearch(s.few, n); found {
			return
		}
	}
	if len(s.few) == fewest {
		s.many = roaring.BitmapOf(s.few...)
		s.many.Add(n)
		s.few = nil
		return
	}
	s.few = slices.Insert(s.few, i, n)
}

func (s *set) remove(n uint32) {
	if s.many != nil {
		s.many.Remove(n)
		return
	}
	if i, found := slices.BinarySearch(s.few, n); found {
		s.few = slices.Delete(s.few, i, i+1)
	}
}

func (s *set) size() int {
	if s.many != nil {
		return int(s.many.GetCardinality())
	}
	return len(s.few)
}

// bitmap returns the set as a bitmap to be read only.
func (s *set) bitmap() *roaring.Bitmap {
	if s.many != nil {
		return s.many
	}
	return roaring.BitmapOf(s.few...)
}

// overlap counts the numbers that are also in b.
func (s *set) overlap(b *roaring.Bitmap) int {
	if s.many != nil {
		return int(s.many.AndCardinality(b))
	}
	count := 0
	for _, n := range s.few {
		if b.Contains(n) {
			count++
		}
	}
	return count
}

// gatherer makes a bitmap of numbers in any order.
type gatherer struct {
	few  []uint32
	bits []uint64 // nil while few are expected
}

// newGatherer expects about n numbers up to limit.
func newGatherer(n int, limit uint32) *gatherer {
	if n <= int(limit/4096) {
		return &gatherer{few: make([]uint32, 0, n)}
	}
	return &gatherer{bits: make([]uint64, limit/64+1)}
}

func (g *gatherer) add(n uint32) {
	if g.bits != nil {
		g.bits[n/64] |= 1 << (n % 64)
	} else {
		g.few = append(g.few, n)
	}
}

// bitmap returns what was added; the gatherer is used up.
func (g *gatherer) bitmap() *roaring.Bitmap {
	if g.bits != nil {
		return roaring.FromDense(g.bits, false)
	}
	slices.Sort(g.few)
	return roaring.BitmapOf(g.few...)
}
