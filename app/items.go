package app

import (
	"reflect"

	"qunxian/app/text"
	"qunxian/schemas"
)

// giveItemIDs gives every array item without an id one of its own; an item
// that keeps its id keeps its history. Two items of one id are refused.
func giveItemIDs(v reflect.Value, newID func() string) (twice []schemas.FieldError) {
	for i := range v.NumField() {
		f, sf := v.Field(i), v.Type().Field(i)
		switch {
		case f.Kind() == reflect.Struct && sf.Anonymous:
			twice = append(twice, giveItemIDs(f, newID)...)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			seen := map[string]bool{}
			for j := range f.Len() {
				id := f.Index(j).FieldByName("ID")
				switch {
				case !id.IsValid():
				case id.String() == "":
					id.SetString(newID())
				case seen[id.String()]:
					twice = append(twice, schemas.FieldError{Field: join(join(schemas.JSONName(sf), itoa(j)), "id"), Rule: "unique"})
				default:
					seen[id.String()] = true
				}
			}
		}
	}
	return twice
}

// ownItems gives a document lists of its own: what is tidied and sealed in it
// must not change in the hands of its maker.
func ownItems(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Struct && v.Type().Field(i).Anonymous:
			ownItems(f)
		case f.Kind() == reflect.Slice && f.Len() > 0:
			own := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(own, f)
			f.Set(own)
		}
	}
}

// cleanStrings tidies every string of a document: short text loses invisible
// characters and odd spaces, long text keeps its bytes but for line ends, and
// what is no text at all is refused.
func cleanStrings(doc any) error {
	var fields []schemas.FieldError
	var walk func(at string, v reflect.Value, long bool)
	walk = func(at string, v reflect.Value, long bool) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(at, v.Elem(), long)
			}
		case reflect.Struct:
			if _, ok := v.Interface().(schemas.Time); ok {
				return
			}
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if f.Type == reflect.TypeFor[schemas.Meta]() {
					continue
				}
				name := schemas.JSONName(f)
				next := at
				if !f.Anonymous {
					next = join(at, name)
				}
				walk(next, v.Field(i), longText[name] || f.Tag.Get("text") == "kept")
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(join(at, itoa(i)), v.Index(i), long)
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				if s, ok := v.MapIndex(k).Interface().(string); ok {
					if text.BadText(s) {
						fields = append(fields, schemas.FieldError{Field: join(at, k.String()), Rule: "text"})
					}
					v.SetMapIndex(k, reflect.ValueOf(text.CleanLong(s)))
				}
			}
		case reflect.String:
			s := v.String()
			if s == "" {
				return
			}
			if text.BadText(s) {
				fields = append(fields, schemas.FieldError{Field: at, Rule: "text"})
				return
			}
			if long {
				v.SetString(text.CleanLong(s))
			} else {
				v.SetString(text.Clean(s))
			}
		}
	}
	walk("", reflect.ValueOf(doc), false)
	if len(fields) > 0 {
		return &schemas.Error{Code: schemas.Invalid, Message: "error.invalid", Fields: fields}
	}
	return nil
}

// longText are the fields whose text is kept as it was written, in whatever document; others say it by their tag.
var longText = map[string]bool{
	"bio": true, "notes": true, "content": true, "title": true, "products": true, "rankWritten": true, "asWritten": true,
	"tags": true, "specialties": true, "password": true,
	"note": true, "basis": true, "source": true, "section": true, "pending": true, "reason": true, "purpose": true, "evidence": true, "message": true, "notice": true,
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "/" + name
}
