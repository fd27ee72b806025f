package sample_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"qunxian/app/progress"
	"qunxian/app/sample"
	"qunxian/app/text"
	"qunxian/schemas"
)

const today schemas.Date = "2026-11-23"

// days are last days of every kind: a Monday, a Sunday, the end of a year, a
// leap day.
var days = []schemas.Date{today, "2026-08-02", "2027-12-31", "2028-02-29", "2026-01-01"}

func demo(seed uint64, on schemas.Date) sample.Options {
	o := sample.Demo(seed, on)
	o.Owners = []string{"01OWNERA", "01OWNERB", "01OWNERC"}
	return o
}

func hash[T any](t *testing.T, records iter.Seq[T]) string {
	t.Helper()
	h := sha256.New()
	for r := range records {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// The hashes change only when the generator is meant to make another city.
func TestSameOptionsSameBytes(t *testing.T) {
	o := sample.Bench(7, today, 1000)
	for name, got := range map[string][2]string{
		"talents":     {hash(t, sample.Talents(o)), "42835a5c2077e25f"},
		"teams":       {hash(t, sample.Teams(o)), "18d09f971195070b"},
		"enterprises": {hash(t, sample.Enterprises(o)), "1b43e41ccffcf1cd"},
		"demo":        {hash(t, sample.Talents(demo(7, today))), "b3d3ffaec5fca2ad"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: hash %s, want %s", name, got[0], got[1])
		}
	}
	if hash(t, sample.Talents(o)) == hash(t, sample.Talents(sample.Bench(8, today, 1000))) {
		t.Error("another seed makes the same talents")
	}
}

func TestRecordsDoNotDependOnWhoAsksWhen(t *testing.T) {
	o := demo(3, today)
	next, stop := iter.Pull(sample.Talents(o))
	defer stop()
	n := 0
	for want := range sample.Talents(o) {
		for g := range sample.Teams(o) {
			_ = g
			break
		}
		if got, ok := next(); !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("talent %d differs when another is made between", n)
		}
		n++
	}
	if n != o.Talents {
		t.Errorf("%d talents, want %d", n, o.Talents)
	}
}

// filed is a record as the product keeps it: its entries and its document.
type filed struct {
	id      string
	entries []schemas.Entry
	leaves  schemas.Leaves
}

func file[T any](t *testing.T, id string, fields T, stage string, steps []sample.Step, on schemas.Date) filed {
	t.Helper()
	created, err := schemas.Flatten(fields)
	if err != nil {
		t.Fatal(err)
	}
	if stage != "" {
		created["stage"] = stage
	}
	entries := sample.History(created, steps)
	return filed{id, entries, progress.Replay(entries, on, schemas.Time{})}
}

func talents(t *testing.T, o sample.Options) (out []filed) {
	for p := range sample.Talents(o) {
		out = append(out, file(t, p.ID, p.Fields, p.Stage, p.Steps, o.Today))
	}
	return out
}

func teams(t *testing.T, o sample.Options) (out []filed) {
	for g := range sample.Teams(o) {
		out = append(out, file(t, g.ID, g.Fields, g.Stage, g.Steps, o.Today))
	}
	return out
}

func firms(t *testing.T, o sample.Options) (out []filed) {
	for f := range sample.Enterprises(o) {
		out = append(out, file(t, f.ID, f.Fields, "", f.Steps, o.Today))
	}
	return out
}

func TestDatesAndStagesAreLegal(t *testing.T) {
	stages := map[string][]schemas.Term{}
	for _, tax := range schemas.SeedTaxonomies() {
		stages[tax.ID] = tax.Terms
	}
	for seed, on := range days {
		for _, o := range []sample.Options{demo(uint64(seed), on), sample.Bench(uint64(seed), on, 200)} {
			all := slices.Concat(talents(t, o), teams(t, o), firms(t, o))
			ids := map[string]bool{}
			for _, r := range all {
				if ids[r.id] {
					t.Fatalf("id %s twice", r.id)
				}
				ids[r.id] = true
				checkDates(t, r, on)
				track, _ := r.leaves["track"].(string)
				for _, e := range r.entries {
					if err := progress.Legal(stages["stage-"+track], progress.Moves(r.entries, e.RecordedAt)); err != nil && track != "" {
						t.Fatalf("seed %d, %s after seq %d: %v", seed, r.id, e.Seq, err)
					}
				}
			}
		}
	}
}

func checkDates(t *testing.T, r filed, on schemas.Date) {
	t.Helper()
	for i, e := range r.entries {
		switch recorded := schemas.DateOf(e.RecordedAt.Time); {
		case !e.EffectiveOn.Valid(), e.EffectiveOn > recorded, recorded > on:
			t.Fatalf("%s seq %d: effective %s, recorded %s, today %s", r.id, e.Seq, e.EffectiveOn, recorded, on)
		case i > 0 && !e.RecordedAt.After(r.entries[i-1].RecordedAt.Time):
			t.Fatalf("%s seq %d is not recorded after the one before", r.id, e.Seq)
		case e.Undoes >= e.Seq, (e.Action == schemas.ActUndo) != (e.Undoes > 0):
			t.Fatalf("%s seq %d undoes %d", r.id, e.Seq, e.Undoes)
		case len(e.Changes) == 0 && e.Action != schemas.ActUpdate:
			t.Fatalf("%s seq %d (%s) changes nothing", r.id, e.Seq, e.Action)
		}
	}
}

func TestCodesAndLengths(t *testing.T) {
	lists := map[string]map[string]bool{}
	for _, tax := range schemas.SeedTaxonomies() {
		lists[tax.ID] = map[string]bool{}
		for _, term := range tax.Terms {
			lists[tax.ID][term.ID] = true
		}
	}
	institutions := map[string]bool{}
	for _, in := range schemas.SeedInstitutions() {
		institutions[in.ID] = true
	}
	check := func(name string, catalogue schemas.Catalogue, all []filed) {
		for _, r := range all {
			for path, v := range r.leaves {
				field := catalogue.At(path)
				if field == nil {
					if !strings.HasPrefix(path, "attributes/") {
						t.Fatalf("%s: no field %s", name, path)
					}
					continue
				}
				tax := field.Taxonomy
				if tax == "stage" {
					tax = "stage-" + r.leaves["track"].(string)
				}
				for _, s := range texts(v) {
					switch {
					case field.Kind == schemas.Coded && !lists[tax][s]:
						t.Fatalf("%s: %s has no code %q", name, path, s)
					case field.Kind == schemas.Day && field.Class != schemas.K3 && !schemas.Date(s).Valid():
						t.Fatalf("%s: %s is no day: %q", name, path, s)
					case field.Name == "institution" && !institutions[s]:
						t.Fatalf("%s: no institution %q", name, s)
					case s == "" || strings.ContainsAny(s, "$") || strings.TrimSpace(s) != s:
						t.Fatalf("%s: %s is written %q", name, path, s)
					}
				}
			}
		}
	}
	for _, o := range []sample.Options{demo(1, today), sample.Bench(1, today, 500)} {
		check("talent", schemas.TalentCatalogue, talents(t, o))
		check("team", schemas.TeamCatalogue, teams(t, o))
		check("enterprise", schemas.EnterpriseCatalogue, firms(t, o))
		for p := range sample.Talents(o) {
			checkLengths(t, p.Fields)
		}
		for g := range sample.Teams(o) {
			checkLengths(t, g.Fields)
		}
		for f := range sample.Enterprises(o) {
			checkLengths(t, f.Fields)
			if _, err := text.ParseUSCC(f.Fields.CreditCode); err != nil {
				t.Errorf("%s: %v", f.Fields.CreditCode, err)
			}
		}
	}
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, texts(e)...)
		}
		return out
	}
	return nil
}

var limit = regexp.MustCompile(`max=(\d+)`)

// checkLengths holds texts and lists to the first max of their tags.
func checkLengths(t *testing.T, doc any) {
	t.Helper()
	v := reflect.ValueOf(doc)
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		own, each, _ := strings.Cut(v.Type().Field(i).Tag.Get("validate"), ",dive")
		switch {
		case f.Kind() == reflect.Struct:
			checkLengths(t, f.Interface())
		case f.Kind() == reflect.String:
			within(t, name, utf8.RuneCountInString(f.String()), own)
		case f.Kind() == reflect.Slice:
			within(t, name, f.Len(), own)
			for k := range f.Len() {
				if e := f.Index(k); e.Kind() == reflect.Struct {
					checkLengths(t, e.Interface())
				} else {
					within(t, name, utf8.RuneCountInString(e.String()), each)
				}
			}
		}
	}
}

func within(t *testing.T, name string, n int, tag string) {
	t.Helper()
	if m := limit.FindStringSubmatch(tag); m != nil {
		var most int
		fmt.Sscan(m[1], &most)
		if n > most {
			t.Errorf("%s is %d long, the most is %d", name, n, most)
		}
	}
}
