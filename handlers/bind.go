package handlers

import (
	"encoding"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"qunxian/schemas"
)

// plan is how a request struct is filled. Each field has one source, named by one tag:
//
//	path:"id"   query:"tier"   header:"If-Match"   form:"name"   a value; required:"true" refuses its absence
//	query:"*" of:"talents"     a ListQuery over that collection
//	form:"*"                   a map[string][]string of the form's other values
//	body:"json"                the JSON body
//	body:"merge"               a Patch[T]
//	body:"multipart"           an *Upload; text parts before the first file fill the form fields
//
// Embedded structs are filled likewise.
type plan struct {
	slots  []slot
	query  map[string]bool
	form   map[string]bool
	body   *slot
	list   *slot
	others *slot
}

type slot struct {
	index    []int
	typ      reflect.Type
	source   string
	name     string
	of       string
	required bool
}

var sources = []string{"path", "query", "header", "form", "body"}

// newPlan reads the tags of a request struct. A field without a source is a mistake of the program.
func newPlan(t reflect.Type) *plan {
	p := &plan{query: map[string]bool{}, form: map[string]bool{}}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		s := slot{index: f.Index, typ: f.Type, of: f.Tag.Get("of"), required: f.Tag.Get("required") == "true"}
		for _, source := range sources {
			if name, ok := f.Tag.Lookup(source); ok && s.source == "" {
				s.source, s.name = source, name
			}
		}
		switch {
		case s.source == "" || !f.IsExported():
			panic(fmt.Sprintf("handlers: %s.%s has no source", t, f.Name))
		case s.source == "body":
			p.body = &s
		case s.source == "query" && s.name == "*":
			p.list = &s
		case s.source == "form" && s.name == "*":
			p.others = &s
		default:
			p.slots = append(p.slots, s)
			switch s.source {
			case "query":
				p.query[s.name] = true
			case "form":
				p.form[s.name] = true
			}
		}
	}
	return p
}

func (p *plan) takesBody() bool { return p != nil && (p.body != nil || p.takesForm()) }
func (p *plan) takesForm() bool { return len(p.form) > 0 || p.others != nil }

// paths are the names that are bound from the path, sorted.
func (p *plan) paths() string {
	var names []string
	for _, s := range p.slots {
		if s.source == "path" {
			names = append(names, s.name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// bind fills in, a pointer to the plan's struct. What it keeps, it has copied.
func (p *plan) bind(c *fiber.Ctx, x *exchange, in any) error {
	v := reflect.ValueOf(in).Elem()
	query, err := readPairs(string(c.Context().URI().QueryString()), maxKeys, false)
	if err != nil {
		return err
	}
	if err := p.bindList(x, v, query); err != nil {
		return err
	}
	var form pairs
	if p.takesBody() {
		form, err = p.bindBody(c, x, v)
	} else {
		err = noBody(c)
	}
	first := err // the fields are filled all the same, so that a refused form keeps them, and the page that it is of
	for _, s := range p.slots {
		var texts []string
		switch s.source {
		case "path":
			texts = []string{x.param(c, s.name)}
		case "query":
			texts = query.all(s.name)
		case "form":
			texts = form.all(s.name)
		case "header":
			for _, h := range c.Context().Request.Header.PeekAll(s.name) {
				texts = append(texts, string(h))
			}
		}
		if err := s.fill(v.FieldByIndex(s.index), texts); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (p *plan) bindList(x *exchange, v reflect.Value, query pairs) error {
	if p.list != nil {
		list, err := readList(query, x.server.collection(p.list.of), p.query)
		v.FieldByIndex(p.list.index).Set(reflect.ValueOf(list))
		return err
	}
	for _, one := range query {
		if !p.query[one.name] {
			return schemas.InvalidField(one.name, "unknown", "")
		}
	}
	return nil
}

func (s *slot) fill(v reflect.Value, texts []string) error {
	multiple := s.typ.Kind() == reflect.Slice
	if !multiple && s.source != "form" {
		texts = slices.DeleteFunc(texts, func(t string) bool { return t == "" })
	}
	switch {
	case len(texts) == 0 && s.required && s.name == "If-Match":
		return &schemas.Error{Code: schemas.NeedVersion, Message: "error.precondition_required"}
	case s.required && strings.Join(texts, "") == "": // an empty box of a form is sent all the same
		return schemas.InvalidField(s.name, "required", "")
	case len(texts) == 0:
		return nil
	case len(texts) > 1 && !multiple:
		return schemas.InvalidField(s.name, "repeated", "")
	}
	for _, text := range texts {
		rule := ""
		if !plainText(text, s.source == "form") {
			rule = "encoding"
		} else if multiple {
			each := reflect.New(s.typ.Elem()).Elem()
			if rule = setText(each, text); rule == "" {
				v.Set(reflect.Append(v, each))
			}
		} else {
			rule = setText(v, text)
		}
		if rule != "" {
			return schemas.InvalidField(s.name, rule, "")
		}
	}
	return nil
}

// setText sets v to what text says and names the rule that text breaks, if any.
func setText(v reflect.Value, text string) string {
	if t, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text != "" && t.UnmarshalText([]byte(text)) != nil {
			return "type"
		}
		if at, ok := t.(*schemas.Time); ok {
			*at = schemas.At(at.Time)
		}
		return ""
	}
	if text == "" && v.Kind() != reflect.String {
		return ""
	}
	var err error
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return setText(v.Elem(), text)
	case reflect.String:
		v.SetString(text)
		if day, ok := v.Interface().(schemas.Date); ok && text != "" && !day.Valid() {
			return "day"
		}
	case reflect.Bool:
		var b bool
		if b, err = truth(text); err == nil {
			v.SetBool(b)
		}
	case reflect.Int, reflect.Int64, reflect.Int32:
		var n int64
		if n, err = strconv.ParseInt(text, 10, v.Type().Bits()); err == nil {
			v.SetInt(n)
		}
	case reflect.Float64:
		var n float64
		if n, err = strconv.ParseFloat(text, 64); err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
			err = strconv.ErrRange
		} else if err == nil {
			v.SetFloat(n)
		}
	default:
		panic("handlers: cannot bind " + v.Type().String())
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		return "range"
	case err != nil:
		return "type"
	}
	return ""
}

// bindBody reads the body into its field, or gives the values of a form.
func (p *plan) bindBody(c *fiber.Ctx, x *exchange, v reflect.Value) (pairs, error) {
	if enc := c.Get(fiber.HeaderContentEncoding); enc != "" && enc != "identity" {
		return nil, unsupported()
	}
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if set := params["charset"]; err != nil || set != "" && !strings.EqualFold(set, "utf-8") {
		return nil, unsupported()
	}
	if p.body != nil && p.body.name == "multipart" {
		if kind != "multipart/form-data" || params["boundary"] == "" {
			return nil, unsupported()
		}
		up, form, err := newUpload(c, x, params["boundary"])
		if err != nil {
			return nil, err
		}
		v.FieldByIndex(p.body.index).Set(reflect.ValueOf(up))
		return p.sort(form, v)
	}
	merging := p.body != nil && p.body.name == "merge"
	switch {
	case p.body == nil && kind != "application/x-www-form-urlencoded",
		p.body != nil && kind != "application/json" && (!merging || kind != "application/merge-patch+json"):
		return nil, unsupported()
	}
	raw, err := readBody(c, x.route.size())
	if err != nil {
		return nil, err
	}
	if p.body == nil {
		form, err := readPairs(string(raw), 16*maxKeys, true)
		if err != nil {
			return nil, err
		}
		return p.sort(form, v)
	}
	into := v.FieldByIndex(p.body.index).Addr().Interface()
	if merging {
		return nil, into.(patch).read(raw)
	}
	return nil, readJSON(raw, into)
}

// sort puts the form's values that no field names into the field for others, or refuses them.
func (p *plan) sort(form pairs, v reflect.Value) (pairs, error) {
	others := map[string][]string{}
	for _, one := range form {
		switch {
		case p.form[one.name]:
		case p.others == nil:
			return nil, schemas.InvalidField(one.name, "unknown", "")
		default:
			others[one.name] = append(others[one.name], one.value)
		}
	}
	if p.others != nil {
		v.FieldByIndex(p.others.index).Set(reflect.ValueOf(others))
	}
	return form, nil
}

func unsupported() error {
	return &schemas.Error{Code: schemas.Unsupported, Message: "error.unsupported"}
}

func tooLarge() error { return &schemas.Error{Code: schemas.TooLarge, Message: "error.too_large"} }

// readBody reads a body of at most limit bytes into memory of its own.
func readBody(c *fiber.Ctx, limit int64) ([]byte, error) {
	req := &c.Context().Request
	if int64(req.Header.ContentLength()) > limit {
		return nil, tooLarge()
	}
	var raw []byte
	var err error
	if stream := req.BodyStream(); stream != nil {
		raw, err = io.ReadAll(&capped{stream, limit})
	}
	if x := exchangeOf(c.Context()); x != nil && len(req.Header.Peek("Idempotency-Key")) > 0 {
		x.sent = fmt.Appendf(nil, "%s %s\n%s", req.Header.Method(), req.RequestURI(), raw)
	}
	return raw, bodyError(err)
}

// bodyError says what went wrong while a body was read.
func bodyError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLong):
		return tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &schemas.Error{Code: schemas.Timeout, Message: "error.timeout"}
	}
	return &schemas.Error{Code: schemas.Invalid, Message: "error.malformed"}
}

// emptyBody is how much a body may be that says nothing.
const emptyBody = 64

// noBody refuses a body where none is taken; an empty object is none.
func noBody(c *fiber.Ctx) error {
	raw, err := readBody(c, emptyBody)
	if said := strings.Join(strings.Fields(string(raw)), ""); err == nil && said != "" && said != "{}" {
		err = &schemas.Error{Code: schemas.Invalid, Message: "error.no_body"}
	}
	return err
}

// version is a document's version as If-Match has it: "7".
type version int64

// UnmarshalText reads a strong entity tag of digits.
func (v *version) UnmarshalText(text []byte) error {
	n := len(text)
	if n < 3 || text[0] != '"' || text[n-1] != '"' {
		return strconv.ErrSyntax
	}
	value, err := strconv.ParseUint(string(text[1:n-1]), 10, 63)
	*v = version(value)
	return err
}
