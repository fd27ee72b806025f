package handlers

import (
	"cmp"
	"context"
	"slices"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// TargetsPage is all targets by period, as they stand on a day.
type TargetsPage struct {
	AsOf, Today schemas.Date
	Groups      []TargetGroup
}

// TargetGroup is the targets of one period.
type TargetGroup struct {
	Label, Sub string
	Rows       []TargetRow
}

// TargetRow is one target in a list.
type TargetRow struct {
	Href, Name, Section, Source, Unit, Value, Goal, Plan, Note string
	Judged                                                     Judgement
	Percent                                                    int
	Sample, Presumed                                           bool
}

type askTargets struct {
	AsOf schemas.Date `query:"asOf"`
}

func (h *Handlers) targetsPage(ctx context.Context, in *askTargets) (TargetsPage, error) {
	today := h.App.Today()
	page := TargetsPage{AsOf: cmp.Or(in.AsOf, today), Today: today}
	if page.AsOf > today {
		return page, schemas.InvalidField("asOf", "future", "")
	}
	all, err := h.App.ListTargets(ctx, app.When{AsOf: page.AsOf})
	if err != nil {
		return page, err
	}
	rules, err := h.App.ListRules(ctx)
	if err != nil {
		return page, err
	}
	f := web.Frame{Lang: langOf(ctx)}
	for _, v := range all {
		t := v.Target
		label := f.T("targets.running")
		switch {
		case t.To < page.AsOf:
			label = f.T("targets.past")
		case t.From > page.AsOf:
			label = f.T("targets.coming")
		}
		sub := f.Day(t.From) + " – " + f.Day(t.To)
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Label != label || page.Groups[n-1].Sub != sub {
			page.Groups = append(page.Groups, TargetGroup{Label: label, Sub: sub})
		}
		g := &page.Groups[len(page.Groups)-1]
		row := targetRow(f, v)
		row.Presumed = slices.ContainsFunc(rules, func(r *schemas.Rule) bool { return r.ID == t.RuleID && r.Presumed })
		if t.SubsetOf != "" {
			if i := slices.IndexFunc(all, func(o app.TargetView) bool { return o.Target.ID == t.SubsetOf }); i >= 0 {
				row.Note = f.T("targets.subset", nameOf(f, all[i].Target))
			}
		}
		g.Rows = append(g.Rows, row)
	}
	return page, nil
}

func targetRow(f web.Frame, v app.TargetView) TargetRow {
	t, s := v.Target, v.Standing
	row := TargetRow{
		Href: "/targets/" + t.ID, Name: nameOf(f, t), Section: t.Section, Source: t.Source, Unit: unitOf(f, t), Value: numberOr(s.Value, "—"),
		Goal: numberOr(s.Goal, "—"), Judged: judged(f, v), Sample: t.Sample, Note: t.Pending,
	}
	if s.Goal != nil {
		row.Goal = comparator(t) + row.Goal
		if s.Value != nil && *s.Goal > 0 {
			row.Percent = int(min(100, max(0, 100**s.Value / *s.Goal)))
		}
	}
	if s.Value == nil {
		row.Unit = ""
	}
	if s.Plan != nil && !s.Final {
		row.Plan = planned(t, *s.Plan)
	}
	return row
}

// comparator is the sign before a goal: most are to be reached, which needs none.
func comparator(t *schemas.Target) string {
	if t.Comparator == schemas.MoreThan {
		return "> "
	}
	return ""
}
