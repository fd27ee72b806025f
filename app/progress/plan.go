package progress

import "qunxian/schemas"

// GoalOn returns the version of a target's goal in force on a day: the one with
// the latest EffectiveFrom up to it. Before the first there is none.
func GoalOn(t *schemas.TargetFields, day schemas.Date) (schemas.GoalVersion, bool) {
	var goal schemas.GoalVersion
	found := false
	for _, g := range t.Goals {
		if g.EffectiveFrom <= day && (!found || g.EffectiveFrom > goal.EffectiveFrom || g.EffectiveFrom == goal.EffectiveFrom && g.ID > goal.ID) {
			goal, found = g, true
		}
	}
	return goal, found
}

// Plan returns the plan line on a day: straight from the baseline, 0 where none
// is known, at the start of the period to the goal in force at its deadline, so
// a change of the goal draws a step. A growth is the same goal each year.
func Plan(t *schemas.TargetFields, day schemas.Date) (float64, bool) {
	goal, ok := GoalOn(t, day)
	if !ok {
		return 0, false
	}
	if t.Kind == schemas.Growth || t.Kind == schemas.Ratio && t.Baseline == nil {
		return goal.Value, true
	}
	var baseline float64
	if t.Baseline != nil {
		baseline = *t.Baseline
	}
	from, to := DayOf(t.From), DayOf(goal.Deadline)
	if to <= from {
		return goal.Value, true
	}
	gone := min(max(float64(DayOf(day)-from)/float64(to-from), 0), 1)
	return baseline + (goal.Value-baseline)*gone, true
}

// Settled returns the day whose value speaks for a target on a day, and whether
// it is the final one: after the deadline of the goal in force, that is the
// deadline.
func Settled(t *schemas.TargetFields, day schemas.Date) (schemas.Date, bool) {
	end := t.To
	if goal, ok := GoalOn(t, day); ok {
		end = goal.Deadline
	}
	if day > end {
		return end, true
	}
	return day, false
}

// PeriodOf returns the time within which a target counts, as planned on a day.
func PeriodOf(t *schemas.TargetFields, day schemas.Date) Period {
	p := Period{t.From, t.To}
	if goal, ok := GoalOn(t, day); ok {
		p.To = goal.Deadline
	}
	return p
}

// Measured returns the latest measure on or before a day. Totals and growths of
// another period say nothing about this one, so a cumulative or growth target
// reads only measures since its start; a stock or a ratio reads earlier ones.
func Measured(t *schemas.TargetFields, day schemas.Date) (schemas.Measure, bool) {
	var latest schemas.Measure
	found := false
	for _, m := range t.Measures {
		if m.On > day || m.On < t.From && (t.Kind == schemas.Cumulative || t.Kind == schemas.Growth) {
			continue
		}
		if !found || m.On > latest.On || m.On == latest.On && m.ID > latest.ID {
			latest, found = m, true
		}
	}
	return latest, found
}

// Reached reports whether a value meets a goal by the target's comparator.
func Reached(t *schemas.TargetFields, value, goal float64) bool {
	if t.Comparator == schemas.MoreThan {
		return value > goal
	}
	return value >= goal
}

// State says how a target is doing.
type State string

// The states of targets. A pending one is never met: 口径待定 comes before any
// colour.
const (
	Pending State = "pending"
	Unknown State = "unknown" // no value, or no goal in force
	Met     State = "met"
	OnPlan  State = "on-plan" // not met yet, and at or above the plan line
	Behind  State = "behind"
	Missed  State = "missed" // not met when the deadline passed
)

// Standing is where a target is on a day. Day is the day of the value, which
// stays the deadline once that is past.
type Standing struct {
	State State        `json:"state"`
	Day   schemas.Date `json:"day"`
	Final bool         `json:"final"`
	Value *float64     `json:"value,omitempty"`
	Goal  *float64     `json:"goal,omitempty"`
	Plan  *float64     `json:"plan,omitempty"`
}

// Judge says how a target stands on a day with its value on the settled day,
// or nil where there is none.
func Judge(t *schemas.TargetFields, value *float64, day schemas.Date) Standing {
	s := Standing{State: Unknown, Value: value}
	s.Day, s.Final = Settled(t, day)
	goal, ok := GoalOn(t, day)
	if ok {
		plan, _ := Plan(t, day)
		s.Goal, s.Plan = &goal.Value, &plan
	}
	switch {
	case t.Pending != "":
		s.State = Pending
	case value == nil || !ok:
	case Reached(t, *value, goal.Value):
		s.State = Met
	case s.Final:
		s.State = Missed
	case *value >= *s.Plan && t.Kind != schemas.Growth:
		s.State = OnPlan
	default:
		s.State = Behind
	}
	return s
}
