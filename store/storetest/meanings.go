package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"qunxian/store"
)

// absentFields match nothing but the question whether they are there.
func absentFields(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", nil)))
	must(t, b.Insert(bg, coll, thing("b", store.Fields{"name": "", "rank": int64(0), "done": false})))
	must(t, b.Insert(bg, coll, thing("c", store.Fields{"name": "x", "tags": []string{}})))
	wantIDs(t, b, where(store.Eq{Field: "name", Value: ""}), "b")
	wantIDs(t, b, where(store.In{Field: "name", Values: []any{"", "x"}}), "b", "c")
	wantIDs(t, b, where(store.Eq{Field: "rank", Value: int64(0)}), "b")
	wantIDs(t, b, where(store.Eq{Field: "done", Value: false}), "b")
	wantIDs(t, b, where(store.Between{Field: "name", From: ""}), "b", "c")
	wantIDs(t, b, where(store.Between{Field: "name", To: "y"}), "b", "c")
	wantIDs(t, b, where(store.Between{Field: "rank", To: int64(9)}), "b")
	wantIDs(t, b, where(store.Between{Field: "name"}), "b", "c")
	wantIDs(t, b, where(store.Exists{Field: "name"}), "b", "c")
	wantIDs(t, b, where(store.Exists{Field: "name", Absent: true}), "a")
	wantIDs(t, b, where(store.Exists{Field: "tags"}))
	wantIDs(t, b, where(store.Exists{Field: "tags", Absent: true}), "a", "b", "c")
	wantIDs(t, b, where(store.Exists{Field: "id"}), "a", "b", "c")
	wantIDs(t, b, where(store.Exists{Field: "id", Absent: true}))
}

// numbers compare by value, whole or not.
func numbers(t *testing.T, b store.Backend) {
	for id, v := range map[string]any{
		"a": int64(-3), "b": int64(2), "c": 2.0, "d": 2.5, "e": int64(1) << 53, "f": int64(1)<<53 + 1, "g": 1e300, "h": 10,
	} {
		must(t, b.Insert(bg, coll, thing(id, store.Fields{"rank": v})))
	}
	wantIDs(t, b, where(store.Eq{Field: "rank", Value: 2.0}), "b", "c")
	wantIDs(t, b, where(store.Eq{Field: "rank", Value: 2}), "b", "c")
	wantIDs(t, b, where(store.In{Field: "rank", Values: []any{int64(2), 10.0}}), "b", "c", "h")
	wantIDs(t, b, where(store.Eq{Field: "rank", Value: int64(1)<<53 + 1}), "f")
	wantIDs(t, b, where(store.Between{Field: "rank", From: 2.25, To: int64(10)}), "d", "h")
	wantIDs(t, b, store.Query{Sort: []store.Order{{Field: "rank"}}}, "a", "b", "c", "d", "h", "e", "f", "g")
	wantIDs(t, b, store.Query{Sort: []store.Order{{Field: "rank", Desc: true}}}, "g", "f", "e", "h", "d", "c", "b", "a")
	wantIDs(t, b, store.Query{Sort: []store.Order{{Field: "rank"}}, After: []any{2.0, "b"}, Limit: 2}, "c", "d")
	wantIDs(t, b, where(store.Eq{Field: "rank", Value: "2"}))
}

// literalValues mean themselves, whatever they look like to a database.
func literalValues(t *testing.T, b store.Backend) {
	odd := []string{
		"'", `"`, "`", `\`, "%", "_", "*", "?", ";", "--", "' OR 1=1 --", `'; DROP TABLE things; --`, `{"$ne":""}`, "$ne", "$where", "$", ".", "a.b",
		"null", "NULL", "nil", "true", "0", "00", "1e3", "NaN", "Infinity", "-0", " ", "  ", "\t", "\n", "\x00", "a\x00b", "\x7f", "\u00e9", "e\u0301", "ß", "İ", "ﬀ",
		"田", "𠮷", "𠮷𠮷", "👩‍👩‍👧", "\u202eabc", "؟", "()", "(a+)+$", "<b>", "&amp;", "../..", "C:\\", "~", "!", "#", "[]", "{}", "|", "^", "😀",
	}
	var rs []store.Record
	for i, s := range odd {
		rs = append(rs, thing("o"+fmt.Sprintf("%03d", i), store.Fields{"code": s, "name": s, "tags": []string{s, "each"}}))
	}
	for i, err := range b.InsertMany(bg, coll, rs) {
		if err != nil {
			t.Fatalf("%q: %v", odd[i], err)
		}
	}
	for i, s := range odd {
		id := rs[i].ID
		wantIDs(t, b, where(store.Eq{Field: "code", Value: s}), id)
		wantIDs(t, b, where(store.In{Field: "name", Values: []any{s, s}}), id)
		wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"each", s}}), id)
		wantIDs(t, b, where(store.Between{Field: "name", From: s, To: s}), id)
		wantErr(t, "the same code "+strconv.Quote(s), b.Insert(bg, coll, thing("x", store.Fields{"code": s})), store.ErrExists)
		must(t, b.Insert(bg, coll, thing(s, nil)))
		if got := get(t, b, s); got.ID != s {
			t.Errorf("id %q became %q", s, got.ID)
		}
	}
	sorted := slices.Clone(odd)
	slices.Sort(sorted)
	var got []string
	q := store.Query{Where: []store.Cond{store.Exists{Field: "name"}}, Sort: []store.Order{{Field: "name"}}, With: []string{"name"}}
	must(t, b.Find(bg, coll, q, func(r store.Record) error { got = append(got, r.Fields["name"].(string)); return nil }))
	if !slices.Equal(got, sorted) {
		t.Errorf("text is not sorted by its bytes:\n got %q\nwant %q", got, sorted)
	}
}

// emptyLists: In of nothing holds nothing, Has of nothing holds everything.
func emptyLists(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", nil)))
	must(t, b.Insert(bg, coll, thing("b", store.Fields{"name": "x", "tags": []string{"x"}})))
	wantIDs(t, b, where(store.In{Field: "name"}))
	wantIDs(t, b, where(store.In{Field: "id", Values: []any{}}))
	wantIDs(t, b, where(store.Has{Field: "tags"}), "a", "b")
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{}}, store.Eq{Field: "name", Value: "x"}), "b")
	wantIDs(t, b, where(store.In{Field: "name"}, store.Has{Field: "tags"}))
	if errs := b.InsertMany(bg, coll, nil); len(errs) != 0 {
		t.Errorf("insert of nothing: %v", errs)
	}
	if errs := b.UpdateMany(bg, coll, nil); len(errs) != 0 {
		t.Errorf("update of nothing: %v", errs)
	}
}

// longLists: a list of ids of any length is answered in the order of ids, each
// record once; a list above the limit is refused.
func longLists(t *testing.T, b store.Backend) {
	var rs []store.Record
	for i := range 40 {
		rs = append(rs, thing(fmt.Sprintf("r%02d", i), nil))
	}
	for _, err := range b.InsertMany(bg, coll, rs) {
		must(t, err)
	}
	for _, n := range []int{1, 2, 3, 17, 500, store.MaxIn} {
		var values []any
		var want []string
		for i := range n {
			id := fmt.Sprintf("r%02d", (n-1-i)%90)
			if values = append(values, id); id < "r40" && !slices.Contains(want, id) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		wantIDs(t, b, where(store.In{Field: "id", Values: values}), want...)
	}
	if err := b.Find(bg, coll, where(store.In{Field: "id", Values: make([]any, store.MaxIn+1)}), nil); err == nil {
		t.Error("a list above the limit was answered")
	}
}

// orderOfAbsent: an absent field is the smallest value, and pages go through
// it in both directions.
func orderOfAbsent(t *testing.T, b store.Backend) {
	for id, f := range map[string]store.Fields{
		"a": nil, "b": {"name": ""}, "c": {"name": "x", "rank": 1}, "d": {"rank": 1}, "e": {"name": "x"}, "f": {"rank": 0},
	} {
		must(t, b.Insert(bg, coll, thing(id, f)))
	}
	up, down := []store.Order{{Field: "name"}, {Field: "rank"}}, []store.Order{{Field: "name", Desc: true}, {Field: "rank", Desc: true}}
	wantIDs(t, b, store.Query{Sort: up}, "a", "f", "d", "b", "e", "c")
	wantIDs(t, b, store.Query{Sort: down}, "c", "e", "b", "d", "f", "a")
	wantIDs(t, b, store.Query{Sort: up, After: []any{nil, nil, "a"}}, "f", "d", "b", "e", "c")
	wantIDs(t, b, store.Query{Sort: up, After: []any{nil, 0, "f"}, Limit: 2}, "d", "b")
	wantIDs(t, b, store.Query{Sort: up, After: []any{"x", nil, "e"}}, "c")
	wantIDs(t, b, store.Query{Sort: down, After: []any{"x", nil, "e"}}, "b", "d", "f", "a")
	wantIDs(t, b, store.Query{Sort: down, After: []any{"", nil, "b"}, Limit: 1}, "d")
	wantIDs(t, b, store.Query{Sort: down, After: []any{nil, nil, "a"}})
	wantIDs(t, b, store.Query{Sort: []store.Order{{Field: "id", Desc: true}}, After: []any{"c"}}, "b", "a")
	// a cursor need not be of a record that is there
	wantIDs(t, b, store.Query{Sort: up, After: []any{"m", 4, "zz"}}, "e", "c")
}

// uniqueFields: no two records that have all fields of a unique index have the
// same; those that lack one may be many.
func uniqueFields(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"code": "1", "group": "g", "place": "p"})))
	wantErr(t, "the same code", b.Insert(bg, coll, thing("b", store.Fields{"code": "1"})), store.ErrExists)
	wantErr(t, "the same pair", b.Insert(bg, coll, thing("b", store.Fields{"group": "g", "place": "p"})), store.ErrExists)
	wantErr(t, "the same id", b.Insert(bg, coll, thing("a", nil)), store.ErrExists)
	for i, f := range []store.Fields{{"group": "g", "place": "q"}, {"group": "g"}, {"group": "g"}, {"place": "p"}, {"place": "p"}, nil, nil, {"code": "2"}, {"code": ""}} {
		must(t, b.Insert(bg, coll, thing("n"+strconv.Itoa(i), f)))
	}
	wantErr(t, "an update to a code that is taken", b.Update(bg, coll, 1, thing("n8", store.Fields{"code": "1"})), store.ErrExists)
	must(t, b.Update(bg, coll, 1, thing("a", store.Fields{"code": "1"}))) // its own
	must(t, b.Delete(bg, coll, "a", 2))
	must(t, b.Update(bg, coll, 1, thing("n8", store.Fields{"code": "1"})))
	wantIDs(t, b, where(store.Eq{Field: "code", Value: "1"}), "n8")
}
