package app

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// TestReplay makes 1,000 random edits (late, undone, on arrays, illegal ones
// among them) by the calls that users make. After each, the stored fields are
// what a naive replay of the history says of today; in the end the spans say
// the same as the naive replay of every day, as known at many instants.
func TestReplay(t *testing.T) {
	const documents, edits = 20, 50
	o := openApp(t)
	rng := rand.New(rand.NewPCG(7, 11))
	seen := map[string]int{}
	for n := range documents {
		o.clock.set(time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC).AddDate(0, 0, n))
		f := someone("甲"+string(rune('一'+n)), "四平研究院")
		f.Track = []string{"recruit", "cultivate"}[n%2]
		id := o.talent(f).ID
		for done := 0; done < edits; {
			o.clock.advance(time.Duration(1+rng.IntN(12*24*60)) * time.Minute)
			before, err := o.GetTalent(bg, id)
			if err != nil {
				t.Fatal(err)
			}
			kind, err := o.randomEdit(rng, id, before)
			var e *schemas.Error
			switch {
			case err == nil:
			case errors.As(err, &e) && (e.Code == schemas.Invalid || e.Code == schemas.Conflict):
				seen["refused"]++
			default:
				t.Fatalf("%s: %v", kind, err)
			}
			after, entries := o.checkReplay(id)
			if err != nil && after.Version != before.Version {
				t.Errorf("a refused %s wrote version %d over %d: %v", kind, after.Version, before.Version, err)
			}
			if err == nil && after.Version > before.Version {
				done++
				seen[kind]++
				if entries[len(entries)-1].EffectiveOn < o.Today() {
					seen["late"]++
				}
			}
		}
		o.checkSpans(id)
	}
	for _, kind := range []string{"field", "add", "change", "remove", "move", "archive", "restore", "undo", "late", "refused"} {
		if seen[kind] < 15 {
			t.Errorf("only %d edits of kind %s: the test shows little", seen[kind], kind)
		}
	}
	t.Log(seen)
}

// randomEdit makes one edit of a random kind and day.
func (o *office) randomEdit(rng *rand.Rand, id string, now *schemas.Talent) (string, error) {
	how := How{}
	if rng.IntN(2) == 0 {
		how.On = o.Today().AddDays(-rng.IntN(120))
	}
	pick := func(codes ...string) string { return codes[rng.IntN(len(codes))] }
	day := func() schemas.Date { return o.Today().AddDays(rng.IntN(400) - 200) }
	kind := pick("field", "field", "add", "add", "change", "remove", "move", "move", "archive", "undo", "undo")
	var err error
	switch kind {
	case "field":
		_, err = o.edit(id, how, func(f *schemas.TalentFields) {
			switch rng.IntN(6) {
			case 0:
				f.Tier = pick("", "top", "national", "municipal", "backbone")
			case 1:
				f.Industry, f.IndustryMore = pick("", "food", "health", "tourism"), []string{pick("food", "health")}
			case 2:
				f.Region, f.Mode = pick("tiedong", "lishu", ""), pick("", "fulltime", "flexible")
			case 3:
				f.Bio = fmt.Sprint("研究换热器第", rng.IntN(9), "年")
			case 4:
				f.Tags, f.NoPublicity = []string{pick("重点", "紧缺"), pick("甲", "乙", "丙")}, rng.IntN(2) == 0
			case 5:
				f.Employer = schemas.Employer{Kind: pick("enterprise", "institution"), ID: pick("", "e1", "e2"), Name: pick("", "甲厂", "乙厂")}
			}
		})
	case "add":
		_, err = o.edit(id, how, func(f *schemas.TalentFields) {
			switch rng.IntN(3) {
			case 0:
				f.Agreements = append(f.Agreements, schemas.Agreement{Number: fmt.Sprint(rng.IntN(1000)), From: day(), To: day()})
			case 1:
				f.Achievements = append(f.Achievements, schemas.Achievement{Title: "成果", Year: 2000 + rng.IntN(26), VerifiedBy: pick("", "u1")})
			case 2:
				f.Services = append(f.Services, schemas.Service{From: day(), Days: 1 + rng.IntN(30), Content: "换热器诊断"})
			}
		})
	case "change":
		_, err = o.edit(id, how, func(f *schemas.TalentFields) {
			for i := range f.Agreements {
				f.Agreements[i].To = day()
			}
			for i := range f.Achievements {
				f.Achievements[i].VerifiedBy = pick("", "u1", "u2")
			}
		})
	case "remove":
		_, err = o.edit(id, how, func(f *schemas.TalentFields) {
			if n := len(f.Agreements); n > 0 {
				at := rng.IntN(n)
				f.Agreements = slices.Delete(f.Agreements, at, at+1)
			} else if n := len(f.Services); n > 0 {
				f.Services = f.Services[:n-1]
			}
		})
	case "move":
		stages := o.taxonomies.cached.get(stagesOf(now.Track)).Terms
		_, err = o.MoveTalent(bg, id, now.Version, Move{Stage: stages[rng.IntN(len(stages))].ID, On: how.On})
	case "archive":
		if now.ArchivedOn != "" {
			kind = "restore"
		}
		_, err = o.ArchiveTalent(bg, id, now.Version, now.ArchivedOn != "", how)
	case "undo":
		_, err = o.UndoTalent(bg, id, now.Version, 1+rng.Int64N(now.Version), How{})
	}
	return kind, err
}

// checkReplay compares the stored fields with the naive replay of today.
func (o *office) checkReplay(id string) (*schemas.Talent, []schemas.Entry) {
	o.t.Helper()
	stored, rec, err := o.talents.read(bg, id)
	if err != nil {
		o.t.Fatal(err)
	}
	entries := must(o.talents.history(bg, id))(o.t)
	if int64(len(entries)) != stored.Version {
		o.t.Fatalf("version %d, but %d entries", stored.Version, len(entries))
	}
	have := must(schemas.FlattenJSON(rec.Body))(o.t)
	for path := range have {
		if f := schemas.TalentCatalogue.At(path); f != nil && f.Derived {
			delete(have, path)
		}
	}
	want := naiveReplay(entries, o.Today(), schemas.At(o.Now()))
	if diff := gocmp.Diff(want, have); diff != "" {
		o.t.Fatalf("stored fields are not the replay of today (-replay +stored):\n%s", diff)
	}
	return stored, entries
}

// naiveReplay reads the rule of histories word by word: of each path the entry
// with the greatest (effectiveOn, seq) that was on file and is not undone.
func naiveReplay(entries []schemas.Entry, on schemas.Date, at schemas.Time) schemas.Leaves {
	var undone func(seq int64) bool
	undone = func(seq int64) bool {
		return slices.ContainsFunc(entries, func(e schemas.Entry) bool {
			return e.Action == schemas.ActUndo && e.Undoes == seq && !e.RecordedAt.After(at.Time) && !undone(e.Seq)
		})
	}
	var read []schemas.Entry
	for _, e := range entries {
		if e.EffectiveOn <= on && !e.RecordedAt.After(at.Time) && e.Action != schemas.ActUndo && !undone(e.Seq) {
			read = append(read, e)
		}
	}
	slices.SortFunc(read, func(a, b schemas.Entry) int {
		return cmp.Or(cmp.Compare(a.EffectiveOn, b.EffectiveOn), cmp.Compare(a.Seq, b.Seq))
	})
	out := schemas.Leaves{}
	for _, e := range read {
		for _, c := range e.Changes {
			if out[c.Path] = c.To; c.To == nil {
				delete(out, c.Path)
			}
		}
	}
	return out
}

// checkSpans compares the spans in memory with the naive replay on every day.
func (o *office) checkSpans(id string) {
	o.t.Helper()
	var spans []facets.Span
	for _, s := range o.talents.lists.index.Spans(facets.Query{Where: []facets.Clause{facets.IDs{id}}}) {
		spans = append(spans, s...)
	}
	entries := must(o.talents.history(bg, id))(o.t)
	first := slices.MinFunc(entries, func(a, b schemas.Entry) int { return cmp.Compare(a.EffectiveOn, b.EffectiveOn) }).EffectiveOn
	for i := 0; i < len(entries); i += 7 {
		at := entries[len(entries)-1-i].RecordedAt
		for on := first.AddDays(-1); on <= o.Today(); on = on.AddDays(1) {
			var have []string
			for i := range spans {
				if s := progress.Span(spans[i]); s.Holds(progress.DayOf(on), at.UnixMilli()) {
					have = append(have, strings.Join([]string{s.Field, s.Item, s.Code}, "|"))
				}
			}
			want := facts(naiveReplay(entries, on, at))
			slices.Sort(have)
			if !slices.Equal(want, have) {
				o.t.Fatalf("facts of %s on %s as known at %s (-replay +spans):\n%s", id, on, at, gocmp.Diff(want, have))
			}
		}
	}
}

// facts are the facts among leaves, as field|item|code, sorted.
func facts(leaves schemas.Leaves) []string {
	var out []string
	for path, v := range leaves {
		f := schemas.TalentCatalogue.At(path)
		if f == nil || !f.Fact {
			continue
		}
		item := ""
		if strings.Contains(f.Path, "*") {
			item = strings.Split(path, "/")[1]
		}
		list, many := v.([]any)
		if !many {
			list = []any{v}
		}
		for _, code := range list {
			out = append(out, strings.Join([]string{f.Name, item, fmt.Sprint(code)}, "|"))
		}
	}
	slices.Sort(out)
	return out
}
