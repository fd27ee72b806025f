package facets

import (
	"slices"
	"strings"
	"sync"
)

// vocabulary numbers every pair of field and code that any record ever had, so
// that records hold numbers. Numbers are never given back.
type vocabulary struct {
	mu   sync.RWMutex
	ids  map[string]fieldCodes
	list []Facet
}

// fieldCodes is the numbers of one field's codes, and the one copy of its name.
type fieldCodes struct {
	name string
	ids  map[string]uint32
}

// find returns the number of a field's code, if a record ever had it.
func (v *vocabulary) find(field, code string) (uint32, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	id, ok := v.ids[field].ids[code]
	return id, ok
}

// name returns the field and code that have a number.
func (v *vocabulary) name(id uint32) Facet {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.list[id]
}

// number writes the numbers of a record's facets and span codes to ids, new
// ones included; those of an empty field or code are left out of facets.
func (v *vocabulary) number(c *Codes, facets, spans []uint32) ([]uint32, []uint32) {
	v.mu.RLock()
	locked := false // for writing
	id := func(f Facet) uint32 {
		id, ok := v.ids[f.Field].ids[f.Code]
		if ok {
			return id
		}
		if !locked {
			v.mu.RUnlock()
			v.mu.Lock()
			locked = true
		}
		return v.add(f)
	}
	for _, f := range c.Facets {
		if f.Field != "" && f.Code != "" {
			facets = append(facets, id(f))
		}
	}
	for i := range c.Spans {
		spans = append(spans, id(Facet{c.Spans[i].Field, c.Spans[i].Code}))
	}
	if locked {
		v.mu.Unlock()
	} else {
		v.mu.RUnlock()
	}
	return facets, spans
}

// add numbers a pair, with strings of its own: those given may belong to a
// whole record.
func (v *vocabulary) add(f Facet) uint32 {
	if id, ok := v.ids[f.Field].ids[f.Code]; ok {
		return id
	}
	if v.ids == nil {
		v.ids = make(map[string]fieldCodes)
	}
	codes, ok := v.ids[f.Field]
	if !ok {
		codes = fieldCodes{strings.Clone(f.Field), make(map[string]uint32)}
		v.ids[codes.name] = codes
	}
	f = Facet{codes.name, strings.Clone(f.Code)}
	id := uint32(len(v.list))
	codes.ids[f.Code] = id
	v.list = append(v.list, f)
	return id
}

// tighten gives the list the size that it needs.
func (v *vocabulary) tighten() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = slices.Clone(v.list)
}
