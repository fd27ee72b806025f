package app

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"qunxian/app/text"
	"qunxian/schemas"
)

// sixFields defines one custom field of each kind for talents.
func sixFields(t *testing.T, o *office) {
	t.Helper()
	low, high := -5.0, 100.5
	for _, f := range []schemas.FieldDefFields{
		{Key: "motto", Name: "座右铭", Kind: "text"},
		{Key: "score", Name: "得分", Kind: "number", Min: &low, Max: &high},
		{Key: "checked", Name: "复核日", Kind: "date"},
		{Key: "wave", Name: "批次", Kind: "choice", Choices: []schemas.Choice{{ID: "first", Name: "第一批"}, {ID: "second", Name: "第二批"}}},
		{Key: "abroad", Name: "海外经历", Kind: "yesno"},
		{Key: "page", Name: "主页", Kind: "link"},
	} {
		f.Collection = schemas.Talents
		must(o.CreateFieldDef(bg, f, How{}))(t)
	}
}

func TestCustomFieldsAreTyped(t *testing.T) {
	o := openApp(t)
	sixFields(t, o)
	for i, tt := range []struct {
		key   string
		value any
		rule  string // "" is taken
	}{
		{"motto", "厚积薄发", ""},
		{"motto", 7.0, "type"},
		{"motto", strings.Repeat("长", 2001), "max"},
		{"motto", "a\x00b", "text"},
		{"score", 100.5, ""},
		{"score", -5.0, ""},
		{"score", 100.6, "max"},
		{"score", -5.1, "min"},
		{"score", "9", "type"},
		{"score", math.NaN(), "type"},
		{"checked", "2026-02-28", ""},
		{"checked", "2026-02-30", "day"},
		{"checked", "2026", "day"},
		{"checked", 20260228.0, "day"},
		{"wave", "second", ""},
		{"wave", "third", "oneof"},
		{"wave", "第一批", "oneof"},
		{"wave", true, "oneof"},
		{"abroad", true, ""},
		{"abroad", false, ""},
		{"abroad", "yes", "type"},
		{"page", "https://example.com/~li", ""},
		{"page", "javascript:alert(1)", "link"},
		{"page", "//example.com", "link"},
		{"page", "ftp://example.com", "link"},
		{"nobody", "x", "unknown"},
		{"motto", []any{"x"}, "type"},
		{"motto", map[string]any{"x": 1}, "type"},
	} {
		_, err := o.CreateTalent(bg, schemas.TalentFields{Name: fmt.Sprint("甲", i), Attributes: map[string]any{tt.key: tt.value}}, How{})
		if tt.rule == "" {
			if err != nil {
				t.Errorf("%s = %v: %v", tt.key, tt.value, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s = %v is taken", tt.key, tt.value)
			continue
		}
		refused(t, err, schemas.Invalid, "attributes/"+tt.key, tt.rule)
	}
}

// TestCustomFieldsInLists filters, bounds, counts and sorts by custom fields.
func TestCustomFieldsInLists(t *testing.T) {
	o := openApp(t)
	sixFields(t, o)
	for i := range 12 {
		a := map[string]any{
			"motto": string(rune("丁丙乙甲"[0])), "score": float64(i*7%12) - 4.5, "checked": fmt.Sprintf("2026-%02d-15", 1+i),
			"wave": []string{"first", "second"}[i%2], "abroad": i%3 == 0, "page": fmt.Sprintf("https://example.com/%02d", 11-i),
		}
		a["motto"] = []string{"安", "博", "才", "德"}[i%4]
		o.talent(schemas.TalentFields{Name: fmt.Sprintf("甲%02d", i), Attributes: a})
	}
	o.talent(someone("无", ""))
	total := func(q ListQuery) int { t.Helper(); return must(o.ListTalents(bg, q))(t).Total }
	ranges := func(name, from, to string) ListQuery {
		return ListQuery{Ranges: map[string]Range{"attributes." + name: {from, to}}}
	}
	where := func(name string, codes ...string) ListQuery {
		return ListQuery{Where: map[string][]string{"attributes." + name: codes}}
	}
	for _, tt := range []struct {
		q    ListQuery
		want int
	}{
		{ranges("score", "-4.5", "6.5"), 12},
		{ranges("score", "0", ""), 7},
		{ranges("score", "", "-4.5"), 1},
		{ranges("score", "7", "3"), 0},
		{ranges("checked", "2026-03-15", "2026-05-14"), 2},
		{ranges("checked", "2026-12-15", ""), 1},
		{where("wave", "first"), 6},
		{where("wave", "first", "second"), 12},
		{where("abroad", "true"), 4},
		{where("abroad", "false"), 8},
	} {
		if got := total(tt.q); got != tt.want {
			t.Errorf("%v %v: %d, want %d", tt.q.Ranges, tt.q.Where, got, tt.want)
		}
	}
	for _, q := range []ListQuery{
		ranges("motto", "a", "b"), ranges("score", "x", ""), ranges("checked", "2026", ""), ranges("nobody", "1", "2"), where("score", "1"), where("nobody", "x"),
		{Sort: "attributes.wave"},
		{Sort: "attributes.nobody"},
	} {
		_, err := o.ListTalents(bg, q)
		refused(t, err, schemas.Invalid, "", "")
	}
	for _, key := range []string{"score", "checked", "motto", "page"} {
		var up []string
		for _, card := range o.cards(ListQuery{Sort: "attributes." + key}) {
			a, _ := card["attributes"].(map[string]any)
			switch v := a[key].(type) {
			case float64:
				up = append(up, fmt.Sprintf("%08.3f", v+100))
			case string:
				up = append(up, text.SortKey(v))
			default:
				up = append(up, "")
			}
		}
		if len(up) != 13 || !slices.IsSorted(up) {
			t.Errorf("sorted by %s: %q", key, up)
		}
	}
	l := must(o.ListTalents(bg, ListQuery{Facets: []string{"attributes.wave", "attributes.abroad"}}))(t)
	if got := fmt.Sprint(l.Facets); got != "[{attributes.wave  [{first 6 false} {second 6 false}]} {attributes.abroad  [{false 8 false} {true 4 false}]}]" {
		t.Errorf("facets: %s", got)
	}
	o.reopen()
	if got := total(ranges("score", "0", "")); got != 7 {
		t.Errorf("after a restart: %d, want 7", got)
	}
}

func TestFieldDefinitions(t *testing.T) {
	o := openApp(t)
	sixFields(t, o)
	score := o.fieldDef(schemas.Talents, "score")
	for field, edit := range map[string]func(*schemas.FieldDefFields){
		"collection": func(f *schemas.FieldDefFields) { f.Collection = schemas.Teams },
		"key":        func(f *schemas.FieldDefFields) { f.Key = "points" },
		"kind":       func(f *schemas.FieldDefFields) { f.Kind = "text" },
	} {
		_, err := o.UpdateFieldDef(bg, score.ID, 0, How{}, func(f *schemas.FieldDefFields) error { edit(f); return nil })
		refused(t, err, schemas.Invalid, field, "fixed")
	}
	_, err := o.CreateFieldDef(bg, schemas.FieldDefFields{Collection: schemas.Talents, Key: "score", Name: "又一个", Kind: "text"}, How{})
	refused(t, err, schemas.Conflict, "", "")
	must(o.CreateFieldDef(bg, schemas.FieldDefFields{Collection: schemas.Teams, Key: "score", Name: "团队得分", Kind: "number"}, How{}))(t)

	id := o.talent(schemas.TalentFields{Name: "甲", Attributes: map[string]any{"motto": "旧"}}).ID
	motto := o.fieldDef(schemas.Talents, "motto")
	must(o.UpdateFieldDef(bg, motto.ID, 0, How{}, func(f *schemas.FieldDefFields) error { f.Retired = true; return nil }))(t)
	_, err = o.CreateTalent(bg, schemas.TalentFields{Name: "乙", Attributes: map[string]any{"motto": "新"}}, How{})
	refused(t, err, schemas.Invalid, "attributes/motto", "retired")
	got, err := o.edit(id, How{}, func(f *schemas.TalentFields) { f.Bio = "新" })
	if err != nil {
		t.Errorf("a record that has a retired field cannot be edited: %v", err)
	} else if got.Attributes["motto"] != "旧" {
		t.Errorf("attributes after an edit: %v", got.Attributes)
	}

	wave := o.fieldDef(schemas.Talents, "wave")
	must(o.UpdateFieldDef(bg, wave.ID, 0, How{}, func(f *schemas.FieldDefFields) error { f.Required = true; return nil }))(t)
	_, err = o.CreateTalent(bg, someone("丙", ""), How{})
	refused(t, err, schemas.Invalid, "attributes/wave", "required")
}
