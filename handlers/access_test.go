package handlers

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"qunxian/app"
	"qunxian/schemas"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestAccess asks every route as every role, and as nobody, and holds the
// answers against a golden file: a change of a permission is a visible
// difference. Ids name nothing, so whoever may ask gets what a missing record
// gets; whoever may not gets 401, 403, or the sign-in page.
func TestAccess(t *testing.T) {
	h := openHouse(t, false)
	ctx := app.WithActor(context.Background(), app.Actor{Local: true})
	cookies := map[string]string{"nobody": ""}
	columns := []string{"nobody"}
	for _, r := range schemas.Roles {
		name := string(r)
		if _, err := h.app.CreateUser(ctx, schemas.UserFields{Name: "as-" + name, Roles: []schemas.Role{r}}, housePassword, app.How{}); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, name)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%-7s%-46s%-22s", "", "", "")
	for _, c := range columns {
		fmt.Fprintf(&out, "%-11s", c)
	}
	fmt.Fprintln(&out)
	for _, r := range (&Handlers{App: h.app}).Routes() {
		path := r.Path
		for _, name := range strings.Fields(pathNames(path)) {
			path = strings.Replace(path, ":"+name, "none", 1)
		}
		fmt.Fprintf(&out, "%-7s%-46s%-22s", r.Method, r.Path, r.Name)
		for _, c := range columns {
			if _, err := h.app.BySession(ctx, cookies[c], ""); c != "nobody" && err != nil { // a route may end the session it is asked with
				token, _, err := h.app.SignIn(context.Background(), "as-"+c, housePassword, "127.0.0.1", "test")
				if err != nil {
					t.Fatal(err)
				}
				cookies[c] = token
			}
			req, err := http.NewRequest(r.Method, h.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			if cookies[c] != "" {
				req.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookies[c]})
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			status := fmt.Sprint(res.StatusCode)
			if res.StatusCode == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/sign-in") {
				status = "sign-in"
			}
			if may := r.Who.open || c != "nobody" && slices.Contains(r.Who.roles, schemas.Role(c)); !may && res.StatusCode < 300 {
				t.Errorf("%s %s as %s: %d", r.Method, r.Path, c, res.StatusCode)
			}
			if res.StatusCode >= 500 {
				t.Errorf("%s %s as %s: %d", r.Method, r.Path, c, res.StatusCode)
			}
			fmt.Fprintf(&out, "%-11s", status)
		}
		fmt.Fprintln(&out)
	}
	golden(t, "testdata/access.golden", out.Bytes())
}

// golden holds what a test made against a file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	lines := strings.Split(string(got), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got = []byte(strings.Join(lines, "\n"))
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference:\n%s", file, firstDifference(want, got))
	}
}

func firstDifference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, x, y)
		}
	}
	return ""
}
