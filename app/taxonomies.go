package app

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"qunxian/schemas"
)

// ListTaxonomies returns every list of codes.
func (a *App) ListTaxonomies(context.Context) ([]*schemas.Taxonomy, error) {
	return a.taxonomies.cached.all(), nil
}

// GetTaxonomy returns one list of codes.
func (a *App) GetTaxonomy(ctx context.Context, id string) (*schemas.Taxonomy, error) {
	return a.taxonomies.get(ctx, id)
}

// CreateTaxonomy adds a list of codes under its id.
func (a *App) CreateTaxonomy(ctx context.Context, id string, f schemas.TaxonomyFields, how How) (*schemas.Taxonomy, error) {
	if err := a.validate.VarCtx(ctx, id, "required,code"); err != nil {
		return nil, invalid("id", "code", "")
	}
	return a.taxonomies.create(ctx, &schemas.Taxonomy{Meta: schemas.Meta{ID: id}, TaxonomyFields: f}, how)
}

// UpdateTaxonomy edits a list of codes.
func (a *App) UpdateTaxonomy(ctx context.Context, id string, version int64, how How, edit func(*schemas.TaxonomyFields) error) (*schemas.Taxonomy, error) {
	return a.taxonomies.update(ctx, id, version, how, func(t *schemas.Taxonomy) error { return edit(&t.TaxonomyFields) })
}

// keepCodes holds that a code in use is not taken away: it can be retired, or
// mapped to another. The error's arguments are the term's name and its uses.
func (a *App) keepCodes(ctx context.Context, was, t *schemas.Taxonomy) error {
	for _, old := range was.Terms {
		if t.Term(old.ID) != nil {
			continue
		}
		records, err := a.codeInUse(ctx, t.ID, old.ID)
		if err != nil {
			return err
		}
		named := a.codeNamed(t.ID, old.ID)
		if n := cmp.Or(sumOf(records), sumOf(named)); n > 0 {
			return &schemas.Error{Code: schemas.Conflict, Message: "error.code_in_use", Args: []any{old.Name, append(records, named...)}, Fields: []schemas.FieldError{{Field: "terms/" + old.ID, Rule: "inuse", Param: itoa(n)}}}
		}
	}
	return nil
}

// normaliseTaxonomy puts the terms in their order and checks what they name.
func (a *App) normaliseTaxonomy(_ context.Context, t *schemas.Taxonomy) []schemas.FieldError {
	var broken []schemas.FieldError
	slices.SortStableFunc(t.Terms, func(x, y schemas.Term) int { return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.ID, y.ID)) })
	seen := map[string]bool{}
	for i, term := range t.Terms {
		at := "terms/" + itoa(i) + "/"
		if seen[term.ID] {
			broken = append(broken, schemas.FieldError{Field: at + "id", Rule: "unique"})
		}
		seen[term.ID] = true
		list := t
		if t.ID == schemas.TaxDirection { // a direction belongs to an industry
			list = a.taxonomies.cached.get(schemas.TaxIndustry)
		}
		if term.Parent != "" && list != nil && list.Term(term.Parent) == nil {
			broken = append(broken, schemas.FieldError{Field: at + "parent", Rule: "term", Param: list.ID})
		}
		if term.ReplacedBy != "" && t.Term(term.ReplacedBy) == nil {
			broken = append(broken, schemas.FieldError{Field: at + "replacedBy", Rule: "term", Param: t.ID})
		}
		for _, next := range term.Next {
			if t.Term(next) == nil {
				broken = append(broken, schemas.FieldError{Field: at + "next", Rule: "term", Param: t.ID})
			}
		}
	}
	for i, c := range t.Crosswalk { // rows to 未对应 have no To
		at := "crosswalk/" + itoa(i) + "/"
		if t.Term(c.From) == nil {
			broken = append(broken, schemas.FieldError{Field: at + "from", Rule: "term", Param: t.ID})
		}
		if other := a.taxonomies.cached.get(c.Taxonomy); c.To != "" && other != nil && other.Term(c.To) == nil {
			broken = append(broken, schemas.FieldError{Field: at + "to", Rule: "term", Param: c.Taxonomy})
		}
	}
	return broken
}

// TaxonomyHistory returns the entries of a list of codes.
func (a *App) TaxonomyHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.taxonomies.shown(ctx, id)
}

// UndoTaxonomy undoes one entry of the history.
func (a *App) UndoTaxonomy(ctx context.Context, id string, version, seq int64, how How) (*schemas.Taxonomy, error) {
	return a.taxonomies.undo(ctx, id, version, seq, how)
}

// match is the code that a text means in a taxonomy.
func (a *App) match(taxonomy, s string) (string, bool) {
	t := a.taxonomies.cached.get(taxonomy)
	if t == nil {
		return "", false
	}
	a.matchers.mu.Lock()
	m := a.matchers.of[taxonomy]
	if m.of != t {
		m = matcher{t, t.Matcher()}
		if a.matchers.of == nil {
			a.matchers.of = map[string]matcher{}
		}
		a.matchers.of[taxonomy] = m
	}
	a.matchers.mu.Unlock()
	return m.Match(s)
}

// matchers are made once for each version of a taxonomy.
type matchers struct {
	mu sync.Mutex
	of map[string]matcher
}

type matcher struct {
	of *schemas.Taxonomy
	*schemas.Matcher
}
