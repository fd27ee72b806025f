package app

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"

	"qunxian/schemas"
)

// fieldDef is the definition of a collection's custom field, or nil.
func (a *App) fieldDef(coll, key string) *schemas.FieldDef {
	return a.fields.cached.find(func(f *schemas.FieldDef) bool { return f.Collection == coll && f.Key == key })
}

// FieldDefsOf returns the custom fields of a collection, in their order.
func (a *App) fieldDefsOf(coll string) []*schemas.FieldDef {
	var out []*schemas.FieldDef
	for _, f := range a.fields.cached.all() {
		if f.Collection == coll {
			out = append(out, f)
		}
	}
	return out
}

// checkAttributes types the custom fields of a document by their definitions.
func (a *App) checkAttributes(coll string, attributes map[string]any) []schemas.FieldError {
	var broken []schemas.FieldError
	add := func(key, rule, param string) {
		broken = append(broken, schemas.FieldError{Field: "attributes/" + key, Rule: rule, Param: param})
	}
	for key, v := range attributes {
		f := a.fieldDef(coll, key)
		switch {
		case f == nil:
			add(key, "unknown", "")
			continue
		}
		if rule, param := attributeRule(f, v); rule != "" {
			add(key, rule, param)
		}
	}
	for _, f := range a.fieldDefsOf(coll) {
		if v, ok := attributes[f.Key]; f.Required && !f.Retired && (!ok || v == "") {
			add(f.Key, "required", "")
		}
	}
	return broken
}

func attributeRule(f *schemas.FieldDef, v any) (rule, param string) {
	s, isText := v.(string)
	switch f.Kind {
	case "number":
		n, ok := number(v)
		switch {
		case !ok || math.IsNaN(n) || math.IsInf(n, 0):
			return "type", "number"
		case f.Min != nil && n < *f.Min:
			return "min", ftoa(*f.Min)
		case f.Max != nil && n > *f.Max:
			return "max", ftoa(*f.Max)
		}
	case "yesno":
		if _, ok := v.(bool); !ok {
			return "type", "yesno"
		}
	case "date":
		if !isText || !schemas.Date(s).Valid() {
			return "day", ""
		}
	case "choice":
		for _, c := range f.Choices {
			if isText && c.ID == s {
				return "", ""
			}
		}
		return "oneof", choiceNames(f)
	case "link":
		u, err := url.Parse(s)
		if !isText || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > 500 {
			return "link", ""
		}
	default:
		if !isText {
			return "type", "text"
		}
		if len([]rune(s)) > 2000 {
			return "max", "2000"
		}
	}
	return "", ""
}

func choiceNames(f *schemas.FieldDef) string {
	names := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		names[i] = c.ID
	}
	return strings.Join(names, " ")
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case json.Number:
		n, err := v.Float64()
		return n, err == nil
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	}
	return 0, false
}

func ftoa(n float64) string {
	b, _ := json.Marshal(n)
	return string(b)
}
