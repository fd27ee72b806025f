package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"qunxian/schemas"
)

// importBatch is how many new documents one write holds.
const importBatch = 500

// keptResults is how many rows a batch's document keeps.
const keptResults = 5000

// commit writes what the rows settled: new people in batches, each with the
// entries of its rows; a stored one by one edit for each row that changes it.
func (r *importRun[T, P]) commit(ctx context.Context) error {
	defer withRoom(400)()
	r.report.Batch = r.batch
	line := newImportLine(ctx, r.docs)
	var fresh []fresh[P]
	var owners []*person[P]
	done := 0
	settle := func(b *importedBatch[T, P]) error {
		for i, err := range b.errs {
			r.settled(b.owners[i], err)
			for _, row := range b.owners[i].rows {
				if err == nil {
					row.result.Doc = b.written[i].rec.ID
				}
				done++
			}
		}
		if r.options.Progress != nil && !r.options.Progress(done, len(r.rows)) {
			return context.Canceled
		}
		return ctx.Err()
	}
	flush := func() error {
		b := &importedBatch[T, P]{r.docs.prepareMany(ctx, fresh), owners}
		fresh, owners = nil, nil
		return line.put(b, settle)
	}
	var err error
	for _, who := range r.people {
		switch {
		case len(who.rows) == 0:
		case who.stored != nil:
			for _, row := range who.rows {
				r.edit(ctx, who, row)
				done++
			}
		default:
			fresh, owners = append(fresh, r.fresh(who)), append(owners, who)
		}
		if len(fresh) == importBatch {
			if err = flush(); err != nil {
				break
			}
		}
	}
	if err == nil {
		err = flush()
	}
	return errors.Join(err, line.rest(settle))
}

// settled notes what became of a new document: where it was refused, so are all
// rows that speak of it.
func (r *importRun[T, P]) settled(who *person[P], err error) {
	if who.failed = err; err != nil {
		for _, row := range who.rows {
			r.fail(row, err)
		}
	}
}

// rehearse does all that commit does but write, so that a dry run tells what
// the import will do.
func (r *importRun[T, P]) rehearse(ctx context.Context) error {
	var fresh []fresh[P]
	var owners []*person[P]
	for _, who := range r.people {
		switch {
		case len(who.rows) == 0:
		case who.stored != nil:
			if err := r.rehearseEdits(ctx, who); err != nil {
				return err
			}
		default:
			fresh, owners = append(fresh, r.fresh(who)), append(owners, who)
		}
	}
	for len(fresh) > 0 {
		n := min(importBatch, len(fresh))
		b := r.docs.prepareMany(ctx, fresh[:n])
		b.leave()
		for i, err := range b.errs {
			r.settled(owners[i], err)
		}
		fresh, owners = fresh[n:], owners[n:]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (r *importRun[T, P]) rehearseEdits(ctx context.Context, who *person[P]) error {
	id := who.stored.DocMeta().ID
	history, err := r.docs.history(ctx, id)
	if err != nil {
		return err
	}
	for _, row := range who.rows {
		row.result.Doc = id
		if row.result.Outcome != "changed" {
			continue
		}
		steps := append([]step[P]{{r.how(row, row.on), func(doc P) error { return r.absorbOpened(doc, row) }}}, r.moves(row)...)
		after, err := r.docs.after(ctx, who.stored, history, steps)
		if err != nil {
			r.fail(row, err)
			continue
		}
		history = after
	}
	return nil
}

// importedBatch is a batch and the people of its documents.
type importedBatch[T any, P schemas.Document[T]] struct {
	*freshBatch[T, P]
	owners []*person[P]
}

// guard makes a panic the error of every document of the batch.
func (b *importedBatch[T, P]) guard(work func()) {
	err := guarded(func() error {
		work()
		return nil
	})
	for i := range b.errs {
		b.errs[i] = cmp.Or(b.errs[i], err)
	}
}

// importLine stores one batch and feeds another while the next is prepared.
type importLine[T any, P schemas.Document[T]] struct {
	todo, done chan *importedBatch[T, P]
}

func newImportLine[T any, P schemas.Document[T]](ctx context.Context, docs *documents[T, P]) *importLine[T, P] {
	l := &importLine[T, P]{todo: make(chan *importedBatch[T, P], 1), done: make(chan *importedBatch[T, P], 1)}
	stored := make(chan *importedBatch[T, P], 1)
	go func() {
		defer close(stored)
		for b := range l.todo {
			b.guard(func() { docs.insertMany(ctx, b.freshBatch) })
			stored <- b
		}
	}()
	go func() {
		defer close(l.done)
		for b := range stored {
			b.guard(func() { docs.feedMany(b.freshBatch) })
			l.done <- b
		}
	}()
	return l
}

// put hands a batch over, and settles those that are through meanwhile.
func (l *importLine[T, P]) put(b *importedBatch[T, P], settle func(*importedBatch[T, P]) error) error {
	var failed error
	for {
		select {
		case l.todo <- b:
			return failed
		case through := <-l.done:
			failed = errors.Join(failed, settle(through))
		}
	}
}

// rest ends the line and settles what is still on it.
func (l *importLine[T, P]) rest(settle func(*importedBatch[T, P]) error) error {
	close(l.todo)
	var failed error
	for b := range l.done {
		failed = errors.Join(failed, settle(b))
	}
	return failed
}

// fresh is a new document with the entries of its rows. It is on file from the
// day of its first dated move on, so that a count of that day finds it.
func (r *importRun[T, P]) fresh(who *person[P]) fresh[P] {
	first := who.first
	on := first.on
	for _, m := range first.in.moves {
		on = min(on, cmp.Or(m.On, on))
	}
	f := fresh[P]{doc: first.in.doc, how: r.how(first, on)}
	for _, row := range who.rows {
		if row != first && row.result.Outcome == "changed" {
			f.steps = append(f.steps, step[P]{r.how(row, row.on), func(doc P) error { return r.absorbOpened(doc, row) }})
		}
		f.steps = append(f.steps, r.moves(row)...)
	}
	return f
}

func (r *importRun[T, P]) moves(row *row[P]) []step[P] {
	var out []step[P]
	for _, m := range row.in.moves {
		how := m.how()
		how.On = cmp.Or(m.On, row.on)
		if m.On == "" && !row.dated {
			how.Details = map[string]string{"undated": "true"} // 日期不详
		}
		out = append(out, step[P]{how, func(doc P) error { return r.app.setStage(doc, m) }})
	}
	return out
}

// edit writes one row to a stored document. A row that came through already is
// not written twice: what it says is there.
func (r *importRun[T, P]) edit(ctx context.Context, who *person[P], row *row[P]) {
	id := who.stored.DocMeta().ID
	row.result.Doc = id
	if row.result.Outcome != "changed" {
		return
	}
	if _, err := r.docs.update(ctx, id, 0, r.how(row, row.on), func(doc P) error { return r.absorbOpened(doc, row) }); err != nil {
		r.fail(row, err)
		return
	}
	for _, s := range r.moves(row) {
		if _, err := moveOn(ctx, r.docs, id, 0, s.How, s.edit); err != nil {
			r.fail(row, err)
			return
		}
	}
}

// absorbOpened adds a row to a document whose secrets are sealed.
func (r *importRun[T, P]) absorbOpened(doc P, row *row[P]) error {
	if err := r.docs.openAll(doc); err != nil {
		return err
	}
	r.merge(doc, row)
	return nil
}

func (r *importRun[T, P]) how(row *row[P], on schemas.Date) How {
	return How{
		On: on, Action: schemas.ActImport, Op: Op{ID: r.batch + "/" + row.result.ID},
		Details: map[string]string{"batch": r.batch, "file": row.result.File, "sheet": row.result.Sheet, "row": itoa(row.result.Row), "print": row.print},
	}
}

func (r *importRun[T, P]) fail(row *row[P], err error) {
	var e *schemas.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		r.refuse(row, e.Fields...)
		return
	}
	r.app.log.Error("row not imported", "row", row.result.ID, "error", err)
	r.refuse(row, schemas.FieldError{Field: "name", Rule: "failed"})
}

// unwritten refuses the rows that an import which was stopped has not come to.
func (r *importRun[T, P]) unwritten() {
	for _, row := range r.rows {
		if o := row.result.Outcome; o != "refused" && row.result.Doc == "" && (row.who == nil || row.who.stored == nil) {
			r.refuse(row, schemas.FieldError{Field: "name", Rule: "cancelled"})
		}
	}
}

// keep stores the batch: what was read, and every row that was refused.
func (r *importRun[T, P]) keep(ctx context.Context, state string, files []ImportFile) error {
	b := &schemas.Batch{
		Meta: schemas.Meta{ID: r.batch}, Collection: r.docs.shape.coll, State: state, MatchBy: r.options.MatchBy,
		Total: r.report.Rows, Done: r.report.Rows, Tally: r.report.Tally,
	}
	for i, f := range files {
		b.Files = append(b.Files, schemas.BatchFile{ID: itoa(i + 1), Name: f.Name, Bytes: int64(len(f.Content)), Rows: r.report.Files[i].Rows, Tally: r.report.Files[i].Tally})
	}
	for _, res := range r.report.Results {
		if res.Outcome == "refused" && len(b.Results) < keptResults {
			b.Results = append(b.Results, impersonal(res))
		}
	}
	_, err := r.app.batches.create(ctx, b, How{})
	return err
}

// impersonal is a row's result without what stood in cells of K3 fields: a
// batch is kept in plain text.
func impersonal(res schemas.RowResult) schemas.RowResult {
	res.Reasons = slices.Clone(res.Reasons)
	for i := range res.Reasons {
		switch res.Reasons[i].Field {
		case "idNumber", "birthDate", "mobile", "phone", "email":
			res.Reasons[i].Param = ""
		}
	}
	return res
}

// ListBatches returns a page of the imports that the actor may see, the newest
// first and without their rows, and the cursor of the page after: the id of the
// last one, or "".
func (a *App) ListBatches(ctx context.Context, after string, limit int) (page []*schemas.Batch, next string) {
	page = []*schemas.Batch{}
	limit = pageLimit(limit)
	for _, b := range slices.Backward(a.batches.cached.all()) {
		if !seesBatch(ctx, b) || after != "" && b.ID >= after {
			continue
		}
		if len(page) == limit {
			return page, page[limit-1].ID
		}
		brief := *b
		brief.Results = nil
		page = append(page, &brief)
	}
	return page, ""
}

// GetBatch returns one import.
func (a *App) GetBatch(ctx context.Context, id string) (*schemas.Batch, error) {
	b, err := a.batches.get(ctx, id)
	if err == nil && !seesBatch(ctx, b) {
		return nil, notFound()
	}
	return b, err
}

func seesBatch(ctx context.Context, b *schemas.Batch) bool {
	return scopeOf(ctx).All || b.CreatedBy == actorName(ctx)
}
