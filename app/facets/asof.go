package facets

import (
	"iter"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// step is how many records an as-of answer looks at before it lets writers in.
const step = 2048

// AsOf returns the ords of the records that had one of a field's codes on a day
// as known at an instant; a clause Ords takes them.
func (ix *Index) AsOf(field string, codes []string, day int32, known int64) *roaring.Bitmap {
	ids := make([]uint32, 0, len(codes))
	var sets []*roaring.Bitmap
	ix.mu.RLock()
	for _, text := range codes {
		if id, ok := ix.words.find(field, text); ok && int(id) < len(ix.codes) {
			ids = append(ids, id)
			sets = append(sets, ix.codes[id].ever.bitmap())
		}
	}
	ever := union(sets).Clone()
	ix.mu.RUnlock()
	out := roaring.New()
	ix.each(ever, func(ord uint32, packed string) {
		eachSpan(packed, func(s *packedSpan) bool {
			if !s.hold(day, known) || !slices.Contains(ids, s.code) {
				return true
			}
			out.Add(ord)
			return false
		})
	})
	return out
}

// CodesAsOf returns, for each code of a field, the ords of the selected records
// that had it on a day as known at an instant.
func (ix *Index) CodesAsOf(q Query, field string, day int32, known int64) map[string]*roaring.Bitmap {
	ix.mu.RLock()
	selected := ix.matches(&q).Clone()
	ix.mu.RUnlock()
	out := make(map[string]*roaring.Bitmap)
	ix.each(selected, func(ord uint32, packed string) {
		eachSpan(packed, func(s *packedSpan) bool {
			if !s.hold(day, known) {
				return true
			}
			if c := &ix.codes[s.code]; c.Field == field {
				if out[c.Code] == nil {
					out[c.Code] = roaring.New()
				}
				out[c.Code].Add(ord)
			}
			return true
		})
	})
	return out
}

// SpansOf returns the spans of the record with an ord, as they were applied.
func (ix *Index) SpansOf(ord uint32) []Span {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	n, ok := ix.numbers.row(ord)
	if !ok || ix.ords[n] != ord {
		return nil
	}
	spans, _ := ix.spans(nil, nil, ix.rows[n].packed, nil)
	return spans
}

// Spans goes through the selected records in the order of their ords, each with
// its spans of the given fields, all fields if none is given. The slice is the
// iterator's: a step overwrites it. Records that change meanwhile come once, as
// they were before or after.
func (ix *Index) Spans(q Query, fields ...string) iter.Seq2[uint32, []Span] {
	return func(yield func(uint32, []Span) bool) {
		ix.mu.RLock()
		selected := ix.matches(&q).Clone()
		ix.mu.RUnlock()
		var spans []Span
		var items []string
		type part struct {
			ord      uint32
			from, to int
		}
		var parts []part
		ords, chunk := selected.ManyIterator(), make([]uint32, step/8)
		for {
			n := ords.NextMany(chunk)
			if n == 0 {
				return
			}
			spans, parts = spans[:0], parts[:0]
			ix.eachOf(chunk[:n], func(ord uint32, packed string) {
				from := len(spans)
				spans, items = ix.spans(spans, items[:0], packed, fields)
				parts = append(parts, part{ord, from, len(spans)})
			})
			for _, p := range parts {
				if !yield(p.ord, spans[p.from:p.to:p.to]) {
					return
				}
			}
		}
	}
}

// spans appends the spans of a packed record that belong to one of fields, or
// to any if there are none; items is room to work in.
func (ix *Index) spans(dst []Span, items []string, packed string, fields []string) ([]Span, []string) {
	from, wanted := len(dst), false
	var numbers [64]uint32 // of the items of the first spans
	more := numbers[:0]
	r := eachSpan(packed, func(s *packedSpan) bool {
		c := &ix.codes[s.code]
		if len(fields) > 0 && !slices.Contains(fields, c.Field) {
			return true
		}
		dst = append(dst, Span{c.Field, "", c.Code, s.from, s.to, s.knownFrom, s.knownTo})
		more = append(more, s.item)
		wanted = wanted || s.item > 0
		return true
	})
	if !wanted {
		return dst, items
	}
	items = r.items(append(items, ""))
	for i, number := range more {
		dst[from+i].Item = items[number]
	}
	return dst, items
}

// each calls visit for the records of a set that are still there, and lets
// writers in every so often.
func (ix *Index) each(set *roaring.Bitmap, visit func(ord uint32, packed string)) {
	ords, chunk := set.ManyIterator(), make([]uint32, step)
	for {
		n := ords.NextMany(chunk)
		if n == 0 {
			return
		}
		ix.eachOf(chunk[:n], visit)
	}
}

// eachOf calls visit, under the lock, for the given records.
func (ix *Index) eachOf(ords []uint32, visit func(ord uint32, packed string)) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, ord := range ords {
		if n, ok := ix.numbers.row(ord); ok && ix.ords[n] == ord {
			visit(ord, ix.rows[n].packed)
		}
	}
}
