package handlers

import (
	"net/http"
	"strings"
	"testing"

	"qunxian/schemas"
)

// TestUsers adds and changes users through the API; nobody's password or its hash is ever shown.
func TestUsers(t *testing.T) {
	c := bureau(t)
	c.saved["self"] = c.users["admin"].ID
	const password = `"password":"changchun-siping-110"`
	c.run(t, []step{
		{name: "add", method: "POST", path: "/api/v1/users", as: "admin", body: `{"name":"lishu","displayName":"梨树专员","roles":["officer"],"regions":["lishu"],` + password + `}`, status: 201, save: "it", want: []string{`"roles":["officer"]`}, not: []string{"changchun", "argon2"}},
		{name: "the same name", method: "POST", path: "/api/v1/users", as: "admin", body: `{"name":"LiShu","roles":["officer"],` + password + `}`, status: 409, want: []string{`"pointer":"/name","rule":"unique"`}},
		{name: "once by its key", method: "POST", path: "/api/v1/users", as: "admin", body: `{"name":"yitong","roles":["viewer"],` + password + `}`, lines: []string{"Idempotency-Key: u1"}, status: 201, save: "yitong"},
		{name: "sent again", method: "POST", path: "/api/v1/users", as: "admin", body: `{"name":"yitong","roles":["viewer"],` + password + `}`, lines: []string{"Idempotency-Key: u1"}, status: 201, want: []string{"/api/v1/users/{yitong}"}},
		{name: "get", method: "GET", path: "/api/v1/users/{it}", as: "admin", status: 200, want: []string{`"1"`, "梨树专员"}, not: []string{"argon2", "epoch", `"password"`}},
		{name: "change", method: "PATCH", path: "/api/v1/users/{it}", as: "admin", body: `{"regions":["lishu","yitong"],"lang":"en"}`, lines: []string{`If-Match: "1"`}, status: 200, want: []string{`"2"`, `"lang":"en"`}},
		{name: "stale", method: "PATCH", path: "/api/v1/users/{it}", as: "admin", body: `{"disabled":true}`, lines: []string{`If-Match: "1"`}, status: 412},
		{name: "the last admin", method: "PATCH", path: "/api/v1/users/{self}", as: "admin", body: `{"roles":["officer"]}`, lines: []string{`If-Match: "1"`}, status: 400, want: []string{`"pointer":"/roles","rule":"lastadmin"`}},
		{name: "nor disabled", method: "PATCH", path: "/api/v1/users/{self}", as: "admin", body: `{"disabled":true}`, lines: []string{`If-Match: "1"`}, status: 400, want: []string{"lastadmin"}},
		{name: "a password", method: "POST", path: "/api/v1/users/{it}/password", as: "admin", body: `{"password":"a-new-way-to-siping"}`, status: 204},
		{name: "a short one", method: "POST", path: "/api/v1/users/{it}/password", as: "admin", body: `{"password":"short"}`, status: 400, want: []string{`"pointer":"/password","rule":"min.length"`}},
		{name: "none", method: "POST", path: "/api/v1/users/{it}/password", as: "admin", body: `{}`, status: 400, want: []string{`"pointer":"/password"`}},
		{name: "nobody's", method: "POST", path: "/api/v1/users/none/password", as: "admin", body: `{` + password + `}`, status: 404},

		{name: "list", method: "GET", path: "/users", as: "admin", status: 200, want: []string{"梨树专员", "陈晓燕", `href="/users/{it}"`}},
		{name: "form", method: "GET", path: "/users/{it}", as: "admin", status: 200, want: []string{`value="lishu"`, `name="newPassword"`}, not: []string{"argon2"}},
		{name: "no role", method: "POST", path: "/users", as: "admin", body: formed("name", "nobody", "displayName", "无角色", "password", "changchun-siping-110"), status: 400, want: []string{`value="无角色"`, `id="f-roles-error"`}, not: []string{"changchun-siping"}},
		{name: "a short password", method: "POST", path: "/users", as: "admin", body: formed("name", "newcomer", "roles", "officer", "password", "short"), status: 400, want: []string{`value="newcomer"`, `id="f-password-error"`}},
		{name: "add by the form", method: "POST", path: "/users", as: "admin", body: formed("name", "newcomer", "roles", "officer", "roles", "organizer", "units", "一厂、二厂", "password", "changchun-siping-110"), status: 303},
		{name: "a name that is taken", method: "POST", path: "/users", as: "admin", body: formed("name", "newcomer", "roles", "officer", "password", "changchun-siping-110"), status: 409, want: []string{`id="f-name-error"`}},
		{name: "change by the form", method: "POST", path: "/users/{it}", as: "admin", body: formed("version", "3", "name", "lishu", "displayName", "梨树县专员", "roles", "officer", "regions", "lishu"), status: 303},
		{name: "a stale form", method: "POST", path: "/users/{it}", as: "admin", body: formed("version", "3", "name", "lishu", "displayName", "旧名", "roles", "officer"), status: 412, want: []string{`value="旧名"`}},
		{name: "a password by the form", method: "POST", path: "/users/{it}/password", as: "admin", body: formed("newPassword", "short"), status: 400, want: []string{`id="f-newPassword-error"`}},
		{name: "saved", method: "GET", path: "/api/v1/users", as: "admin", status: 200, want: []string{"梨树县专员", `"units":["一厂","二厂"]`}, not: []string{"argon2", "旧名"}},
	})
	for _, path := range []string{"/users", "/users/new", "/users/" + c.saved["it"], "/account"} {
		for _, lang := range []string{"zh-CN", "en"} {
			g := c.ask(t, "GET", path, "admin", "", asPage, "Accept-Language: "+lang)
			if g.status != http.StatusOK {
				t.Errorf("%s: %d", path, g.status)
			}
			sound(t, path+" "+lang, g.body)
		}
	}
	if logs := c.logs.String(); strings.Contains(logs, "changchun") || strings.Contains(logs, "a-new-way") {
		t.Error("a password stands in the log")
	}
}

// TestUserBodies sends what no user is.
func TestUserBodies(t *testing.T) {
	c := bureau(t)
	const rest = `,"password":"changchun-siping-110"}`
	c.refusals(t, "/api/v1/users", "/api/v1/users/"+c.users["officer"].ID, `{"name":"lishu","roles":["officer"]`+rest, []refusal{
		{`{"roles":["officer"]` + rest, "/name", "required"},
		{`{"name":"lishu"` + rest, "/roles", "required"},
		{`{"name":"lishu","roles":["officer"]}`, "/password", ""},
		{`{"name":"lishu","roles":["officer"],"password":{"$ne":null}}`, "/password", "type"},
		{`{"name":"lishu","roles":["officer"],"password":"lishu-lishu-lishu"}`, "/password", "guessable"},
		{`{"name":"lishu","roles":["root"]` + rest, "/roles/0", "oneof"},
		{`{"name":"lishu","roles":"admin"` + rest, "/roles", "type"},
		{`{"name":"li shu","roles":["officer"]` + rest, "/name", "account"},
		{`{"name":"l","roles":["officer"],"password":"changchun-siping-110"}`, "", ""},
		{`{"name":"lishu","roles":["officer"],"regions":["atlantis"]` + rest, "/regions/0", "term"},
		{`{"name":"lishu","roles":["officer"],"lang":"fr"` + rest, "/lang", "oneof"},
		{`{"name":"lishu","roles":["officer"],"disabled":"no"` + rest, "/disabled", "type"},
		{`{"name":"lishu","roles":["officer"],"epoch":9` + rest, "/epoch", "unknown"},
		{`{"name":"lishu","roles":["enterprise"],"enterpriseId":"nobody"` + rest, "/enterpriseId", "ref"},
	}, []refusal{
		{`{"roles":[]}`, "/roles", ""},
		{`{"roles":null}`, "/roles", "required"},
		{`{"password":"changchun-siping-110"}`, "/password", "unknown"},
		{`{"epoch":0}`, "/epoch", "unknown"},
		{`{"enterpriseId":"nobody"}`, "/enterpriseId", "ref"},
	})
}

// TestOwnAccount changes what users may change of themselves, and nothing else.
func TestOwnAccount(t *testing.T) {
	c := bureau(t)
	c.run(t, []step{
		{name: "get", method: "GET", path: "/api/v1/account", as: "viewer", status: 200, want: []string{`"name":"viewer"`, `"roles":["viewer"]`}, not: []string{"argon2", "epoch"}},
		{name: "change", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"displayName":"王局长","lang":"en"}`, status: 200, want: []string{"王局长", `"2"`}},
		{name: "stale", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"displayName":"x"}`, lines: []string{`If-Match: "1"`}, status: 412},
		{name: "another role", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"roles":["admin"]}`, status: 400, want: []string{`"pointer":"/roles","rule":"unknown"`}},
		{name: "another name", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"name":"root"}`, status: 400, want: []string{`"pointer":"/name","rule":"unknown"`}},
		{name: "an operator", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"displayName":{"$ne":null}}`, status: 400, want: []string{`"pointer":"/displayName"`}},
		{name: "no such language", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"lang":"fr"}`, status: 400, want: []string{`"pointer":"/lang","rule":"oneof"`}},
		{name: "a long name", method: "PATCH", path: "/api/v1/account", as: "viewer", body: `{"displayName":"` + strings.Repeat("长", 41) + `"}`, status: 400, want: []string{`"pointer":"/displayName","rule":"max.length"`}},
		{name: "by the form", method: "POST", path: "/account", as: "viewer", body: formed("displayName", "李局长", "lang", "zh-CN"), status: 303},
		{name: "roles by the form", method: "POST", path: "/account", as: "viewer", body: formed("displayName", "李局长", "lang", "zh-CN", "roles", "admin"), status: 400},
		{name: "is so", method: "GET", path: "/api/v1/account", as: "viewer", status: 200, want: []string{"李局长", `"roles":["viewer"]`, `"3"`}},
	})
	for name := range c.users {
		g := c.ask(t, "GET", "/account", name, "", asPage)
		if g.status != 200 {
			t.Errorf("%s: %d", name, g.status)
		}
		sound(t, "account of "+name, g.body)
	}
	if u := c.app.UserNamed("viewer"); !u.Is(schemas.Reader) || u.Is(schemas.Admin) {
		t.Errorf("%+v", u.Roles)
	}
}
