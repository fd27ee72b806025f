package handlers

import "testing"

// TestInstitutions adds an institution with its other names: talents are found by each of them.
func TestInstitutions(t *testing.T) {
	c := bureau(t)
	c.run(t, []step{
		{name: "shipped", method: "GET", path: "/api/v1/institutions", as: "viewer", status: 200, want: []string{"长光所", "CIOMP", "吉林大学"}},
		{name: "add", method: "POST", path: "/api/v1/institutions", as: "admin", body: `{"name":"四平市换热研究院","aliases":["换热院","SPHRI"],"kind":"institute"}`, status: 201, save: "it"},
		{name: "a talent of it", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"某人","affiliation":{"organisation":"换热院"}}`, status: 201, save: "someone"},
		{name: "is found by its name", method: "GET", path: "/api/v1/talents?q=%E5%9B%9B%E5%B9%B3%E5%B8%82%E6%8D%A2%E7%83%AD%E7%A0%94%E7%A9%B6%E9%99%A2", as: "officer", status: 200, want: []string{"{someone}"}},
		{name: "and by its letters", method: "GET", path: "/api/v1/talents?q=SPHRI", as: "officer", status: 200, want: []string{"{someone}"}},
		{name: "change", method: "PATCH", path: "/api/v1/institutions/{it}", as: "admin", body: `{"note":"2026 年改制","aliases":["换热院"]}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"2"`, "改制"}, not: []string{"SPHRI"}},
		{name: "stale", method: "PATCH", path: "/api/v1/institutions/{it}", as: "admin", body: `{"note":"x"}`, lines: []string{`If-Match: "1"`}, status: 412, want: []string{`"version":2`}},
		{name: "history", method: "GET", path: "/api/v1/institutions/{it}/history", as: "officer", status: 200, want: []string{`"path":"note","to":"2026 年改制"`}},

		{name: "page", method: "GET", path: "/institutions?q=ciomp", as: "admin", status: 200, want: []string{"长光所"}, not: []string{"换热院"}},
		{name: "form", method: "GET", path: "/institutions?edit={it}", as: "admin", status: 200, want: []string{`value="四平市换热研究院"`, ">换热院</textarea>", `name="version" value="2"`}},
		{name: "no name", method: "POST", path: "/institutions", as: "admin", body: formed("name", "", "aliases", "无名院"), status: 400, want: []string{`id="f-name-error"`, ">无名院</textarea>"}},
		{name: "no such kind", method: "POST", path: "/institutions", as: "admin", body: formed("name", "某院", "kind", "bakery"), status: 400, want: []string{`id="f-kind-error"`, `value="某院"`}},
		{name: "save", method: "POST", path: "/institutions", as: "admin", body: formed("version", "2", "name", "四平市换热研究院", "aliases", "换热院、换热所") + "&id={it}", status: 303},
		{name: "a stale form", method: "POST", path: "/institutions", as: "admin", body: formed("version", "2", "name", "旧名") + "&id={it}", status: 412, want: []string{`value="旧名"`}},
		{name: "is saved", method: "GET", path: "/api/v1/institutions/{it}", as: "viewer", status: 200, want: []string{`"aliases":["换热院","换热所"]`, `"3"`}},
	})
	for _, path := range []string{"/institutions", "/institutions?edit=" + c.saved["it"]} {
		sound(t, path, c.ask(t, "GET", path, "admin", "", asPage).body)
	}
	c.refusals(t, "/api/v1/institutions", "/api/v1/institutions/"+c.saved["it"], `{"name":"又一院"}`, []refusal{
		{`{"aliases":["x"]}`, "/name", "required"},
		{`{"name":"x","aliases":"y"}`, "/aliases", "type"},
		{`{"name":"x","aliases":[{"$ne":null}]}`, "/aliases/0", "type"},
		{`{"name":"x","kind":"bakery"}`, "/kind", "oneof"},
		{`{"name":"x","parent":"nobody"}`, "/parent", "ref"},
	}, []refusal{{`{"name":null}`, "/name", "required"}, {`{"kind":["x"]}`, "/kind", "type"}, {`{"parent":"` + c.saved["it"] + `"}`, "/parent", "ref"}})
}
