package mongo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// pieces are entries of these sizes, in bytes of text.
func pieces(t *testing.T, sizes ...int) []bson.RawValue {
	t.Helper()
	var r store.Record
	for _, n := range sizes {
		r.Entries = append(r.Entries, json.RawMessage(`"`+strings.Repeat("x", n)+`"`))
	}
	values, err := entriesOf(r)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestOldest(t *testing.T) {
	many := func(n, size int) []int { return slices.Repeat([]int{size}, n) }
	for _, c := range []struct {
		name  string
		sizes []int
		want  int
	}{
		{"nothing", nil, 0},
		{"one", many(1, 10), 0},
		{"one that is big", many(1, keepBytes+1), 0},
		{"as many as stay", many(keepEntries, 10), 0},
		{"one more than stays", many(keepEntries+1, 10), 1},
		{"many", many(maxEntries+1, 10), maxEntries + 1 - keepEntries},
		{"big ones", many(10, 100<<10), 8},
		{"two that are too big", many(2, keepBytes), 1},
		{"small ones behind a big one", append(many(1, keepBytes), many(5, 10)...), 1},
		{"a big one behind small ones", append(many(5, 10), keepBytes), 5},
	} {
		history := pieces(t, c.sizes...)
		if got := len(oldest(history)); got != c.want {
			t.Errorf("%s: %d go, want %d", c.name, got, c.want)
		}
	}
}

func TestFitting(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		want  int
	}{
		{[]int{10}, 1},
		{[]int{segmentBytes + 1, 10}, 1},
		{[]int{10, segmentBytes, 10}, 1},
		{[]int{segmentBytes / 4, segmentBytes / 4, segmentBytes / 4, segmentBytes / 4}, 3}, // each is a little longer than its text
		{[]int{1, 2, 3}, 3},
	} {
		if got := fitting(pieces(t, c.sizes...)); got != c.want {
			t.Errorf("%v: %d, want %d", c.sizes, got, c.want)
		}
	}
}

// TestSegmentIDs: those of one record sort by number, no two are the same, and
// marks stand apart from all of them.
func TestSegmentIDs(t *testing.T) {
	var ids []string
	for k := range 1200 {
		ids = append(ids, segmentID("x", k))
	}
	if !slices.IsSorted(ids) {
		t.Error("not in order")
	}
	if one, other := segmentID("x", 1), segmentID("x", 1); one == other {
		t.Error("two attempts have one id")
	}
	for _, id := range []string{"", "x", "-", "+", ".", "~", "\x00", "名"} {
		if m := markID(id); m < marks || m >= marksEnd {
			t.Errorf("the mark of %q is %q", id, m)
		}
		if s := segmentID(id, 0); s >= marks && s < marksEnd {
			t.Errorf("the segment %q of %q is among the marks", s, id)
		}
	}
}

func TestLettingGo(t *testing.T) {
	old := pieces(t, 3, 5)
	want := fmt.Sprintf(`[{"$set":{`+
		`"history":{"$slice":["$history",2,1073741824]},`+
		`"past.entries":{"$subtract":["$past.entries",2]},`+
		`"past.bytes":{"$subtract":["$past.bytes",%d]},`+
		`"past.segments":{"$concatArrays":[{"$ifNull":["$past.segments",[]]},{"$literal":["+x/0","$y"]}]}}}]`, sizeOf(old))
	got := extended(t, bson.D{{Key: "p", Value: lettingGo([]string{"+x/0", "$y"}, old)}})
	if got != `{"p":`+want+`}` {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
