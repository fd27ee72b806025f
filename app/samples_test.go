package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/app/sample"
	"qunxian/schemas"
)

// TestDemoCity fills the demo: on its day it has the numbers that its pages
// promise, and each record is what its history says.
func TestDemoCity(t *testing.T) {
	for _, seed := range []uint64{1, 2, 2026} {
		o := openApp(t)
		if err := o.FillSample(bg, sample.Demo(seed, o.Today())); err != nil {
			t.Fatal(err)
		}
		if err := o.StartPeriod(bg, "示例市科学技术局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
			t.Fatal(err)
		}
		talents := must(o.CountTarget(bg, "talents-2026", CountQuestion{}))(t)
		teams := must(o.CountTarget(bg, "teams-2026", CountQuestion{}))(t)
		if talents.N < 31 || talents.N > 38 || teams.N < 24 || teams.N > 30 {
			t.Errorf("seed %d: %d talents and %d teams count, want 31 to 38 and 24 to 30", seed, talents.N, teams.N)
		}
		if l := must(o.ListTalents(bg, ListQuery{Where: map[string][]string{"tags": {sample.Tag}}, Facets: []string{"tags"}}))(t); l.Total < 290 {
			t.Errorf("seed %d: %d talents are marked %s", seed, l.Total, sample.Tag)
		}
		if seed != 1 {
			continue
		}
		for i, id := range o.allIDs(schemas.Talents) {
			o.checkReplay(id)
			if i%30 == 0 {
				o.checkSpans(id)
			}
		}
		again := openApp(t)
		if err := again.FillSample(bg, sample.Demo(seed, o.Today())); err != nil {
			t.Fatal(err)
		}
		for _, q := range []ListQuery{{Sort: "name", Limit: 200}, {Q: "换热", Limit: 200}} {
			if diff := cmp.Diff(o.found(bg, q), again.found(bg, q)); diff != "" {
				t.Errorf("the same seed gives another city:\n%s", diff)
			}
		}
	}
}
