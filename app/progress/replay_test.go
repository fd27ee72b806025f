package progress

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// instant is n minutes after the beginning of the tests' records.
func instant(n int) schemas.Time {
	return schemas.At(time.Date(2026, 1, 10, 1, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute))
}

func set(seq int64, at int, on schemas.Date, pairs ...any) schemas.Entry {
	e := schemas.Entry{Seq: seq, RecordedAt: instant(at), EffectiveOn: on, Action: schemas.ActUpdate}
	for i := 0; i < len(pairs); i += 2 {
		e.Changes = append(e.Changes, schemas.Change{Path: pairs[i].(string), To: pairs[i+1]})
	}
	return e
}

func undo(seq int64, at int, on schemas.Date, undoes int64, pairs ...any) schemas.Entry {
	e := set(seq, at, on, pairs...)
	e.Action, e.Undoes = schemas.ActUndo, undoes
	return e
}

func TestReplay(t *testing.T) {
	plain := []schemas.Entry{
		set(1, 1, "2026-01-01", "tier", "national", "agreements/a/from", "2026-01-01"),
		set(2, 2, "2026-03-01", "tier", "provincial"),
		set(3, 3, "2026-02-01", "tier", "municipal"), // late: before seq 2
		set(4, 4, "2026-03-01", "agreements/a/from", nil),
	}
	undone := append(slices.Clone(plain), undo(5, 5, "2026-03-02", 2, "tier", "municipal"))
	redone := append(slices.Clone(undone), undo(6, 6, "2026-03-03", 5))
	for _, c := range []struct {
		name    string
		entries []schemas.Entry
		on      schemas.Date
		known   int
		want    schemas.Leaves
	}{
		{"before all", plain, "2025-12-31", 9, schemas.Leaves{}},
		{"first day", plain, "2026-01-01", 9, schemas.Leaves{"tier": "national", "agreements/a/from": "2026-01-01"}},
		{"late entry", plain, "2026-02-10", 9, schemas.Leaves{"tier": "municipal", "agreements/a/from": "2026-01-01"}},
		{"late entry not known yet", plain, "2026-02-10", 2, schemas.Leaves{"tier": "national", "agreements/a/from": "2026-01-01"}},
		{"late entry leaves today alone", plain, "2026-03-01", 3, schemas.Leaves{"tier": "provincial", "agreements/a/from": "2026-01-01"}},
		{"cleared", plain, "2026-03-01", 4, schemas.Leaves{"tier": "provincial"}},
		{"undone", undone, "2026-03-01", 5, schemas.Leaves{"tier": "municipal"}},
		{"undone later than known", undone, "2026-03-01", 4, schemas.Leaves{"tier": "provincial"}},
		{"undo undone", redone, "2026-03-05", 6, schemas.Leaves{"tier": "provincial"}},
		{"nothing on file", plain, "2026-03-05", 0, schemas.Leaves{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Replay(c.entries, c.on, instant(c.known))); d != "" {
				t.Error(d)
			}
		})
	}
	if d := cmp.Diff(schemas.Leaves{"tier": "provincial"}, Replay(redone, "2026-03-05", schemas.Time{})); d != "" {
		t.Error("the zero instant is not all that is on file:", d)
	}
}

// naive is the rule of replay, word for word, for one path.
func naive(entries []schemas.Entry, path string, on schemas.Date, at schemas.Time) any {
	var skipped func(seq int64) bool
	skipped = func(seq int64) bool {
		for _, u := range entries {
			if u.Action == schemas.ActUndo && u.Undoes == seq && u.Seq > seq && !u.RecordedAt.After(at.Time) && !skipped(u.Seq) {
				return true
			}
		}
		return false
	}
	var best *schemas.Entry
	var value any
	for i := range entries {
		e := &entries[i]
		if e.Action == schemas.ActUndo || e.EffectiveOn > on || e.RecordedAt.After(at.Time) || skipped(e.Seq) {
			continue
		}
		for _, c := range e.Changes {
			if c.Path == path && (best == nil || e.EffectiveOn > best.EffectiveOn || e.EffectiveOn == best.EffectiveOn && e.Seq >= best.Seq) {
				best, value = e, c.To
			}
		}
	}
	return value
}

var randomPaths = []string{"tier", "stage", "archivedOn", "agreements/a/from", "agreements/b/from", "services/s/days", "attributes/level", "names"}

var randomFacts = FactsOf(schemas.Catalogue{
	{Path: "tier", Name: "tier", Fact: true},
	{Path: "stage", Name: "stage", Fact: true},
	{Path: "archivedOn", Name: "archivedOn", Fact: true},
	{Path: "agreements/*/from", Name: "agreementFrom", Fact: true},
	{Path: "services/*/days", Name: "serviceDays", Fact: true},
	{Path: "names", Name: "names", Many: true, Fact: true},
	{Path: "name", Name: "name"},
}, "level")

func randomHistory(r *rand.Rand) []schemas.Entry {
	day := func() schemas.Date { return schemas.Date(fmt.Sprintf("2026-01-%02d", 1+r.IntN(12))) }
	value := func(path string) any {
		switch v := r.IntN(4); {
		case v == 3:
			return nil
		case path == "services/s/days":
			return json.Number(fmt.Sprint(v))
		case path == "names":
			return []any{"x", []any{"y", "z", "x"}[v]}
		default:
			return []string{"p", "q", "r"}[v]
		}
	}
	var out []schemas.Entry
	at := 0
	for seq := int64(1); seq <= int64(1+r.IntN(10)); seq++ {
		at += r.IntN(3) // some share an instant
		if seq > 1 && r.IntN(3) == 0 {
			out = append(out, undo(seq, at, day(), 1+r.Int64N(seq-1), "tier", "wrong"))
			continue
		}
		e := set(seq, at, day())
		for _, p := range randomPaths {
			if r.IntN(2) == 0 {
				e.Changes = append(e.Changes, schemas.Change{Path: p, To: value(p)})
			}
		}
		out = append(out, e)
	}
	return out
}

func TestSpansEqualReplay(t *testing.T) {
	for seed := range uint64(1000) {
		entries := randomHistory(rand.New(rand.NewPCG(seed, 1)))
		spans := Spans(entries, randomFacts)
		for _, s := range spans {
			if s.From >= s.To || s.KnownFrom >= s.KnownTo {
				t.Fatalf("seed %d: a span that never holds: %+v", seed, s)
			}
		}
		for d := range 14 {
			on := schemas.Date("2025-12-31").AddDays(d)
			for _, at := range append([]schemas.Time{instant(-1)}, recorded(entries)...) {
				leaves := Replay(entries, on, at)
				var want, got []string
				for _, path := range randomPaths {
					v := naive(entries, path, on, at)
					if !cmp.Equal(v, leaves[path]) {
						t.Fatalf("seed %d, %s known %s: %s replays to %v, the rule says %v", seed, on, at, path, leaves[path], v)
					}
					field, item, _ := randomFacts(path)
					for _, code := range slices.Compact(sorted(appendCodes(nil, v))) {
						want = append(want, field+" "+item+" "+code)
					}
				}
				for i := range spans {
					if s := &spans[i]; s.Holds(DayOf(on), at.UnixMilli()) {
						got = append(got, s.Field+" "+s.Item+" "+s.Code)
					}
				}
				if d := cmp.Diff(sorted(want), sorted(got)); d != "" {
					t.Fatalf("seed %d, %s known %s: %s\n%+v\n%+v", seed, on, at, d, entries, spans)
				}
			}
		}
	}
}

// recorded are the instants at which what is known changes.
func recorded(entries []schemas.Entry) []schemas.Time {
	var out []schemas.Time
	for i, e := range entries {
		if i == 0 || e.RecordedAt != entries[i-1].RecordedAt {
			out = append(out, e.RecordedAt)
		}
	}
	return out
}

func sorted(s []string) []string { slices.Sort(s); return s }

func TestFactsOf(t *testing.T) {
	facts := FactsOf(schemas.TalentCatalogue, "patent-count")
	for path, want := range map[string]string{
		"tier":                         "tier/",
		"agreements/01J/to":            "agreementTo/01J",
		"attributes/patent-count":      "attributes.patent-count/",
		"employer/id":                  "employer/",
		"achievements/01J/verifiedBy":  "achievementVerified/01J",
		"name":                         "-",
		"attributes/other":             "-",
		"agreements/01J":               "-",
		"agreements/01J/number":        "-",
		"contacts/01J/value":           "-",
		"achievements/01J/verifiedBy/": "-",
	} {
		got := "-"
		if field, item, ok := facts(path); ok {
			got = field + "/" + item
		}
		if got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestDays(t *testing.T) {
	for d := schemas.Date("1899-12-30"); d < "2101-01-02"; d = d.AddDays(97) {
		if got := DateOf(DayOf(d)); got != d {
			t.Fatalf("%s comes back as %s", d, got)
		}
		if DayOf(d.AddDays(1)) != DayOf(d)+1 {
			t.Fatalf("%s has no next day", d)
		}
	}
	if DayOf("1970-01-01") != 0 || DayOf("") != beforeAll || DayOf("2026-1-1x") != beforeAll || DayOf("2026/01/01") != beforeAll {
		t.Error("DayOf misreads")
	}
	if got := DateOf(yearLater(DayOf("2024-02-29"))); got != "2025-03-01" {
		t.Errorf("a year after 29 February 2024 is %s", got)
	}
	want := []schemas.Date{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-15"}
	if d := cmp.Diff(want, MonthEnds("2026-01-15", "2026-04-15")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]schemas.Date{"2026-01-31"}, MonthEnds("2026-01-31", "2026-01-31")); d != "" {
		t.Error(d)
	}
	if got := MonthEnds("2026-02-01", "2026-01-31"); len(got) != 0 {
		t.Errorf("a period that has not begun has the days %v", got)
	}
}

func BenchmarkSpans(b *testing.B) {
	entries := []schemas.Entry{set(1, 1, "2026-01-01",
		"name", "示例", "tier", "national", "track", "recruit", "mode", "flexible", "region", "tiexi", "industry", "equipment", "sector", "manufacturing",
		"origin", "external", "employer/id", "01J", "stage", "identified", "agreements/a/from", "2026-01-01", "agreements/a/to", "2028-12-31", "bio", "…")}
	for i, stage := range []string{"contacted", "negotiating", "evaluating", "publicized", "signed", "onboarded"} {
		entries = append(entries, set(int64(i+2), i+2, schemas.Date("2026-01-01").AddDays(20*i+20), "stage", stage))
	}
	entries = append(entries, set(8, 8, "2026-02-01", "tier", "provincial", "services/s/from", "2026-02-01", "services/s/days", json.Number("12")),
		undo(9, 9, "2026-06-01", 7), undo(10, 10, "2026-06-01", 9))
	facts := FactsOf(schemas.TalentCatalogue)
	b.ReportAllocs()
	for b.Loop() {
		Spans(entries, facts)
	}
}
