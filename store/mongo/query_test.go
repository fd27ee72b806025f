package mongo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// asked is what the finds of a query say.
func asked(t *testing.T, c store.Collection, q store.Query) []string {
	t.Helper()
	sels, err := selections(c, q)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, s := range sels {
		out = append(out, extended(t, bson.D{{Key: "f", Value: s.filter}, {Key: "s", Value: s.sort}}))
	}
	return out
}

// extended is a value as the JSON that a shell of MongoDB shows.
func extended(t *testing.T, v any) string {
	t.Helper()
	text, err := bson.MarshalExtJSON(v, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var indexed = store.Collection{
	Name:   "things",
	Fields: []store.Field{{Name: "a"}, {Name: "b"}, {Name: "code"}, {Name: "part"}, {Name: "tags", Array: true}},
	Indexes: []store.Index{
		{Fields: []string{"a", "b"}},
		{Fields: []string{"code"}, Unique: true},
		{Fields: []string{"code", "part"}, Unique: true},
		{Fields: []string{"tags"}},
	},
}

func TestSelections(t *testing.T) {
	up := []store.Order{{Field: "a"}, {Field: "b"}}
	down := []store.Order{{Field: "a", Desc: true}, {Field: "b", Desc: true}}
	for _, c := range []struct {
		name string
		q    store.Query
		want []string
	}{
		{"everything", store.Query{}, []string{`{"f":{},"s":{"_id":1}}`}},
		{"by id, downwards", store.Query{Sort: []store.Order{{Field: "id", Desc: true}}}, []string{`{"f":{},"s":{"_id":-1}}`}},
		{"by id, after one", store.Query{After: []any{"x"}}, []string{`{"f":{"$and":[{"_id":{"$gt":"x"}}]},"s":{"_id":1}}`}},
		{"by id, downwards after one", store.Query{Sort: []store.Order{{Field: "id", Desc: true}}, After: []any{"x"}}, []string{`{"f":{"$and":[{"_id":{"$lt":"x"}}]},"s":{"_id":-1}}`}},
		{"each condition", store.Query{Where: []store.Cond{
			store.Eq{Field: "a", Value: "$ne"},
			store.In{Field: "id", Values: []any{"x", "y"}},
			store.Has{Field: "tags", Values: []string{"rare", "often"}},
			store.Has{Field: "tags"},
			store.Between{Field: "b", From: int64(1), To: 2.5},
			store.Between{Field: "b", To: true},
			store.Between{Field: "b"},
			store.Exists{Field: "b"},
			store.Exists{Field: "tags", Absent: true},
		}}, []string{`{"f":{"$and":[{"f.a":{"$eq":"$ne"}},{"_id":{"$in":["x","y"]}},{"f.tags":{"$all":["rare","often"]}},{"f.b":{"$gte":1}},{"f.b":{"$lte":2.5}},{"f.b":{"$lte":true}},{"f.b":{"$exists":true}},{"f.b":{"$exists":true}},{"f.tags":{"$exists":false}}]},"s":{"_id":1}}`}},
		{"in nothing", store.Query{Where: []store.Cond{store.Eq{Field: "a", Value: 1}, store.In{Field: "b"}}}, []string{}},
		{"one of a unique index", store.Query{Where: []store.Cond{store.Eq{Field: "code", Value: "x"}}}, []string{`{"f":{"$and":[{"f.code":{"$eq":"x"}}]},"s":{}}`}},
		{"some of a unique index", store.Query{Where: []store.Cond{store.Eq{Field: "part", Value: "x"}}}, []string{`{"f":{"$and":[{"f.part":{"$eq":"x"}}]},"s":{"_id":1}}`}},
		{"two fields", store.Query{Sort: up}, []string{`{"f":{},"s":{"f.a":1,"f.b":1,"_id":1}}`}},
		{"one field, after one", store.Query{Sort: up[:1], After: []any{"v", "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$gte":"v"},"$or":[{"f.a":{"$gt":"v"}},{"f.a":"v","_id":{"$gt":"x"}}]}]},"s":{"f.a":1,"_id":1}}`,
		}},
		{"one field downwards, after one", store.Query{Sort: down[:1], After: []any{"v", "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$lte":"v"},"$or":[{"f.a":{"$lt":"v"}},{"f.a":"v","_id":{"$lt":"x"}}]}]},"s":{"f.a":-1,"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":null}}]},"s":{"_id":-1}}`,
		}},
		{"one field, after one without", store.Query{Sort: up[:1], After: []any{nil, "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$eq":null}},{"_id":{"$gt":"x"}}]},"s":{"_id":1}}`,
			`{"f":{"$and":[{"f.a":{"$gte":{"$numberDouble":"-Infinity"}}}]},"s":{"f.a":1,"_id":1}}`,
			`{"f":{"$and":[{"f.a":{"$gte":""}}]},"s":{"f.a":1,"_id":1}}`,
			`{"f":{"$and":[{"f.a":{"$gte":false}}]},"s":{"f.a":1,"_id":1}}`,
		}},
		{"one field downwards, after one without", store.Query{Sort: down[:1], After: []any{nil, "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$eq":null}},{"_id":{"$lt":"x"}}]},"s":{"_id":-1}}`,
		}},
		{"two fields, after one", store.Query{Sort: up, After: []any{1, 2, "x"}, Where: []store.Cond{store.Eq{Field: "part", Value: "p"}}}, []string{
			`{"f":{"$and":[{"f.part":{"$eq":"p"}},{"f.a":{"$eq":1}},{"f.b":{"$eq":2}},{"_id":{"$gt":"x"}}]},"s":{"_id":1}}`,
			`{"f":{"$and":[{"f.part":{"$eq":"p"}},{"f.a":{"$eq":1}},{"f.b":{"$gt":2}}]},"s":{"f.b":1,"_id":1}}`,
			`{"f":{"$and":[{"f.part":{"$eq":"p"}},{"f.a":{"$gt":1}}]},"s":{"f.a":1,"f.b":1,"_id":1}}`,
		}},
		{"two fields downwards, after one", store.Query{Sort: down, After: []any{1, 2, "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$eq":1}},{"f.b":{"$eq":2}},{"_id":{"$lt":"x"}}]},"s":{"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":1}},{"f.b":{"$lt":2}}]},"s":{"f.b":-1,"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":1}},{"f.b":{"$eq":null}}]},"s":{"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$lt":1}}]},"s":{"f.a":-1,"f.b":-1,"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":null}}]},"s":{"f.b":-1,"_id":-1}}`,
		}},
		{"two fields downwards, after one without the first", store.Query{Sort: down, After: []any{nil, 2, "x"}}, []string{
			`{"f":{"$and":[{"f.a":{"$eq":null}},{"f.b":{"$eq":2}},{"_id":{"$lt":"x"}}]},"s":{"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":null}},{"f.b":{"$lt":2}}]},"s":{"f.b":-1,"_id":-1}}`,
			`{"f":{"$and":[{"f.a":{"$eq":null}},{"f.b":{"$eq":null}}]},"s":{"_id":-1}}`,
		}},
	} {
		if diff := cmp.Diff(c.want, asked(t, indexed, c.q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestOrdersFollowIndexes: each sort of a selection is the rest of the declared
// index, behind the fields that its filter fixes, all up or all down: the
// server has nothing to sort.
func TestOrdersFollowIndexes(t *testing.T) {
	index := []string{"f.a", "f.b", "_id"}
	for _, desc := range []bool{false, true} {
		sort := []store.Order{{Field: "a", Desc: desc}, {Field: "b", Desc: desc}}
		for _, after := range [][]any{nil, {1, 2, "x"}, {nil, 2, "x"}, {1, nil, "x"}, {nil, nil, "x"}} {
			sels, err := selections(indexed, store.Query{Sort: sort, After: after})
			if err != nil || len(sels) == 0 {
				t.Fatal(sels, err)
			}
			for _, s := range sels {
				fixed := 0
				if len(s.filter) > 0 {
					for i, f := range s.filter[0].Value.(bson.A) {
						d := f.(bson.D)
						ops, ok := d[0].Value.(bson.D)
						if ok && ops[0].Key == "$eq" && d[0].Key == index[i] {
							fixed = i + 1
						}
					}
				}
				var names []string
				for _, e := range s.sort {
					names = append(names, e.Key)
					if want := map[bool]int{false: 1, true: -1}[desc]; e.Value != want {
						t.Errorf("sort %v of a query downwards: %t", s.sort, desc)
					}
				}
				if diff := cmp.Diff(index[fixed:], names); diff != "" {
					t.Errorf("after %v, %s (-index +sort):\n%s", after, extended(t, s.filter), diff)
				}
			}
		}
	}
}

func TestStages(t *testing.T) {
	plan := bson.D{{Key: "stage", Value: "LIMIT"}, {Key: "inputStage", Value: bson.D{
		{Key: "stage", Value: "SORT_MERGE"},
		{Key: "inputStages", Value: bson.A{
			bson.D{{Key: "stage", Value: "IXSCAN"}, {Key: "indexName", Value: "by_a"}},
			bson.D{{Key: "stage", Value: "COLLSCAN"}},
		}},
	}}}
	doc, err := bson.Marshal(bson.D{{Key: "old", Value: plan}, {Key: "new", Value: bson.D{{Key: "queryPlan", Value: plan}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"old", "new"} {
		if diff := cmp.Diff([]string{"LIMIT", "SORT_MERGE", "IXSCAN by_a", "COLLSCAN"}, stages(bson.Raw(doc).Lookup(key))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
