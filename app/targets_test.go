package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// town is a city made by hand: each talent is there for one clause of the
// shipped rules. It returns the ids by name.
func town(t *testing.T) (*office, map[string]string) {
	o := openApp(t)
	if err := o.StartPeriod(bg, "四平市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, p := range []struct {
		name, tier, track, mode, region string
		from, to                        schemas.Date // of an agreement
		moves                           string
	}{
		{"全职到岗", "national", "recruit", "fulltime", "lishu", "", "", "onboarded 2026-03-01"},
		{"柔性签约", "municipal", "recruit", "flexible", "tiexi", "", "", "signed 2026-03-01"},
		{"全职签约", "municipal", "recruit", "fulltime", "lishu", "", "", "signed 2026-03-01"},
		{"柔性到岗", "provincial", "recruit", "flexible", "lishu", "2026-03-01", "", "onboarded 2026-03-01"},
		{"已认定", "municipal", "cultivate", "", "tiexi", "", "", "recognized 2026-03-01"},
		{"在推荐", "municipal", "cultivate", "", "tiexi", "", "", ""},
		{"协议到期", "top", "recruit", "fulltime", "lishu", "2026-01-01", "2026-06-30", "onboarded 2026-03-01"},
		{"协议未到", "top", "recruit", "fulltime", "lishu", "2027-01-01", "", "onboarded 2026-03-01"},
		{"离岗", "national", "recruit", "fulltime", "lishu", "", "", "onboarded 2026-03-01 left 2026-09-01"},
		{"早已离岗", "national", "recruit", "fulltime", "lishu", "", "", "onboarded 2025-02-01 left 2025-12-01"},
		{"骨干到岗", "backbone", "recruit", "fulltime", "lishu", "", "", "onboarded 2026-03-01"},
		{"无层次", "", "recruit", "fulltime", "lishu", "", "", "onboarded 2026-03-01"},
		{"归档", "national", "recruit", "fulltime", "lishu", "", "", "onboarded 2026-03-01"},
	} {
		f := someone(p.name, "一厂")
		f.Tier, f.Track, f.Mode, f.Region = p.tier, p.track, p.mode, p.region
		if p.from != "" {
			f.Agreements = []schemas.Agreement{{From: p.from, To: p.to}}
		}
		id := o.talent(f, "2025-01-10").ID
		ids[p.name] = id
		for m := strings.Fields(p.moves); len(m) > 0; m = m[2:] {
			must(o.MoveTalent(bg, id, 0, Move{Stage: m[0], On: schemas.Date(m[1])}))(t)
		}
	}
	must(o.ArchiveTalent(bg, ids["归档"], 0, false, How{On: "2026-10-01"}))(t)
	return o, ids
}

// said is a count as text: n, the counted, then the excluded with the clauses
// they fail.
func said(c *TargetCount) string {
	var counted, excluded []string
	for _, r := range c.Counted {
		counted = append(counted, r.Name)
	}
	for _, r := range c.Excluded {
		var failed []string
		for _, v := range r.Failed {
			failed = append(failed, v.Clause)
		}
		excluded = append(excluded, r.Name+"("+strings.Join(failed, " ")+")")
	}
	slices.Sort(counted)
	slices.Sort(excluded)
	return fmt.Sprint(c.N, " ", strings.Join(counted, " "), " | ", strings.Join(excluded, " "))
}

func TestCounts(t *testing.T) {
	o, _ := town(t)
	excluded := " | 全职签约(1-onboarded-stage) 协议到期(4-agreement) 协议未到(4-agreement) 在推荐(3-cultivate-stage) 早已离岗(1-onboarded-stage 5-not-left) 离岗(1-onboarded-stage 5-not-left)"
	for _, tt := range []struct {
		rule string
		day  schemas.Date
		want string
	}{
		{"", "2026-11-23", "4 全职到岗 已认定 柔性到岗 柔性签约" + excluded},
		{schemas.RuleTalentsCurrent, "", "4 全职到岗 已认定 柔性到岗 柔性签约" + excluded},
		{schemas.RuleTalentsCumulative, "", "6 全职到岗 协议到期 已认定 柔性到岗 柔性签约 离岗 | 全职签约(1-onboarded-stage) 协议未到(4-agreement) 在推荐(3-cultivate-stage) 早已离岗(1-onboarded-stage 5-not-left)"},
		{"", "2026-06-30", "7 全职到岗 协议到期 已认定 归档 柔性到岗 柔性签约 离岗 | 全职签约(1-onboarded-stage) 协议未到(4-agreement) 在推荐(3-cultivate-stage) 早已离岗(1-onboarded-stage 5-not-left)"},
		{"", "2026-07-01", "6 全职到岗 已认定 归档 柔性到岗 柔性签约 离岗 | 全职签约(1-onboarded-stage) 协议到期(4-agreement) 协议未到(4-agreement) 在推荐(3-cultivate-stage) 早已离岗(1-onboarded-stage 5-not-left)"},
	} {
		c := must(o.CountTarget(bg, "talents-2026", CountQuestion{When: When{AsOf: tt.day}, Rule: tt.rule}))(t)
		if diff := cmp.Diff(tt.want, said(c)); diff != "" {
			t.Errorf("%s on %s (-want +got):\n%s", tt.rule, tt.day, diff)
		}
		failed := map[string]int{}
		for _, e := range c.Excluded {
			for _, v := range e.Failed {
				failed[v.Clause]++
			}
		}
		if diff := cmp.Diff(failed, c.PerClause); diff != "" || c.Candidates != c.N+len(c.Excluded) {
			t.Errorf("%s: %d candidates, per clause:\n%s", tt.rule, c.Candidates, diff)
		}
	}
	for day, want := range map[schemas.Date]int{
		"2025-01-09": 0, "2025-02-01": 1, "2025-11-30": 1, "2025-12-01": 0, "2026-02-28": 0, "2026-03-01": 7,
		"2026-08-31": 6, "2026-09-01": 5, "2026-09-30": 5, "2026-10-01": 4,
	} {
		if c := must(o.CountTarget(bg, "talents-2026", CountQuestion{When: When{AsOf: day}}))(t); c.N != want {
			t.Errorf("on %s: %d, want %d", day, c.N, want)
		}
	}
	_, err := o.CountTarget(bg, "talents-2026", CountQuestion{Rule: schemas.RuleTeamsCurrent})
	refused(t, err, schemas.Invalid, "rule", "collection")
	_, err = o.CountTarget(bg, "talents-2026", CountQuestion{When: When{AsOf: "2026-02-30"}})
	refused(t, err, schemas.Invalid, "asOf", "day")
	_, err = o.CountTarget(bg, "nobody", CountQuestion{})
	refused(t, err, schemas.NotFound, "", "")
	_, err = o.CountTarget(bg, "plan-projects", CountQuestion{})
	refused(t, err, schemas.Conflict, "", "")
}

// TestKnownAt counts as of one day twice: as known before and after a late
// entry, an undo and a change of the rule.
func TestKnownAt(t *testing.T) {
	o, ids := town(t)
	before := schemas.At(o.Now())
	n := func(day schemas.Date, known schemas.Time) int {
		t.Helper()
		return must(o.CountTarget(bg, "talents-2026", CountQuestion{When: When{day, known}}))(t).N
	}
	check := func(what string, day schemas.Date, known schemas.Time, want int) {
		t.Helper()
		if got := n(day, known); got != want {
			t.Errorf("%s: on %s as known %s: %d, want %d", what, day, known, got, want)
		}
	}
	now := schemas.Time{}
	o.clock.advance(time.Hour)
	late := must(o.MoveTalent(bg, ids["全职签约"], 0, Move{Stage: "onboarded", On: "2026-05-01", Reason: "补录"}))(t)
	check("late entry", "2026-06-30", before, 7)
	check("late entry", "2026-06-30", now, 8)
	check("late entry", "2026-11-23", before, 4)
	check("late entry", "2026-11-23", now, 5)
	check("late entry", "2026-04-30", now, 7)
	middle := schemas.At(o.Now())

	o.clock.advance(time.Hour)
	must(o.UndoTalent(bg, ids["全职签约"], late.Version, late.Version, How{}))(t)
	check("undone", "2026-06-30", now, 7)
	check("undone", "2026-06-30", middle, 8)
	check("undone", "2026-06-30", before, 7)

	o.clock.advance(time.Hour)
	_, err := o.rules.update(bg, schemas.RuleTalentsCurrent, 0, How{On: "2026-11-01", Reason: "只计全职"}, func(r *schemas.Rule) error {
		r.Candidates = append(r.Candidates, schemas.Clause{ID: "3-fulltime", Kind: schemas.ClauseCodes, Field: "mode", Values: []string{"fulltime"}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check("new rule", "2026-11-23", now, 1)
	check("new rule", "2026-10-31", now, 4)
	check("new rule", "2026-11-23", middle, 5)

	o.clock.advance(time.Hour)
	if _, err := o.UpdateTaxonomy(bg, schemas.TaxTier, 0, How{On: "2026-11-10"}, func(f *schemas.TaxonomyFields) error {
		for i := range f.Terms {
			f.Terms[i].Leading = f.Terms[i].Leading || f.Terms[i].ID == "backbone"
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	check("backbone leads", "2026-11-09", now, 1)
	check("backbone leads", "2026-11-10", now, 2)
	check("backbone leads", "2026-11-10", middle, 5)
	o.reopen()
	check("after a restart", "2026-11-10", now, 2)
	check("after a restart", "2026-06-30", middle, 8)
}

// TestSeriesIsCounts compares every point of the burn-ups with the count of
// its day.
func TestSeriesIsCounts(t *testing.T) {
	o := demoCity(t)
	if err := o.StartPeriod(bg, "四平市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	rises := 0
	for _, id := range []string{"talents-2026", "teams-2026", "plan-talents", "plan-teams", "plan-high-tech"} {
		for _, rule := range map[string][]string{"talents-2026": {"", schemas.RuleTalentsCumulative}, "teams-2026": {"", schemas.RuleTeamsCumulative}}[id] {
			points := must(o.TargetSeries(bg, id, rule, When{}))(t)
			last := 0
			for _, p := range points {
				if (p.N != nil) != (p.Day <= o.Today()) {
					t.Fatalf("%s: point %+v", id, p)
				}
				if p.N == nil {
					continue
				}
				c := must(o.CountTarget(bg, id, CountQuestion{When: When{AsOf: p.Day}, Rule: rule, Limit: 200}))(t)
				if float64(c.N) != *p.N || len(c.Counted) != c.N {
					t.Errorf("%s by %q on %s: series %v, count %d, %d counted", id, rule, p.Day, *p.N, c.N, len(c.Counted))
				}
				if strings.HasSuffix(rule, "cumulative") && c.N < last {
					t.Errorf("%s on %s: a cumulative count fell from %d to %d", id, p.Day, last, c.N)
				}
				if c.N != last {
					rises++
				}
				last = c.N
			}
			if first, end := points[0], points[len(points)-1]; first.Day != "2026-01-31" || end.Day != "2030-12-31" || *end.Plan != 50 || *end.Goal != 50 {
				t.Errorf("%s: from %+v to %+v", id, first, end)
			}
		}
	}
	if rises < 10 {
		t.Errorf("the lines move %d times: the test shows little", rises)
	}
	view := must(o.GetTarget(bg, "talents-2026", When{}))(t)
	head := must(o.Headline(bg, When{}))(t)
	count := must(o.CountTarget(bg, "talents-2026", CountQuestion{}))(t)
	if *view.Standing.Value != float64(count.N) || head.Talents != count.N || head.Recruited+head.Cultivated != count.N {
		t.Errorf("target %v, headline %+v, count %d", *view.Standing.Value, head, count.N)
	}
	monthAgo := must(o.CountTarget(bg, "talents-2026", CountQuestion{When: When{AsOf: "2026-10-23"}}))(t)
	if head.TalentChange != count.N-monthAgo.N {
		t.Errorf("headline's change %d, counts %d and %d", head.TalentChange, count.N, monthAgo.N)
	}
}

// TestNoDoubleCounting counts people and teams in one target: a team of a
// counted lead or member stays out.
func TestNoDoubleCounting(t *testing.T) {
	o, ids := town(t)
	team := func(name, lead, member string) {
		f := schemas.TeamFields{Name: name, Tier: "municipal", Track: "recruit", Mode: "flexible", Lead: schemas.Lead{Talent: lead}}
		if member != "" {
			f.Members = []schemas.Member{{Talent: member, Name: "成员"}}
		}
		made := must(o.CreateTeam(bg, f, How{On: "2026-01-10"}))(t)
		must(o.MoveTeam(bg, made.ID, 0, Move{Stage: "signed", On: "2026-04-01"}))(t)
	}
	team("带头人已计", ids["全职到岗"], "")
	team("成员已计", "", ids["已认定"])
	team("带头人未计", ids["骨干到岗"], "")
	team("无人", "", "")
	_, err := o.CreateTeam(bg, schemas.TeamFields{Name: "又一队", Lead: schemas.Lead{Talent: ids["全职到岗"]}}, How{})
	refused(t, err, schemas.Invalid, "lead/talent", "oneteam")
	_, err = o.CreateTeam(bg, schemas.TeamFields{Name: "又一队", Lead: schemas.Lead{Talent: "01J00000000000000000000000"}}, How{})
	refused(t, err, schemas.Invalid, "lead/talent", "ref")

	alone := must(o.CountTarget(bg, "teams-2026", CountQuestion{}))(t)
	if got := said(alone); got != "4 带头人已计 带头人未计 成员已计 无人 | " {
		t.Errorf("teams alone: %s", got)
	}
	both := schemas.TargetFields{
		Name: "领军人才与团队", Unit: "个", Comparator: schemas.AtLeast, Kind: schemas.Stock, From: "2026-01-01", To: "2030-12-31",
		Goals:      []schemas.GoalVersion{{ID: "1", Value: 100, Deadline: "2030-12-31", EffectiveFrom: "2026-01-01"}},
		Collection: schemas.Talents, RuleID: schemas.RuleTalentsCurrent, Also: []schemas.Counted{{Collection: schemas.Teams, RuleID: schemas.RuleTeamsCurrent}},
	}
	must(o.CreateTarget(bg, "both", both, How{On: "2026-01-01"}))(t)
	c := must(o.CountTarget(bg, "both", CountQuestion{}))(t)
	if c.N != 6 || c.PerClause["double"] != 2 {
		t.Errorf("both: %s", said(c))
	}
	if got := said(c); !strings.Contains(got, "带头人已计(double)") || !strings.Contains(got, "成员已计(double)") || !strings.Contains(got, "带头人未计") {
		t.Errorf("both: %s", got)
	}
}

// TestTargetTotalsAreCityWide shows the same total to every reader and the
// records to those in whose scope they are.
func TestTargetTotalsAreCityWide(t *testing.T) {
	o, _ := town(t)
	officer := as("u9", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}, Regions: []string{"tiexi"}})
	c := must(o.CountTarget(officer, "talents-2026", CountQuestion{}))(t)
	if got := said(c); got != "4 已认定 柔性签约 | 在推荐(3-cultivate-stage)" {
		t.Errorf("an officer of one region sees %s", got)
	}
	var names []string
	q := CountQuestion{Limit: 2}
	for {
		page := must(o.CountTarget(bg, "talents-2026", q))(t)
		for _, e := range page.Excluded {
			names = append(names, e.Name)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
		if len(page.Excluded) != 2 {
			t.Fatalf("a page of %d", len(page.Excluded))
		}
	}
	slices.Sort(names)
	if len(names) != 6 || len(slices.Compact(names)) != 6 {
		t.Errorf("pages of excluded: %q", names)
	}
}

// TestTargetsByHand enters measures and changes a goal: a step, and no change
// of the days before.
func TestTargetsByHand(t *testing.T) {
	o := openApp(t)
	edit := func(id string, f func(*schemas.TargetFields)) error {
		_, err := o.UpdateTarget(bg, id, 0, How{}, func(t *schemas.TargetFields) error { f(t); return nil })
		return err
	}
	if err := edit("plan-projects", func(f *schemas.TargetFields) {
		f.Measures = append(f.Measures, schemas.Measure{On: "2022-12-31", Value: 120, Evidence: "年报"}, schemas.Measure{On: "2025-12-31", Value: 310, Evidence: "验收报告"})
	}); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[schemas.Date]string{"2021-06-30": "none", "2022-12-31": "120", "2024-01-01": "120", "2026-11-23": "310"} {
		v := must(o.GetTarget(bg, "plan-projects", When{AsOf: day}))(t)
		got := "none"
		if v.Standing.Value != nil {
			got = fmt.Sprint(*v.Standing.Value)
		}
		if got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
	if v := must(o.GetTarget(bg, "plan-projects", When{}))(t); !v.Standing.Final || v.Standing.State != "met" {
		t.Errorf("after the deadline: %+v", v.Standing)
	}
	if err := o.StartPeriod(bg, "局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	if err := edit("talents-2026", func(f *schemas.TargetFields) {
		f.Goals = append(f.Goals, schemas.GoalVersion{ID: "2", Value: 80, Deadline: "2030-12-31", EffectiveFrom: "2026-07-01", Reason: "上调"})
	}); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[schemas.Date]float64{"2026-06-30": 50, "2026-07-01": 80} {
		if v := must(o.GetTarget(bg, "talents-2026", When{AsOf: day}))(t); *v.Standing.Goal != want {
			t.Errorf("goal on %s: %v, want %v", day, *v.Standing.Goal, want)
		}
	}
	for field, f := range map[string]func(*schemas.TargetFields){
		"to":               func(f *schemas.TargetFields) { f.To = "2025-01-01" },
		"goals/0/deadline": func(f *schemas.TargetFields) { f.Goals[0].Deadline = "2025-01-01" },
		"ruleId":           func(f *schemas.TargetFields) { f.RuleID = schemas.RuleTeamsCurrent },
		"breakdown/0/code": func(f *schemas.TargetFields) {
			f.Breakdown = []schemas.Share{{Taxonomy: schemas.TaxRegion, Code: "mars", Value: 1}}
		},
	} {
		refused(t, edit("talents-2026", f), schemas.Invalid, field, "")
	}
}

// TestMonthBefore stands on the last days of months.
func TestMonthBefore(t *testing.T) {
	for day, want := range map[schemas.Date]schemas.Date{
		"2026-05-31": "2026-04-30", "2026-03-31": "2026-02-28", "2024-03-29": "2024-02-29", "2026-01-15": "2025-12-15", "2026-12-01": "2026-11-01", "2026-07-31": "2026-06-30",
	} {
		if got := monthBefore(day); got != want {
			t.Errorf("a month before %s: %s, want %s", day, got, want)
		}
	}
}
