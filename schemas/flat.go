package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Leaves is a document laid flat: path → string, bool, json.Number, or a list
// of scalars. Items of arrays of objects stand under their "id"; the id itself
// is no leaf. Meta is left out.
type Leaves map[string]any

var metaNames = []string{"id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy"}

// Flatten lays a document flat.
func Flatten(doc any) (Leaves, error) {
	v := reflect.ValueOf(doc)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	out := make(Leaves, 64)
	return out, planOf(v.Type()).flatten(out, "", v, "")
}

// FlattenJSON lays a stored body flat.
func FlattenJSON(body []byte) (Leaves, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree map[string]any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	for _, n := range metaNames {
		delete(tree, n)
	}
	out := Leaves{}
	return out, out.walk("", tree)
}

func (l Leaves) walk(at string, tree map[string]any) error {
	for name, v := range tree {
		path := at + name
		switch v := v.(type) {
		case nil:
		case string:
			if v != "" { // an empty text is none
				l[path] = v
			}
		case map[string]any:
			if err := l.walk(path+"/", v); err != nil {
				return err
			}
		case []any:
			if len(v) == 0 {
				continue
			}
			if _, objects := v[0].(map[string]any); !objects {
				l[path] = v
				continue
			}
			for _, item := range v {
				m, _ := item.(map[string]any)
				id, _ := m["id"].(string)
				if id == "" {
					return fmt.Errorf("schemas: item of %s without id", path)
				}
				delete(m, "id")
				if err := l.walk(path+"/"+id+"/", m); err != nil {
					return err
				}
			}
		default:
			l[path] = v
		}
	}
	return nil
}

// Diff returns what must be set to turn a into b, sorted by path.
func Diff(a, b Leaves) []Change {
	var out []Change
	for p, to := range b {
		if from, ok := a[p]; !ok || !reflect.DeepEqual(from, to) {
			out = append(out, Change{p, a[p], to})
		}
	}
	for p, from := range a {
		if _, ok := b[p]; !ok {
			out = append(out, Change{Path: p, From: from})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Unflatten sets the leaves in doc, a pointer to a document. Items of lists
// come out in the order of their ids, which is the order of their making.
func Unflatten(l Leaves, doc any) error {
	v := reflect.ValueOf(doc).Elem()
	p := planOf(v.Type())
	for path, leaf := range l {
		if err := p.set(v, path, leaf); err != nil {
			return err
		}
	}
	return nil
}

// Lists returns the paths of a document type that are arrays of objects.
func Lists(t reflect.Type) map[string]bool {
	out := map[string]bool{}
	var walk func(at string, t reflect.Type)
	walk = func(at string, t reflect.Type) {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t == reflect.TypeFor[Time]() {
			return
		}
		for _, f := range reflect.VisibleFields(t) {
			if f.Anonymous || len(f.Index) > 1 && !promoted(t, f) {
				continue
			}
			name := JSONName(f)
			if name == "" || name == "-" {
				continue
			}
			ft := f.Type
			if ft.Kind() == reflect.Slice && ft.Elem().Kind() == reflect.Struct {
				out[at+name] = true
				continue // items hold scalars only
			}
			walk(at+name+"/", ft)
		}
	}
	walk("", t)
	return out
}

func promoted(t reflect.Type, f reflect.StructField) bool {
	for i := range f.Index[:len(f.Index)-1] {
		if !t.FieldByIndex(f.Index[:i+1]).Anonymous {
			return false
		}
	}
	return true
}

// JSONName is the name of a struct field in HTTP and in both stores.
func JSONName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
