package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNumbersAsPeopleReadThem(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want string
	}{{0, "0"}, {0.034, "0.03"}, {1.466, "1.47"}, {2, "2"}, {12.04, "12"}, {34.06, "34.1"}, {216.4, "216"}, {1742.7, "1,743"}, {1_000_000, "1,000,000"}} {
		if got := number(tt.v); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.v, got, tt.want)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var all times
	for i := range 100 {
		all = append(all, time.Duration(100-i)*time.Millisecond)
	}
	if got := []float64{all.at(0.5), all.at(0.99), times(nil).at(0.5), median([]float64{9, 1, 5})}; !cmp.Equal(got, []float64{51, 100, 0, 5}) {
		t.Error(got)
	}
}

// TestReport: a row that was not measured or has no bar is neither ok nor
// short, and one short row makes the run short.
func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("build", 0o700); err != nil {
		t.Fatal(err)
	}
	r := newReport(io.Discard)
	r.figure("get, p50", 0.12, "ms", peerBar)
	r.most("start", 2, "s", 2)
	r.missing("MongoDB", "queries", "≤ 0", "there is none")
	r.least("import", 6000, "rows/s", 1000)
	if r.short() {
		t.Error("short, and no row is")
	}
	r.most("facets", math.Nextafter(5, 6), "ms", 5)
	r.least("slow import", 999.9, "rows/s", 1000)
	if !r.short() {
		t.Error("not short")
	}
	var table bytes.Buffer
	if err := r.print(&table, time.Second); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"row                figure  bar                  verdict",
		"get, p50          0.12 ms  peer, at acceptance",
		"start                 2 s  ≤ 2                  ok",
		"MongoDB                 –  ≤ 0                  not measured: there is none",
		"import       6,000 rows/s  ≥ 1,000              ok",
		"facets               5 ms  ≤ 5                  short",
		"slow import  1,000 rows/s  ≥ 1,000              short",
	}
	if diff := cmp.Diff(want, strings.Split(table.String(), "\n")[:len(want)]); diff != "" {
		t.Error(diff)
	}
	text, err := os.ReadFile(jsonFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if want := `{"row":"start","figure":2,"unit":"s","bar":"≤ 2","ok":true}`; len(lines) != 6 || lines[1] != want {
		t.Errorf("%d lines, %s, want %s", len(lines), lines[1], want)
	}
	var missing map[string]any
	if err := json.Unmarshal([]byte(lines[2]), &missing); err != nil || missing["ok"] != nil || missing["figure"] != nil {
		t.Error(err, lines[2])
	}
}

func TestGrowth(t *testing.T) {
	r := newReport(io.Discard)
	b := &bench{report: r}
	r.remember("get", 10, 0.2)
	r.remember("get", 1000, 0.5)
	b.growth(10, 1000)
	if got := r.rows[0]; *got.Figure != 2.5 || *got.OK || got.Bar != "≤ 1.5" {
		t.Errorf("%+v", got)
	}
	if got := r.rows[1]; got.Figure != nil || got.OK != nil {
		t.Errorf("%+v", got)
	}
}

func TestBadSteps(t *testing.T) {
	for _, tt := range []struct {
		plan []string
		bad  bool
	}{
		{[]string{"SEARCH talents USING INDEX sqlite_autoindex_talents_1 (id=?)"}, false},
		{[]string{"SEARCH t USING INDEX a (id>?)", "USE TEMP B-TREE FOR ORDER BY"}, true},
		{[]string{"SCAN talents"}, true},
		{[]string{"FETCH", "COLLSCAN"}, true},
		{[]string{"SORT_MERGE", "IXSCAN"}, false},
	} {
		if got := badStep(tt.plan) != ""; got != tt.bad {
			t.Errorf("%q: %v", tt.plan, got)
		}
	}
}

func TestLinksOfAPage(t *testing.T) {
	page := `<link rel="stylesheet" href="/assets/a.css"><script src="/assets/b.js" defer></script><a href="/talents">x</a><img src="/c.png"><link href="/assets/a.css">`
	if diff := cmp.Diff([]string{"/assets/a.css", "/assets/b.js", "/c.png"}, links(linked, []byte(page))); diff != "" {
		t.Error(diff)
	}
}
