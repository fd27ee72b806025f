package sample_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"qunxian/app/progress"
	"qunxian/app/sample"
	"qunxian/schemas"
)

// counted is the number of records that a shipped rule counts on a day.
func counted(t *testing.T, rule string, all []filed, on schemas.Date) progress.Result {
	t.Helper()
	rules := schemas.SeedRules()
	i := slices.IndexFunc(rules, func(r schemas.Rule) bool { return r.ID == rule })
	catalogue := schemas.TalentCatalogue
	if rules[i].Collection == schemas.Teams {
		catalogue = schemas.TeamCatalogue
	}
	facts := progress.FactsOf(catalogue)
	part := progress.Part{Rule: &rules[i].RuleFields}
	for _, r := range all {
		part.Records = append(part.Records, progress.RecordFacts{ID: r.id, Spans: progress.Spans(r.entries, facts)})
	}
	return progress.Count(progress.Query{
		Parts: []progress.Part{part}, Terms: progress.TermsOf(schemas.SeedTaxonomies()),
		Period: progress.Period{From: schemas.RunningFrom, To: schemas.RunningTo}, AsOf: on,
	})
}

func TestDemoCountsAsAWorkingCity(t *testing.T) {
	for seed := range uint64(6) {
		on := days[int(seed)%len(days)]
		o := demo(seed, on)
		people, groups := talents(t, o), teams(t, o)
		now := counted(t, schemas.RuleTalentsCurrent, people, on)
		if now.N < 31 || now.N > 38 {
			t.Errorf("seed %d, %s: %d leading talents, want 31 to 38", seed, on, now.N)
		}
		if len(now.Excluded) < 20 || now.PerClause["4-agreement"] < 2 {
			t.Errorf("seed %d, %s: %d excluded, %d by their agreement", seed, on, len(now.Excluded), now.PerClause["4-agreement"])
		}
		if n := counted(t, schemas.RuleTeamsCurrent, groups, on).N; n < 24 || n > 30 {
			t.Errorf("seed %d, %s: %d leading teams, want 24 to 30", seed, on, n)
		}
		first, last, falls, months := 0, 0, 0, []int{}
		for m := 23; m >= 0; m-- {
			n := counted(t, schemas.RuleTalentsCurrent, people, schemas.DateOf(on.Time().AddDate(0, -m, 0))).N
			if m == 23 {
				first = n
			} else if n < last {
				falls++
			}
			last = n
			months = append(months, n)
		}
		if first > 16 || last-first < 15 || falls < 1 || falls > 5 {
			t.Errorf("seed %d, %s: months %v fall %d times", seed, on, months, falls)
		}
	}
}

func TestDemoHasSomethingOfEverything(t *testing.T) {
	o := demo(1, today)
	seen := map[string]map[string]int{}
	note := func(field, value string) {
		if seen[field] == nil {
			seen[field] = map[string]int{}
		}
		seen[field][value]++
	}
	people := talents(t, o)
	names := map[string]int{}
	for _, r := range people {
		for _, f := range []string{"region", "industry", "tier", "track", "mode", "channel", "origin", "gender", "rank"} {
			if v, ok := r.leaves[f].(string); ok {
				note(f, v)
			}
		}
		note("stage", r.leaves["track"].(string)+"/"+r.leaves["stage"].(string))
		name := r.leaves["name"].(string)
		names[name]++
		note("name", nameKind(name))
		if due, ok := r.leaves["nextAction/due"].(string); ok {
			note("due", map[bool]string{true: "overdue", false: "ahead"}[schemas.Date(due) < today])
		}
		soon := false
		for path, v := range r.leaves {
			to, ok := v.(string)
			soon = soon || ok && strings.HasSuffix(path, "/to") && strings.HasPrefix(path, "agreements/") && schemas.Date(to) >= today && schemas.Date(to) < today.AddDays(90)
		}
		if soon {
			note("agreement", "soon")
		}
		for _, e := range r.entries {
			note("action", e.Action)
			if e.EffectiveOn < schemas.DateOf(e.RecordedAt.Time).AddDays(-13) && e.Seq > 1 {
				note("action", "late")
			}
		}
		for _, s := range texts(r.leaves["affiliation/organisation"]) {
			note("organisation", s)
		}
	}
	for field, want := range map[string]int{"region": 9, "industry": 8, "tier": 6, "track": 2, "mode": 2, "channel": 8, "origin": 2, "gender": 2, "rank": 3} {
		if len(seen[field]) != want {
			t.Errorf("%s: %v, want %d kinds", field, seen[field], want)
		}
	}
	for field, values := range map[string]string{
		"stage": "recruit/identified recruit/contacted recruit/negotiating recruit/evaluating recruit/publicized recruit/signed recruit/onboarded recruit/left recruit/paused recruit/declined" +
			" cultivate/nominated cultivate/evaluating cultivate/publicized cultivate/recognized cultivate/cultivating cultivate/assessed cultivate/left",
		"name":         "dotted rare surname long latin",
		"due":          "overdue ahead",
		"agreement":    "soon",
		"action":       "create move update undo archive late",
		"organisation": "长光所 长春光机所 吉林大学 吉大",
	} {
		for _, v := range strings.Fields(values) {
			if seen[field][v] == 0 {
				t.Errorf("%s: no %s among %v", field, v, seen[field])
			}
		}
	}
	if seen["action"]["undo"] < 2 || seen["agreement"]["soon"] < 4 || seen["due"]["overdue"] < 5 {
		t.Errorf("undone %d, ending soon %d, overdue %d", seen["action"]["undo"], seen["agreement"]["soon"], seen["due"]["overdue"])
	}
	doubles := 0
	for _, n := range names {
		if n > 1 {
			doubles++
		}
	}
	if doubles < 3 {
		t.Errorf("%d names are shared", doubles)
	}
	if most, least := extremes(seen["industry"]); most < 3*least {
		t.Errorf("industries are even: %v", seen["industry"])
	}
}

func extremes(counts map[string]int) (most, least int) {
	least = 1 << 30
	for _, n := range counts {
		most, least = max(most, n), min(least, n)
	}
	return most, least
}

func nameKind(name string) string {
	first := []rune(name)[0]
	switch {
	case strings.Contains(name, "·"):
		return "dotted"
	case first < 0x100:
		return "latin"
	case strings.ContainsRune("单解仇查区盖乐覃逄佴逯", first):
		return "surname"
	case strings.ContainsAny(name, "䶮㛃𬱖𬍛𬭎𬀩"):
		return "rare"
	case utf8.RuneCountInString(name) > 3:
		return "long"
	}
	return "common"
}

func TestTeamsKnowTheirTalents(t *testing.T) {
	for _, o := range []sample.Options{demo(2, today), sample.Bench(2, today, 500)} {
		people := map[string]sample.Person{}
		for p := range sample.Talents(o) {
			people[p.ID] = p
		}
		leads := map[string]bool{}
		for g := range sample.Teams(o) {
			lead, ok := people[g.Fields.Lead.Talent]
			if !ok || lead.Fields.Name != g.Fields.Lead.Name || leads[lead.ID] {
				t.Fatalf("team %s: lead %q unknown, misnamed or leading two", g.Fields.Name, g.Fields.Lead.Name)
			}
			leads[lead.ID] = true
			if len(g.Fields.Members) != 5 {
				t.Errorf("team %s has %d members", g.Fields.Name, len(g.Fields.Members))
			}
			for _, m := range g.Fields.Members {
				p, ok := people[m.Talent]
				if !ok || p.Fields.Name != m.Name || p.Steps[0].At.After(g.Steps[0].At.Time) {
					t.Errorf("team %s: member %s unknown, misnamed or registered later", g.Fields.Name, m.Name)
				}
			}
		}
		firms := map[string]sample.Firm{}
		for f := range sample.Enterprises(o) {
			firms[f.ID] = f
		}
		for _, p := range people {
			e := p.Fields.Employer
			if e.Kind != "enterprise" {
				continue
			}
			if f, ok := firms[e.ID]; !ok || f.Fields.Name != e.Name || f.Fields.Region != p.Fields.Region {
				t.Errorf("talent %s works for %q, which is unknown or elsewhere", p.Fields.Name, e.Name)
			}
			for _, tie := range p.Fields.Ties {
				if people[tie.Talent].Fields.Name != tie.Name {
					t.Errorf("talent %s: no tie to %s", p.Fields.Name, tie.Name)
				}
			}
		}
	}
}

// Anything that looks like a real person's number must not be made.
var (
	idNumber  = regexp.MustCompile(`\d{17}[\dXx]`)
	anyMobile = regexp.MustCompile(`(?:^|[^\dA-Z])(1[3-9]\d{9})(?:$|\D)`)
	mail      = regexp.MustCompile(`[\w.]+@[\w.]+`)
)

func TestNothingLooksPrivate(t *testing.T) {
	check := func(tags []string, doc any) {
		b, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(tags, sample.Tag) {
			t.Errorf("no tag: %s", b)
		}
		if m := idNumber.FindString(string(b)); m != "" && !strings.Contains(string(b), "91999999MA") {
			t.Errorf("an ID number: %s", m)
		}
		for _, m := range anyMobile.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasPrefix(m[1], "1390000") {
				t.Errorf("a phone: %s", m[1])
			}
		}
		for _, m := range mail.FindAllString(string(b), -1) {
			if !strings.HasSuffix(m, "@example.com") {
				t.Errorf("a mail address: %s", m)
			}
		}
	}
	for _, o := range []sample.Options{demo(4, today), sample.Bench(4, today, 500)} {
		phones := 0
		for p := range sample.Talents(o) {
			check(p.Fields.Tags, p)
			if p.Fields.IDNumber != "" || p.Fields.IDKind != "" {
				t.Errorf("%s has an ID number", p.Fields.Name)
			}
			phones += len(p.Fields.Contacts)
		}
		if phones < o.Talents {
			t.Errorf("only %d contacts", phones)
		}
		for g := range sample.Teams(o) {
			check(g.Fields.Tags, g)
		}
		for f := range sample.Enterprises(o) {
			check(f.Fields.Tags, f)
			if !strings.HasPrefix(f.Fields.Name, sample.Tag) || !strings.HasPrefix(f.Fields.CreditCode, "91999999") {
				t.Errorf("%s looks real", f.Fields.Name)
			}
		}
	}
}
