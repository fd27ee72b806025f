package mongo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"qunxian/store"
)

func TestIndexes(t *testing.T) {
	c := &collection{Collection: store.Collection{Name: "things", Fields: []store.Field{{Name: "a"}, {Name: "b"}, {Name: "tags", Array: true}}}}
	for _, x := range []struct {
		index store.Index
		want  string
	}{
		{store.Index{Fields: []string{"a"}}, `{"name":"by_a","keys":{"f.a":1,"_id":1},"unique":false,"partial":null}`},
		{store.Index{Fields: []string{"b", "a"}}, `{"name":"by_b_a","keys":{"f.b":1,"f.a":1,"_id":1},"unique":false,"partial":null}`},
		{store.Index{Fields: []string{"tags"}}, `{"name":"has_tags","keys":{"f.tags":1,"_id":-1},"unique":false,"partial":null}`},
		{store.Index{Fields: []string{"a"}, Unique: true}, `{"name":"one_a","keys":{"f.a":1},"unique":true,"partial":{"f.a":{"$exists":true}}}`},
		{store.Index{Fields: []string{"a", "b"}, Unique: true}, `{"name":"one_a_b","keys":{"f.a":1,"f.b":1},"unique":true,"partial":{"f.a":{"$exists":true},"f.b":{"$exists":true}}}`},
	} {
		m := c.index(x.index)
		var o options.IndexOptions
		for _, set := range m.Options.List() {
			if err := set(&o); err != nil {
				t.Fatal(err)
			}
		}
		got := extended(t, bson.D{{Key: "name", Value: o.Name}, {Key: "keys", Value: m.Keys}, {Key: "unique", Value: o.Unique != nil && *o.Unique}, {Key: "partial", Value: o.PartialFilterExpression}})
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", x.index, diff)
		}
		if name, err := nameOf(m); err != nil || name != *o.Name {
			t.Errorf("name %q, %v", name, err)
		}
	}
}
