package sqlite_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/sqlite"
)

func open(t *testing.T) *sqlite.DB {
	t.Helper()
	d, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "data", "db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// One process serves a file; the second is told which.
func TestSecondProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "db")
	d, err := sqlite.Open(context.Background(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(context.Background(), file, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "is served by process") {
		t.Errorf("second open: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d, err = sqlite.Open(context.Background(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// Every query of the product is a search by the index that it stands beside.
func TestPlans(t *testing.T) {
	d, ctx := open(t), context.Background()
	for _, c := range app.Collections {
		if err := d.Ensure(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range app.Shapes() {
		lines, err := d.Plan(ctx, schemas.Talents, s.Query)
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "; ")
		if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "SEARCH") {
			t.Errorf("%s: %s", s.Name, plan)
		}
		if want := map[string]string{"id": "(id", "keys": "field=? AND value=?", "opId": "f_opId=?", "slot": "f_slot>?"}[s.Index]; !strings.Contains(plan, want) {
			t.Errorf("%s is not served by %s: %s", s.Name, s.Index, plan)
		}
	}
	// What no index serves is seen by this test.
	lines, err := d.Plan(ctx, schemas.Talents, store.Query{Where: []store.Cond{store.Exists{Field: "idKey", Absent: true}}, Sort: []store.Order{{Field: "slot"}}})
	if err != nil {
		t.Fatal(err)
	}
	if plan := strings.Join(lines, "; "); !strings.Contains(plan, "SCAN") && !strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("control: %s", plan)
	}
}
