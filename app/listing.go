package app

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/store"
)

// listing is a large collection in memory: the one place from which its lists,
// totals, facets, searches and counts come. Every write feeds it, and nothing
// else does.
type listing struct {
	app   *App
	shape *shape
	index *facets.Index
	fact  progress.Facts
	// gate is held by each write from the moment it takes a slot until its text
	// is in memory; a fold closes it for a moment to know which slots are done.
	gate  sync.RWMutex
	cards cardCache
	// writes counts what was fed, so that kept answers know when they are old.
	writes atomic.Int64
}

func newListing(a *App, s *shape) *listing {
	return &listing{app: a, shape: s, index: facets.New(), fact: progress.FactsOf(s.rows)}
}

// listing is the memory form of a large collection, or nil.
func (a *App) listing(coll string) *listing {
	switch coll {
	case schemas.Talents:
		return a.talents.lists
	case schemas.Teams:
		return a.teams.lists
	case schemas.Enterprises:
		return a.enterprises.lists
	}
	return nil
}

// place gives a document its ordinal and its slot. New text takes a new slot;
// a stored document keeps its ordinal, and its spans until they are made anew.
func (l *listing) place(d *derived, had *store.Record) error {
	if had == nil {
		d.Ord = l.index.Take()
		d.Slot = d.Ord
		return nil
	}
	was, err := facets.Decode(had.Codes)
	if err != nil {
		return err
	}
	d.Ord, d.Slot, d.Spans = was.Ord, was.Slot, was.Spans
	if d.newText {
		d.Slot = l.index.Take()
	}
	return nil
}

// feed tells memory of a committed write.
func (d *documents[T, P]) feed(w *written[T, P]) {
	if d.cached != nil {
		d.cached.put(w.doc)
	}
	if d.lists == nil {
		return
	}
	defer d.lists.writes.Add(1)
	d.lists.cards.drop(w.rec.ID)
	if w.derived.newText {
		d.lists.index.AddText(w.derived.Slot, func(yield func(byte, string) bool) { d.terms(w.leaves, yield) })
	}
	if err := d.lists.index.Apply(w.rec.ID, &w.derived.Codes); err != nil {
		d.app.log.Error("record not indexed", "collection", d.shape.coll, "id", w.rec.ID, "error", err)
	}
}

func (d *documents[T, P]) addText(slot uint32, body []byte) error {
	leaves, err := schemas.FlattenJSON(body)
	if err != nil {
		return err
	}
	d.lists.index.AddText(slot, func(yield func(byte, string) bool) { d.terms(leaves, yield) })
	return nil
}

// enter begins a write; leave ends it.
func (d *documents[T, P]) enter() (leave func()) {
	if d.lists == nil {
		return func() {}
	}
	d.lists.gate.RLock()
	return d.lists.gate.RUnlock
}

// load reads the codes of every record, and the text of those that were
// written after the last fold.
func (d *documents[T, P]) loadLists(ctx context.Context) error {
	l := d.lists
	l.index = facets.New()
	var failed error
	err := l.index.Load(runtime.GOMAXPROCS(0), func(yield func(string, []byte) bool) {
		failed = d.app.whole(ctx, l.shape.coll, store.Codes, func(r store.Record) error {
			if !yield(r.ID, r.Codes) {
				return context.Canceled
			}
			return nil
		})
	})
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	mark, err := l.index.OpenText(ctx, postings{d.app.store, l.shape.coll + termsColl})
	if err != nil {
		return err
	}
	return d.app.store.Find(ctx, l.shape.coll, slotsFrom(int64(mark)+1), func(r store.Record) error {
		c, err := facets.Decode(r.Codes)
		if err != nil {
			return err
		}
		return d.addText(c.Slot, r.Body)
	})
}

// foldAfter is how many texts wait in memory before they are folded into the
// stored postings: what a start after a crash reads again.
const foldAfter = 20_000

// fold moves the search terms of new texts from memory into the store.
func (l *listing) fold(ctx context.Context) error {
	l.gate.Lock()
	done := l.index.Take() - 1
	l.gate.Unlock()
	_, err := l.index.Compact(ctx, done)
	return err
}

// Fold folds all waiting texts of all collections.
func (a *App) Fold(ctx context.Context) error {
	for _, l := range []*listing{a.talents.lists, a.teams.lists, a.enterprises.lists} {
		if l.index.Unfolded() == 0 {
			continue
		}
		if err := l.fold(ctx); err != nil {
			return err
		}
	}
	return nil
}

// foldSometimes folds in the background until the product closes.
func (a *App) foldSometimes() {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		select {
		case <-a.life.Done():
			return
		case <-tick.C:
		}
		for _, l := range []*listing{a.talents.lists, a.teams.lists, a.enterprises.lists} {
			if l.index.Unfolded() < foldAfter {
				continue
			}
			if err := l.fold(a.life); err != nil && a.life.Err() == nil {
				a.log.Error("search terms not folded", "collection", l.shape.coll, "error", err)
			}
		}
	}
}

const foldEvery = time.Second

// postings keeps the blocks of text postings in the store.
type postings struct {
	store store.Backend
	coll  string
}

// Read returns the blocks of those keys that there are.
func (p postings) Read(ctx context.Context, keys []string) (map[string][]byte, error) {
	out := make(map[string][]byte, len(keys))
	for chunk := range slices.Chunk(keys, 500) {
		err := p.store.Find(ctx, p.coll, byIDs(chunk, store.StaffCard), func(r store.Record) error {
			out[r.ID] = r.Cards.Staff
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Write stores blocks, each whole.
func (p postings) Write(ctx context.Context, blocks map[string][]byte) error {
	rs := make([]store.Record, 0, len(blocks))
	for _, k := range sortedKeys(blocks) {
		rs = append(rs, store.Record{ID: k, Version: 1, Cards: store.Cards{Staff: blocks[k]}})
	}
	return p.store.Put(ctx, p.coll, rs)
}
