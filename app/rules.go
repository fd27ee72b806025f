package app

import (
	"context"

	"qunxian/app/progress"
	"qunxian/schemas"
)

// ListRules returns every counting rule.
func (a *App) ListRules(context.Context) ([]*schemas.Rule, error) { return a.rules.cached.all(), nil }

// GetRule returns one counting rule.
func (a *App) GetRule(ctx context.Context, id string) (*schemas.Rule, error) {
	return a.rules.get(ctx, id)
}

// RuleHistory returns the entries of a counting rule.
func (a *App) RuleHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.rules.shown(ctx, id)
}

// ruleAt is a rule as it stood on a day, as known at an instant.
func (a *App) ruleAt(ctx context.Context, id string, at When) (*schemas.Rule, error) {
	r := a.rules.cached.get(id)
	if r == nil {
		return nil, invalid("rule", "ref", schemas.Rules)
	}
	if r.Version == 1 {
		return r, nil
	}
	return a.rules.asOf(ctx, id, at.AsOf, at.KnownAt)
}

// termsAt are the flags of the taxonomies as they stood on a day.
func (a *App) termsAt(ctx context.Context, at When) *progress.Terms {
	var all []schemas.Taxonomy
	for _, t := range a.taxonomies.cached.all() {
		if t.Version > 1 {
			if then, err := a.taxonomies.asOf(ctx, t.ID, at.AsOf, at.KnownAt); err == nil {
				t = then
			}
		}
		all = append(all, *t)
	}
	return progress.TermsOf(all)
}
