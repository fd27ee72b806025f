package handlers

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"qunxian/schemas"
)

func bearer(key string) string { return "Authorization: Bearer " + key }

// TestKeysAreShownOnce makes keys by the API and by the form: the text stands in that answer and nowhere after it.
func TestKeysAreShownOnce(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "root", schemas.Admin, schemas.Officer)
	token := f.signedIn(t, "root")
	g := f.ask(t, "POST", "/api/v1/account/keys", token, `{"name":"报表接口","scopes":["read"]}`)
	byAPI := decoded[NewKey](t, g)
	if g.status != http.StatusCreated || !regexp.MustCompile(`^tlt_[0-9A-Z]{26}_[0-9A-Za-z]{43}$`).MatchString(byAPI.Text) || g.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s %q", g.status, g.body, g.header.Get("Cache-Control"))
	}
	g = f.ask(t, "POST", "/account/keys", token, formed("keyName", "表单密钥", "scopes", "write", "expires", "2026-12-31"), asPage, "Content-Type: application/x-www-form-urlencoded")
	byForm := regexp.MustCompile(`tlt_[0-9A-Z]{26}_[0-9A-Za-z]{43}`).FindString(g.body)
	if g.status != 200 || byForm == "" {
		t.Fatalf("%d: no key on the page", g.status)
	}
	for _, key := range []string{byAPI.Text, byForm} {
		if f.status(t, "", bearer(key)) != 200 || f.status(t, "", bearer(key[:len(key)-1])) != 401 || f.status(t, "", bearer(key[:30])) != 401 {
			t.Error("a key does not let in, or a part of it does")
		}
		secret := key[len(key)-43:]
		for _, path := range []string{"/api/v1/account/keys", "/api/v1/keys", "/account", "/users/" + byAPI.UserID, "/settings", "/api/v1/users"} {
			g := f.ask(t, "GET", path, token, "", asPage)
			if g.status != 200 || strings.Contains(g.body, secret) {
				t.Errorf("%s: %d, or it shows the key again", path, g.status)
			}
			if strings.Contains(g.body, `"hash"`) || strings.Contains(g.body, "argon2id") {
				t.Errorf("%s shows a hash", path)
			}
		}
		if strings.Contains(f.logs.String(), secret) {
			t.Error("the log has the key")
		}
	}
	all := decoded[Keys](t, f.ask(t, "GET", "/api/v1/account/keys", token, "")).Items
	if len(all) != 2 || all[0].Name != "报表接口" || all[0].LastUsed.IsZero() || all[0].ExpiresAt.Sub(cityNow) > 366*24*time.Hour || all[1].ExpiresAt.UTC() != time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC) {
		t.Errorf("%+v", all)
	}
}

// TestKeyScopes asks with keys of each scope: a scope gives no more than its owner may.
func TestKeyScopes(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "root", schemas.Admin)
	f.user(t, "chen", schemas.Officer)
	keys := map[string]string{}
	for _, name := range []string{"root", "chen"} {
		token := f.signedIn(t, name)
		for scope, body := range map[string]string{"": `{}`, "read": `{"scopes":["read"]}`, "write": `{"scopes":["write"]}`, "admin": `{"scopes":["admin"]}`} {
			g := f.ask(t, "POST", "/api/v1/account/keys", token, body)
			if g.status != http.StatusCreated {
				t.Fatalf("%s: %d %s", body, g.status, g.body)
			}
			keys[name+" "+scope] = decoded[NewKey](t, g).Text
		}
		for body, want := range map[string]string{
			`{"scopes":["root"]}`:                        `"pointer":"/scopes/0","rule":"oneof"`,
			`{"scopes":"read"}`:                          `"pointer":"/scopes","rule":"type"`,
			`{"scopes":[{"$ne":null}]}`:                  `"pointer":"/scopes/0","rule":"type"`,
			`{"name":{"$ne":null}}`:                      `"pointer":"/name","rule":"type"`,
			`{"userId":"x"}`:                             `"pointer":"/userId","rule":"unknown"`,
			`{"expires":"2026-11-22"}`:                   `"pointer":"/expires","rule":"within"`,
			`{"expires":"2027-11-25"}`:                   `"pointer":"/expires","rule":"within"`,
			`{"expires":"2026-02-30"}`:                   `"pointer":"/expires","rule":"day"`,
			"{\"name\":\"\xff\"}":                        `"rule":"encoding"`,
			`{"name":"` + strings.Repeat("长", 61) + `"}`: `"pointer":"/name"`,
		} {
			if g := f.ask(t, "POST", "/api/v1/account/keys", token, body); g.status != 400 || !strings.Contains(g.body, want) {
				t.Errorf("%s: %d %s", body, g.status, g.body)
			}
		}
		if n := len(decoded[Keys](t, f.ask(t, "GET", "/api/v1/account/keys", token, "")).Items); n != 4 {
			t.Errorf("%s has %d keys: refused ones are stored", name, n)
		}
	}
	for _, tt := range []struct {
		key, method, path, body string
		want                    int
	}{
		{"chen ", "GET", "/api/v1/talents", "", 200},
		{"chen ", "POST", "/api/v1/talents", `{"name":"某人"}`, 403},
		{"chen read", "GET", "/api/v1/talents", "", 200},
		{"chen read", "POST", "/api/v1/talents", `{"name":"某人"}`, 403},
		{"chen read", "POST", "/talents", "name=x", 403},
		{"chen write", "POST", "/api/v1/talents", `{"name":"某人"}`, 201},
		{"chen write", "POST", "/api/v1/account/keys", `{}`, 403},
		{"chen write", "POST", "/api/v1/account/password", `{"old":"x","password":"y"}`, 403},
		{"chen write", "DELETE", "/api/v1/account/sessions", "", 403},
		{"chen admin", "GET", "/api/v1/users", "", 403},
		{"chen admin", "POST", "/api/v1/taxonomies", `{"id":"x","name":"x","terms":[]}`, 403},
		{"root write", "GET", "/api/v1/users", "", 403},
		{"root write", "GET", "/api/v1/settings", "", 403},
		{"root admin", "GET", "/api/v1/users", "", 200},
		{"root admin", "GET", "/api/v1/settings", "", 200},
		{"root admin", "POST", "/api/v1/talents", `{"name":"某人"}`, 403},
	} {
		g := f.ask(t, tt.method, tt.path, "", tt.body, bearer(keys[tt.key]), "Sec-Fetch-Site: ")
		if g.status != tt.want {
			t.Errorf("%s %s with %s: %d, want %d: %.300s", tt.method, tt.path, tt.key, g.status, tt.want, g.body)
		}
	}
}

// TestKeysEnd lets a key go on its last day, and by its owner or an admin, at once; nobody ends another's.
func TestKeysEnd(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "root", schemas.Admin)
	f.user(t, "chen", schemas.Officer)
	f.user(t, "wang", schemas.Officer)
	root, chen, wang := f.signedIn(t, "root"), f.signedIn(t, "chen"), f.signedIn(t, "wang")
	made := func(body string) NewKey {
		t.Helper()
		return decoded[NewKey](t, f.ask(t, "POST", "/api/v1/account/keys", chen, body))
	}
	byOwner, byForm, byAdmin, stays, today := made(`{}`), made(`{}`), made(`{}`), made(`{}`), made(`{"expires":"2026-11-23"}`)
	for _, path := range []string{"/api/v1/account/keys/" + stays.ID, "/api/v1/account/keys/01ARZ3NDEKTSV4RRFFQ69G5FAV"} {
		if g := f.ask(t, "DELETE", path, wang, ""); g.status != 404 {
			t.Errorf("another's key: %d", g.status)
		}
	}
	if g := f.ask(t, "DELETE", "/api/v1/keys/"+stays.ID, wang, ""); g.status != 403 {
		t.Errorf("as an officer: %d", g.status)
	}
	for key, end := range map[string]got{
		byOwner.Text: f.ask(t, "DELETE", "/api/v1/account/keys/"+byOwner.ID, chen, ""),
		byForm.Text:  f.ask(t, "POST", "/account/keys/"+byForm.ID+"/revoke", chen, "", "Content-Type: application/x-www-form-urlencoded"),
		byAdmin.Text: f.ask(t, "DELETE", "/api/v1/keys/"+byAdmin.ID, root, ""),
	} {
		if end.status != 204 && end.status != 303 {
			t.Errorf("%d %s", end.status, end.body)
		}
		if g := f.ask(t, "GET", "/api/v1/account", "", "", bearer(key)); g.status != 401 || g.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("an ended key: %d", g.status)
		}
	}
	f.clock.pass(14*time.Hour - time.Second) // the last second of the day in Siping
	if got := f.status(t, "", bearer(today.Text)); got != 200 {
		t.Errorf("on its last day: %d", got)
	}
	f.clock.pass(time.Second)
	if got := f.status(t, "", bearer(today.Text)); got != 401 {
		t.Errorf("on the day after: %d", got)
	}
	if got := f.status(t, "", bearer(stays.Text)); got != 200 {
		t.Errorf("another key of the same user: %d", got)
	}
	f.clock.pass(366 * 24 * time.Hour)
	if got := f.status(t, "", bearer(stays.Text)); got != 401 {
		t.Errorf("a key without a last day, after a year: %d", got)
	}
}
