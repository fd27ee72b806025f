package handlers

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strconv"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// pages are the pages of one noun of the registry, over what the app can do with it. F is the part of a document that
// its users write; move is nil where there are no stages.
type pages[F any] struct {
	*noun
	h       *Handlers
	find    lister
	get     func(ctx context.Context, id string) (meta, error) // as its reader may see it
	create  func(ctx context.Context, f F, how app.How) (meta, error)
	update  func(ctx context.Context, id string, version int64, how app.How, edit func(*F) error) (meta, error)
	move    func(ctx context.Context, id string, version int64, m app.Move) (meta, error)
	archive func(ctx context.Context, id string, version int64, restore bool, how app.How) (meta, error)
	undo    func(ctx context.Context, id string, version, seq int64, how app.How) (meta, error)
	history func(ctx context.Context, id string) ([]schemas.Entry, error)
	link    func(ctx context.Context, was, now *F) error // ties names to the records they name; may be nil
}

// FormPage is a page with one form of a record. Since is what others changed after the form was made.
type FormPage struct {
	Noun, Title, Sub string
	Crumbs           []web.Crumb
	Form             Form
	Since            []RecordEvent
	Same             []Row // records of the same name
}

type (
	newRecord struct {
		Key    string              `form:"key"`
		Then   string              `form:"then"`
		Values map[string][]string `form:"*"`
	}
	editRecord struct {
		ID      string              `path:"id"`
		Version int64               `form:"version"`
		On      schemas.Date        `form:"effectiveOn"`
		Reason  string              `form:"reason"`
		Values  map[string][]string `form:"*"`
	}
)

// addPage is the form of quick add.
func (p *pages[F]) addPage(ctx context.Context, _ *struct{}) (FormPage, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return FormPage{}, err
	}
	return p.adding(w, nil), nil
}

func (p *pages[F]) adding(w *wording, in *newRecord) FormPage {
	page := FormPage{Noun: p.coll, Title: w.say("new"), Sub: w.say("new.sub"), Crumbs: w.crumbs("", "")}
	page.Form = Form{
		Action: p.path(), Key: rand.Text(), Submit: w.t("button.save"), SubmitIcon: "check", Back: p.path(), Another: true, EnterNext: true,
		Draft: p.coll, Unclassified: true, Groups: p.quickGroups(w),
	}
	if in != nil {
		page.Form.Key = in.Key
		putIn(page.Form.Groups, in.Values)
	}
	return page
}

// quickGroups are the inputs of quick add: the name, and the rest folded away.
func (p *pages[F]) quickGroups(w *wording) []Group {
	blank := record{tree: map[string]any{"track": "recruit"}}
	name := w.inputs(blank, []string{"name"})
	name[0].Autofocus, name[0].Span, name[0].Check, name[0].Placeholder = true, 8, p.path()+"/check", w.say("name.placeholder")
	more := w.inputs(blank, p.quick)
	return []Group{{Inputs: name}, {Label: w.t("registry.more"), Hint: w.t("registry.more.hint"), Folded: true, Inputs: more}}
}

// add registers a record from quick add.
func (p *pages[F]) add(ctx context.Context, in *newRecord) (string, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return "", err
	}
	groups := p.quickGroups(w)
	for g := range groups { // a new record has no values to differ from
		for i := range groups[g].Inputs {
			groups[g].Inputs[i].Value = nil
		}
	}
	patch, err := patchOf(groups, in.Values)
	if err != nil {
		return "", err
	}
	var f, blank F
	if err := merge(&f, patch); err != nil {
		return "", err
	}
	if p.link != nil {
		if err := p.link(ctx, &blank, &f); err != nil {
			return "", err
		}
	}
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return "", err
	}
	doc, err := p.create(ctx, f, how)
	if err != nil {
		return "", err
	}
	r, err := newRecordOf(doc)
	if err != nil {
		return "", err
	}
	reply(ctx).tell("teal", "", "registry.toast.added", r.text("name"))
	if in.Then == "new" {
		return p.path() + "/new", nil
	}
	return p.path() + "/" + r.meta.ID, nil
}

func (p *pages[F]) addAgain(ctx context.Context, in *newRecord) (FormPage, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return FormPage{}, err
	}
	return p.adding(w, in), nil
}

// stored is a record that the page shows, with words for it.
func (p *pages[F]) stored(ctx context.Context, id string) (record, *wording, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return record{}, nil, err
	}
	doc, err := p.get(ctx, id)
	if err != nil {
		return record{}, nil, err
	}
	r, err := newRecordOf(doc)
	return r, w, err
}

// editPage is the form of a whole record.
func (p *pages[F]) editPage(ctx context.Context, in *oneRecord) (FormPage, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return FormPage{}, err
	}
	return p.editing(w, r), nil
}

func (p *pages[F]) editing(w *wording, r record) FormPage {
	base := p.path() + "/" + r.meta.ID
	page := FormPage{Noun: p.coll, Title: w.t("registry.editing", r.text("name")), Crumbs: w.crumbs(r.text("name"), base)}
	page.Form = Form{
		Action: base + "/edit", Version: strconv.FormatInt(r.meta.Version, 10), Submit: w.t("button.save"), SubmitIcon: "check", Back: base,
		Draft: p.coll + "-" + r.meta.ID, Unclassified: true, Groups: append(w.groups(r), w.dating()),
	}
	return page
}

// dating asks from which day a change holds, and why.
func (w *wording) dating() Group {
	today := string(w.app.Today())
	return Group{Label: w.t("registry.dating"), Hint: w.t("registry.dating.hint"), Inputs: []Input{
		{Name: "effectiveOn", Path: "effectiveOn", Label: w.t("registry.effectiveOn"), Type: "date", Max: today, Value: today, Span: 4},
		{Name: "reason", Path: "reason", Label: w.t("registry.reason"), Type: "text", MaxLength: maxReason, Span: 8},
	}}
}

// edit changes a record by its whole form.
func (p *pages[F]) edit(ctx context.Context, in *editRecord) (string, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return "", err
	}
	if err := current(r, in.Version); err != nil {
		return "", err
	}
	patch, err := patchOf(w.groups(r), in.Values)
	if err != nil {
		return "", err
	}
	how, err := howOf(ctx, "", in.On, in.Reason)
	if err != nil {
		return "", err
	}
	doc, err := p.update(ctx, in.ID, in.Version, how, func(f *F) error {
		was := *f
		if err := merge(f, patch); err != nil || p.link == nil {
			return err
		}
		return p.link(ctx, &was, f)
	})
	if err != nil {
		return "", err
	}
	return p.savedOn(ctx, doc, in.Version, in.On)
}

// savedOn tells of a change from a day: what later entries say stays, and a reader who sees no change must know it.
func (p *pages[F]) savedOn(ctx context.Context, doc meta, before int64, on schemas.Date) (string, error) {
	if on != "" && on < p.h.App.Today() {
		return p.saved(ctx, doc, before, "registry.toast.late", string(on))
	}
	return p.saved(ctx, doc, before, "registry.toast.saved")
}

// current refuses a form that was made from an older version.
func current(r record, version int64) error {
	if version != r.meta.Version {
		return &schemas.Error{Code: schemas.Precondition, Message: "error.changed", Version: r.meta.Version}
	}
	return nil
}

// saved tells of a change, with an undo where one was written, and leads back to the record.
func (p *pages[F]) saved(ctx context.Context, doc meta, before int64, key string, args ...string) (string, error) {
	m := doc.DocMeta()
	to := p.path() + "/" + m.ID
	if m.Version == before {
		reply(ctx).tell("slate", "", "registry.toast.same")
		return to, nil
	}
	reply(ctx).tell("teal", to+"/history/"+strconv.FormatInt(m.Version, 10)+"/undo", key, args...)
	return to, nil
}

// editAgain shows a refused form once more. Where somebody else has changed the record meanwhile it shows what they
// changed: inputs that this user left alone have the new value, the others what this user wrote.
func (p *pages[F]) editAgain(ctx context.Context, in *editRecord) (FormPage, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return FormPage{}, err
	}
	page := p.editing(w, r)
	if in.Version == r.meta.Version {
		putIn(page.Form.Groups, in.Values)
		page.Form.Groups[len(page.Form.Groups)-1] = w.dated(in.On, in.Reason)
		return page, nil
	}
	entries, err := p.history(ctx, in.ID)
	if err != nil {
		return FormPage{}, err
	}
	since := slices.DeleteFunc(entries, func(e schemas.Entry) bool { return e.Seq <= in.Version })
	page.Since = w.events(since, "")
	before := w.groups(r.before(since))
	for g := range before {
		for _, i := range before[g].Inputs {
			if sent, ok := in.Values[i.Name]; ok && i.same(i.sent(sent)) {
				delete(in.Values, i.Name)
			}
		}
	}
	putIn(page.Form.Groups, in.Values)
	return page, nil
}

// dated is dating with what the user said.
func (w *wording) dated(on schemas.Date, reason string) Group {
	g := w.dating()
	g.Inputs[0].Value, g.Inputs[1].Value = string(on), reason
	return g
}

// before is the record as it was before these entries were written.
func (r record) before(since []schemas.Entry) record {
	var tree map[string]any
	b, err := json.Marshal(r.tree)
	if err == nil {
		err = json.Unmarshal(b, &tree)
	}
	if err != nil {
		return r // a tree of JSON: it cannot fail
	}
	for _, e := range slices.Backward(since) {
		for _, c := range e.Changes {
			put(tree, c.Path, c.From)
		}
	}
	return record{r.meta, tree}
}

// crumbs lead from the list to the record.
func (w *wording) crumbs(name, href string) []web.Crumb {
	out := []web.Crumb{{Label: w.t("nav." + w.noun.coll), Href: w.noun.path()}}
	if name != "" {
		out = append(out, web.Crumb{Label: name, Href: href})
	}
	return out
}
