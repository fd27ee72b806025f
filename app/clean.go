package app

import (
	"reflect"
	"sync"

	"qunxian/app/text"
	"qunxian/schemas"
)

// longText are the fields whose text is kept as it was written, in whatever
// document; others say it by their tag.
var longText = map[string]bool{
	"bio": true, "notes": true, "content": true, "title": true, "products": true, "rankWritten": true, "asWritten": true,
	"tags": true, "specialties": true, "password": true,
	"note": true, "basis": true, "source": true, "section": true, "pending": true, "reason": true, "purpose": true, "evidence": true, "message": true, "notice": true,
}

// cleanStrings tidies every string of a document: short text loses invisible
// characters and odd spaces, long text keeps its bytes but for line ends, and
// what is no text at all is refused.
func cleanStrings(doc any) error {
	var c cleaner
	c.value("", reflect.ValueOf(doc), false)
	if len(c.refused) > 0 {
		return &schemas.Error{Code: schemas.Invalid, Message: "error.invalid", Fields: c.refused}
	}
	return nil
}

type cleaner struct{ refused []schemas.FieldError }

func (c *cleaner) value(at string, v reflect.Value, long bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(at, v.Elem(), long)
		}
	case reflect.Struct:
		for _, f := range textFields(v.Type()) {
			next := at
			if f.name != "" {
				next = join(at, f.name)
			}
			c.value(next, v.Field(f.index), f.long)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.value(join(at, itoa(i)), v.Index(i), long)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if s, ok := v.MapIndex(k).Interface().(string); ok {
				v.SetMapIndex(k, reflect.ValueOf(c.text(join(at, k.String()), s, true)))
			}
		}
	case reflect.String:
		if s := v.String(); s != "" {
			if clean := c.text(at, s, long); clean != s {
				v.SetString(clean)
			}
		}
	}
}

func (c *cleaner) text(at, s string, long bool) string {
	switch {
	case text.BadText(s):
		c.refused = append(c.refused, schemas.FieldError{Field: at, Rule: "text"})
		return s
	case long:
		return text.CleanLong(s)
	}
	return text.Clean(s)
}

// textField is a field of a struct that may hold text; an embedded struct has
// no name.
type textField struct {
	index int
	name  string
	long  bool
}

var textFieldsOf sync.Map // reflect.Type → []textField

// textFields are the fields of a struct that may hold text, found once.
func textFields(t reflect.Type) []textField {
	if found, ok := textFieldsOf.Load(t); ok {
		return found.([]textField)
	}
	var out []textField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == reflect.TypeFor[schemas.Meta]() || !holdsText(f.Type) {
			continue
		}
		name := schemas.JSONName(f)
		one := textField{i, name, longText[name] || f.Tag.Get("text") == "kept"}
		if f.Anonymous {
			one.name = ""
		}
		out = append(out, one)
	}
	textFieldsOf.Store(t, out)
	return out
}

func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holdsText(t.Elem())
	case reflect.String, reflect.Map:
		return true
	case reflect.Struct:
		return t != reflect.TypeFor[schemas.Time]()
	}
	return false
}
