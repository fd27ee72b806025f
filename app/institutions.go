package app

import (
	"context"
	"sync"

	"qunxian/app/text"
	"qunxian/schemas"
)

// ListInstitutions returns every institution with its aliases.
func (a *App) ListInstitutions(context.Context) ([]*schemas.Institution, error) {
	return a.institutions.cached.all(), nil
}

// GetInstitution returns one institution.
func (a *App) GetInstitution(ctx context.Context, id string) (*schemas.Institution, error) {
	return a.institutions.get(ctx, id)
}

// CreateInstitution adds an institution.
func (a *App) CreateInstitution(ctx context.Context, f schemas.InstitutionFields, how How) (*schemas.Institution, error) {
	return a.institutions.create(ctx, &schemas.Institution{InstitutionFields: f}, how)
}

// UpdateInstitution edits an institution.
func (a *App) UpdateInstitution(ctx context.Context, id string, version int64, how How, edit func(*schemas.InstitutionFields) error) (*schemas.Institution, error) {
	return a.institutions.update(ctx, id, version, how, func(i *schemas.Institution) error { return edit(&i.InstitutionFields) })
}

// normaliseInstitution holds that an institution belongs to one that is there,
// and not to itself in the end.
func (a *App) normaliseInstitution(_ context.Context, i *schemas.Institution) []schemas.FieldError {
	seen := map[string]bool{i.ID: true}
	for at := i.Parent; at != ""; {
		above := a.institutions.cached.get(at)
		if above == nil || seen[at] {
			return []schemas.FieldError{{Field: "parent", Rule: "ref", Param: schemas.Institutions}}
		}
		seen[at], at = true, above.Parent
	}
	return nil
}

// InstitutionHistory returns the entries of an institution.
func (a *App) InstitutionHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.institutions.shown(ctx, id)
}

// UndoInstitution undoes one entry of the history.
func (a *App) UndoInstitution(ctx context.Context, id string, version, seq int64, how How) (*schemas.Institution, error) {
	return a.institutions.undo(ctx, id, version, seq, how)
}

// institutionNamed is the id of the institution that a name or alias means,
// or "".
func (a *App) institutionNamed(name string) string {
	a.named.mu.Lock()
	defer a.named.mu.Unlock()
	if at := a.institutions.cached.written(); a.named.byName == nil || a.named.at != at {
		a.named.at, a.named.byName = at, map[string]string{}
		for _, i := range a.institutions.cached.all() {
			for _, n := range append([]string{i.Name, i.NameEn}, i.Aliases...) {
				a.named.byName[squeeze(n)] = i.ID
			}
		}
		delete(a.named.byName, "")
	}
	return a.named.byName[squeeze(name)]
}

// institutionNames finds institutions by any of their names.
type institutionNames struct {
	mu     sync.Mutex
	at     int64 // the collection's writes when byName was made
	byName map[string]string
}

// aliasesOf are the names by which text of an organisation can be found: those
// of its institution.
func (a *App) aliasesOf(institution string) []string {
	i := a.institutions.cached.get(institution)
	if i == nil {
		return nil
	}
	out := []string{text.Clean(i.Name)}
	return append(out, i.Aliases...)
}
