package handlers

import (
	"fmt"
	"strings"
	"testing"
)

// sixFields are one custom field of each kind, as an admin defines them.
var sixFields = []string{
	`{"collection":"talents","key":"motto","name":"座右铭","kind":"text"}`,
	`{"collection":"talents","key":"score","name":"得分","kind":"number","min":-5,"max":100.5}`,
	`{"collection":"talents","key":"checked","name":"复核日","kind":"date"}`,
	`{"collection":"talents","key":"wave","name":"批次","kind":"choice","choices":[{"id":"first","name":"第一批"},{"id":"second","name":"第二批"}]}`,
	`{"collection":"talents","key":"abroad","name":"海外经历","kind":"yesno"}`,
	`{"collection":"talents","key":"page","name":"主页","kind":"link"}`,
}

// TestCustomFields defines a field of each kind and gives records values of it: a bad one is refused by its name, a good
// one is shown, filtered by, bounded and sorted by.
func TestCustomFields(t *testing.T) {
	c := bureau(t)
	const talents = "/api/v1/talents"
	c.run(t, []step{{name: "no such field yet", method: "POST", path: talents, as: "officer", body: `{"name":"甲","attributes":{"score":1}}`, status: 400, want: []string{`"pointer":"/attributes/score","rule":"unknown"`}}})
	for _, body := range sixFields {
		c.play(t, step{method: "POST", path: "/api/v1/fields", as: "admin", body: body, status: 201, save: "field"})
		c.saved[strings.Split(body, `"`)[7]] = c.saved["field"]
	}
	for _, tt := range []struct{ key, value, rule string }{
		{"motto", `7`, "type"},
		{"motto", `["x"]`, "type"},
		{"motto", `{"$ne":""}`, "type"},
		{"motto", `"` + strings.Repeat("长", 2001) + `"`, "max"},
		{"score", `"9"`, "type"},
		{"score", `100.6`, "max"},
		{"score", `-5.1`, "min"},
		{"score", `{"$gt":0}`, "type"},
		{"score", `true`, "type"},
		{"checked", `"2026-02-30"`, "day"},
		{"checked", `20260228`, "day"},
		{"checked", `"今天"`, "day"},
		{"wave", `"third"`, "oneof"},
		{"wave", `"第一批"`, "oneof"},
		{"wave", `["first"]`, "oneof"},
		{"abroad", `"yes"`, "type"},
		{"abroad", `1`, "type"},
		{"page", `"javascript:alert(1)"`, "link"},
		{"page", `"example.com"`, "link"},
		{"page", `7`, "link"},
		{"nobody", `"x"`, "unknown"},
		{"score.x", `1`, "unknown"},
	} {
		for _, method := range []string{"POST", "PATCH"} {
			path, body, lines := talents, fmt.Sprintf(`{"name":"甲","attributes":{%q:%s}}`, tt.key, tt.value), []string(nil)
			if method == "PATCH" {
				if c.saved["one"] == "" {
					c.play(t, step{method: "POST", path: talents, as: "officer", body: `{"name":"未定"}`, status: 201, save: "one"})
				}
				path, lines = talents+"/"+c.saved["one"], []string{`If-Match: "1"`}
			}
			g := c.ask(t, method, path, "officer", body, lines...)
			if g.status != 400 || !strings.Contains(g.body, `"pointer":"/attributes/`+tt.key+`"`) || !strings.Contains(g.body, `"rule":"`+tt.rule+`"`) {
				t.Errorf("%s %s = %.60s: %d %.300s", method, tt.key, tt.value, g.status, g.body)
			}
		}
	}
	c.run(t, []step{{name: "nothing of it is stored", method: "GET", path: talents, as: "officer", status: 200, want: []string{`"total":1`}, not: []string{`"attributes":{"`}}})
	for i := range 6 {
		body := fmt.Sprintf(`{"name":"甲%d","attributes":{"motto":"%s","score":%g,"checked":"2026-%02d-15","wave":"%s","abroad":%t,"page":"https://example.com/%d"}}`,
			i, []string{"安", "博", "才", "德", "恩", "福"}[i], float64(i*5%6)*10-4.5, i+1, []string{"first", "second"}[i%2], i%3 == 0, i)
		c.play(t, step{method: "POST", path: talents, as: "officer", body: body, status: 201})
	}
	for query, want := range map[string]string{
		"attributes.score_gte=0":                                  "甲1 甲2 甲3 甲4 甲5",
		"attributes.score_gte=5.5&attributes.score_lte=25.5":      "甲3 甲4 甲5",
		"attributes.score_lte=-4.5":                               "甲0",
		"attributes.checked_gte=2026-03-15":                       "甲2 甲3 甲4 甲5",
		"attributes.checked_gte=2026-03-16&attributes.wave=first": "甲4",
		"attributes.wave=second":                                  "甲1 甲3 甲5",
		"attributes.wave=first&attributes.wave=second":            "甲0 甲1 甲2 甲3 甲4 甲5",
		"attributes.abroad=true":                                  "甲0 甲3",
		"sort=attributes.score&attributes.wave=first":             "甲0 甲4 甲2",
		"sort=-attributes.score&attributes.wave=first":            "甲2 甲4 甲0",
		"sort=-attributes.checked&attributes.abroad=true":         "甲3 甲0",
		"sort=attributes.motto&attributes.abroad=false":           "甲1 甲2 甲4 甲5",
	} {
		if !strings.Contains(query, "sort=") {
			query += "&sort=name"
		}
		list := decoded[struct {
			Items []struct{ Name string }
			Total int
		}](t, c.ask(t, "GET", talents+"?"+query, "officer", ""))
		var names []string
		for _, one := range list.Items {
			names = append(names, one.Name)
		}
		if got := strings.Join(names, " "); got != want || list.Total != len(names) {
			t.Errorf("%s: %s (%d), want %s", query, got, list.Total, want)
		}
	}
	for _, query := range []string{
		"attributes.motto=安", "attributes.motto_gte=a", "attributes.score=1", "attributes.score_gte=many", "attributes.score_gte=NaN", "attributes.checked_gte=2026", "attributes.nobody=1", "attributes.nobody_gte=1",
		"sort=attributes.wave", "sort=attributes.nobody", "attributes.score_gte[$ne]=1", "attributes=1",
	} {
		if g := c.ask(t, "GET", talents+"?"+query, "officer", ""); g.status != 400 || len(g.problem(t).Errors) == 0 {
			t.Errorf("%s: %d %.200s", query, g.status, g.body)
		}
	}
	c.run(t, []step{
		{name: "a field of work is not a viewer's", method: "GET", path: talents, as: "viewer", status: 200, not: []string{"motto", "first"}},
		{name: "nor to be asked for", method: "GET", path: talents + "?attributes.wave=first", as: "viewer", status: 400},
		{name: "retire", method: "PATCH", path: "/api/v1/fields/{motto}", as: "admin", body: `{"retired":true}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "a retired field takes nothing new", method: "POST", path: talents, as: "officer", body: `{"name":"乙","attributes":{"motto":"x"}}`, status: 400, want: []string{`"pointer":"/attributes/motto","rule":"retired"`}},
		{name: "a choice more", method: "PATCH", path: "/api/v1/fields/{wave}", as: "admin", body: `{"choices":[{"id":"first","name":"第一批"},{"id":"second","name":"第二批"},{"id":"third","name":"第三批"}]}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "is taken", method: "POST", path: talents, as: "officer", body: `{"name":"乙","attributes":{"wave":"third"}}`, status: 201},
		{name: "required from now on", method: "PATCH", path: "/api/v1/fields/{checked}", as: "admin", body: `{"required":true}`, lines: []string{`If-Match: "1"`}, status: 200},
		{name: "is asked for", method: "POST", path: talents, as: "officer", body: `{"name":"丙"}`, status: 400, want: []string{`"pointer":"/attributes/checked","rule":"required"`}},
	})
}

// TestFieldBodies sends what no field definition takes.
func TestFieldBodies(t *testing.T) {
	c := bureau(t)
	c.play(t, step{method: "POST", path: "/api/v1/fields", as: "admin", body: sixFields[1], status: 201, save: "score"})
	c.refusals(t, "/api/v1/fields", "/api/v1/fields/"+c.saved["score"], sixFields[0], []refusal{
		{`{"collection":"talents","key":"x","kind":"text"}`, "/name", "required"},
		{`{"collection":"talents","name":"x","kind":"text"}`, "/key", ""},
		{`{"collection":"talents","key":"Bad Key","name":"x","kind":"text"}`, "/key", "code"},
		{`{"collection":"targets","key":"x","name":"x","kind":"text"}`, "/collection", "oneof"},
		{`{"collection":"talents","key":"x","name":"x","kind":"colour"}`, "/kind", "oneof"},
		{`{"collection":"talents","key":"x","name":"x","kind":"choice"}`, "/choices", "required"},
		{`{"collection":"talents","key":"x","name":"x","kind":"choice","choices":[{"id":"A B","name":"x"}]}`, "/choices/0/id", "code"},
		{`{"collection":"talents","key":"x","name":"x","kind":"choice","choices":[{"id":"a","name":"x"},{"id":"a","name":"y"}]}`, "/choices/1/id", "unique"},
		{`{"collection":"talents","key":"x","name":"x","kind":"number","min":9,"max":1}`, "/max", "min"},
		{`{"collection":"talents","key":"x","name":"x","kind":"number","min":"1"}`, "/min", "type"},
		{`{"collection":"talents","key":"x","name":"x","kind":"text","class":3}`, "/class", "max"},
		{`{"collection":"talents","key":"x","name":"x","kind":"text","required":"yes"}`, "/required", "type"},
	}, []refusal{
		{`{"key":"other"}`, "/key", "fixed"},
		{`{"kind":"text"}`, "/kind", "fixed"},
		{`{"collection":"teams"}`, "/collection", "fixed"},
		{`{"max":-9}`, "/max", "min"},
		{`{"name":null}`, "/name", "required"},
	})
	if g := c.ask(t, "POST", "/api/v1/fields", "admin", sixFields[1]); g.status != 409 || !strings.Contains(g.body, `"pointer":"/key","rule":"unique"`) {
		t.Errorf("the same key again: %d %s", g.status, g.body)
	}
}

// TestFieldForm defines a field by the form, which keeps what was typed beside what is wrong.
func TestFieldForm(t *testing.T) {
	c := bureau(t)
	c.run(t, []step{
		{name: "form", method: "GET", path: "/fields", as: "admin", status: 200, want: []string{`name="choices"`, `value="yesno"`}},
		{name: "no choices", method: "POST", path: "/fields", as: "admin", body: formed("collection", "talents", "key", "wave", "name", "批次", "kind", "choice", "class", "2"), status: 400, want: []string{`id="f-choices-error"`, `value="批次"`}},
		{name: "a wrong code", method: "POST", path: "/fields", as: "admin", body: formed("collection", "talents", "key", "Wave 1", "name", "批次", "kind", "text", "class", "2"), status: 400, want: []string{`id="f-key-error"`, "小写字母", `value="Wave 1"`}},
		{name: "a bound that is a word", method: "POST", path: "/fields", as: "admin", body: formed("collection", "talents", "key", "wave", "name", "批次", "kind", "number", "class", "2", "min", "few"), status: 400, want: []string{`id="f-min-error"`, `value="批次"`}},
		{name: "add", method: "POST", path: "/fields", as: "admin", body: formed("id", "", "version", "0", "collection", "talents", "key", "wave", "name", "批次", "kind", "choice", "class", "2", "choices", "first 第一批\r\nsecond 第二批\r\n"), status: 303},
		{name: "listed", method: "GET", path: "/fields", as: "admin", status: 200, want: []string{"第一批、第二批", `href="/fields?edit=`}},
		{name: "used again", method: "POST", path: "/fields", as: "admin", body: formed("collection", "talents", "key", "wave", "name", "又一批", "kind", "text", "class", "2"), status: 409, want: []string{`id="f-key-error"`, "不能重复", `value="又一批"`}},
		{name: "on the form of a talent", method: "GET", path: "/talents/new", as: "officer", status: 200},
	})
	list := decoded[Fields](t, c.ask(t, "GET", "/api/v1/fields?collection=talents", "viewer", "")).Items
	if len(list) != 1 || len(list[0].Choices) != 2 || list[0].Choices[1].Name != "第二批" {
		t.Fatalf("%+v", list)
	}
	c.saved["wave"] = list[0].ID
	c.run(t, []step{
		{name: "its form", method: "GET", path: "/fields?edit={wave}", as: "admin", status: 200, want: []string{"first 第一批", `name="version" value="1"`}},
		{name: "change", method: "POST", path: "/fields", as: "admin", body: formed("version", "1", "name", "评审批次", "class", "1", "choices", "first 第一批\nsecond 第二批\nthird 第三批", "required", "true") + "&id={wave}", status: 303},
		{name: "a stale one", method: "POST", path: "/fields", as: "admin", body: formed("version", "1", "name", "旧名", "class", "1", "choices", "first x") + "&id={wave}", status: 412, want: []string{`value="旧名"`}},
		{name: "its kind stays", method: "GET", path: "/api/v1/fields/{wave}", as: "viewer", status: 200, want: []string{`"2"`, `"kind":"choice"`, "评审批次", "third", `"required":true`}},
		{name: "no such field", method: "GET", path: "/fields?edit=none", as: "admin", status: 404},
	})
	for _, path := range []string{"/fields", "/fields?edit=" + c.saved["wave"]} {
		sound(t, path, c.ask(t, "GET", path, "admin", "", asPage).body)
	}
}
