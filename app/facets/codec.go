package facets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrCodes is wrapped by the errors of Decode.
var ErrCodes = errors.New("facets: broken codes")

// codecVersion is the first byte of encoded codes.
const codecVersion = 1

// knownBase keeps instants of our time short: 2020-01-01 in Unix milliseconds.
const knownBase = 1577836800000

// Append appends the compact form of c to dst: a version byte, three numbers,
// the table of its distinct strings, and lists that refer to the table.
func Append(dst []byte, c *Codes) []byte {
	var names table
	for _, f := range c.Facets {
		names.add(f.Field)
		names.add(f.Code)
	}
	for _, n := range c.Numbers {
		names.add(n.Field)
	}
	for _, k := range c.Keys {
		names.add(k.Field)
		names.add(k.Value)
	}
	for i := range c.Spans {
		names.add(c.Spans[i].Field)
		names.add(c.Spans[i].Item)
		names.add(c.Spans[i].Code)
	}
	dst = append(dst, codecVersion)
	dst = binary.AppendUvarint(dst, uint64(c.Ord))
	dst = binary.AppendUvarint(dst, uint64(c.Slot))
	dst = binary.AppendVarint(dst, c.Version)
	dst = binary.AppendUvarint(dst, uint64(len(names.list)))
	for _, s := range names.list {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = append(dst, s...)
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Facets)))
	for _, f := range c.Facets {
		dst = names.ref(dst, f.Field)
		dst = names.ref(dst, f.Code)
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Numbers)))
	for _, n := range c.Numbers {
		dst = names.ref(dst, n.Field)
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(n.Value))
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Keys)))
	for _, k := range c.Keys {
		dst = names.ref(dst, k.Field)
		dst = names.ref(dst, k.Value)
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Spans)))
	before := int64(knownBase)
	for i := range c.Spans {
		s := &c.Spans[i]
		dst = names.ref(dst, s.Field)
		dst = names.ref(dst, s.Item)
		dst = names.ref(dst, s.Code)
		dst = appendTimes(dst, times{s.From, s.To, s.KnownFrom, s.KnownTo}, before)
		before = s.KnownFrom
	}
	return dst
}

// Decode reads what Append wrote. Its strings share one copy of b.
func Decode(b []byte) (Codes, error) {
	var c Codes
	if len(b) == 0 || b[0] != codecVersion {
		return c, fmt.Errorf("%w: unknown version", ErrCodes)
	}
	r := reader{s: string(b), at: 1}
	c.Ord, c.Slot, c.Version = r.uint32(), r.uint32(), r.varint()
	var stack [96]string
	names := stack[:0]
	for range r.count(1) {
		names = append(names, r.take(r.count(1)))
	}
	name := func() string {
		if i := r.uvarint(); i < uint64(len(names)) {
			return names[i]
		}
		r.broken = true
		return ""
	}
	if n := r.count(2); n > 0 {
		c.Facets = make([]Facet, n)
		for i := range c.Facets {
			c.Facets[i] = Facet{name(), name()}
		}
	}
	if n := r.count(9); n > 0 {
		c.Numbers = make([]Number, n)
		for i := range c.Numbers {
			c.Numbers[i] = Number{name(), r.float()}
		}
	}
	if n := r.count(2); n > 0 {
		c.Keys = make([]Key, n)
		for i := range c.Keys {
			c.Keys[i] = Key{name(), name()}
		}
	}
	if n := r.count(6); n > 0 {
		c.Spans = make([]Span, n)
		before := int64(knownBase)
		for i := range c.Spans {
			s := &c.Spans[i]
			s.Field, s.Item, s.Code = name(), name(), name()
			t := r.times(before)
			s.From, s.To, s.KnownFrom, s.KnownTo = t.from, t.to, t.knownFrom, t.knownTo
			before = t.knownFrom
		}
	}
	if r.broken || r.at != len(r.s) {
		return Codes{}, fmt.Errorf("%w: %d bytes", ErrCodes, len(b))
	}
	return c, nil
}

// table numbers the distinct strings of one record.
type table struct {
	list []string
	at   map[string]int
}

func (t *table) add(s string) {
	if t.at == nil {
		t.at = make(map[string]int, 64)
	}
	if _, ok := t.at[s]; !ok {
		t.at[s] = len(t.list)
		t.list = append(t.list, s)
	}
}

func (t *table) ref(dst []byte, s string) []byte {
	return binary.AppendUvarint(dst, uint64(t.at[s]))
}

// Flags of a span's open ends.
const (
	openTo = 1 << iota
	openKnownTo
)

// appendTimes appends the numbers of a span, its first instant as the distance
// from before.
func appendTimes(dst []byte, t times, before int64) []byte {
	var flags byte
	if t.to == OpenDay {
		flags |= openTo
	}
	if t.knownTo == OpenKnown {
		flags |= openKnownTo
	}
	dst = append(dst, flags)
	dst = binary.AppendVarint(dst, int64(t.from))
	if flags&openTo == 0 {
		dst = binary.AppendVarint(dst, int64(t.to)-int64(t.from))
	}
	dst = binary.AppendVarint(dst, t.knownFrom-before)
	if flags&openKnownTo == 0 {
		dst = binary.AppendVarint(dst, t.knownTo-t.knownFrom)
	}
	return dst
}

// reader reads numbers and pieces of a string; once broken, it stays so and
// gives zeros.
type reader struct {
	s      string
	at     int
	broken bool
}

func (r *reader) uvarint() uint64 {
	var x uint64
	for shift := 0; shift < 64 && r.at < len(r.s); shift += 7 {
		b := r.s[r.at]
		r.at++
		if b < 0x80 {
			return x | uint64(b)<<shift
		}
		x |= uint64(b&0x7f) << shift
	}
	r.broken = true
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *reader) uint32() uint32 {
	u := r.uvarint()
	if u > math.MaxUint32 {
		r.broken = true
	}
	return uint32(u)
}

// count reads how many things of at least size bytes follow.
func (r *reader) count(size int) int {
	u := r.uvarint()
	if u > uint64((len(r.s)-r.at)/size) {
		r.broken = true
		return 0
	}
	return int(u)
}

func (r *reader) take(n int) string {
	if n > len(r.s)-r.at {
		r.broken = true
		return ""
	}
	r.at += n
	return r.s[r.at-n : r.at]
}

func (r *reader) float() float64 {
	s := r.take(8)
	if len(s) < 8 {
		return 0
	}
	var u uint64
	for i := range 8 {
		u |= uint64(s[i]) << (8 * i)
	}
	return math.Float64frombits(u)
}

func (r *reader) times(before int64) (t times) {
	if r.at >= len(r.s) {
		r.broken = true
		return t
	}
	flags := r.s[r.at]
	r.at++
	t.to, t.knownTo = OpenDay, OpenKnown
	t.from = int32(r.varint())
	if flags&openTo == 0 {
		t.to = int32(int64(t.from) + r.varint())
	}
	t.knownFrom = before + r.varint()
	if flags&openKnownTo == 0 {
		t.knownTo = t.knownFrom + r.varint()
	}
	return t
}
