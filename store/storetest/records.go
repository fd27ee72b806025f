package storetest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/store"
)

// records: what is written is read, each part alone and all together.
func records(t *testing.T, b store.Backend) {
	must(t, b.Ping(bg))
	fields := store.Fields{"code": "c", "rank": int64(7), "done": true, "name": "李明", "tags": []string{"x", "y"}}
	r := thing("a", fields)
	must(t, b.Insert(bg, coll, r))
	got := get(t, b, "a")
	sameJSON(t, got.Body, r.Body)
	if got.ID != "a" || got.Version != 1 || cmp.Diff(got.Cards, r.Cards) != "" || !bytes.Equal(got.Codes, r.Codes) {
		t.Errorf("got %+v", got)
	}
	for part, want := range map[store.Part]string{store.StaffCard: "sa", store.ViewerCard: "va", store.MaskedCard: "ma", store.Codes: "\x00\xffa", 0: ""} {
		got, err := b.Get(bg, coll, "a", part)
		must(t, err)
		parts := []string{string(got.Cards.Staff), string(got.Cards.Viewer), string(got.Cards.Masked), string(got.Codes), string(got.Body)}
		if got.Version != 1 || strings.Join(parts, "") != want {
			t.Errorf("part %d: %q, want %q", part, parts, want)
		}
	}
	with := []string{"code", "rank", "done", "name", "tags", "words"}
	var read []store.Record
	must(t, b.Find(bg, coll, store.Query{With: with}, func(r store.Record) error { read = append(read, r); return nil }))
	if len(read) != 1 || read[0].Body != nil || read[0].Codes != nil {
		t.Fatalf("got %+v", read)
	}
	if diff := cmp.Diff(fields, read[0].Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}

	next := thing("a", store.Fields{"code": "d", "tags": []string{"y", "z"}})
	next.Entries = []json.RawMessage{entry(2, "second")}
	must(t, b.Update(bg, coll, 1, next))
	if got := get(t, b, "a"); got.Version != 2 {
		t.Errorf("version %d after one update", got.Version)
	}
	wantIDs(t, b, where(store.Eq{Field: "code", Value: "c"}))
	wantIDs(t, b, where(store.Eq{Field: "code", Value: "d"}), "a")
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"x"}}))
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"y", "z"}}), "a")
	wantIDs(t, b, where(store.Exists{Field: "rank"}))

	must(t, b.Delete(bg, coll, "a", 2))
	_, err := b.Get(bg, coll, "a", store.Body)
	wantErr(t, "get what is deleted", err, store.ErrNotFound)
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"y"}}))
	if h := entries(t, b, "a"); len(h) != 0 {
		t.Errorf("history of what is deleted: %v", h)
	}
	must(t, b.Insert(bg, coll, next)) // the code is free again
	restored := thing("r", nil)
	restored.Version = 41
	must(t, b.Insert(bg, coll, restored))
	if got := get(t, b, "r"); got.Version != 41 {
		t.Errorf("a copy of version 41 became %d", got.Version)
	}
}

// bodies: any JSON that the product makes comes back as it was.
func bodies(t *testing.T, b store.Backend) {
	for i, body := range []string{
		`{}`,
		`{"z":1,"a":2,"m":{"z":[],"a":{}}}`,
		`{"$set":{"version":9},"$where":"1","a.b":1,"":2,"a.$":[{"$ne":null}]}`,
		`{"n":[0,-1,9007199254740993,9223372036854775807,-9223372036854775808,1.5,-0.25,1e300,2.0,1e3,0.1]}`,
		`{"n":[9223372036854775808,-9223372036854775809,123456789012345678901234567890,0.12345678901234567890123456789,1e400,1e-400]}`,
		`{"t":[true,false,null,"",[],{},[[[]]]]}`,
		`{"s":["\u0000\u0001\t\n\r\"\\/","𠮷𡈽","é","<script>&","\u2028","لا"]}`,
		`{"deep":` + strings.Repeat(`{"d":[`, 40) + `1` + strings.Repeat(`]}`, 40) + `}`,
	} {
		id := "b" + strconv.Itoa(i)
		r := store.Record{ID: id, Body: []byte(body), Entries: []json.RawMessage{json.RawMessage(body)}}
		must(t, b.Insert(bg, coll, r))
		sameJSON(t, get(t, b, id).Body, r.Body)
		h, err := b.History(bg, coll, id)
		must(t, err)
		if len(h) != 1 {
			t.Fatalf("%d entries", len(h))
		}
		sameJSON(t, h[0], r.Body)
	}
}

// bigBodies: a body of 2 MB and a card of 200 KB are nothing special.
func bigBodies(t *testing.T, b store.Backend) {
	text := strings.Repeat("大", 700_000)
	r := store.Record{ID: "big", Body: []byte(`{"text":"` + text + `"}`), Cards: store.Cards{Staff: bytes.Repeat([]byte{7, 0}, 100_000)}}
	must(t, b.Insert(bg, coll, r))
	must(t, b.Update(bg, coll, 1, r))
	got := get(t, b, "big")
	sameJSON(t, got.Body, r.Body)
	if !bytes.Equal(got.Cards.Staff, r.Cards.Staff) {
		t.Error("the card differs")
	}
}

// declarations: only what is declared is kept and asked for.
func declarations(t *testing.T, b store.Backend) {
	for name, c := range map[string]store.Collection{
		"a name with a quote":     {Name: `x"; drop table things; --`},
		"a field with a dot":      {Name: "x", Fields: []store.Field{{Name: "a.b"}}},
		"a field twice":           {Name: "x", Fields: []store.Field{{Name: "a"}, {Name: "a"}}},
		"the id as a field":       {Name: "x", Fields: []store.Field{{Name: "id"}}},
		"an index of nothing":     {Name: "x", Indexes: []store.Index{{Fields: []string{"a"}}}},
		"an array beside another": {Name: "x", Fields: []store.Field{{Name: "a", Array: true}, {Name: "b"}}, Indexes: []store.Index{{Fields: []string{"a", "b"}}}},
		"a unique array":          {Name: "x", Fields: []store.Field{{Name: "a", Array: true}}, Indexes: []store.Index{{Fields: []string{"a"}, Unique: true}}},
	} {
		if b.Ensure(bg, c) == nil {
			t.Errorf("%s was declared", name)
		}
	}
	for name, f := range map[string]store.Fields{
		"no such field": {"colour": "red"}, "a list in a scalar": {"name": []string{"x"}}, "a scalar in a list": {"tags": "x"},
		"an object": {"name": map[string]any{"$ne": ""}}, "nil": {"name": nil},
	} {
		r := thing("x", f)
		if b.Insert(bg, coll, r) == nil {
			t.Errorf("insert with %s succeeded", name)
		}
		if errs := b.InsertMany(bg, coll, []store.Record{r}); len(errs) != 1 || errs[0] == nil {
			t.Errorf("insert of many with %s: %v", name, errs)
		}
	}
	if b.Insert(bg, coll, store.Record{Body: []byte("{}")}) == nil {
		t.Error("a record without id was inserted")
	}
	for name, q := range map[string]store.Query{
		"an undeclared field":       where(store.Eq{Field: "colour", Value: "red"}),
		"an operator as a field":    where(store.Eq{Field: "$where", Value: "1"}),
		"an operator as a value":    where(store.Eq{Field: "name", Value: map[string]any{"$ne": ""}}),
		"equal to nothing":          where(store.Eq{Field: "name", Value: nil}),
		"a scalar that has":         where(store.Has{Field: "name", Values: []string{"x"}}),
		"an array between":          where(store.Between{Field: "tags", From: "x"}),
		"sort by an array":          {Sort: []store.Order{{Field: "tags"}}},
		"two directions":            {Sort: []store.Order{{Field: "name"}, {Field: "rank", Desc: true}}},
		"sort behind the id":        {Sort: []store.Order{{Field: "id"}, {Field: "rank"}}},
		"a cursor too short":        {Sort: []store.Order{{Field: "rank"}}, After: []any{"x"}},
		"a cursor without id":       {Sort: []store.Order{{Field: "rank"}}, After: []any{int64(1), int64(2)}},
		"an undeclared field shown": {With: []string{"colour"}},
		"a limit below zero":        {Limit: -1},
	} {
		if err := b.Find(bg, coll, q, func(store.Record) error { return nil }); err == nil {
			t.Errorf("a query with %s was answered", name)
		}
	}
	if _, err := b.Get(bg, "nothing", "x", 0); err == nil {
		t.Error("a collection that is not declared was read")
	}
	wantIDs(t, b, store.Query{})
}

// laterDeclarations: a collection that is declared anew keeps its records and
// gains and loses indexes.
func laterDeclarations(t *testing.T, b store.Backend) {
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"name": "n", "code": "c"})))
	more := things
	more.Fields = append(slices.Clip(things.Fields), store.Field{Name: "colour"}, store.Field{Name: "moods", Array: true})
	more.Indexes = append(slices.Clip(things.Indexes[1:]), store.Index{Fields: []string{"colour"}, Unique: true}, store.Index{Fields: []string{"moods"}})
	must(t, b.Ensure(bg, more))
	must(t, b.Ensure(bg, more))
	wantIDs(t, b, where(store.Eq{Field: "name", Value: "n"}), "a")
	wantIDs(t, b, where(store.Exists{Field: "colour", Absent: true}), "a")
	must(t, b.Insert(bg, coll, thing("b", store.Fields{"code": "c", "colour": "red", "moods": []string{"glad"}}))) // code is not unique now
	wantErr(t, "a second red", b.Insert(bg, coll, thing("c", store.Fields{"colour": "red"})), store.ErrExists)
	wantIDs(t, b, where(store.Has{Field: "moods", Values: []string{"glad"}}), "b")
}

// put: derived records are stored whole, whether they are there or not.
func put(t *testing.T, b store.Backend) {
	r := func(id, text string) store.Record {
		return store.Record{ID: id, Version: 1, Cards: store.Cards{Staff: []byte(text)}}
	}
	var many []store.Record
	for i := range 1500 {
		many = append(many, r("n"+strconv.Itoa(i), "old"))
	}
	must(t, b.Put(bg, blocks.Name, many))
	must(t, b.Put(bg, blocks.Name, []store.Record{r("n7", "new"), r("other", "new")}))
	must(t, b.Put(bg, blocks.Name, nil))
	count := map[string]int{}
	must(t, b.Find(bg, blocks.Name, store.Query{Parts: store.StaffCard}, func(r store.Record) error { count[string(r.Cards.Staff)]++; return nil }))
	if diff := cmp.Diff(map[string]int{"old": 1499, "new": 2}, count); diff != "" {
		t.Error(diff)
	}
	// fields and values follow, the history stays
	must(t, b.Insert(bg, coll, thing("a", store.Fields{"tags": []string{"x"}, "code": "1"})))
	over := thing("a", store.Fields{"tags": []string{"y"}})
	over.Version, over.Entries = 5, nil
	must(t, b.Put(bg, coll, []store.Record{over}))
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"x"}}))
	wantIDs(t, b, where(store.Has{Field: "tags", Values: []string{"y"}}, store.Exists{Field: "code", Absent: true}), "a")
	if got := get(t, b, "a"); got.Version != 5 {
		t.Errorf("version %d", got.Version)
	}
	if h := entries(t, b, "a"); !slices.Equal(h, []string{"made a"}) {
		t.Errorf("history %v", h)
	}
}
