package handlers

import (
	"encoding/base64"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/schemas"
)

func readQuery(query string) (ListQuery, error) {
	p, err := readPairs(query, maxKeys, false)
	if err != nil {
		return ListQuery{}, err
	}
	return readList(p, thingNames{}, nil)
}

func TestList(t *testing.T) {
	after := Cursor{"-updatedAt", "2026-01-02T03:04:05.000Z", 41}
	got, err := readQuery("tier=A&tier=B&tier=A&tags=%E5%85%89&updatedAt_gte=2026-01-01&attributes.x_lte=5&sort=-updatedAt&limit=200&facets=1&q=+%E5%BC%A0%20wei&fields=name,tier&attributes.y=&cursor=" + after.String())
	if err != nil {
		t.Fatal(err)
	}
	want := ListQuery{
		Q: "张 wei", Where: map[string][]string{"tier": {"A", "B"}, "tags": {"光"}},
		Ranges: map[string]Range{"updatedAt": {From: "2026-01-01"}, "attributes.x": {To: "5"}},
		Sort:   "updatedAt", Desc: true, After: &after, Limit: 200, Fields: []string{"name", "tier"}, Facets: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := readQuery(""); err != nil || got.Limit != 50 || got.After != nil {
		t.Errorf("%+v %v", got, err)
	}
}

func TestListRefuses(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"stage=x", "stage unknown"},
		{"stage=", "stage unknown"},
		{"TIER=A", "TIER unknown"},
		{"tier_gte=A", "tier_gte unknown"},
		{"updatedAt_gt=1", "updatedAt_gt unknown"},
		{"tier[$ne]=", "tier[$ne] name"},
		{"tier%5B$gt%5D=1", "tier[$gt] name"},
		{"$where=1", "$where name"},
		{"=1", " name"},
		{"tier=%zz", "tier encoding"},
		{"tier=%C3%28", "tier encoding"},
		{"tier=a%00b", "tier encoding"},
		{"tier=a%0Ab", "tier encoding"},
		{"tier=a;q=b", "tier encoding"},
		{"limit=0", "limit min"},
		{"limit=201", "limit max"},
		{"limit=99999999999999999999", "limit type"},
		{"limit=1e2", "limit type"},
		{"limit=10&limit=20", "limit repeated"},
		{"sort=secret", "sort unknown"},
		{"sort=--name", "sort unknown"},
		{"fields=name,password", "fields unknown"},
		{"q=" + strings.Repeat("长", 65), "q max.length"},
		{"asOf=2026-01-01", "asOf unknown"},
		{"knownAt=2026-01-01", "knownAt unknown"},
		{"facets=yes", "facets type"},
		{"updatedAt_gte=1&updatedAt_gte=2", "updatedAt_gte repeated"},
		{"a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1", " filters"},
		{strings.Repeat("tier=A&", 64), " keys"},
		{"cursor=x", "cursor cursor"},
		{"cursor=" + Cursor{"name", "x", 1}.String(), "cursor cursor"},
		{"sort=name&cursor=" + Cursor{"-name", "x", 1}.String(), "cursor cursor"},
		{"cursor=" + base64.RawURLEncoding.EncodeToString([]byte(`{"n":1,"x":2}`)), "cursor cursor"},
		{"cursor=" + base64.RawURLEncoding.EncodeToString([]byte(`{"n":-1}`)), "cursor cursor"},
		{"cursor=" + base64.RawURLEncoding.EncodeToString([]byte(`{"n": 1}`)), "cursor cursor"},
		{"cursor=" + Cursor{"", strings.Repeat("k", 2000), 1}.String(), "cursor cursor"},
	} {
		_, err := readQuery(tt.query)
		e, ok := err.(*schemas.Error)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Field+" "+e.Fields[0].Rule != tt.want {
			t.Errorf("%.60s: got %v, want %s", tt.query, err, tt.want)
		}
	}
	if _, err := readQuery("q=" + strings.Repeat("长", 64) + "&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1"); err != nil {
		t.Errorf("the greatest that is allowed: %v", err)
	}
}

// TestOperators sends the payloads of known injection lists as names, and as values, which are text and nothing else.
func TestOperators(t *testing.T) {
	file := shared("fixtures/malicious/nosql/NoSQL.txt")
	if file == "" {
		t.Skip("SKIPPED: the lists of payloads are not beside this checkout")
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || plainName(line) {
			continue
		}
		n++
		if _, err := readQuery("tier" + url.QueryEscape(line) + "=x"); err == nil {
			t.Errorf("accepted as a name: %s", line)
		}
		if got, err := readQuery("tier=" + url.QueryEscape(line)); err == nil && got.Where["tier"][0] != line {
			t.Errorf("%s became %v", line, got.Where)
		}
	}
	t.Logf("%d payloads, 0 accepted as names", n)
}

func TestCursor(t *testing.T) {
	for _, c := range []Cursor{{}, {"name", "张", 1}, {"-updatedAt", strings.Repeat("x", 500), 1<<32 - 1}} {
		got, err := readCursor(c.String(), c.Order)
		if err != nil || *got != c {
			t.Errorf("%+v: %+v %v", c, got, err)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("tier=A&tier=B&updatedAt_gte=1&sort=-name&limit=50&q=x")
	f.Add("tier%5b=1&=&&a=%")
	f.Fuzz(func(t *testing.T, query string) {
		got, err := readQuery(query)
		if err != nil {
			if e, ok := err.(*schemas.Error); !ok || e.Code != schemas.Invalid {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		if got.Limit < 1 || got.Limit > 200 || len(got.Where)+len(got.Ranges) > 10 || len([]rune(got.Q)) > 64 {
			t.Fatalf("%q: %+v", query, got)
		}
		for name, values := range got.Where {
			if !(thingNames{}).Filters(name) || !plainText(strings.Join(values, ""), false) {
				t.Fatalf("%q: %s=%q", query, name, values)
			}
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(Cursor{"name", "x", 3}.String(), "name")
	f.Add("!!", "")
	f.Fuzz(func(t *testing.T, text, order string) {
		if c, err := readCursor(text, order); err == nil && (c.String() != text || c.Order != order) {
			t.Fatalf("%q is %+v", text, c)
		}
	})
}
