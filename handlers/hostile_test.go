package handlers

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qunxian/schemas"
)

// operators are texts that a database or a shell of another product would have
// obeyed: of MongoDB, of SQL, of paths.
var operators = []string{
	`{"$ne":""}`, `{"$ne":null}`, `{"$gt":""}`, `{"$regex":".*"}`, `{"$where":"sleep(1000)"}`, `{"$exists":true}`, `{"$in":["",null]}`, `{"$or":[{},{"a":"a"}]}`,
	`$ne`, `$where`, `[$ne]`, `[$regex]=.*`, `';return true;var a='`, `this.name!=''`, `a.b`, `a.$.b`, `$$ROOT`, `{{7*7}}`, `{}`, `[]`, `null`,
	`'`, `"`, `' OR '1'='1`, `' OR 1=1--`, `" OR ""="`, `') OR ('1'='1`, `1;DROP TABLE talents`, `'; DROP TABLE talents;--`, `' UNION SELECT * FROM users--`, `1' AND SLEEP(5)--`,
	`1 AND 1=1`, `' AND 1=randomblob(1000000000)--`, `'||(SELECT sql FROM sqlite_master)||'`, `%27%20OR%201=1`, `\'`, `\`, `;`, `--`, `/*`, `*`, `%`, `_`, `?`,
	`../../../../etc/passwd`, "NaN", "1e999", "-1", "99999999999999999999", "\u202e", "(", "AND", "NEAR", "a OR b", "^", "\u0000",
}

// TestOperatorsAreTexts sends each of them as each parameter of each list: it
// is refused, or finds what a text finds that nobody has (safety D4, D5).
func TestOperatorsAreTexts(t *testing.T) {
	c := openCity(t)
	for _, noun := range []string{"talents", "teams", "enterprises"} {
		c.run(t, []step{{method: "POST", path: "/api/v1/" + noun, as: "officer", body: `{"name":"张示例"}`, status: 201}})
	}
	sent := 0
	for coll, rows := range map[string]schemas.Catalogue{schemas.Talents: schemas.TalentCatalogue, schemas.Teams: schemas.TeamCatalogue, schemas.Enterprises: schemas.EnterpriseCatalogue} {
		names := c.app.Names(coll)
		params := slices.Clone(listNames)
		for _, row := range rows {
			if names.Filters(row.Name) {
				params = append(params, row.Name)
			}
			if names.Bounds(row.Name) {
				params = append(params, row.Name+"_gte", row.Name+"_lte")
			}
		}
		for _, param := range params {
			for _, text := range operators {
				sent++
				for _, path := range []string{
					"/api/v1/" + coll + "?" + url.QueryEscape(param) + "=" + url.QueryEscape(text),
					"/api/v1/" + coll + "?" + url.QueryEscape(param+text) + "=1",
				} {
					g := c.ask(t, "GET", path, "officer", "")
					if g.status >= 500 || g.status == 200 && strings.Contains(g.body, "张示例") {
						t.Errorf("%s: %d %.200s", path, g.status, g.body)
					}
				}
			}
		}
	}
	t.Logf("%d parameters and texts", sent)
	for _, noun := range []string{"talents", "teams", "enterprises"} {
		c.run(t, []step{{method: "GET", path: "/api/v1/" + noun, as: "officer", status: 200, want: []string{`"total":1`}}})
	}
}

// TestOperatorsOnEveryRoute sends them in every place of every route that takes a text: a part of the path, a parameter, a
// field of a form, a field of a body. None is obeyed, none ends in a fault of the server, and nothing is stored.
func TestOperatorsOnEveryRoute(t *testing.T) {
	c := openCity(t)
	before := c.ask(t, "GET", "/api/v1/talents", "officer", "").body
	roles := []string{"officer", "admin"}
	sent := 0
	for _, r := range (&Handlers{App: c.app}).Routes() {
		if slices.Contains([]string{"postSignOut", "signOut", "postPassword", "changePassword"}, r.Name) {
			continue
		}
		for _, s := range r.Do.plan.slots {
			for i := 0; i < len(operators); i += 4 {
				text := operators[(i+sent)%len(operators)]
				path, body, kind := r.Path, "", ""
				for _, name := range strings.Fields(pathNames(path)) {
					value := "none"
					if s.source == "path" && s.name == name {
						value = url.PathEscape(text)
					}
					path = strings.Replace(path, ":"+name, value, 1)
				}
				given := url.Values{s.name: {text}}
				named := sent%3 > 0 // an operator in a name is refused, one in a value may be a text
				if named {
					given.Set(s.name+"[$ne]", "x")
				}
				switch s.source {
				case "query":
					path += "?" + given.Encode()
				case "form":
					body, kind = given.Encode(), "Content-Type: application/x-www-form-urlencoded"
				case "body":
					body, kind = `{"$where":`+string(quoted(text))+`,"name":{"$ne":null}}`, "Content-Type: application/json"
				case "header":
					continue
				}
				lines := []string{`If-Match: "1"`}
				if kind != "" {
					lines = append(lines, kind)
				}
				g := c.ask(t, r.Method, path, roles[sent%2], body, lines...)
				if sent++; g.status >= 500 || g.status < 300 && s.source != "path" && (named || s.source == "body") {
					t.Errorf("%s %s, %s %s = %q: %d %.200s", r.Method, path, s.source, s.name, text, g.status, g.body)
				}
			}
		}
	}
	if after := c.ask(t, "GET", "/api/v1/talents", "officer", "").body; after != before {
		t.Errorf("something is stored: %.300s", after)
	}
	t.Logf("%d requests", sent)
}

func quoted(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

// TestOperatorsInBodies puts an operator where each field of a talent has its
// value: the answer names the field and nothing is stored.
func TestOperatorsInBodies(t *testing.T) {
	c := openCity(t)
	fields := 0
	for _, row := range schemas.TalentCatalogue {
		if strings.Contains(row.Path, "/") || row.Derived {
			continue
		}
		fields++
		body := fmt.Sprintf(`{"name":"张示例",%q:{"$ne":null}}`, row.Path)
		if row.Path == "name" {
			body = `{"name":{"$ne":null}}`
		}
		g := c.ask(t, "POST", "/api/v1/talents", "officer", body)
		if g.status < 400 || g.status > 422 || !strings.Contains(g.body, `"pointer":"/`+row.Path) {
			t.Errorf("%s: %d %s", row.Path, g.status, g.body)
		}
	}
	if fields < 20 {
		t.Errorf("only %d fields tried", fields)
	}
	c.run(t, []step{
		{name: "operator as a name", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"张","$set":{"tier":"top"}}`, status: 400, want: []string{`"pointer":"/$set"`}},
		{name: "dotted name", method: "POST", path: "/api/v1/talents", as: "officer", body: `{"name":"张","attributes.x":1}`, status: 400, want: []string{`"pointer":"/attributes.x"`}},
		{name: "nothing is stored", method: "GET", path: "/api/v1/talents", as: "officer", status: 200, want: []string{`"total":0`}},
	})
}

// hostile are texts of our own; with them go those of the reference list where
// it stands beside the checkout.
func hostile(t *testing.T) []string {
	list := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</textarea><svg/onload=alert(1)>`, `{{.Page}}`, `javascript:alert(1)`, "𠮷田䶮", "龘\u200d龘", "\u202e倒写\u202c",
		"👩‍👩‍👧", "a\r\nb", "\ttab\t", "=1+1", "@SUM(1)", "&lt;b&gt;", "'--", "ＡＢＣ　全角", strings.Repeat("长", 2000),
	}
	file := filepath.Join("..", "..", "shared", "fixtures", "blns", "blns.json")
	if b, err := os.ReadFile(file); err != nil {
		t.Log("the reference list of naughty strings is not beside the checkout: our own only")
	} else if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestHostileTexts stores texts through the API and reads them from the API and
// from the page: unchanged in the one, as text in the other (safety D10).
func TestHostileTexts(t *testing.T) {
	c := openCity(t)
	stored, refused := 0, 0
	for i, s := range hostile(t) {
		if s == "" {
			continue
		}
		body, err := json.Marshal(map[string]any{"name": fmt.Sprint("甲", i), "bio": s})
		if err != nil {
			t.Fatal(err)
		}
		g := c.ask(t, "POST", "/api/v1/talents", "officer", string(body))
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) }) {
			if refused++; g.status != 400 && g.status != 422 {
				t.Errorf("%q: %d", s, g.status)
			}
			continue
		}
		if g.status != 201 {
			t.Errorf("%q: %d %s", s, g.status, g.body)
			continue
		}
		stored++
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
		at := g.header.Get("Location")
		if got := decoded[struct{ Bio string }](t, c.ask(t, "GET", at, "officer", "")); got.Bio != want {
			t.Errorf("%q came back as %q", s, got.Bio)
		}
		page := c.ask(t, "GET", strings.TrimPrefix(at, "/api/v1"), "officer", "", asPage)
		for _, word := range strings.Fields(want) {
			if !strings.Contains(html.UnescapeString(page.body), word) {
				t.Errorf("%q of %q is not on the page (%d)", word, s, page.status)
			}
		}
		if strings.Contains(want, "alert") && strings.ContainsAny(want, "<>") && strings.Contains(page.body, want) {
			t.Errorf("%q stands on the page as markup", s)
		}
	}
	t.Logf("%d texts stored and shown, %d refused", stored, refused)
}
