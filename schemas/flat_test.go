package schemas_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

func full() *schemas.Talent {
	yes := true
	t := &schemas.Talent{}
	t.Meta = schemas.Meta{ID: "01A", Version: 3}
	t.Name, t.BirthDate, t.NoPublicity, t.BirthYear = "示例", "e1:k1:abc", true, 1970
	t.Specialties = []string{"换热器", "流体"}
	t.Affiliation.Organisation = "长光所"
	t.Agreements = []schemas.Agreement{{ID: "a2", From: "2024-01-01", Days: 30}, {ID: "a1", Employer: "示例公司"}}
	t.Education = []schemas.Schooling{{ID: "e1", School: "吉林大学", FullTime: &yes}}
	t.Supports = []schemas.Support{{ID: "s1", Money: 12.5, Year: 2024}}
	t.Attributes = map[string]any{"days": 3.25, "settled": false, "housing": "rent"}
	t.Stage, t.StageSince = "signed", "2025-03-01"
	return t
}

// Both ways of laying flat, from the struct and from the stored body, agree.
func TestFlatten(t *testing.T) {
	want := full()
	body, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := schemas.FlattenJSON(body)
	if err != nil {
		t.Fatal(err)
	}
	direct, err := schemas.Flatten(want)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(stored, direct); d != "" {
		t.Error(d)
	}
	if got := direct["agreements/a2/days"]; got != json.Number("30") {
		t.Errorf("days = %v", got)
	}
	if _, ok := direct["name"]; !ok || len(schemas.Diff(stored, direct)) != 0 {
		t.Error("leaves differ")
	}
}

// What is built of the leaves has the same leaves, items in the order of ids.
func TestUnflatten(t *testing.T) {
	want := full()
	leaves, err := schemas.Flatten(want)
	if err != nil {
		t.Fatal(err)
	}
	var got schemas.Talent
	if err := schemas.Unflatten(leaves, &got); err != nil {
		t.Fatal(err)
	}
	want.Meta = schemas.Meta{}
	want.Agreements[0], want.Agreements[1] = want.Agreements[1], want.Agreements[0]
	if d := cmp.Diff(want, &got); d != "" {
		t.Error(d)
	}
	if err := schemas.Unflatten(schemas.Leaves{"nowhere": "x"}, &got); err == nil {
		t.Error("an unknown path was taken")
	}
	if err := schemas.Unflatten(schemas.Leaves{"birthYear": "x"}, &got); err == nil {
		t.Error("a text was taken for a number")
	}
}

// An item without an id has no path.
func TestFlattenNeedsIDs(t *testing.T) {
	d := full()
	d.Agreements[0].ID = ""
	if _, err := schemas.Flatten(d); err == nil {
		t.Error("laid flat")
	}
}

func BenchmarkFlatten(b *testing.B) {
	d := full()
	for b.Loop() {
		if _, err := schemas.Flatten(d); err != nil {
			b.Fatal(err)
		}
	}
}
