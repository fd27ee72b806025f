package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"qunxian/app"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// countedPeople are talents with the days of their moves: what a count of each day must find follows from them by hand.
var countedPeople = []struct{ name, fields, moves string }{
	{"甲示例", `"region":"tiexi","tier":"national","mode":"fulltime"`, "signed 2026-03-01 onboarded 2026-06-01"},
	{"乙示例", `"region":"lishu","tier":"provincial","mode":"flexible"`, "signed 2026-04-10"},
	{"丙示例", `"region":"tiexi","tier":"national","mode":"fulltime"`, "signed 2026-02-20 onboarded 2026-03-01 left 2026-09-01"},
	{"丁示例", `"region":"lishu","tier":"municipal","track":"cultivate"`, "evaluating 2026-03-01 recognized 2026-10-01"},
	{"戊示例", `"region":"lishu","tier":"backbone","mode":"fulltime"`, "signed 2026-02-20 onboarded 2026-03-01"},
	{"己示例", `"region":"lishu","tier":"top","mode":"fulltime","agreements":[{"from":"2026-01-01","to":"2026-06-30"}]`, "signed 2026-03-01"},
}

// openTargets is a city with the running period and these people.
func openTargets(t *testing.T) *city {
	t.Helper()
	c := bureau(t)
	if err := c.app.StartPeriod(t.Context(), "示例局", "2026-01-01", "2030-12-31", 50, 40); err != nil {
		t.Fatal(err)
	}
	for _, p := range countedPeople {
		c.play(t, step{method: "POST", path: "/api/v1/talents?effectiveOn=2026-02-01", as: "officer", body: `{"name":"` + p.name + `",` + p.fields + `}`, status: 201, save: p.name})
		for m := strings.Fields(p.moves); len(m) > 0; m = m[2:] {
			c.play(t, step{method: "POST", path: "/api/v1/talents/{" + p.name + "}/moves", as: "officer", body: fmt.Sprintf(`{"stage":%q,"effectiveOn":%q}`, m[0], m[1]), status: 200})
		}
	}
	return c
}

const countOfTalents = "/api/v1/targets/talents-2026/count"

func (c *city) count(t *testing.T, as, query string) app.TargetCount {
	t.Helper()
	g := c.ask(t, "GET", countOfTalents+query, as, "")
	if g.status != 200 {
		t.Fatalf("%s: %d %s", query, g.status, g.body)
	}
	return decoded[app.TargetCount](t, g)
}

func namesOf(records []app.CountedRecord) string {
	var names []string
	for _, r := range records {
		names = append(names, strings.TrimSuffix(r.Name, "示例"))
	}
	slices.Sort(names)
	return strings.Join(names, "")
}

// TestTargetCounts asks for the count of days by both rules that ship, and sees it move with a stage.
func TestTargetCounts(t *testing.T) {
	c := openTargets(t)
	for _, tt := range []struct{ day, current, cumulative string }{
		{"2026-01-31", "", ""},
		{"2026-02-28", "", ""},
		{"2026-03-01", "丙", "丙"},
		{"2026-04-09", "丙", "丙"},
		{"2026-04-10", "丙乙", "丙乙"},
		{"2026-05-31", "丙乙", "丙乙"},
		{"2026-06-01", "丙乙甲", "丙乙甲"},
		{"2026-08-31", "丙乙甲", "丙乙甲"},
		{"2026-09-01", "乙甲", "丙乙甲"},
		{"2026-10-01", "丁乙甲", "丁丙乙甲"},
		{"", "丁乙甲", "丁丙乙甲"},
	} {
		for rule, want := range map[string]string{"": tt.current, "talents-current": tt.current, "talents-cumulative": tt.cumulative} {
			query := "?asOf=" + tt.day + "&rule=" + rule
			count := c.count(t, "viewer", query)
			if got := namesOf(count.Counted); count.N != len([]rune(want)) || got != sortedRunes(want) || count.Candidates != count.N+len(count.Excluded) || *count.Goal != 50 {
				t.Errorf("%s: %d %s, want %s: %+v", query, count.N, got, want, count)
			}
			if view := decoded[app.TargetView](t, c.ask(t, "GET", "/api/v1/targets/talents-2026?asOf="+tt.day, "viewer", "")); rule == "" && *view.Standing.Value != float64(count.N) {
				t.Errorf("%s: the target says %g, its count %d", tt.day, *view.Standing.Value, count.N)
			}
		}
	}
	if n := c.count(t, "viewer", "?knownAt=2026-11-22T00:00:00Z").N; n != 0 {
		t.Errorf("before anything was on file: %d", n)
	}
	c.run(t, []step{
		{name: "a move", method: "POST", path: "/api/v1/talents/{甲示例}/moves", as: "officer", body: `{"stage":"left","effectiveOn":"2026-11-01"}`, status: 200},
		{name: "one less", method: "GET", path: countOfTalents, as: "viewer", status: 200, want: []string{`"n":2`}, not: []string{`{"id":"{甲示例}","name":"甲示例"},`}},
		{name: "not before it", method: "GET", path: countOfTalents + "?asOf=2026-10-31", as: "viewer", status: 200, want: []string{`"n":3`}},
		{name: "on the list of targets", method: "GET", path: "/api/v1/targets", as: "viewer", status: 200, want: []string{`"value":2,"goal":50`}},
		{name: "on its page", method: "GET", path: "/targets/talents-2026", as: "viewer", status: 200, want: []string{"乙示例", "丁示例", "在库口径", "累计引育口径", "推定"}},
		{name: "of that day", method: "GET", path: "/targets/talents-2026?asOf=2026-06-01", as: "viewer", status: 200, want: []string{"丙示例", "2026年6月1日"}},
		{name: "the period before", method: "GET", path: "/?asOf=2025-06-30", as: "viewer", status: 200, want: []string{"/targets/plan-talents", "/targets/plan-teams"}, not: []string{"/targets/talents-2026"}},
		{name: "and this one", method: "GET", path: "/?asOf=2026-06-30", as: "viewer", status: 200, want: []string{"/targets/talents-2026"}, not: []string{"/targets/plan-talents"}},
		{name: "undone", method: "POST", path: "/api/v1/talents/{甲示例}/history/4/undo", as: "officer", status: 200},
		{name: "one more", method: "GET", path: countOfTalents, as: "viewer", status: 200, want: []string{`"n":3`}},
	})
}

func sortedRunes(s string) string {
	r := []rune(s)
	slices.Sort(r)
	return string(r)
}

// TestTargetExcluded reads who does not count, page by page: each with every clause that they fail, in
// words (of several ways to count, the way that lacks the fewest), and as many to a clause as the count of clauses says.
func TestTargetExcluded(t *testing.T) {
	c := openTargets(t)
	whole := c.count(t, "officer", "?limit=200&asOf=2026-09-15")
	failed, per := map[string]string{}, map[string]int{}
	for _, e := range whole.Excluded {
		var clauses []string
		for _, v := range e.Failed {
			clauses = append(clauses, v.Clause)
			per[v.Clause]++
			if v.Met || v.Text == "" || strings.Contains(v.Text, "clause.") || strings.Contains(v.Text, "⟦") {
				t.Errorf("%s fails %+v", e.Name, v)
			}
		}
		slices.Sort(clauses)
		failed[e.Name] = strings.Join(clauses, " ")
	}
	want := map[string]string{
		"丙示例": "1-onboarded-stage 5-not-left",
		"丁示例": "3-cultivate-stage",
		"己示例": "1-onboarded-stage 4-agreement",
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if failed[name] != want[name] {
			t.Errorf("%s fails %s, want %s", name, failed[name], want[name])
		}
	}
	if len(failed) != 3 || !maps.Equal(per, whole.PerClause) {
		t.Errorf("%d excluded; by clause %v, want %v", len(failed), whole.PerClause, per)
	}
	var walked []string
	for cursor := ""; len(walked) < 9; {
		page := c.count(t, "officer", "?limit=1&asOf=2026-09-15&cursor="+cursor)
		if page.N != whole.N || page.Candidates != whole.Candidates || !maps.Equal(page.PerClause, whole.PerClause) || len(page.Excluded) != 1 {
			t.Fatalf("page of %s: %+v", cursor, page)
		}
		walked = append(walked, page.Excluded[0].Name)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(walked) != 3 || len(slices.Compact(slices.Sorted(slices.Values(walked)))) != 3 {
		t.Errorf("walked %v", walked)
	}
	page := c.ask(t, "GET", "/targets/talents-2026?asOf=2026-09-15", "officer", "", asPage)
	for _, text := range []string{"己示例", "丁示例", "丙示例", "/talents/" + c.saved["己示例"]} {
		if !strings.Contains(page.body, text) {
			t.Errorf("no %s on the page", text)
		}
	}
	sound(t, "the page", page.body)
	if en := c.ask(t, "GET", countOfTalents, "officer", "", "Accept-Language: en"); strings.ContainsAny(decoded[app.TargetCount](t, en).Excluded[0].Failed[0].Text, "的须在") {
		t.Errorf("no English: %s", en.body)
	}
}

// TestTargetScope counts as an officer of one district: the totals are the city's, the names those of the district.
func TestTargetScope(t *testing.T) {
	c := openTargets(t)
	whole, part := c.count(t, "officer", ""), c.count(t, "tiexi", "")
	if part.N != 3 || part.N != whole.N || part.Candidates != whole.Candidates || !maps.Equal(part.PerClause, whole.PerClause) {
		t.Errorf("the city's totals: %+v, want %+v", part, whole)
	}
	if namesOf(part.Counted) != "甲" || part.Hidden != 2 || len(part.Excluded) != 1 || part.Excluded[0].Name != "丙示例" {
		t.Errorf("in scope: %+v", part)
	}
	foreign := []string{"乙示例", "丁示例", "戊示例", "己示例", c.saved["乙示例"], c.saved["丁示例"], c.saved["戊示例"], c.saved["己示例"]}
	for _, path := range []string{
		countOfTalents, countOfTalents + "?rule=talents-cumulative&limit=200", countOfTalents + "?asOf=2026-06-01", countOfTalents + "?counted=0", countOfTalents + "?cursor=0", "/api/v1/targets", "/api/v1/targets/talents-2026",
		"/api/v1/targets/talents-2026/series", "/api/v1/targets/talents-2026/history", "/targets", "/targets/talents-2026", "/targets/talents-2026?asOf=2026-06-01&against=talents-cumulative", "/",
	} {
		g := c.ask(t, "GET", path, "tiexi", "", asPage)
		if g.status != 200 {
			t.Errorf("%s: %d", path, g.status)
		}
		for _, text := range foreign {
			if strings.Contains(g.body, text) {
				t.Errorf("%s shows %s", path, text)
			}
		}
	}
	if mine, all := c.ask(t, "GET", "/api/v1/targets/talents-2026/series", "tiexi", "").body, c.ask(t, "GET", "/api/v1/targets/talents-2026/series", "officer", "").body; mine != all {
		t.Error("the series differ")
	}
	for _, as := range []string{"firm", "evaluator"} {
		if g := c.ask(t, "GET", countOfTalents, as, ""); g.status != 403 {
			t.Errorf("%s: %d", as, g.status)
		}
	}
}

// TestTargetSeries reads the burn-up by month: what was counted, the plan to the end, and a goal that is raised.
func TestTargetSeries(t *testing.T) {
	c := openTargets(t)
	series := func() map[schemas.Date]app.SeriesPoint {
		t.Helper()
		points := map[schemas.Date]app.SeriesPoint{}
		items := decoded[Series](t, c.ask(t, "GET", "/api/v1/targets/talents-2026/series", "viewer", "")).Items
		if !slices.IsSortedFunc(items, func(a, b app.SeriesPoint) int { return strings.Compare(string(a.Day), string(b.Day)) }) {
			t.Error("the months are in no order")
		}
		for _, p := range items {
			points[p.Day] = p
		}
		return points
	}
	points := series()
	for day, want := range map[schemas.Date]float64{"2026-01-31": 0, "2026-03-31": 1, "2026-04-30": 2, "2026-06-30": 3, "2026-09-30": 2, "2026-10-31": 3, "2026-11-23": 3} {
		if p := points[day]; p.N == nil || *p.N != want {
			t.Errorf("%s: %v, want %g", day, p.N, want)
		}
	}
	last := points["2030-12-31"]
	if p := points["2026-12-31"]; len(points) != 61 || p.N != nil || p.Plan == nil || last.N != nil || last.Plan == nil || *last.Plan != 50 || *last.Goal != 50 {
		t.Errorf("%d points, the last %+v", len(points), last)
	}
	for day, p := range points {
		if p.Plan == nil || p.Goal == nil || *p.Goal != 50 {
			t.Errorf("%s: %+v", day, p)
		}
	}
	c.run(t, []step{
		{name: "a goal by an officer", method: "POST", path: "/targets/talents-2026/goals", as: "officer", body: formed("goal", "60", "deadline", "2030-12-31", "effectiveFrom", "2026-07-01"), status: 403},
		{name: "no goal", method: "POST", path: "/targets/talents-2026/goals", as: "admin", body: formed("goal", "", "deadline", "2030-12-31", "effectiveFrom", "2026-07-01"), status: 400, want: []string{`id="f-goal-error"`}},
		{name: "below nothing", method: "POST", path: "/targets/talents-2026/goals", as: "admin", body: formed("goal", "-1", "deadline", "2030-12-31", "effectiveFrom", "2026-07-01"), status: 400, want: []string{`id="f-goal-error"`}},
		{name: "a deadline before it holds", method: "POST", path: "/targets/talents-2026/goals", as: "admin", body: formed("goal", "60", "deadline", "2026-06-30", "effectiveFrom", "2026-07-01"), status: 400, want: []string{`id="f-deadline-error"`}},
		{name: "a goal", method: "POST", path: "/targets/talents-2026/goals", as: "admin", body: formed("goal", "60", "deadline", "2030-12-31", "effectiveFrom", "2026-07-01", "reason", "市政府会议纪要"), status: 303},
		{name: "why", method: "GET", path: "/targets/talents-2026", as: "viewer", status: 200, want: []string{"市政府会议纪要"}},
	})
	points = series()
	for day, want := range map[schemas.Date]float64{"2026-06-30": 50, "2026-07-31": 60, "2030-12-31": 60} {
		if p := points[day]; *p.Goal != want {
			t.Errorf("%s: goal %g, want %g", day, *p.Goal, want)
		}
	}
	cumulative := decoded[Series](t, c.ask(t, "GET", "/api/v1/targets/talents-2026/series?rule=talents-cumulative", "viewer", "")).Items
	if p := cumulative[8]; p.Day != "2026-09-30" || *p.N != 3 {
		t.Errorf("cumulative: %+v", p)
	}
}

// TestMeasures enters values of a target that is not counted from records.
func TestMeasures(t *testing.T) {
	c := bureau(t)
	const own = `{"id":"own","name":"发明专利","unit":"件","comparator":">=","kind":"ratio","from":"2026-01-01","to":"2030-12-31","baseline":1.3,"goals":[{"id":"1","value":1.5,"deadline":"2030-12-31","effectiveFrom":"2026-01-01"}]}`
	const at = "/api/v1/targets/own/measures"
	c.run(t, []step{
		{name: "a target", method: "POST", path: "/api/v1/targets", as: "admin", body: own, status: 201, want: []string{"/api/v1/targets/own"}},
		{name: "the same id", method: "POST", path: "/api/v1/targets", as: "admin", body: own, status: 409},
		{name: "nothing is known yet", method: "GET", path: "/api/v1/targets/own", as: "viewer", status: 200, not: []string{`"value":0`}},
		{name: "no value", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/value","rule":"required"`}},
		{name: "a word", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","value":"1","evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/value","rule":"type"`}},
		{name: "no number", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","value":1e999,"evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/value"`}},
		{name: "an operator", method: "POST", path: at, as: "officer", body: `{"on":{"$ne":null},"value":1,"evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/on","rule":"type"`}},
		{name: "no evidence", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","value":1}`, status: 400, want: []string{`"pointer":"/evidence","rule":"required"`}},
		{name: "no day", method: "POST", path: at, as: "officer", body: `{"value":1,"evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/on"`}},
		{name: "a day of the future", method: "POST", path: at, as: "officer", body: `{"on":"2026-11-24","value":1,"evidence":"年鉴"}`, status: 400, want: []string{`"pointer":"/on","rule":"future"`}},
		{name: "a viewer's", method: "POST", path: at, as: "viewer", body: `{"on":"2026-08-01","value":1,"evidence":"年鉴"}`, status: 403},
		{name: "of a target that is counted", method: "POST", path: "/api/v1/targets/plan-talents/measures", as: "officer", body: `{"on":"2025-08-01","value":1,"evidence":"年鉴"}`, status: 409, want: []string{"不能手工填报"}},
		{name: "nothing is stored", method: "GET", path: "/api/v1/targets/own", as: "viewer", status: 200, want: []string{`"1"`}, not: []string{"年鉴"}},
		{name: "a value", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","value":1.45,"evidence":"统计年鉴"}`, lines: []string{"Idempotency-Key: m1"}, status: 201},
		{name: "sent again", method: "POST", path: at, as: "officer", body: `{"on":"2026-08-01","value":1.45,"evidence":"统计年鉴"}`, lines: []string{"Idempotency-Key: m1"}, status: 201, want: []string{`"2"`}},
		{name: "stale", method: "POST", path: at, as: "officer", body: `{"on":"2026-09-01","value":1.6,"evidence":"快报"}`, lines: []string{`If-Match: "1"`}, status: 412},
		{name: "how it stands", method: "GET", path: "/api/v1/targets/own", as: "viewer", status: 200, want: []string{`"value":1.45,"goal":1.5`}},
		{name: "not before that day", method: "GET", path: "/api/v1/targets/own?asOf=2026-07-31", as: "viewer", status: 200, not: []string{`"value":1.45,"goal"`}},
		{name: "by month", method: "GET", path: "/api/v1/targets/own/series", as: "viewer", status: 200, want: []string{`"day":"2026-08-31","n":1.45`}},
		{name: "nobody is counted", method: "GET", path: "/api/v1/targets/own/count", as: "viewer", status: 409, want: []string{"人工填报"}},
		{name: "by the form, no value", method: "POST", path: "/targets/own/measures", as: "officer", body: formed("on", "2026-10-01", "value", "", "evidence", "快报"), status: 400, want: []string{`id="f-value-error"`, `value="快报"`}},
		{name: "by the form", method: "POST", path: "/targets/own/measures", as: "officer", body: formed("on", "2026-10-01", "value", "1.52", "evidence", "快报"), status: 303},
		{name: "met", method: "GET", path: "/targets/own", as: "viewer", status: 200, want: []string{"1.52", "快报"}},
	})
}

// TestTargetQuestions asks what cannot be asked of a target.
func TestTargetQuestions(t *testing.T) {
	c := openTargets(t)
	for query, want := range map[string]string{
		"?asOf=2026-11-24": "/asOf future", "?asOf=2026-02-30": "/asOf day", "?asOf=today": "/asOf day", "?asOf[$ne]=x": "/asOf[$ne] name", "?asOf=2026-01-01&asOf=2026-02-01": "/asOf repeated",
		"?knownAt=yesterday": "/knownAt type", "?rule=none": "/rule ref", "?rule=teams-current": "/rule collection", `?rule={"$ne":null}`: "/rule ref",
		"?limit=201": "/limit max", "?limit=-1": "/limit max", "?limit=many": "/limit type", "?colour=red": "/colour unknown",
	} {
		g := c.ask(t, "GET", countOfTalents+strings.NewReplacer(`"`, "%22", "{", "%7B", "}", "%7D", "$", "%24").Replace(query), "viewer", "")
		if g.status != 400 {
			t.Errorf("%s: %d %s", query, g.status, g.body)
			continue
		}
		if p := g.problem(t); len(p.Errors) != 1 || p.Errors[0].Pointer+" "+p.Errors[0].Rule != want {
			t.Errorf("%s: %+v, want %s", query, p.Errors, want)
		}
	}
	for _, path := range []string{"/api/v1/targets/none", "/api/v1/targets/none/count", "/api/v1/targets/none/series", "/api/v1/targets/none/history", "/targets/none", "/api/v1/rules/none"} {
		if g := c.ask(t, "GET", path, "officer", "", asPage); g.status != 404 {
			t.Errorf("%s: %d", path, g.status)
		}
	}
	c.run(t, []step{
		{name: "the rules that ship", method: "GET", path: "/api/v1/rules", as: "viewer", status: 200, want: []string{`"id":"talents-current"`, `"id":"talents-cumulative"`, `"id":"teams-current"`, `"id":"teams-cumulative"`, `"presumed":true`}},
		{name: "one", method: "GET", path: "/api/v1/rules/talents-current", as: "viewer", status: 200, want: []string{"推定，待确认", "4-agreement", `"1"`}},
		{name: "as a firm", method: "GET", path: "/api/v1/rules", as: "firm", status: 403},
		{name: "the plan's targets", method: "GET", path: "/api/v1/targets", as: "viewer", status: 200, want: []string{`"id":"talents-2026"`, `"id":"teams-2026"`, `"id":"plan-talents"`, "50 人"}},
	})
	if v := decoded[app.TargetView](t, c.ask(t, "GET", "/api/v1/targets/plan-talents", "viewer", "")); !v.Standing.Final || v.Standing.Day != "2025-12-31" || v.Standing.State == progress.OnPlan {
		t.Errorf("the plan's period is over: %+v", v.Standing)
	}
}

// TestTargetBodies sends what no target is.
func TestTargetBodies(t *testing.T) {
	c := openTargets(t)
	const rest = `"name":"自定目标","unit":"人","comparator":">=","kind":"stock","from":"2026-01-01","to":"2030-12-31"`
	const goals = `,"goals":[{"id":"1","value":5,"deadline":"2030-12-31","effectiveFrom":"2026-01-01"}]}`
	c.refusals(t, "/api/v1/targets", "/api/v1/targets/talents-2026", `{"id":"own",`+rest+goals, []refusal{
		{`{` + rest + goals, "/id", ""},
		{`{"id":"Own Target",` + rest + goals, "/id", "code"},
		{`{"id":"own",` + rest + `}`, "/goals", ""},
		{`{"id":"own",` + rest + `,"goals":[]}`, "/goals", ""},
		{`{"id":"own",` + rest + `,"goals":{"1":5}}`, "/goals", "type"},
		{`{"id":"own",` + rest + `,"goals":[{"id":"1","value":"many","deadline":"2030-12-31","effectiveFrom":"2026-01-01"}]}`, "/goals/0/value", "type"},
		{`{"id":"own",` + rest + `,"goals":[{"id":"1","value":-5,"deadline":"2030-12-31","effectiveFrom":"2026-01-01"}]}`, "/goals/0/value", "min"},
		{`{"id":"own",` + rest + `,"goals":[{"id":"1","value":5,"deadline":"2025-12-31","effectiveFrom":"2026-01-01"}]}`, "/goals/0/deadline", ""},
		{`{"id":"own",` + strings.Replace(rest, "2030-12-31", "2025-12-31", 1) + goals, "/to", "notbefore"},
		{`{"id":"own",` + strings.Replace(rest, "2026-01-01", "2026-02-30", 1) + goals, "/from", "day"},
		{`{"id":"own",` + strings.Replace(rest, ">=", "==", 1) + goals, "/comparator", "oneof"},
		{`{"id":"own",` + strings.Replace(rest, "stock", "hope", 1) + goals, "/kind", "oneof"},
		{`{"id":"own","collection":"talents",` + rest + goals, "/ruleId", ""},
		{`{"id":"own","collection":"talents","ruleId":"none",` + rest + goals, "/ruleId", "ref"},
		{`{"id":"own","collection":"talents","ruleId":"teams-current",` + rest + goals, "/ruleId", "ref"},
		{`{"id":"own","collection":"talents","ruleId":"talents-current","also":[{"id":"1","collection":"teams","ruleId":"none"}],` + rest + goals, "/also/0/ruleId", "ref"},
		{`{"id":"own","collection":"users","ruleId":"talents-current",` + rest + goals, "/collection", "oneof"},
		{`{"id":"own","subsetOf":"none",` + rest + goals, "/subsetOf", "ref"},
		{`{"id":"own","breakdown":[{"id":"1","taxonomy":"region","code":"atlantis","value":1}],` + rest + goals, "/breakdown/0/code", "term"},
		{`{"id":"own","milestones":[{"id":"1","on":"2031-12-31","value":1}],` + rest + goals, "/milestones/0/on", "period"},
		{`{"id":"own","standing":{"value":50},` + rest + goals, "/standing", "unknown"},
	}, []refusal{
		{`{"name":null}`, "/name", "required"},
		{`{"goals":null}`, "/goals", ""},
		{`{"ruleId":"none"}`, "/ruleId", "ref"},
		{`{"to":"2025-12-31"}`, "/to", "notbefore"},
		{`{"id":"other"}`, "/id", "unknown"},
		{`{"headline":"yes"}`, "/headline", "type"},
	})
}
