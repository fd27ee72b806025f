package facets

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// memory keeps blocks in a map.
type memory struct {
	mu     sync.Mutex
	blocks map[string][]byte
	reads  int
}

func newMemory() *memory { return &memory{blocks: map[string][]byte{}} }

func (m *memory) Read(_ context.Context, keys []string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	out := map[string][]byte{}
	for _, key := range keys {
		if b, ok := m.blocks[key]; ok {
			out[key] = b
		}
	}
	return out, nil
}

func (m *memory) Write(_ context.Context, blocks map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.blocks, blocks)
	return nil
}

// world is an index beside its model, changed in step.
type world struct {
	*maker
	ix     *Index
	model  model
	ids    []string
	blocks Blocks
}

func newWorld(t *testing.T, seed uint64, blocks Blocks) *world {
	t.Helper()
	w := &world{maker: &maker{Rand: rand.New(rand.NewPCG(seed, 1))}, ix: New(), model: model{map[string]*modelRecord{}}, blocks: blocks}
	if _, err := w.ix.OpenText(t.Context(), blocks); err != nil {
		t.Fatal(err)
	}
	return w
}

// change does one random write to both.
func (w *world) change(t *testing.T) {
	t.Helper()
	w.clock++
	var r *modelRecord
	if len(w.ids) > 0 && w.IntN(3) > 0 {
		r = w.model.records[w.ids[w.IntN(len(w.ids))]]
	}
	switch {
	case r == nil:
		ord := w.ix.Take()
		if w.IntN(20) == 0 {
			ord += uint32(w.IntN(200_000)) // other blocks and containers
		}
		r = &modelRecord{id: w.id(), codes: w.codes(ord, ord, 1), text: w.text()}
		w.ids = append(w.ids, r.id)
		w.model.records[r.id] = r
		w.ix.AddText(ord, r.terms())
	case w.IntN(4) == 0:
		old := r.codes
		w.ix.Remove(r.id, old.Version)
		delete(w.model.records, r.id)
		w.ids = slices.DeleteFunc(w.ids, func(id string) bool { return id == r.id })
		w.apply(t, r.id, &old) // late, and ignored
		return
	default:
		late := r.codes
		slot := r.codes.Slot
		if w.IntN(2) == 0 {
			slot = w.ix.Take()
			r.text = w.text()
			w.ix.AddText(slot, r.terms())
		}
		r.codes = w.codes(r.codes.Ord, slot, r.codes.Version+1)
		w.apply(t, r.id, &r.codes)
		w.apply(t, r.id, &late) // late, and ignored
		return
	}
	w.apply(t, r.id, &r.codes)
}

func (w *world) apply(t *testing.T, id string, c *Codes) {
	t.Helper()
	decoded, err := Decode(Append(nil, c))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.ix.Apply(id, &decoded); err != nil {
		t.Fatal(err)
	}
}

// query makes a random query and its twin for the model.
func (w *world) query(t *testing.T) (q, twin Query) {
	t.Helper()
	for range w.IntN(4) {
		c := w.clause(w.ix, w.ids, 2)
		q.Where, twin.Where = append(q.Where, c), append(twin.Where, c)
	}
	if w.IntN(3) == 0 {
		req := w.request()
		hits, err := w.ix.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		q.Where, twin.Where = append(q.Where, Text{hits}), append(twin.Where, asked{Text{hits}, req})
		for _, r := range w.model.records {
			if want, got := r.rank(req), hits.Rank(r.codes.Ord); want != got && (want >= 0 || got < len(hits.ranks)) {
				t.Fatalf("%+v: rank of %v is %d, want %d", req, r.text, got, want)
			}
		}
	}
	if w.IntN(3) == 0 {
		q.Scope = Any{In{"f0", []string{"c0"}}, w.clause(w.ix, w.ids, 1)}
		twin.Scope = q.Scope
	}
	q.Sort = Sort{[]string{"", "n0", "n1", "k0", "k1", "no", Relevance}[w.IntN(7)], w.IntN(2) == 0}
	q.Limit = 1 + w.IntN(30)
	twin.Sort = q.Sort
	return q, twin
}

// check compares the answers to one random query.
func (w *world) check(t *testing.T) {
	t.Helper()
	q, twin := w.query(t)
	want := w.model.ordered(twin)
	if got := w.ix.Count(q); got != len(want) {
		t.Fatalf("%+v: count %d, want %d", q, got, len(want))
	}
	var got []string
	for page := q; ; {
		p := w.ix.Select(page)
		if p.Total != len(want) || len(p.IDs) > q.Limit {
			t.Fatalf("%+v: page of %d of %d, want at most %d of %d", page, len(p.IDs), p.Total, q.Limit, len(want))
		}
		got = append(got, p.IDs...)
		if p.Next == nil {
			break
		}
		text, _ := p.Next.MarshalText()
		page.After = new(Cursor)
		if err := page.After.UnmarshalText(text); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%+v: pages (-want +got)\n%s", q, diff)
	}
	fields := []string{"f0", "f1", "f2", "f3", "no"}
	facets := w.ix.Facets(q, fields...)
	for _, field := range fields {
		if diff := cmp.Diff(w.model.facet(twin, field), facets[field], cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%+v: facet %s (-want +got)\n%s", q, field, diff)
		}
	}
	w.checkCross(t, q, twin)
	w.checkAsOf(t, q, twin)
}

func (w *world) checkCross(t *testing.T, q, twin Query) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, r := range w.model.matching(twin, "") {
		seen := map[string]bool{}
		for _, a := range r.codes.Facets {
			for _, b := range r.codes.Facets {
				if cell := a.Code + "×" + b.Code; a.Field == "f0" && b.Field == "f1" && !seen[cell] {
					seen[cell] = true
					want[cell]++
				}
			}
		}
	}
	table := w.ix.Cross(q, "f0", "f1")
	for i, row := range table.Rows {
		for j, column := range table.Columns {
			if n := table.N[i][j]; n > 0 {
				got[row+"×"+column] = n
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || !slices.IsSorted(table.Rows) || !slices.IsSorted(table.Columns) {
		t.Fatalf("%+v: cross %v %v (-want +got)\n%s", q, table.Rows, table.Columns, diff)
	}
}

func (w *world) checkAsOf(t *testing.T, q, twin Query) {
	t.Helper()
	day, known := int32(w.IntN(120)), w.Int64N(160)
	want, got := map[string][]uint32{}, map[string][]uint32{}
	var spans, gotSpans []Span
	for _, r := range w.model.matching(twin, "") {
		for _, s := range r.codes.Spans {
			if s.Field == "f1" {
				spans = append(spans, s)
			}
			holds := s.From <= day && day < s.To && s.KnownFrom <= known && known < s.KnownTo
			if holds && s.Field == "f1" && !slices.Contains(want[s.Code], r.codes.Ord) {
				want[s.Code] = append(want[s.Code], r.codes.Ord)
			}
		}
		if diff := cmp.Diff(r.codes.Spans, w.ix.SpansOf(r.codes.Ord), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("spans of %s (-want +got)\n%s", r.id, diff)
		}
	}
	for code, set := range w.ix.CodesAsOf(q, "f1", day, known) {
		got[code] = set.ToArray()
		one := q
		one.Where = append(slices.Clip(q.Where), Ords{w.ix.AsOf("f1", []string{code}, day, known)})
		if n := w.ix.Count(one); n != len(got[code]) {
			t.Fatalf("%+v: %d had %s, want %d", one, n, code, len(got[code]))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%+v: as of day %d known at %d (-want +got)\n%s", q, day, known, diff)
	}
	for _, some := range w.ix.Spans(q, "f1") {
		gotSpans = append(gotSpans, some...)
	}
	if diff := cmp.Diff(spans, gotSpans); diff != "" {
		t.Fatalf("%+v: spans (-want +got)\n%s", q, diff)
	}
}

func TestIndexIsItsModel(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed, newMemory())
			for range 40 {
				w.change(t)
			}
			for round := range 80 {
				for range 1 + w.IntN(12) {
					w.change(t)
				}
				if round%15 == 7 {
					if _, err := w.ix.Compact(t.Context(), w.ix.last.Load()); err != nil {
						t.Fatal(err)
					}
				}
				if len(w.ids) == 0 {
					continue
				}
				for range 3 {
					w.check(t)
				}
			}
			w.checkLoad(t)
		})
	}
}

// checkLoad loads what the world holds into a new index and asks that one.
func (w *world) checkLoad(t *testing.T) {
	t.Helper()
	loaded := New()
	watermark, err := loaded.OpenText(t.Context(), w.blocks)
	if err != nil {
		t.Fatal(err)
	}
	err = loaded.Load(2, func(yield func(string, []byte) bool) {
		var b []byte
		for _, id := range w.ids {
			b = Append(b[:0], &w.model.records[id].codes)
			if !yield(id, b) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range w.model.records {
		if r.codes.Slot > watermark {
			loaded.AddText(r.codes.Slot, r.terms())
		}
	}
	w.ix = loaded
	for range 50 {
		w.check(t)
	}
	for range 50 {
		w.change(t)
		w.check(t)
	}
}

func TestLargeColumns(t *testing.T) {
	w := newWorld(t, 99, newMemory())
	for range 4000 {
		w.change(t)
	}
	for range 60 {
		w.check(t)
	}
	for _, id := range slices.Clone(w.ids) {
		r := w.model.records[id]
		w.ix.Remove(id, r.codes.Version)
		delete(w.model.records, id)
	}
	if got := w.ix.Count(Query{Where: []Clause{Has{"n1"}}}); got != 0 {
		t.Errorf("%d records have n1 after all were removed", got)
	}
	for name, c := range w.ix.figures {
		if len(c.blocks) != 0 || c.count != 0 {
			t.Errorf("column %s keeps %d blocks, %d values", name, len(c.blocks), c.count)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	ix := New()
	a, b := "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"
	if err := ix.Apply(a, &Codes{Ord: 3, Slot: 5, Version: 1}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []Codes{{Ord: 3, Slot: 6}, {Ord: 5, Slot: 5}, {Ord: 6, Slot: 3}, {Ord: none, Slot: 7}} {
		if err := ix.Apply(b, &c); err == nil || !strings.Contains(err.Error(), "taken") {
			t.Errorf("ord %d and slot %d of another: %v", c.Ord, c.Slot, err)
		}
	}
	if n := ix.Take(); n != 6 {
		t.Errorf("Take gives %d, want 6", n)
	}
	ix.Remove(a, 4)
	if err := ix.Apply(a, &Codes{Ord: 3, Slot: 5, Version: 4}); err != nil || ix.Count(Query{}) != 0 {
		t.Errorf("a version that was removed came back: %v", err)
	}
	ix.Remove(b, 0)
	if err := ix.Apply(a, &Codes{Ord: 3, Slot: 3, Version: 5}); err != nil || ix.Count(Query{}) != 1 {
		t.Errorf("a newer version did not come: %v", err)
	}
	want := Place{Ord: 3, Slot: 3, Version: 5}
	if got, ok := ix.Find(a); !ok || got != want {
		t.Errorf("Find gives %v, want %v", got, want)
	}
	if id, ok := ix.ID(3); !ok || id != a {
		t.Errorf("ID gives %q, want %q", id, a)
	}
	if _, ok := ix.ID(5); ok {
		t.Error("a slot is no ord")
	}
}
