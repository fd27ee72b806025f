package handlers

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/store/storetest/databases"
)

// clock is a time of day that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// office is the whole product behind its real sign-in: ask takes the token of a session where others take a name.
type office struct {
	*site
	app   *app.App
	clock *clock
}

const officePassword = "xiamen-gulou-1987"

// openOffice serves an empty registry. rates are limits that hold; the other classes of requests have none.
func openOffice(t *testing.T, rates map[string]Rate) *office {
	t.Helper()
	c := &clock{at: cityNow}
	a, err := app.Open(t.Context(), app.Config{Store: databases.Open(t), Keyring: filepath.Join(t.TempDir(), "keyring.json"), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	l := &logs{}
	o := Options{Now: c.now, Log: slog.New(slog.NewJSONHandler(l, nil)), Rates: optionsOfTests(l).Rates}
	maps.Copy(o.Rates, rates)
	s, err := For(a, o)
	if err != nil {
		t.Fatal(err)
	}
	f := &office{listen(t, s), a, c}
	f.logs = l
	return f
}

// listen serves on a port of the loopback until the test ends.
func listen(t *testing.T, s *Server) *site {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return &site{Server: s, addr: ln.Addr().String(), url: "http://" + ln.Addr().String()}
}

// user adds someone of some roles.
func (f *office) user(t *testing.T, name string, roles ...schemas.Role) *schemas.User {
	t.Helper()
	ctx := app.WithActor(t.Context(), app.Actor{Local: true})
	u, err := f.app.CreateUser(ctx, schemas.UserFields{Name: name, Roles: roles}, officePassword, app.How{})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// signIn posts the sign-in form and returns the answer with the token in it, or "".
func (f *office) signIn(t *testing.T, name, password string, lines ...string) (got, string) {
	t.Helper()
	lines = append([]string{"Content-Type: application/x-www-form-urlencoded", asPage}, lines...)
	g := f.ask(t, "POST", "/sign-in", "", formed("name", name, "password", password, "next", "/talents"), lines...)
	return g, g.cookie(sessionCookie)
}

// signedIn is the token of someone's new session.
func (f *office) signedIn(t *testing.T, name string) string {
	t.Helper()
	g, token := f.signIn(t, name, officePassword)
	if g.status != http.StatusSeeOther || token == "" {
		t.Fatalf("%s does not sign in: %d %.300s", name, g.status, g.body)
	}
	return token
}

// status is the answer to a question for one's own account.
func (f *office) status(t *testing.T, token string, lines ...string) int {
	t.Helper()
	return f.ask(t, "GET", "/api/v1/account", token, "", lines...).status
}

// cookie is the value that an answer gives a cookie, or "".
func (g got) cookie(name string) string {
	for _, line := range g.header.Values("Set-Cookie") {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			value, _, _ = strings.Cut(value, ";")
			return value
		}
	}
	return ""
}

// bureau is a city with every route of the product, and users who need not sign in.
func bureau(t *testing.T) *city {
	t.Helper()
	c := openCity(t)
	known := people{}
	for name, u := range c.users {
		known[name] = app.Actor{User: u, Session: "s-" + name}
	}
	h := &Handlers{App: c.app}
	l := &logs{}
	s, err := New(h, Options{Auth: known, Now: func() time.Time { return cityNow }, Frame: h.frame, Log: slog.New(slog.NewJSONHandler(l, nil)), Rates: optionsOfTests(l).Rates, Collection: func(name string) Collection {
		if names := c.app.Names(name); names != nil {
			return names
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.site = listen(t, s)
	c.logs = l
	return c
}
