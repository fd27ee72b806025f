package handlers

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// at is the value at a path of names in plain JSON values.
func at(v any, names ...string) any {
	for _, n := range names {
		m, _ := v.(object)
		v = m[n]
	}
	return v
}

func TestOpenAPI(t *testing.T) {
	s := serve(t, nil)
	g := s.ask(t, "GET", "/api/v1/openapi.json", "", "")
	var doc object
	if err := json.Unmarshal([]byte(g.body), &doc); g.status != 200 || err != nil {
		t.Fatal(g.status, g.body)
	}
	if doc["openapi"] != "3.1.0" || at(doc, "info", "title") == "" || at(doc, "components", "securitySchemes", "key", "scheme") != "bearer" {
		t.Error(doc["info"])
	}
	checkPlaces(t, doc, doc)
	n := 0
	for _, r := range s.rows {
		op, there := at(doc, "paths", braces(r.Path), strings.ToLower(r.Method)).(object)
		if r.api() != there {
			t.Errorf("%s: described %v", r.Name, there)
		}
		if !there {
			continue
		}
		n++
		roles, _ := op["x-roles"].([]any)
		if op["operationId"] != r.Name || op["summary"] != r.Doc || len(roles) != len(r.Who.names()) || at(op, "responses", "500", "$ref") != "#/components/responses/Problem" {
			t.Errorf("%s: %v", r.Name, op)
		}
		for name := range strings.FieldsSeq(pathNames(r.Path)) {
			if p := parameter(op, "path", name); p["required"] != true {
				t.Errorf("%s: path %s is %v", r.Name, name, p)
			}
		}
	}
	if n < 8 {
		t.Errorf("%d operations", n)
	}
	update := at(doc, "paths", "/api/v1/things/{id}", "patch").(object)
	if parameter(update, "header", "If-Match")["required"] != true || at(update, "responses", "428") == nil || at(update, "responses", "200", "headers", "ETag") == nil {
		t.Error(update)
	}
	body := at(update, "requestBody", "content").(object)
	if len(body) != 2 || at(body, "application/merge-patch+json", "schema", "$ref") != "#/components/schemas/ThingFieldsPatch" {
		t.Error(body)
	}
	patch := at(doc, "components", "schemas", "ThingFieldsPatch").(object)
	if patch["required"] != nil || at(patch, "properties", "tags", "anyOf") == nil || at(patch, "properties", "version") != nil {
		t.Error(patch)
	}
	create := at(doc, "paths", "/api/v1/things", "post").(object)
	if parameter(create, "header", "Idempotency-Key") == nil || at(create, "responses", "201", "content", "application/json") == nil || at(create, "responses", "200") != nil {
		t.Error(create)
	}
	fields := at(doc, "components", "schemas", "ThingFields").(object)
	for _, tt := range []struct {
		got, want any
	}{
		{fields["required"], []any{"name"}},
		{at(fields, "properties", "name", "maxLength"), 80.0},
		{at(fields, "properties", "tags", "maxItems"), 3.0},
		{at(fields, "properties", "tags", "items", "maxLength"), 8.0},
		{at(fields, "properties", "count", "maximum"), 9.0},
		{at(fields, "properties", "kind", "enum"), []any{"red", "green"}},
		{at(fields, "properties", "tier", "x-taxonomy"), "tier"},
		{at(doc, "components", "schemas", "Date"), object{"type": "string", "format": "date"}},
		{at(doc, "components", "schemas", "Time"), object{"type": "string", "format": "date-time"}},
		{parameter(at(doc, "paths", "/api/v1/things", "get").(object), "query", "limit")["schema"], object{"type": "integer", "minimum": 1.0, "maximum": 200.0, "default": 50.0}},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Error(diff)
		}
	}
}

func parameter(op object, in, name string) object {
	list, _ := op["parameters"].([]any)
	for _, p := range list {
		if at(p, "in") == in && at(p, "name") == name {
			return p.(object)
		}
	}
	return nil
}

// checkPlaces finds every $ref that leads nowhere.
func checkPlaces(t *testing.T, doc object, v any) {
	t.Helper()
	switch v := v.(type) {
	case object:
		if place, ok := v["$ref"].(string); ok && at(doc, strings.Split(strings.TrimPrefix(place, "#/"), "/")...) == nil {
			t.Errorf("%s leads nowhere", place)
		}
		for _, one := range v {
			checkPlaces(t, doc, one)
		}
	case []any:
		for _, one := range v {
			checkPlaces(t, doc, one)
		}
	}
}

// TestSchemasOfTheDomain describes the real documents.
func TestSchemasOfTheDomain(t *testing.T) {
	n := newSchemas()
	for _, v := range []any{schemas.Talent{}, schemas.Team{}, schemas.Enterprise{}, schemas.Taxonomy{}, schemas.FieldDef{}, schemas.Target{}, schemas.Rule{}, schemas.Batch{}} {
		typ := reflect.TypeOf(v)
		if _, err := n.of(typ); err != nil {
			t.Fatal(err)
		}
		full, _ := n.all[typ.Name()].(object)
		props, _ := full["properties"].(object)
		for name := range jsonFields(typ) {
			if props[name] == nil {
				t.Errorf("%s has no %s", typ.Name(), name)
			}
		}
	}
	if b, _ := json.Marshal(n.all); strings.Contains(string(b), `"null"`) {
		t.Error("something may be null")
	}
}

func TestReference(t *testing.T) {
	s, err := New(&things{}, optionsOfTests(&logs{}))
	if err != nil {
		t.Fatal(err)
	}
	r := reference(s.Document())
	found := false
	for _, g := range r.Groups {
		for _, op := range g.Operations {
			if op.ID != "updateThing" {
				continue
			}
			found = true
			if g.Name != "things" || op.Method != "PATCH" || op.Path != "/api/v1/things/{id}" || op.Status != "200" || op.Answer.Type != "Thing" || op.Body.Type != "ThingFieldsPatch" || !slices.Contains(op.Problems, "428") || !slices.Equal(op.Roles, []string{"officer"}) {
				t.Errorf("%+v", op)
			}
		}
	}
	if !found {
		t.Error("no updateThing")
	}
	i := slices.IndexFunc(r.Types, func(t ReferenceType) bool { return t.Name == "ThingFields" })
	if i < 0 {
		t.Fatal("no ThingFields")
	}
	for _, f := range r.Types[i].Fields {
		if f.Name == "tags" && (f.Shape.Text != "string[]" || f.Rules != "maxItems 3") || f.Name == "name" && (!f.Required || f.Rules != "maxLength 80") {
			t.Errorf("%+v", f)
		}
	}
}
