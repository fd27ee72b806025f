package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"qunxian/app/progress"
	"qunxian/app/sheets"
	"qunxian/schemas"
	"qunxian/store"
)

// row reads one row, finds whom it speaks of, and settles its outcome.
func (r *importRun[T, P]) row(ctx context.Context, file, by string, on schemas.Date, sheet *ImportedSheet, columns map[string]importColumn[P], cells sheets.Row) {
	in := &incoming[P]{app: r.app, doc: r.kind.fresh()}
	res := &schemas.RowResult{ID: strings.Join([]string{file, sheet.Name, itoa(cells.Number)}, "/"), File: file, Sheet: sheet.Name, Row: cells.Number}
	this := &row[P]{in: in, on: on, dated: sheet.ReportedOn != "", result: res}
	r.rows = append(r.rows, this)
	sum := sha256.New()
	for i, m := range sheet.Mapping {
		cell := cells.Cell(i)
		if m.Field == "" || strings.TrimSpace(cell.Text) == "" {
			continue
		}
		fmt.Fprintf(sum, "%s=%q;", m.Field, strings.TrimSpace(cell.Text))
		if rule, param := columns[m.Field].set(in, cell); rule != "" {
			in.reason = append(in.reason, schemas.FieldError{Field: m.Field, Rule: rule, Param: param})
		}
	}
	this.print = r.app.keys.Blind("row", hex.EncodeToString(sum.Sum(nil)))[:16] // keyed, for cells may be personal
	r.kind.finish(in)
	if unit := unitOf(in.doc); unit != nil && *unit == "" {
		*unit = by // 填报单位 above the header is that of every row
	}
	for _, m := range in.moves {
		if m.On > r.app.Today() {
			in.reason = append(in.reason, schemas.FieldError{Field: m.Stage, Rule: "future", Param: string(r.app.Today())})
		}
	}
	slices.SortStableFunc(in.moves, func(x, y Move) int { return cmp.Compare(cmp.Or(x.On, on), cmp.Or(y.On, on)) })
	res.Name = r.kind.name(in.doc)
	if res.Name == "" {
		in.reason = append(in.reason, schemas.FieldError{Field: "name", Rule: "required"})
	}
	if len(in.reason) > 0 {
		r.refuse(this, in.reason...)
		return
	}
	who, err := r.find(ctx, in.doc)
	if err != nil {
		var e *schemas.Error
		if errors.As(err, &e) {
			r.refuse(this, e.Fields...)
		} else {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
		}
		return
	}
	r.place(ctx, this, who)
}

func unitOf(doc any) *string {
	switch x := doc.(type) {
	case *schemas.Talent:
		return &x.Unit
	case *schemas.Team:
		return &x.Unit
	case *schemas.Enterprise:
		return &x.Unit
	}
	return nil
}

func (r *importRun[T, P]) refuse(this *row[P], reasons ...schemas.FieldError) {
	this.result.Outcome, this.result.Reasons = "refused", reasons
}

// find is whom a row speaks of: someone of these files, someone stored, or
// nobody yet.
func (r *importRun[T, P]) find(ctx context.Context, doc P) (*person[P], error) {
	keys, sure := r.kind.keys(r.app, doc, r.options.MatchBy)
	if len(keys) == 0 { // people are told apart by their ID numbers alone
		return nil, invalid("idNumber", "required", "")
	}
	for i, k := range keys {
		who := r.byKey[k]
		if who == nil {
			stored, err := r.lookUp(ctx, k)
			if err != nil {
				return nil, err
			}
			if stored == nil {
				continue
			}
			if who = r.byKey["doc:"+stored.DocMeta().ID]; who == nil {
				who = &person[P]{stored: stored}
				if who.doc, err = copyOf[T](stored); err != nil {
					return nil, err
				}
				r.byKey["doc:"+stored.DocMeta().ID] = who
				r.people = append(r.people, who)
			}
		}
		if sure && i == 0 && who.doc != nil && !knownAs(who.doc, r.kind.name(doc)) {
			return nil, invalid("name", "othername", r.kind.name(who.doc))
		}
		if !(sure && i == 0) && who.doc != nil {
			if field := r.kind.namesake(r.app, who.doc, doc); field != "" {
				return nil, invalid(field, "namesake", r.kind.name(who.doc))
			}
		}
		r.remember(who, keys)
		return who, nil
	}
	who := &person[P]{}
	r.people = append(r.people, who)
	r.remember(who, keys)
	return who, nil
}

// knownAs reports whether somebody is or was called so, or may be.
func knownAs(doc any, name string) bool {
	t, ok := doc.(*schemas.Talent)
	if !ok {
		return true
	}
	return slices.ContainsFunc(slices.Concat([]string{t.Name}, t.Aliases, t.FormerNames), func(s string) bool { return squeeze(s) == squeeze(name) })
}

func (r *importRun[T, P]) remember(who *person[P], keys []string) {
	for _, k := range keys {
		if r.byKey[k] == nil {
			r.byKey[k] = who
		}
	}
}

// lookUp finds the one stored document with an identity key, an archived one
// only where no other has it. Two make the row a question for a person, and one
// out of scope says only that it is there.
func (r *importRun[T, P]) lookUp(ctx context.Context, key string) (P, error) {
	var ids []string
	err := r.app.store.Find(ctx, r.docs.shape.coll, byKey(key),
		func(rec store.Record) error { ids = append(ids, rec.ID); return nil })
	if err != nil {
		return nil, known(err)
	}
	var live, archived []P
	for _, id := range ids {
		doc, err := r.docs.get(ctx, id)
		switch {
		case err != nil:
			return nil, invalid("name", "elsewhere", "")
		case *archivedOn(doc) == "":
			live = append(live, doc)
		default:
			archived = append(archived, doc)
		}
	}
	if len(live) == 0 {
		live = archived
	}
	switch len(live) {
	case 0:
		return nil, nil
	case 1:
		return r.docs.opened(live[0])
	}
	return nil, invalid("name", "several", strings.Join(ids, " "))
}

// place settles what a row adds to whom it speaks of. A row that would break a
// rule is refused and changes nothing.
func (r *importRun[T, P]) place(ctx context.Context, this *row[P], who *person[P]) {
	next := r.kind.fresh()
	isNew := who.doc == nil
	if !isNew {
		var err error
		if next, err = copyOf[T](who.doc); err != nil {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
			return
		}
	}
	before, err := schemas.Flatten(next)
	if err == nil {
		err = r.apply(ctx, next, this)
	}
	if err != nil {
		var e *schemas.Error
		if errors.As(err, &e) && len(e.Fields) > 0 {
			r.refuse(this, e.Fields...)
		} else {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
		}
		return
	}
	after, _ := schemas.Flatten(next)
	switch {
	case isNew:
		this.result.Outcome = "created"
		who.first = this
	case len(r.docs.changes(before, after)) == 0 || r.readBefore(ctx, who, this):
		this.result.Outcome = "unchanged"
		this.who = who
		return
	case who.stored != nil && *archivedOn(who.stored) != "":
		r.refuse(this, schemas.FieldError{Field: "archivedOn", Rule: "archived", Param: string(*archivedOn(who.stored))})
		return
	default:
		this.result.Outcome = "changed"
	}
	who.doc, this.who = next, who
	who.rows = append(who.rows, this)
}

// readBefore reports whether a row's very words were imported before: what has
// been said since stays.
func (r *importRun[T, P]) readBefore(ctx context.Context, who *person[P], this *row[P]) bool {
	if who.stored == nil {
		return false
	}
	if who.prints == nil {
		who.prints = map[string]bool{}
		entries, err := r.docs.history(ctx, who.stored.DocMeta().ID)
		if err != nil {
			return false
		}
		for _, e := range progress.Live(entries, schemas.Time{}) {
			who.prints[e.Details["print"]] = true
		}
	}
	return who.prints[this.print]
}

// apply makes the edit of a row on an opened document.
func (r *importRun[T, P]) apply(ctx context.Context, doc P, this *row[P]) error {
	r.merge(doc, this)
	if err := r.docs.clean(ctx, doc); err != nil {
		return err
	}
	for _, m := range this.in.moves {
		if err := r.app.setStage(doc, m); err != nil {
			return err
		}
	}
	if err := r.app.check(ctx, doc); err != nil {
		return err
	}
	return r.app.mayWrite(ctx, r.docs.shape.coll, doc)
}

func (r *importRun[T, P]) merge(doc P, this *row[P]) {
	absorb(reflect.ValueOf(doc).Elem(), reflect.ValueOf(this.in.doc).Elem())
}
