package app

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/storetest/databases"
)

// answers are what an office says of itself: lists, totals, facets, searches,
// counts and heat maps, as text.
func (o *office) answers() []string {
	o.t.Helper()
	var out []string
	add := func(what string, v any) { out = append(out, fmt.Sprintf("%s: %v", what, v)) }
	for _, c := range []struct {
		coll string
		list func(ListQuery) (*List, error)
	}{
		{schemas.Talents, func(q ListQuery) (*List, error) { return o.ListTalents(bg, q) }},
		{schemas.Teams, func(q ListQuery) (*List, error) { return o.ListTeams(bg, q) }},
		{schemas.Enterprises, func(q ListQuery) (*List, error) { return o.ListEnterprises(bg, q) }},
	} {
		for _, q := range []ListQuery{
			{},
			{Sort: "name"},
			{Archive: true},
			{Q: "换热"},
			{Q: "四平"},
			{Q: "li"},
			{Q: "zhang"},
			{Q: "研究 设备"},
			{Q: "重写"},
			{Where: map[string][]string{"region": {"tiedong", "lishu"}}},
		} {
			q.On, q.Limit, q.Facets = schemas.Staff, 200, []string{"region", "stage", "tier", "industry", "qualification", "tags"}
			l := must(c.list(q))(o.t)
			add(fmt.Sprint(c.coll, q.Q, q.Sort, q.Archive, q.Where), fmt.Sprint(l.Total, l.IDs, l.Facets, l.Hits, l.Next != ""))
			for _, card := range l.Cards {
				out = append(out, string(card))
			}
		}
		add(c.coll+" heat", must(o.HeatMap(bg, c.coll, "region", "industry"))(o.t))
	}
	for _, target := range must(o.ListTargets(bg, When{}))(o.t) {
		if !target.Target.Headline {
			continue
		}
		for _, day := range []schemas.Date{"", "2026-03-31"} {
			n := must(o.CountTarget(bg, target.Target.ID, CountQuestion{When: When{AsOf: day, KnownAt: schemas.At(o.Now())}, Limit: 200}))(o.t)
			add(target.Target.ID+string(day), fmt.Sprintf("%+v", n.N)+fmt.Sprint(n.Counted, n.Excluded, n.PerClause))
		}
	}
	return out
}

// TestRestart compares every answer before and after a restart, a kill, a fold
// in the middle, and a rebuild from the records' bodies and histories alone.
func TestRestart(t *testing.T) {
	o := demoCity(t)
	if err := o.StartPeriod(bg, "四平市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	same := func(when string, want, got []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-before +after):\n%s", when, diff[:min(len(diff), 3000)])
		}
	}
	rng := rand.New(rand.NewPCG(3, 5))
	ids := o.allIDs(schemas.Talents)
	change := func() {
		for range 40 {
			id := ids[rng.IntN(len(ids))]
			o.clock.advance(1e9)
			var err error
			switch rng.IntN(4) {
			case 0, 1:
				bio := fmt.Sprint("重写的简介：换热设备", rng.IntN(100))
				_, err = o.edit(id, How{}, func(f *schemas.TalentFields) {
					f.Bio, f.Source, f.Region = bio, "重写的来源", []string{"tiedong", "lishu", "tiexi"}[rng.IntN(3)]
				})
			case 2:
				_, err = o.edit(id, How{On: "2026-02-01"}, func(f *schemas.TalentFields) { f.Tier = []string{"municipal", "reserve"}[rng.IntN(2)] })
			case 3:
				_, err = o.ArchiveTalent(bg, id, 0, rng.IntN(2) == 0, How{})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	change()
	before := o.answers()
	if !strings.Contains(strings.Join(before, "\n"), "重写的来源") {
		t.Fatal("the answers do not show what was written")
	}
	same("after a kill", before, o.killed().answers())
	o.reopen()
	same("after a restart", before, o.answers())

	if err := o.Fold(bg); err != nil {
		t.Fatal(err)
	}
	same("after a fold", before, o.answers())
	same("killed after a fold", before, o.killed().answers())

	change()
	before = o.answers()
	same("killed between folds", before, o.killed().answers())
	if err := o.Fold(bg); err != nil {
		t.Fatal(err)
	}
	change()
	before = o.answers()
	o.reopen()
	same("restarted with texts that are not folded", before, o.answers())
	if err := o.Fold(bg); err != nil {
		t.Fatal(err)
	}
	o.reopen()
	same("folded and restarted", before, o.answers())

	same("rebuilt from bodies and histories", before, o.rebuilt().answers())
}

// rebuilt is an office whose records were made anew of nothing but the bodies
// and the histories of this one: cards, codes, spans and postings.
func (o *office) rebuilt() *office {
	o.t.Helper()
	r := &office{t: o.t, clock: o.clock, db: databases.New(o.t), ring: o.ring}
	r.open()
	o.t.Cleanup(func() { r.close() })
	for _, d := range []packer{r.talents, r.teams, r.enterprises} {
		for _, id := range o.allIDs(d.collection()) {
			rec := must(o.store.Get(bg, d.collection(), id, store.Body))(o.t)
			history := must(o.store.History(bg, d.collection(), id))(o.t)
			if err := d.restore(bg, Exported{d.collection(), id, rec.Version, rec.Body, history}); err != nil {
				o.t.Fatal(err)
			}
		}
	}
	if err := r.StartPeriod(bg, "四平市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		o.t.Fatal(err)
	}
	r.reopen()
	return r
}

// TestStartAgain seeds once: a second start writes nothing.
func TestStartAgain(t *testing.T) {
	o := openApp(t)
	versions := func() map[string]int64 {
		out := map[string]int64{}
		for _, c := range Collections {
			for _, id := range o.allIDs(c.Name) {
				out[c.Name+"/"+id] = must(o.store.Get(bg, c.Name, id, store.Body))(t).Version
			}
		}
		return out
	}
	first := versions()
	if len(first) < 50 {
		t.Fatalf("only %d seeded documents", len(first))
	}
	o.clock.advance(24 * 3600e9)
	o.reopen()
	if diff := cmp.Diff(first, versions()); diff != "" {
		t.Errorf("the second start wrote:\n%s", diff)
	}
}
