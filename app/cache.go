package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"qunxian/schemas"
	"qunxian/store"
)

// cache is a small collection in memory, fed by every write: what rules are
// made of (taxonomies, fields, users …) is read without asking the database.
// The documents in it are shared and never changed.
type cache[T any, P schemas.Document[T]] struct {
	mu     sync.RWMutex
	docs   map[string]P
	sorted []P // by id; nil where a write has come since
	writes int64
}

func (c *cache[T, P]) put(doc P) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.docs[doc.DocMeta().ID]; old == nil || old.DocMeta().Version < doc.DocMeta().Version {
		c.docs[doc.DocMeta().ID] = doc
		c.sorted = nil
		c.writes++
	}
}

func (c *cache[T, P]) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.docs, id)
	c.sorted = nil
	c.writes++
}

func (c *cache[T, P]) get(id string) P {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.docs[id]
}

// all returns every document in the order of their ids; the slice is shared.
func (c *cache[T, P]) all() []P {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sorted == nil {
		c.sorted = make([]P, 0, len(c.docs))
		for _, d := range c.docs {
			c.sorted = append(c.sorted, d)
		}
		slices.SortFunc(c.sorted, func(a, b P) int { return cmp.Compare(a.DocMeta().ID, b.DocMeta().ID) })
	}
	return c.sorted
}

// written counts the writes, so that what is made of the collection knows when
// to be made anew.
func (c *cache[T, P]) written() int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.writes
}

// find returns the first document that ok holds for, by id, or nil.
func (c *cache[T, P]) find(ok func(P) bool) P {
	for _, d := range c.all() {
		if ok(d) {
			return d
		}
	}
	return nil
}

// load reads the whole collection.
func (d *documents[T, P]) load(ctx context.Context) error {
	d.cached.mu.Lock()
	d.cached.docs, d.cached.sorted = map[string]P{}, nil
	d.cached.mu.Unlock()
	return d.app.whole(ctx, d.shape.coll, store.Body, func(r store.Record) error {
		doc := P(new(T))
		if err := json.Unmarshal(r.Body, doc); err != nil {
			return err
		}
		d.cached.put(doc)
		return nil
	})
}

// copyOf is a document that its reader may change.
func copyOf[T any, P schemas.Document[T]](doc P) (P, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	out := P(new(T))
	return out, json.Unmarshal(b, out)
}

// term returns a code's term, or nil. The taxonomy "stage" stands for the
// stages of both tracks.
func (a *App) term(taxonomy, code string) *schemas.Term {
	if taxonomy == "stage" {
		if t := a.term(schemas.TaxStageRecruit, code); t != nil {
			return t
		}
		taxonomy = schemas.TaxStageCultivate
	}
	t := a.taxonomies.cached.get(taxonomy)
	if t == nil {
		return nil
	}
	return t.Term(code)
}

func (a *App) retired(taxonomy, code string) bool {
	t := a.term(taxonomy, code)
	return t != nil && t.Retired
}

// stagesOf is the taxonomy of a track's stages.
func stagesOf(track string) string {
	if track == "cultivate" {
		return schemas.TaxStageCultivate
	}
	return schemas.TaxStageRecruit
}

// CodeName is what a code is called in a language, or the code itself.
func (a *App) CodeName(lang, taxonomy, code string) string {
	t := a.term(taxonomy, code)
	switch {
	case t == nil:
		return code
	case strings.HasPrefix(lang, "en") && t.NameEn != "":
		return t.NameEn
	}
	return t.Name
}
