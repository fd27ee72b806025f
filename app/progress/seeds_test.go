package progress

import (
	"regexp"
	"testing"

	"github.com/go-playground/validator/v10"

	"qunxian/schemas"
)

// The rules and targets that ship keep the rules of their own tags.
func TestSeedsAreValid(t *testing.T) {
	v := validator.New(validator.WithRequiredStructEnabled())
	code := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,38}$`)
	for name, ok := range map[string]func(string) bool{
		"code": code.MatchString, "day": func(s string) bool { return schemas.Date(s).Valid() },
	} {
		if err := v.RegisterValidation(name, func(f validator.FieldLevel) bool { return ok(f.Field().String()) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range schemas.SeedRules() {
		if err := v.Struct(&r); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	for _, target := range append(schemas.SeedTargets(), schemas.RunningTargets(schemas.RunningFrom, schemas.RunningTo, 50, 50)...) {
		if err := v.Struct(&target); err != nil {
			t.Errorf("%s: %v", target.ID, err)
		}
		if c := target.Conflicts(); len(c) > 0 {
			t.Errorf("%s: %v", target.ID, c)
		}
	}
	for name, broken := range map[string]any{
		"a kind of clause":        &schemas.Clause{ID: "x", Kind: "charm"},
		"codes without a field":   &schemas.Clause{ID: "x", Kind: schemas.ClauseCodes},
		"leading without a list":  &schemas.Clause{ID: "x", Kind: schemas.ClauseLeading, Field: "tier"},
		"held without values":     &schemas.Clause{ID: "x", Kind: schemas.ClauseHeld, Field: "qualification"},
		"service without a bound": &schemas.Clause{ID: "x", Kind: schemas.ClauseService},
		"unique without a field":  &schemas.Clause{ID: "x", Kind: schemas.ClauseUnique},
		"a comparator":            &schemas.TargetFields{Name: "n", Unit: "u", Comparator: "<", Kind: schemas.Stock, From: "2026-01-01", To: "2026-12-31", Goals: []schemas.GoalVersion{{Deadline: "2026-12-31", EffectiveFrom: "2026-01-01"}}},
		"a collection, no rule":   &schemas.TargetFields{Name: "n", Unit: "u", Comparator: ">", Kind: schemas.Stock, From: "2026-01-01", To: "2026-12-31", Collection: schemas.Talents, Goals: []schemas.GoalVersion{{Deadline: "2026-12-31", EffectiveFrom: "2026-01-01"}}},
	} {
		if v.Struct(broken) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// The shipped rules count with the shipped taxonomies: the codes agree.
func TestSeedRulesMeetSeedTaxonomies(t *testing.T) {
	terms := TermsOf(schemas.SeedTaxonomies())
	for _, c := range []struct {
		rule  string
		facts []string
	}{
		{schemas.RuleTalentsCurrent, []string{"tier=municipal", "track=recruit", "stage=onboarded"}},
		{schemas.RuleTalentsCurrent, []string{"tier=top", "track=recruit", "mode=flexible", "stage=signed"}},
		{schemas.RuleTalentsCurrent, []string{"tier=provincial", "track=cultivate", "stage=assessed"}},
		{schemas.RuleTeamsCurrent, []string{"tier=national", "track=cultivate", "stage=cultivating"}},
		{"enterprises-sme", []string{"qualification/a=tech-sme"}},
		{"enterprises-champion", []string{"qualification/a=innovation-leader"}},
		{"enterprises-zone", []string{"qualification/a=high-tech", "region=siping-zone"}},
	} {
		q := Query{Parts: []Part{{seedRule(t, c.rule), []RecordFacts{{"x", facts(t, c.facts...)}}}}, Terms: terms, Period: year26, AsOf: "2026-05-01"}
		if got := Count(q); got.N != 1 {
			t.Errorf("%s does not count %v: %v", c.rule, c.facts, got.Excluded)
		}
	}
}
