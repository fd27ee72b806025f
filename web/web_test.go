package web

import (
	"errors"
	"html/template"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
)

func TestEveryPageParses(t *testing.T) {
	if _, err := frame(); err != nil {
		t.Fatal(err)
	}
	for _, name := range Pages() {
		if _, err := Template(name); err != nil {
			t.Error(err)
		}
	}
}

func TestRenderSendsAllOrNothing(t *testing.T) {
	broken := template.Must(template.New("").Funcs(template.FuncMap{"fail": func() (string, error) { return "", errors.New("broken") }}).Parse(`<p>half a page{{fail}}</p>`))
	var b strings.Builder
	if err := send(&b, broken, nil); err == nil || b.Len() > 0 {
		t.Errorf("a failing template sent %q and returned %v", b.String(), err)
	}
	if err := Render(&b, "no-such-page", nil); err == nil {
		t.Error("an unknown page renders")
	}
	if err := RenderPart(&b, "no-such-page", "main", nil); err == nil {
		t.Error("a part of an unknown page renders")
	}
}

// TestComponentsTypeCheck checks the frames and all components against the types they are given.
func TestComponentsTypeCheck(t *testing.T) {
	for name, view := range map[string]any{
		"gallery":   View[galleryPage]{},
		"dashboard": View[dashboardPage]{},
		"registry":  View[registryPage]{},
		"signin":    View[struct{}]{},
	} {
		if err := templatecheck.CheckHTML(previewTemplate(t, name), view); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOptions(t *testing.T) {
	f := Frame{Lang: "zh-CN", Errors: map[string]string{"name": "此项必填"}}
	type code string
	field, err := f.Field("name", "button.save", "Required", true, "Value", code("x"), "Pattern", code("a+"))
	if err != nil || !field.Required || field.Label != "保存" || field.Error != "此项必填" || field.Text() != "x" || field.Pattern != "a+" {
		t.Errorf("field = %+v, %v", field, err)
	}
	for name, options := range map[string][]any{
		"unknown":  {"Colour", "red"},
		"type":     {"Required", "yes"},
		"odd":      {"Required"},
		"no name":  {7, true},
		"frame":    {"Frame", Frame{}},
		"overflow": {"MaxLength", "12"},
	} {
		if _, err := f.Field("name", "", options...); err == nil {
			t.Errorf("%s: options %v are taken", name, options)
		}
	}
}

func TestFieldValues(t *testing.T) {
	type code string
	for _, c := range []struct {
		value  any
		text   string
		choice string
		has    bool
	}{
		{nil, "", "", true},
		{"a", "a", "a", true},
		{code("a"), "a", "b", false},
		{1234567, "1234567", "1234567", true},
		{-1.5, "-1.5", "-1.5", true},
		{true, "true", "true", true},
		{[]code{"a", "b"}, "[a b]", "b", true},
		{[]string{}, "[]", "a", false},
	} {
		f := Field{Value: c.value}
		if f.Text() != c.text || f.Has(c.choice) != c.has {
			t.Errorf("%v: text %q, has %q: %v", c.value, f.Text(), c.choice, f.Has(c.choice))
		}
	}
	if id := (Field{Name: "agreements/1/from"}).ID(); id != "f-agreements-1-from" {
		t.Errorf("id %q", id)
	}
}

func TestAvatar(t *testing.T) {
	for name, want := range map[string]string{"陈晓燕": "晓燕", "赵勇": "赵勇", "李": "李", "买买提·艾力": "买提", "张　伟": "张伟", "Anna Maria Schmidt": "AS", "anna": "A", "": "?", "𠮷田": "𠮷田", "· ": "?"} {
		if got := (Avatar{Name: name}).Short(); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if tone := (Avatar{Name: "陈晓燕"}).Tone(); tone != (Avatar{Name: "陈晓燕"}).Tone() {
		t.Errorf("the tone of one name changes: %s", tone)
	}
}

func TestPercent(t *testing.T) {
	facet := Facet{Values: []FacetValue{{Count: 10}, {Count: 5}, {}}}
	if got := [3]int{facet.Percent(facet.Values[0]), facet.Percent(facet.Values[1]), facet.Percent(facet.Values[2])}; got != [3]int{100, 50, 0} {
		t.Errorf("bars %v", got)
	}
	if p := (Progress{Done: 5}).Percent(); p != 0 {
		t.Errorf("a total of 0 is %d %%", p)
	}
	if p := (Progress{Done: 7, Total: 5}).Percent(); p != 100 {
		t.Errorf("more than all is %d %%", p)
	}
}
