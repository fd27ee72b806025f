package mongo

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// kept is a collection with fields of each kind and a history.
var kept = &collection{Collection: store.Collection{
	Name: "things", History: true,
	Fields: []store.Field{{Name: "name"}, {Name: "rank"}, {Name: "done"}, {Name: "tags", Array: true}, {Name: "none"}},
}}

func sample() store.Record {
	return store.Record{
		ID: "x", Body: []byte(`{"b":1,"a":{"$c.d":[1.5]}}`), Cards: store.Cards{Staff: []byte("s")}, Codes: []byte{0, 255},
		Fields:  store.Fields{"tags": []string{"t", "u"}, "done": false, "rank": 7, "name": "$名"},
		Entries: []json.RawMessage{json.RawMessage(`{"seq":1}`), json.RawMessage(`{"seq":2}`)},
	}
}

const sampleState = `"body":{"b":1,"a":{"%24c%2Ed":[1.5]}},"cards":{"staff":{"$binary":{"base64":"cw==","subType":"00"}},"viewer":null,"masked":null},"codes":{"$binary":{"base64":"AP8=","subType":"00"}},"f":{"name":"$名","rank":7,"done":false,"tags":["t","u"]}`

const emptyState = `"body":null,"cards":{"staff":null,"viewer":null,"masked":null},"codes":null,"f":{}`

func TestDocuments(t *testing.T) {
	bare := &collection{Collection: store.Collection{Name: "blocks"}}
	for _, c := range []struct {
		name     string
		coll     *collection
		r        store.Record
		segments []string
		want     string
	}{
		{"a record", kept, sample(), nil, `{"_id":"x","version":1,` + sampleState + `,"history":[{"seq":1},{"seq":2}],"past":{"entries":2,"bytes":36,"segments":[]}}`},
		{"a copy put back", kept, store.Record{ID: "x", Version: 41, Entries: sample().Entries}, []string{"+x/0", "+x/1"}, `{"_id":"x","version":41,` + emptyState + `,"history":[{"seq":1},{"seq":2}],"past":{"entries":2,"bytes":36,"segments":["+x/0","+x/1"]}}`},
		{"without history", bare, store.Record{ID: "x"}, nil, `{"_id":"x","version":1,` + emptyState + `}`},
	} {
		entries, err := entriesOf(c.r)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := c.coll.document(c.r, entries, c.segments)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, extended(t, doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	for name, r := range map[string]store.Record{
		"a body that is no JSON":   {ID: "x", Body: []byte(`{"a":`)},
		"a document above 16 MB":   {ID: "x", Codes: make([]byte, maxDocument)},
		"two values for one entry": {ID: "x", Entries: []json.RawMessage{json.RawMessage(`1 2`)}},
	} {
		entries, err := entriesOf(r)
		if err == nil {
			_, err = kept.document(r, entries, nil)
		}
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestUpdates(t *testing.T) {
	without := sample()
	without.Entries = nil
	for _, c := range []struct {
		name string
		r    store.Record
		want string
	}{
		{"with entries", sample(), `{"$set":{"version":8,` + sampleState + `},"$push":{"history":{"$each":[{"seq":1},{"seq":2}]}},"$inc":{"past.entries":2,"past.bytes":36}}`},
		{"without", without, `{"$set":{"version":8,` + sampleState + `}}`},
		{"of everything to nothing", store.Record{ID: "x"}, `{"$set":{"version":8,` + emptyState + `}}`},
	} {
		for range 20 { // always in one order: fields come in a map
			change, err := kept.update(c.r, 8)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, extended(t, change)); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", c.name, diff)
			}
		}
	}
	if _, err := kept.update(store.Record{ID: "x", Body: []byte("{")}, 1); err == nil {
		t.Error("a body that is no JSON was taken")
	}
}

func TestRecords(t *testing.T) {
	r := sample()
	doc, err := kept.document(r, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := record(doc, []string{"tags", "name", "rank", "done", "none"})
	if err != nil {
		t.Fatal(err)
	}
	want := r
	want.Version, want.Entries = 1, nil
	want.Fields = store.Fields{"name": "$名", "rank": int64(7), "done": false, "tags": []string{"t", "u"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	clear(doc) // the record is the caller's, the document the driver's
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the record changed with the document (-want +got):\n%s", diff)
	}
}

func TestProjection(t *testing.T) {
	for p, want := range map[store.Part]string{
		0:                                  `{"version":1,"f.a":1}`,
		store.Body:                         `{"version":1,"body":1,"f.a":1}`,
		store.StaffCard | store.MaskedCard: `{"version":1,"cards.staff":1,"cards.masked":1,"f.a":1}`,
		store.ViewerCard | store.Codes:     `{"version":1,"cards.viewer":1,"codes":1,"f.a":1}`,
	} {
		if got := extended(t, projection(p, []string{"a"})); got != want {
			t.Errorf("parts %b: %s, want %s", p, got, want)
		}
	}
}

// TestSameState: a write is recognised by all that it set.
func TestSameState(t *testing.T) {
	state := func(edit func(*store.Record)) bson.Raw {
		r := sample()
		edit(&r)
		doc, err := kept.document(r, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	was := state(func(*store.Record) {})
	change, err := kept.update(sample(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !sameState(was, change.Lookup("$set").Document()) {
		t.Error("an update differs from the same insert")
	}
	for name, edit := range map[string]func(*store.Record){
		"version":      func(r *store.Record) { r.Version = 2 },
		"body":         func(r *store.Record) { r.Body = []byte(strings.Replace(string(r.Body), "1.5", "1.25", 1)) },
		"card":         func(r *store.Record) { r.Cards.Masked = []byte("m") },
		"codes":        func(r *store.Record) { r.Codes = nil },
		"field":        func(r *store.Record) { r.Fields["rank"] = 8 },
		"absent field": func(r *store.Record) { delete(r.Fields, "done") },
	} {
		if sameState(was, state(edit)) {
			t.Errorf("another %s was not seen", name)
		}
	}
}
