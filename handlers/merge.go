package handlers

import (
	"encoding/json"
	"reflect"

	"qunxian/schemas"
)

// Patch is a JSON Merge Patch (RFC 7396) for a T. Bind has checked it against T: what it names, T has.
type Patch[T any] struct{ raw []byte }

// Apply changes what the patch names: null clears, a list is replaced whole, objects and maps are merged.
func (p Patch[T]) Apply(dst *T) error {
	if p.raw == nil {
		return nil
	}
	return applyPatch(dst, p.raw)
}

func (p *Patch[T]) read(raw []byte) error {
	p.raw = raw
	return checkPatch(raw, reflect.TypeFor[T]())
}

func (p *Patch[T]) of() reflect.Type { return reflect.TypeFor[T]() }

// patch is any Patch[T].
type patch interface {
	read(raw []byte) error
	of() reflect.Type
}

// merge applies a JSON Merge Patch to the struct that dst points to, read as strictly as any body. On an error dst is
// unchanged.
func merge(dst any, patch []byte) error {
	if err := checkPatch(patch, reflect.TypeOf(dst).Elem()); err != nil {
		return err
	}
	return applyPatch(dst, patch)
}

func checkPatch(raw []byte, t reflect.Type) error {
	if err := checkJSON(raw, t, true); err != nil {
		return err
	}
	if !isObject(raw) {
		return schemas.InvalidField("", "type", "")
	}
	return nil
}

func applyPatch(dst any, patch []byte) error {
	old, err := json.Marshal(dst)
	if err != nil {
		return err
	}
	merged, err := mergePatch(old, patch)
	if err != nil {
		return err
	}
	fresh := reflect.New(reflect.TypeOf(dst).Elem())
	if err := json.Unmarshal(merged, fresh.Interface()); err != nil {
		return schemas.InvalidField("", "type", "")
	}
	reflect.ValueOf(dst).Elem().Set(fresh.Elem())
	return nil
}

// mergePatch is MergePatch of RFC 7396, section 2.
func mergePatch(target, patch json.RawMessage) (json.RawMessage, error) {
	if !isObject(patch) {
		return patch, nil
	}
	var changes map[string]json.RawMessage
	if err := json.Unmarshal(patch, &changes); err != nil {
		return nil, err
	}
	merged := map[string]json.RawMessage{}
	if isObject(target) {
		if err := json.Unmarshal(target, &merged); err != nil {
			return nil, err
		}
	}
	for name, change := range changes {
		if string(change) == "null" {
			delete(merged, name)
			continue
		}
		value, err := mergePatch(merged[name], change)
		if err != nil {
			return nil, err
		}
		merged[name] = value
	}
	return json.Marshal(merged)
}

func isObject(raw []byte) bool {
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\r', '\n':
		case '{':
			return true
		default:
			return false
		}
	}
	return false
}
