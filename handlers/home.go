package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
	"qunxian/web/charts"
)

func (h *Handlers) homeRoutes() []Route {
	return []Route{
		{"GET", "/", "homePage", signedIn, "The dashboard: how the running targets stand, on any day.", page("home", h.homePage)},
		{"GET", "/api/v1/summary", "getSummary", staff.or(viewer), "Returns the sentence of the headline targets and their numbers on a day.", do(h.summary)},
	}
}

// Summary is the headline targets in one sentence, in the asked language, and in numbers.
type Summary struct {
	Sentence string            `json:"sentence"`
	Headline *app.Headline     `json:"headline"`
	Targets  []app.TargetView  `json:"targets"`
	Records  map[string]int    `json:"records"` // how many there are in the reader's scope, by collection
	Rules    map[string]string `json:"rules"`   // the counting rule of each target, by the target's id
}

func (h *Handlers) summary(ctx context.Context, in *askDay) (*Summary, error) {
	head, err := h.App.Headline(ctx, in.when())
	if err != nil {
		return nil, err
	}
	views, err := h.headlines(ctx, in.when())
	if err != nil {
		return nil, err
	}
	out := &Summary{Sentence: sentence(web.Frame{Lang: langOf(ctx)}, head), Headline: head, Targets: views, Rules: map[string]string{}}
	for _, v := range views {
		out.Rules[v.Target.ID] = v.Target.RuleID
	}
	out.Records = map[string]int{
		schemas.Talents: total(ctx, h.App.ListTalents), schemas.Teams: total(ctx, h.App.ListTeams), schemas.Enterprises: total(ctx, h.App.ListEnterprises),
	}
	return out, nil
}

// headlines are the headline targets whose period holds the day.
func (h *Handlers) headlines(ctx context.Context, at app.When) ([]app.TargetView, error) {
	all, err := h.App.ListTargets(ctx, at)
	if err != nil {
		return nil, err
	}
	day := cmp.Or(at.AsOf, h.App.Today())
	return slices.DeleteFunc(all, func(v app.TargetView) bool { return !v.Target.Headline || day < v.Target.From || day > v.Target.To }), nil
}

// sentence is 一句话口径.
func sentence(f web.Frame, head *app.Headline) string {
	if head.TalentTarget == "" && head.TeamTarget == "" {
		return ""
	}
	day := head.AsOf.Time()
	shown := f.T("home.day", int(day.Month()), day.Day())
	if f.Lang == "en" {
		shown = f.Day(head.AsOf)
	}
	if head.TalentChange == 0 && head.TeamChange == 0 {
		return f.T("home.sentence.same", shown, head.Talents, head.Recruited, head.Cultivated, head.Teams)
	}
	return f.T("home.sentence", shown, head.Talents, head.Recruited, head.Cultivated, head.Teams, signed(head.TalentChange), signed(head.TeamChange))
}

// signed is a change with its sign; no change is ±0.
func signed(n int) string {
	switch {
	case n > 0:
		return "+" + web.Number(n)
	case n == 0:
		return "±0"
	}
	return web.Number(n)
}

// HomePage is the dashboard.
type HomePage struct {
	Guest, First, Past, Demo, Officer, Admin bool
	AsOf, Today                              schemas.Date
	Office, Title                            string
	Sentence                                 string
	Basis                                    []Link // the rule and the list behind the sentence
	Gauges                                   []GaugeCard
	Course                                   charts.BurnUp
	CourseTabs                               []web.Tab
	CourseHref                               string
	Heat                                     charts.HeatMap
	HeatTabs                                 []web.Tab
	Unplaced                                 int // of the records, how many stand in no cell
	Funnel                                   charts.Funnel
	Due                                      []DueRow
	DueHref                                  string
	Recent                                   []RecentRow
}

// GaugeCard is one headline target.
type GaugeCard struct {
	Gauge                  charts.Gauge
	Spark                  charts.Spark
	Href, Name, Unit       string
	Judged                 Judgement
	Gain, GainBefore       int
	Left                   string // what the goal still lacks
	Pipeline               int
	PipelineHref, RuleName string
}

// DueRow is a record whose next action is due.
type DueRow struct {
	Link
	What, Day, Tone string
}

// RecentRow is a record that changed lately.
type RecentRow struct {
	Link
	Icon, Kind, Stage, Tone string
	At                      time.Time
}

type askHome struct {
	AsOf schemas.Date `query:"asOf"`
	Line string       `query:"line"` // the target whose course is shown
	By   string       `query:"by"`   // industry or sector
}

func (h *Handlers) homePage(ctx context.Context, in *askHome) (HomePage, error) {
	a, _ := app.ActorOf(ctx)
	today := h.App.Today()
	page := HomePage{AsOf: cmp.Or(in.AsOf, today), Today: today, Office: h.App.Setting().Office, Demo: h.App.Setting().Demo}
	page.Past = page.AsOf < today
	page.Officer, page.Admin = a.User.Is(schemas.Officer), a.User.Is(schemas.Admin)
	if page.Guest = !a.User.Staff() && !a.User.Is(schemas.Reader); page.Guest {
		return page, nil
	}
	if page.AsOf > today {
		return page, schemas.InvalidField("asOf", "future", "")
	}
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return page, err
	}
	page.Title = w.t("home.title")
	if total(ctx, h.App.ListTalents)+total(ctx, h.App.ListTeams)+total(ctx, h.App.ListEnterprises) == 0 {
		page.First = true
	}
	at := app.When{AsOf: page.AsOf}
	for _, part := range []func(*wording, app.When, *askHome, *HomePage) error{h.homeSentence, h.homeTargets} {
		if err := part(w, at, in, &page); err != nil {
			return page, err
		}
	}
	if page.First || page.Past { // the rest is as it is now
		return page, nil
	}
	for _, part := range []func(*wording, app.When, *askHome, *HomePage) error{h.homeHeat, h.homeFunnel, h.homeDue, h.homeRecent} {
		if err := part(w, at, in, &page); err != nil {
			return page, err
		}
	}
	return page, nil
}

func (h *Handlers) homeSentence(w *wording, at app.When, _ *askHome, page *HomePage) error {
	head, err := h.App.Headline(w.ctx, at)
	if err != nil {
		return err
	}
	page.Sentence = sentence(w.frame, head)
	return nil
}

// homeTargets fills in the gauges, and the course of one of the targets.
func (h *Handlers) homeTargets(w *wording, at app.When, in *askHome, page *HomePage) error {
	views, err := h.headlines(w.ctx, at)
	if err != nil {
		return err
	}
	line := in.Line
	if !slices.ContainsFunc(views, func(v app.TargetView) bool { return v.Target.ID == line }) && len(views) > 0 {
		line = views[0].Target.ID
	}
	for i, v := range views {
		series, err := h.App.TargetSeries(w.ctx, v.Target.ID, "", at)
		if err != nil {
			return err
		}
		card, err := h.gauge(w, i, v, series, page)
		if err != nil {
			return err
		}
		page.Gauges = append(page.Gauges, card)
		tab := web.Tab{Label: nameOf(w.frame, v.Target), Href: addressOf("/", map[string]string{"line": v.Target.ID, "by": in.By, "asOf": pastDay(page)}) + "#course", Current: v.Target.ID == line}
		page.CourseTabs = append(page.CourseTabs, tab)
		if tab.Current {
			page.Course = burnUp(w.frame, "course", v.Target, series, page.AsOf, page.Today)
			page.CourseHref = "/targets/" + v.Target.ID
		}
		rule, err := h.App.GetRule(w.ctx, v.Target.RuleID)
		if err != nil {
			return err
		}
		name := w.t("home.basis", nameOf(w.frame, v.Target), w.ruleName(rule))
		page.Basis = append(page.Basis, Link{name, addressOf("/targets/"+v.Target.ID, map[string]string{"asOf": pastDay(page)})})
	}
	return nil
}

// pastDay is the day of the page where it is not today.
func pastDay(page *HomePage) string {
	if page.Past {
		return string(page.AsOf)
	}
	return ""
}

// sparkMonths is how many months of gains a gauge shows.
const sparkMonths = 12

func (h *Handlers) gauge(w *wording, i int, v app.TargetView, series []app.SeriesPoint, page *HomePage) (GaugeCard, error) {
	t, s := v.Target, v.Standing
	tone := []string{"blue", "teal"}[i%2]
	card := GaugeCard{Href: addressOf("/targets/"+t.ID, map[string]string{"asOf": pastDay(page)}), Name: nameOf(w.frame, t), Unit: unitOf(w.frame, t), Judged: judged(w.frame, v)}
	g := charts.Gauge{ID: "gauge-" + t.ID, Tone: tone, Title: card.Name, PlanWord: w.t("chart.plan")}
	if s.Value != nil {
		g.Done = *s.Value
	}
	if s.Goal != nil {
		g.Goal = *s.Goal
		card.Left = web.Number(max(0, g.Goal-g.Done))
	}
	if s.Plan != nil {
		g.Plan = float64(int(*s.Plan + 0.5))
	}
	g.Text = w.t("home.gauge", card.Name, web.Number(g.Done), web.Number(g.Goal), web.Number(g.Plan))
	card.Gauge = g
	gains := monthly(series)
	if n := len(gains); n > 0 {
		card.Gain = int(gains[n-1])
		if n > 1 {
			card.GainBefore = int(gains[n-2])
		}
		card.Spark = charts.Spark{Values: gains[max(0, n-sparkMonths):], Tone: tone, Title: w.t("home.spark", min(n, sparkMonths))}
	}
	if page.Past {
		return card, nil
	}
	n, err := h.wording(w.ctx, nounOf(t.Collection))
	if err != nil {
		return card, err
	}
	where := n.pipeline()
	l, err := h.lister(t.Collection)(w.ctx, app.ListQuery{Where: where, Limit: 1, On: schemas.Viewer})
	if err != nil {
		return card, err
	}
	card.Pipeline = l.Total
	card.PipelineHref = shownList{ListQuery: ListQuery{Where: where}, path: "/" + t.Collection}.href()
	return card, nil
}

func (h *Handlers) lister(coll string) lister {
	switch coll {
	case schemas.Teams:
		return h.App.ListTeams
	case schemas.Enterprises:
		return h.App.ListEnterprises
	}
	return h.App.ListTalents
}

// monthly are the gains of each month of a series against the month before it, the last one up to its day.
func monthly(series []app.SeriesPoint) []float64 {
	var out []float64
	for i := 1; i < len(series) && series[i].N != nil; i++ {
		out = append(out, *series[i].N-*series[i-1].N)
	}
	return out
}

// pipeline are the leading records on their way: past the mere lead, not yet signed or recognised, not set aside.
func (w *wording) pipeline() map[string][]string {
	where := map[string][]string{}
	for _, t := range w.terms(w.noun.tiers) {
		if t.Leading && !t.Retired {
			where["tier"] = append(where["tier"], t.ID)
		}
	}
	for _, list := range []string{schemas.TaxStageRecruit, schemas.TaxStageCultivate} {
		for i, t := range w.terms(list) {
			if t.Counts || t.ID == "signed" {
				break
			}
			lead := i == 0 && list == schemas.TaxStageRecruit
			if !lead && !t.Aside && !t.Retired && !slices.Contains(where["stage"], t.ID) {
				where["stage"] = append(where["stage"], t.ID)
			}
		}
	}
	return where
}

// homeFunnel counts the recruited talents by stage.
func (h *Handlers) homeFunnel(w *wording, _ app.When, _ *askHome, page *HomePage) error {
	l, err := h.App.ListTalents(w.ctx, app.ListQuery{Where: map[string][]string{"track": {"recruit"}}, Facets: []string{"stage"}, Limit: 1, On: schemas.Viewer})
	if err != nil {
		return err
	}
	n := map[string]int{}
	for _, f := range l.Facets {
		for _, b := range f.Values {
			n[b.Code] = b.N
		}
	}
	page.Funnel.ID = "funnel"
	for _, t := range w.terms(schemas.TaxStageRecruit) {
		if t.Aside || t.Retired || t.ID == "left" {
			continue
		}
		step := charts.FunnelStep{Label: w.code(schemas.TaxStageRecruit, t.ID), Count: n[t.ID], Href: addressOf("/talents", map[string]string{"track": "recruit", "stage": t.ID})}
		if l.Total > 0 {
			step.Note = web.Number((100*n[t.ID]+l.Total/2)/l.Total) + "%"
		}
		page.Funnel.Steps = append(page.Funnel.Steps, step)
	}
	return nil
}

// How far ahead next actions are shown, and how many rows the cards of the first page have.
const (
	dueDays    = 14
	homeRows   = 5
	recentRows = 8
)

// homeDue are the reader's own records whose next action is due or will be soon.
func (h *Handlers) homeDue(w *wording, _ app.When, _ *askHome, page *HomePage) error {
	a, _ := app.ActorOf(w.ctx)
	if !page.Officer {
		return nil
	}
	until := string(page.Today.AddDays(dueDays))
	ask := ListQuery{Where: map[string][]string{"owner": {a.User.ID}}, Ranges: map[string]Range{"due": {To: until}}, Sort: "due"}
	l, err := h.App.ListTalents(w.ctx, app.ListQuery{Where: ask.Where, Ranges: map[string]app.Range{"due": {To: until}}, Sort: "due", Limit: homeRows, On: schemas.Staff})
	if err != nil {
		return err
	}
	page.DueHref = shownList{ListQuery: ask, path: "/talents"}.href()
	for _, raw := range l.Cards {
		var c struct {
			ID, Name string
			What     string       `json:"nextAction.what"`
			Due      schemas.Date `json:"due"`
		}
		if err := json.Unmarshal(raw, &c); err != nil {
			return err
		}
		row := DueRow{Link: Link{c.Name, "/talents/" + c.ID}, What: c.What, Day: w.frame.Day(c.Due), Tone: "amber"}
		if c.Due < page.Today {
			row.Tone, row.Day = "red", w.t("home.overdue", days(c.Due, page.Today))
		}
		page.Due = append(page.Due, row)
	}
	return nil
}

// days is how many days lie between two.
func days(from, to schemas.Date) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }

func (h *Handlers) homeRecent(w *wording, _ app.When, _ *askHome, page *HomePage) error {
	changes, err := h.App.Recent(w.ctx, recentRows)
	if err != nil {
		return err
	}
	for _, c := range changes {
		row := RecentRow{Link: Link{c.Name, "/" + c.Collection + "/" + c.ID}, Icon: nounOf(c.Collection).icon, Kind: w.t("home.kind." + c.Collection), At: c.At.Time}
		if c.Stage != "" {
			list := stageList(c.Track)
			row.Stage, row.Tone = w.code(list, c.Stage), stageTone(w.term(list, c.Stage))
		}
		page.Recent = append(page.Recent, row)
	}
	return nil
}
