package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"qunxian/schemas"
)

// list is a list of codes as the API gives it.
func (c *city) list(t *testing.T, id string) *schemas.Taxonomy {
	t.Helper()
	list := decoded[schemas.Taxonomy](t, c.ask(t, "GET", "/api/v1/taxonomies/"+id, "viewer", ""))
	return &list
}

// setTerms patches the terms of a list as they are now.
func (c *city) setTerms(t *testing.T, id string, edit func([]schemas.Term) []schemas.Term, lines ...string) got {
	t.Helper()
	list := c.list(t, id)
	body, err := json.Marshal(map[string]any{"terms": edit(list.Terms)})
	if err != nil {
		t.Fatal(err)
	}
	return c.ask(t, "PATCH", "/api/v1/taxonomies/"+id, "admin", string(body), append(lines, fmt.Sprintf("If-Match: \"%d\"", list.Version))...)
}

func without(code string) func([]schemas.Term) []schemas.Term {
	return func(ts []schemas.Term) []schemas.Term {
		return slices.DeleteFunc(ts, func(x schemas.Term) bool { return x.ID == code })
	}
}

// TestTaxonomies adds, renames, retires, maps and takes away codes through the API; records, filters and pages follow.
func TestTaxonomies(t *testing.T) {
	c := bureau(t)
	add := func(terms ...schemas.Term) func([]schemas.Term) []schemas.Term {
		return func(ts []schemas.Term) []schemas.Term { return append(ts, terms...) }
	}
	const talents = "/api/v1/talents"
	c.run(t, []step{{name: "not yet a code", method: "POST", path: talents, as: "officer", body: `{"name":"甲","tier":"class-a"}`, status: 400, want: []string{`"pointer":"/tier","rule":"term"`}}})
	if g := c.setTerms(t, "tier", add(schemas.Term{ID: "class-a", Name: "A 类", NameEn: "Class A", Order: 1, Leading: true}, schemas.Term{ID: "unused", Name: "暂不用"})); g.status != 200 || g.header.Get("ETag") != `"2"` {
		t.Fatalf("add: %d %.300s", g.status, g.body)
	}
	c.run(t, []step{
		{name: "a new code", method: "POST", path: talents, as: "officer", body: `{"name":"甲","tier":"class-a","industryMore":["tourism"],"region":"lishu"}`, status: 201, save: "a"},
		{name: "another", method: "POST", path: talents, as: "officer", body: `{"name":"乙","tier":"class-a"}`, status: 201, save: "b"},
		{name: "a team", method: "POST", path: "/api/v1/teams", as: "officer", body: `{"name":"甲队","region":"lishu"}`, status: 201},
		{name: "found by it", method: "GET", path: talents + "?tier=class-a", as: "viewer", status: 200, want: []string{`"total":2`}},
		{name: "by its name on the page", method: "GET", path: "/talents/{a}", as: "viewer", status: 200, want: []string{"A 类"}},
		{name: "in English", method: "GET", path: "/talents/{a}", as: "viewer", lines: []string{"Accept-Language: en"}, status: 200, want: []string{"Class A"}},
	})
	renamed := func(ts []schemas.Term) []schemas.Term {
		for i := range ts {
			if ts[i].ID == "class-a" {
				ts[i].Name = "A 类人才"
			}
		}
		return ts
	}
	if g := c.setTerms(t, "tier", renamed); g.status != 200 {
		t.Fatalf("rename: %d %.300s", g.status, g.body)
	}
	c.run(t, []step{{name: "its new name", method: "GET", path: "/talents/{a}", as: "viewer", status: 200, want: []string{"A 类人才"}}})
	g := c.setTerms(t, "tier", without("class-a"))
	if p := g.problem(t); g.status != http.StatusConflict || p.Detail != "“A 类人才”正在使用（人才 2 人），不能删除，可以停用" || len(p.Errors) != 1 || p.Errors[0].Pointer != "/terms/class-a" || p.Errors[0].Rule != "inuse" {
		t.Errorf("a code in use: %d %s", g.status, g.body)
	}
	g = c.setTerms(t, "region", without("lishu"), "Accept-Language: en")
	if p := g.problem(t); g.status != http.StatusConflict || !strings.Contains(p.Detail, "(1 talent, 1 team)") {
		t.Errorf("a region in use: %d %s", g.status, g.body)
	}
	g = c.setTerms(t, "region", without("tiexi"))
	if p := g.problem(t); g.status != http.StatusConflict || !strings.Contains(p.Detail, "（用户 1 个）") {
		t.Errorf("the region of a user: %d %s", g.status, g.body)
	}
	if g := c.setTerms(t, "tier", without("unused")); g.status != 200 || c.list(t, "tier").Term("unused") != nil || c.list(t, "tier").Term("class-a") == nil {
		t.Errorf("an unused code: %d %.300s", g.status, g.body)
	}
	retired := func(ts []schemas.Term) []schemas.Term {
		for i := range ts {
			if ts[i].ID == "class-a" {
				ts[i].Retired, ts[i].ReplacedBy = true, "national"
			}
		}
		return ts
	}
	if g := c.setTerms(t, "tier", retired); g.status != 200 {
		t.Fatalf("retire: %d %.300s", g.status, g.body)
	}
	c.run(t, []step{
		{name: "a retired code is not given", method: "POST", path: talents, as: "officer", body: `{"name":"丙","tier":"class-a"}`, status: 400, want: []string{`"pointer":"/tier","rule":"retired"`}},
		{name: "but kept", method: "PATCH", path: talents + "/{a}", as: "officer", body: `{"bio":"新简介"}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"tier":"class-a"`}},
		{name: "and found", method: "GET", path: talents + "?tier=class-a", as: "viewer", status: 200, want: []string{`"total":2`}},
		{name: "who did it", method: "GET", path: "/api/v1/taxonomies/tier/history", as: "officer", status: 200, want: []string{`"from":"A 类","to":"A 类人才"`, `"path":"terms/class-a/retired","to":true`, `"seq":5`}},
		{
			name: "a crosswalk", method: "PATCH", path: "/api/v1/taxonomies/industry", as: "admin", lines: []string{`If-Match: "1"`},
			body: `{"crosswalk":[{"id":"x1","from":"equipment","taxonomy":"sector","to":"manufacturing"},{"id":"x2","from":"tourism","taxonomy":"sector","presumed":true,"note":"未对应"}]}`, status: 200,
			want: []string{`{"id":"x2","from":"tourism","taxonomy":"sector","presumed":true,"note":"未对应"}`},
		},
		{name: "from no code", method: "PATCH", path: "/api/v1/taxonomies/industry", as: "admin", lines: []string{`If-Match: "2"`}, body: `{"crosswalk":[{"id":"x1","from":"nothing","taxonomy":"sector"}]}`, status: 400, want: []string{`"pointer":"/crosswalk/0/from","rule":"term"`}},
		{name: "to no code", method: "PATCH", path: "/api/v1/taxonomies/industry", as: "admin", lines: []string{`If-Match: "2"`}, body: `{"crosswalk":[{"id":"x1","from":"food","taxonomy":"sector","to":"nothing"}]}`, status: 400, want: []string{`"pointer":"/crosswalk/0/to","rule":"term"`}},
		{name: "a list of one's own", method: "POST", path: "/api/v1/taxonomies", as: "admin", body: `{"id":"own-list","name":"自有目录","terms":[{"id":"x","name":"甲"}]}`, status: 201, want: []string{"/api/v1/taxonomies/own-list"}},
		{name: "is there", method: "GET", path: "/api/v1/taxonomies", as: "viewer", status: 200, want: []string{`"id":"own-list"`, `"id":"industry"`, `"id":"sector"`}},
	})
}

// TestTaxonomyPages does the same by the forms, which show what is refused beside its field.
func TestTaxonomyPages(t *testing.T) {
	c := bureau(t)
	const page, terms = "/taxonomies/tier", "/taxonomies/tier/terms"
	c.run(t, []step{
		{name: "lists", method: "GET", path: "/taxonomies", as: "admin", status: 200, want: []string{`href="/taxonomies/tier"`, "八大产业", "专栏领域", "推定"}},
		{name: "a list", method: "GET", path: page, as: "admin", status: 200, want: []string{"市级骨干", `action="/taxonomies/tier/terms"`}},
		{name: "no such list", method: "GET", path: "/taxonomies/none", as: "admin", status: 404},
		{name: "no such code", method: "GET", path: page + "?term=none", as: "admin", status: 404},
		{name: "add", method: "POST", path: terms, as: "admin", body: formed("code", "class-b", "name", "B 类", "aliases", "乙类、B级", "order", "9", "leading", "true"), status: 303},
		{name: "the same again", method: "POST", path: terms, as: "admin", body: formed("code", "class-b", "name", "又一个"), status: 400, want: []string{"不能重复", `value="又一个"`}},
		{name: "no code", method: "POST", path: terms, as: "admin", body: formed("code", "", "name", "无代码"), status: 400, want: []string{`id="f-code-error"`, `value="无代码"`}},
		{name: "a wrong code", method: "POST", path: terms, as: "admin", body: formed("code", "B Class", "name", "错代码"), status: 400, want: []string{`value="B Class"`, "小写字母"}},
		{name: "no name", method: "POST", path: terms, as: "admin", body: formed("code", "nameless", "name", ""), status: 400, want: []string{`id="f-name-error"`, "此项必填"}},
		{name: "unknown field", method: "POST", path: terms, as: "admin", body: formed("code", "x", "name", "x", "colour", "red"), status: 400},
		{name: "an order that is a word", method: "POST", path: terms, as: "admin", body: formed("code", "x", "name", "x", "order", "first"), status: 400},
		{name: "its form", method: "GET", path: page + "?term=class-b", as: "admin", status: 200, want: []string{`value="B 类"`, `value="乙类、B级"`}},
		{name: "rename", method: "POST", path: terms, as: "admin", body: formed("was", "class-b", "code", "changed-code", "name", "B 类人才", "order", "9", "leading", "true"), status: 303},
		{name: "a code never changes", method: "GET", path: "/api/v1/taxonomies/tier", as: "viewer", status: 200, want: []string{`"id":"class-b","name":"B 类人才"`}, not: []string{"changed-code", "乙类"}},
		{name: "taken by somebody", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"甲","tier":"class-b"}`, status: 201},
		{name: "cannot be removed", method: "POST", path: terms, as: "admin", body: formed("was", "class-b", "do", "remove"), status: 409, want: []string{"正在使用（人才 1 人），不能删除，可以停用", `value="B 类人才"`}},
		{name: "retire", method: "POST", path: terms, as: "admin", body: formed("was", "class-b", "name", "B 类人才", "retired", "true", "replacedBy", "national"), status: 303},
		{name: "an unused one", method: "POST", path: terms, as: "admin", body: formed("code", "class-c", "name", "C 类"), status: 303},
		{name: "can be removed", method: "POST", path: terms, as: "admin", body: formed("was", "class-c", "do", "remove"), status: 303},
		{name: "is gone", method: "POST", path: terms, as: "admin", body: formed("was", "class-c", "name", "C 类"), status: 404},
		{name: "what is left", method: "GET", path: "/api/v1/taxonomies/tier", as: "viewer", status: 200, want: []string{`"retired":true,"replacedBy":"national"`}, not: []string{"class-c"}},
		{name: "map", method: "POST", path: "/taxonomies/industry/crosswalk", as: "admin", body: formed("from", "tourism", "to", "sector/electronics", "presumed", "true"), status: 303},
		{name: "map to nothing", method: "POST", path: "/taxonomies/industry/crosswalk", as: "admin", body: formed("from", "logistics", "to", "sector/", "note", "无对应"), status: 303},
		{name: "no counterpart chosen", method: "POST", path: "/taxonomies/industry/crosswalk", as: "admin", body: formed("from", "logistics", "to", ""), status: 400, want: []string{"此项必填"}},
		{name: "a counterpart that is none", method: "POST", path: "/taxonomies/industry/crosswalk", as: "admin", body: formed("from", "logistics", "to", "sector/none"), status: 400},
		{name: "remove no row", method: "POST", path: "/taxonomies/industry/crosswalk", as: "admin", body: formed("do", "remove", "cross", "none"), status: 404},
		{name: "the rows", method: "GET", path: "/taxonomies/industry", as: "admin", status: 200, want: []string{"未对应", "无对应"}},
	})
	for _, path := range []string{"/taxonomies", page, page + "?term=class-b", "/taxonomies/industry"} {
		for _, lang := range []string{"zh-CN", "en"} {
			g := c.ask(t, "GET", path, "admin", "", asPage, "Accept-Language: "+lang)
			sound(t, path+" "+lang, g.body)
		}
	}
}

// TestTaxonomyBodies sends what no list of codes takes: the answer names the place and nothing is stored.
func TestTaxonomyBodies(t *testing.T) {
	c := bureau(t)
	c.refusals(t, "/api/v1/taxonomies", "/api/v1/taxonomies/tier", `{"id":"own","name":"x","terms":[]}`, []refusal{
		{`{"id":"own","terms":[]}`, "/name", "required"},
		{`{"id":"Own List","name":"x","terms":[]}`, "/id", "code"},
		{`{"name":"x","terms":[]}`, "/id", ""},
		{`{"id":"own","name":"x","terms":[{"id":"a"}]}`, "/terms/0/name", "required"},
		{`{"id":"own","name":"x","terms":[{"id":"Über","name":"x"}]}`, "/terms/0/id", "code"},
		{`{"id":"own","name":"x","terms":[{"id":"a","name":"x"},{"id":"a","name":"y"}]}`, "/terms/1/id", "unique"},
		{`{"id":"own","name":"x","terms":[{"id":"a","name":"x","parent":"none"}]}`, "/terms/0/parent", "term"},
		{`{"id":"own","name":"x","terms":[{"id":"a","name":"x","colour":"red"}]}`, "/terms/0/colour", "unknown"},
		{`{"id":"own","name":"x","terms":{"a":"x"}}`, "/terms", "type"},
		{`{"id":"own","name":"x","terms":[7]}`, "/terms/0", "type"},
		{`{"id":"own","name":"x","terms":[{"id":"a","name":"x","order":"1"}]}`, "/terms/0/order", "type"},
		{`{"id":"own","name":"x","terms":[{"id":"a","name":"x","leading":"yes"}]}`, "/terms/0/leading", "type"},
		{`{"id":"own","name":"` + strings.Repeat("长", 61) + `","terms":[]}`, "/name", "max.length"},
	}, []refusal{
		{`{"name":null}`, "/name", "required"},
		{`{"terms":[{"id":"top"}]}`, "/terms/0/name", "required"},
		{`{"terms":[{"id":"top","name":"x","next":["nowhere"]}]}`, "/terms/0/next", "term"},
		{`{"id":"other"}`, "/id", "unknown"},
	})
}

// refusal is a body, the place that the answer names and the rule that it breaks; "" is any.
type refusal struct{ body, pointer, rule string }

// refusals sends to a noun's routes what neither takes – its own cases, and what no route of JSON takes – and sees that
// nothing is stored: the list and the document are as before.
func (c *city) refusals(t *testing.T, list, one, good string, creates, edits []refusal) {
	t.Helper()
	before := c.ask(t, "GET", list, "admin", "").body
	etag := c.ask(t, "GET", one, "admin", "").header.Get("ETag")
	if before == "" || etag == "" {
		t.Fatalf("%s: no list or no version", one)
	}
	both := []refusal{
		{`{"name":{"$ne":null}}`, "/name", "type"},
		{`{"name":["x"]}`, "/name", "type"},
		{`{"name":7}`, "/name", "type"},
		{`{"$set":{"name":"x"}}`, "/$set", "unknown"},
		{`{"name.x":"y"}`, "/name.x", "unknown"},
		{`{"NAME":"x"}`, "/NAME", "unknown"},
		{`{"version":9}`, "/version", "unknown"},
		{`{"createdBy":"x"}`, "/createdBy", "unknown"},
		{`{"name":"x","name":"y"}`, "/name", "repeated"},
		{"{\"name\":\"\xff\xfe\"}", "", "encoding"},
		{`{"name":"a\u0000b"}`, "/name", "encoding"},
		{`{"name":"\ud800"}`, "/name", "encoding"},
		{`{"name":"x"`, "", "json"},
		{`{"name":"x"}{}`, "", "json"},
		{`[]`, "", "type"},
		{`"x"`, "", "type"},
		{`null`, "", "type"},
		{``, "", "json"},
		{strings.Repeat(`{"name":`, 40) + `1` + strings.Repeat(`}`, 40), "", ""},
	}
	try := func(method, path string, r refusal, lines ...string) {
		t.Helper()
		g := c.ask(t, method, path, "admin", r.body, append(lines, "Content-Type: application/json")...)
		if g.status != 400 {
			t.Errorf("%s %s %.80s: %d %.300s", method, path, r.body, g.status, g.body)
			return
		}
		p := g.problem(t)
		if !slices.ContainsFunc(p.Errors, func(e ProblemField) bool {
			return (r.pointer == "" || e.Pointer == r.pointer) && (r.rule == "" || e.Rule == r.rule)
		}) {
			t.Errorf("%s %s %.80s: %+v, want %s %s", method, path, r.body, p.Errors, r.pointer, r.rule)
		}
		for _, e := range p.Errors {
			if e.Message == "" || strings.Contains(e.Message, "%") || strings.Contains(e.Message, "⟦") {
				t.Errorf("%s %.80s: no words for %s: %q", path, r.body, e.Rule, e.Message)
			}
		}
	}
	for _, r := range slices.Concat(both, creates) {
		try("POST", list, r)
	}
	for _, r := range slices.Concat(both, edits) {
		try("PATCH", one, r, "If-Match: "+etag)
	}
	for _, tt := range []struct {
		name, method, path, as, body string
		lines                        []string
		want                         int
	}{
		{"no version", "PATCH", one, "admin", `{}`, nil, 428},
		{"a version of the future", "PATCH", one, "admin", `{"name":"x"}`, []string{`If-Match: "99"`}, 412},
		{"a version that is none", "PATCH", one, "admin", `{"name":"x"}`, []string{`If-Match: "x"`}, 400},
		{"a weak version", "PATCH", one, "admin", `{"name":"x"}`, []string{"If-Match: W/" + etag}, 400},
		{"any version", "PATCH", one, "admin", `{"name":"x"}`, []string{"If-Match: *"}, 400},
		{"no such document", "PATCH", one + "-none", "admin", `{}`, []string{`If-Match: "1"`}, 404},
		{"another type", "POST", list, "admin", good, []string{"Content-Type: text/plain"}, 415},
		{"a form", "POST", list, "admin", good, []string{"Content-Type: application/x-www-form-urlencoded"}, 415},
		{"another charset", "POST", list, "admin", good, []string{"Content-Type: application/json; charset=gbk"}, 415},
		{"too large", "POST", list, "admin", `{"name":"` + strings.Repeat("x", usualBody) + `"}`, nil, 413},
		{"an unknown parameter", "POST", list + "?x=1", "admin", good, nil, 400},
		{"as an officer", "POST", list, "officer", good, nil, 403},
		{"as a viewer", "PATCH", one, "viewer", `{}`, []string{`If-Match: "1"`}, 403},
		{"as nobody", "POST", list, "", good, nil, 401},
	} {
		if g := c.ask(t, tt.method, tt.path, tt.as, tt.body, tt.lines...); g.status != tt.want {
			t.Errorf("%s %s, %s: %d, want %d: %.300s", tt.method, tt.path, tt.name, g.status, tt.want, g.body)
		}
	}
	if after := c.ask(t, "GET", list, "admin", "").body; after != before {
		t.Errorf("%s: something is stored:\n%.2000s", list, after)
	}
	if g := c.ask(t, "POST", list, "admin", good); g.status != 201 {
		t.Errorf("control: %d %s", g.status, g.body)
	}
}
