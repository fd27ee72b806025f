// Package facets holds in memory what lists, totals, facets, searches and
// as-of answers are made of: for one collection, a bitmap of records per code,
// ordered columns of numbers and text keys, dated spans, and postings of grams.
// It is fed by every write and rebuilt at start; it reads no text and no store.
package facets

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// ErrTaken is wrapped by the error of a record whose ord or slot another has.
var ErrTaken = errors.New("facets: number taken by another record")

// none is the number that no record has.
const none = math.MaxUint32

// Index holds the records of one collection. It is safe for concurrent use.
// Fields are made when a record first has them; a field that no record has is
// empty, not an error.
type Index struct {
	words vocabulary
	last  atomic.Uint32
	text  postings

	mu      sync.RWMutex
	byID    map[ulid]uint32   // rows
	byName  map[string]uint32 // rows of records whose id is no ULID
	names   map[uint32]string // their ids, by row
	rows    []row
	ords    []uint32 // by row; none for a free one
	free    []uint32 // rows
	removed map[string]int64

	numbers directory
	highest uint32 // ord
	all     *roaring.Bitmap
	still   *roaring.Bitmap // ords of records whose slot is their ord
	strayed *roaring.Bitmap // slots of the others
	moves   int             // how often a record took another slot
	lately  [1024]moved     // the last moves, by their number

	codes   []code            // by the vocabulary's number
	fields  map[string]*field // of facets
	figures map[string]*column[float64]
	keys    map[string]*column[string]
}

// row is what is kept of one record beside bitmaps and columns.
type row struct {
	id      ulid
	version int64
	packed  string
	slot    uint32
}

// moved tells of a record that left a slot.
type moved struct{ slot, ord uint32 }

// code is one code of a field.
type code struct {
	Facet
	now    set  // ords of records that have it
	ever   set  // ords of records that have a span of it
	listed bool // among its field's codes
}

// field is one facet field.
type field struct {
	codes []uint32 // that a record ever had
	has   set      // ords of records that have one
}

// New returns an empty index.
func New() *Index {
	ix := &Index{
		byID: make(map[ulid]uint32), byName: make(map[string]uint32), names: make(map[uint32]string),
		removed: make(map[string]int64),
		all:     roaring.New(), still: roaring.New(), strayed: roaring.New(),
		fields:  make(map[string]*field),
		figures: make(map[string]*column[float64]), keys: make(map[string]*column[string]),
	}
	ix.text.init()
	return ix
}

// Take hands out the next number, for a new record's ord and slot or for the
// slot of a record whose text changes. It never hands out one twice, nor one
// that a record or a persisted posting already has.
func (ix *Index) Take() uint32 { return ix.last.Add(1) }

// raise keeps Take above n.
func (ix *Index) raise(n uint32) {
	for {
		last := ix.last.Load()
		if last >= n || ix.last.CompareAndSwap(last, n) {
			return
		}
	}
}

// prepared is a record made ready, outside the lock, for its place.
type prepared struct {
	id            string
	key           ulid
	named         bool // the id is no ULID
	ord, slot     uint32
	version       int64
	facets, spans []uint32 // numbers of codes, ascending, once each
	figures       []Number
	keys          []Key
	packed        string
}

func (ix *Index) prepare(id string, c *Codes) prepared {
	p := prepared{id: id, ord: c.Ord, slot: c.Slot, version: c.Version}
	var isULID bool
	p.key, isULID = parseULID(id)
	p.named = !isULID
	numbers := make([]uint32, 0, len(c.Facets)+len(c.Spans))
	facets, spans := ix.words.number(c, numbers[:0:len(c.Facets)], numbers[len(c.Facets):len(c.Facets)])
	p.facets = sorted(facets)
	p.packed = pack(c, p.facets, spans)
	p.spans = sorted(spans)
	for _, n := range c.Numbers {
		if !math.IsNaN(n.Value) && !math.IsInf(n.Value, 0) {
			p.figures = append(p.figures, n)
		}
	}
	for _, k := range c.Keys {
		if k.Value != "" {
			p.keys = append(p.keys, Key{k.Field, strings.Clone(k.Value)})
		}
	}
	return p
}

// Apply adds a record or replaces what is held of it, unless a newer version is
// held or was removed. The error wraps ErrTaken.
func (ix *Index) Apply(id string, c *Codes) error {
	p := ix.prepare(id, c)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.install(&p, true)
}

// install puts a prepared record in its place. An unordered install leaves the
// order of the columns to arrange.
func (ix *Index) install(p *prepared, ordered bool) error {
	if at, ok := ix.removed[p.id]; ok {
		if p.version <= at {
			return nil
		}
		delete(ix.removed, p.id)
	}
	n, known := ix.rowOf(p.id, p.key, !p.named)
	if known && p.version < ix.rows[n].version {
		return nil
	}
	for _, number := range [...]uint32{p.ord, p.slot} {
		if other, ok := ix.numbers.row(number); number == none || ok && !(known && other == n) {
			return fmt.Errorf("%w: %d of %s", ErrTaken, number, p.id)
		}
	}
	ix.raise(max(p.ord, p.slot))
	if known && ix.ords[n] != p.ord {
		ix.uninstall(n, ordered)
		known = false
	}
	var oldFacets, oldSpans []uint32
	if known {
		var stack [128]uint32
		oldFacets, oldSpans = unpackCodes(ix.rows[n].packed, stack[:0:64], stack[64:64])
	} else {
		n = ix.place(p)
	}
	r := &ix.rows[n]
	ix.move(n, p.slot, known)
	r.version, r.packed = p.version, p.packed
	ix.recode(p.ord, oldFacets, p.facets, oldSpans, p.spans)
	ix.fill(n, p, known, ordered)
	return nil
}

// rowOf finds the row of a record.
func (ix *Index) rowOf(id string, key ulid, isULID bool) (n uint32, ok bool) {
	if isULID {
		n, ok = ix.byID[key]
	} else {
		n, ok = ix.byName[id]
	}
	return n, ok
}

// place gives a new record a row.
func (ix *Index) place(p *prepared) uint32 {
	var n uint32
	if last := len(ix.free) - 1; last >= 0 {
		n, ix.free = ix.free[last], ix.free[:last]
	} else {
		n = uint32(len(ix.rows))
		ix.rows = append(ix.rows, row{})
		ix.ords = append(ix.ords, none)
	}
	ix.rows[n] = row{id: p.key, slot: p.slot}
	ix.ords[n] = p.ord
	if p.named {
		id := strings.Clone(p.id)
		ix.byName[id], ix.names[n] = n, id
	} else {
		ix.byID[p.key] = n
	}
	ix.numbers.set(p.ord, n)
	ix.all.Add(p.ord)
	ix.highest = max(ix.highest, p.ord)
	return n
}

// move makes slot the present slot of a row.
func (ix *Index) move(n, slot uint32, known bool) {
	r, ord := &ix.rows[n], ix.ords[n]
	if known {
		if r.slot == slot {
			return
		}
		ix.lately[ix.moves%len(ix.lately)] = moved{r.slot, ord}
		ix.moves++
		ix.leave(n)
	}
	r.slot = slot
	if slot == ord {
		ix.still.Add(ord)
		return
	}
	ix.numbers.set(slot, n)
	ix.strayed.Add(slot)
}

// leave takes a row's present slot away.
func (ix *Index) leave(n uint32) {
	slot, ord := ix.rows[n].slot, ix.ords[n]
	if slot == ord {
		ix.still.Remove(ord)
		return
	}
	ix.strayed.Remove(slot)
	ix.numbers.clear(slot)
}

// recode brings the bitmaps of codes from a record's old ones to its new ones.
func (ix *Index) recode(ord uint32, oldFacets, facets, oldSpans, spans []uint32) {
	differ(oldFacets, facets, func(id uint32) {
		c := ix.code(id)
		c.now.remove(ord)
		ix.fields[c.Field].has.remove(ord)
	}, func(id uint32) {
		c := ix.code(id)
		if ix.fields[c.Field] == nil {
			ix.fields[c.Field] = new(field)
		}
		if !c.listed {
			c.listed = true
			f := ix.fields[c.Field]
			f.codes = append(f.codes, id)
		}
		c.now.add(ord)
	})
	for _, id := range facets {
		ix.fields[ix.codes[id].Field].has.add(ord)
	}
	differ(oldSpans, spans, func(id uint32) { ix.code(id).ever.remove(ord) }, func(id uint32) { ix.code(id).ever.add(ord) })
}

// code returns the code that has a number of the vocabulary.
func (ix *Index) code(id uint32) *code {
	for int(id) >= len(ix.codes) {
		ix.codes = append(ix.codes, code{Facet: ix.words.name(uint32(len(ix.codes)))})
	}
	return &ix.codes[id]
}

// differ calls gone for what is only in the first of two ascending lists, come
// for what is only in the second.
func differ(old, now []uint32, gone, come func(uint32)) {
	for len(old) > 0 || len(now) > 0 {
		switch {
		case len(now) == 0 || len(old) > 0 && old[0] < now[0]:
			gone(old[0])
			old = old[1:]
		case len(old) == 0 || now[0] < old[0]:
			come(now[0])
			now = now[1:]
		default:
			old, now = old[1:], now[1:]
		}
	}
}

// fill puts a record's values into the columns. Of a known row it first clears
// the fields that the record no longer has.
func (ix *Index) fill(n uint32, p *prepared, known, ordered bool) {
	if known {
		for name, c := range ix.figures {
			if !slices.ContainsFunc(p.figures, func(f Number) bool { return f.Field == name }) {
				c.put(n, c.none, ordered)
			}
		}
		for name, c := range ix.keys {
			if !slices.ContainsFunc(p.keys, func(k Key) bool { return k.Field == name }) {
				c.put(n, c.none, ordered)
			}
		}
	}
	for _, f := range p.figures {
		c := ix.figures[f.Field]
		if c == nil {
			c = &column[float64]{none: math.Inf(-1), ords: &ix.ords}
			ix.figures[strings.Clone(f.Field)] = c
		}
		c.put(n, f.Value, ordered)
	}
	for _, k := range p.keys {
		c := ix.keys[k.Field]
		if c == nil {
			c = &column[string]{ords: &ix.ords}
			ix.keys[strings.Clone(k.Field)] = c
		}
		c.put(n, k.Value, ordered)
	}
}

// Remove forgets a record, and any version of it up to the given one that comes
// later.
func (ix *Index) Remove(id string, version int64) {
	key, isULID := parseULID(id)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	n, ok := ix.rowOf(id, key, isULID)
	if ok && ix.rows[n].version > version {
		return
	}
	if at, gone := ix.removed[id]; !gone || version > at {
		ix.removed[strings.Clone(id)] = version
	}
	if ok {
		ix.uninstall(n, true)
	}
}

// uninstall takes a record out of everything.
func (ix *Index) uninstall(n uint32, ordered bool) {
	r, ord := &ix.rows[n], ix.ords[n]
	facets, spans := unpackCodes(r.packed, nil, nil)
	ix.recode(ord, facets, nil, spans, nil)
	for _, c := range ix.figures {
		c.put(n, c.none, ordered)
	}
	for _, c := range ix.keys {
		c.put(n, c.none, ordered)
	}
	ix.leave(n)
	ix.numbers.clear(ord)
	ix.all.Remove(ord)
	if id, ok := ix.names[n]; ok {
		delete(ix.byName, id)
		delete(ix.names, n)
	} else {
		delete(ix.byID, r.id)
	}
	*r = row{}
	ix.ords[n] = none
	ix.free = append(ix.free, n)
}

// id returns the id of a row's record.
func (ix *Index) id(n uint32) string {
	if id, ok := ix.names[n]; ok {
		return id
	}
	return ix.rows[n].id.String()
}

// Place is where a record stands in the index.
type Place struct {
	Ord, Slot uint32
	Version   int64
}

// Find returns where a record stands.
func (ix *Index) Find(id string) (Place, bool) {
	key, isULID := parseULID(id)
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	n, ok := ix.rowOf(id, key, isULID)
	if !ok {
		return Place{}, false
	}
	return Place{ix.ords[n], ix.rows[n].slot, ix.rows[n].version}, true
}

// ID returns the id of the record with an ord.
func (ix *Index) ID(ord uint32) (string, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	n, ok := ix.numbers.row(ord)
	if !ok || ix.ords[n] != ord {
		return "", false
	}
	return ix.id(n), true
}
