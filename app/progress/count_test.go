package progress

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

var update = flag.Bool("update", false, "write the goldens")

func seedRule(t testing.TB, id string) *schemas.RuleFields {
	t.Helper()
	for _, r := range schemas.SeedRules() {
		if r.ID == id {
			return &r.RuleFields
		}
	}
	t.Fatalf("no rule %s", id)
	return nil
}

var year26 = Period{"2026-01-01", "2026-12-31"}

// city is a small city, one record per thing that can happen to a count.
func city(t testing.TB) (talents, teams, firms []RecordFacts) {
	rec := func(id string, lines ...string) RecordFacts { return RecordFacts{id, facts(t, lines...)} }
	talents = []RecordFacts{
		rec("t01-onboarded", "tier=national", "track=recruit", "mode=fulltime", "stage=signed 2026-02-01..2026-03-01", "stage=onboarded 2026-03-01.."),
		rec("t02-flexible-signed", "tier=provincial", "track=recruit", "mode=flexible", "stage=signed 2026-02-01..", "agreementFrom/a=2026-02-01", "agreementTo/a=2026-08-31"),
		rec("t03-fulltime-signed", "tier=provincial", "track=recruit", "mode=fulltime", "stage=signed 2026-02-01.."),
		rec("t04-cultivated", "tier=national", "track=cultivate", "stage=nominated 2026-01-05..2026-05-01", "stage=recognized 2026-05-01.."),
		rec("t05-left", "tier=national", "track=recruit", "stage=onboarded 2026-01-10..2026-06-15", "stage=left 2026-06-15.."),
		rec("t06-demoted", "tier=national ..2026-04-01", "tier=backbone 2026-04-01..", "track=cultivate", "stage=recognized"),
		rec("t07-backbone", "tier=backbone", "track=cultivate", "stage=recognized"),
		rec("t08-archived", "tier=national", "track=cultivate", "stage=recognized 2026-02-01..", "archivedOn=2026-05-10 2026-05-10.."),
		rec("t09-agreement-ended", "tier=national", "track=recruit", "stage=onboarded 2025-06-01..", "agreementFrom/a=2025-06-01", "agreementTo/a=2025-12-31"),
		rec("t10-before-the-period", "tier=national", "track=recruit", "stage=onboarded 2025-01-01..2025-12-31", "stage=left 2025-12-31.."),
		rec("t11-two-short", "tier=national", "track=recruit", "stage=left", "agreementFrom/a=2025-01-01", "agreementTo/a=2025-02-01"),
		rec("t12-no-facts"),
	}
	late := rec("t13-entered-late", "tier=national", "track=recruit", "stage=onboarded 2026-02-01..")
	late.Spans[2].KnownFrom = instant(100).UnixMilli()
	talents = append(talents, late)
	teams = []RecordFacts{
		rec("u01-lead-counted", "tier=national", "track=cultivate", "stage=recognized", "leadTalent=t01-onboarded"),
		rec("u02-same-lead", "tier=national", "track=cultivate", "stage=recognized 2026-02-01..", "leadTalent=x"),
		rec("u03-same-lead", "tier=national", "track=cultivate", "stage=recognized 2026-03-01..", "leadTalent=x"),
		rec("u04-member-counted", "tier=national", "track=recruit", "stage=onboarded", "leadTalent=y", "memberTalent/m=t04-cultivated"),
		rec("u05-no-lead", "tier=national", "track=recruit", "stage=onboarded"),
		rec("u06-growing", "tier=growing", "track=recruit", "stage=onboarded"),
	}
	firms = []RecordFacts{
		rec("e01-valid", "region=siping-zone", "qualification/a=high-tech", "qualificationFrom/a=2024-11-01", "qualificationTo/a=2027-10-31"),
		rec("e02-expired", "region=siping-zone", "qualification/a=high-tech", "qualificationTo/a=2026-03-31"),
		rec("e03-elsewhere", "region=lishu", "qualification/a=high-tech"),
		rec("e04-other", "region=siping-zone", "qualification/a=tech-sme"),
	}
	return talents, teams, firms
}

func TestCountGolden(t *testing.T) {
	talents, teams, firms := city(t)
	part := func(rule string, records []RecordFacts) Part { return Part{seedRule(t, rule), records} }
	for _, c := range []struct {
		name  string
		on    schemas.Date
		known int
		parts []Part
	}{
		{"talents-current", "2026-06-30", 999, []Part{part(schemas.RuleTalentsCurrent, talents)}},
		{"talents-current-autumn", "2026-09-30", 999, []Part{part(schemas.RuleTalentsCurrent, talents)}},
		{"talents-current-as-known", "2026-06-30", 99, []Part{part(schemas.RuleTalentsCurrent, talents)}},
		{"talents-cumulative", "2026-06-30", 999, []Part{part(schemas.RuleTalentsCumulative, talents)}},
		{"talents-cumulative-next-year", "2027-06-30", 999, []Part{part(schemas.RuleTalentsCumulative, talents)}},
		{"teams-current", "2026-06-30", 999, []Part{part(schemas.RuleTeamsCurrent, teams)}},
		{"teams-cumulative", "2026-06-30", 999, []Part{part(schemas.RuleTeamsCumulative, teams)}},
		{"talents-then-teams", "2026-06-30", 999, []Part{part(schemas.RuleTalentsCurrent, talents), part(schemas.RuleTeamsCurrent, teams)}},
		{"firms", "2026-06-30", 999, []Part{part("enterprises-high-tech", firms)}},
		{"firms-of-the-zone", "2026-06-30", 999, []Part{part("enterprises-zone", firms)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := Query{Parts: c.parts, Terms: seedTerms(), Period: year26, AsOf: c.on, KnownAt: instant(c.known)}
			got, err := json.MarshalIndent(Count(q), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			path := filepath.Join("testdata", c.name+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Error(d)
			}
			for i := range q.Parts {
				q.Parts[i].Records = slices.Clone(q.Parts[i].Records)
				slices.Reverse(q.Parts[i].Records)
			}
			again, _ := json.MarshalIndent(Count(q), "", "  ")
			if d := cmp.Diff(string(got), string(again)+"\n"); d != "" {
				t.Error("the order of the records matters:", d)
			}
		})
	}
}

func TestExplainAgrees(t *testing.T) {
	talents, _, _ := city(t)
	q := Query{Parts: []Part{{seedRule(t, schemas.RuleTalentsCurrent), talents}}, Terms: seedTerms(), Period: year26, AsOf: "2026-06-30"}
	result := Count(q)
	for _, e := range result.Excluded {
		spans := talents[slices.IndexFunc(talents, func(r RecordFacts) bool { return r.ID == e.ID })].Spans
		verdicts := Explain(q, spans)
		if len(verdicts) != 11 {
			t.Errorf("%s: %d verdicts, want one for each of the 11 clauses", e.ID, len(verdicts))
		}
		for _, f := range e.Failed {
			i := slices.IndexFunc(verdicts, func(v Verdict) bool { return v.Clause == f.Clause })
			if i < 0 {
				t.Errorf("%s: no verdict on %s", e.ID, f.Clause)
			} else if d := cmp.Diff(f, verdicts[i]); d != "" {
				t.Errorf("%s %s: %s", e.ID, f.Clause, d)
			}
		}
	}
	for _, v := range Explain(q, nil) {
		if v.Clause == "1-leading" && v.Met {
			t.Error("a record without facts is leading")
		}
	}
}

func TestCompare(t *testing.T) {
	a, b := Result{Counted: []string{"1", "2", "3"}}, Result{Counted: []string{"2", "4"}}
	if d := cmp.Diff(Difference{[]string{"1", "3"}, []string{"4"}}, Compare(a, b)); d != "" {
		t.Error(d)
	}
}

// randomCity draws records whose facts change at random within a year.
func randomCity(r *rand.Rand, n int) []RecordFacts {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	day := func() int32 { return DayOf("2025-11-01") + r.Int32N(480) }
	date := func() string { return string(DateOf(day())) }
	out := make([]RecordFacts, n)
	for i := range out {
		out[i].ID = fmt.Sprintf("r%03d", i)
		add := func(field, item string, codes ...string) {
			from := day() - 200
			for from < DayOf("2027-03-01") {
				to := from + 1 + r.Int32N(300)
				s := Span{field, item, pick(codes...), from, to, 0, OpenKnown}
				switch r.IntN(8) {
				case 0:
					s.KnownFrom = instant(50).UnixMilli()
				case 1:
					s.KnownTo = instant(50).UnixMilli()
				}
				out[i].Spans = append(out[i].Spans, s)
				from = to
			}
		}
		add("tier", "", "national", "provincial", "backbone")
		add("track", "", "recruit", "cultivate")
		add("mode", "", "flexible", "fulltime")
		add("stage", "", "signed", "onboarded", "recognized", "left")
		for _, item := range []string{"a", "b"} {
			if r.IntN(2) == 0 {
				add("agreementFrom", item, date())
				add("agreementTo", item, date())
			}
			add("serviceFrom", item, date())
			add("serviceDays", item, "20", "40")
		}
		if r.IntN(3) == 0 {
			add("integrityFrom", "d", date())
			add("integrityTo", "d", date())
		}
		if r.IntN(4) == 0 {
			out[i].Spans = append(out[i].Spans, Span{"archivedOn", "", date(), day(), OpenDay, 0, OpenKnown})
		}
		add("leadTalent", "", "t1", "t2", fmt.Sprint("x", i))
	}
	return out
}

func randomRules(t *testing.T) map[string]*schemas.RuleFields {
	strict := *seedRule(t, schemas.RuleTeamsCurrent)
	strict.Candidates = append(slices.Clone(strict.Candidates), schemas.Clause{ID: "3-tier", Kind: schemas.ClauseCodes, Field: "tier", Values: []string{"national"}})
	strict.Counts = append(slices.Clone(strict.Counts),
		schemas.Clause{ID: "7", Kind: schemas.ClauseService, N: 60, Values: []string{"flexible"}},
		schemas.Clause{ID: "8", Kind: schemas.ClauseIntegrity},
		schemas.Clause{ID: "9", Kind: schemas.ClauseCodes, Field: "stage", Values: []string{"signed"}, Ever: true})
	total := strict
	total.Cumulative = true
	return map[string]*schemas.RuleFields{
		"current": seedRule(t, schemas.RuleTalentsCurrent), "cumulative": seedRule(t, schemas.RuleTalentsCumulative),
		"strict": &strict, "strict cumulative": &total,
	}
}

func TestSeriesEqualsCount(t *testing.T) {
	var days []schemas.Date
	for d := schemas.Date("2025-12-20"); d < "2027-01-20"; d = d.AddDays(3) {
		days = append(days, d)
	}
	moved := 0
	for name, rule := range randomRules(t) {
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 2))
			q := Query{Parts: []Part{{rule, randomCity(r, 40)}}, Terms: seedTerms(), Period: year26, KnownAt: instant(int(seed) * 20)}
			if seed%2 == 1 {
				q.Parts = append(q.Parts, Part{rule, randomCity(r, 20)}) // ids that the first part has too
			}
			last := -1
			for _, p := range Series(q, days) {
				q.AsOf = p.Day
				if n := Count(q).N; n != p.N {
					t.Fatalf("%s, seed %d: the series has %d on %s, a count %d", name, seed, p.N, p.Day, n)
				}
				if p.N != last {
					moved++
				}
				last = p.N
			}
		}
	}
	if moved < 200 {
		t.Errorf("the line moves %d times only: the test shows little", moved)
	}
}

// A cumulative rule counts whom the current one counted on any day of the
// period so far, and who is not archived.
func TestCumulativeIsEverCurrent(t *testing.T) {
	current, cumulative := seedRule(t, schemas.RuleTalentsCurrent), seedRule(t, schemas.RuleTalentsCumulative)
	free := *current // the archive ends a count, but does not hinder an earlier one
	free.Candidates = free.Candidates[:1]
	for seed := range uint64(5) {
		records := randomCity(rand.New(rand.NewPCG(seed, 3)), 60)
		reached := map[string]bool{}
		for day := schemas.Date("2025-12-01"); day < "2027-02-01"; day = day.AddDays(1) {
			q := Query{Parts: []Part{{&free, records}}, Terms: seedTerms(), Period: year26, AsOf: day, KnownAt: instant(60)}
			if day >= year26.From && day <= year26.To {
				for _, id := range Count(q).Counted {
					reached[id] = true
				}
			}
			var want []string
			for _, rec := range records {
				if reached[rec.ID] && !archived(rec.Spans, moment{DayOf(day), instant(60).UnixMilli()}) {
					want = append(want, rec.ID)
				}
			}
			q.Parts[0].Rule = cumulative
			if d := cmp.Diff(want, Count(q).Counted); d != "" {
				t.Fatalf("seed %d on %s: %s", seed, day, d)
			}
		}
	}
}

// bigCity is 100,000 records of 10 facts, of whom 3,000 are leading.
func bigCity(b *testing.B) []RecordFacts {
	b.Helper()
	out := make([]RecordFacts, 100_000)
	for i := range out {
		tier := "backbone"
		if i%33 == 0 {
			tier = "national"
		}
		out[i] = RecordFacts{fmt.Sprintf("01J%023d", i), facts(b,
			"region=tiexi", "industry=equipment", "sector=manufacturing", "origin=external", "track=recruit", "mode=flexible", "tier="+tier,
			fmt.Sprintf("stage=signed 2026-%02d-01..2026-10-01", 1+i%9), "stage=onboarded 2026-10-01..", "agreementFrom/a=2026-01-01")}
	}
	return out
}

func BenchmarkCount(b *testing.B) {
	records := bigCity(b)
	for _, id := range []string{schemas.RuleTalentsCurrent, schemas.RuleTalentsCumulative} {
		b.Run(id, func(b *testing.B) {
			q := Query{Parts: []Part{{seedRule(b, id), records}}, Terms: seedTerms(), Period: year26, AsOf: "2026-06-30"}
			for b.Loop() {
				Count(q)
			}
			b.ReportMetric(float64(Count(q).N), "counted")
		})
	}
}

func BenchmarkSeries(b *testing.B) {
	records := bigCity(b)
	days := MonthEnds("2026-01-01", "2030-12-31")
	for _, id := range []string{schemas.RuleTalentsCurrent, schemas.RuleTalentsCumulative} {
		b.Run(id, func(b *testing.B) {
			q := Query{Parts: []Part{{seedRule(b, id), records}}, Terms: seedTerms(), Period: Period{"2026-01-01", "2030-12-31"}}
			for b.Loop() {
				Series(q, days)
			}
		})
	}
}
