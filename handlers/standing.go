package handlers

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"qunxian/app"
	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/web"
	"qunxian/web/charts"
)

// Judgement is how a target stands, in a few words with a tone and an icon.
type Judgement struct{ Text, Tone, Icon string }

// judged says how a target stands: met, ahead of the plan or behind it, and by how much.
func judged(f web.Frame, v app.TargetView) Judgement {
	s := v.Standing
	switch s.State {
	case progress.Pending:
		return Judgement{f.T("target.pending"), "slate", "help"}
	case progress.Met:
		return Judgement{f.T("target.met"), "teal", "circle-check"}
	case progress.Missed:
		return Judgement{f.T("target.missed", away(v.Target, *s.Goal, *s.Value), unitOf(f, v.Target)), "red", "circle-x"}
	case progress.OnPlan, progress.Behind:
	default:
		return Judgement{f.T("target.unknown"), "slate", "info-circle"}
	}
	out, key := Judgement{Tone: "teal", Icon: "circle-check"}, "target.ahead"
	if s.State == progress.Behind {
		out.Tone, out.Icon, key = "amber", "alert-triangle", "target.behind"
	}
	out.Text = f.T("target.level")
	if n := away(v.Target, *s.Value, *s.Plan); n != "0" {
		out.Text = f.T(key, n, unitOf(f, v.Target))
	}
	return out
}

// away is how far apart two values are. Of what is counted in ones it is whole, also against a plan that is not.
func away(t *schemas.Target, a, b float64) string {
	d := math.Abs(a - b)
	if t.Kind == schemas.Stock || t.Kind == schemas.Cumulative {
		d = math.Round(d)
	}
	return web.Number(d)
}

// planned is the plan's value on a day as people read it.
func planned(t *schemas.Target, v float64) string { return away(t, v, 0) }

// unitOf and nameOf are the words of a target in the language of the page.
func unitOf(f web.Frame, t *schemas.Target) string {
	if f.Lang == "en" {
		return cmp.Or(t.UnitEn, t.Unit)
	}
	return t.Unit
}

func nameOf(f web.Frame, t *schemas.Target) string {
	if f.Lang == "en" {
		return cmp.Or(t.NameEn, t.Name)
	}
	return t.Name
}

// numberOr is a value, or the words for one that is not there.
func numberOr(v *float64, none string) string {
	if v == nil {
		return none
	}
	return web.Number(*v)
}

// burnUp draws the course of a target up to a day, which is called so where it is past.
func burnUp(f web.Frame, id string, t *schemas.Target, series []app.SeriesPoint, day, today schemas.Date) charts.BurnUp {
	mark := f.T("chart.today")
	if day < today {
		mark = f.Day(day)
	}
	b := charts.BurnUp{
		ID: id, From: t.From.Time(), To: t.To.Time(), Today: day.Time(),
		Words: charts.BurnUpWords{Actual: f.T("chart.actual"), Plan: f.T("chart.plan"), Goal: f.T("chart.goal"), Today: mark},
	}
	for year := b.From.Year(); year <= b.To.Year(); year++ {
		at := time.Date(year, 1, 1, 0, 0, 0, 0, schemas.Shanghai)
		b.Ticks = append(b.Ticks, charts.Tick{At: at, Label: strconv.Itoa(year)}, charts.Tick{At: at.AddDate(0, 6, 0), Label: f.T("chart.july")})
	}
	if start, ok := progress.Plan(&t.TargetFields, t.From); ok {
		b.Plan = append(b.Plan, charts.Point{At: b.From, Value: start})
	}
	for _, p := range series {
		if p.Plan != nil {
			b.Plan = append(b.Plan, charts.Point{At: p.Day.Time(), Value: *p.Plan})
		}
	}
	b.Plan = straight(b.Plan)
	b.Goal = goalSteps(t)
	b.Actual = course(f, t, series, day)
	reading := f.T("target.unknown")
	if n := len(b.Actual); n > 0 {
		reading = b.Actual[n-1].Label + " " + web.Number(b.Actual[n-1].Value) + " " + unitOf(f, t)
	}
	b.Title = nameOf(f, t) + ": " + reading
	return b
}

// course is what was reached: by month where records are counted, by entry where values are entered.
func course(f web.Frame, t *schemas.Target, series []app.SeriesPoint, until schemas.Date) []charts.Point {
	var out []charts.Point
	if t.Collection != "" {
		for _, p := range series {
			if p.N != nil {
				out = append(out, charts.Point{At: p.Day.Time(), Label: f.Day(p.Day), Value: *p.N})
			}
		}
		return out
	}
	if t.Baseline != nil {
		out = append(out, charts.Point{At: t.From.Time(), Label: f.Day(t.From), Value: *t.Baseline})
	}
	measures := slices.Clone(t.Measures)
	slices.SortFunc(measures, func(a, b schemas.Measure) int { return cmp.Compare(a.On, b.On) })
	for _, m := range measures {
		if m.On > t.From && m.On <= t.To && m.On <= until {
			out = append(out, charts.Point{At: m.On.Time(), Label: f.Day(m.On), Value: m.Value})
		}
	}
	return out
}

// goalSteps are the goal's versions from when each holds.
func goalSteps(t *schemas.Target) []charts.Point {
	goals := slices.Clone(t.Goals)
	slices.SortStableFunc(goals, func(a, b schemas.GoalVersion) int { return cmp.Compare(a.EffectiveFrom, b.EffectiveFrom) })
	var out []charts.Point
	for _, g := range goals {
		if g.EffectiveFrom <= t.To {
			out = append(out, charts.Point{At: max(g.EffectiveFrom, t.From).Time(), Value: g.Value})
		}
	}
	return out
}

// straight leaves out the points that lie on the line between their neighbours.
func straight(points []charts.Point) []charts.Point {
	var out []charts.Point
	for i, p := range points {
		if i > 0 && i < len(points)-1 {
			a, b := out[len(out)-1], points[i+1]
			part := float64(p.At.Sub(a.At)) / float64(b.At.Sub(a.At))
			if math.Abs(a.Value+(b.Value-a.Value)*part-p.Value) < 0.01 {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}
