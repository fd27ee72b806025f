package handlers

import (
	"context"
	"slices"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) targetRoutes() []Route {
	reader := staff.or(viewer)
	return []Route{
		{"GET", "/api/v1/targets", "listTargets", reader, "Lists every target with how it stands on a day.", do(h.listTargets)},
		{"GET", "/api/v1/targets/:id", "getTarget", reader, "Returns a target with how it stands on a day.", do(h.getTarget)},
		{"POST", "/api/v1/targets", "createTarget", admin, "Adds a target under its id.", do(h.createTarget).as(201)},
		{"PATCH", "/api/v1/targets/:id", "updateTarget", admin, "Changes a target by a merge patch.", do(h.updateTarget)},
		{"POST", "/api/v1/targets/:id/measures", "addMeasure", officer.or(admin), "Enters a value of a target with what shows it.", do(h.addMeasure).as(201)},
		{"GET", "/api/v1/targets/:id/count", "countTarget", reader, "Counts a target on a day: who counts, who does not, and by which clause.", do(h.countTarget)},
		{"GET", "/api/v1/targets/:id/series", "getTargetSeries", reader, "Returns a target by month, beside plan and goal.", do(h.targetSeries)},
		{"GET", "/api/v1/targets/:id/history", "getTargetHistory", staff, "Returns every entry of a target's history, oldest first.", do(historyOf(h.App.TargetHistory))},
		{"POST", "/api/v1/targets/:id/history/:seq/undo", "undoTarget", admin, "Undoes one entry of the history of a target.", do(undone(h, h.App.UndoTarget))},

		{"GET", "/targets", "targetsPage", reader, "All targets and how they stand.", page("targets", h.targetsPage)},
		{"GET", "/targets/:id", "targetPage", reader, "A target: its course, who counts, who does not and why.", page("target", h.targetPage)},
		{"POST", "/targets/:id/measures", "postMeasure", officer.or(admin), "Enters a value by the form.", formAgain("target", h.postMeasure, h.postMeasureAgain)},
		{"POST", "/targets/:id/goals", "postGoal", admin, "Sets a new goal by the form.", formAgain("target", h.postGoal, h.postGoalAgain)},
	}
}

type (
	// askDay asks for a day as known at an instant.
	askDay struct {
		AsOf    schemas.Date `query:"asOf"`
		KnownAt schemas.Time `query:"knownAt"`
	}
	askTarget struct {
		ID string `path:"id"`
		askDay
	}
	newTarget struct {
		Key  string     `header:"Idempotency-Key"`
		Body TargetBody `body:"json"`
	}
	updateTarget struct {
		ID     string                      `path:"id"`
		Match  version                     `header:"If-Match" required:"true"`
		Key    string                      `header:"Idempotency-Key"`
		On     schemas.Date                `query:"effectiveOn"`
		Reason string                      `query:"reason"`
		Body   Patch[schemas.TargetFields] `body:"merge"`
	}
	addMeasure struct {
		ID    string      `path:"id"`
		Match version     `header:"If-Match"`
		Key   string      `header:"Idempotency-Key"`
		Body  MeasureBody `body:"json"`
	}
	countTarget struct {
		ID string `path:"id"`
		askDay
		Rule    string `query:"rule"`
		Cursor  string `query:"cursor"`
		Limit   int    `query:"limit"`
		Counted string `query:"counted"`
	}
	targetSeries struct {
		ID string `path:"id"`
		askDay
		Rule string `query:"rule"`
	}
)

// MeasureBody is a value that was entered for a day, with what shows it.
type MeasureBody struct {
	On       schemas.Date `json:"on" validate:"required,day"`
	Value    *float64     `json:"value" validate:"required"`
	Evidence string       `json:"evidence" validate:"required,max=300"`
	Note     string       `json:"note,omitempty" validate:"max=200"`
}

// TargetBody is a new target and its id, a short latin name.
type TargetBody struct {
	ID string `json:"id" validate:"required,code"`
	schemas.TargetFields
}

// Targets is a list of targets.
type Targets struct {
	Items []app.TargetView `json:"items"`
}

// Series is a target by month.
type Series struct {
	Items []app.SeriesPoint `json:"items"`
}

func (in askDay) when() app.When { return app.When{AsOf: in.AsOf, KnownAt: in.KnownAt} }

func (h *Handlers) listTargets(ctx context.Context, in *askDay) (Targets, error) {
	all, err := h.App.ListTargets(ctx, in.when())
	return Targets{all}, err
}

func (h *Handlers) getTarget(ctx context.Context, in *askTarget) (*app.TargetView, error) {
	v, err := h.App.GetTarget(ctx, in.ID, in.when())
	if err == nil {
		reply(ctx).tag(v.Target.Version)
	}
	return v, err
}

func (h *Handlers) createTarget(ctx context.Context, in *newTarget) (*schemas.Target, error) {
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return nil, err
	}
	t, err := h.App.CreateTarget(ctx, in.Body.ID, in.Body.TargetFields, how)
	if err == nil {
		reply(ctx).made("/api/v1/targets/" + t.ID)
	}
	return t, err
}

func (h *Handlers) updateTarget(ctx context.Context, in *updateTarget) (*schemas.Target, error) {
	how, err := howOf(ctx, in.Key, in.On, in.Reason)
	if err != nil {
		return nil, err
	}
	return h.App.UpdateTarget(ctx, in.ID, int64(in.Match), how, in.Body.Apply)
}

func (h *Handlers) addMeasure(ctx context.Context, in *addMeasure) (*schemas.Target, error) {
	how, err := howOf(ctx, in.Key, "", "")
	if err != nil {
		return nil, err
	}
	if in.Body.Value == nil {
		return nil, schemas.InvalidField("value", "required", "")
	}
	m := schemas.Measure{On: in.Body.On, Value: *in.Body.Value, Evidence: in.Body.Evidence, Note: in.Body.Note}
	t, err := h.measure(ctx, in.ID, int64(in.Match), how, m)
	return t, byLeaf(err)
}

// measure adds a value to a target that is not counted from records. Two values of one day contradict each other: the later
// one replaces the first, which stays in history.
func (h *Handlers) measure(ctx context.Context, id string, version int64, how app.How, m schemas.Measure) (*schemas.Target, error) {
	if m.On > h.App.Today() {
		return nil, schemas.InvalidField("on", "future", "")
	}
	m.ID = ""
	return h.App.UpdateTarget(ctx, id, version, how, func(t *schemas.TargetFields) error {
		if t.Collection != "" {
			return &schemas.Error{Code: schemas.Conflict, Message: "error.counted"}
		}
		for i := range t.Measures {
			if t.Measures[i].On == m.On {
				m.ID = t.Measures[i].ID
				t.Measures[i] = m
				return nil
			}
		}
		t.Measures = append(t.Measures, m)
		return nil
	})
}

func (h *Handlers) countTarget(ctx context.Context, in *countTarget) (*app.TargetCount, error) {
	if in.Limit < 0 || in.Limit > maxPage {
		return nil, schemas.InvalidField("limit", "max", "200")
	}
	count, err := h.App.CountTarget(ctx, in.ID, app.CountQuestion{When: in.when(), Rule: in.Rule, Cursor: in.Cursor, Limit: in.Limit, Counted: in.Counted})
	if err != nil {
		return nil, err
	}
	v, err := h.App.GetTarget(ctx, in.ID, app.When{})
	if err != nil {
		return nil, err
	}
	w, err := h.wording(ctx, nounOf(v.Target.Collection))
	if err != nil {
		return nil, err
	}
	for i := range count.Excluded {
		e := &count.Excluded[i]
		e.Failed = slices.Clone(e.Failed)
		for j := range e.Failed {
			f := &e.Failed[j]
			f.Text = w.lack(f.Text, f.Field, f.Want)
		}
	}
	return count, nil
}

func (h *Handlers) targetSeries(ctx context.Context, in *targetSeries) (Series, error) {
	points, err := h.App.TargetSeries(ctx, in.ID, in.Rule, in.when())
	return Series{points}, err
}
