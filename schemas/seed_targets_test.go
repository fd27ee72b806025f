package schemas

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestSeedTargets(t *testing.T) {
	targets := SeedTargets()
	if len(targets) != 18 {
		t.Errorf("%d targets, want 18", len(targets))
	}
	rules, taxonomies, ids := map[string]Rule{}, map[string]Taxonomy{}, map[string]bool{}
	for _, r := range SeedRules() {
		rules[r.ID] = r
	}
	for _, x := range SeedTaxonomies() {
		taxonomies[x.ID] = x
	}
	for _, target := range targets {
		ids[target.ID] = true
	}
	for _, target := range append(targets, RunningTargets(RunningFrom, RunningTo, RunningGoal, RunningGoal)...) {
		if target.Collection != "" && rules[target.RuleID].Collection != target.Collection {
			t.Errorf("%s: rule %q does not count %s", target.ID, target.RuleID, target.Collection)
		}
		if target.SubsetOf != "" && !ids[target.SubsetOf] {
			t.Errorf("%s is a part of %q, which is no target", target.ID, target.SubsetOf)
		}
		if target.Responsible != "" {
			t.Errorf("%s names a 责任单位, which the plan does not", target.ID)
		}
		var sum float64
		for _, s := range target.Breakdown {
			sum += s.Value
			list := taxonomies[s.Taxonomy]
			if list.Term(s.Code) == nil {
				t.Errorf("%s: no code %s in %s", target.ID, s.Code, s.Taxonomy)
			}
		}
		if len(target.Breakdown) > 0 && sum != target.Goals[0].Value {
			t.Errorf("%s: the parts add up to %v, not %v", target.ID, sum, target.Goals[0].Value)
		}
	}
	split := map[string]float64{"plan-sme": 100, "plan-high-tech": 70, "plan-champion": 10}
	for _, target := range targets {
		if goal, ok := split[target.ID]; ok != (len(target.Breakdown) == 8) || ok && goal != target.Goals[0].Value {
			t.Errorf("%s: %d parts of %v", target.ID, len(target.Breakdown), target.Goals[0].Value)
		}
	}
	for _, r := range rules {
		if !r.Presumed {
			t.Errorf("rule %s is not marked 推定", r.ID)
		}
	}
}

func TestRunningTargets(t *testing.T) {
	got := RunningTargets("2027-01-01", "2028-12-31", 30, 20)
	if len(got) != 2 || got[0].ID != "talents-2027" || got[1].ID != "teams-2027" {
		t.Fatalf("targets %+v", got)
	}
	for i, goal := range []float64{30, 20} {
		if g := got[i].Goals[0]; g.Value != goal || g.Deadline != "2028-12-31" || g.EffectiveFrom != "2027-01-01" || got[i].From != "2027-01-01" || !got[i].Headline {
			t.Errorf("%s: %+v", got[i].ID, got[i])
		}
	}
}

// Each sentence that is quoted stands in the plan, and so does the baseline's.
func TestSeedSentences(t *testing.T) {
	text := planText(t)
	for _, target := range SeedTargets() {
		for _, sentence := range []string{target.Source, target.BaselineSource} {
			if !strings.Contains(text, squeezed(sentence)) {
				t.Errorf("%s: the plan does not say %q", target.ID, sentence)
			}
		}
		if target.Source == "" || target.Baseline != nil && target.BaselineSource == "" {
			t.Errorf("%s has no source", target.ID)
		}
	}
}

// Rules and targets live as leaves like every document.
func TestRulesAndTargetsLieFlat(t *testing.T) {
	for _, r := range SeedRules() {
		leaves, err := Flatten(&r)
		if err != nil {
			t.Fatal(err)
		}
		var back Rule
		if err := Unflatten(leaves, &back); err != nil {
			t.Fatal(err)
		}
		again, err := Flatten(&back)
		if err != nil || len(Diff(leaves, again)) > 0 || !slices.EqualFunc(r.Counts, back.Counts, func(a, b Clause) bool { return a.ID == b.ID }) {
			t.Errorf("%s does not come back: %v %v", r.ID, err, Diff(leaves, again))
		}
	}
	for _, target := range SeedTargets() {
		leaves, err := Flatten(&target)
		if err != nil {
			t.Fatal(err)
		}
		var back Target
		if err := Unflatten(leaves, &back); err != nil {
			t.Fatal(err)
		}
		if again, err := Flatten(&back); err != nil || len(Diff(leaves, again)) > 0 {
			t.Errorf("%s does not come back: %v %v", target.ID, err, Diff(leaves, again))
		}
	}
}

func TestConflicts(t *testing.T) {
	target := TargetFields{
		From: "2026-01-01", To: "2025-12-31",
		Goals:      []GoalVersion{{EffectiveFrom: "2026-02-01", Deadline: "2026-01-31"}, {EffectiveFrom: "2025-01-01", Deadline: "2026-01-01"}},
		Milestones: []Milestone{{On: "2027-01-01"}},
	}
	var got []string
	for _, f := range target.Conflicts() {
		got = append(got, f.Field+" "+f.Rule)
	}
	want := []string{"to notbefore", "goals/0/deadline notbefore", "goals/1/deadline after", "milestones/0/on period"}
	if !slices.Equal(got, want) {
		t.Errorf("conflicts %v, want %v", got, want)
	}
}

// planText is the plan without spaces, from the folder of references beside
// the checkout.
func planText(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	b, err := os.ReadFile(filepath.Join(dir, "..", "shared", "plan.txt"))
	if err != nil {
		t.Skip("the text of the plan is not beside the checkout: ", err)
	}
	return squeezed(string(b))
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
