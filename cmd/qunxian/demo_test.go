package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestDemo starts the generated city on a fixed day.
func TestDemo(t *testing.T) {
	h := newFile(t)
	s := h.serve("--demo", "--today", "2026-09-30")
	words := strings.Fields(s.printed("示例 demo: sign in as "))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	signIn := func(password string) *http.Response {
		t.Helper()
		form := url.Values{"name": {words[5]}, "password": {password}}
		req, err := http.NewRequest("POST", s.url+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", s.url)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res
	}
	password := words[len(words)-1]
	if res := signIn(password + "x"); res.StatusCode != 401 {
		t.Errorf("another password: %d", res.StatusCode)
	}
	res := signIn(password)
	if res.StatusCode != 303 || len(res.Cookies()) == 0 {
		t.Fatalf("the printed login: %d %v", res.StatusCode, res.Cookies())
	}
	home, err := http.NewRequest("GET", s.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		home.AddCookie(c)
	}
	page, err := client.Do(home)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(page.Body)
	if err != nil || page.StatusCode != 200 || !strings.Contains(string(body), "示例数据，仅供体验") {
		t.Errorf("the first page: %d %v %.200s", page.StatusCode, err, body)
	}
	_ = page.Body.Close()
	key := strings.TrimSpace(h.must("", "key", "add", demoUser, "--db", "file:data/demo.db", "--keyring", "data/demo-keyring.json"))
	code, list := s.api("GET", "/api/v1/talents?limit=1", key, "")
	if total, _ := list["total"].(float64); code != 200 || total < 280 || total > 320 {
		t.Errorf("talents: %d, %v", code, list["total"])
	}
	for coll, want := range map[string]float64{"teams": 60, "enterprises": 25} {
		if _, list := s.api("GET", "/api/v1/"+coll+"?limit=1", key, ""); list["total"] != want {
			t.Errorf("%s: %v", coll, list["total"])
		}
	}
	if _, targets := s.api("GET", "/api/v1/targets", key, ""); !strings.Contains(fmt.Sprint(targets), "2026-09-30") {
		t.Errorf("the day of the demo is not 2026-09-30: %.300s", fmt.Sprint(targets))
	}
	s.stop()
	if code, _, errs := h.run("", "serve", "--today", "2026-09-30"); code == 0 || !strings.Contains(errs, "--today") {
		t.Errorf("a real registry with another day: exit %d, %s", code, errs)
	}
}
