package app

import (
	"reflect"

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
			seen := make(map[string]bool, f.Len())
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

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "/" + name
}
