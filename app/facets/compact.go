package facets

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// foldBatch is how many blocks one step of Compact reads and writes.
const foldBatch = 256

// Compact folds what AddText added so far into the persisted blocks, in steps,
// while searches and additions go on, and then persists upTo as the watermark:
// the caller knows that all texts of slots up to it have been added. Whatever
// it has done when it fails does no harm, and the next call ends it. It returns
// the watermark. Calls wait for one another.
func (ix *Index) Compact(ctx context.Context, upTo uint32) (watermark uint32, err error) {
	p := &ix.text
	p.folding.Lock()
	defer p.folding.Unlock()
	if p.blocks == nil {
		return 0, nil
	}
	// What an earlier call left is folded before anything new, so that there are
	// never more than two deltas to search.
	if err := p.fold(ctx, p.frozen); err != nil {
		return p.meta.Folded, err
	}
	p.mu.Lock()
	p.frozen, p.active = p.active, newDelta()
	p.mu.Unlock()
	if err := p.fold(ctx, p.frozen); err != nil {
		return p.meta.Folded, err
	}
	m := p.meta
	m.Folded, m.High = max(m.Folded, upTo), max(m.High, upTo)
	if m != p.meta {
		err = p.note(ctx, m)
	}
	return p.meta.Folded, err
}

// note persists m, if the postings are in use, and takes it over.
func (p *postings) note(ctx context.Context, m meta) error {
	if !p.unnoted {
		b, err := json.Marshal(m)
		if err == nil {
			err = p.blocks.Write(ctx, map[string][]byte{metaKey: b})
		}
		if err != nil {
			return fmt.Errorf("facets: writing the watermark: %w", err)
		}
	}
	p.mu.Lock()
	p.meta = m
	p.mu.Unlock()
	return nil
}

// fold persists a frozen delta and then lets it go.
func (p *postings) fold(ctx context.Context, d *delta) error {
	if d == nil {
		return nil
	}
	if d.high > p.meta.High {
		// First, so that no slot with persisted bits is ever handed out again.
		m := p.meta
		m.High = d.high
		if err := p.note(ctx, m); err != nil {
			return err
		}
	}
	for _, block := range slices.Sorted(maps.Keys(d.blocks)) {
		terms := slices.SortedFunc(maps.Keys(d.blocks[block].at), cmp.Compare)
		for batch := range slices.Chunk(terms, foldBatch) {
			if err := p.foldBatch(ctx, d, block, batch); err != nil {
				return err
			}
		}
	}
	p.mu.Lock()
	p.frozen = nil
	p.mu.Unlock()
	return nil
}

// foldBatch joins a few terms of one block with what is persisted of them.
func (p *postings) foldBatch(ctx context.Context, d *delta, block uint32, terms []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	blockKeys, keys := make([]blockKey, len(terms)), make([]string, len(terms))
	for i, term := range terms {
		blockKeys[i] = blockKey{term, block}
		keys[i] = blockKeys[i].key(p.meta.Generation)
	}
	old, err := p.blocks.Read(ctx, keys)
	if err != nil {
		return err
	}
	written := make(map[string][]byte, len(keys))
	for i, term := range terms {
		set := d.get(block, term)
		if b, ok := old[keys[i]]; ok {
			var before *roaring.Bitmap
			if before, err = decodeBlock(b); err != nil {
				return fmt.Errorf("%w: %s", err, keys[i])
			}
			set.Or(before)
		}
		written[keys[i]] = encodeBlock(set)
	}
	err = p.blocks.Write(ctx, written)
	// Even a failed write may have stored some.
	p.cache.forget(blockKeys)
	return err
}
