package facets

import (
	"encoding/binary"
	"slices"
)

// pack makes a record's form in memory: the numbers of its facets, its spans,
// and their items. facets are ascending; spans are the numbers of the spans'
// codes.
func pack(c *Codes, facets, spans []uint32) string {
	var stack [512]byte
	dst := binary.AppendUvarint(stack[:0], uint64(len(facets)))
	last := uint32(0)
	for _, id := range facets {
		dst = binary.AppendUvarint(dst, uint64(id-last))
		last = id
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.Spans)))
	items := make([]string, 1, 16) // the first is no item
	before := int64(knownBase)
	for i := range c.Spans {
		s := &c.Spans[i]
		dst = binary.AppendUvarint(dst, uint64(spans[i]))
		item := 0
		if s.Item != "" {
			if item = slices.Index(items, s.Item); item < 0 {
				item = len(items)
				items = append(items, s.Item)
			}
		}
		dst = binary.AppendUvarint(dst, uint64(item))
		dst = appendTimes(dst, times{s.From, s.To, s.KnownFrom, s.KnownTo}, before)
		before = s.KnownFrom
	}
	for _, item := range items[1:] {
		if u, ok := parseULID(item); ok {
			dst = append(append(dst, 0), u[:]...)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(len(item)))
		dst = append(dst, item...)
	}
	return string(dst)
}

// eachFacet calls visit for the numbers of a packed record's facets, ascending,
// and returns the reader, which then stands before the spans.
func eachFacet(packed string, visit func(id uint32)) reader {
	r := reader{s: packed}
	id := uint32(0)
	for range r.uvarint() {
		id += uint32(r.uvarint())
		visit(id)
	}
	return r
}

// packedSpan is one span of a packed record.
type packedSpan struct {
	code uint32
	item uint32 // 0: none
	times
}

// eachSpan calls visit for each span of a packed record until it says stop,
// and returns the reader, which then stands before the items if all were read.
func eachSpan(packed string, visit func(s *packedSpan) bool) reader {
	r := eachFacet(packed, func(uint32) {})
	before := int64(knownBase)
	var s packedSpan
	for range r.uvarint() {
		s.code, s.item = r.uint32(), r.uint32()
		s.times = r.times(before)
		before = s.knownFrom
		if !visit(&s) {
			break
		}
	}
	return r
}

// items appends the items that follow a packed record's spans.
func (r *reader) items(dst []string) []string {
	for r.at < len(r.s) {
		if n := r.uvarint(); n > 0 {
			dst = append(dst, r.take(int(n)))
			continue
		}
		var u ulid
		copy(u[:], r.take(len(u)))
		dst = append(dst, u.String())
	}
	return dst
}

// unpackCodes appends the numbers of a packed record's facets to facets and
// those of its spans' codes, ascending and once each, to spans.
func unpackCodes(packed string, facets, spans []uint32) ([]uint32, []uint32) {
	eachFacet(packed, func(id uint32) { facets = append(facets, id) })
	eachSpan(packed, func(s *packedSpan) bool {
		spans = append(spans, s.code)
		return true
	})
	return facets, sorted(spans)
}

// sorted sorts numbers and drops repeated ones.
func sorted(numbers []uint32) []uint32 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
