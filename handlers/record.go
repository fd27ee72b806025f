package handlers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// record is a document of the registry laid out as a tree of JSON, to be shown by its catalogue.
type record struct {
	meta *schemas.Meta
	tree map[string]any
}

func newRecordOf(doc meta) (record, error) {
	r := record{meta: doc.DocMeta()}
	b, err := json.Marshal(doc)
	if err != nil {
		return r, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return r, d.Decode(&r.tree)
}

// at is the value of a path, or nil.
func (r record) at(path string) any {
	var v any = r.tree
	for name := range strings.SplitSeq(path, "/") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func (r record) text(path string) string {
	s, _ := r.at(path).(string)
	return s
}

// items are the entries of a list, in their order.
func (r record) items(list string) []record {
	all, _ := r.tree[list].([]any)
	out := make([]record, 0, len(all))
	for _, one := range all {
		if m, ok := one.(map[string]any); ok {
			out = append(out, record{r.meta, m})
		}
	}
	return out
}

// forViewer leaves of a document only what stands on a viewer's card.
func forViewer[T any, P schemas.Document[T]](doc P, rows schemas.Catalogue, lists map[string]bool) (P, error) {
	leaves, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	for path := range leaves {
		if f := rows.At(path); f == nil || f.Card&schemas.Viewer == 0 {
			delete(leaves, path)
		}
	}
	out := P(new(T))
	if err := schemas.Unflatten(leaves, out); err != nil {
		return nil, err
	}
	m := out.DocMeta()
	*m = *doc.DocMeta()
	m.CreatedBy, m.UpdatedBy = "", ""
	return out, nil
}

// wording puts records into the words of the reader's language: names of fields, codes, days and people.
type wording struct {
	ctx    context.Context
	app    *app.App
	frame  web.Frame // of language and clock, for days and numbers
	noun   *noun
	lists  map[string]*schemas.Taxonomy
	people map[string]string
}

func (h *Handlers) wording(ctx context.Context, n *noun) (*wording, error) {
	w := &wording{ctx: ctx, app: h.App, noun: n, lists: map[string]*schemas.Taxonomy{}, people: map[string]string{}}
	w.frame = web.Frame{Lang: langOf(ctx), Now: h.App.Now()}
	all, err := h.App.ListTaxonomies(ctx)
	for _, t := range all {
		w.lists[t.ID] = t
	}
	return w, err
}

// langOf is the language of the answer.
func langOf(ctx context.Context) string {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x.lang
	}
	return web.Languages[0]
}

func (w *wording) t(key string, args ...any) string { return w.frame.T(key, args...) }

// say is the noun's own text of a key, or the one that the registry's nouns share.
func (w *wording) say(key string, args ...any) string {
	if own := w.noun.coll + "." + key; web.HasText(own) {
		return w.t(own, args...)
	}
	return w.t("registry."+key, args...)
}

func (w *wording) taxonomy(id string) *schemas.Taxonomy { return w.lists[id] }

// terms are the codes of a taxonomy in their order. The taxonomy "stage" stands for the stages of both tracks.
func (w *wording) terms(taxonomy string) []schemas.Term {
	if taxonomy == "stage" {
		out := w.terms(schemas.TaxStageRecruit)
		for _, t := range w.terms(schemas.TaxStageCultivate) {
			if !slices.ContainsFunc(out, func(o schemas.Term) bool { return o.ID == t.ID }) {
				out = append(out, t)
			}
		}
		return out
	}
	if t := w.lists[taxonomy]; t != nil {
		return slices.Clone(t.Terms)
	}
	return nil
}

func (w *wording) term(taxonomy, code string) *schemas.Term {
	if t := w.lists[taxonomy]; t != nil {
		return t.Term(code)
	}
	return nil
}

func (w *wording) code(taxonomy, code string) string {
	if code == "" {
		return ""
	}
	return w.app.CodeName(w.frame.Lang, taxonomy, code)
}

// label is what a field is called, by the catalogue's name or a path of the catalogue.
func (w *wording) label(name string) string {
	if key, ok := strings.CutPrefix(name, "attributes."); ok {
		return w.customName(key)
	}
	if own := "field." + w.noun.coll + "." + name; web.HasText(own) {
		return w.t(own)
	}
	return w.t("field." + name)
}

// place is the label of a field, with that of its list before it.
func (w *wording) place(name string) string {
	f := w.noun.rows.Named(name)
	if f == nil {
		return w.label(name)
	}
	if list, _, ok := strings.Cut(f.Path, "/*/"); ok {
		return w.label(list) + " · " + w.label(name)
	}
	return w.label(name)
}

// customs are the custom fields of the noun, in their order.
func (w *wording) customs() []*schemas.FieldDef {
	all, err := w.app.ListFieldDefs(w.ctx, w.noun.coll)
	if err != nil {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *schemas.FieldDef) int { return cmp.Compare(a.Order, b.Order) })
	return all
}

func (w *wording) custom(key string) *schemas.FieldDef {
	for _, f := range w.customs() {
		if f.Key == key {
			return f
		}
	}
	return nil
}

func (w *wording) customName(key string) string {
	f := w.custom(key)
	switch {
	case f == nil:
		return key
	case w.frame.Lang == "en" && f.NameEn != "":
		return f.NameEn
	}
	return f.Name
}

// person is the name of a user, of the operator at the machine, or of the product itself.
func (w *wording) person(id string) string {
	switch id {
	case "":
		return ""
	case "local", "system":
		return w.t("registry.actor." + id)
	}
	if name, ok := w.people[id]; ok {
		return name
	}
	name := id
	if u, err := w.app.GetUser(w.ctx, id); err == nil {
		name = cmp.Or(u.DisplayName, u.Name)
	}
	w.people[id] = name
	return name
}

// join puts the elements of a list into one line.
func (w *wording) join(parts []string) string {
	if w.frame.Lang == "en" {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

// value is a stored value as people read it.
func (w *wording) value(f *schemas.Field, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = w.value(f, v[i])
		}
		return w.join(parts)
	case bool:
		return w.t("registry." + strconv.FormatBool(v))
	case json.Number:
		if f != nil && strings.HasSuffix(strings.ToLower(f.Path), "year") {
			return v.String() // a year has no thousands
		}
		n, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return web.Number(n)
	case string:
		return w.word(f, v)
	}
	return fmt.Sprint(v)
}

func (w *wording) word(f *schemas.Field, s string) string {
	switch {
	case f == nil:
		return s
	case f.Kind == schemas.Coded:
		return w.code(f.Taxonomy, s)
	case isPerson(f):
		return w.person(s)
	case choices[f.Path] != nil:
		return w.t("choice." + s)
	case f.Kind == schemas.Day, slices.Contains(partialDays, f.Path):
		return w.frame.Day(s)
	}
	return s
}

// isPerson reports whether a field holds the id of a user.
func isPerson(f *schemas.Field) bool {
	return f.Of == schemas.Users || strings.HasSuffix(f.Path, "/verifiedBy")
}

// customValue is a custom field's value as people read it.
func (w *wording) customValue(f *schemas.FieldDef, v any) string {
	s, isText := v.(string)
	switch {
	case isText && f.Kind == "choice":
		for _, c := range f.Choices {
			if c.ID == s {
				return c.Name
			}
		}
	case isText && f.Kind == "date":
		return w.frame.Day(s)
	}
	return w.value(nil, v)
}

// choices are the codes of fields whose few values no taxonomy holds; their words are the texts choice.<code>.
var choices = map[string][]string{
	"employer/kind": {"enterprise", "institution"},
	"host/kind":     {"enterprise", "institution"},
	"lawful/basis":  {"consent", "statutory", "hr", "public"},
	"ties/*/kind":   {"alumni", "supervisor", "coworker", "hometown"},
}

// partialDays are texts that hold a day as exact as it is known.
var partialDays = []string{"rankSince", "education/*/on", "work/*/from", "work/*/to"}

// unshown are paths that only the product reads: links, whose names stand beside them, and what follows from others.
var unshown = []string{"birthYear", "employer/kind", "employer/id", "host/kind", "host/id", "affiliation/institution", "idBlind", "photo", "mergedInto", "lead/talent", "members/*/talent", "ties/*/talent"}

// facts are the fields of a section that have a value.
func (w *wording) facts(r record, paths []string) []web.Fact {
	var out []web.Fact
	for _, path := range paths {
		if path == "birthYear" && r.text("birthDate") != "" {
			continue
		}
		if f := w.noun.rows.At(path); f != nil {
			if v := w.value(f, r.at(path)); v != "" {
				out = append(out, web.Fact{Label: w.label(f.Name), Value: v, Href: w.noun.linkOf(r, path)})
			}
		}
	}
	return out
}

// customFacts are the custom fields that have a value.
func (w *wording) customFacts(r record) []web.Fact {
	var out []web.Fact
	for _, f := range w.customs() {
		if v := r.at("attributes/" + f.Key); v != nil {
			fact := web.Fact{Label: w.customName(f.Key), Value: w.customValue(f, v)}
			if f.Kind == "link" {
				fact.Href = fact.Value
			}
			out = append(out, fact)
		}
	}
	return out
}
