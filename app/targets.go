package app

import (
	"cmp"
	"context"
	"slices"

	"qunxian/app/progress"
	"qunxian/schemas"
)

// ListTargets returns every target in the order of pages, with how each stands
// on a day.
func (a *App) ListTargets(ctx context.Context, at When) ([]TargetView, error) {
	at, err := a.when(at)
	if err != nil {
		return nil, err
	}
	var out []TargetView
	for _, t := range a.targets.cached.all() {
		v, err := a.targetView(ctx, t, at)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(x, y TargetView) int {
		return cmp.Or(-cmp.Compare(x.Target.From, y.Target.From), cmp.Compare(x.Target.Order, y.Target.Order), cmp.Compare(x.Target.ID, y.Target.ID))
	})
	return out, nil
}

// When is the day and the instant of a question: AsOf is the business day,
// today where none is said; KnownAt is what was on file, now where none is.
type When struct {
	AsOf    schemas.Date
	KnownAt schemas.Time
}

func (a *App) when(w When) (When, error) {
	switch {
	case w.AsOf == "":
		w.AsOf = a.Today()
	case !w.AsOf.Valid():
		return w, invalid("asOf", "day", "")
	case w.AsOf > a.Today():
		return w, invalid("asOf", "future", string(a.Today()))
	}
	return w, nil
}

// TargetView is a target and how it stands on a day.
type TargetView struct {
	Target   *schemas.Target   `json:"target"`
	Standing progress.Standing `json:"standing"`
}

// GetTarget returns one target and how it stands on a day.
func (a *App) GetTarget(ctx context.Context, id string, at When) (*TargetView, error) {
	at, err := a.when(at)
	if err != nil {
		return nil, err
	}
	t := a.targets.cached.get(id)
	if t == nil {
		return nil, notFound()
	}
	v, err := a.targetView(ctx, t, at)
	return &v, err
}

func (a *App) targetView(ctx context.Context, t *schemas.Target, at When) (TargetView, error) {
	day, _ := progress.Settled(&t.TargetFields, at.AsOf)
	value, err := a.targetValue(ctx, t, When{day, at.KnownAt})
	return TargetView{t, progress.Judge(&t.TargetFields, value, at.AsOf)}, err
}

// targetValue is the counted or entered value of a target on a day, or nil
// where nobody has entered one.
func (a *App) targetValue(ctx context.Context, t *schemas.Target, at When) (*float64, error) {
	if t.Collection == "" {
		m, ok := progress.Measured(&t.TargetFields, at.AsOf)
		if !ok {
			return nil, nil
		}
		return &m.Value, nil
	}
	type value struct {
		target string
		at     When
	}
	n, err := remember(a, value{t.ID, at}, func() (float64, error) {
		q, err := a.countQuery(ctx, t, "", at)
		if err != nil {
			return 0, err
		}
		return float64(progress.Series(q, []schemas.Date{at.AsOf})[0].N), nil
	})
	return &n, err
}

// countQuery is the question of a target's count: its collections, each by its
// rule or, for the first, by the named one.
func (a *App) countQuery(ctx context.Context, t *schemas.Target, ruleID string, at When) (progress.Query, error) {
	q := progress.Query{Terms: a.termsAt(ctx, at), Period: progress.PeriodOf(&t.TargetFields, at.AsOf), AsOf: at.AsOf, KnownAt: at.KnownAt}
	parts := append([]schemas.Counted{{Collection: t.Collection, RuleID: cmp.Or(ruleID, t.RuleID)}}, t.Also...)
	for _, p := range parts {
		rule, err := a.ruleAt(ctx, p.RuleID, at)
		if err != nil {
			return q, err
		}
		if rule.Collection != p.Collection {
			return q, invalid("rule", "collection", p.Collection)
		}
		q.Parts = append(q.Parts, progress.Part{Rule: &rule.RuleFields, Records: a.listing(p.Collection).facts(&rule.RuleFields, q.Terms)})
	}
	return q, nil
}

// SeriesPoint is a burn-up's value on a day beside the plan.
type SeriesPoint struct {
	Day  schemas.Date `json:"day"`
	N    *float64     `json:"n,omitempty"` // none after the day of the question
	Plan *float64     `json:"plan,omitempty"`
	Goal *float64     `json:"goal,omitempty"`
}

// TargetSeries is the burn-up of a target by month: what was counted up to a
// day, and the plan to the end of the period.
func (a *App) TargetSeries(ctx context.Context, id, rule string, at When) ([]SeriesPoint, error) {
	at, err := a.when(at)
	if err != nil {
		return nil, err
	}
	t := a.targets.cached.get(id)
	if t == nil {
		return nil, notFound()
	}
	until, _ := progress.Settled(&t.TargetFields, at.AsOf)
	var days []schemas.Date
	if t.From <= until {
		days = progress.MonthEnds(t.From, until)
	}
	var out []SeriesPoint
	if t.Collection != "" {
		type series struct {
			target, rule string
			at           When
		}
		points, err := remember(a, series{id, rule, at}, func() ([]progress.Point, error) {
			q, err := a.countQuery(ctx, t, rule, at)
			if err != nil {
				return nil, err
			}
			return progress.Series(q, days), nil
		})
		if err != nil {
			return nil, err
		}
		for _, p := range points {
			n := float64(p.N)
			out = append(out, SeriesPoint{Day: p.Day, N: &n})
		}
	} else {
		for _, day := range days {
			p := SeriesPoint{Day: day}
			if m, ok := progress.Measured(&t.TargetFields, day); ok {
				p.N = &m.Value
			}
			out = append(out, p)
		}
	}
	for _, day := range progress.MonthEnds(t.From, t.To) {
		if day > until {
			out = append(out, SeriesPoint{Day: day})
		}
	}
	for i := range out {
		if plan, ok := progress.Plan(&t.TargetFields, out[i].Day); ok {
			out[i].Plan = &plan
		}
		if g, ok := progress.GoalOn(&t.TargetFields, out[i].Day); ok {
			out[i].Goal = &g.Value
		}
	}
	return out, nil
}

// CreateTarget adds a target under its id.
func (a *App) CreateTarget(ctx context.Context, id string, f schemas.TargetFields, how How) (*schemas.Target, error) {
	if err := a.validate.VarCtx(ctx, id, "required,code"); err != nil {
		return nil, invalid("id", "code", "")
	}
	return a.targets.create(ctx, &schemas.Target{Meta: schemas.Meta{ID: id}, TargetFields: f}, how)
}

// UpdateTarget edits a target.
func (a *App) UpdateTarget(ctx context.Context, id string, version int64, how How, edit func(*schemas.TargetFields) error) (*schemas.Target, error) {
	return a.targets.update(ctx, id, version, how, func(t *schemas.Target) error { return edit(&t.TargetFields) })
}

// TargetHistory returns the entries of a target.
func (a *App) TargetHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.targets.shown(ctx, id)
}

// UndoTarget undoes one entry of the history.
func (a *App) UndoTarget(ctx context.Context, id string, version, seq int64, how How) (*schemas.Target, error) {
	return a.targets.undo(ctx, id, version, seq, how)
}

func (a *App) normaliseTarget(_ context.Context, t *schemas.Target) []schemas.FieldError {
	broken := t.Conflicts()
	ruled := func(at, id, collection string) {
		if r := a.rules.cached.get(id); r == nil || r.Collection != collection {
			broken = append(broken, schemas.FieldError{Field: at, Rule: "ref", Param: schemas.Rules})
		}
	}
	if t.Collection != "" && t.RuleID != "" {
		ruled("ruleId", t.RuleID, t.Collection)
	}
	for i, c := range t.Also {
		ruled("also/"+itoa(i)+"/ruleId", c.RuleID, c.Collection)
	}
	if t.SubsetOf != "" && (t.SubsetOf == t.ID || a.targets.cached.get(t.SubsetOf) == nil) {
		broken = append(broken, schemas.FieldError{Field: "subsetOf", Rule: "ref", Param: schemas.Targets})
	}
	for i, s := range t.Breakdown {
		if a.term(s.Taxonomy, s.Code) == nil {
			broken = append(broken, schemas.FieldError{Field: "breakdown/" + itoa(i) + "/code", Rule: "term", Param: s.Taxonomy})
		}
	}
	return broken
}
