package facets

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// Request is a search: a record is found if every term matches in some field.
// Its rank is the smallest r such that every term matches in a field of a rank
// up to r. A request without terms finds nothing.
type Request struct{ Terms []Term }

// Term is one word of a search: by rank, the best first, the ways to match it.
type Term struct{ Ranks [][]Match }

// Match is one way: the field has all of the grams. Without grams it never does.
type Match struct {
	Field byte
	Grams []string
}

// readMost is how many blocks a search reads at a time.
const readMost = 512

// Search finds the records whose present text matches a request.
func (ix *Index) Search(ctx context.Context, req Request) (*Hits, error) {
	terms, ranks := req.terms()
	if ranks == 0 {
		return &Hits{all: roaring.New()}, nil
	}
	ix.mu.RLock()
	since := ix.moves
	ix.mu.RUnlock()
	found, err := ix.text.search(ctx, &req, terms, ranks)
	if err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.hits(found, since), nil
}

// terms returns the distinct terms of a request's matches and the number of its
// ranks.
func (r *Request) terms() (terms []string, ranks int) {
	seen := make(map[string]bool)
	for _, t := range r.Terms {
		ranks = max(ranks, len(t.Ranks))
		for _, matches := range t.Ranks {
			for _, m := range matches {
				for _, gram := range m.Grams {
					if term := string([]byte{m.Field}) + gram; !seen[term] {
						seen[term] = true
						terms = append(terms, term)
					}
				}
			}
		}
	}
	return terms, ranks
}

// search finds slots by rank: those of a rank include those of better ones.
func (p *postings) search(ctx context.Context, req *Request, terms []string, ranks int) ([]*roaring.Bitmap, error) {
	sets, last, err := p.collect(ctx, terms)
	if err != nil {
		return nil, err
	}
	found := make([]*roaring.Bitmap, ranks)
	for i := range found {
		found[i] = roaring.New()
	}
	for block := range last + 1 {
		for rank, set := range req.match(sets, block, ranks) {
			if set != nil {
				found[rank].Or(roaring.AddOffset64(set, int64(block)*blockSlots))
			}
		}
	}
	return found, nil
}

// collect returns the blocks of terms, to be read only, and the highest block.
func (p *postings) collect(ctx context.Context, terms []string) (sets map[blockKey]*roaring.Bitmap, last uint32, err error) {
	p.mu.RLock()
	fresh := make(map[blockKey]*roaring.Bitmap)
	for _, d := range [...]*delta{p.active, p.frozen} {
		if d == nil {
			continue
		}
		for block := range d.blocks {
			last = max(last, block)
			for _, term := range terms {
				if set := d.get(block, term); set != nil {
					if other := fresh[blockKey{term, block}]; other != nil {
						set.Or(other)
					}
					fresh[blockKey{term, block}] = set
				}
			}
		}
	}
	blocks, m, cache := p.blocks, p.meta, p.cache
	p.mu.RUnlock()
	if blocks == nil || m.High == 0 {
		return fresh, last, nil
	}
	persisted := m.High / blockSlots
	keys := make([]blockKey, 0, len(terms)*int(persisted+1))
	for _, term := range terms {
		for block := range persisted + 1 {
			keys = append(keys, blockKey{term, block})
		}
	}
	sets = make(map[blockKey]*roaring.Bitmap, len(keys))
	missing, read := cache.get(keys, sets)
	if read != nil {
		loaded, err := load(ctx, blocks, m.Generation, missing)
		cache.put(read, loaded)
		if err != nil {
			return nil, 0, err
		}
		for key, set := range loaded {
			sets[key] = set
		}
	}
	for key, set := range fresh {
		if old := sets[key]; old != nil {
			set = roaring.Or(old, set)
		}
		sets[key] = set
	}
	return sets, max(last, persisted), nil
}

// load reads and decodes blocks; those that do not exist are empty.
func load(ctx context.Context, blocks Blocks, generation int, keys []blockKey) (map[blockKey]*roaring.Bitmap, error) {
	out := make(map[blockKey]*roaring.Bitmap, len(keys))
	for len(keys) > 0 {
		batch := keys[:min(readMost, len(keys))]
		keys = keys[len(batch):]
		names := make([]string, len(batch))
		for i, key := range batch {
			names[i] = key.key(generation)
		}
		read, err := blocks.Read(ctx, names)
		if err != nil {
			return nil, err
		}
		for i, key := range batch {
			set := roaring.New()
			if b, ok := read[names[i]]; ok {
				if set, err = decodeBlock(b); err != nil {
					return nil, fmt.Errorf("%w: %s", err, names[i])
				}
			}
			out[key] = set
		}
	}
	return out, nil
}

// match returns, by rank, the slots of a block that match every term in a field
// of that rank or a better one; nil is none.
func (r *Request) match(sets map[blockKey]*roaring.Bitmap, block uint32, ranks int) []*roaring.Bitmap {
	var out []*roaring.Bitmap
	for i := range r.Terms {
		by := r.Terms[i].match(sets, block, ranks)
		if by[ranks-1] == nil {
			return nil
		}
		if out == nil {
			out = by
			continue
		}
		for rank, set := range by {
			if out[rank] = both(out[rank], set); out[rank] != nil && out[rank].IsEmpty() {
				out[rank] = nil
			}
		}
		if out[ranks-1] == nil {
			return nil
		}
	}
	return out
}

// match returns, by rank, the slots of a block that match the term in a field
// of that rank or a better one.
func (t *Term) match(sets map[blockKey]*roaring.Bitmap, block uint32, ranks int) []*roaring.Bitmap {
	out := make([]*roaring.Bitmap, ranks)
	var sofar *roaring.Bitmap
	for rank := range ranks {
		if rank < len(t.Ranks) {
			for i := range t.Ranks[rank] {
				set := t.Ranks[rank][i].match(sets, block)
				switch {
				case set == nil || set.IsEmpty():
				case sofar == nil:
					sofar = set
				default:
					sofar = roaring.Or(sofar, set)
				}
			}
		}
		out[rank] = sofar
	}
	return out
}

// match returns the slots of a block whose field has all grams, nil or empty if
// there are none.
func (m *Match) match(sets map[blockKey]*roaring.Bitmap, block uint32) *roaring.Bitmap {
	var out *roaring.Bitmap
	for i, gram := range m.Grams {
		set := sets[blockKey{string([]byte{m.Field}) + gram, block}]
		if i > 0 {
			set = both(out, set)
		}
		if set == nil || set.IsEmpty() {
			return nil
		}
		out = set
	}
	return out
}

// both intersects two sets; nil is an empty one.
func both(a, b *roaring.Bitmap) *roaring.Bitmap {
	if a == nil || b == nil {
		return nil
	}
	return roaring.And(a, b)
}
