package handlers

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestNumbersOfTheFirstPage follows every number of the heat map and the
// funnel: the list behind it has as many records.
func TestNumbersOfTheFirstPage(t *testing.T) {
	h := openHouse(t, true)
	token, _, err := h.app.SignIn(context.Background(), "demo", housePassword, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) string {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, h.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", path, res.Status, err)
		}
		return string(b)
	}
	for _, page := range []string{"/", "/?by=sector"} {
		body := get(page)
		cells := regexp.MustCompile(`<a class="q-heat-cell [^"]*" href="([^"]+)"[^>]*>([\d,]+)</a>`).FindAllStringSubmatch(body, -1)
		steps := regexp.MustCompile(`<span><a href="(/talents\?[^"]*)">[^<]*</a></span><b>([\d,]+)</b>`).FindAllStringSubmatch(body, -1)
		if len(cells) < 20 || len(steps) < 5 {
			t.Errorf("%s: only %d cells and %d steps lead to a list", page, len(cells), len(steps))
		}
		for _, c := range append(cells, steps...) {
			path := html.UnescapeString(c[1])
			var list struct{ Total json.Number }
			if err := json.Unmarshal([]byte(get("/api/v1"+path)), &list); err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(c[2], ",", ""); list.Total.String() != want {
				t.Errorf("%s: %s leads to %s records, and says %s", page, path, list.Total, want)
			}
		}
		t.Logf("%s: %d cells and %d steps", page, len(cells), len(steps))
	}
}

// TestSentence reads 一句话口径 on the page and from the API: talents by track, teams, and each against the month before.
func TestSentence(t *testing.T) {
	c := bureau(t)
	if err := c.app.StartPeriod(t.Context(), "示例局", "2026-01-01", "2030-12-31", 50, 50); err != nil {
		t.Fatal(err)
	}
	c.run(t, []step{
		{name: "recruited", method: "POST", path: "/api/v1/talents?effectiveOn=2026-02-01", as: "officer", body: `{"name":"甲示例","tier":"national","mode":"fulltime"}`, status: 201, save: "a"},
		{name: "came", method: "POST", path: "/api/v1/talents/{a}/moves", as: "officer", body: `{"stage":"onboarded","effectiveOn":"2026-06-01"}`, status: 200},
		{name: "grown", method: "POST", path: "/api/v1/talents?effectiveOn=2026-02-01", as: "officer", body: `{"name":"乙示例","tier":"provincial","track":"cultivate"}`, status: 201, save: "b"},
		{name: "recognised", method: "POST", path: "/api/v1/talents/{b}/moves", as: "officer", body: `{"stage":"recognized","effectiveOn":"2026-11-02"}`, status: 200},
		{name: "a team", method: "POST", path: "/api/v1/teams?effectiveOn=2026-02-01", as: "officer", body: `{"name":"丙示例团队","tier":"provincial","mode":"fulltime"}`, status: 201, save: "c"},
		{name: "came whole", method: "POST", path: "/api/v1/teams/{c}/moves", as: "officer", body: `{"stage":"onboarded","effectiveOn":"2026-03-01"}`, status: 200},
		{name: "on the page", method: "GET", path: "/", as: "viewer", status: 200, want: []string{"截至11月23日，科技领军人才 2 人（引 1、育 1），领军团队 1 个，较上月 &#43;1 人、±0 个"}},
		{name: "in English", method: "GET", path: "/", as: "viewer", lines: []string{"Accept-Language: en"}, status: 200, want: []string{"2 leading talents (1 recruited, 1 cultivated) and 1 leading team"}},
		{name: "to a program", method: "GET", path: "/api/v1/summary", as: "viewer", status: 200, want: []string{`"sentence":"截至11月23日，科技领军人才 2 人（引 1、育 1），领军团队 1 个，较上月 +1 人、±0 个"`, `"talents":2,"recruited":1,"cultivated":1,"teams":1,"talentChange":1,"teamChange":0`}},
		{name: "of a day", method: "GET", path: "/api/v1/summary?asOf=2026-06-30", as: "viewer", status: 200, want: []string{`"talents":1,"recruited":1,"cultivated":0,"teams":1,"talentChange":1,"teamChange":0`, "截至6月30日"}},
		{name: "before any", method: "GET", path: "/api/v1/summary?asOf=2026-01-31", as: "viewer", status: 200, want: []string{`"talents":0,"recruited":0,"cultivated":0,"teams":0`}},
		{name: "of no day", method: "GET", path: "/api/v1/summary?asOf=2026-11-24", as: "viewer", status: 400, want: []string{`"/asOf"`}},
		{name: "not to firms", method: "GET", path: "/api/v1/summary", as: "firm", status: 403},
	})
}
