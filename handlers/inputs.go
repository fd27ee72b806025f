package handlers

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// Form is a form of a record. Version is the version it was made from, Key makes a second sending the same as the first.
type Form struct {
	Action, Version, Key, Item string
	Groups                     []Group
	Submit, SubmitIcon, Back   string
	Another, Remove, Grave     bool // a second button that saves and begins anew; one that removes; a red one
	EnterNext                  bool // Enter goes to the next field
	Draft                      string
	Unclassified               bool // shows the banner of what must not be entered
	Caution, RemoveText        string
}

// Group is some inputs of a form, folded away where Folded is.
type Group struct {
	Label, Hint string
	Folded      bool
	Inputs      []Input
}

// Input is one field of a form. Path is the field that an error names; Type is the component that draws it.
type Input struct {
	Name, Path, Label, Type, Hint, Placeholder, Blank, Min, Max, Step, Check string
	Value                                                                    any // a string, or the codes of a Multiple one
	Options                                                                  []web.Option
	Suggest                                                                  []string
	Required, Multiple, Private, Autofocus                                   bool
	Span, MaxLength, Rows                                                    int
	kind                                                                     schemas.Kind
	many, secret                                                             bool
}

// Draw is the input as a component of a page, with the page's error for it.
func (i Input) Draw(f web.Frame) web.Field {
	out := web.Field{
		Frame: f, Name: i.Name, Label: i.Label, Type: i.Type, Hint: i.Hint, Placeholder: i.Placeholder, Blank: i.Blank, Min: i.Min, Max: i.Max, Step: i.Step,
		Check: i.Check, Value: i.Value, Options: i.Options, Suggest: i.Suggest, Required: i.Required, Multiple: i.Multiple, Private: i.Private,
		Autofocus: i.Autofocus, Span: i.Span, MaxLength: i.MaxLength, Rows: max(i.Rows, 1), Error: f.Errors[i.Path], Autocomplete: "off",
	}
	if at, ok := strings.CutSuffix(i.Path, "/*"); ok && out.Error == "" {
		out.Error = f.Errors[at]
	}
	return out
}

// Problems are the errors of the page in the order of the form, those without an input last.
func (f Form) Problems(frame web.Frame) []web.Problem {
	var out []web.Problem
	left := map[string]string{}
	for path, text := range frame.Errors {
		left[path] = text
	}
	for _, g := range f.Groups {
		for _, i := range g.Inputs {
			if text := left[i.Path]; text != "" {
				out = append(out, web.Problem{Name: i.Name, Label: i.Label, Text: text})
				delete(left, i.Path)
			}
		}
	}
	for _, path := range sortedNames(left) {
		out = append(out, web.Problem{Label: path, Text: left[path]})
	}
	return out
}

// Open reports whether a folded group has something to show.
func (g Group) Open(frame web.Frame) bool {
	return !g.Folded || slices.ContainsFunc(g.Inputs, func(i Input) bool { return frame.Errors[i.Path] != "" || i.Type != "radios" && !empty(i.Value) })
}

func empty(v any) bool {
	s, ok := v.(string)
	return v == nil || ok && s == "" || !ok && reflect.ValueOf(v).Len() == 0
}

func sortedNames(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// input is the field of a form for a path of the catalogue, with the record's value in it.
func (w *wording) input(f *schemas.Field, name string, v any) Input {
	i := Input{Name: name, Path: strings.ReplaceAll(name, ".", "/"), Label: w.label(f.Name), Span: 4, kind: f.Kind, many: f.Many, secret: f.Class == schemas.K3, Value: typed(v)}
	i.Required = strings.HasSuffix(f.Path, "/name") && strings.HasPrefix(f.Path, "members/") || slices.Contains(required, f.Path)
	if key := "hint." + f.Name; web.HasText(key) {
		i.Hint = w.t(key)
	}
	switch {
	case i.secret:
		i.Type, i.Private, i.Placeholder, i.Value = "text", true, i.typedText(), ""
		if i.Placeholder != "" {
			i.Hint = w.t("registry.kept")
		}
	case f.Kind == schemas.Coded && f.Many && !strings.Contains(f.Path, "*"):
		i.Type, i.Multiple, i.Span, i.Value = "radios", true, 12, texts(v)
		i.Options = w.options(f.Taxonomy, texts(v)...)
	case f.Kind == schemas.Coded:
		i.Type, i.Blank, i.many = "select", w.t("form.choose"), false
		i.Options = w.options(f.Taxonomy, i.typedText())
	case choices[f.Path] != nil:
		i.Type, i.Blank = "select", w.t("form.choose")
		for _, c := range choices[f.Path] {
			i.Options = append(i.Options, web.Option{Value: c, Label: w.t("choice." + c)})
		}
	case isPerson(f):
		i.Type, i.Blank, i.Options = "select", w.t("registry.nobody"), w.officers(i.typedText())
	case f.Kind == schemas.YesNo:
		i.Type, i.Span = "checkbox", 12
	case f.Many:
		i.Type, i.Span, i.Value = "text", 6, w.join(texts(v))
		i.Hint = cmp.Or(i.Hint, w.t("registry.several"))
	case f.Kind == schemas.Day:
		i.Type = "date"
	case f.Kind == schemas.Long:
		i.Type, i.Span, i.Rows = "textarea", 12, 4
	case f.Kind == schemas.Number:
		i.Type, i.Step, i.Min = "number", "any", "0"
	default:
		i.Type = "text"
	}
	if f.Path == "track" {
		i.Type, i.Blank = "radios", ""
	}
	return i
}

// required are the fields that a record or an item cannot do without.
var required = []string{"name", "achievements/*/title", "integrity/*/docNo", "integrity/*/body", "integrity/*/from", "ties/*/kind", "contacts/*/kind", "contacts/*/value", "qualifications/*/kind"}

func (i Input) typedText() string { s, _ := i.Value.(string); return s }

// typed is a stored value as a form has it.
func typed(v any) any {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// texts are the strings of a stored list.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, one := range list {
		if s, ok := one.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// options are the live codes of a taxonomy, and those that the record has already.
func (w *wording) options(taxonomy string, had ...string) []web.Option {
	var out []web.Option
	for _, t := range w.terms(taxonomy) {
		if !t.Retired || slices.Contains(had, t.ID) {
			out = append(out, web.Option{Value: t.ID, Label: w.code(taxonomy, t.ID)})
		}
	}
	return out
}

// officers are those who may own a record.
func (w *wording) officers(had string) []web.Option {
	users, err := w.app.ListUsers(w.ctx)
	if err != nil {
		return nil
	}
	var out []web.Option
	for _, u := range users {
		if u.Is(schemas.Officer) && !u.Disabled || u.ID == had {
			out = append(out, web.Option{Value: u.ID, Label: w.person(u.ID)})
		}
	}
	return out
}

// customInput is the field of a form for a custom field.
func (w *wording) customInput(f *schemas.FieldDef, v any) Input {
	i := Input{Name: "attributes." + f.Key, Path: "attributes/" + f.Key, Label: w.customName(f.Key), Type: "text", Span: 4, Required: f.Required, Value: typed(v)}
	switch f.Kind {
	case "number":
		i.Type, i.Step, i.kind = "number", "any", schemas.Number
	case "yesno":
		i.Type, i.kind = "checkbox", schemas.YesNo
	case "date":
		i.Type = "date"
	case "link":
		i.Type, i.Placeholder = "url", "https://"
	case "choice":
		i.Type, i.Blank = "select", w.t("form.choose")
		for _, c := range f.Choices {
			i.Options = append(i.Options, web.Option{Value: c.ID, Label: c.Name})
		}
	}
	return i
}

// groups are the inputs of a record's whole form.
func (w *wording) groups(r record) []Group {
	var out []Group
	for _, s := range w.noun.sections {
		g := Group{Label: w.t("registry.section." + s.key), Inputs: w.inputs(r, s.paths)}
		if len(g.Inputs) > 0 {
			out = append(out, g)
		}
	}
	g := Group{Label: w.t("registry.section.custom")}
	for _, f := range w.customs() {
		if v := r.at("attributes/" + f.Key); !f.Retired || v != nil {
			g.Inputs = append(g.Inputs, w.customInput(f, v))
		}
	}
	if len(g.Inputs) > 0 {
		out = append(out, g)
	}
	return out
}

func (w *wording) inputs(r record, paths []string) []Input {
	var out []Input
	for _, path := range paths {
		f := w.noun.rows.At(path)
		if f == nil || f.Derived || path == "birthYear" {
			continue
		}
		i := w.input(f, strings.ReplaceAll(path, "/", "."), r.at(path))
		if path == "employer/name" || path == "host/name" {
			i.Suggest = w.firms()
		}
		out = append(out, i)
	}
	return out
}

// firms are the names of enterprises that a form suggests.
func (w *wording) firms() []string {
	l, err := w.app.ListEnterprises(w.ctx, app.ListQuery{Sort: "name", Limit: maxPage, On: schemas.Viewer})
	if err != nil {
		return nil
	}
	out := make([]string, 0, len(l.Cards))
	for _, c := range l.Cards {
		var shown struct{ Name string }
		if json.Unmarshal(c, &shown) == nil {
			out = append(out, shown.Name)
		}
	}
	return out
}

// putIn puts what was sent into the inputs.
func putIn(groups []Group, values map[string][]string) {
	for g := range groups {
		for i := range groups[g].Inputs {
			in := &groups[g].Inputs[i]
			if sent, ok := values[in.Name]; ok {
				in.Value = in.sent(sent)
			}
		}
	}
}

// sent is a form's value of an input in the form of its Value.
func (i Input) sent(values []string) any {
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if i.Multiple {
		return values
	}
	return strings.Join(values, "\n")
}

// patch is the merge patch of what was sent and differs from what the form showed. Inputs that were not sent stay as
// they are, and so do secret ones that were sent empty.
func patchOf(groups []Group, values map[string][]string) (json.RawMessage, error) {
	tree := map[string]any{}
	seen := map[string]bool{}
	for _, g := range groups {
		for _, i := range g.Inputs {
			seen[i.Name] = true
			sent, ok := values[i.Name]
			if !ok || i.same(i.sent(sent)) {
				continue
			}
			v, rule := i.stored(i.sent(sent))
			if rule != "" {
				return nil, schemas.InvalidField(i.Path, rule, "")
			}
			put(tree, i.Path, v)
		}
	}
	for name := range values {
		if !seen[name] {
			return nil, schemas.InvalidField(name, "unknown", "")
		}
	}
	return json.Marshal(tree)
}

func (i Input) same(v any) bool {
	return reflect.DeepEqual(v, i.Value) || empty(v) && empty(i.Value) || i.kind == schemas.YesNo && empty(v) && i.Value == "false"
}

// stored is a form's value as a document holds it; nil clears.
func (i Input) stored(v any) (any, string) {
	s, one := v.(string)
	switch {
	case empty(v):
		return nil, ""
	case !one:
		return v, ""
	case i.many:
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }), ""
	case i.kind == schemas.YesNo:
		return s == "true", ""
	case i.kind == schemas.Number:
		if n := json.Number(strings.TrimSpace(s)); json.Valid([]byte(n)) {
			return n, ""
		}
		return nil, "type"
	}
	return s, ""
}

func put(tree map[string]any, path string, v any) {
	first, rest, more := strings.Cut(path, "/")
	if !more {
		tree[first] = v
		return
	}
	next, ok := tree[first].(map[string]any)
	if !ok {
		next = map[string]any{}
		tree[first] = next
	}
	put(next, rest, v)
}
