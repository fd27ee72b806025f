package app

import (
	"context"

	"qunxian/schemas"
)

// ListFieldDefs returns the custom fields of a collection, or of all for "".
func (a *App) ListFieldDefs(_ context.Context, coll string) ([]*schemas.FieldDef, error) {
	out := []*schemas.FieldDef{}
	for _, f := range a.fields.cached.all() {
		if coll == "" || f.Collection == coll {
			out = append(out, f)
		}
	}
	return out, nil
}

// GetFieldDef returns one field definition.
func (a *App) GetFieldDef(ctx context.Context, id string) (*schemas.FieldDef, error) {
	return a.fields.get(ctx, id)
}

// CreateFieldDef adds a custom field.
func (a *App) CreateFieldDef(ctx context.Context, f schemas.FieldDefFields, how How) (*schemas.FieldDef, error) {
	return a.fields.create(ctx, &schemas.FieldDef{FieldDefFields: f}, how)
}

// UpdateFieldDef edits a custom field.
func (a *App) UpdateFieldDef(ctx context.Context, id string, version int64, how How, edit func(*schemas.FieldDefFields) error) (*schemas.FieldDef, error) {
	return a.fields.update(ctx, id, version, how, func(f *schemas.FieldDef) error { return edit(&f.FieldDefFields) })
}

// keepMeaning holds that a field's collection, key and kind stay: what records
// hold under it must keep its meaning.
func (a *App) keepMeaning(_ context.Context, was, f *schemas.FieldDef) error {
	switch {
	case f.Collection != was.Collection:
		return invalid("collection", "fixed", "")
	case f.Key != was.Key:
		return invalid("key", "fixed", "")
	case f.Kind != was.Kind:
		return invalid("kind", "fixed", "")
	}
	return nil
}

// normaliseFieldDef holds that a choice field has choices, and bounds a room
// between them.
func (a *App) normaliseFieldDef(_ context.Context, f *schemas.FieldDef) []schemas.FieldError {
	var broken []schemas.FieldError
	if f.Kind == "choice" && len(f.Choices) == 0 {
		broken = append(broken, schemas.FieldError{Field: "choices", Rule: "required"})
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		broken = append(broken, schemas.FieldError{Field: "max", Rule: "min", Param: ftoa(*f.Min)})
	}
	return broken
}

// FieldDefHistory returns the entries of a field definition.
func (a *App) FieldDefHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.fields.shown(ctx, id)
}

// UndoFieldDef undoes one entry of the history.
func (a *App) UndoFieldDef(ctx context.Context, id string, version, seq int64, how How) (*schemas.FieldDef, error) {
	return a.fields.undo(ctx, id, version, seq, how)
}
