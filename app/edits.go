package app

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/store"
)

// update edits a document if version is still the stored one (0: whichever it
// is), and appends one entry. An edit that changes nothing writes nothing. A
// late edit is made on the document as it was on that day.
func (d *documents[T, P]) update(ctx context.Context, id string, version int64, how How, edit func(P) error) (P, error) {
	defer d.enter()()
	stored, rec, err := d.read(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.app.maySee(ctx, d.shape.coll, stored); err != nil {
		return nil, err
	}
	if again, ok := d.repeated(ctx, id, how.OpID); ok {
		return again, nil
	}
	if version != 0 && stored.DocMeta().Version != version {
		return nil, &schemas.Error{Code: schemas.Precondition, Message: "error.changed", Version: stored.DocMeta().Version}
	}
	on, err := d.day(how.On)
	if err != nil {
		return nil, err
	}
	before, err := schemas.FlattenJSON(rec.Body)
	if err != nil {
		return nil, err
	}
	seq := stored.DocMeta().Version + 1
	entry := d.entry(ctx, seq, on, how, schemas.ActUpdate)

	var entries []schemas.Entry
	var doc P
	from := before
	late := on < schemas.DateOf(d.app.Now())
	if late {
		if entries, err = d.history(ctx, id); err != nil {
			return nil, err
		}
		from = progress.Replay(entries, on, entry.RecordedAt)
	}
	if doc, err = d.build(from, stored); err != nil {
		return nil, err
	}
	if late { // what tidying would set anyway is no part of the edit
		keepTrack(doc, stored)
		if err := d.tidy(ctx, doc, stored); err != nil {
			return nil, err
		}
		if from, err = schemas.Flatten(doc); err != nil {
			return nil, err
		}
	}
	if err := edit(doc); err != nil {
		return nil, err
	}
	if err := d.tidy(ctx, doc, stored); err != nil {
		return nil, err
	}
	if !late { // as it was on an earlier day a document may lack what it must have today
		if err := d.app.check(ctx, doc); err != nil {
			return nil, err
		}
	}
	to, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	entry.Changes = d.changes(from, to)
	if len(entry.Changes) == 0 && d.sameSilent(stored, doc) {
		return stored, nil
	}
	if err := d.codesLive(entry.Changes); err != nil {
		return nil, err
	}
	if late {
		entries = append(entries, entry)
		if doc, err = d.settle(entries, stored); err != nil {
			return nil, err
		}
		if err := d.app.check(ctx, doc); err != nil {
			return nil, err
		}
	} else if d.touchesFacts(entry.Changes) || d.legal != nil && changes(entry.Changes, "stage") {
		if entries, err = d.history(ctx, id); err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	if d.legal != nil && changes(entry.Changes, "stage") {
		if err := d.legal(doc, entries); err != nil {
			return nil, err
		}
	}
	w := &written[T, P]{doc: doc, entries: []schemas.Entry{entry}}
	return d.store(ctx, w, stored, rec, before, entries)
}

// undo appends an entry after which replay skips the entry with this seq; what
// was entered with it for another day is undone too.
func (d *documents[T, P]) undo(ctx context.Context, id string, version, seq int64, how How) (P, error) {
	entries, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	doc, err := d.undoOne(ctx, id, version, seq, how)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(entries, func(e schemas.Entry) bool { return e.Seq == seq+1 && e.Details[carried] != "" })
	if i < 0 || !slices.ContainsFunc(entries, func(e schemas.Entry) bool {
		return e.Seq == seq && string(e.EffectiveOn) == entries[i].Details[carried]
	}) || progress.Undone(entries, seq+1) {
		return doc, nil
	}
	how.OpID = ""
	return d.undoOne(ctx, id, doc.DocMeta().Version, seq+1, how)
}

func (d *documents[T, P]) undoOne(ctx context.Context, id string, version, seq int64, how How) (P, error) {
	defer d.enter()()
	stored, rec, err := d.read(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.app.maySee(ctx, d.shape.coll, stored); err != nil {
		return nil, err
	}
	if again, ok := d.repeated(ctx, id, how.OpID); ok {
		return again, nil
	}
	if version != 0 && stored.DocMeta().Version != version {
		return nil, &schemas.Error{Code: schemas.Precondition, Message: "error.changed", Version: stored.DocMeta().Version}
	}
	entries, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	if seq <= 1 || !slices.ContainsFunc(entries, func(e schemas.Entry) bool { return e.Seq == seq }) {
		return nil, invalid("seq", "entry", "")
	}
	if progress.Undone(entries, seq) {
		return nil, &schemas.Error{Code: schemas.Conflict, Message: "error.undone", Fields: []schemas.FieldError{{Field: "seq", Rule: "undone"}}}
	}
	before, err := schemas.FlattenJSON(rec.Body)
	if err != nil {
		return nil, err
	}
	entry := d.entry(ctx, stored.DocMeta().Version+1, schemas.DateOf(d.app.Now()), how, schemas.ActUndo)
	entry.Action, entry.Undoes = schemas.ActUndo, seq
	entries = append(entries, entry)
	doc, err := d.settle(entries, stored)
	if err != nil {
		return nil, err
	}
	to, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	entry.Changes = d.changes(before, to)
	entries[len(entries)-1] = entry
	if err := d.app.check(ctx, doc); err != nil {
		return nil, err
	}
	if d.legal != nil {
		if err := d.legal(doc, entries); err != nil {
			return nil, err
		}
	}
	w := &written[T, P]{doc: doc, entries: []schemas.Entry{entry}}
	return d.store(ctx, w, stored, rec, before, entries)
}

// settle is the document as its whole history says it is today.
func (d *documents[T, P]) settle(entries []schemas.Entry, like P) (P, error) {
	last := entries[len(entries)-1]
	return d.build(progress.Replay(entries, schemas.DateOf(d.app.Now()), last.RecordedAt), like)
}

// build makes a document of leaves, with the Meta and the derived and silent
// fields of like.
func (d *documents[T, P]) build(leaves schemas.Leaves, like P) (P, error) {
	all := schemas.Leaves{}
	for p, v := range leaves {
		all[p] = v
	}
	have, err := schemas.Flatten(like)
	if err != nil {
		return nil, err
	}
	for p, v := range have {
		if r := d.shape.row(p); d.silent[p] || r != nil && r.Derived {
			all[p] = v
		}
	}
	doc := P(new(T))
	if err := schemas.Unflatten(all, doc); err != nil {
		return nil, err
	}
	*doc.DocMeta() = *like.DocMeta()
	return doc, nil
}

// store writes an edited document.
func (d *documents[T, P]) store(ctx context.Context, w *written[T, P], stored P, rec store.Record, before schemas.Leaves, entries []schemas.Entry) (P, error) {
	entry := w.entries[0]
	m := w.doc.DocMeta()
	*m = *stored.DocMeta()
	m.Version++
	m.UpdatedAt, m.UpdatedBy = entry.RecordedAt, entry.Actor
	if changes(entry.Changes, "stage") {
		since(w.doc, entries)
	}
	if err := d.app.mayWrite(ctx, d.shape.coll, w.doc); err != nil {
		return nil, err
	}
	leaves, err := schemas.Flatten(w.doc)
	if err != nil {
		return nil, err
	}
	if err := d.pack(w, leaves, entries, &rec, d.touchesText(before, leaves)); err != nil {
		return nil, err
	}
	if err := d.app.store.Update(ctx, d.shape.coll, m.Version-1, w.rec); err != nil {
		if again, ok := d.repeated(ctx, m.ID, entry.OpID); ok {
			return again, nil
		}
		return nil, d.taken(ctx, err, w)
	}
	d.feed(w)
	return w.doc, nil
}

// repeated is the document if the operation was applied before.
func (d *documents[T, P]) repeated(ctx context.Context, id, opID string) (P, bool) {
	if opID == "" {
		return nil, false
	}
	entries, err := d.history(ctx, id)
	if err != nil || !slices.ContainsFunc(entries, func(e schemas.Entry) bool { return e.OpID == opID }) {
		return nil, false
	}
	doc, err := d.get(ctx, id)
	return doc, err == nil
}

func (d *documents[T, P]) entry(ctx context.Context, seq int64, on schemas.Date, how How, action string) schemas.Entry {
	if how.Action != "" {
		action = how.Action
	}
	return schemas.Entry{
		Seq: seq, RecordedAt: d.app.now(), EffectiveOn: on, Actor: actorName(ctx), Action: action,
		Reason: how.Reason, OpID: how.OpID, Details: how.Details,
	}
}

// day is the business day of a change: today where none is said, and never
// after today.
func (d *documents[T, P]) day(on schemas.Date) (schemas.Date, error) {
	today := schemas.DateOf(d.app.Now())
	switch {
	case on == "":
		return today, nil
	case !on.Valid():
		return "", invalid("effectiveOn", "day", "")
	case on > today:
		return "", invalid("effectiveOn", "future", string(today))
	}
	return on, nil
}

// changes are the differences that history keeps.
func (d *documents[T, P]) changes(from, to schemas.Leaves) []schemas.Change {
	return slices.DeleteFunc(schemas.Diff(from, to), func(c schemas.Change) bool {
		r := d.shape.row(c.Path)
		return d.silent[c.Path] || r != nil && r.Derived
	})
}

// sameSilent reports whether the fields that history does not hold are equal.
func (d *documents[T, P]) sameSilent(a, b P) bool {
	if len(d.silent) == 0 {
		return true
	}
	x, errX := schemas.Flatten(a)
	y, errY := schemas.Flatten(b)
	for p := range d.silent {
		if !reflect.DeepEqual(x[p], y[p]) {
			return false
		}
	}
	return errX == nil && errY == nil
}

// codesLive refuses codes and custom fields that are retired; what a document already has stays.
func (d *documents[T, P]) codesLive(cs []schemas.Change) error {
	for _, c := range cs {
		if key, ok := strings.CutPrefix(c.Path, "attributes/"); ok && c.From == nil {
			if f := d.app.fieldDef(d.shape.coll, key); f != nil && f.Retired {
				return invalid(c.Path, "retired", key)
			}
		}
		r := d.shape.row(c.Path)
		if r == nil || r.Kind != schemas.Coded || c.To == nil {
			continue
		}
		had := texts(c.From)
		for _, code := range texts(c.To) {
			if !slices.Contains(had, code) && d.app.retired(r.Taxonomy, code) {
				return invalid(c.Path, "retired", code)
			}
		}
	}
	return nil
}

func (d *documents[T, P]) touchesFacts(cs []schemas.Change) bool {
	return slices.ContainsFunc(cs, func(c schemas.Change) bool {
		r := d.shape.row(c.Path)
		return r != nil && r.Fact
	})
}

// touchesText reports whether any searched leaf differs.
func (d *documents[T, P]) touchesText(a, b schemas.Leaves) bool {
	return slices.ContainsFunc(schemas.Diff(a, b), func(c schemas.Change) bool {
		r := d.shape.row(c.Path)
		return r != nil && r.Search != schemas.NotSearched
	})
}

func changes(cs []schemas.Change, path string) bool {
	return slices.ContainsFunc(cs, func(c schemas.Change) bool { return c.Path == path })
}
