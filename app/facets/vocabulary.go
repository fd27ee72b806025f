package facets

import (
	"strings"
	"sync"
)

// vocabulary numbers every pair of field and code that any record ever had, so
// that records hold numbers. Numbers are never given back.
type vocabulary struct {
	mu   sync.RWMutex
	ids  map[Facet]uint32
	list []Facet
	// fields holds one copy of each field's name.
	fields map[string]string
}

// find returns the number of a field's code, if a record ever had it.
func (v *vocabulary) find(field, code string) (uint32, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	id, ok := v.ids[Facet{field, code}]
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
		id, ok := v.ids[f]
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
	if id, ok := v.ids[f]; ok {
		return id
	}
	if v.ids == nil {
		v.ids, v.fields = make(map[Facet]uint32), make(map[string]string)
	}
	field, ok := v.fields[f.Field]
	if !ok {
		field = strings.Clone(f.Field)
		v.fields[field] = field
	}
	f = Facet{field, strings.Clone(f.Code)}
	id := uint32(len(v.list))
	v.ids[f] = id
	v.list = append(v.list, f)
	return id
}
