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
	on, err := d.day(how.On)
	if err != nil {
		return nil, err
	}
	how.On = on
	if on < d.app.Today() {
		return d.extend(ctx, id, version, how.Op, func(stored P, entries []schemas.Entry) ([]schemas.Entry, error) {
			return d.late(ctx, stored, entries, step[P]{how, edit})
		})
	}
	defer d.enter()()
	h, err := d.hold(ctx, id, version, how.Op)
	if err != nil || h.again != nil {
		return h.again, err
	}
	doc, err := d.build(h.before, h.stored)
	if err != nil {
		return nil, err
	}
	if err := edit(doc); err != nil {
		return nil, err
	}
	if d.keep != nil {
		if err := d.keep(ctx, h.stored, doc); err != nil {
			return nil, err
		}
	}
	if err := d.tidy(ctx, doc, h.stored); err != nil {
		return nil, err
	}
	if err := d.app.check(ctx, doc); err != nil {
		return nil, err
	}
	to, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	entry := d.entry(ctx, h.rec.Version+1, on, how, schemas.ActUpdate)
	entry.Changes = d.changes(h.before, to)
	if len(entry.Changes) == 0 && d.sameSilent(h.stored, doc) {
		return h.stored, nil
	}
	if err := d.codesLive(entry.Changes); err != nil {
		return nil, err
	}
	var entries []schemas.Entry
	moves := d.legal != nil && changes(entry.Changes, "stage")
	if moves || d.touchesFacts(entry.Changes) {
		if entries, err = d.history(ctx, id); err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	if moves {
		if err := d.legal(doc, entries); err != nil {
			return nil, err
		}
	}
	return d.store(ctx, &written[T, P]{doc: doc, entries: []schemas.Entry{entry}}, h, entries)
}

// extend appends the entries that more adds to a document's history, in one
// write, and makes of it the document that the whole replays to today. Where
// more adds none nothing is written.
func (d *documents[T, P]) extend(ctx context.Context, id string, version int64, op Op, more func(stored P, entries []schemas.Entry) ([]schemas.Entry, error)) (P, error) {
	defer d.enter()()
	h, err := d.hold(ctx, id, version, op)
	if err != nil || h.again != nil {
		return h.again, err
	}
	had, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	entries, err := more(h.stored, had)
	if err != nil {
		return nil, err
	}
	if len(entries) == len(had) {
		return h.stored, nil
	}
	doc, err := d.settle(entries, h.stored)
	if err != nil {
		return nil, err
	}
	if d.keep != nil {
		if err := d.keep(ctx, h.stored, doc); err != nil {
			return nil, err
		}
	}
	if d.lists == nil { // what names others within a small list is judged as a whole
		if err := d.clean(ctx, doc); err != nil {
			return nil, err
		}
	}
	if err := d.app.check(ctx, doc); err != nil {
		return nil, err
	}
	moves := func(e schemas.Entry) bool { return e.Action == schemas.ActUndo || changes(e.Changes, "stage") }
	if d.legal != nil && slices.ContainsFunc(entries[len(had):], moves) {
		if err := d.legal(doc, entries); err != nil {
			return nil, err
		}
	}
	return d.store(ctx, &written[T, P]{doc: doc, entries: entries[len(had):]}, h, entries)
}

// late appends the entry of an edit of an earlier day: it is made on the
// document as it was on that day, which may lack what it must have today.
func (d *documents[T, P]) late(ctx context.Context, stored P, entries []schemas.Entry, s step[P]) ([]schemas.Entry, error) {
	doc, err := d.build(progress.Replay(entries, s.On, d.app.now()), stored)
	if err != nil {
		return nil, err
	}
	keepTrack(doc, stored)
	if err := d.tidy(ctx, doc, stored); err != nil { // what tidying sets anyway is no part of the edit
		return nil, err
	}
	from, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	return d.edited(ctx, entries, doc, from, stored, s)
}

// undo appends an entry after which replay skips the entry with this seq; what
// was entered with it for another day is undone with it.
func (d *documents[T, P]) undo(ctx context.Context, id string, version, seq int64, how How) (P, error) {
	return d.extend(ctx, id, version, how.Op, func(stored P, entries []schemas.Entry) ([]schemas.Entry, error) {
		i := slices.IndexFunc(entries, func(e schemas.Entry) bool { return e.Seq == seq })
		if i < 1 {
			return nil, invalid("seq", "entry", "")
		}
		if progress.Undone(entries, seq) {
			return nil, &schemas.Error{Code: schemas.Conflict, Message: "error.undone", Fields: []schemas.FieldError{{Field: "seq", Rule: "undone"}}}
		}
		seqs := []int64{seq}
		for _, j := range []int{i - 1, i + 1} {
			if j < len(entries) && (carries(entries[i], entries[j]) || carries(entries[j], entries[i])) && !progress.Undone(entries, entries[j].Seq) {
				seqs = append(seqs, entries[j].Seq)
			}
		}
		before, err := schemas.Flatten(stored)
		if err != nil {
			return nil, err
		}
		for _, seq := range seqs {
			entry := d.entry(ctx, int64(len(entries))+1, d.app.Today(), how, schemas.ActUndo)
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
			entries[len(entries)-1].Changes = d.changes(before, to)
			before, how.Op = to, Op{}
		}
		return entries, nil
	})
}

// held is a document that an actor may change, as it is stored.
type held[P any] struct {
	stored P
	rec    store.Record
	before schemas.Leaves
	op     Op
	again  P // what the operation made of it when it came the first time
}

// hold reads a document to change it, if version is still the stored one (0:
// whichever it is).
func (d *documents[T, P]) hold(ctx context.Context, id string, version int64, op Op) (held[P], error) {
	h := held[P]{op: op}
	var err error
	if h.stored, h.rec, err = d.read(ctx, id); err != nil {
		return h, err
	}
	if err := d.app.maySee(ctx, d.shape.coll, h.stored); err != nil {
		return h, err
	}
	if h.again, err = d.repeated(ctx, id, op); h.again != nil || err != nil {
		return h, err
	}
	if now := h.stored.DocMeta().Version; version != 0 && now != version {
		return h, &schemas.Error{Code: schemas.Precondition, Message: "error.changed", Version: now}
	}
	h.before, err = schemas.FlattenJSON(h.rec.Body)
	return h, err
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

// store writes an edited document. History is the whole of it where the
// entries touch a fact or the stage.
func (d *documents[T, P]) store(ctx context.Context, w *written[T, P], h held[P], history []schemas.Entry) (P, error) {
	last := w.entries[len(w.entries)-1]
	m := w.doc.DocMeta()
	*m = *h.stored.DocMeta()
	m.Version += int64(len(w.entries))
	m.UpdatedAt, m.UpdatedBy = last.RecordedAt, last.Actor
	if history != nil {
		since(w.doc, history)
	}
	if err := d.app.mayWrite(ctx, d.shape.coll, w.doc); err != nil {
		return nil, err
	}
	leaves, err := schemas.Flatten(w.doc)
	if err != nil {
		return nil, err
	}
	if err := d.pack(w, leaves, history, &h.rec, d.touchesText(h.before, leaves)); err != nil {
		return nil, err
	}
	if err := d.app.store.Update(ctx, d.shape.coll, h.stored.DocMeta().Version, w.rec); err != nil {
		if again, err := d.repeated(ctx, m.ID, h.op); again != nil || err != nil {
			return again, err
		}
		return nil, d.taken(ctx, err, w)
	}
	d.feed(w)
	return w.doc, nil
}

// repeated is the document if the operation was applied to it before, or nil.
func (d *documents[T, P]) repeated(ctx context.Context, id string, op Op) (P, error) {
	if op.ID == "" {
		return nil, nil
	}
	entries, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(entries, func(e schemas.Entry) bool { return e.OpID == op.ID })
	if i < 0 {
		return nil, nil
	}
	if entries[i].Sent != d.app.printOf(op) {
		return nil, &schemas.Error{Code: schemas.Conflict, Message: "error.key_reused", Fields: []schemas.FieldError{{Field: "Idempotency-Key", Rule: "reused"}}}
	}
	return d.get(ctx, id)
}

// printOf is a fingerprint of what an operation asks for, keyed: it stays in
// the history and must not give away what it is of.
func (a *App) printOf(op Op) string {
	if len(op.Sent) == 0 {
		return ""
	}
	return a.keys.Blind("operation", string(op.Sent))[:16]
}

func (d *documents[T, P]) entry(ctx context.Context, seq int64, on schemas.Date, how How, action string) schemas.Entry {
	if how.Action != "" {
		action = how.Action
	}
	return schemas.Entry{
		Seq: seq, RecordedAt: d.app.now(), EffectiveOn: on, Actor: actorName(ctx), Action: action,
		Reason: how.Reason, OpID: how.Op.ID, Sent: d.app.printOf(how.Op), Details: how.Details,
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
