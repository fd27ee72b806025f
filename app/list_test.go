package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"qunxian/app/text"
	"qunxian/schemas"
)

// demoCity is an office of the test's own with the demo city.
func demoCity(t *testing.T) *office {
	t.Helper()
	o := openApp(t)
	o.demo()
	return o
}

// TestTotalsAreFacetSums counts every answer three ways: its total, the sums of
// its facets, and the cards one by one.
func TestTotalsAreFacetSums(t *testing.T) {
	o := demoCity(t)
	taken := map[string]func(card map[string]any) bool{}
	with := func(field string, codes ...string) map[string][]string {
		taken[fmt.Sprint(field, codes)] = func(card map[string]any) bool {
			v, _ := card[field].(string)
			return slices.Contains(codes, v)
		}
		return map[string][]string{field: codes}
	}
	all := o.cards(ListQuery{Limit: 200})
	if len(all) < 200 {
		t.Fatalf("only %d talents in the demo city", len(all))
	}
	for _, where := range []map[string][]string{
		nil,
		with("tier", "municipal"),
		with("stage", "onboarded", "signed"),
		with("region", "tiedong", "lishu"),
		with("track", "cultivate"),
	} {
		for _, field := range []string{"stage", "tier", "region", "track", "mode", "origin", "channel"} {
			l := must(o.ListTalents(bg, ListQuery{Where: where, Facets: []string{field}, On: schemas.Staff}))(t)
			n := 0
			want := map[string]int{}
			for _, card := range all {
				in := true
				for f, codes := range where {
					in = taken[fmt.Sprint(f, codes)](card)
				}
				if in {
					n++
				}
				if in || where[field] != nil { // a field's own filter does not narrow its facet
					if code, ok := card[field].(string); ok {
						want[code]++
					}
				}
			}
			if l.Total != n {
				t.Errorf("%v: total %d, %d cards", where, l.Total, n)
			}
			got := map[string]int{}
			sum := 0
			for _, b := range l.Facets[0].Values {
				if b.N > 0 {
					got[b.Code] = b.N
				}
				if where[field] == nil || b.Taken {
					sum += b.N
				}
				if b.Taken != slices.Contains(where[field], b.Code) {
					t.Errorf("%v %s: bucket %+v", where, field, b)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v: facet %s = %v, want %v", where, field, got, want)
			}
			if field == "stage" && sum != l.Total {
				t.Errorf("%v: stages sum to %d of %d", where, sum, l.Total)
			}
		}
	}
}

// cards are the cards of a whole answer.
func (o *office) cards(q ListQuery) []map[string]any {
	o.t.Helper()
	q.On = schemas.Staff
	var out []map[string]any
	for {
		l := must(o.ListTalents(bg, q))(o.t)
		for _, raw := range l.Cards {
			var card map[string]any
			if err := json.Unmarshal(raw, &card); err != nil {
				o.t.Fatal(err)
			}
			out = append(out, card)
		}
		if q.After = l.Next; q.After == "" {
			return out
		}
	}
}

// TestSorts compares each order of a list with the cards' own values.
func TestSorts(t *testing.T) {
	o := demoCity(t)
	tier := func(card map[string]any) string {
		code, _ := card["tier"].(string)
		if code == "" {
			return ""
		}
		return fmt.Sprintf("%05d", o.term(schemas.TaxTier, code).Order)
	}
	plain := func(field string) func(map[string]any) string {
		return func(card map[string]any) string { s, _ := card[field].(string); return s }
	}
	for sort, key := range map[string]func(map[string]any) string{
		"name":         func(card map[string]any) string { return text.SortKey(card["name"].(string)) },
		"organisation": func(card map[string]any) string { s, _ := card["organisation"].(string); return text.SortKey(s) },
		"tier":         tier,
		"stageSince":   plain("stageSince"),
		"updatedAt":    plain("updatedAt"),
		"due":          plain("due"),
	} {
		for _, desc := range []bool{false, true} {
			cards := o.cards(ListQuery{Sort: sort, Desc: desc, Limit: 100})
			keys := make([]string, len(cards))
			for i, card := range cards {
				keys[i] = key(card)
			}
			if desc {
				slices.Reverse(keys)
			}
			if !slices.IsSorted(keys) {
				t.Errorf("sorted by %s, descending %t: %q", sort, desc, keys)
			}
		}
	}
	for _, q := range []ListQuery{
		{Sort: "bio"},
		{Sort: "idNumber"},
		{Where: map[string][]string{"bio": {"x"}}},
		{Where: map[string][]string{"birthDate": {"1980"}}},
		{Ranges: map[string]Range{"name": {}}},
		{Ranges: map[string]Range{"due": {From: "morgen"}}},
		{After: "nonsense!"},
	} {
		_, err := o.ListTalents(bg, q)
		refused(t, err, schemas.Invalid, "", "")
	}
}
