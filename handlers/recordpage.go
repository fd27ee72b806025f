package handlers

import (
	"context"
	"slices"
	"time"

	"qunxian/app"
	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/web"
)

// RecordPage is the page of one record.
type RecordPage struct {
	Noun, Path, Name, Sub, Icon string
	Crumbs                      []web.Crumb
	Tier, Stage, Archived       string
	TierTone, StageTone         string
	Since                       string // the day of the stage
	SinceDays                   int
	Marks                       []string
	Head                        []web.Fact // owner, next action: what the head shows beside the stage
	Sections                    []RecordSection
	Texts                       []web.Fact // long texts
	Lists, Side, Empty          []RecordList
	Why                         []Why
	Events                      []RecordEvent
	Write                       bool
	Move                        *Form
	Updated                     time.Time
	UpdatedBy                   string
}

// RecordSection is one card of fields.
type RecordSection struct {
	Label string
	Facts []web.Fact
}

// Why says whether a record counts towards a target, and if not, what it lacks.
type Why struct {
	Target, Href string
	Counts       bool
	Lacks        []string
}

// recordPage shows a record.
func (p *pages[F]) recordPage(ctx context.Context, in *oneRecord) (RecordPage, error) {
	r, w, err := p.stored(ctx, in.ID)
	if err != nil {
		return RecordPage{}, err
	}
	base := p.path() + "/" + r.meta.ID
	page := RecordPage{
		Noun: p.coll, Path: base, Name: r.text("name"), Icon: p.icon, Crumbs: append(w.crumbs("", ""), web.Crumb{Label: r.text("name")}),
		Sub: w.subtitle(r), Write: mayWrite(ctx), Updated: r.meta.UpdatedAt.Time, UpdatedBy: w.person(r.meta.UpdatedBy),
	}
	w.marks(r, &page)
	for _, s := range p.sections {
		facts := w.facts(r, shortPaths(p.noun, s.paths))
		if len(facts) > 0 {
			page.Sections = append(page.Sections, RecordSection{w.t("registry.section." + s.key), facts})
		}
		page.Texts = append(page.Texts, w.facts(r, longPaths(p.noun, s.paths))...)
	}
	if facts := w.customFacts(r); len(facts) > 0 {
		page.Sections = append(page.Sections, RecordSection{w.t("registry.section.custom"), facts})
	}
	add := ""
	if page.Write {
		add = base
		if p.move != nil && r.text("archivedOn") == "" {
			page.Move = w.moveForm(r, base)
		}
	}
	page.Lists, page.Side, page.Empty = w.itemLists(r, add)
	if readerOf(ctx) != schemas.Staff {
		return page, nil
	}
	entries, err := p.history(ctx, r.meta.ID)
	if err != nil {
		return page, err
	}
	page.Events = w.events(entries, add)
	page.Why, err = w.why(r)
	return page, err
}

func shortPaths(n *noun, paths []string) []string { return pathsBy(n, paths, false) }
func longPaths(n *noun, paths []string) []string  { return pathsBy(n, paths, true) }

func pathsBy(n *noun, paths []string, long bool) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		f := n.rows.At(path)
		return f == nil || path == "name" || slices.Contains(inHead, path) || (f.Kind == schemas.Long) != long
	})
}

// inHead are fields that the head of the page shows.
var inHead = []string{"owner", "nextAction/what", "nextAction/due"}

// subtitle is the line below a name: where a person works, who leads a team, what a firm's code is.
func (w *wording) subtitle(r record) string {
	var parts []string
	for _, path := range []string{"affiliation/organisation", "affiliation/position", "host/name", "lead/name", "creditCode"} {
		v := r.text(path)
		if path == "lead/name" && v != "" {
			v = w.t("field.teams.lead") + " " + v
		}
		if v != "" {
			parts = append(parts, v)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return joinDots(parts)
}

func joinDots(parts []string) string {
	out := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if out != "" {
			out += " · "
		}
		out += part
	}
	return out
}

// marks fill in what stands in the head: tier, stage, track and the like, owner and next action.
func (w *wording) marks(r record, page *RecordPage) {
	if tier := r.text("tier"); tier != "" {
		page.Tier, page.TierTone = w.code(w.noun.tiers, tier), w.tierTone(tier)
	}
	if stage := r.text("stage"); stage != "" {
		list := stageList(r.text("track"))
		page.Stage, page.StageTone = w.code(list, stage), stageTone(w.term(list, stage))
		if since := schemas.Date(r.text("stageSince")); since.Valid() {
			page.Since = w.frame.Day(since)
			page.SinceDays = int(w.app.Today().Time().Sub(since.Time()).Hours() / 24)
		}
	}
	for _, path := range []string{"track", "mode", "industry", "region"} {
		if v := r.text(path); v != "" && w.noun.rows.At(path) != nil {
			page.Marks = append(page.Marks, w.value(w.noun.rows.At(path), v))
		}
	}
	if day := r.text("archivedOn"); day != "" {
		page.Archived = w.frame.Day(day)
	}
	if owner := r.text("owner"); owner != "" {
		page.Head = append(page.Head, web.Fact{Label: w.label("owner"), Value: w.person(owner)})
	}
	if next := r.text("nextAction/what"); next != "" {
		fact := web.Fact{Label: w.t("registry.next"), Value: next}
		if due := r.text("nextAction/due"); due != "" {
			fact.Note = w.t("registry.due", w.frame.Day(due))
		}
		page.Head = append(page.Head, fact)
	}
}

// tierTone is the colour of a tier by its rank.
func (w *wording) tierTone(code string) string {
	return web.RankTone(slices.IndexFunc(w.terms(w.noun.tiers), func(t schemas.Term) bool { return t.ID == code }))
}

// why says of the headline targets of the running period whether a record counts towards them.
func (w *wording) why(r record) ([]Why, error) {
	targets, err := w.app.ListTargets(w.ctx, app.When{})
	if err != nil {
		return nil, err
	}
	var out []Why
	today := w.app.Today()
	for _, view := range targets {
		t := view.Target
		if !t.Headline || t.Collection != w.noun.coll || today < t.From || today > t.To {
			continue
		}
		weighed, err := w.app.WeighRecord(w.ctx, t.ID, r.meta.ID)
		if err != nil {
			return nil, err
		}
		one := Why{Target: t.Name, Href: "/targets/" + t.ID, Counts: weighed.Counts, Lacks: w.lacks(weighed.Failed, r)}
		if !one.Counts && len(one.Lacks) == 0 {
			one.Lacks = []string{w.t("why.candidate")}
		}
		out = append(out, one)
	}
	return out, nil
}

// lacks are the clauses that a record fails. Of a condition with several ways it is the way that lacks least.
func (w *wording) lacks(failed []progress.Verdict, r record) []string {
	var out []string
	ways := map[string]map[string][]string{}
	for _, v := range failed {
		if v.Met {
			continue
		}
		text := w.lack(v.Text, v.Field, v.Want)
		if v.AnyOf == "" {
			out = append(out, text)
			continue
		}
		if ways[v.AnyOf] == nil {
			ways[v.AnyOf] = map[string][]string{}
		}
		ways[v.AnyOf][v.Case] = append(ways[v.AnyOf][v.Case], text)
	}
	for _, group := range sortedKeysOf(ways) {
		var best []string
		for _, way := range sortedKeysOf(ways[group]) {
			if unmet := ways[group][way]; best == nil || len(unmet) < len(best) {
				best = unmet
			}
		}
		out = append(out, best...)
	}
	return out
}

func sortedKeysOf[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// lack is a clause that does not hold, in words.
func (w *wording) lack(clause, field string, want []string) string {
	key := "why." + clause[len("clause."):]
	if !web.HasText(key) {
		return w.t("why.other")
	}
	f := w.noun.rows.Named(field)
	label := ""
	if f != nil {
		label = w.label(f.Name)
	}
	words := make([]string, len(want))
	for i, code := range want {
		words[i] = w.value(f, code)
	}
	return w.frame.T(key, label, w.join(words))
}

// ItemView is an item with the frame that its template needs.
type ItemView struct {
	web.Frame
	Item RecordItem
}

// Of is an item for its template.
func (p RecordPage) Of(f web.Frame, item RecordItem) ItemView { return ItemView{f, item} }

// StoryView is a history with the frame that its template needs.
type StoryView struct {
	web.Frame
	Events []RecordEvent
}

// Story is the history for its template.
func (p RecordPage) Story(f web.Frame, events []RecordEvent) StoryView { return StoryView{f, events} }

// Story is what others changed for its template.
func (p FormPage) Story(f web.Frame, events []RecordEvent) StoryView { return StoryView{f, events} }

// FormView is a form with the frame that its template needs.
type FormView struct {
	web.Frame
	Form Form
}

// In is the form for its template.
func (f Form) In(frame web.Frame) FormView { return FormView{frame, f} }
