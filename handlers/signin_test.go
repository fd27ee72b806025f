package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qunxian/app"
	"qunxian/schemas"
)

// TestSignInTellsNothing signs in under names that nobody has, that somebody has and that are disabled: whatever is
// wrong, the answer is one and the same (safety B3).
func TestSignInTellsNothing(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "chen", schemas.Officer)
	gone := f.user(t, "gone", schemas.Officer)
	local := app.WithActor(t.Context(), app.Actor{Local: true})
	if _, err := f.app.UpdateUser(local, gone.ID, 0, app.How{}, func(u *schemas.UserFields) error { u.Disabled = true; return nil }); err != nil {
		t.Fatal(err)
	}
	for _, round := range []struct {
		kind, right, wrong string
		status             int
	}{
		{asPage, officePassword, "wrong-wrong-wrong", 401},
		{"Accept: application/json", officePassword, "", 401},
		{asPage, "wrong-wrong-wrong", officePassword[1:], 401},
		{"Accept: application/json", officePassword, "wrong-wrong-wrong", 401},
		{asPage, officePassword, "wrong-wrong-wrong", 401},
		{asPage, officePassword, officePassword, 429}, // from here on they wait
		{"Accept: application/json", officePassword, officePassword, 429},
	} {
		var first got
		for i, try := range []struct{ name, password string }{{"nobo", round.right}, {"chen", round.wrong}, {"gone", round.right}} {
			g, token := f.signIn(t, try.name, try.password, round.kind)
			if g.status != round.status || token != "" {
				t.Fatalf("%s: %d, want %d: %s", try.name, g.status, round.status, g.body)
			}
			id := g.header.Get("X-Request-Id")
			g.header.Del("X-Request-Id")
			g.header.Del("Date")
			g.body = strings.NewReplacer(id, "ID", try.name, "NAME").Replace(g.body)
			if i == 0 {
				first = g
			} else if d := cmp.Diff(first.header, g.header) + cmp.Diff(first.body, g.body); d != "" {
				t.Errorf("%s with %q tells more:\n%s", try.name, try.password, d)
			}
		}
	}
}

// TestSignInThrottle guesses at one account: after five failures the next try waits, the right password too, however the
// name is written; others sign in meanwhile (safety B4, B5).
func TestSignInThrottle(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "smith", schemas.Officer)
	f.user(t, "chen", schemas.Officer)
	for i := range 5 {
		if g, _ := f.signIn(t, "smith", "wrong-wrong-wrong"); g.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, g.status)
		}
	}
	for _, name := range []string{"smith", "SMITH", "Smith", " smith", "smith\u3000", "\tsmith ", "ſmith"} {
		g, token := f.signIn(t, name, officePassword)
		if g.status != http.StatusTooManyRequests || token != "" || g.header.Get("Retry-After") != "60" || !strings.Contains(g.body, "请 1 分钟后再试") {
			t.Errorf("%q: %d, Retry-After %s", name, g.status, g.header.Get("Retry-After"))
		}
	}
	f.signedIn(t, "chen")
	f.clock.pass(59 * time.Second)
	if g, _ := f.signIn(t, "smith", officePassword); g.status != http.StatusTooManyRequests {
		t.Errorf("after 59 s: %d", g.status)
	}
	f.clock.pass(2 * time.Second)
	f.signedIn(t, "smith")
	verified := 0 // of what an hour of guessing brings
	for range 60 {
		if g, _ := f.signIn(t, "smith", "wrong-wrong-wrong"); g.status == http.StatusUnauthorized {
			verified++
		}
		f.clock.pass(time.Minute)
	}
	if verified < 5 || verified > 20 {
		t.Errorf("%d guesses in an hour", verified)
	}
}

// TestSignInRate lets one address try ten times a minute, whatever the names.
func TestSignInRate(t *testing.T) {
	f := openOffice(t, map[string]Rate{"login": Rates()["login"]})
	for i := range 12 {
		want := http.StatusUnauthorized
		if i >= 10 {
			want = http.StatusTooManyRequests
		}
		g, _ := f.signIn(t, fmt.Sprint("name", i), "wrong-wrong-wrong")
		if g.status != want || (g.header.Get("Retry-After") != "") != (want == 429) {
			t.Errorf("try %d: %d, want %d", i, g.status, want)
		}
	}
}

// TestSessionCookie looks at what signing in gives a browser, and that each sign-in has a session of its own that ends
// the one before and the one when it is left (safety B7, B10).
func TestSessionCookie(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "chen", schemas.Officer)
	g, token := f.signIn(t, "chen", officePassword, "Cookie: "+sessionCookie+"=chosen-by-another")
	if g.status != http.StatusSeeOther || g.header.Get("Location") != "/talents" || len(token) != 43 {
		t.Fatalf("%d to %s with %q", g.status, g.header.Get("Location"), token)
	}
	if want, have := sessionCookie+"="+token+"; path=/; HttpOnly; secure; SameSite=Lax", g.header.Get("Set-Cookie"); have != want {
		t.Errorf("cookie %q, want %q", have, want)
	}
	if strings.Contains(f.logs.String(), token) || strings.Contains(g.body, token) {
		t.Error("the token stands in the log or the page")
	}
	if f.status(t, "chosen-by-another") != 401 || f.status(t, token) != 200 {
		t.Error("a session that the browser chose is taken, or the new one is not")
	}
	g, second := f.signIn(t, "chen", officePassword, "Cookie: "+sessionCookie+"="+token)
	if g.status != http.StatusSeeOther || second == token || f.status(t, second) != 200 {
		t.Errorf("again: %d", g.status)
	}
	if got := f.status(t, token); got != 401 {
		t.Errorf("the session before is left open: %d", got)
	}
	if g, other := f.signIn(t, "chen", "wrong-wrong-wrong", "Cookie: "+sessionCookie+"="+second); g.status != 401 || other != "" || f.status(t, second) != 200 {
		t.Errorf("a failed try ends the session that is: %d", g.status)
	}
	form := "Content-Type: application/x-www-form-urlencoded"
	g = f.ask(t, "POST", "/sign-out", second, "", form)
	if g.status != http.StatusSeeOther || g.header.Get("Location") != "/sign-in" || g.header.Get("Clear-Site-Data") == "" || g.cookie(sessionCookie) != "" || !strings.Contains(g.header.Get("Set-Cookie"), sessionCookie+"=;") {
		t.Errorf("sign out: %d %v", g.status, g.header)
	}
	if got := f.status(t, second); got != 401 {
		t.Errorf("after signing out: %d", got)
	}
}

// TestSessionTimes holds sessions to half an hour without use and twelve hours in all, and to a clock that goes forward.
func TestSessionTimes(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "chen", schemas.Officer)
	idle := f.signedIn(t, "chen")
	f.clock.pass(app.SessionIdle + time.Minute)
	if got := f.status(t, idle); got != 401 {
		t.Errorf("idle: %d", got)
	}
	f.clock.pass(-app.SessionIdle)
	if got := f.status(t, idle); got != 401 {
		t.Errorf("an ended session comes back: %d", got)
	}
	busy := f.signedIn(t, "chen")
	for range 12 * 4 { // every quarter of an hour
		if got := f.status(t, busy); got != 200 {
			t.Fatalf("busy: %d", got)
		}
		f.clock.pass(15 * time.Minute)
	}
	f.clock.pass(time.Second)
	if got := f.status(t, busy); got != 401 {
		t.Errorf("after twelve hours: %d", got)
	}
	early := f.signedIn(t, "chen")
	f.clock.pass(-time.Hour)
	if got := f.status(t, early); got != 401 {
		t.Errorf("a session of the future: %d", got)
	}
}

// TestCredentialsEnd ends the session and the key of a user by each event that must, on the next request (safety B8).
func TestCredentialsEnd(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "root", schemas.Admin)
	root, chen := f.signedIn(t, "root"), f.user(t, "chen", schemas.Officer)
	const form = "Content-Type: application/x-www-form-urlencoded"
	const first, second, third, fourth = officePassword, "changchun-siping-110", "changchun-siping-111", "changchun-siping-112"
	password, session, key := first, "", ""
	admins := func(method, path, body string) func() got {
		return func() got {
			u, err := f.app.GetUser(t.Context(), chen.ID)
			if err != nil {
				t.Fatal(err)
			}
			return f.ask(t, method, "/api/v1/users/"+chen.ID+path, root, body, fmt.Sprintf("If-Match: \"%d\"", u.Version))
		}
	}
	own := func(method, path, body string, lines ...string) func() got {
		return func() got { return f.ask(t, method, path, session, body, lines...) }
	}
	change := func(old, next, again string) string { return formed("old", old, "password", next, "again", again) }
	for _, tt := range []struct {
		name     string
		do       func() got
		status   int    // of what is done
		after    int    // of what was given before
		password string // then
	}{
		{"another shown name", admins("PATCH", "", `{"displayName":"陈晓燕"}`), 200, 200, first},
		{"a wrong old password", own("POST", "/account/password", change(second, third, third), form), 400, 200, first},
		{"two that differ", own("POST", "/account/password", change(first, second, third), form), 400, 200, first},
		{"a guessable one", own("POST", "/api/v1/account/password", `{"old":"`+first+`","password":"chen-chen-chen"}`), 400, 200, first},
		{"another role", admins("PATCH", "", `{"roles":["officer","organizer"]}`), 200, 401, first},
		{"another scope", admins("PATCH", "", `{"regions":["tiexi"]}`), 200, 401, first},
		{"everywhere", own("DELETE", "/api/v1/account/sessions", ""), 204, 401, first},
		{"everywhere by the form", own("POST", "/account/sign-out", "", form), 303, 401, first},
		{"a password reset", admins("POST", "/password", `{"password":"`+second+`"}`), 204, 401, second},
		{"one's own password", own("POST", "/api/v1/account/password", `{"old":"`+second+`","password":"`+third+`"}`), 204, 401, third},
		{"one's own password by the form", own("POST", "/account/password", change(third, fourth, fourth), form), 303, 401, fourth},
		{"disabled", admins("PATCH", "", `{"disabled":true}`), 200, 401, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if session == "" {
				if _, session = f.signIn(t, "chen", password); session == "" {
					t.Fatal("no session")
				}
				key = decoded[NewKey](t, f.ask(t, "POST", "/api/v1/account/keys", session, `{"name":"接口"}`)).Text
			}
			if f.status(t, session) != 200 || f.status(t, "", "Authorization: Bearer "+key) != 200 {
				t.Fatal("the credentials do not hold to begin with")
			}
			g := tt.do()
			if g.status != tt.status {
				t.Fatalf("%d, want %d: %.400s", g.status, tt.status, g.body)
			}
			if got := f.status(t, session); got != tt.after {
				t.Errorf("the session: %d, want %d", got, tt.after)
			}
			if got := f.status(t, "", "Authorization: Bearer "+key); got != tt.after {
				t.Errorf("the key: %d, want %d", got, tt.after)
			}
			if next := g.cookie(sessionCookie); tt.password == fourth && (next == session || f.status(t, next) != 200) {
				t.Error("the browser that changed the password is signed out")
			}
			if password = tt.password; tt.after == 401 {
				session = ""
			}
		})
	}
	if got := f.status(t, root); got != 200 {
		t.Errorf("the admin's own session: %d", got)
	}
}

// TestOwnSessions lists what is live and no more, and never the token.
func TestOwnSessions(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "chen", schemas.Officer)
	f.user(t, "wang", schemas.Officer)
	f.signIn(t, "chen", officePassword, "User-Agent: Mozilla/5.0 (Windows NT 10.0) Edg/120")
	f.signedIn(t, "wang")
	token := f.signedIn(t, "chen")
	list := decoded[Sessions](t, f.ask(t, "GET", "/api/v1/account/sessions", token, ""))
	current := 0
	for _, s := range list.Items {
		if s.Current {
			current++
		}
	}
	if len(list.Items) != 2 || current != 1 {
		t.Errorf("%+v", list.Items)
	}
	page := f.ask(t, "GET", "/account", token, "", asPage)
	if page.status != 200 || !strings.Contains(page.body, "Edge · Windows") || strings.Contains(page.body, token) {
		t.Errorf("account page: %d", page.status)
	}
	f.clock.pass(app.SessionIdle - time.Minute)
	f.status(t, token)
	f.clock.pass(2 * time.Minute)
	if list := decoded[Sessions](t, f.ask(t, "GET", "/api/v1/account/sessions", token, "")); len(list.Items) != 1 {
		t.Errorf("an idle session is listed: %+v", list.Items)
	}
}
