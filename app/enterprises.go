package app

import (
	"context"

	"qunxian/app/text"
	"qunxian/schemas"
)

// ListEnterprises returns one page of the enterprises in scope.
func (a *App) ListEnterprises(ctx context.Context, q ListQuery) (*List, error) {
	return a.enterprises.list(ctx, q)
}

// GetEnterprise returns an enterprise with its contacts masked.
func (a *App) GetEnterprise(ctx context.Context, id string) (*schemas.Enterprise, error) {
	e, err := a.enterprises.get(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.enterprises.mask(e)
}

// CreateEnterprise registers a firm.
func (a *App) CreateEnterprise(ctx context.Context, f schemas.EnterpriseFields, how How) (*schemas.Enterprise, error) {
	e, err := a.enterprises.create(ctx, &schemas.Enterprise{EnterpriseFields: f}, how)
	if err != nil {
		return nil, err
	}
	return a.enterprises.mask(e)
}

// UpdateEnterprise edits a firm if its version is still the one the caller read.
func (a *App) UpdateEnterprise(ctx context.Context, id string, version int64, how How, edit func(*schemas.EnterpriseFields) error) (*schemas.Enterprise, error) {
	e, err := a.enterprises.update(ctx, id, version, how, func(e *schemas.Enterprise) error { return edit(&e.EnterpriseFields) })
	if err != nil {
		return nil, err
	}
	return a.enterprises.mask(e)
}

// ArchiveEnterprise takes a firm out of lists and counts from a day on, or
// with restore brings it back.
func (a *App) ArchiveEnterprise(ctx context.Context, id string, version int64, restore bool, how How) (*schemas.Enterprise, error) {
	e, err := archive(ctx, a.enterprises, id, version, restore, how)
	if err != nil {
		return nil, err
	}
	return a.enterprises.mask(e)
}

// UndoEnterprise undoes one entry of a firm's history.
func (a *App) UndoEnterprise(ctx context.Context, id string, version, seq int64, how How) (*schemas.Enterprise, error) {
	e, err := a.enterprises.undo(ctx, id, version, seq, how)
	if err != nil {
		return nil, err
	}
	return a.enterprises.mask(e)
}

// EnterpriseHistory returns the entries of a firm, oldest first.
func (a *App) EnterpriseHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.enterprises.shown(ctx, id)
}

func (a *App) normaliseEnterprise(ctx context.Context, e *schemas.Enterprise) []schemas.FieldError {
	if code, err := text.ParseUSCC(e.CreditCode); err == nil {
		e.CreditCode = code
	}
	a.placeRecord(ctx, &e.Region, &e.Unit, schemas.Employer{})
	return append(normaliseContacts(e.Contacts), a.checkAttributes(schemas.Enterprises, e.Attributes)...)
}

func (a *App) enterpriseKeys(e *schemas.Enterprise, k *keyed) {
	if e.MergedInto != "" {
		return
	}
	if e.CreditCode != "" && e.ArchivedOn == "" {
		k.name = e.CreditCode
	}
	k.nameAt(e.Name, "")
	for _, alias := range e.Aliases {
		k.nameAt(alias, "")
	}
}
