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
