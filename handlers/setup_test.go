package handlers

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"qunxian/app"
	"qunxian/schemas"
)

// setupForm is the form of the first start as somebody sends it.
func setupForm(token, name string, more ...string) string {
	return formed(append([]string{
		"token", token, "name", name, "displayName", "陈晓燕", "password", officePassword, "office", "四平市科学技术局",
		"from", "2026-01-01", "to", "2030-12-31", "talentGoal", "50", "teamGoal", "50",
	}, more...)...)
}

// TestSetupOnce sends the form of the first start a hundred times at once: one admin is made, the others find nothing,
// and afterwards the page is gone (safety B14).
func TestSetupOnce(t *testing.T) {
	f := openOffice(t, nil)
	const form = "Content-Type: application/x-www-form-urlencoded"
	token := f.app.SetupToken()
	page := f.ask(t, "GET", "/setup?token="+token, "", "", asPage)
	for _, want := range []string{
		`name="from"`, `value="2026-01-01"`, `name="to"`, `value="2030-12-31"`, `name="talentGoal"`, `name="teamGoal"`, `name="token" value="` + token + `"`,
	} {
		if page.status != 200 || !strings.Contains(page.body, want) {
			t.Errorf("no %s on the page (%d)", want, page.status)
		}
	}
	if n := strings.Count(page.body, `value="50"`); n != 2 {
		t.Errorf("%d goals of 50", n)
	}
	answers := make([]got, 100)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			answers[i] = f.ask(t, "POST", "/setup", "", setupForm(token, []string{"chen", "wang"}[i%2]), form, asPage)
		})
	}
	wg.Wait()
	session, won := "", 0
	for _, g := range answers {
		switch g.status {
		case http.StatusSeeOther:
			won++
			session = g.cookie(sessionCookie)
		case http.StatusNotFound:
			if g.cookie(sessionCookie) != "" {
				t.Error("who comes too late is signed in")
			}
		default:
			t.Errorf("%d %.300s", g.status, g.body)
		}
	}
	local := app.WithActor(t.Context(), app.Actor{Local: true})
	users, err := f.app.ListUsers(local)
	if err != nil || won != 1 || len(users) != 1 || !users[0].Is(schemas.Admin) || !users[0].Is(schemas.Officer) {
		t.Fatalf("%d won, users %v, %v", won, users, err)
	}
	if f.status(t, session) != 200 {
		t.Error("who won is not signed in")
	}
	for _, id := range []string{"talents-2026", "teams-2026"} {
		v, err := f.app.GetTarget(local, id, app.When{})
		if err != nil || v.Target.From != "2026-01-01" || v.Target.To != "2030-12-31" || v.Standing.Goal == nil || *v.Standing.Goal != 50 {
			t.Errorf("%s: %+v %v", id, v, err)
		}
	}
	if s := f.app.Setting(); s.Office != "四平市科学技术局" || s.PeriodFrom != "2026-01-01" || s.PeriodTo != "2030-12-31" || !s.SetUp {
		t.Errorf("%+v", s)
	}
	for _, as := range []string{"", session} {
		if g := f.ask(t, "GET", "/setup?token="+token, as, "", asPage); g.status != 404 || strings.Contains(g.body, `name="password"`) {
			t.Errorf("the page is still there: %d", g.status)
		}
		if g := f.ask(t, "POST", "/setup", as, setupForm(token, "late"), form); g.status != 404 {
			t.Errorf("the form is still taken: %d", g.status)
		}
	}
	if f.app.SetupToken() != "" || f.app.NeedsSetup() {
		t.Error("a new link is given out")
	}
}

// TestSetupLink asks without the link's token, with a wrong one and with one that is a day old.
func TestSetupLink(t *testing.T) {
	f := openOffice(t, nil)
	const form = "Content-Type: application/x-www-form-urlencoded"
	token := f.app.SetupToken()
	for _, wrong := range []string{"", "x", token[1:], token + "A", strings.ToLower(token)} {
		if g := f.ask(t, "GET", "/setup?token="+wrong, "", "", asPage); g.status != 404 || strings.Contains(g.body, `value="`+token+`"`) {
			t.Errorf("token %q: %d", wrong, g.status)
		}
		if g := f.ask(t, "POST", "/setup", "", setupForm(wrong, "chen"), form); g.status != 404 {
			t.Errorf("token %q: %d", wrong, g.status)
		}
	}
	if g := f.ask(t, "GET", "/setup", "", "", asPage); g.status != 404 {
		t.Errorf("no token: %d", g.status)
	}
	if g := f.ask(t, "GET", "/sign-in", "", "", asPage); g.status != 200 || strings.Contains(g.body, token) {
		t.Errorf("the sign-in page: %d", g.status)
	}
	f.clock.pass(25 * time.Hour)
	if g := f.ask(t, "POST", "/setup", "", setupForm(token, "chen"), form); g.status != 404 {
		t.Errorf("a link of yesterday: %d", g.status)
	}
	if next := f.app.SetupToken(); next == token || next == "" {
		t.Errorf("no new link: %q", next)
	}
	if !f.app.NeedsSetup() {
		t.Error("somebody was made")
	}
}

// TestSetupForm sends the form with what is wrong: it names the field, keeps the rest but the password, and can be sent
// again.
func TestSetupForm(t *testing.T) {
	f := openOffice(t, nil)
	const form = "Content-Type: application/x-www-form-urlencoded"
	token := f.app.SetupToken()
	for _, tt := range []struct{ name, body, field string }{
		{"no name", setupForm(token, ""), "name"},
		{"a name of one letter", setupForm(token, "x"), "name"},
		{"a name with a space", setupForm(token, "chen xiao"), "name"},
		{"a short password", strings.Replace(setupForm(token, "chen"), officePassword, "short", 1), "password"},
		{"a guessable password", strings.Replace(setupForm(token, "chen"), officePassword, "123456789012", 1), "password"},
		{"the name as password", strings.Replace(setupForm(token, "chenxiaoyan"), officePassword, "chenxiaoyan1987", 1), "password"},
		{"an end before the beginning", strings.Replace(setupForm(token, "chen"), "2030-12-31", "2025-12-31", 1), "to"},
		{"no such day", strings.Replace(setupForm(token, "chen"), "2026-01-01", "2026-02-30", 1), "from"},
		{"no goal", strings.Replace(setupForm(token, "chen"), "talentGoal=50", "talentGoal=", 1), "talentGoal"},
		{"a goal below nothing", strings.Replace(setupForm(token, "chen"), "teamGoal=50", "teamGoal=-1", 1), "teamGoal"},
		{"a goal that is a word", strings.Replace(setupForm(token, "chen"), "teamGoal=50", "teamGoal=many", 1), "teamGoal"},
		{"a goal that is no number", strings.Replace(setupForm(token, "chen"), "teamGoal=50", "teamGoal=NaN", 1), "teamGoal"},
	} {
		g := f.ask(t, "POST", "/setup", "", tt.body, form, asPage)
		if g.status != 400 || !strings.Contains(g.body, `id="f-`+tt.field+`-error"`) {
			t.Errorf("%s: %d, %s is not named", tt.name, g.status, tt.field)
		}
		if !strings.Contains(g.body, "陈晓燕") || strings.Contains(g.body, officePassword) {
			t.Errorf("%s: what was typed is lost, or the password is sent back", tt.name)
		}
		sound(t, tt.name, g.body)
	}
	if !f.app.NeedsSetup() {
		t.Fatal("a refused form made a user")
	}
	if g := f.ask(t, "POST", "/setup", "", setupForm(token, "chen", "skipOfficer", "true"), form, asPage); g.status != http.StatusSeeOther {
		t.Fatalf("%d %.500s", g.status, g.body)
	}
	if u := f.app.UserNamed("chen"); u == nil || u.Is(schemas.Officer) || !u.Is(schemas.Admin) {
		t.Errorf("%+v", u)
	}
}
