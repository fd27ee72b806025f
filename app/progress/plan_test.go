package progress

import (
	"math"
	"testing"

	"qunxian/schemas"
)

func target(edit func(*schemas.TargetFields)) *schemas.TargetFields {
	t := &schemas.TargetFields{
		Kind: schemas.Stock, Comparator: schemas.AtLeast, From: "2026-01-01", To: "2030-12-31",
		Goals: []schemas.GoalVersion{
			{ID: "2", Value: 60, Deadline: "2029-12-31", EffectiveFrom: "2028-01-01", Reason: "中期调整"},
			{ID: "1", Value: 50, Deadline: "2030-12-31", EffectiveFrom: "2026-01-01"},
		},
	}
	if edit != nil {
		edit(t)
	}
	return t
}

func with(v float64) *float64 { return &v }

func TestPlan(t *testing.T) {
	based := target(func(t *schemas.TargetFields) { t.Baseline = with(10) })
	growth := target(func(t *schemas.TargetFields) { t.Kind = schemas.Growth; t.Goals = t.Goals[1:] })
	same := target(func(t *schemas.TargetFields) {
		t.Goals[0].EffectiveFrom = "2026-01-01" // a correction on the same day: the later version holds
	})
	for _, c := range []struct {
		name   string
		target *schemas.TargetFields
		on     schemas.Date
		want   float64
		ok     bool
	}{
		{"before the goal", target(nil), "2025-12-31", 0, false},
		{"first day", target(nil), "2026-01-01", 0, true},
		{"before the step", target(nil), "2027-12-31", 50 * 729.0 / 1825, true},
		{"on the step", target(nil), "2028-01-01", 60 * 730.0 / 1460, true},
		{"new deadline", target(nil), "2029-12-31", 60, true},
		{"after the deadline", target(nil), "2031-06-01", 60, true},
		{"from a baseline", based, "2026-01-01", 10, true},
		{"half-way from a baseline", based, "2028-01-01", 35, true},
		{"a growth is the same each year", growth, "2026-06-30", 50, true},
		{"the later version of a day", same, "2029-12-31", 60, true},
	} {
		got, ok := Plan(c.target, c.on)
		if math.Abs(got-c.want) > 1e-9 || ok != c.ok {
			t.Errorf("%s: %v %v, want %v %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

func TestMeasured(t *testing.T) {
	measures := []schemas.Measure{
		{ID: "1", On: "2025-12-31", Value: 7}, {ID: "3", On: "2027-12-31", Value: 30}, {ID: "2", On: "2026-12-31", Value: 12}, {ID: "4", On: "2026-12-31", Value: 13},
	}
	for _, c := range []struct {
		kind string
		on   schemas.Date
		want float64
		ok   bool
	}{
		{schemas.Stock, "2026-06-30", 7, true},
		{schemas.Ratio, "2026-06-30", 7, true},
		{schemas.Cumulative, "2026-06-30", 0, false},
		{schemas.Growth, "2026-06-30", 0, false},
		{schemas.Cumulative, "2026-12-31", 13, true},
		{schemas.Growth, "2027-12-30", 13, true},
		{schemas.Stock, "2030-12-31", 30, true},
		{schemas.Stock, "2025-12-30", 0, false},
	} {
		m, ok := Measured(target(func(t *schemas.TargetFields) { t.Kind, t.Measures = c.kind, measures }), c.on)
		if m.Value != c.want || ok != c.ok {
			t.Errorf("%s on %s: %v %v, want %v %v", c.kind, c.on, m.Value, ok, c.want, c.ok)
		}
	}
}

func TestJudge(t *testing.T) {
	one := func(edit func(*schemas.TargetFields)) *schemas.TargetFields {
		return target(func(t *schemas.TargetFields) {
			t.Goals = t.Goals[1:]
			if edit != nil {
				edit(t)
			}
		})
	}
	more := one(func(t *schemas.TargetFields) { t.Comparator = schemas.MoreThan })
	pending := one(func(t *schemas.TargetFields) { t.Pending = "口径待定（新增 / 存量）" })
	growth := one(func(t *schemas.TargetFields) { t.Kind, t.Comparator = schemas.Growth, schemas.MoreThan })
	for _, c := range []struct {
		name   string
		target *schemas.TargetFields
		value  *float64
		on     schemas.Date
		state  State
		day    schemas.Date
		final  bool
	}{
		{"no value", one(nil), nil, "2027-01-01", Unknown, "2027-01-01", false},
		{"no goal yet", one(nil), with(60), "2025-01-01", Unknown, "2025-01-01", false},
		{"met", one(nil), with(50), "2027-01-01", Met, "2027-01-01", false},
		{"equal is not more", more, with(50), "2027-01-01", OnPlan, "2027-01-01", false},
		{"more", more, with(50.01), "2027-01-01", Met, "2027-01-01", false},
		{"on plan", one(nil), with(10), "2027-01-01", OnPlan, "2027-01-01", false},
		{"behind", one(nil), with(9), "2027-01-01", Behind, "2027-01-01", false},
		{"last day", one(nil), with(49), "2030-12-31", Behind, "2030-12-31", false},
		{"missed", one(nil), with(49), "2031-01-01", Missed, "2030-12-31", true},
		{"met in the end", one(nil), with(50), "2031-01-01", Met, "2030-12-31", true},
		{"pending is never green", pending, with(99), "2027-01-01", Pending, "2027-01-01", false},
		{"pending is not missed", pending, with(1), "2031-01-01", Pending, "2030-12-31", true},
		{"a growth of exactly the goal", growth, with(50), "2027-01-01", Behind, "2027-01-01", false},
		{"the deadline moved", target(nil), with(1), "2030-03-01", Missed, "2029-12-31", true},
	} {
		got := Judge(c.target, c.value, c.on)
		if got.State != c.state || got.Day != c.day || got.Final != c.final {
			t.Errorf("%s: %s on %s, final %v, want %s on %s, %v", c.name, got.State, got.Day, got.Final, c.state, c.day, c.final)
		}
	}
	if p := PeriodOf(target(nil), "2028-05-01"); p != (Period{"2026-01-01", "2029-12-31"}) {
		t.Errorf("the period is %v", p)
	}
}
