package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/store"
)

// history is only ever appended to, and read in that order.
func history(t *testing.T, b store.Backend) {
	r := thing("a", nil)
	must(t, b.Insert(bg, coll, r))
	must(t, b.Insert(bg, coll, thing("b", nil)))
	want, version := []string{"made a"}, int64(1)
	for i := range 12 {
		r.Entries = nil
		for k := range i % 3 { // a write may append none, or several
			op := fmt.Sprintf("%d/%d", i, k)
			r.Entries = append(r.Entries, entry(len(want)+1, op))
			want = append(want, op)
		}
		must(t, b.Update(bg, coll, version, r))
		version += max(1, int64(i%3))
		if got := get(t, b, "a").Version; got != version {
			t.Fatalf("version %d after %d more entries, want %d", got, i%3, version)
		}
	}
	if diff := cmp.Diff(want, entries(t, b, "a")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if h := entries(t, b, "b"); !slices.Equal(h, []string{"made b"}) {
		t.Errorf("another record's history: %v", h)
	}
	if h := entries(t, b, "nobody"); len(h) != 0 {
		t.Errorf("history of no record: %v", h)
	}
	keepsNone := store.Record{ID: "x", Body: []byte("{}"), Entries: []json.RawMessage{entry(1, "x")}}
	if b.Insert(bg, blocks.Name, keepsNone) == nil {
		t.Error("an entry was taken where no history is kept")
	}
}

// longHistories: a history is as long as a record is edited, in many entries or
// in big ones, and so is that of a copy which is put back.
func longHistories(t *testing.T, b store.Backend) {
	big := func(seq int, op string, size int) json.RawMessage {
		return json.RawMessage(`{"seq":` + strconv.Itoa(seq) + `,"opId":"` + op + `","to":"` + strings.Repeat("x", size) + `"}`)
	}
	r := thing("a", nil)
	must(t, b.Insert(bg, coll, r))
	want := []string{"made a"}
	version := int64(1)
	add := func(entries ...json.RawMessage) {
		t.Helper()
		r.Entries = entries
		must(t, b.Update(bg, coll, version, r))
		version += r.Grows()
	}
	for i := range 30 { // 30 MB
		op := fmt.Sprintf("big %d", i)
		add(big(len(want)+1, op, 1<<20))
		want = append(want, op)
	}
	for i := range 70 { // 25 at a time
		var some []json.RawMessage
		for k := range 25 {
			op := fmt.Sprintf("%d/%d", i, k)
			some = append(some, entry(len(want)+1, op))
			want = append(want, op)
		}
		add(some...)
	}
	if diff := cmp.Diff(want, entries(t, b, "a")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	whole, err := b.History(bg, coll, "a")
	must(t, err)
	must(t, b.Delete(bg, coll, "a", version))
	if h := entries(t, b, "a"); len(h) != 0 {
		t.Errorf("%d entries of a record that is gone", len(h))
	}
	r.Version, r.Entries = version, whole
	must(t, b.Insert(bg, coll, r))
	wantErr(t, "a second copy", b.Insert(bg, coll, r), store.ErrExists)
	add(entry(len(want)+1, "last"))
	if diff := cmp.Diff(append(want, "last"), entries(t, b, "a")); diff != "" {
		t.Errorf("put back (-want +got):\n%s", diff)
	}
}

// staleWrites: a write from an older version changes nothing.
func staleWrites(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"name": "first"})))
	must(t, b.Update(bg, coll, 1, thing("a", store.Fields{"name": "second"})))
	stale := thing("a", store.Fields{"name": "stale", "tags": []string{"stale"}})
	for _, v := range []int64{0, 1, 3} {
		wantErr(t, "an update from version "+strconv.FormatInt(v, 10), b.Update(bg, coll, v, stale), store.ErrConflict)
		wantErr(t, "a delete of version "+strconv.FormatInt(v, 10), b.Delete(bg, coll, "a", v), store.ErrConflict)
	}
	wantErr(t, "an update of nothing", b.Update(bg, coll, 1, thing("b", nil)), store.ErrNotFound)
	wantErr(t, "a delete of nothing", b.Delete(bg, coll, "b", 1), store.ErrNotFound)
	wantIDs(t, b, where(store.Eq{Field: "name", Value: "second"}), "a")
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"stale"}}))
	if h := entries(t, b, "a"); len(h) != 2 {
		t.Errorf("history %v", h)
	}
}

// insertMany answers for each record; those that fail stop no other.
func insertMany(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("old", store.Fields{"code": "taken"})))
	var rs []store.Record
	want := map[int]error{}
	for i := range 1200 {
		id, f := fmt.Sprintf("n%04d", i), store.Fields{"code": strconv.Itoa(i), "tags": []string{"t" + strconv.Itoa(i%3)}}
		switch i {
		case 3:
			id, want[i] = "old", store.ErrExists
		case 7, 1100:
			f["code"], want[i] = "taken", store.ErrExists
		case 9:
			f["code"], want[i] = "8", store.ErrExists // of the same call
		}
		rs = append(rs, thing(id, f))
	}
	errs := b.InsertMany(bg, coll, rs)
	if len(errs) != len(rs) {
		t.Fatalf("%d answers for %d records", len(errs), len(rs))
	}
	for i, err := range errs {
		if !errors.Is(err, want[i]) {
			t.Errorf("record %d: %v, want %v", i, err, want[i])
		}
	}
	if n := len(ids(t, b, store.Query{})); n != 1+1200-4 {
		t.Errorf("%d records", n)
	}
	wantIDs(t, b, where(store.In{Field: "id", Values: []any{"n0007", "n0008", "n0009", "n0010"}}), "n0008", "n0010")
	if h := entries(t, b, "n0009"); len(h) != 0 {
		t.Errorf("a refused record has a history: %v", h)
	}
	if h := entries(t, b, "n1199"); len(h) != 1 {
		t.Errorf("history %v", h)
	}
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"t0"}}, store.In{Field: "id", Values: []any{"n0009", "n0012"}}), "n0012")
}

// updateMany answers for each record, each from its own version.
func updateMany(t *testing.T, b store.Backend) {
	var rs []store.Record
	for i := range 6 {
		rs = append(rs, thing("n"+strconv.Itoa(i), store.Fields{"code": strconv.Itoa(i)}))
	}
	for _, err := range b.InsertMany(bg, coll, rs) {
		must(t, err)
	}
	for i := range rs {
		rs[i].Version, rs[i].Fields, rs[i].Entries = 1, store.Fields{"name": "new"}, []json.RawMessage{entry(2, "again")}
	}
	rs[1].Version = 4
	rs[2].ID = "nobody"
	rs[3].Fields = store.Fields{"code": "1"}
	rs[5].Fields = store.Fields{"colour": "red"}
	errs := b.UpdateMany(bg, coll, rs)
	for i, want := range []error{nil, store.ErrConflict, store.ErrNotFound, store.ErrExists, nil} {
		if !errors.Is(errs[i], want) {
			t.Errorf("record %d: %v, want %v", i, errs[i], want)
		}
	}
	if errs[5] == nil {
		t.Error("an undeclared field was written")
	}
	wantIDs(t, b, where(store.Eq{Field: "name", Value: "new"}), "n0", "n4")
	for id, n := range map[string]int{"n0": 2, "n1": 1, "n3": 1, "n4": 2, "n5": 1} {
		if h := entries(t, b, id); len(h) != n || get(t, b, id).Version != int64(n) {
			t.Errorf("%s: history %v, version %d, want %d", id, h, get(t, b, id).Version, n)
		}
	}
}

// allOrNothing: a write that is refused leaves nothing of any part.
func allOrNothing(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"code": "1", "tags": []string{"x"}})))
	must(t, b.Insert(bg, coll, thing("b", store.Fields{"code": "2", "tags": []string{"y"}})))
	before := get(t, b, "b")
	bad := thing("b", store.Fields{"code": "1", "name": "bad", "tags": []string{"bad"}})
	bad.Body, bad.Entries = []byte(`{"bad":true}`), []json.RawMessage{entry(2, "bad")}
	wantErr(t, "update", b.Update(bg, coll, 1, bad), store.ErrExists)
	if diff := cmp.Diff(before, get(t, b, "b")); diff != "" {
		t.Errorf("a refused update changed (-before +after):\n%s", diff)
	}
	bad.ID = "c"
	wantErr(t, "insert", b.Insert(bg, coll, bad), store.ErrExists)
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"bad"}}))
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"y"}}), "b")
	wantIDs(t, b, store.Query{}, "a", "b")
	for id, want := range map[string]int{"b": 1, "c": 0} {
		if h := entries(t, b, id); len(h) != want {
			t.Errorf("history of %s: %v", id, h)
		}
	}
}

// contexts: an ended context ends a call; a write is then known not to have
// happened.
func contexts(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"name": "old"})))
	ctx, cancel := context.WithCancel(bg)
	cancel()
	next := thing("a", store.Fields{"name": "new"})
	next.Version = 1
	for name, err := range map[string]error{
		"insert":      b.Insert(ctx, coll, thing("b", nil)),
		"insert many": b.InsertMany(ctx, coll, []store.Record{thing("b", nil)})[0],
		"update":      b.Update(ctx, coll, 1, next),
		"update many": b.UpdateMany(ctx, coll, []store.Record{next})[0],
		"put":         b.Put(ctx, coll, []store.Record{next}),
		"delete":      b.Delete(ctx, coll, "a", 1),
	} {
		wantErr(t, name, err, context.Canceled)
		wantErr(t, name, err, store.ErrUnavailable)
	}
	_, err := b.Get(ctx, coll, "a", store.Body)
	wantErr(t, "get", err, context.Canceled)
	_, err = b.History(ctx, coll, "a")
	wantErr(t, "history", err, context.Canceled)
	wantErr(t, "find", b.Find(ctx, coll, store.Query{}, func(store.Record) error { t.Error("found"); return nil }), context.Canceled)
	wantIDs(t, b, where(store.Eq{Field: "name", Value: "old"}), "a")
	wantIDs(t, b, store.Query{}, "a")
}

// findStops: no record comes after a context has ended or each has failed.
func findStops(t *testing.T, b store.Backend) {
	var rs []store.Record
	for i := range 500 {
		rs = append(rs, thing(fmt.Sprintf("n%03d", i), nil))
	}
	for _, err := range b.InsertMany(bg, coll, rs) {
		must(t, err)
	}
	ctx, cancel := context.WithCancel(bg)
	n := 0
	err := b.Find(ctx, coll, store.Query{}, func(store.Record) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n != 3 {
		t.Errorf("%d records, %v", n, err)
	}
	enough := errors.New("enough")
	n = 0
	err = b.Find(bg, coll, store.Query{}, func(store.Record) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d records, %v", n, err)
	}
	wantIDs(t, b, store.Query{Limit: 2}, "n000", "n001") // the connection is free again
}

// writers edit one record at the same time, each until all its edits are
// accepted: each version is written once, and the history is that of the
// accepted edits.
func writers(t *testing.T, b store.Backend, n, edits int) {
	must(t, b.Insert(bg, coll, thing("a", nil)))
	accepted := make([]string, n*edits+2) // by version
	accepted[1] = "made a"
	var mu sync.Mutex
	refused := 0
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			for done := 0; done < edits; {
				old, err := b.Get(bg, coll, "a", store.Body)
				if err != nil {
					t.Error(err)
					return
				}
				op := fmt.Sprintf("%d/%d", w, done)
				r := thing("a", store.Fields{"name": op, "tags": []string{"w" + strconv.Itoa(w)}})
				r.Entries = []json.RawMessage{entry(int(old.Version)+1, op)}
				err = b.Update(bg, coll, old.Version, r)
				mu.Lock()
				switch {
				case errors.Is(err, store.ErrConflict):
					refused++
				case err != nil:
					t.Error(err)
					done = edits
				case accepted[old.Version+1] != "":
					t.Errorf("version %d was written by %s and by %s", old.Version+1, accepted[old.Version+1], op)
					done = edits
				default:
					accepted[old.Version+1] = op
					done++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if last := get(t, b, "a"); last.Version != int64(n*edits+1) {
		t.Errorf("version %d after %d accepted edits", last.Version, n*edits)
	}
	h := entries(t, b, "a")
	if diff := cmp.Diff(accepted[1:], h); diff != "" {
		t.Errorf("history (-accepted +stored):\n%s", diff)
	}
	wantIDs(t, b, where(store.Eq{Field: "name", Value: h[len(h)-1]}), "a")
	t.Logf("%d writers: %d edits accepted, %d refused, 0 lost", n, n*edits, refused)
}

// sameKeyAtOnce: of many who add one unique value at the same time one wins.
func sameKeyAtOnce(t *testing.T, b store.Backend) {
	for round := range times(1000, 20) {
		key := strconv.Itoa(round)
		won := make([]bool, 8)
		var wg sync.WaitGroup
		for i := range won {
			wg.Go(func() {
				err := b.Insert(bg, coll, thing(key+"-"+strconv.Itoa(i), store.Fields{"code": key}))
				if won[i] = err == nil; err != nil && !errors.Is(err, store.ErrExists) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := ids(t, b, where(store.Eq{Field: "code", Value: key}))
		if len(got) != 1 || !won[got[0][len(got[0])-1]-'0'] {
			t.Fatalf("round %d: stored %v, told %v", round, got, won)
		}
	}
}
