package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"qunxian/schemas"
	"qunxian/store"
)

// Exported is one document as a line of JSON: the way out and the way back.
// Sealed values stay sealed, so a file is worth something only with its keyring.
type Exported struct {
	Collection string            `json:"collection"`
	ID         string            `json:"id"`
	Version    int64             `json:"version"`
	Body       json.RawMessage   `json:"body"`
	History    []json.RawMessage `json:"history,omitempty"`
}

// notExported are collections that a copy makes itself, or must not carry.
func notExported(c store.Collection) bool {
	return c.Name == schemas.Sessions || c.Name == keyringColl || bytes.HasSuffix([]byte(c.Name), []byte(termsColl))
}

// Export writes every document with its history, one line each, after a line
// that tells with which keyring they are sealed.
func (a *App) Export(ctx context.Context, w io.Writer) (int, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	n := 0
	canary, err := a.store.Get(ctx, keyringColl, canaryID, store.Body)
	if err != nil {
		return n, known(err)
	}
	if err := enc.Encode(Exported{Collection: keyringColl, ID: canaryID, Version: canary.Version, Body: canary.Body}); err != nil {
		return n, err
	}
	for _, c := range Collections {
		if notExported(c) {
			continue
		}
		var ids []string
		if err := a.whole(ctx, c.Name, 0, func(r store.Record) error { ids = append(ids, r.ID); return nil }); err != nil {
			return n, err
		}
		for _, id := range ids {
			r, err := a.store.Get(ctx, c.Name, id, store.Body)
			if errors.Is(err, store.ErrNotFound) {
				continue
			} else if err != nil {
				return n, err
			}
			h, err := a.store.History(ctx, c.Name, id)
			if err != nil {
				return n, err
			}
			if err := enc.Encode(Exported{c.Name, id, r.Version, r.Body, h}); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, out.Flush()
}

// Restore reads what Export wrote: documents that are not here are added with
// their whole history, those that are here and equal stay, those that differ
// are refused. Reading a file twice adds nothing. What another keyring has
// sealed could never be read again: such a file is an error.
func (a *App) Restore(ctx context.Context, r io.Reader) (schemas.Tally, []schemas.RowResult, error) {
	var t schemas.Tally
	var refused []schemas.RowResult
	in := bufio.NewReaderSize(r, 1<<20)
	for line := 1; ; line++ {
		b, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(b)) > 0 {
			ours, mark := a.sealedByUs(b)
			if mark && !ours {
				return t, refused, &schemas.Error{Code: schemas.Conflict, Message: "error.keyring"}
			} else if mark {
				continue
			}
			t.Rows++
			outcome, why := a.restoreLine(ctx, b)
			switch outcome {
			case "created":
				t.Created++
			case "unchanged":
				t.Unchanged++
			default:
				t.Refused++
				refused = append(refused, schemas.RowResult{ID: itoa(line), Row: line, Outcome: outcome, Reasons: []schemas.FieldError{why}})
			}
		}
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return t, refused, err
		}
	}
	return t, refused, nil
}

// sealedByUs reports whether a line is the one that tells of a keyring, and
// whether that is ours.
func (a *App) sealedByUs(line []byte) (ours, mark bool) {
	if !bytes.HasPrefix(line, []byte(`{"collection":"`+keyringColl+`"`)) {
		return false, false
	}
	var e Exported
	if err := json.Unmarshal(line, &e); err != nil {
		return false, true
	}
	sealed, err := canaryOf(e.Body)
	if err != nil {
		return false, true
	}
	text, err := a.keys.Open(keyringColl, canaryID, "text", sealed)
	return err == nil && text == canaryText, true
}

func (a *App) restoreLine(ctx context.Context, line []byte) (string, schemas.FieldError) {
	var e Exported
	if err := json.Unmarshal(line, &e); err != nil {
		return "refused", schemas.FieldError{Rule: "json", Param: err.Error()}
	}
	i := slices.IndexFunc(Collections, func(c store.Collection) bool { return c.Name == e.Collection && !notExported(c) })
	if i < 0 {
		return "refused", schemas.FieldError{Field: "collection", Rule: "oneof", Param: e.Collection}
	}
	have, err := a.store.Get(ctx, e.Collection, e.ID, store.Body)
	if err == nil {
		if have.Version == e.Version && sameJSON(have.Body, e.Body) {
			return "unchanged", schemas.FieldError{}
		}
		if have.Version > 1 || !a.seeded(e.Collection) {
			return "refused", schemas.FieldError{Field: "id", Rule: "exists", Param: e.ID}
		}
		if err := a.store.Delete(ctx, e.Collection, e.ID, have.Version); err != nil {
			return "refused", schemas.FieldError{Field: "id", Rule: "failed", Param: err.Error()}
		}
		a.packerOf(e.Collection).forget(e.ID)
	}
	if err := a.packerOf(e.Collection).restore(ctx, e); err != nil {
		return "refused", schemas.FieldError{Field: "id", Rule: "failed", Param: err.Error()}
	}
	return "created", schemas.FieldError{}
}

// seeded says that a new database has documents of the collection of its own,
// which a copy replaces as long as nobody has changed them.
func (a *App) seeded(coll string) bool {
	return slices.Contains([]string{schemas.Taxonomies, schemas.Institutions, schemas.Targets, schemas.Rules, schemas.Settings}, coll)
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

// packerOf is the documents of a collection.
func (a *App) packerOf(coll string) packer {
	all := a.all()
	return all[slices.IndexFunc(all, func(p packer) bool { return p.collection() == coll })]
}

// packer is any noun's documents, for what goes through all of them.
type packer interface {
	collection() string
	restore(context.Context, Exported) error
	forget(id string)
}

func (a *App) all() []packer {
	return []packer{a.talents, a.teams, a.enterprises, a.institutions, a.taxonomies, a.fields, a.targets, a.rules, a.users, a.sessions, a.apikeys, a.batches, a.settings}
}

func (d *documents[T, P]) collection() string { return d.shape.coll }

// restore stores an exported document with its history; cards, codes and
// fields are derived anew.
func (d *documents[T, P]) restore(ctx context.Context, e Exported) error {
	defer d.enter()()
	doc := P(new(T))
	if err := json.Unmarshal(e.Body, doc); err != nil {
		return err
	}
	doc.DocMeta().ID, doc.DocMeta().Version = e.ID, e.Version
	w := &written[T, P]{doc: doc}
	for _, raw := range e.History {
		var entry schemas.Entry
		dec := json.NewDecoder(newReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&entry); err != nil {
			return err
		}
		w.entries = append(w.entries, entry)
	}
	leaves, err := schemas.Flatten(doc)
	if err != nil {
		return err
	}
	if err := d.pack(w, leaves, w.entries, nil, true); err != nil {
		return err
	}
	if err := d.app.store.Insert(ctx, d.shape.coll, w.rec); err != nil {
		return err
	}
	d.feed(w)
	return nil
}

// forget drops a document of a small collection that its copy replaces.
func (d *documents[T, P]) forget(id string) {
	if d.cached != nil {
		d.cached.drop(id)
	}
}
