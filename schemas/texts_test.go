package schemas_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

func TestEachText(t *testing.T) {
	d := full()
	d.Name, d.Bio = `引号"与\反斜`, "第一行\n第二行 "
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	want := []string{"name", "bio", "specialties", "affiliation/organisation", "agreements/*/employer", "education/*/school"}
	err = schemas.EachText(body, func(p []byte) bool { return slices.Contains(want, string(p)) }, func(p, s string) { got = append(got, [2]string{p, s}) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][2]string{
		{"name", d.Name},
		{"affiliation/organisation", "长光所"},
		{"agreements/*/employer", "示例公司"},
		{"specialties", "换热器"},
		{"specialties", "流体"},
		{"bio", d.Bio},
		{"education/*/school", "吉林大学"},
	}, got); diff != "" {
		t.Error(diff)
	}
}

// What is no whole JSON is an error, never a panic.
func FuzzEachText(f *testing.F) {
	body, _ := json.Marshal(full())
	f.Add(body)
	f.Add([]byte(`{"a":[{"id":"x","b":"\u00e9"}],"c":1}`))
	f.Add([]byte(`{"a":"`))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := schemas.EachText(b, func([]byte) bool { return true }, func(string, string) {})
		if json.Valid(b) && err != nil {
			t.Errorf("%q: %v", b, err)
		}
	})
}
