package app

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/store"
)

// How says by whom, from when and why a document changes.
type How struct {
	On      schemas.Date // the business day; "" is today
	Reason  string
	OpID    string // makes a retry return the first result
	Action  string
	Details map[string]string
}

// documents is one noun's documents: the one way in which any of them is read
// and written.
type documents[T any, P schemas.Document[T]] struct {
	app   *App
	shape *shape
	// keeps says that history is kept.
	keeps bool
	// normalise tidies what a writer gave, and sets what follows from it. It
	// sees new K3 values plain, stored ones sealed.
	normalise func(context.Context, P) []schemas.FieldError
	// keys are the identity keys of a document, for duplicates and imports.
	keys func(P, *keyed)
	// legal checks a history after a late entry or an undo; nil where any is.
	legal func(doc P, entries []schemas.Entry) error
	// cached is the memory form of small collections; nil for large ones.
	cached *cache[T, P]
	// lists is the index of large collections; nil for small ones.
	lists *listing
	// silent are paths that history must not hold.
	silent map[string]bool
}

// get reads a document that the actor may see.
func (d *documents[T, P]) get(ctx context.Context, id string) (P, error) {
	doc, _, err := d.read(ctx, id)
	if err != nil {
		return nil, err
	}
	return doc, d.app.maySee(ctx, d.shape.coll, doc)
}

func (d *documents[T, P]) read(ctx context.Context, id string) (P, store.Record, error) {
	rec, err := d.app.store.Get(ctx, d.shape.coll, id, store.Body|store.Codes)
	if err != nil {
		return nil, rec, known(err)
	}
	doc := P(new(T))
	if err := json.Unmarshal(rec.Body, doc); err != nil {
		return nil, rec, fmt.Errorf("app: %s %s: %w", d.shape.coll, id, err)
	}
	return doc, rec, nil
}

// history returns a document's entries, oldest first.
func (d *documents[T, P]) history(ctx context.Context, id string) ([]schemas.Entry, error) {
	raw, err := d.app.store.History(ctx, d.shape.coll, id)
	if err != nil {
		return nil, known(err)
	}
	entries := make([]schemas.Entry, len(raw))
	for i := range raw {
		dec := json.NewDecoder(newReader(raw[i]))
		dec.UseNumber()
		if err := dec.Decode(&entries[i]); err != nil {
			return nil, fmt.Errorf("app: history of %s %s: %w", d.shape.coll, id, err)
		}
	}
	return entries, nil
}

// step is one more entry that a new document begins with, such as a dated
// move read from a spreadsheet.
type step[P any] struct {
	How
	edit func(P) error
}

// create stores a new document, its first entry and those of the steps.
func (d *documents[T, P]) create(ctx context.Context, doc P, how How, steps ...step[P]) (P, error) {
	defer d.enter()()
	w, err := d.prepareNew(ctx, doc, how, steps)
	if err != nil {
		return nil, err
	}
	if err := d.app.store.Insert(ctx, d.shape.coll, w.rec); err != nil {
		if first, ok := d.firstResult(ctx, how.OpID); ok {
			return first, nil
		}
		return nil, d.taken(err, w)
	}
	d.feed(w)
	return w.doc, nil
}

// fresh is a document to create.
type fresh[P any] struct {
	doc   P
	how   How
	steps []step[P]
}

// createMany stores new documents in one batch and returns one error each.
func (d *documents[T, P]) createMany(ctx context.Context, fs []fresh[P]) []error {
	defer d.enter()()
	errs := make([]error, len(fs))
	prepared := make([]*written[T, P], len(fs))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for n := range workers {
		group.Go(func() {
			for i := n; i < len(fs); i += workers {
				prepared[i], errs[i] = d.prepareNew(ctx, fs[i].doc, fs[i].how, fs[i].steps)
			}
		})
	}
	group.Wait()
	ws := make([]*written[T, P], 0, len(fs))
	at := make([]int, 0, len(fs))
	recs := make([]store.Record, 0, len(fs))
	for i, w := range prepared {
		if errs[i] == nil {
			ws, at, recs = append(ws, w), append(at, i), append(recs, w.rec)
		}
	}
	for j, err := range d.app.store.InsertMany(ctx, d.shape.coll, recs) {
		if err != nil {
			errs[at[j]] = d.taken(err, ws[j])
			continue
		}
		d.feed(ws[j])
	}
	return errs
}

// taken names the field whose value another document already has.
func (d *documents[T, P]) taken(err error, w *written[T, P]) error {
	e := known(err)
	if se, ok := e.(*schemas.Error); ok && se.Code == schemas.Conflict {
		if w.rec.Fields["idKey"] != nil {
			se.Fields = []schemas.FieldError{{Field: "idNumber", Rule: "unique"}}
		} else if w.rec.Fields["nameKey"] != nil {
			se.Fields = []schemas.FieldError{{Field: "name", Rule: "unique"}}
		}
	}
	return e
}

// firstResult is the document that an operation id made before.
func (d *documents[T, P]) firstResult(ctx context.Context, opID string) (P, bool) {
	if opID == "" {
		return nil, false
	}
	var id string
	err := d.app.store.Find(ctx, d.shape.coll, byOperation(opID),
		func(r store.Record) error { id = r.ID; return nil })
	if err != nil || id == "" {
		return nil, false
	}
	doc, err := d.get(ctx, id)
	return doc, err == nil
}

// written is one document on its way into the store.
type written[T any, P schemas.Document[T]] struct {
	doc     P
	rec     store.Record
	entries []schemas.Entry // those that this write appends
	leaves  schemas.Leaves
	derived derived
}

func (d *documents[T, P]) prepareNew(ctx context.Context, doc P, how How, steps []step[P]) (*written[T, P], error) {
	now := d.app.now()
	on, err := d.day(how.On)
	if err != nil {
		return nil, err
	}
	ownItems(reflect.ValueOf(doc).Elem())
	m := doc.DocMeta()
	if m.ID == "" {
		m.ID = d.app.newID()
	}
	m.Version = 1
	m.CreatedAt, m.UpdatedAt = now, now
	m.CreatedBy = actorName(ctx)
	m.UpdatedBy = m.CreatedBy
	if err := d.tidy(ctx, doc, nil); err != nil {
		return nil, err
	}
	if err := d.app.check(ctx, doc); err != nil {
		return nil, err
	}
	if err := d.app.mayWrite(ctx, d.shape.coll, doc); err != nil {
		return nil, err
	}
	leaves, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	entry := d.entry(ctx, 1, on, how, schemas.ActCreate)
	entry.Changes = d.changes(schemas.Leaves{}, leaves)
	if err := d.codesLive(entry.Changes); err != nil {
		return nil, err
	}
	entries := []schemas.Entry{entry}
	for _, s := range steps {
		if entries, err = d.step(ctx, doc, entries, s); err != nil {
			return nil, err
		}
	}
	if len(steps) > 0 {
		if doc, err = d.settle(entries, doc); err != nil {
			return nil, err
		}
		doc.DocMeta().Version = int64(len(entries))
		if err := d.app.check(ctx, doc); err != nil {
			return nil, err
		}
	}
	since(doc, entries)
	if d.legal != nil {
		if err := d.legal(doc, entries); err != nil {
			return nil, err
		}
	}
	if leaves, err = schemas.Flatten(doc); err != nil {
		return nil, err
	}
	w := &written[T, P]{doc: doc, entries: entries}
	return w, d.pack(w, leaves, entries, nil, true)
}

// step appends the entry of an edit that is made on the document as it was on
// the step's day.
func (d *documents[T, P]) step(ctx context.Context, like P, entries []schemas.Entry, s step[P]) ([]schemas.Entry, error) {
	on, err := d.day(s.On)
	if err != nil {
		return nil, err
	}
	entry := d.entry(ctx, int64(len(entries))+1, on, s.How, schemas.ActUpdate)
	from := progress.Replay(entries, on, entry.RecordedAt)
	doc, err := d.build(from, like)
	if err != nil {
		return nil, err
	}
	if err := s.edit(doc); err != nil {
		return nil, err
	}
	if err := d.tidy(ctx, doc, like); err != nil {
		return nil, err
	}
	to, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	if entry.Changes = d.changes(from, to); len(entry.Changes) == 0 {
		return entries, nil
	}
	return append(entries, entry), d.codesLive(entry.Changes)
}

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
	if version != 0 && stored.DocMeta().Version != version {
		if again, ok := d.repeated(ctx, id, how.OpID); ok {
			return again, nil
		}
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
	}) {
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
		return nil, d.taken(err, w)
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

// tidy cleans a document and seals what must be sealed.
func (d *documents[T, P]) tidy(ctx context.Context, doc, stored P) error {
	if d.shape.secret && stored != nil {
		d.unmask(doc, stored)
	}
	if err := d.clean(ctx, doc); err != nil {
		return err
	}
	if !d.shape.secret {
		return nil
	}
	return d.seal(doc, stored)
}

// clean tidies the strings, gives items their ids and normalises.
func (d *documents[T, P]) clean(ctx context.Context, doc P) error {
	if err := cleanStrings(doc); err != nil {
		return err
	}
	if twice := giveItemIDs(reflect.ValueOf(doc).Elem(), d.app.newID); len(twice) > 0 {
		return &schemas.Error{Code: schemas.Invalid, Message: "error.invalid", Fields: twice}
	}
	if d.normalise == nil {
		return nil
	}
	if broken := d.normalise(ctx, doc); len(broken) > 0 {
		return &schemas.Error{Code: schemas.Invalid, Message: "error.invalid", Fields: broken}
	}
	return nil
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
