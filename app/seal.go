package app

import (
	"bytes"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"qunxian/app/text"
	"qunxian/schemas"
)

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }

func itoa(n int) string { return strconv.Itoa(n) }

// unmask puts the stored cipher text where a writer sends a value back as it
// was shown, masked or plain: that is no change, and history shows none.
func (d *documents[T, P]) unmask(doc, stored P) {
	old := map[string]schemas.Secret{}
	eachSecret(reflect.ValueOf(stored).Elem(), "", func(path string, s *schemas.Secret) { old[path] = *s })
	eachSecret(reflect.ValueOf(doc).Elem(), "", func(path string, s *schemas.Secret) {
		if *s == "" || s.Sealed() || !old[path].Sealed() {
			return
		}
		plain, err := d.open(doc.DocMeta().ID, path, old[path])
		row := d.shape.row(path)
		if err == nil && (plain == string(*s) || row != nil && Masked(row.Mask, contactKind(doc, path), plain) == string(*s)) {
			*s = old[path]
		}
	})
}

// seal encrypts the plain K3 values of doc. Cipher text that was not made for
// its place is refused: nobody moves it about.
func (d *documents[T, P]) seal(doc, stored P) error {
	var fields []schemas.FieldError
	coll, id := d.shape.coll, doc.DocMeta().ID
	eachSecret(reflect.ValueOf(doc).Elem(), "", func(path string, s *schemas.Secret) {
		switch {
		case *s == "":
		case s.Sealed():
			if _, err := d.app.keys.Open(coll, id, path, *s); err != nil {
				fields = append(fields, schemas.FieldError{Field: path, Rule: "sealed"})
			}
		default:
			*s = d.app.keys.Seal(coll, id, path, string(*s))
		}
	})
	if len(fields) > 0 {
		return &schemas.Error{Code: schemas.Invalid, Message: "error.invalid", Fields: fields}
	}
	if stored != nil {
		d.keepSealed(doc, stored)
	}
	return nil
}

// keepSealed takes the stored cipher text of values that were tidied into what
// is stored already.
func (d *documents[T, P]) keepSealed(doc, stored P) {
	old := map[string]schemas.Secret{}
	eachSecret(reflect.ValueOf(stored).Elem(), "", func(path string, s *schemas.Secret) { old[path] = *s })
	id := doc.DocMeta().ID
	eachSecret(reflect.ValueOf(doc).Elem(), "", func(path string, s *schemas.Secret) {
		if *s == old[path] || old[path] == "" || *s == "" {
			return
		}
		was, err1 := d.open(id, path, old[path])
		is, err2 := d.open(id, path, *s)
		if err1 == nil && err2 == nil && was == is {
			*s = old[path]
		}
	})
}

// eachSecret calls f for every Secret of a document with its leaf path.
func eachSecret(v reflect.Value, at string, f func(path string, s *schemas.Secret)) {
	for _, sf := range secretFields(v.Type()) {
		fv, next := v.Field(sf.index), at
		if sf.name != "" {
			next = join(at, sf.name)
		}
		switch fv.Kind() {
		case reflect.Struct:
			eachSecret(fv, next, f)
		case reflect.Slice:
			for j := range fv.Len() {
				eachSecret(fv.Index(j), join(next, fv.Index(j).FieldByName("ID").String()), f)
			}
		default:
			f(next, fv.Addr().Interface().(*schemas.Secret))
		}
	}
}

// secretField is a field of a struct that is a Secret or holds some; an
// embedded struct has no name.
type secretField struct {
	index int
	name  string
}

var secretFieldsOf sync.Map // reflect.Type → []secretField

// secretFields are the fields of a struct with secrets, found once.
func secretFields(t reflect.Type) []secretField {
	if found, ok := secretFieldsOf.Load(t); ok {
		return found.([]secretField)
	}
	var out []secretField
	for i := range t.NumField() {
		sf := t.Field(i)
		if !holdsSecret(sf.Type) {
			continue
		}
		one := secretField{index: i}
		if !sf.Anonymous {
			one.name = schemas.JSONName(sf)
		}
		out = append(out, one)
	}
	secretFieldsOf.Store(t, out)
	return out
}

func holdsSecret(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[schemas.Secret]():
		return true
	case t == reflect.TypeFor[schemas.Meta](), t == reflect.TypeFor[schemas.Time]():
		return false
	case t.Kind() == reflect.Struct:
		return len(secretFields(t)) > 0
	}
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && len(secretFields(t.Elem())) > 0
}

// open is the plain text of a K3 value, or "" where there is none.
func (d *documents[T, P]) open(id, path string, s schemas.Secret) (string, error) {
	if !s.Sealed() {
		return string(s), nil
	}
	return d.app.keys.Open(d.shape.coll, id, path, s)
}

// Masked is a K3 value as everybody may see it.
func Masked(mask, kind, plain string) string {
	if plain == "" {
		return ""
	}
	switch {
	case mask == "id":
		return text.MaskID(plain)
	case mask == "date":
		return text.MaskDate(plain)
	case mask == "contact" && (kind == "mobile" || kind == "phone"):
		return text.MaskPhone(plain)
	case mask == "contact" && kind == "email":
		return text.MaskEmail(plain)
	}
	return "••••"
}

// openAll puts plain text in the place of every sealed value.
func (d *documents[T, P]) openAll(doc P) error {
	var failed error
	id := doc.DocMeta().ID
	eachSecret(reflect.ValueOf(doc).Elem(), "", func(path string, s *schemas.Secret) {
		plain, err := d.open(id, path, *s)
		if err != nil {
			failed = err
		}
		*s = schemas.Secret(plain)
	})
	return failed
}

// opened is a copy of a document in plain text.
func (d *documents[T, P]) opened(doc P) (P, error) {
	out, err := copyOf[T](doc)
	if err != nil {
		return nil, err
	}
	return out, d.openAll(out)
}

// contactKind is the kind of the contact that a leaf belongs to, or "".
func contactKind(doc any, path string) string {
	var cs []schemas.Contact
	switch d := doc.(type) {
	case *schemas.Talent:
		cs = d.Contacts
	case *schemas.Enterprise:
		cs = d.Contacts
	}
	for _, c := range cs {
		if strings.HasPrefix(path, "contacts/"+c.ID+"/") {
			return c.Kind
		}
	}
	return ""
}

// mask replaces every K3 value of a document that was read for this answer by
// its masked form.
func (d *documents[T, P]) mask(doc P) (P, error) {
	if !d.shape.secret {
		return doc, nil
	}
	var err error
	id := doc.DocMeta().ID
	eachSecret(reflect.ValueOf(doc).Elem(), "", func(path string, s *schemas.Secret) {
		plain, openErr := d.open(id, path, *s)
		if openErr != nil {
			err = openErr
		}
		if row := d.shape.row(path); row != nil {
			*s = schemas.Secret(Masked(row.Mask, contactKind(doc, path), plain))
		}
	})
	return doc, err
}
