package app

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/storetest/databases"
)

// Every query of the product is a search by the index that it stands beside, in
// either database.
func TestShapes(t *testing.T) {
	o := demoCity(t)
	serves := map[string]string{"id": "(id", "keys": "field=? AND value=?", "opId": "opId", "slot": "slot"}
	if databases.OnMongoDB() {
		serves = map[string]string{"id": " _id_", "keys": " has_keys", "opId": "_opId", "slot": " by_slot"}
	}
	for _, s := range Shapes() {
		if why := poor(o.plan(s.Query), serves[s.Index], s.Rows); why != "" {
			t.Errorf("%s, by %s: %s", s.Name, s.Index, why)
		}
	}
	// The control: a query that no index serves is seen.
	control := store.Query{Where: []store.Cond{store.Exists{Field: "idKey", Absent: true}}, Sort: []store.Order{{Field: "nameKey"}}, Limit: 1}
	if poor(o.plan(control), "", 0) == "" {
		t.Errorf("control: %s", o.plan(control))
	}
}

// plan is how the database runs a query of talents.
func (o *office) plan(q store.Query) []string {
	o.t.Helper()
	return must(o.store.(interface {
		Plan(context.Context, string, store.Query) ([]string, error)
	}).Plan(bg, schemas.Talents, q))(o.t)
}

var examined = regexp.MustCompile(`^(\d+) keys, (\d+) documents for (\d+)$`)

// poor says what is wrong with a plan, or nothing: a step that reads a table or
// sorts, another index than the one that serves, or more records read than three
// for each returned, a hundred, and those allowed.
func poor(plan []string, serves string, allowed int) string {
	for _, step := range plan {
		words := strings.Fields(step)
		if strings.Contains(step, "TEMP B-TREE") || slices.ContainsFunc(words, func(w string) bool { return w == "SCAN" || w == "COLLSCAN" || w == "SORT" }) {
			return step
		}
		if m := examined.FindStringSubmatch(step); m != nil {
			read, _ := strconv.Atoi(m[2])
			returned, _ := strconv.Atoi(m[3])
			if read > 3*returned+100+allowed {
				return step
			}
		}
	}
	if all := strings.Join(plan, "; "); !strings.Contains(all, serves) {
		return all
	}
	return ""
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
