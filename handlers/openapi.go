package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Document is OpenAPI 3.1 of the routes under /api/, made from their rows and types.
type Document struct {
	OpenAPI    string                           `json:"openapi"`
	Info       Info                             `json:"info"`
	Tags       []Tag                            `json:"tags"`
	Paths      map[string]map[string]*Operation `json:"paths"`
	Components Components                       `json:"components"`

	order []*Operation // as in the table
}

// Info names the document.
type Info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description,omitempty"`
}

// Tag is a group of operations: the noun in their paths.
type Tag struct {
	Name string `json:"name"`
}

// Components are what operations refer to.
type Components struct {
	Schemas         map[string]any      `json:"schemas"`
	Responses       map[string]Response `json:"responses"`
	SecuritySchemes map[string]any      `json:"securitySchemes"`
}

// Operation is one route. Roles, Scope and Limit are its Who.
type Operation struct {
	ID         string                `json:"operationId"`
	Summary    string                `json:"summary"`
	Tags       []string              `json:"tags"`
	Roles      []string              `json:"x-roles"`
	Scope      string                `json:"x-scope"`
	Limit      string                `json:"x-limit"`
	Security   []map[string][]string `json:"security"`
	Parameters []Parameter           `json:"parameters,omitempty"`
	Body       *Body                 `json:"requestBody,omitempty"`
	Responses  map[string]Response   `json:"responses"`

	method, path string
}

// Parameter is a value of the path, the query or a header.
type Parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Required    bool   `json:"required,omitempty"`
	Description string `json:"description,omitempty"`
	Style       string `json:"style,omitempty"`
	Explode     bool   `json:"explode,omitempty"`
	Schema      any    `json:"schema"`
}

// Body is what a request may send, by content type.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Media is one form of a body.
type Media struct {
	Schema any `json:"schema"`
}

// Response is one answer, or the place of a shared one.
type Response struct {
	Ref         string           `json:"$ref,omitempty"`
	Description string           `json:"description,omitempty"`
	Headers     map[string]any   `json:"headers,omitempty"`
	Content     map[string]Media `json:"content,omitempty"`
}

type object = map[string]any

// describe makes the document of the rows.
func describe(rows []Route) (*Document, error) {
	names := newSchemas()
	d := &Document{OpenAPI: "3.1.0", Info: Info{"Qunxian API", "1", "Times are RFC 3339 in UTC, days are YYYY-MM-DD of Asia/Shanghai. Errors are RFC 9457. Unknown names are refused."}, Paths: map[string]map[string]*Operation{}}
	problem, err := names.of(reflect.TypeFor[Problem]())
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		if !r.api() {
			continue
		}
		op, err := names.operation(r)
		if err != nil {
			return nil, fmt.Errorf("handlers: OpenAPI of %s: %w", r.Name, err)
		}
		if d.Paths[op.path] == nil {
			d.Paths[op.path] = map[string]*Operation{}
		}
		d.Paths[op.path][strings.ToLower(r.Method)] = op
		d.order = append(d.order, op)
		if !slices.Contains(d.Tags, Tag{op.Tags[0]}) {
			d.Tags = append(d.Tags, Tag{op.Tags[0]})
		}
	}
	d.Components = Components{
		Schemas:   names.all,
		Responses: map[string]Response{"Problem": {Description: "What went wrong.", Content: map[string]Media{problemType: {problem}}}},
		SecuritySchemes: object{
			"session": object{"type": "apiKey", "in": "cookie", "name": sessionCookie},
			"key":     object{"type": "http", "scheme": "bearer"},
		},
	}
	return d, nil
}

func (n *schemaNames) operation(r *Route) (*Operation, error) {
	op := &Operation{ID: r.Name, Summary: r.Doc, Tags: []string{tagOf(r.Path)}, Roles: r.Who.names(), Scope: r.scope(), Limit: r.class(), Security: []map[string][]string{{"session": {}}, {"key": {}}}, method: r.Method, path: braces(r.Path)}
	if r.Who.open {
		op.Security = append(op.Security, map[string][]string{})
	}
	p := r.Do.plan
	for _, s := range p.slots {
		if s.source == "form" {
			continue
		}
		schema, err := n.text(s)
		if err != nil {
			return nil, err
		}
		op.Parameters = append(op.Parameters, Parameter{Name: s.name, In: s.source, Required: s.required || s.source == "path", Schema: schema, Explode: s.typ.Kind() == reflect.Slice && s.source == "query"})
	}
	if p.list != nil {
		op.Parameters = append(op.Parameters, listParameters(p.list.of)...)
	}
	if err := n.body(op, r); err != nil {
		return nil, err
	}
	ok, err := n.success(r)
	if err != nil {
		return nil, err
	}
	op.Responses = map[string]Response{strconv.Itoa(r.Do.success()): ok}
	for _, status := range r.failures() {
		op.Responses[strconv.Itoa(status)] = Response{Ref: "#/components/responses/Problem"}
	}
	return op, nil
}

// success is the status of a success.
func (e *Endpoint) success() int {
	switch {
	case e.status != 0:
		return e.status
	case e.out == reflect.TypeFor[struct{}]():
		return fiber.StatusNoContent
	}
	return fiber.StatusOK
}

func (n *schemaNames) success(r *Route) (Response, error) {
	res := Response{Description: "Done."}
	switch {
	case r.Do.out == reflect.TypeFor[struct{}]():
		return res, nil
	case r.Do.out == reflect.TypeFor[File]():
		res.Description = "The file."
		res.Content = map[string]Media{r.Do.produces: {object{"type": "string", "format": "binary"}}}
		return res, nil
	}
	schema, err := n.of(r.Do.out)
	res.Content = map[string]Media{r.Do.produces: {schema}}
	if r.Do.out.Implements(reflect.TypeFor[meta]()) {
		res.Headers = object{fiber.HeaderETag: object{"description": "The version, for If-Match.", "schema": object{"type": "string"}}}
	}
	return res, err
}

func (n *schemaNames) body(op *Operation, r *Route) error {
	p := r.Do.plan
	switch {
	case p.body != nil && p.body.name == "merge":
		schema, err := n.patch(reflect.New(p.body.typ).Interface().(patch).of())
		op.Body = &Body{true, map[string]Media{"application/merge-patch+json": {schema}, fiber.MIMEApplicationJSON: {schema}}}
		return err
	case p.body != nil && p.body.name == "json":
		schema, err := n.of(p.body.typ)
		op.Body = &Body{true, map[string]Media{fiber.MIMEApplicationJSON: {schema}}}
		return err
	case p.takesBody():
		fields := object{}
		for _, s := range p.slots {
			if s.source == "form" {
				schema, err := n.text(s)
				if err != nil {
					return err
				}
				fields[s.name] = schema
			}
		}
		kind := "application/x-www-form-urlencoded"
		if p.body != nil {
			kind = "multipart/form-data"
			fields["file"] = object{"type": "array", "items": object{"type": "string", "format": "binary"}}
		}
		op.Body = &Body{true, map[string]Media{kind: {object{"type": "object", "properties": fields}}}}
	}
	return nil
}

// failures are the statuses that a route's problems may have.
func (r *Route) failures() []int {
	out := []int{400, 408, 429, 500, 503}
	p := r.Do.plan
	if !r.Who.open {
		out = append(out, 401, 403)
	}
	if p.paths() != "" {
		out = append(out, 404)
	}
	if p.takesBody() {
		out = append(out, 409, 413, 415, 507)
	}
	for _, s := range p.slots {
		if s.name == fiber.HeaderIfMatch {
			out = append(out, 412, 428)
		}
	}
	return out
}

// names are the roles of a Who as the document and the access matrix write them.
func (w *Who) names() []string {
	out := []string{}
	if w.open {
		out = append(out, "anyone")
	}
	for _, r := range w.roles {
		out = append(out, string(r))
	}
	if w.auditor {
		out = append(out, "auditor")
	}
	return out
}

func tagOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/api/"), "/")
	return parts[min(1, len(parts)-1)]
}

func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func listParameters(of string) []Parameter {
	text, whole := object{"type": "string"}, object{"type": "integer", "minimum": 1, "maximum": maxPage, "default": usualPage}
	return []Parameter{
		{Name: "q", In: "query", Description: "Text to search for.", Schema: object{"type": "string", "maxLength": maxQ}},
		{Name: "sort", In: "query", Description: "A field, with - before it for the greatest first.", Schema: text},
		{Name: "limit", In: "query", Schema: whole},
		{Name: "cursor", In: "query", Description: "The place that the page before named as next.", Schema: object{"type": "string", "maxLength": maxCursor}},
		{Name: "fields", In: "query", Description: "Fields to show, separated by commas.", Schema: text},
		{Name: "facets", In: "query", Description: "1 counts the values of each filter.", Schema: object{"type": "boolean"}},
		{Name: "where", In: "query", Description: fmt.Sprintf("Filters of %s by the names of their fields, custom ones among them: name=value, repeated for any of several; name_gte and name_lte for bounds. At most %d.", of, maxFilters), Style: "form", Explode: true, Schema: object{"type": "object", "additionalProperties": object{"type": "array", "items": text}}},
	}
}

// apiDocument is the endpoint of the document.
func apiDocument() Endpoint {
	e := endpoint[struct{}, json.RawMessage](fiber.MIMEApplicationJSON, func(c *fiber.Ctx, x *exchange, _ *struct{}) error {
		return sendJSON(c, x, x.server.document)
	})
	return e
}

// apiReference is the page of the document for people.
func apiReference() Endpoint {
	return page("reference", func(ctx context.Context, _ *struct{}) (Reference, error) {
		return reference(ctx.Value(exchangeKey{}).(*exchange).server.document), nil
	})
}
