package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/web"
	"qunxian/web/charts"
)

// TargetPage is one target.
type TargetPage struct {
	ID, Path, Name, Unit, Sub, Value, Goal, Plan, Pending, Noun string
	Version                                                     int64
	Crumbs                                                      []web.Crumb
	Judged                                                      Judgement
	Facts                                                       []web.Fact
	Source, Section                                             string
	AsOf, KnownOn, Today                                        schemas.Date
	Final, Counted, MayMeasure, MayAim, Sample                  bool
	Chart                                                       charts.BurnUp
	Sides                                                       []RuleSide
	Against                                                     string
	Rules                                                       []web.Option
	OnlyFirst, OnlySecond                                       OnlyCounted
	Members                                                     []Link
	Hidden                                                      int // of those that count, how many are out of the reader's scope
	Excluded                                                    []ExcludedRow
	ExcludedTotal                                               int
	Next, First                                                 string
	NextMembers, FirstMembers                                   string
	CountedTotal                                                int
	Goals                                                       []GoalRow
	Measures                                                    []MeasureRow
	Shares                                                      []web.Fact
	Measure                                                     schemas.Measure
	NewGoal                                                     schemas.GoalVersion
	Events                                                      []web.Event
}

// Link is a record by its name.
type Link struct{ Name, Href string }

// OnlyCounted are the first records that one of two rules counts alone, of N.
type OnlyCounted struct {
	Records []Link
	N       int
}

// More is how many the page does not name.
func (o OnlyCounted) More() int { return o.N - len(o.Records) }

// ExcludedRow is a candidate that does not count, and what it lacks.
type ExcludedRow struct {
	Link
	Lacks []string
}

// GoalRow is a version of a goal.
type GoalRow struct {
	Value, Deadline, From, Reason string
	Now                           bool
}

// MeasureRow is a value that was entered.
type MeasureRow struct{ On, Value, Evidence, Note string }

// askTargetPage asks for a target on a day, by what was on file at the end of another, laid beside another rule.
type askTargetPage struct {
	ID      string       `path:"id"`
	AsOf    schemas.Date `query:"asOf"`
	KnownOn schemas.Date `query:"knownOn"`
	Against string       `query:"against"`
	After   string       `query:"after"`
	Members string       `query:"members"`
}

func (in askTargetPage) when() app.When {
	at := app.When{AsOf: in.AsOf}
	if in.KnownOn != "" {
		at.KnownAt = schemas.At(in.KnownOn.AddDays(1).Time().Add(-1))
	}
	return at
}

// How many of the excluded, and of those who count, one page shows.
const (
	excludedPage = 20
	membersPage  = 80
)

func (h *Handlers) targetPage(ctx context.Context, in *askTargetPage) (TargetPage, error) {
	today := h.App.Today()
	in.AsOf = cmp.Or(in.AsOf, today)
	if in.AsOf > today {
		return TargetPage{}, schemas.InvalidField("asOf", "future", "")
	}
	v, err := h.App.GetTarget(ctx, in.ID, in.when())
	if err != nil {
		return TargetPage{}, err
	}
	t := v.Target
	w, err := h.wording(ctx, nounOf(t.Collection))
	if err != nil {
		return TargetPage{}, err
	}
	a, _ := app.ActorOf(ctx)
	page := TargetPage{
		ID: t.ID, Path: "/targets/" + t.ID, Name: nameOf(w.frame, t), Unit: unitOf(w.frame, t), Value: numberOr(v.Standing.Value, "—"), Version: t.Version,
		Goal: comparator(t) + numberOr(v.Standing.Goal, "—"), Pending: t.Pending, Judged: judged(w.frame, *v), Source: t.Source, Section: t.Section,
		AsOf: in.AsOf, KnownOn: in.KnownOn, Today: today, Final: v.Standing.Final, Sample: t.Sample, Noun: w.noun.coll,
		Crumbs:  []web.Crumb{{Label: w.t("nav.targets"), Href: "/targets"}, {Label: nameOf(w.frame, t)}},
		Counted: t.Collection != "", Measure: schemas.Measure{On: today}, NewGoal: schemas.GoalVersion{EffectiveFrom: today, Deadline: t.To},
	}
	page.Sub = w.t("target.sub", w.frame.Day(t.From), w.frame.Day(t.To), w.frame.Day(v.Standing.Day))
	if v.Standing.Plan != nil && !v.Standing.Final {
		page.Plan = planned(t, *v.Standing.Plan)
	}
	page.MayMeasure = t.Collection == "" && a.User != nil && (a.User.Is(schemas.Officer) || a.User.Is(schemas.Admin))
	page.MayAim = a.User != nil && a.User.Is(schemas.Admin)
	w.about(t, in.AsOf, &page)
	series, err := h.App.TargetSeries(ctx, t.ID, "", in.when())
	if err != nil {
		return page, err
	}
	page.Chart = burnUp(w.frame, "course", t, series, in.AsOf, today)
	if page.Counted {
		if err := h.counted(w, in, t, &page); err != nil {
			return page, err
		}
	}
	if readerOf(ctx) == schemas.Staff {
		entries, err := h.App.TargetHistory(ctx, t.ID)
		if err != nil {
			return page, err
		}
		page.Events = w.plainEvents(entries, "target")
	}
	return page, nil
}

// nounOf is the layout of a collection; a target that counts none needs no more of it than the words that all share.
func nounOf(coll string) *noun {
	switch coll {
	case schemas.Teams:
		return teamNoun
	case schemas.Enterprises:
		return enterpriseNoun
	}
	return talentNoun
}

// about fills in what a target says of itself.
func (w *wording) about(t *schemas.Target, asOf schemas.Date, page *TargetPage) {
	fact := func(key, value string) {
		if value != "" {
			page.Facts = append(page.Facts, web.Fact{Label: w.t("target.fact." + key), Value: value})
		}
	}
	fact("kind", w.t("target.kind."+t.Kind))
	if t.Binding != "" {
		fact("binding", w.t("target.binding."+t.Binding))
	}
	if t.Baseline != nil {
		fact("baseline", web.Number(*t.Baseline)+" "+page.Unit)
	}
	fact("baselineSource", t.BaselineSource)
	fact("responsible", cmp.Or(t.Responsible, w.t("target.open")))
	now, _ := progress.GoalOn(&t.TargetFields, asOf)
	goals := slices.Clone(t.Goals)
	slices.SortStableFunc(goals, func(a, b schemas.GoalVersion) int { return cmp.Compare(b.EffectiveFrom, a.EffectiveFrom) })
	for _, g := range goals {
		page.Goals = append(page.Goals, GoalRow{comparator(t) + web.Number(g.Value), w.frame.Day(g.Deadline), w.frame.Day(g.EffectiveFrom), g.Reason, g.ID == now.ID})
	}
	measures := slices.Clone(t.Measures)
	slices.SortStableFunc(measures, func(a, b schemas.Measure) int { return cmp.Compare(b.On, a.On) })
	for _, m := range measures {
		page.Measures = append(page.Measures, MeasureRow{w.frame.Day(m.On), web.Number(m.Value), m.Evidence, m.Note})
	}
	for _, s := range t.Breakdown {
		page.Shares = append(page.Shares, web.Fact{Label: w.code(s.Taxonomy, s.Code), Value: web.Number(s.Value) + " " + page.Unit})
	}
}

// counted fills in who counts and who does not, by the target's rule and by another one beside it.
func (h *Handlers) counted(w *wording, in *askTargetPage, t *schemas.Target, page *TargetPage) error {
	rules, err := h.App.ListRules(w.ctx)
	if err != nil {
		return err
	}
	var own, other *schemas.Rule
	for _, r := range rules {
		switch {
		case r.ID == t.RuleID:
			own = r
		case r.Collection == t.Collection:
			page.Rules = append(page.Rules, web.Option{Value: r.ID, Label: w.ruleName(r)})
			if r.ID == in.Against || in.Against == "" && r.Name != "" && other == nil && sameSubject(r.ID, t.RuleID) {
				other = r
			}
		}
	}
	if own == nil || in.Against != "" && other == nil {
		return schemas.InvalidField("against", "ref", "")
	}
	day, _ := progress.Settled(&t.TargetFields, in.AsOf)
	at := in.when()
	at.AsOf = day
	first, err := h.App.CountTarget(w.ctx, t.ID, app.CountQuestion{When: at, Cursor: in.After, Limit: excludedPage, Counted: in.Members, Members: membersPage})
	if err != nil {
		return err
	}
	page.Sides = append(page.Sides, w.side(own, first))
	page.Members = w.links(first.Counted)
	page.Hidden = first.Hidden
	page.CountedTotal = first.N - first.Hidden
	if first.NextCounted != "" {
		page.NextMembers = in.href("members", first.NextCounted) + "#counted"
	}
	if in.Members != "" {
		page.FirstMembers = in.href("members", "") + "#counted"
	}
	page.ExcludedTotal = first.Candidates - first.N
	for _, e := range first.Excluded {
		row := ExcludedRow{Link: Link{e.Name, w.noun.path() + "/" + e.ID}, Lacks: w.lacks(e.Failed, record{})}
		page.Excluded = append(page.Excluded, row)
	}
	if first.Next != "" {
		page.Next = in.href("after", first.Next) + "#excluded"
	}
	if in.After != "" {
		page.First = in.href("after", "") + "#excluded"
	}
	if other == nil {
		return nil
	}
	second, err := h.App.CountTarget(w.ctx, t.ID, app.CountQuestion{When: at, Rule: other.ID, Limit: 1, Members: 1})
	if err != nil {
		return err
	}
	page.Against = other.ID
	page.Sides = append(page.Sides, w.side(other, second))
	onlyFirst, onlySecond, err := h.App.CountDifference(w.ctx, t.ID, other.ID, at, excludedPage)
	page.OnlyFirst, page.OnlySecond = OnlyCounted{w.links(onlyFirst.Records), onlyFirst.N}, OnlyCounted{w.links(onlySecond.Records), onlySecond.N}
	return err
}

// sameSubject reports whether two rules that ship are two ways to count one thing: talents-current and talents-cumulative.
func sameSubject(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a == b && a != schemas.Enterprises
}

func (w *wording) links(records []app.CountedRecord) []Link {
	out := make([]Link, len(records))
	for i, r := range records {
		out[i] = Link{r.Name, w.noun.path() + "/" + r.ID}
	}
	return out
}

// href is the page with one of its parameters set anew.
func (in askTargetPage) href(name, value string) string {
	v := map[string]string{"asOf": string(in.AsOf), "knownOn": string(in.KnownOn), "against": in.Against, "after": in.After, "members": in.Members}
	v[name] = value
	return addressOf("/targets/"+in.ID, v)
}

type (
	postMeasure struct {
		ID       string       `path:"id"`
		On       schemas.Date `form:"on"`
		Value    *float64     `form:"value" required:"true"`
		Evidence string       `form:"evidence"`
		Note     string       `form:"note"`
	}
	postGoal struct {
		ID            string       `path:"id"`
		Value         *float64     `form:"goal" required:"true"`
		Deadline      schemas.Date `form:"deadline"`
		EffectiveFrom schemas.Date `form:"effectiveFrom"`
		Reason        string       `form:"reason"`
	}
)

func (in *postMeasure) measure() schemas.Measure {
	m := schemas.Measure{On: in.On, Evidence: in.Evidence, Note: in.Note}
	if in.Value != nil {
		m.Value = *in.Value
	}
	return m
}

func (h *Handlers) postMeasure(ctx context.Context, in *postMeasure) (string, error) {
	if _, err := h.measure(ctx, in.ID, 0, app.How{}, in.measure()); err != nil {
		return "", byLeaf(err)
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/targets/" + in.ID, nil
}

func (h *Handlers) postMeasureAgain(ctx context.Context, in *postMeasure) (TargetPage, error) {
	page, err := h.targetPage(ctx, &askTargetPage{ID: in.ID})
	page.Measure = in.measure()
	return page, err
}

// postGoal sets a goal that holds from a day on; the earlier one stays and the plan draws a step.
func (h *Handlers) postGoal(ctx context.Context, in *postGoal) (string, error) {
	goal := schemas.GoalVersion{Value: *in.Value, Deadline: in.Deadline, EffectiveFrom: in.EffectiveFrom, Reason: in.Reason}
	_, err := h.App.UpdateTarget(ctx, in.ID, 0, app.How{Reason: in.Reason}, func(t *schemas.TargetFields) error {
		t.Goals = append(t.Goals, goal)
		return nil
	})
	if err != nil {
		return "", renamed(byLeaf(err), "value", "goal")
	}
	reply(ctx).tell("teal", "", "toast.saved")
	return "/targets/" + in.ID, nil
}

func (h *Handlers) postGoalAgain(ctx context.Context, in *postGoal) (TargetPage, error) {
	page, err := h.targetPage(ctx, &askTargetPage{ID: in.ID})
	page.NewGoal = schemas.GoalVersion{Deadline: in.Deadline, EffectiveFrom: in.EffectiveFrom, Reason: in.Reason}
	if in.Value != nil {
		page.NewGoal.Value = *in.Value
	}
	return page, err
}

// MeasureText is the value of the form, empty until one was typed.
func (p TargetPage) MeasureText() string {
	if p.Measure.Value == 0 && p.Measure.Evidence == "" {
		return ""
	}
	return strconv.FormatFloat(p.Measure.Value, 'f', -1, 64)
}

// GoalText is the goal of the form, empty until one was typed.
func (p TargetPage) GoalText() string {
	if p.NewGoal.Value == 0 {
		return ""
	}
	return strconv.FormatFloat(p.NewGoal.Value, 'f', -1, 64)
}

// GoalSpan is how wide the card of the goals is: beside the measures, or below the lists.
func (p TargetPage) GoalSpan() int {
	if p.Counted {
		return 12
	}
	return 4
}

// GoalRefused reports whether the form of a goal was refused.
func (TargetPage) GoalRefused(wrong map[string]string) bool {
	return wrong["goal"]+wrong["effectiveFrom"]+wrong["deadline"]+wrong["reason"] != ""
}
