package facets

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// blockSize is how many rows a block of a column's order holds at most.
const blockSize = 1024

// column holds the values of one number or text field: by row, and in order.
// Rows are told apart by their ords where values are equal, so the order is
// total.
type column[V cmp.Ordered] struct {
	none   V         // what stands for an absent value; it is before every other
	ords   *[]uint32 // the index's, by row
	values []V       // by row
	has    set       // ords of the rows that have a value
	count  int
	blocks [][]uint32 // rows in the order of (value, ord); no block is empty
}

func (c *column[V]) ord(row uint32) uint32 { return (*c.ords)[row] }

// value returns a row's value.
func (c *column[V]) value(row uint32) V {
	if int(row) < len(c.values) {
		return c.values[row]
	}
	return c.none
}

// put gives a row a value or, by none, takes it away. An unordered put leaves
// the order to a later arrange.
func (c *column[V]) put(row uint32, v V, ordered bool) {
	old := c.value(row)
	if old == v {
		return
	}
	for int(row) >= len(c.values) {
		c.values = append(c.values, c.none)
	}
	if old != c.none {
		if ordered {
			c.unlink(row)
		}
		c.count--
		if v == c.none {
			c.has.remove(c.ord(row))
		}
	}
	c.values[row] = v
	if v != c.none {
		c.count++
		if old == c.none {
			c.has.add(c.ord(row))
		}
		if ordered {
			c.link(row)
		}
	}
}

// before reports whether a row stands before (v, ord) in the order.
func (c *column[V]) before(row uint32, v V, ord uint32) bool {
	if have := c.values[row]; have != v {
		return have < v
	}
	return c.ord(row) < ord
}

// behind reports whether a row stands behind (v, ord) in a direction.
func (c *column[V]) behind(row uint32, v V, ord uint32, desc bool) bool {
	if desc {
		return c.before(row, v, ord)
	}
	return !c.before(row, v, ord) && (c.values[row] != v || c.ord(row) != ord)
}

// seek returns where the first row that is not before (v, ord) stands; block
// is len(c.blocks) if there is none.
func (c *column[V]) seek(v V, ord uint32) (block, at int) {
	block = sort.Search(len(c.blocks), func(i int) bool {
		b := c.blocks[i]
		return !c.before(b[len(b)-1], v, ord)
	})
	if block < len(c.blocks) {
		b := c.blocks[block]
		at = sort.Search(len(b), func(i int) bool { return !c.before(b[i], v, ord) })
	}
	return block, at
}

func (c *column[V]) link(row uint32) {
	block, at := c.seek(c.values[row], c.ord(row))
	if block == len(c.blocks) {
		if block == 0 {
			c.blocks = append(c.blocks, make([]uint32, 0, 8))
		} else {
			block--
		}
		at = len(c.blocks[block])
	}
	b := slices.Insert(c.blocks[block], at, row)
	if len(b) < blockSize {
		c.blocks[block] = b
		return
	}
	c.blocks[block] = slices.Clone(b[:blockSize/2])
	c.blocks = slices.Insert(c.blocks, block+1, slices.Clone(b[blockSize/2:]))
}

func (c *column[V]) unlink(row uint32) {
	block, at := c.seek(c.values[row], c.ord(row))
	if b := slices.Delete(c.blocks[block], at, at+1); len(b) > 0 {
		c.blocks[block] = b
	} else {
		c.blocks = slices.Delete(c.blocks, block, block+1)
	}
}

// arrange puts the whole column in order after unordered puts.
func (c *column[V]) arrange() {
	type entry struct {
		value    V
		ord, row uint32
	}
	entries := make([]entry, 0, c.count)
	for row, v := range c.values {
		if v != c.none {
			entries = append(entries, entry{v, (*c.ords)[row], uint32(row)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.value != b.value {
			if a.value < b.value {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.ord, b.ord)
	})
	c.values = slices.Clone(c.values)
	c.blocks = nil
	for chunk := range slices.Chunk(entries, blockSize/2) {
		b := make([]uint32, len(chunk))
		for i, e := range chunk {
			b[i] = e.row
		}
		c.blocks = append(c.blocks, b)
	}
}

// between returns the ords of the rows with from ≤ value ≤ to, to be read only;
// nil is an open end. It gathers the smaller of what is inside and outside.
func (c *column[V]) between(from, to *V, limit uint32) *roaring.Bitmap {
	first, end := place{}, place{len(c.blocks), 0}
	if from != nil {
		first.block, first.at = c.seek(*from, 0)
	}
	if to != nil {
		end.block, end.at = c.seek(*to, none)
	}
	switch n := c.rank(end) - c.rank(first); {
	case n <= 0:
		return roaring.New()
	case n == c.count:
		return c.has.bitmap()
	case n > c.count/2:
		outside := c.gather(place{}, first, c.count-n, limit)
		outside.Or(c.gather(end, place{len(c.blocks), 0}, c.count-n, limit))
		return roaring.AndNot(c.has.bitmap(), outside)
	default:
		return c.gather(first, end, n, limit)
	}
}

// place is where a row stands in a column's order.
type place struct{ block, at int }

// rank counts the rows before a place.
func (c *column[V]) rank(p place) int {
	for _, b := range c.blocks[:p.block] {
		p.at += len(b)
	}
	return p.at
}

// gather returns the ords of the at most n rows from one place to another.
func (c *column[V]) gather(from, to place, n int, limit uint32) *roaring.Bitmap {
	g := newGatherer(n, limit)
	for ; from.block < len(c.blocks) && from.block <= to.block; from = (place{from.block + 1, 0}) {
		rows := c.blocks[from.block]
		if from.block == to.block {
			rows = rows[:to.at]
		}
		for _, row := range rows[min(from.at, len(rows)):] {
			g.add(c.ord(row))
		}
	}
	return g.bitmap()
}

// compare orders two rows as the column does, those without a value first.
func (c *column[V]) compare(a, b uint32) int {
	if x, y := c.value(a), c.value(b); x != y {
		if x < y {
			return -1
		}
		return 1
	}
	return cmp.Compare(c.ord(a), c.ord(b))
}

// walk calls visit for the rows that have a value, in order, those after (v,
// ord) only if started.
func (c *column[V]) walk(desc, started bool, v V, ord uint32, visit func(row uint32) bool) {
	if !desc {
		block, at := 0, 0
		if started {
			if block, at = c.seek(v, ord); block < len(c.blocks) {
				if row := c.blocks[block][at]; c.values[row] == v && c.ord(row) == ord {
					at++
				}
			}
		}
		for ; block < len(c.blocks); block, at = block+1, 0 {
			for _, row := range c.blocks[block][at:] {
				if !visit(row) {
					return
				}
			}
		}
		return
	}
	block, at := len(c.blocks), 0
	if started {
		block, at = c.seek(v, ord)
	}
	for {
		if at--; at < 0 {
			if block--; block < 0 {
				return
			}
			at = len(c.blocks[block]) - 1
		}
		if !visit(c.blocks[block][at]) {
			return
		}
	}
}

// share lets the rows of an ordered column that have one value hold one copy of
// it, and all values stand in one block of memory.
func share(c *column[string]) {
	rows := func(visit func(row uint32, first bool)) {
		last := c.none
		for _, block := range c.blocks {
			for _, row := range block {
				v := c.values[row]
				visit(row, v != last)
				last = v
			}
		}
	}
	size := 0
	rows(func(row uint32, first bool) {
		if first {
			size += len(c.values[row])
		}
	})
	var all strings.Builder
	all.Grow(size)
	rows(func(row uint32, first bool) {
		if first {
			all.WriteString(c.values[row])
		}
	})
	text, from, to := all.String(), 0, 0
	rows(func(row uint32, first bool) {
		if first {
			from, to = to, to+len(c.values[row])
		}
		c.values[row] = text[from:to]
	})
}
