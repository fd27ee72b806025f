package handlers

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// fault is "status pointer rule" of a refused request.
func fault(t testing.TB, g got) string {
	t.Helper()
	if g.status < 400 {
		return fmt.Sprint(g.status)
	}
	p := g.problem(t)
	if len(p.Errors) == 0 {
		return fmt.Sprint(g.status)
	}
	return fmt.Sprintf("%d %s %s", g.status, p.Errors[0].Pointer, p.Errors[0].Rule)
}

func TestBodies(t *testing.T) {
	s := serve(t, nil)
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	for _, tt := range []struct{ name, body, kind, want string }{
		{"good", `{"name":"张伟","tags":["a","b"],"since":"2026-01-02","at":"2026-01-02T03:04:05Z","count":3,"share":1.5e1,"parts":[{"id":"x","size":9}]}`, "", "201"},
		{"white space", " \n{\"name\" :\t\"x\"}\r\n ", "", "201"},
		{"charset", `{"name":"x"}`, "application/json; charset=UTF-8", "201"},
		{"unknown", `{"name":"x","nmae":"y"}`, "", "400 /nmae unknown"},
		{"unknown inside", `{"name":"x","parts":[{"id":"a"},{"id":"b","sise":1}]}`, "", "400 /parts/1/sise unknown"},
		{"other case", `{"name":"x","TAGS":["a"]}`, "", "400 /TAGS unknown"},
		{"Go's name", `{"Name":"x"}`, "", "400 /Name unknown"},
		{"of Meta", `{"name":"x","id":"t1"}`, "", "400 /id unknown"},
		{"operator", `{"name":{"$ne":""}}`, "", "400 /name type"},
		{"$where", `{"$where":"1"}`, "", "400 /$where unknown"},
		{"pointer escapes", `{"a/b~c":1}`, "", "400 /a~1b~0c unknown"},
		{"repeated", `{"name":"x","name":"y"}`, "", "400 /name repeated"},
		{"repeated by escape", `{"name":"x","n\u0061me":"y"}`, "", "400 /name repeated"},
		{"repeated in a map", `{"name":"x","attributes":{"k":1,"k":2}}`, "", "400 /attributes/k repeated"},
		{"null", `{"name":null}`, "", "400 /name type"},
		{"null in a list", `{"name":"x","tags":[null]}`, "", "400 /tags/0 type"},
		{"null instant", `{"name":"x","at":null}`, "", "400 /at type"},
		{"whole null", `null`, "", "400  type"},
		{"list for text", `{"name":["x"]}`, "", "400 /name type"},
		{"text for list", `{"name":"x","tags":"a"}`, "", "400 /tags type"},
		{"text for number", `{"name":"x","count":"3"}`, "", "400 /count type"},
		{"fraction for whole", `{"name":"x","count":1.5}`, "", "400 /count type"},
		{"too great", `{"name":"x","count":2147483648}`, "", "400 /count range"},
		{"huge", `{"name":"x","share":1e999}`, "", "400 /share range"},
		{"not exact", `{"name":"x","attributes":{"n":9007199254740993}}`, "", "400 /attributes/n range"},
		{"NaN", `{"name":"x","share":NaN}`, "", "400  json"},
		{"bad instant", `{"name":"x","at":"yesterday"}`, "", "400 /at type"},
		{"depth", `{"name":"x","attributes":` + deep + `}`, "", "400 /attributes" + strings.Repeat("/a", 31) + " depth"},
		{"depth of lists", strings.Repeat("[", 20000), "", "400  json"},
		{"trailing", `{"name":"x"}{"name":"y"}`, "", "400  json"},
		{"trailing word", `{"name":"x"} x`, "", "400  json"},
		{"comma", `{"name":"x",}`, "", "400  json"},
		{"comment", `{"name":"x"/*y*/}`, "", "400  json"},
		{"empty", ` `, "", "400  json"},
		{"BOM", "\ufeff" + `{"name":"x"}`, "", "400  encoding"},
		{"latin-1", "{\"name\":\"\xe9\"}", "", "400  encoding"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "", "400  encoding"},
		{"NUL", `{"name":"a\u0000b"}`, "", "400 /name encoding"},
		{"escape sign", `{"name":"a\u001b[31m"}`, "", "400 /name encoding"},
		{"NUL in a name", `{"name":"x","attributes":{"a\u0000":1}}`, "", "400 /attributes encoding"},
		{"lone surrogate", `{"name":"\ud83d"}`, "", "400 /name encoding"},
		{"swapped surrogates", `{"name":"\ude00\ud83d"}`, "", "400 /name encoding"},
		{"surrogate after backslash", `{"name":"\\\ud83d"}`, "", "400 /name encoding"},
		{"a pair", `{"name":"\ud83d\ude00 \\ud83d \u4e2d"}`, "", "201"},
		{"no kind", `{"name":"x"}`, "-", "415"},
		{"form", `name=x`, "application/x-www-form-urlencoded", "415"},
		{"text", `{"name":"x"}`, "text/plain", "415"},
		{"XML", `<a/>`, "application/xml", "415"},
		{"merge patch", `{"name":"x"}`, "application/merge-patch+json", "415"},
		{"GBK", `{"name":"x"}`, "application/json; charset=gbk", "415"},
		{"two kinds", `{"name":"x"}`, "application/json, text/plain", "415"},
		{"too large", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, "", "413"},
		{"10 MB", `{"name":"` + strings.Repeat("x", 10<<20) + `"}`, "", "413"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines := []string{"Content-Type: application/json"}
			switch tt.kind {
			case "":
			case "-":
				lines = []string{"Content-Type: "}
			default:
				lines = []string{"Content-Type: " + tt.kind}
			}
			if got := fault(t, s.ask(t, "POST", "/api/v1/things", "officer", tt.body, lines...)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := fault(t, s.ask(t, "POST", "/api/v1/things", "officer", `{"name":"x"}`, "Content-Encoding: gzip")); got != "415" {
		t.Errorf("packed body: %s", got)
	}
}

func TestUpdate(t *testing.T) {
	s := serve(t, nil)
	const path = "/api/v1/things/t9"
	for _, tt := range []struct {
		name, path, body, want string
		lines                  []string
	}{
		{"good", path, `{"tags":null,"count":2}`, "200", []string{`If-Match: "7"`}},
		{"as merge patch", path, `{"tags":null}`, "200", []string{`If-Match: "7"`, "Content-Type: application/merge-patch+json"}},
		{"stale", path, `{}`, "412", []string{`If-Match: "6"`}},
		{"no version", path, `{}`, "428", nil},
		{"weak tag", path, `{}`, "400 /If-Match type", []string{`If-Match: W/"7"`}},
		{"any version", path, `{}`, "400 /If-Match type", []string{`If-Match: *`}},
		{"unknown null", path, `{"nmae":null}`, "400 /nmae unknown", []string{`If-Match: "7"`}},
		{"not an object", path, `[1]`, "400  type", []string{`If-Match: "7"`}},
		{"not an object either", path, `null`, "400  type", []string{`If-Match: "7"`}},
		{"null in a list", path, `{"tags":[null]}`, "400 /tags/0 type", []string{`If-Match: "7"`}},
		// trap: Fiber's QueryParser fell back to field names, and edited t1 instead
		{"id in the query", path + "?id=t1", `{}`, "400 /id unknown", []string{`If-Match: "7"`}},
		{"ID in the query", path + "?ID=t1", `{}`, "400 /ID unknown", []string{`If-Match: "7"`}},
		{"day", path + "?effectiveOn=2026-02-28", `{}`, "200", []string{`If-Match: "7"`}},
		{"no day", path + "?effectiveOn=2026-02-30", `{}`, "400 /effectiveOn day", []string{`If-Match: "7"`}},
		{"two days", path + "?effectiveOn=2026-02-28&effectiveOn=2026-02-27", `{}`, "400 /effectiveOn repeated", []string{`If-Match: "7"`}},
		{"operator", path + "?a[$gt]=", `{}`, "400 /a[$gt] name", []string{`If-Match: "7"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := s.ask(t, "PATCH", tt.path, "officer", tt.body, tt.lines...)
			if got := fault(t, g); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if g.status == 200 && (g.header.Get("ETag") != `"8"` || tt.name == "good" && !strings.Contains(g.body, `"name":"old","count":2`)) {
				t.Errorf("%s %s", g.header.Get("ETag"), g.body)
			}
			if g.status == 412 && g.problem(t).Version != 7 {
				t.Errorf("no version: %s", g.body)
			}
		})
	}
}

func TestForms(t *testing.T) {
	s := serve(t, nil)
	const kind = "Content-Type: application/x-www-form-urlencoded"
	for _, tt := range []struct{ body, want string }{
		{"name=a&count=3&tick=on&attributes.x=1&attributes.x=2", "303"},
		{"name=a&count=", "303"},
		{"name=a&name=b", "400 map[name:rule.repeated]"},
		{"count=3", "400 map[name:rule.required]"},
		{"name=a&count=x", "400 map[count:rule.type]"},
		{"name=a&tick=maybe", "400 map[tick:rule.type]"},
		{"name=a&more[$ne]=1", "400 map[more[$ne]:rule.name]"},
		{"name=%00", "400 map[name:rule.encoding]"},
		{"name=%ff", "400 map[name:rule.encoding]"},
		{"name=%zz", "400 map[name:rule.encoding]"},
	} {
		g := s.ask(t, "POST", "/things", "officer", tt.body, kind)
		status, messages, _ := strings.Cut(tt.want, " ")
		if fmt.Sprint(g.status) != status || !strings.Contains(g.body, messages) {
			t.Errorf("%s: got %d %s, want %s", tt.body, g.status, g.body, tt.want)
		}
	}
	g := s.ask(t, "POST", "/things", "officer", "name=%E5%BC%A0&count=x", kind, "Accept: text/html")
	if g.status != 400 || !strings.Contains(g.body, "again:张") || !strings.Contains(g.body, "map[count:") {
		t.Errorf("a refused form is not shown again: %d %s", g.status, g.body)
	}
	if g := s.ask(t, "POST", "/things", "officer", `{"name":"x"}`); g.status != 415 {
		t.Errorf("JSON as a form: %d", g.status)
	}
}

func TestBoundStructs(t *testing.T) {
	for _, bad := range []any{
		struct{ ID string }{},
		struct {
			id string `query:"id"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T was taken", bad)
				}
			}()
			newPlan(reflect.TypeOf(bad))
		}()
	}
}

func FuzzBindJSON(f *testing.F) {
	for _, seed := range []string{`{"name":"x","parts":[{"id":"a"}]}`, `{"name":"\ud83d\ude00"}`, `{"a":{"a":[1e9]}}`, "\ufeff{}", `{"at":"2026-01-02T03:04:05Z"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got thingFields
		if readJSON(raw, &got) != nil {
			return
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var again thingFields
		if err := readJSON(b, &again); err != nil && !strings.Contains(string(b), "null") {
			t.Fatalf("%s became %s: %v", raw, b, err)
		}
		if !utf8.Valid(b) || strings.Contains(got.Name, "\x00") || strings.Contains(got.Name, "\ufffd") && !strings.Contains(strings.ToLower(string(raw)), "fffd") && !strings.Contains(string(raw), "\ufffd") {
			t.Fatalf("%q let %q pass", raw, b)
		}
	})
}
