package facets

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

var errDisk = errors.New("disk gone")

// failing fails one write, after it has stored a part of it.
type failing struct {
	*memory
	left int // writes before that one
}

func (f *failing) Write(ctx context.Context, blocks map[string][]byte) error {
	if f.left--; f.left != -1 {
		return f.memory.Write(ctx, blocks)
	}
	part := map[string][]byte{}
	for key, b := range blocks {
		if len(key)%2 == 0 {
			part[key] = b
		}
	}
	return errors.Join(f.memory.Write(ctx, part), errDisk)
}

// texts goes through the model's texts by slot, those above a watermark.
func (m *model) texts(above uint32) iter.Seq2[uint32, iter.Seq2[byte, string]] {
	return func(yield func(uint32, iter.Seq2[byte, string]) bool) {
		for _, r := range m.records {
			if r.codes.Slot > above && !yield(r.codes.Slot, r.terms()) {
				return
			}
		}
	}
}

// searches compares random searches with the model.
func (w *world) searches(t *testing.T, n int) {
	t.Helper()
	for range n {
		req := w.request()
		hits, err := w.ix.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, r := range w.model.records {
			want, got := r.rank(req), hits.Rank(r.codes.Ord)
			if want >= 0 {
				found++
			}
			if want != got && (want >= 0 || got < len(hits.ranks)) {
				t.Fatalf("%+v: rank of %v is %d, want %d", req, r.text, got, want)
			}
		}
		if hits.Count() != found {
			t.Fatalf("%+v: %d hits, want %d", req, hits.Count(), found)
		}
	}
}

// TestCompactionCrash fails each write of a compaction in turn, checks that the
// same process finds everything and can go on, and that a new one does too.
func TestCompactionCrash(t *testing.T) {
	writes := 0
	for k := 0; ; k++ {
		disk := &failing{newMemory(), -1}
		w := newWorld(t, 5, disk)
		for range 100 {
			w.change(t)
		}
		if _, err := w.ix.Compact(t.Context(), w.ix.last.Load()); err != nil {
			t.Fatal(err)
		}
		w.searches(t, 10) // fills the cache
		for range 100 {
			w.change(t)
		}
		disk.left = k
		top := w.ix.last.Load()
		_, err := w.ix.Compact(t.Context(), top)
		if err == nil {
			writes = k
			break
		}
		if !errors.Is(err, errDisk) {
			t.Fatal(err)
		}
		w.searches(t, 20)

		restarted := *w
		restarted.maker = &maker{Rand: rand.New(rand.NewPCG(uint64(k), 2))}
		restarted.ix = New()
		restarted.blocks = &memory{blocks: maps.Clone(disk.blocks)}
		watermark, err := restarted.ix.OpenText(t.Context(), restarted.blocks)
		if err != nil {
			t.Fatal(err)
		}
		for id, r := range w.model.records {
			if err := restarted.ix.Apply(id, &r.codes); err != nil {
				t.Fatal(err)
			}
		}
		for slot, terms := range w.model.texts(watermark) {
			restarted.ix.AddText(slot, terms)
		}
		for key := range disk.blocks {
			var block uint32
			if _, err := fmt.Sscanf(key[len(key)-1:], "%d", &block); key != metaKey && err != nil {
				t.Errorf("key %q", key)
			}
		}
		restarted.searches(t, 20)

		for range 20 {
			w.change(t)
		}
		if got, err := w.ix.Compact(t.Context(), w.ix.last.Load()); err != nil || got < top {
			t.Fatalf("after a failure: watermark %d, %v", got, err)
		}
		w.searches(t, 20)
		if w.ix.text.frozen != nil || w.ix.Unfolded() != 0 {
			t.Fatal("a delta is left")
		}
	}
	if writes < 4 {
		t.Fatalf("a compaction has only %d writes", writes)
	}
}

// TestSlotsStayTaken crashes between the first block and the watermark, when a
// slot has bits that no record tells of.
func TestSlotsStayTaken(t *testing.T) {
	disk := newMemory()
	ix := New()
	if _, err := ix.OpenText(t.Context(), disk); err != nil {
		t.Fatal(err)
	}
	slot := ix.Take() + 40
	ix.AddText(slot, func(yield func(byte, string) bool) { yield('n', "某") })
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ix.Compact(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	again := New()
	if _, err := again.OpenText(t.Context(), disk); err != nil {
		t.Fatal(err)
	}
	if next := again.Take(); next <= slot {
		t.Errorf("slot %d is handed out again below %d", next, slot)
	}
}

func TestRebuild(t *testing.T) {
	disk := &failing{newMemory(), -1}
	w := newWorld(t, 6, disk)
	for range 300 {
		w.change(t)
	}
	if _, err := w.ix.Compact(t.Context(), w.ix.last.Load()); err != nil {
		t.Fatal(err)
	}
	for k := range 4 {
		disk.left = k
		if err := w.ix.Rebuild(t.Context(), w.model.texts(0)); err == nil {
			t.Fatalf("the failure of write %d went unseen", k)
		}
		if w.ix.Generation() != 1 {
			t.Fatal("a failed rebuild is in use")
		}
		w.searches(t, 10)
	}
	// What is written while a rebuild goes on is in both.
	changing := func(yield func(uint32, iter.Seq2[byte, string]) bool) {
		n := 0
		for slot, terms := range w.model.texts(0) {
			if !yield(slot, terms) {
				return
			}
			if n++; n == 5 {
				ord := w.ix.Take()
				r := &modelRecord{id: w.id(), codes: w.codes(ord, ord, 1), text: w.text()}
				w.ix.AddText(ord, r.terms())
				w.apply(t, r.id, &r.codes)
				defer func() { w.model.records[r.id] = r }()
			}
		}
	}
	if err := w.ix.Rebuild(t.Context(), changing); err != nil {
		t.Fatal(err)
	}
	generation := w.ix.Generation()
	if generation < 4 {
		t.Errorf("generation %d may meet blocks of a failed one", generation)
	}
	for key := range disk.blocks {
		if key != metaKey && key[:2] != fmt.Sprintf("%d|", generation) {
			delete(disk.blocks, key)
		}
	}
	w.searches(t, 50)
	for range 50 {
		w.change(t)
	}
	if _, err := w.ix.Compact(t.Context(), w.ix.last.Load()); err != nil {
		t.Fatal(err)
	}
	w.searches(t, 50)
}

func TestBlockCache(t *testing.T) {
	c := newBlockCache(3000)
	key := func(i int) blockKey { return blockKey{fmt.Sprint("t", i), 0} }
	for i := range 100 {
		missing, read := c.get([]blockKey{key(i)}, map[blockKey]*roaring.Bitmap{})
		if len(missing) != 1 {
			t.Fatalf("block %d is there already", i)
		}
		c.put(read, map[blockKey]*roaring.Bitmap{key(i): roaring.BitmapOf(uint32(i))})
	}
	if c.bytes > c.limit || len(c.entries) < 3 || len(c.reads) != 0 {
		t.Errorf("%d entries of %d bytes, %d reads", len(c.entries), c.bytes, len(c.reads))
	}
	found := map[blockKey]*roaring.Bitmap{}
	if missing, _ := c.get([]blockKey{key(99)}, found); len(missing) != 0 || !found[key(99)].Contains(99) {
		t.Error("the last block is gone")
	}
	_, read := c.get([]blockKey{key(200)}, found)
	c.forget([]blockKey{key(200), key(99)})
	c.put(read, map[blockKey]*roaring.Bitmap{key(200): roaring.New()})
	if missing, _ := c.get([]blockKey{key(99), key(200)}, found); len(missing) != 2 {
		t.Errorf("of two blocks written meanwhile, %v are missing", missing)
	}
}

// TestTogether runs writers, readers, compactions and a rebuild at once; each
// record keeps a term of its own that must always be found.
func TestTogether(t *testing.T) {
	ix := New()
	if _, err := ix.OpenText(t.Context(), newMemory()); err != nil {
		t.Fatal(err)
	}
	const writers, rounds, records = 2, 400, 60
	ids := func(writer, i int) string { return fmt.Sprintf("w%d-%d", writer, i%records) }
	var writing, others sync.WaitGroup
	done := make(chan struct{})
	var settled sync.Map // id → ord, once it can be found
	for writer := range writers {
		writing.Go(func() {
			m := maker{Rand: rand.New(rand.NewPCG(9, uint64(writer)))}
			for i := range rounds {
				id := ids(writer, i)
				slot := ix.Take()
				c := m.codes(slot, slot, int64(i+1))
				if p, ok := ix.Find(id); ok {
					c.Ord = p.Ord
				}
				ix.AddText(slot, func(yield func(byte, string) bool) {
					_ = yield('n', id) && yield('n', "all") && yield('n', m.pick("g", 12))
				})
				if err := ix.Apply(id, &c); err != nil {
					t.Error(err)
				}
				settled.Store(id, c.Ord)
			}
		})
	}
	loop := func(seed uint64, do func(m *maker)) {
		others.Go(func() {
			m := &maker{Rand: rand.New(rand.NewPCG(10, seed))}
			for {
				select {
				case <-done:
					return
				default:
					do(m)
				}
			}
		})
	}
	for reader := range uint64(2) {
		loop(reader, func(m *maker) {
			id := ids(m.IntN(writers), m.IntN(records))
			ord, ok := settled.Load(id)
			if !ok {
				return
			}
			hits, err := ix.Search(context.Background(), Request{[]Term{{[][]Match{{{'n', []string{id, "all"}}}}}}})
			if err != nil {
				t.Error(err)
			}
			if p := ix.Select(Query{Where: []Clause{Text{hits}}, Sort: Sort{Field: Relevance}, Limit: 5}); p.Total != 1 || p.Ords[0] != ord {
				t.Errorf("%s: found %v, want %d", id, p.Ords, ord)
			}
			q := Query{Where: []Clause{m.clause(ix, []string{id}, 1)}, Sort: Sort{"n1", false}, Limit: 10}
			ix.Select(q)
			ix.Facets(q, "f0", "f1")
			ix.CodesAsOf(q, "f1", 10, 50)
			for range ix.Spans(q) {
			}
		})
	}
	loop(7, func(*maker) {
		if _, err := ix.Compact(context.Background(), 0); err != nil {
			t.Error(err)
		}
	})
	writing.Wait()
	close(done)
	others.Wait()
	settled.Range(func(id, ord any) bool {
		hits, err := ix.Search(t.Context(), Request{[]Term{{[][]Match{{{'n', []string{id.(string), "all"}}}}}}})
		if err != nil || hits.Rank(ord.(uint32)) != 0 || hits.Count() != 1 {
			t.Errorf("%s: %v, %d hits", id, err, hits.Count())
		}
		return true
	})
}

// TestWritersDoNotWaitForReads holds a persisted read and writes meanwhile.
func TestWritersDoNotWaitForReads(t *testing.T) {
	disk := &gated{memory: newMemory()}
	ix := New()
	if _, err := ix.OpenText(t.Context(), disk); err != nil {
		t.Fatal(err)
	}
	ix.AddText(ix.Take(), func(yield func(byte, string) bool) { yield('n', "甲") })
	if _, err := ix.Compact(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	disk.entered, disk.open = make(chan struct{}), make(chan struct{})
	var searching sync.WaitGroup
	searching.Go(func() {
		if _, err := ix.Search(t.Context(), Request{[]Term{{[][]Match{{{'n', []string{"甲"}}}}}}}); err != nil {
			t.Error(err)
		}
	})
	<-disk.entered
	written := make(chan error, 1)
	go func() {
		ix.AddText(2, func(yield func(byte, string) bool) { yield('n', "乙") })
		written <- ix.Apply("x", &Codes{Ord: 2, Slot: 2})
	}()
	select {
	case err := <-written:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a write waits for a search that reads")
	}
	close(disk.open)
	searching.Wait()
}

// gated lets reads wait.
type gated struct {
	*memory
	entered, open chan struct{}
}

func (g *gated) Read(ctx context.Context, keys []string) (map[string][]byte, error) {
	if g.open != nil {
		close(g.entered)
		<-g.open
	}
	return g.memory.Read(ctx, keys)
}
