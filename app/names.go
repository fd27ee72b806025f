package app

import (
	"errors"
	"strconv"
	"strings"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// Names are the words that lists of a collection take.
type Names struct {
	app  *App
	coll string
	rows schemas.Catalogue
}

// Names returns the words that lists of a collection take, or nil.
func (a *App) Names(coll string) *Names {
	l := a.listing(coll)
	if l == nil {
		return nil
	}
	return &Names{a, coll, l.shape.rows}
}

func (n *Names) custom(name string) *schemas.FieldDef {
	key, ok := strings.CutPrefix(name, "attributes.")
	if !ok {
		return nil
	}
	return n.app.fieldDef(n.coll, key)
}

// Filters reports whether a list can be filtered by the codes of name.
func (n *Names) Filters(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind == "choice" || f.Kind == "yesno"
	}
	f := n.rows.Named(name)
	return f != nil && f.Facet
}

// Bounds reports whether a list can be filtered by a range of name.
func (n *Names) Bounds(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind == "number" || f.Kind == "date"
	}
	f := n.rows.Named(name)
	return name == "updatedAt" || name == "createdAt" || f != nil && f.Sort && (f.Kind == schemas.Number || f.Kind == schemas.Day)
}

// Sorts reports whether a list can be sorted by name.
func (n *Names) Sorts(name string) bool {
	if f := n.custom(name); f != nil {
		return f.Kind != "choice" && f.Kind != "yesno"
	}
	f := n.rows.Named(name)
	return name == "updatedAt" || name == "createdAt" || f != nil && f.Sort
}

// Shows reports whether name stands on a card.
func (n *Names) Shows(name string) bool {
	f := n.rows.Named(name)
	return name == "id" || name == "version" || name == "updatedAt" || name == "pinyin" || name == "attributes" || f != nil && f.Card != 0
}

// between reads a range of numbers, days or instants.
func (n *Names) between(name string, r Range) (facets.Clause, error) {
	if !n.Bounds(name) {
		return nil, invalid(name, "unknown", "")
	}
	f, def := n.rows.Named(name), n.custom(name)
	read := func(s string, end bool) (*float64, error) {
		if s == "" {
			return nil, nil
		}
		switch {
		case name == "updatedAt" || name == "createdAt":
			var t schemas.Time
			if d := schemas.Date(s); d.Valid() {
				t = schemas.At(d.Time())
				if end {
					t = schemas.At(d.AddDays(1).Time().Add(-1))
				}
			} else if err := t.UnmarshalJSON([]byte(strconv.Quote(s))); err != nil {
				return nil, invalid(name, "instant", "")
			}
			v := float64(t.UnixMilli())
			return &v, nil
		case def != nil && def.Kind == "date" || f != nil && f.Kind == schemas.Day:
			if !schemas.Date(s).Valid() {
				return nil, invalid(name, "day", "")
			}
			v := float64(progress.DayOf(schemas.Date(s)))
			return &v, nil
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || v != v {
			return nil, invalid(name, "type", "number")
		}
		return &v, nil
	}
	from, err1 := read(r.From, false)
	to, err2 := read(r.To, true)
	return facets.Between{Field: name, From: from, To: to}, errors.Join(err1, err2)
}
