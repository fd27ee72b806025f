package store

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// MaxIn is how many values an In may list.
const MaxIn = 10000

var (
	collName  = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$`)
	fieldName = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
)

// Check reports what is wrong with the declaration of a collection: names that
// are not plain words, fields declared twice, indexes of fields that are not
// declared or of an array beside others.
func (c Collection) Check() error {
	if !collName.MatchString(c.Name) || strings.HasSuffix(c.Name, ".history") {
		return fmt.Errorf("store: bad collection name %q", c.Name)
	}
	seen := map[string]bool{"id": true}
	for _, f := range c.Fields {
		if !fieldName.MatchString(f.Name) || seen[f.Name] {
			return fmt.Errorf("store: %s: bad field %q", c.Name, f.Name)
		}
		seen[f.Name] = true
	}
	for _, ix := range c.Indexes {
		if len(ix.Fields) == 0 {
			return fmt.Errorf("store: %s: an index without fields", c.Name)
		}
		for _, name := range ix.Fields {
			f, ok := c.field(name)
			if !ok || name == "id" {
				return fmt.Errorf("store: %s: index of %q, which is not a field", c.Name, name)
			}
			if f.Array && (len(ix.Fields) > 1 || ix.Unique) {
				return fmt.Errorf("store: %s: the array %q must be alone in its index and not unique", c.Name, name)
			}
		}
	}
	return nil
}

// field finds a declared field; id is one of them.
func (c Collection) field(name string) (Field, bool) {
	if name == "id" {
		return Field{Name: "id"}, true
	}
	i := slices.IndexFunc(c.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return c.Fields[i], true
}

// CheckRecord reports fields that are not declared or of a kind that no
// database keeps, a missing id, and entries where none are kept.
func (c Collection) CheckRecord(r Record) error {
	if r.ID == "" {
		return fmt.Errorf("store: %s: a record without id", c.Name)
	}
	if len(r.Entries) > 0 && !c.History {
		return fmt.Errorf("store: %s keeps no history", c.Name)
	}
	for name, v := range r.Fields {
		f, ok := c.field(name)
		if !ok || name == "id" {
			return fmt.Errorf("store: %s has no field %q", c.Name, name)
		}
		if f.Array {
			if _, ok := v.([]string); !ok {
				return fmt.Errorf("store: %s: array %s holds %T", c.Name, name, v)
			}
		} else if err := checkValue(v); err != nil {
			return fmt.Errorf("store: %s: field %s: %w", c.Name, name, err)
		}
	}
	return nil
}

func checkValue(v any) error {
	switch v := v.(type) {
	case string, bool, int, int64:
		return nil
	case float64:
		if math.IsNaN(v) {
			return fmt.Errorf("not a number")
		}
		return nil
	}
	return fmt.Errorf("a value of type %T", v)
}

// CheckQuery reports a query that names fields which are not declared, or
// values of kinds that no field has.
func (c Collection) CheckQuery(q Query) error {
	for _, cond := range q.Where {
		if err := c.checkCond(cond); err != nil {
			return fmt.Errorf("store: %s: %T: %w", c.Name, cond, err)
		}
	}
	fields, desc := q.Order()
	for i, o := range q.Sort {
		f, ok := c.field(o.Field)
		if !ok || f.Array || o.Desc != desc || o.Field == "id" && i < len(q.Sort)-1 {
			return fmt.Errorf("store: %s: cannot sort by %v", c.Name, q.Sort)
		}
	}
	if err := checkAfter(q.After, len(fields)); err != nil {
		return fmt.Errorf("store: %s: %w", c.Name, err)
	}
	for _, name := range q.With {
		if _, ok := c.field(name); !ok || name == "id" {
			return fmt.Errorf("store: %s has no field %q to return", c.Name, name)
		}
	}
	if q.Limit < 0 {
		return fmt.Errorf("store: %s: limit %d", c.Name, q.Limit)
	}
	return nil
}

func (c Collection) checkCond(cond Cond) error {
	name, array, values := "", false, []any(nil)
	switch cond := cond.(type) {
	case Eq:
		name, values = cond.Field, []any{cond.Value}
	case In:
		if len(cond.Values) > MaxIn {
			return fmt.Errorf("%d values are more than %d", len(cond.Values), MaxIn)
		}
		name, values = cond.Field, cond.Values
	case Between:
		name = cond.Field
		for _, v := range []any{cond.From, cond.To} {
			if v != nil {
				values = append(values, v)
			}
		}
	case Has:
		name, array = cond.Field, true
	case Exists:
		if _, ok := c.field(cond.Field); !ok {
			return fmt.Errorf("no field %q", cond.Field)
		}
		return nil
	}
	f, ok := c.field(name)
	if !ok || f.Array != array {
		return fmt.Errorf("no such field %q", name)
	}
	for _, v := range values {
		if err := checkValue(v); err != nil {
			return err
		}
	}
	return nil
}

func checkAfter(after []any, sorts int) error {
	if after == nil {
		return nil
	}
	if len(after) != sorts+1 {
		return fmt.Errorf("a cursor of %d values for %d sorts and the id", len(after), sorts)
	}
	if _, ok := after[sorts].(string); !ok {
		return fmt.Errorf("a cursor that ends in %T, not an id", after[sorts])
	}
	for _, v := range after[:sorts] {
		if v != nil {
			if err := checkValue(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// Order is the order of a query's answers: the fields that come before the id,
// and whether all of them and the id run downwards.
func (q Query) Order() (fields []string, desc bool) {
	for _, o := range q.Sort {
		if o.Field != "id" {
			fields = append(fields, o.Field)
		}
		desc = o.Desc
	}
	return fields, desc
}
