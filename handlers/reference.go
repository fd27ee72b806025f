package handlers

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Reference is the API page: the same document, laid out for reading.
type Reference struct {
	Title, Description string
	Groups             []ReferenceGroup
	Types              []ReferenceType
}

// ReferenceGroup is the operations of one noun.
type ReferenceGroup struct {
	Name       string
	Operations []ReferenceOperation
}

// ReferenceOperation is one operation. Example is a request for the command line.
type ReferenceOperation struct {
	ID, Method, Path, Summary string
	Roles                     []string
	Scope, Limit              string
	Parameters                []ReferenceField
	BodyKinds                 []string
	Body                      ReferenceShape
	Answer                    ReferenceShape
	Status                    string
	Problems                  []string
}

// ReferenceField is a parameter or a field of a type. In is path, query or header, and empty for fields.
type ReferenceField struct {
	Name, In, Rules, Description string
	Required                     bool
	Shape                        ReferenceShape
}

// ReferenceShape says what a value is; Type names an entry of Types, or is empty.
type ReferenceShape struct{ Text, Type string }

// ReferenceType is one named type.
type ReferenceType struct {
	Name   string
	Fields []ReferenceField
}

func reference(d *Document) Reference {
	out := Reference{Title: d.Info.Title, Description: d.Info.Description}
	for _, tag := range d.Tags {
		g := ReferenceGroup{Name: tag.Name}
		for _, op := range d.order {
			if op.Tags[0] == tag.Name {
				g.Operations = append(g.Operations, referenceOperation(op))
			}
		}
		out.Groups = append(out.Groups, g)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		out.Types = append(out.Types, ReferenceType{name, fieldsOf(d.Components.Schemas[name])})
	}
	return out
}

func referenceOperation(op *Operation) ReferenceOperation {
	o := ReferenceOperation{ID: op.ID, Method: op.method, Path: op.path, Summary: op.Summary, Roles: op.Roles, Scope: op.Scope, Limit: op.Limit}
	for _, p := range op.Parameters {
		o.Parameters = append(o.Parameters, ReferenceField{p.Name, p.In, rulesOf(p.Schema), p.Description, p.Required, shapeOf(p.Schema)})
	}
	if op.Body != nil {
		o.BodyKinds = slices.Sorted(maps.Keys(op.Body.Content))
		o.Body = shapeOf(op.Body.Content[o.BodyKinds[0]].Schema)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		if r.Ref != "" {
			o.Problems = append(o.Problems, status)
			continue
		}
		o.Status = status
		for _, m := range r.Content {
			o.Answer = shapeOf(m.Schema)
		}
	}
	return o
}

func fieldsOf(schema any) []ReferenceField {
	s, _ := schema.(object)
	props, _ := s["properties"].(object)
	var must []any
	must, _ = s["required"].([]any)
	var out []ReferenceField
	for _, name := range slices.Sorted(maps.Keys(props)) {
		out = append(out, ReferenceField{Name: name, Rules: rulesOf(props[name]), Required: slices.Contains(must, any(name)), Shape: shapeOf(props[name])})
	}
	return out
}

// shapeOf says in a few words what a schema takes.
func shapeOf(schema any) ReferenceShape {
	s, _ := schema.(object)
	if place, ok := s["$ref"].(string); ok {
		name := strings.TrimPrefix(place, schemaPlace)
		return ReferenceShape{name, name}
	}
	if either, ok := s["anyOf"].([]any); ok && len(either) == 2 {
		one := shapeOf(either[0])
		one.Text += " | null"
		return one
	}
	kind, _ := s["type"].(string)
	switch {
	case kind == "array":
		one := shapeOf(s["items"])
		one.Text += "[]"
		return one
	case kind == "":
		kind = "any"
	}
	if format, ok := s["format"].(string); ok {
		kind = format
	}
	return ReferenceShape{Text: kind}
}

var ruleNames = []string{"enum", "x-taxonomy", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "uniqueItems", "default"}

// rulesOf lists the limits of a schema.
func rulesOf(schema any) string {
	s, _ := schema.(object)
	if either, ok := s["anyOf"].([]any); ok && len(either) == 2 {
		return rulesOf(either[0])
	}
	var out []string
	for _, name := range ruleNames {
		if v, ok := s[name]; ok {
			text, _ := json.Marshal(v) // plain JSON values: it cannot fail
			out = append(out, name+" "+string(text))
		}
	}
	return strings.Join(out, ", ")
}
