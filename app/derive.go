package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
)

// derived is what memory keeps of a document, made anew at each write.
type derived struct {
	facets.Codes
	newText bool // the slot is new: its text must be added
}

// pack makes the record of a document: body, cards, codes, fields, entries.
// history is the whole history, or nil where no fact has changed; had is the
// stored record, or nil for a new one.
func (d *documents[T, P]) pack(w *written[T, P], leaves schemas.Leaves, history []schemas.Entry, had *store.Record, newText bool) error {
	w.leaves = leaves
	m := w.doc.DocMeta()
	body, err := json.Marshal(w.doc)
	if err != nil {
		return err
	}
	w.rec = store.Record{ID: m.ID, Version: m.Version, Body: body, Fields: store.Fields{}}
	if d.keeps {
		for _, e := range w.entries {
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			w.rec.Entries = append(w.rec.Entries, raw)
		}
	}
	d.identify(w)
	if d.lists == nil {
		return nil
	}
	if w.rec.Cards, err = d.cards(w.doc, leaves); err != nil {
		return err
	}
	w.derived = d.derived(leaves)
	w.derived.Version, w.derived.newText = m.Version, newText
	w.derived.number("updatedAt", float64(m.UpdatedAt.UnixMilli()))
	w.derived.number("createdAt", float64(m.CreatedAt.UnixMilli()))
	if err := d.lists.place(&w.derived, had); err != nil {
		return err
	}
	if history != nil {
		w.derived.Spans = nil
		for _, s := range progress.Spans(history, d.lists.fact) {
			w.derived.Spans = append(w.derived.Spans, facets.Span(s))
		}
	}
	w.rec.Fields["slot"] = int64(w.derived.Slot)
	w.rec.Codes = facets.Append(nil, &w.derived.Codes)
	return nil
}

// identify sets the fields by which the store finds and guards a document.
func (d *documents[T, P]) identify(w *written[T, P]) {
	if op := opOf(w.entries); op != "" {
		w.rec.Fields["opId"] = op
	}
	if d.keys == nil {
		return
	}
	k := &keyed{ring: d.app.keys}
	d.keys(w.doc, k)
	if k.id != "" {
		w.rec.Fields["idKey"] = k.id
	}
	if k.name != "" {
		w.rec.Fields["nameKey"] = k.name
	}
	if len(k.all) > 0 {
		slices.Sort(k.all)
		w.rec.Fields["keys"] = slices.Compact(k.all)
	}
}

// opOf is the operation that made a document: that of its first entry.
func opOf(entries []schemas.Entry) string {
	if len(entries) > 0 && entries[0].Seq == 1 {
		return entries[0].OpID
	}
	return ""
}

func (d *derived) code(field string, codes ...string) {
	for _, c := range codes {
		f := facets.Facet{Field: field, Code: c}
		if c != "" && !slices.Contains(d.Facets, f) {
			d.Facets = append(d.Facets, f)
		}
	}
}

func (d *derived) number(field string, n float64) {
	d.Numbers = append(d.Numbers, facets.Number{Field: field, Value: n})
}

func (d *derived) key(field, s string) {
	if s != "" {
		d.Keys = append(d.Keys, facets.Key{Field: field, Value: s})
	}
}

// derived reads codes, numbers and sort keys off the leaves, in the order of
// their paths.
func (d *documents[T, P]) derived(leaves schemas.Leaves) derived {
	var out derived
	for _, path := range sortedKeys(leaves) {
		v := leaves[path]
		if key, ok := strings.CutPrefix(path, "attributes/"); ok {
			d.custom(&out, key, v)
			continue
		}
		f := d.shape.row(path)
		if f == nil || f.Class == schemas.K3 {
			continue
		}
		s := texts(v)
		if f.Facet {
			out.code(f.Name, s...)
		}
		if !f.Sort || len(s) == 0 {
			continue
		}
		switch f.Kind {
		case schemas.Number:
			if n, ok := number(v); ok {
				out.number(f.Name, n)
			}
		case schemas.Day:
			out.number(f.Name, float64(progress.DayOf(schemas.Date(s[0]))))
		case schemas.Coded:
			out.key(f.Name, d.app.orderKey(f.Taxonomy, s[0]))
		default:
			out.key(f.Name, text.SortKey(s[0]))
		}
	}
	if leaves["archivedOn"] != nil || leaves["mergedInto"] != nil {
		out.code("archived", "true")
	}
	return out
}

func (d *documents[T, P]) custom(out *derived, key string, v any) {
	f, name := d.app.fieldDef(d.shape.coll, key), "attributes."+key
	if f == nil {
		return
	}
	s := texts(v)
	switch f.Kind {
	case "number":
		if n, ok := number(v); ok {
			out.number(name, n)
		}
	case "date":
		if len(s) == 1 {
			out.number(name, float64(progress.DayOf(schemas.Date(s[0]))))
		}
	case "choice", "yesno":
		out.code(name, s...)
	default:
		if len(s) == 1 {
			out.key(name, text.SortKey(s[0]))
		}
	}
}

// orderKey sorts codes in the order of their taxonomy.
func (a *App) orderKey(taxonomy, code string) string {
	t := a.term(taxonomy, code)
	if t == nil {
		return "~" + code
	}
	return fmt.Sprintf("%05d%s", t.Order, code)
}

// The field letters of postings that are no leaf of their own.
const (
	soundLetter = 'P' // what a name sounds like
	fuzzyLetter = 'F' // what it nearly sounds like
	aliasLetter = 'I' // the other names of an institution, whole
)

// terms yields every search term of a document with its field letter.
func (d *documents[T, P]) terms(leaves schemas.Leaves, yield func(letter byte, gram string) bool) {
	for path, v := range leaves {
		f := d.shape.row(path)
		if f == nil {
			continue
		}
		if f.Name == "institution" {
			for _, id := range texts(v) {
				for _, name := range d.app.aliasesOf(id) {
					if !yield(aliasLetter, squeeze(name)) {
						return
					}
				}
			}
		}
		if f.Search == schemas.NotSearched {
			continue
		}
		letter := d.shape.letters[f.Path]
		for _, s := range texts(v) {
			grams := text.Grams(s)
			if f.Search == schemas.ByName {
				grams = append(grams, text.Unigrams(s)...)
				for _, t := range text.PinyinTerms(s) {
					if !yield(soundLetter, t) {
						return
					}
				}
				for _, t := range text.FuzzyTerms(s) {
					if !yield(fuzzyLetter, t) {
						return
					}
				}
			}
			for _, g := range grams {
				if !yield(letter, g) {
					return
				}
			}
		}
	}
}
