package progress

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// facts reads spans from lines like "tier=national 2026-01-01..2026-03-01" or
// "agreementFrom/a=2026-01-01 2026-01-01.."; the last day is not included.
func facts(t testing.TB, lines ...string) []Span {
	t.Helper()
	out := make([]Span, 0, len(lines))
	for _, line := range lines {
		what, when, _ := strings.Cut(line, " ")
		name, code, ok := strings.Cut(what, "=")
		from, to, dots := strings.Cut(when, "..")
		if !ok || when != "" && !dots {
			t.Fatalf("no fact: %q", line)
		}
		field, item, _ := strings.Cut(name, "/")
		s := Span{Field: field, Item: item, Code: code, From: beforeAll, To: OpenDay, KnownTo: OpenKnown}
		if from != "" {
			s.From = DayOf(schemas.Date(from))
		}
		if to != "" {
			s.To = DayOf(schemas.Date(to))
		}
		out = append(out, s)
	}
	return out
}

func seedTerms() *Terms {
	return TermsOf([]schemas.Taxonomy{
		tax(schemas.TaxTier, schemas.Term{ID: "national", Leading: true}, schemas.Term{ID: "provincial", Leading: true}, schemas.Term{ID: "backbone"}),
		tax(schemas.TaxTeamTier, schemas.Term{ID: "national", Leading: true}, schemas.Term{ID: "growing"}),
		tax(schemas.TaxStageRecruit, schemas.Term{ID: "signed"}, schemas.Term{ID: "onboarded", Counts: true}, schemas.Term{ID: "left"}),
		tax(schemas.TaxStageCultivate, schemas.Term{ID: "nominated"}, schemas.Term{ID: "recognized", Counts: true}, schemas.Term{ID: "left"}),
	})
}

func tax(id string, terms ...schemas.Term) schemas.Taxonomy {
	return schemas.Taxonomy{Meta: schemas.Meta{ID: id}, TaxonomyFields: schemas.TaxonomyFields{Terms: terms}}
}

func TestClauses(t *testing.T) {
	num := func(v float64) *float64 { return &v }
	codes := func(field string, values ...string) schemas.Clause {
		return schemas.Clause{Kind: schemas.ClauseCodes, Field: field, Values: values}
	}
	not := func(c schemas.Clause) schemas.Clause { c.Not = true; return c }
	ever := func(c schemas.Clause) schemas.Clause { c.Ever = true; return c }
	leading := schemas.Clause{Kind: schemas.ClauseLeading, Field: "tier", Taxonomy: schemas.TaxTier}
	counting := schemas.Clause{Kind: schemas.ClauseCounts, Field: "stage"}
	agreement := schemas.Clause{Kind: schemas.ClauseAgreement}
	required := schemas.Clause{Kind: schemas.ClauseAgreement, Required: true}
	service := schemas.Clause{Kind: schemas.ClauseService, N: 30, Values: []string{"flexible"}}
	integrity := schemas.Clause{Kind: schemas.ClauseIntegrity}
	present := schemas.Clause{Kind: schemas.ClausePresent}
	verified := schemas.Clause{Kind: schemas.ClauseVerified, N: 2}
	held := schemas.Clause{Kind: schemas.ClauseHeld, Field: "qualification", Values: []string{"high-tech"}}
	between := schemas.Clause{Kind: schemas.ClauseNumber, Field: "attributes.patents", Min: num(3), Max: num(5)}
	f := func(lines ...string) []string { return lines }

	for _, c := range []struct {
		name   string
		clause schemas.Clause
		facts  []string
		met    string // the days on which it is met, of those in days
	}{
		{"code", codes("region", "tiexi", "tiedong"), f("region=tiexi 2026-02-01..2026-04-01"), "0110"},
		{"code of another field", codes("region", "tiexi"), f("track=tiexi"), "0000"},
		{"any code", codes("region"), f("region=x 2026-02-15..2026-02-16"), "0100"},
		{"code not", not(codes("stage", "left")), f("stage=onboarded ..2026-03-01", "stage=left 2026-03-01.."), "1100"},
		{"code not, without facts", not(codes("stage", "left")), nil, "1111"},
		{"code ever", ever(codes("stage", "signed")), f("stage=signed 2026-02-01..2026-02-03", "stage=left 2026-02-03.."), "0111"},
		{"code ever before the period", ever(codes("stage", "signed")), f("stage=signed 2025-02-01..2025-06-01"), "0000"},
		{"code of a custom field", codes("attributes.level", "a"), f("attributes.level=a"), "1111"},
		{"leading", leading, f("tier=national ..2026-03-01", "tier=backbone 2026-03-01.."), "1100"},
		{"leading by an unknown list", schemas.Clause{Kind: schemas.ClauseLeading, Field: "tier", Taxonomy: "x"}, f("tier=national"), "0000"},
		{"counting stage", counting, f("track=cultivate", "stage=nominated ..2026-02-01", "stage=recognized 2026-02-01.."), "0111"},
		{"stage of the other track", counting, f("track=recruit", "stage=recognized"), "0000"},
		{"counting stage, no track", counting, f("stage=recognized"), "0000"},
		{"agreement covers", agreement, f("agreementFrom/a=2026-02-01", "agreementTo/a=2026-03-01"), "0110"},
		{"agreement without an end", agreement, f("agreementFrom/a=2026-02-01"), "0111"},
		{"agreement without a start", agreement, f("agreementTo/a=2026-02-01"), "1000"},
		{"second agreement", agreement, f("agreementFrom/a=2025-02-01", "agreementTo/a=2025-03-01", "agreementFrom/b=2026-03-01", "agreementTo/b=2026-03-01"), "0010"},
		{"ends of two agreements do not mix", agreement, f("agreementFrom/a=2025-02-01", "agreementTo/a=2025-03-01", "agreementFrom/b=2027-01-01", "agreementTo/b=2028-01-01"), "0000"},
		{"no agreement", agreement, nil, "1111"},
		{"no agreement, required", required, nil, "0000"},
		{"agreement, required", required, f("agreementFrom/a=2026-02-01", "agreementTo/a=2026-03-01"), "0110"},
		{"agreement entered late", agreement, f("agreementFrom/a=2025-01-01 2026-03-01..", "agreementTo/a=2025-12-31 2026-03-01.."), "1100"},
		{"service", service, f("mode=flexible", "serviceFrom/a=2025-02-20", "serviceDays/a=20", "serviceFrom/b=2026-02-01", "serviceDays/b=10"), "0100"},
		{"service of a full-time person", service, f("mode=fulltime"), "1111"},
		{"service without days", service, f("mode=flexible", "serviceFrom/a=2026-01-01"), "0000"},
		{"decision in force", integrity, f("integrityFrom/a=2026-02-01", "integrityTo/a=2026-02-28"), "1011"},
		{"decision without an end", integrity, f("integrityFrom/a=2026-02-01"), "1000"},
		{"decision repaired", integrity, f("integrityFrom/a=2026-02-01", "integrityRepaired/a=true 2026-03-01.."), "1011"},
		{"another decision repaired", integrity, f("integrityFrom/a=2026-02-01", "integrityRepaired/b=true"), "1000"},
		{"archived", present, f("archivedOn=2026-03-01"), "1100"},
		{"archived and restored", present, f("archivedOn=2026-02-01 2026-02-01..2026-03-01"), "1011"},
		{"verified", verified, f("achievementVerified/a=u1", "achievementVerified/b=u1 2026-03-01.."), "0011"},
		{"number", between, f("attributes.patents=2 ..2026-02-01", "attributes.patents=3 2026-02-01..2026-03-01", "attributes.patents=5.5 2026-03-01.."), "0100"},
		{"no number", between, f("attributes.patents=many"), "0000"},
		{"valid qualification", held, f("qualification/a=high-tech", "qualificationFrom/a=2026-02-01", "qualificationTo/a=2026-03-01"), "0110"},
		{"qualification of another kind", held, f("qualification/a=tech-sme", "qualificationFrom/a=2026-02-01"), "0000"},
		{"qualification without dates", held, f("qualification/a=high-tech"), "1111"},
		{"a kind of a later version", schemas.Clause{Kind: "charm"}, nil, "0000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			days := []schemas.Date{"2026-01-15", "2026-02-15", "2026-03-01", "2026-12-31"}
			r := newRule(&schemas.RuleFields{Candidates: []schemas.Clause{c.clause}}, seedTerms(), Period{"2026-01-01", "2026-12-31"}, 0)
			got := ""
			v := &view{spans: facts(t, c.facts...)}
			for _, day := range days {
				got += map[bool]string{false: "0", true: "1"}[r.all(r.candidates, v, DayOf(day))]
			}
			if got != c.met {
				t.Errorf("met on %s of %v, want %s", got, days, c.met)
			}
			// The days on which the answer changes are all known beforehand.
			before := r.all(r.candidates, v, r.first)
			for day := r.first; day <= r.last; day++ {
				now := r.all(r.candidates, v, day)
				if now != before && !contains(r.changes(v), day) {
					t.Errorf("changes on %s, which is not foreseen", DateOf(day))
				}
				before = now
			}
		})
	}
}

func contains(days []int32, day int32) bool {
	for _, d := range days {
		if d == day {
			return true
		}
	}
	return false
}

func TestAnyOf(t *testing.T) {
	block := func(id, way, field, value string) schemas.Clause {
		return schemas.Clause{ID: id, AnyOf: "b", Case: way, Kind: schemas.ClauseCodes, Field: field, Values: []string{value}}
	}
	r := newRule(&schemas.RuleFields{Counts: []schemas.Clause{
		block("1", "x", "a", "1"), block("2", "x", "b", "1"), block("3", "", "c", "1"), block("4", "", "d", "1"),
	}}, seedTerms(), Period{}, 0)
	for _, c := range []struct {
		facts []string
		ok    bool
		lacks []string
	}{
		{[]string{"a=1", "b=1"}, true, nil},
		{[]string{"d=1"}, true, nil},
		{[]string{"c=1", "a=1"}, true, nil},
		{[]string{"a=1", "b=2"}, false, []string{"2"}}, // the first of the nearest ways
		{nil, false, []string{"3"}},
	} {
		v := &view{spans: facts(t, c.facts...)}
		if got := r.all(r.counts, v, 0); got != c.ok {
			t.Errorf("%v: met is %v", c.facts, got)
		}
		var lacks []string
		for _, f := range r.failed(r.counts, v, 0) {
			lacks = append(lacks, f.Clause)
		}
		if d := cmp.Diff(c.lacks, lacks); d != "" {
			t.Errorf("%v: %s", c.facts, d)
		}
	}
}

func TestLegal(t *testing.T) {
	stages := []schemas.Term{
		{ID: "identified", Next: []string{"contacted"}},
		{ID: "contacted", Next: []string{"signed", "declined"}},
		{ID: "signed", Next: []string{"onboarded"}},
		{ID: "onboarded"},
		{ID: "declined", Next: []string{"contacted"}},
	}
	for _, c := range []struct {
		moves string // comma-separated, each a day later
		want  string
	}{
		{"", ""},
		{"identified,contacted,signed,onboarded", ""},
		{"signed,onboarded", ""},
		{"contacted,declined,contacted,signed", ""},
		{"contacted,contacted,signed", ""},
		{"identified,signed", "identified to signed on 2026-01-02"},
		{"signed,contacted", "signed to contacted on 2026-01-02"},
		{"onboarded,left", "onboarded to left on 2026-01-02"},
		{"unheard", " to unheard on 2026-01-01"},
	} {
		var moves []Move
		for i, s := range strings.FieldsFunc(c.moves, func(r rune) bool { return r == ',' }) {
			moves = append(moves, Move{s, schemas.Date("2026-01-01").AddDays(i)})
		}
		got := ""
		if err := Legal(stages, moves); err != nil {
			e := err.(*IllegalMove)
			got = fmt.Sprintf("%s to %s on %s", e.From, e.To, e.On)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.moves, got, c.want)
		}
	}
}

func TestMoves(t *testing.T) {
	entries := []schemas.Entry{
		set(1, 1, "2026-01-01", "track", "recruit", "stage", "identified"),
		set(2, 2, "2026-03-01", "stage", "signed"),
		set(3, 3, "2026-02-01", "stage", "contacted"),
		set(4, 4, "2026-03-02", "stage", "onboarded"),
		undo(5, 5, "2026-03-03", 4),
	}
	want := []Move{{"identified", "2026-01-01"}, {"contacted", "2026-02-01"}, {"signed", "2026-03-01"}}
	if d := cmp.Diff(want, Moves(entries, schemas.Time{})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want[:1], Moves(entries, instant(1))); d != "" {
		t.Error("as first known:", d)
	}
	entries = append(entries, set(6, 6, "2026-04-01", "track", "cultivate", "stage", "nominated"))
	if d := cmp.Diff([]Move{{"nominated", "2026-04-01"}}, Moves(entries, schemas.Time{})); d != "" {
		t.Error("after a change of track:", d)
	}
}
