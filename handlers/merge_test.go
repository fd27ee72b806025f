package handlers

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

// shared is a file of the reference folder beside the checkout, "" where there is none.
func shared(name string) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for range 6 {
		file := filepath.Join(dir, "shared", name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

func TestMergePatchOfTheRFC(t *testing.T) {
	file := shared("fixtures/merge-patch/rfc7396_appendix_a.json")
	if file == "" {
		t.Skip("SKIPPED: the cases of RFC 7396 are not beside this checkout")
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		N                       int
		Target, Patch, Expected json.RawMessage
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) != 15 {
		t.Fatal(len(cases), err)
	}
	for _, c := range cases {
		got, err := mergePatch(c.Target, c.Patch)
		if err != nil {
			t.Fatal(err)
		}
		var have, want any
		if json.Unmarshal(got, &have) != nil || json.Unmarshal(c.Expected, &want) != nil {
			t.Fatalf("case %d: %s", c.N, got)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("case %d: %s", c.N, diff)
		}
	}
}

func TestMerge(t *testing.T) {
	old := func() thingFields {
		return thingFields{
			Name: "张伟", Tier: "a", Tags: []string{"x", "y"}, Count: 3, Share: 0.1, Since: "2026-01-02",
			Parts: []part{{"p1", 1}, {"p2", 2}}, Place: place{"四平", "x"},
			Attributes: map[string]any{"a": "1", "b": 2.0}, Labels: map[string]string{"k": "v"},
		}
	}
	for _, tt := range []struct {
		name, patch, fault string
		change             func(*thingFields)
	}{
		{"nothing", `{}`, "", func(*thingFields) {}},
		{"set", `{"tier":"b","count":0}`, "", func(f *thingFields) { f.Tier, f.Count = "b", 0 }},
		{"clear", `{"name":null,"tags":null,"count":null,"share":null,"at":null,"place":null,"attributes":null}`, "", func(f *thingFields) {
			*f = thingFields{Tier: f.Tier, Since: f.Since, Parts: f.Parts, Labels: f.Labels}
		}},
		{"a list whole", `{"tags":["z"],"parts":[{"id":"p2","size":5}]}`, "", func(f *thingFields) { f.Tags, f.Parts = []string{"z"}, []part{{"p2", 5}} }},
		{"inside an object", `{"place":{"street":null}}`, "", func(f *thingFields) { f.Place.Street = "" }},
		{"inside maps", `{"attributes":{"a":null,"c":[1]},"labels":{"l":"w"}}`, "", func(f *thingFields) {
			f.Attributes, f.Labels = map[string]any{"b": 2.0, "c": []any{1.0}}, map[string]string{"k": "v", "l": "w"}
		}},
		{"instant", `{"at":"2026-01-02T03:04:05.678912+08:00"}`, "", func(f *thingFields) {
			_ = f.At.UnmarshalJSON([]byte(`"2026-01-01T19:04:05.678Z"`))
		}},
		{"unknown", `{"tier":"b","nmae":"x"}`, "nmae unknown", nil},
		{"unknown null", `{"TAGS":null}`, "TAGS unknown", nil},
		{"unknown inside", `{"place":{"City":null}}`, "place/City unknown", nil},
		{"null in a list's item", `{"parts":[{"id":"p1","size":null}]}`, "parts/0/size type", nil},
		{"type", `{"place":"x"}`, "place type", nil},
		{"twice", `{"tier":"a","tier":null}`, "tier repeated", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := old()
			err := merge(&got, []byte(tt.patch))
			want := old()
			if tt.change != nil {
				tt.change(&want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			switch e, ok := err.(*schemas.Error); {
			case tt.fault == "" && err != nil:
				t.Error(err)
			case tt.fault != "" && (!ok || e.Fields[0].Field+" "+e.Fields[0].Rule != tt.fault):
				t.Errorf("got %v, want %s", err, tt.fault)
			}
		})
	}
}

func TestMergeOfTalents(t *testing.T) {
	f := schemas.TalentFields{Name: "张伟", Tags: []string{"a"}, Attributes: map[string]any{"grade": "x"}, Employer: schemas.Employer{Name: "厂"}}
	if err := merge(&f, []byte(`{"employer":{"name":null},"tags":null,"attributes":{"grade":null}}`)); err != nil {
		t.Fatal(err)
	}
	if f.Name != "张伟" || f.Employer != (schemas.Employer{}) || f.Tags != nil || len(f.Attributes) != 0 {
		t.Errorf("%+v", f)
	}
	if err := merge(&f, []byte(`{"stage":"signed"}`)); err == nil {
		t.Error("a stage was patched")
	}
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"name":"x","tags":["a"]}`), []byte(`{"tags":null,"place":{"city":"y"}}`))
	f.Add([]byte(`{"attributes":{"a":{"b":1}}}`), []byte(`{"attributes":{"a":{"b":null,"c":[{"d":1}]}}}`))
	f.Fuzz(func(t *testing.T, start, change []byte) {
		var doc thingFields
		if readJSON(start, &doc) != nil {
			return
		}
		before, _ := json.Marshal(doc)
		if err := merge(&doc, change); err != nil {
			after, _ := json.Marshal(doc)
			if string(before) != string(after) {
				t.Fatalf("refused, but changed: %s → %s", before, after)
			}
			return
		}
		once := doc
		if err := merge(&doc, change); err != nil || !reflect.DeepEqual(once, doc) {
			t.Fatalf("%s applied twice differs: %v", change, err)
		}
	})
}
