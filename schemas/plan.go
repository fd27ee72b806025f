package schemas

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// plan is how one struct type is laid flat and built again, made once.
type plan struct {
	parts  []part
	byName map[string]*part
}

// part is one field of a struct, or of a struct embedded in it.
type part struct {
	name  string
	index []int
	kind  partKind
	empty bool  // omitempty or omitzero: a zero value is absent
	of    *plan // of a struct or of the items of a list
	typ   reflect.Type
}

type partKind int

const (
	scalarPart  partKind = iota
	pointerPart          // to a scalar
	wordsPart            // a list of strings
	structPart
	itemsPart // a list of structs with ids
	mapPart   // custom fields
	timePart
)

var plans sync.Map // reflect.Type → *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{byName: map[string]*part{}}
	p.add(t, nil)
	for i := range p.parts {
		p.byName[p.parts[i].name] = &p.parts[i]
	}
	plans.Store(t, p)
	return p
}

func (p *plan) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), at...), i)
		switch {
		case f.Type == reflect.TypeFor[Meta]():
			continue
		case f.Anonymous:
			p.add(f.Type, index)
			continue
		}
		name := JSONName(f)
		if name == "" || name == "-" {
			continue
		}
		tag := f.Tag.Get("json")
		q := part{name: name, index: index, typ: f.Type, empty: strings.Contains(tag, ",omitempty") || strings.Contains(tag, ",omitzero")}
		switch k := f.Type.Kind(); {
		case f.Type == reflect.TypeFor[Time]():
			q.kind = timePart
		case k == reflect.Struct:
			q.kind, q.of = structPart, planOf(f.Type)
		case k == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			if _, ok := f.Type.Elem().FieldByName("ID"); !ok {
				continue // items without ids are no leaves: history cannot speak of them
			}
			q.kind, q.of = itemsPart, planOf(f.Type.Elem())
		case k == reflect.Slice:
			q.kind = wordsPart
		case k == reflect.Map:
			q.kind = mapPart
		case k == reflect.Pointer:
			q.kind = pointerPart
		}
		p.parts = append(p.parts, q)
	}
}

// flatten adds the leaves of v. skip is the name of an item's id.
func (p *plan) flatten(out Leaves, at string, v reflect.Value, skip string) error {
	for i := range p.parts {
		q := &p.parts[i]
		if q.name == skip {
			continue
		}
		f := v.FieldByIndex(q.index)
		switch q.kind {
		case scalarPart:
			if leaf, ok := scalarOf(f); ok && !(q.empty && f.IsZero()) {
				out[at+q.name] = leaf
			}
		case pointerPart:
			if !f.IsNil() {
				if leaf, ok := scalarOf(f.Elem()); ok {
					out[at+q.name] = leaf
				}
			}
		case wordsPart:
			if n := f.Len(); n > 0 {
				list := make([]any, n)
				for j := range n {
					list[j], _ = scalarOf(f.Index(j))
				}
				out[at+q.name] = list
			}
		case timePart:
			if t := f.Interface().(Time); !t.IsZero() {
				out[at+q.name] = t.String()
			}
		case structPart:
			if err := q.of.flatten(out, at+q.name+"/", f, ""); err != nil {
				return err
			}
		case itemsPart:
			for j := range f.Len() {
				item := f.Index(j)
				id := item.FieldByName("ID").String()
				if id == "" {
					return fmt.Errorf("schemas: item of %s without id", at+q.name)
				}
				if err := q.of.flatten(out, at+q.name+"/"+id+"/", item, "id"); err != nil {
					return err
				}
			}
		case mapPart:
			for _, k := range f.MapKeys() {
				leaf, ok := scalarOf(f.MapIndex(k).Elem())
				if !ok {
					continue
				}
				out[at+q.name+"/"+k.String()] = leaf
			}
		}
	}
	return nil
}

// scalarOf is a value as JSON would give it back, and whether it is one: an
// empty text is none.
func scalarOf(v reflect.Value) (any, bool) {
	switch v.Kind() {
	case reflect.String:
		if n, ok := v.Interface().(json.Number); ok {
			return n, true
		}
		return v.String(), v.String() != ""
	case reflect.Bool:
		return v.Bool(), true
	case reflect.Int, reflect.Int64, reflect.Int32:
		return json.Number(strconv.FormatInt(v.Int(), 10)), true
	case reflect.Float64:
		b, err := json.Marshal(v.Float())
		return json.Number(b), err == nil
	}
	return nil, false
}

// set puts a leaf into v at a path below it.
func (p *plan) set(v reflect.Value, path string, leaf any) error {
	name, rest, deeper := strings.Cut(path, "/")
	q := p.byName[name]
	if q == nil {
		return fmt.Errorf("schemas: no field %q", path)
	}
	f := v.FieldByIndex(q.index)
	switch {
	case q.kind == structPart && deeper:
		return q.of.set(f, rest, leaf)
	case q.kind == itemsPart && deeper:
		id, below, ok := strings.Cut(rest, "/")
		if !ok {
			return fmt.Errorf("schemas: %q names no field of an item", path)
		}
		return q.of.set(itemOf(f, id), below, leaf)
	case q.kind == mapPart && deeper:
		if f.IsNil() {
			f.Set(reflect.MakeMap(f.Type()))
		}
		if n, ok := leaf.(json.Number); ok {
			number, err := n.Float64()
			if err != nil {
				return err
			}
			leaf = number
		}
		f.SetMapIndex(reflect.ValueOf(rest), reflect.ValueOf(leaf))
		return nil
	case deeper:
		return fmt.Errorf("schemas: nothing below %q", path)
	case q.kind == pointerPart:
		f.Set(reflect.New(f.Type().Elem()))
		return setScalar(f.Elem(), leaf)
	case q.kind == wordsPart:
		list, ok := leaf.([]any)
		if !ok {
			return fmt.Errorf("schemas: %q is no list", path)
		}
		f.Set(reflect.MakeSlice(f.Type(), len(list), len(list)))
		for i, e := range list {
			if err := setScalar(f.Index(i), e); err != nil {
				return err
			}
		}
		return nil
	case q.kind == timePart:
		s, _ := leaf.(string)
		return f.Addr().Interface().(*Time).UnmarshalJSON([]byte(strconv.Quote(s)))
	}
	return setScalar(f, leaf)
}

// itemOf is the item of a list with an id, added where there is none. The list
// stays in the order of ids.
func itemOf(list reflect.Value, id string) reflect.Value {
	n := list.Len()
	at := n
	for at > 0 {
		have := list.Index(at - 1).FieldByName("ID").String()
		if have == id {
			return list.Index(at - 1)
		}
		if have < id {
			break
		}
		at--
	}
	list.Set(reflect.Append(list, reflect.Zero(list.Type().Elem())))
	for i := n; i > at; i-- {
		list.Index(i).Set(list.Index(i - 1))
	}
	list.Index(at).SetZero()
	list.Index(at).FieldByName("ID").SetString(id)
	return list.Index(at)
}

func setScalar(v reflect.Value, leaf any) error {
	switch x := leaf.(type) {
	case string:
		if v.Kind() == reflect.String {
			v.SetString(x)
			return nil
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case json.Number:
		switch v.Kind() {
		case reflect.Int, reflect.Int64, reflect.Int32:
			n, err := x.Int64()
			v.SetInt(n)
			return err
		case reflect.Float64:
			n, err := x.Float64()
			v.SetFloat(n)
			return err
		}
	case float64:
		return setScalar(v, json.Number(strconv.FormatFloat(x, 'f', -1, 64)))
	}
	return fmt.Errorf("schemas: %T does not fit %s", leaf, v.Type())
}
