package app

import (
	"regexp"
	"strings"
	"testing"

	"qunxian/schemas"
	"qunxian/store"
)

// TestCredentialsAtRest scans the database for what somebody signs in with: of a password only an argon2id hash of at
// least OWASP's cost is kept, of sessions and API keys only a hash.
func TestCredentialsAtRest(t *testing.T) {
	o := openApp(t)
	const first, next = "correct horse battery staple", "another long enough phrase"
	u := must(o.CreateUser(bg, schemas.UserFields{Name: "chen", Roles: []schemas.Role{schemas.Officer}}, first, How{}))(t)
	token, _, err := o.SignIn(bg, "chen", first, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := o.CreateAPIKey(bg, u.ID, "abfrage", []string{"read"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.SetPassword(bg, u.ID, next, How{}); err != nil {
		t.Fatal(err)
	}
	again, _, err := o.SignIn(bg, "chen", next, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	secret := key[strings.LastIndexByte(key, '_')+1:]
	if len(token) < 32 || token == again || len(secret) < 40 {
		t.Errorf("token %q, key %q", token, key)
	}
	hash := regexp.MustCompile(`\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}`)
	body := string(must(o.store.Get(bg, schemas.Users, u.ID, store.Body))(t).Body)
	if !hash.MatchString(body) {
		t.Errorf("no hash of this cost: %s", body)
	}
	for _, e := range must(o.UserHistory(bg, u.ID))(t) {
		for _, c := range e.Changes {
			if c.Path == "password" {
				t.Errorf("the history keeps a hash: %+v", c)
			}
		}
	}
	o.sightings([]string{first, next, token, again, secret}, "before closing")
	o.reopen()
	o.sightings([]string{first, next, token, again, secret}, "after closing")
	if _, _, err := o.SignIn(bg, "chen", first, "127.0.0.1", "test"); err == nil {
		t.Error("the old password opens")
	}
}
