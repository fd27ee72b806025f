package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/sqlite"
)

// Every query of the product is a search by the index that it stands beside.
func TestShapes(t *testing.T) {
	ctx := context.Background()
	d, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, c := range Collections {
		if err := d.Ensure(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	serves := map[string]string{"id": "(id", "keys": "field=? AND value=?", "opId": "opId", "slot": "slot"}
	for _, s := range Shapes() {
		lines, err := d.Plan(ctx, schemas.Talents, s.Query)
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "; ")
		if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "SEARCH") || !strings.Contains(plan, serves[s.Index]) {
			t.Errorf("%s, by %s: %s", s.Name, s.Index, plan)
		}
	}
	// The control: a query that no index serves is seen.
	lines, err := d.Plan(ctx, schemas.Talents, store.Query{Where: []store.Cond{store.Exists{Field: "idKey", Absent: true}}, Sort: []store.Order{{Field: "nameKey"}}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if plan := strings.Join(lines, "; "); !strings.Contains(plan, "SCAN") && !strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("control: %s", plan)
	}
}

// Nobody makes a query elsewhere.
func TestQueriesStandInOneFile(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		if f == "queries.go" || strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "store.Query{") {
			t.Errorf("%s makes a query of its own", f)
		}
	}
}
