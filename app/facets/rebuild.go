package facets

import (
	"context"
	"iter"
)

// rebuildStep is how many texts a rebuild adds before it folds them.
const rebuildStep = 10_000

// Rebuild makes the postings anew, in a generation of their own, from the texts
// of all records by slot, as after a change of how text is cut into grams;
// searches use the old ones until it is done, and a failure leaves them in use.
// AddText goes to both meanwhile; when it begins, no write may be under way
// between its AddText and its storing. Afterwards, blocks whose key does not
// begin with Generation and a bar are nobody's.
func (ix *Index) Rebuild(ctx context.Context, texts iter.Seq2[uint32, iter.Seq2[byte, string]]) error {
	p := &ix.text
	p.rebuilding.Lock()
	defer p.rebuilding.Unlock()
	next, err := p.begin(ctx)
	if err != nil {
		return err
	}
	defer p.setNext(nil)
	t, added := new(termBuffer), 0
	for slot, terms := range texts {
		t.fill(terms)
		p.mu.Lock()
		next.active.add(slot, t.text, t.ends)
		p.mu.Unlock()
		if added++; added%rebuildStep == 0 {
			if err := p.turn(ctx, next); err != nil {
				return err
			}
		}
	}
	if err := p.turn(ctx, next); err != nil {
		return err
	}
	p.folding.Lock()
	defer p.folding.Unlock()
	m := next.meta
	m.High = max(m.High, p.meta.High)
	if p.blocks != nil {
		if err := p.note(ctx, m); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.meta, p.active, p.frozen, p.cache, p.next = m, next.active, nil, next.cache, nil
	return nil
}

// Generation is the number of the postings in use, with which the keys of their
// blocks begin.
func (ix *Index) Generation() int {
	ix.text.mu.RLock()
	defer ix.text.mu.RUnlock()
	return ix.text.meta.Generation
}

// begin persists that a new generation is tried, so that no later one meets
// its blocks, and makes its postings.
func (p *postings) begin(ctx context.Context) (*postings, error) {
	p.folding.Lock()
	defer p.folding.Unlock()
	next := &postings{blocks: p.blocks, unnoted: true}
	next.init()
	m := p.meta
	m.Tried++
	if p.blocks != nil {
		if err := p.note(ctx, m); err != nil {
			return nil, err
		}
	}
	// Slots up to the present watermark are among the texts to come.
	next.meta = meta{Generation: m.Tried, Tried: m.Tried, Folded: m.Folded, High: m.High}
	p.setNext(next)
	return next, nil
}

func (p *postings) setNext(next *postings) {
	p.mu.Lock()
	p.next = next
	p.mu.Unlock()
}

// turn folds what was added to a generation being rebuilt.
func (p *postings) turn(ctx context.Context, next *postings) error {
	if next.blocks == nil {
		return nil
	}
	p.mu.Lock()
	next.frozen, next.active = next.active, newDelta()
	p.mu.Unlock()
	return next.fold(ctx, next.frozen)
}
