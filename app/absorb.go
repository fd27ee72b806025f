package app

import (
	"reflect"
	"slices"
	"strings"

	"qunxian/schemas"
)

// absorb adds what in says to doc: a value replaces one, a blank clears
// nothing, lists grow by what they lack, and an item that doc has already is
// completed, not doubled.
func absorb(doc, in reflect.Value) {
	for i := range doc.NumField() {
		f, d, n := doc.Type().Field(i), doc.Field(i), in.Field(i)
		switch {
		case f.Type == reflect.TypeFor[schemas.Meta](), f.Type == reflect.TypeFor[schemas.Tracked]():
		case f.Type == reflect.TypeFor[schemas.Time]():
		case d.Kind() == reflect.Struct:
			absorb(d, n)
		case d.Kind() == reflect.Slice && d.Type().Elem().Kind() == reflect.String:
			for j := range n.Len() {
				if !slices.ContainsFunc(elements(d), func(e reflect.Value) bool { return e.String() == n.Index(j).String() }) {
					d.Set(reflect.Append(d, n.Index(j)))
				}
			}
		case d.Kind() == reflect.Slice:
			for j := range n.Len() {
				item := n.Index(j)
				at := slices.IndexFunc(elements(d), func(e reflect.Value) bool { return sameItem(e.Interface(), item.Interface()) })
				if at < 0 {
					d.Set(reflect.Append(d, item))
					continue
				}
				absorb(d.Index(at), item)
			}
		case d.Kind() == reflect.Map:
			for _, k := range n.MapKeys() {
				if d.IsNil() {
					d.Set(reflect.MakeMap(d.Type()))
				}
				d.SetMapIndex(k, n.MapIndex(k))
			}
		case d.Kind() == reflect.String && d.String() != "" && squeeze(d.String()) == squeeze(n.String()):
			// other spaces or widths say nothing new
		case f.Name != "ID" && !n.IsZero():
			d.Set(n)
		}
	}
}

func elements(v reflect.Value) []reflect.Value {
	out := make([]reflect.Value, v.Len())
	for i := range out {
		out[i] = v.Index(i)
	}
	return out
}

// sameItem reports whether two items of a list speak of one thing.
func sameItem(a, b any) bool {
	switch x := a.(type) {
	case schemas.Contact:
		return x.Kind == b.(schemas.Contact).Kind && x.Value == b.(schemas.Contact).Value
	case schemas.Achievement:
		y := b.(schemas.Achievement)
		if x.Number != "" && y.Number != "" && x.Number != y.Number {
			return false
		}
		return squeeze(x.Title) == squeeze(y.Title)
	case schemas.Schooling:
		y := b.(schemas.Schooling)
		return agree(x.Level, y.Level) && agree(x.School, y.School) && agree(x.AsWritten, y.AsWritten) && agree(x.Degree, y.Degree)
	case schemas.Agreement:
		y := b.(schemas.Agreement)
		return agree(x.Number, y.Number) && agree(string(x.From), string(y.From)) && agree(x.Employer, y.Employer)
	case schemas.Title:
		return squeeze(x.Name) == squeeze(b.(schemas.Title).Name)
	case schemas.Member:
		return squeeze(x.Name) == squeeze(b.(schemas.Member).Name)
	case schemas.Qualification:
		return x.Kind == b.(schemas.Qualification).Kind
	}
	return false
}

// agree reports whether two values are equal, or one is not said.
func agree(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }
