package app

import (
	"context"
	"encoding/json"
	"errors"
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
	Op      Op
	Action  string
	Details map[string]string
}

// Op names an operation, so that a retry of it returns the first result. Sent
// is what was asked for: another request under the same ID is refused.
type Op struct {
	ID   string
	Sent []byte
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
	// keep checks what must outlive any edit; nil where nothing must.
	keep func(ctx context.Context, was, doc P) error
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
		if first, err := d.firstResult(ctx, how.Op); first != nil || err != nil {
			return first, err
		}
		return nil, d.taken(ctx, err, w)
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

// freshBatch is new documents on their way: prepared, then stored, then fed to
// memory. While one is stored the next can be prepared.
type freshBatch[T any, P schemas.Document[T]] struct {
	written []*written[T, P] // nil where there is an error
	errs    []error
	leave   func()
}

// prepareMany prepares documents on all cores and begins a write that feedMany
// ends.
func (d *documents[T, P]) prepareMany(ctx context.Context, fs []fresh[P]) *freshBatch[T, P] {
	b := &freshBatch[T, P]{make([]*written[T, P], len(fs)), make([]error, len(fs)), d.enter()}
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for n := range workers {
		group.Go(func() {
			for i := n; i < len(fs); i += workers {
				b.errs[i] = guarded(func() (err error) {
					b.written[i], err = d.prepareNew(ctx, fs[i].doc, fs[i].how, fs[i].steps)
					return err
				})
			}
		})
	}
	group.Wait()
	return b
}

func (d *documents[T, P]) insertMany(ctx context.Context, b *freshBatch[T, P]) {
	at := make([]int, 0, len(b.errs))
	recs := make([]store.Record, 0, len(b.errs))
	for i, w := range b.written {
		if b.errs[i] == nil {
			at, recs = append(at, i), append(recs, w.rec)
		}
	}
	for j, err := range d.app.store.InsertMany(ctx, d.shape.coll, recs) {
		if err != nil {
			b.errs[at[j]] = d.taken(ctx, err, b.written[at[j]])
		}
	}
}

func (d *documents[T, P]) feedMany(b *freshBatch[T, P]) {
	defer b.leave()
	for i, w := range b.written {
		if b.errs[i] == nil {
			d.feed(w)
		}
	}
}

// taken names the field whose value another document already has.
func (d *documents[T, P]) taken(ctx context.Context, err error, w *written[T, P]) error {
	e := known(err)
	if se, ok := e.(*schemas.Error); ok && se.Code == schemas.Conflict {
		if w.rec.Fields["idKey"] != nil {
			se.Fields = []schemas.FieldError{{Field: "idNumber", Rule: "unique"}}
			if !d.seesKeys(ctx, w.rec) {
				se.Fields[0].Rule = "elsewhere" // and no word of who it is
			}
		} else if w.rec.Fields["nameKey"] != nil {
			se.Fields = []schemas.FieldError{{Field: "name", Rule: "unique"}}
			if d.shape.coll == schemas.FieldDefs {
				se.Fields[0].Field = "key"
			}
		}
	}
	return e
}

// seesKeys reports whether the actor may see those who have the identity keys
// of a record.
func (d *documents[T, P]) seesKeys(ctx context.Context, rec store.Record) bool {
	keys, _ := rec.Fields["keys"].([]string)
	for _, k := range keys {
		if !strings.HasPrefix(k, "id:") {
			continue
		}
		var ids []string
		err := d.app.store.Find(ctx, d.shape.coll, byKey(k), func(r store.Record) error { ids = append(ids, r.ID); return nil })
		for _, id := range ids {
			if _, unseen := d.get(ctx, id); unseen != nil {
				return false
			}
		}
		if err != nil {
			return false
		}
	}
	return true
}

// firstResult is the document that an operation made before, or nil.
func (d *documents[T, P]) firstResult(ctx context.Context, op Op) (P, error) {
	if op.ID == "" {
		return nil, nil
	}
	var id string
	if err := d.app.store.Find(ctx, d.shape.coll, byOperation(op.ID), func(r store.Record) error { id = r.ID; return nil }); err != nil {
		return nil, known(err)
	}
	if id == "" {
		return nil, nil
	}
	return d.repeated(ctx, id, op)
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

// after is a history with some more steps, if the document that it replays to
// may be so.
func (d *documents[T, P]) after(ctx context.Context, stored P, entries []schemas.Entry, steps []step[P]) ([]schemas.Entry, error) {
	var err error
	for _, s := range steps {
		if entries, err = d.step(ctx, stored, entries, s); err != nil {
			return nil, err
		}
	}
	doc, err := d.settle(entries, stored)
	if err != nil {
		return nil, err
	}
	if err := d.app.check(ctx, doc); err != nil {
		return nil, err
	}
	if d.legal != nil {
		return entries, d.legal(doc, entries)
	}
	return entries, nil
}

// step appends the entry of an edit that is made on the document as it was on
// the step's day.
func (d *documents[T, P]) step(ctx context.Context, like P, entries []schemas.Entry, s step[P]) ([]schemas.Entry, error) {
	on, err := d.day(s.On)
	if err != nil {
		return nil, err
	}
	s.On = on
	from := progress.Replay(entries, on, d.app.now())
	doc, err := d.build(from, like)
	if err != nil {
		return nil, err
	}
	return d.edited(ctx, entries, doc, from, like, s)
}

// edited appends the entry that a step makes of doc, whose leaves are from. A
// step that changes nothing appends none.
func (d *documents[T, P]) edited(ctx context.Context, entries []schemas.Entry, doc P, from schemas.Leaves, like P, s step[P]) ([]schemas.Entry, error) {
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
	entry := d.entry(ctx, int64(len(entries))+1, s.On, s.How, schemas.ActUpdate)
	if entry.Changes = d.changes(from, to); len(entry.Changes) == 0 {
		return entries, nil
	}
	return append(entries, entry), d.codesLive(entry.Changes)
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
	broken := d.normalise(ctx, doc)
	if len(broken) == 0 {
		return nil
	}
	// what the tags find is said with it, so that a writer sees all at once
	out := &schemas.Error{Code: schemas.Invalid, Message: "error.invalid"}
	if err := d.app.check(ctx, doc); err != nil && !errors.As(err, &out) {
		return err
	}
	for _, b := range broken {
		if !slices.ContainsFunc(out.Fields, func(f schemas.FieldError) bool { return f.Field == b.Field }) {
			out.Fields = append(out.Fields, b)
		}
	}
	return out
}
