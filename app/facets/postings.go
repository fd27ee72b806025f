package facets

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"sync"
)

// Blocks keeps posting blocks and the record "meta" by key. Read returns those
// that exist; Write stores each whole, new or not, and may have stored some
// when it fails.
type Blocks interface {
	Read(ctx context.Context, keys []string) (map[string][]byte, error)
	Write(ctx context.Context, blocks map[string][]byte) error
}

// metaKey is the key of the record that says how far postings are persisted.
const metaKey = "meta"

// meta is the record under metaKey.
type meta struct {
	// Generation is that of the blocks in use; Tried is the last one that a
	// rebuild began.
	Generation, Tried int
	// Folded is the watermark: every slot up to it is persisted. High is the
	// highest slot that may be.
	Folded, High uint32
}

// postings holds, per field letter and gram, the slots whose text has it:
// persisted in blocks but for the latest, which a delta holds. Bits are only
// ever added.
type postings struct {
	rebuilding sync.Mutex // held by Rebuild, before folding
	folding    sync.Mutex // held by Compact, before mu

	mu     sync.RWMutex
	active *delta
	frozen *delta // being folded; not changed any more, nil if there is none
	blocks Blocks // nil: nothing is persisted
	meta   meta
	cache  *blockCache
	next   *postings // being rebuilt, its deltas guarded by this mu; nil if none is

	unnoted bool // meta is not persisted: the postings are not yet in use
}

func (p *postings) init() {
	p.active, p.cache = newDelta(), newBlockCache(cacheBytes)
	p.meta.Generation, p.meta.Tried = 1, 1
}

// OpenText gives the index the blocks that persist its postings and returns the
// watermark: records whose slot is above it must be added with AddText again.
// It must come before any AddText.
func (ix *Index) OpenText(ctx context.Context, blocks Blocks) (watermark uint32, err error) {
	found, err := blocks.Read(ctx, []string{metaKey})
	if err != nil {
		return 0, err
	}
	p := &ix.text
	p.mu.Lock()
	defer p.mu.Unlock()
	if b, ok := found[metaKey]; ok {
		if err := json.Unmarshal(b, &p.meta); err != nil {
			return 0, fmt.Errorf("facets: reading the watermark: %w", err)
		}
	}
	p.blocks = blocks
	ix.raise(p.meta.High)
	return p.meta.Folded, nil
}

// termBuffer is room for the terms of one text.
type termBuffer struct {
	text []byte
	ends []int
}

var termBuffers = sync.Pool{New: func() any { return new(termBuffer) }}

func (t *termBuffer) fill(terms iter.Seq2[byte, string]) {
	t.text, t.ends = t.text[:0], t.ends[:0]
	for field, gram := range terms {
		t.text = append(append(t.text, field), gram...)
		t.ends = append(t.ends, len(t.text))
	}
}

// AddText adds a slot under the grams of its text's fields; they are searchable
// when it returns and the record has the slot. Adding again changes nothing.
func (ix *Index) AddText(slot uint32, terms iter.Seq2[byte, string]) {
	t := termBuffers.Get().(*termBuffer)
	defer termBuffers.Put(t)
	t.fill(terms)
	ix.raise(slot)
	ix.text.mu.Lock()
	defer ix.text.mu.Unlock()
	ix.text.active.add(slot, t.text, t.ends)
	if ix.text.next != nil {
		ix.text.next.active.add(slot, t.text, t.ends)
	}
}

// Unfolded returns how many texts were added since the last Compact began.
func (ix *Index) Unfolded() int {
	ix.text.mu.RLock()
	defer ix.text.mu.RUnlock()
	return ix.text.active.slots
}

// key is the name of a block in Blocks: generation|field|gram|block. A gram may
// contain the bar; the field is one byte and the block comes last.
func (k blockKey) key(generation int) string {
	return strconv.Itoa(generation) + "|" + k.term[:1] + "|" + k.term[1:] + "|" + strconv.FormatUint(uint64(k.block), 10)
}
