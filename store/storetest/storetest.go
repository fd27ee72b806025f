// Package storetest is the contract that every database adapter keeps: the
// clauses of package store as tests, and the same answers as a naive model.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/store"
)

// Run holds the backends that open gives to the contract. Each call of open
// gives an empty database, which open closes at the end of its test.
func Run(t *testing.T, open func(testing.TB) store.Backend) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Backend)
	}{
		{"records", records},
		{"bodies", bodies},
		{"big bodies", bigBodies},
		{"declarations", declarations},
		{"later declarations", laterDeclarations},
		{"absent fields", absentFields},
		{"numbers", numbers},
		{"literal values", literalValues},
		{"empty lists", emptyLists},
		{"long lists", longLists},
		{"order of absent fields", orderOfAbsent},
		{"unique fields", uniqueFields},
		{"history", history},
		{"long histories", longHistories},
		{"stale writes", staleWrites},
		{"insert many", insertMany},
		{"update many", updateMany},
		{"put", put},
		{"all or nothing", allOrNothing},
		{"contexts", contexts},
		{"find stops", findStops},
		{"8 writers", func(t *testing.T, b store.Backend) { writers(t, b, 8, 25) }},
		{"16 writers", func(t *testing.T, b store.Backend) { writers(t, b, 16, times(500, 50)) }},
		{"same key at once", sameKeyAtOnce},
		{"queries like the model", likeTheModel},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			must(t, b.Ensure(bg, things))
			must(t, b.Ensure(bg, blocks))
			c.test(t, b)
		})
	}
}

var bg = context.Background()

// things is a collection with everything that one can have.
var things = store.Collection{
	Name: "things", History: true,
	Fields: []store.Field{
		{Name: "code"},
		{Name: "group"},
		{Name: "place"},
		{Name: "name"},
		{Name: "rank"},
		{Name: "done"},
		{Name: "tags", Array: true},
		{Name: "words", Array: true},
	},
	Indexes: []store.Index{
		{Fields: []string{"code"}, Unique: true},
		{Fields: []string{"group", "place"}, Unique: true},
		{Fields: []string{"name"}},
		{Fields: []string{"rank", "name"}},
		{Fields: []string{"done", "rank"}},
		{Fields: []string{"tags"}},
		{Fields: []string{"words"}},
	},
}

// blocks is a derived collection.
var blocks = store.Collection{Name: "things.blocks"}

const coll = "things"

// times is how often to do what is to be done full times, less where tests are
// to be short.
func times(full, short int) int {
	if testing.Short() || raced {
		return short
	}
	return full
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// thing is a record with a body that tells it from others.
func thing(id string, f store.Fields) store.Record {
	return store.Record{
		ID: id, Body: text(map[string]string{"id": id, "note": "甲"}), Fields: f,
		Cards: store.Cards{Staff: []byte("s" + id), Viewer: []byte("v" + id), Masked: []byte("m" + id)}, Codes: []byte{0, 255, id[0]},
		Entries: []json.RawMessage{entry(1, "made "+id)},
	}
}

func entry(seq int, op string) json.RawMessage {
	return json.RawMessage(`{"seq":` + strconv.Itoa(seq) + `,"opId":` + string(text(op)) + `,"changes":[{"path":"note","from":null,"to":"甲"}]}`)
}

func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// ids are those of the records that match, in order.
func ids(t testing.TB, b store.Backend, q store.Query) []string {
	t.Helper()
	var out []string
	if err := b.Find(bg, coll, q, func(r store.Record) error { out = append(out, r.ID); return nil }); err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return out
}

func wantIDs(t testing.TB, b store.Backend, q store.Query, want ...string) {
	t.Helper()
	if got := ids(t, b, q); !slices.Equal(got, want) {
		t.Errorf("%+v:\n got %v\nwant %v", q, got, want)
	}
}

func where(c ...store.Cond) store.Query { return store.Query{Where: c} }

func get(t testing.TB, b store.Backend, id string) store.Record {
	t.Helper()
	r, err := b.Get(bg, coll, id, store.Body|store.StaffCard|store.ViewerCard|store.MaskedCard|store.Codes)
	must(t, err)
	return r
}

func entries(t testing.TB, b store.Backend, id string) []string {
	t.Helper()
	h, err := b.History(bg, coll, id)
	must(t, err)
	var out []string
	for _, e := range h {
		var v struct{ OpID string }
		must(t, json.Unmarshal(e, &v))
		out = append(out, v.OpID)
	}
	return out
}

// sameJSON says that two texts hold the same values under the same keys in the
// same order.
func sameJSON(t testing.TB, got, want []byte) {
	t.Helper()
	if diff := cmp.Diff(tokens(t, want), tokens(t, got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// tokens are the parts of a JSON text, numbers by their value.
func tokens(t testing.TB, text []byte) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var out []string
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		must(t, err)
		if n, ok := tok.(json.Number); ok {
			exact, ok := new(big.Rat).SetString(n.String())
			if !ok {
				t.Fatalf("%s is not a number", n)
			}
			tok = exact.RatString()
		}
		out = append(out, fmt.Sprintf("%T %v", tok, tok))
	}
}
