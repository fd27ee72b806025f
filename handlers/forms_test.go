package handlers

import (
	"net/http"
	"strings"
	"testing"

	"qunxian/schemas"
)

// TestFormsOfOtherSites posts to every route of the table that writes, as somebody who may, from another site: it is
// refused before anything is read. From our own pages the same request comes through (safety B11).
func TestFormsOfOtherSites(t *testing.T) {
	f := openOffice(t, nil)
	f.user(t, "all", schemas.Roles...)
	host := strings.TrimPrefix(f.url, "http://")
	refused, pages, token := 0, 0, ""
	for _, r := range (&Handlers{App: f.app}).Routes() {
		if r.Method == http.MethodGet {
			continue
		}
		path := r.Path
		for _, name := range strings.Fields(pathNames(path)) {
			path = strings.Replace(path, ":"+name, "1", 1)
		}
		if !r.api() {
			pages++
		}
		if token == "" || f.status(t, token) != 200 { // our own forms may end the session
			token = f.signedIn(t, "all")
		}
		for _, lines := range [][]string{
			{"Sec-Fetch-Site: cross-site"},
			{"Sec-Fetch-Site: same-site"},
			{"Sec-Fetch-Site: cross-site", "Origin: http://" + host},
			{"Sec-Fetch-Site: ", "Origin: https://evil.example"},
			{"Sec-Fetch-Site: ", "Origin: http://" + host + ".evil.example"},
			{"Sec-Fetch-Site: ", "Origin: null"},
			{"Sec-Fetch-Site: "},
		} {
			g := f.ask(t, r.Method, path, token, "", append(lines, "Content-Type: application/x-www-form-urlencoded")...)
			if g.status != http.StatusForbidden || g.problem(t).Detail != "请求来自其他网站，已拒绝" || g.header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s with %q: %d %.200s", r.Method, r.Path, lines, g.status, g.body)
			}
			refused++
		}
		if f.status(t, token) != 200 {
			t.Errorf("%s %s: the session ended", r.Method, r.Path)
		}
		for _, lines := range [][]string{{"Sec-Fetch-Site: same-origin"}, {"Sec-Fetch-Site: ", "Origin: http://" + host}} {
			if g := f.ask(t, r.Method, path, token, "", append(lines, "Content-Type: application/x-www-form-urlencoded")...); g.status == http.StatusForbidden || g.status >= 500 {
				t.Errorf("%s %s with %q: %d %.200s", r.Method, r.Path, lines, g.status, g.body)
			}
		}
	}
	if pages < 30 || refused < 300 {
		t.Errorf("only %d forms and %d requests", pages, refused)
	}
	t.Logf("%d forms, %d requests of other sites refused", pages, refused)
}
