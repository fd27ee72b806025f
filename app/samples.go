package app

import (
	"context"
	"errors"
	"iter"

	"qunxian/app/progress"
	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store"
)

// FillSample puts a generated city into an empty database: for the demo, and
// for measuring.
func (a *App) FillSample(ctx context.Context, o sample.Options) error {
	if o.Bench {
		for _, f := range sample.FieldDefs() {
			if _, err := a.CreateFieldDef(ctx, f, How{On: seededOn}); err != nil {
				return err
			}
		}
	}
	err := addSamples(ctx, a.enterprises, sample.Enterprises(o), func(f schemas.EnterpriseFields, _ string) *schemas.Enterprise {
		return &schemas.Enterprise{EnterpriseFields: f}
	})
	if err == nil {
		err = addSamples(ctx, a.talents, sample.Talents(o), func(f schemas.TalentFields, stage string) *schemas.Talent {
			return &schemas.Talent{TalentFields: f, Tracked: schemas.Tracked{Stage: stage}}
		})
	}
	if err == nil {
		err = addSamples(ctx, a.teams, sample.Teams(o), func(f schemas.TeamFields, stage string) *schemas.Team {
			return &schemas.Team{TeamFields: f, Tracked: schemas.Tracked{Stage: stage}}
		})
	}
	if err != nil || !o.Bench {
		return err
	}
	return a.Fold(ctx)
}

// addSamples writes generated records with their whole histories, as their
// writers would have made them one entry at a time.
func addSamples[T, F any, P schemas.Document[T]](ctx context.Context, d *documents[T, P], records iter.Seq[sample.Record[F]], fresh func(F, string) P) error {
	var ws []*written[T, P]
	flush := func() error {
		recs := make([]store.Record, len(ws))
		for i, w := range ws {
			recs[i] = w.rec
		}
		errs := d.app.store.InsertMany(ctx, d.shape.coll, recs)
		if err := errors.Join(errs...); err != nil {
			return err
		}
		for _, w := range ws {
			d.feed(w)
		}
		ws = ws[:0]
		return ctx.Err()
	}
	for r := range records {
		w, err := d.sampled(ctx, fresh(r.Fields, r.Stage), r.ID, r.Steps)
		if err != nil {
			return err
		}
		if ws = append(ws, w); len(ws) == importBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// sampled is a generated document with the entries of its steps.
func (d *documents[T, P]) sampled(ctx context.Context, doc P, id string, steps []sample.Step) (*written[T, P], error) {
	first, last := steps[0], steps[len(steps)-1]
	*doc.DocMeta() = schemas.Meta{ID: id, Version: 1, CreatedAt: first.At, CreatedBy: first.Actor, UpdatedAt: last.At, UpdatedBy: last.Actor}
	if err := d.tidy(ctx, doc, nil); err != nil {
		return nil, err
	}
	leaves, err := schemas.Flatten(doc)
	if err != nil {
		return nil, err
	}
	entries := sample.History(leaves, steps)
	settled, err := d.build(progress.Replay(entries, schemas.DateOf(d.app.Now()), schemas.Time{}), doc)
	if err != nil {
		return nil, err
	}
	settled.DocMeta().Version = int64(len(entries))
	since(settled, entries)
	if err := d.app.check(ctx, settled); err != nil {
		return nil, err
	}
	if d.legal != nil {
		if err := d.legal(settled, entries); err != nil {
			return nil, err
		}
	}
	w := &written[T, P]{doc: settled, entries: entries}
	if leaves, err = schemas.Flatten(settled); err != nil {
		return nil, err
	}
	return w, d.pack(w, leaves, entries, nil, true)
}
