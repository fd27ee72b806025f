package facets

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// listMost is how many slots of a block a delta lists under one gram before it
// turns them into a bitmap.
const listMost = 2048

// delta holds the postings of slots added lately, by block and gram.
type delta struct {
	blocks map[uint32]*deltaBlock
	high   uint32 // the highest slot
	slots  int    // how many were added
}

// deltaBlock holds the postings of one block by term: a field's letter and a
// gram in one string.
type deltaBlock struct {
	at    map[string]uint32 // into lists
	lists []lows
}

// lows are slots of one block: a list, ascending, or a bitmap.
type lows struct {
	list []uint16
	set  *roaring.Bitmap
}

func newDelta() *delta { return &delta{blocks: make(map[uint32]*deltaBlock)} }

// add adds a slot under terms given one after another in text, each ending
// where ends says.
func (d *delta) add(slot uint32, text []byte, ends []int) {
	b := d.blocks[slot/blockSlots]
	if b == nil {
		b = &deltaBlock{at: make(map[string]uint32)}
		d.blocks[slot/blockSlots] = b
	}
	low, start := uint16(slot%blockSlots), 0
	for _, end := range ends {
		term := text[start:end]
		start = end
		at, ok := b.at[string(term)]
		if !ok {
			at = uint32(len(b.lists))
			b.at[string(term)] = at
			b.lists = append(b.lists, lows{})
		}
		b.lists[at].add(low)
	}
	d.high = max(d.high, slot)
	d.slots++
}

func (l *lows) add(low uint16) {
	if l.set != nil {
		l.set.Add(uint32(low))
		return
	}
	if n := len(l.list); n == 0 || l.list[n-1] < low {
		l.list = append(l.list, low)
	} else if at, found := slices.BinarySearch(l.list, low); !found {
		l.list = slices.Insert(l.list, at, low)
	}
	if len(l.list) > listMost {
		l.set = l.bitmap()
		l.list = nil
	}
}

// bitmap returns the slots; it is a copy.
func (l *lows) bitmap() *roaring.Bitmap {
	if l.set != nil {
		return l.set.Clone()
	}
	numbers := make([]uint32, len(l.list))
	for i, low := range l.list {
		numbers[i] = uint32(low)
	}
	return roaring.BitmapOf(numbers...)
}

// get returns a copy of the slots that a block of the delta has under a term,
// nil if there are none.
func (d *delta) get(block uint32, term string) *roaring.Bitmap {
	if d == nil || d.blocks[block] == nil {
		return nil
	}
	b := d.blocks[block]
	if at, ok := b.at[term]; ok {
		return b.lists[at].bitmap()
	}
	return nil
}
