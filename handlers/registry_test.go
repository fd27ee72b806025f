package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/store/storetest/databases"
	"qunxian/web"
)

// registryTable is the routes of talents, teams and enterprises alone.
type registryTable struct{ *Handlers }

func (t registryTable) Routes() []Route {
	return slices.Concat(t.talentRoutes(), t.teamRoutes(), t.enterpriseRoutes())
}

// city is the registry on a real database, with a user of each role.
type city struct {
	*site
	app   *app.App
	users map[string]*schemas.User
	saved map[string]string
}

var cityNow = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// cityUsers are the users of the tests by the name that they act under; tiexi sees one district only.
var cityUsers = map[string]schemas.UserFields{
	"officer":   {Name: "officer", DisplayName: "陈晓燕", Roles: []schemas.Role{schemas.Officer}},
	"tiexi":     {Name: "tiexi", Roles: []schemas.Role{schemas.Officer}, Regions: []string{"tiexi"}},
	"viewer":    {Name: "viewer", Roles: []schemas.Role{schemas.Reader}},
	"admin":     {Name: "admin", Roles: []schemas.Role{schemas.Admin}},
	"organizer": {Name: "organizer", Roles: []schemas.Role{schemas.Organizer}},
	"firm":      {Name: "firm", Roles: []schemas.Role{schemas.Company}},
	"evaluator": {Name: "evaluator", Roles: []schemas.Role{schemas.Evaluator}},
}

// TestOnMongoDB runs these tests again on a real MongoDB.
func TestOnMongoDB(t *testing.T) { databases.Again(t) }

func openCity(t *testing.T) *city {
	t.Helper()
	ctx := context.Background()
	now := func() time.Time { return cityNow }
	a, err := app.Open(ctx, app.Config{Store: databases.Open(t), Keyring: filepath.Join(t.TempDir(), "keyring.json"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	c := &city{app: a, users: map[string]*schemas.User{}, saved: map[string]string{}}
	known := people{}
	for name, f := range cityUsers {
		u, err := a.CreateUser(ctx, f, "xiamen-gulou-1987", app.How{})
		if err != nil {
			t.Fatal(err)
		}
		c.users[name], known[name] = u, app.Actor{User: u, Session: "s-" + name}
	}
	l := &logs{}
	o := Options{Auth: known, Now: now, Log: slog.New(slog.NewJSONHandler(l, nil)), Rates: optionsOfTests(l).Rates, Collection: func(name string) Collection {
		if names := a.Names(name); names != nil {
			return names
		}
		return nil
	}}
	s, err := New(registryTable{&Handlers{App: a}}, o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	c.site = &site{s, nil, ln.Addr().String(), "http://" + ln.Addr().String(), l}
	return c
}

// step is one request of a scenario. {x} in its path and body stands for what an earlier step saved as x; save keeps
// the id that the answer's Location names. want are texts that the answer has, not those that it must not have.
type step struct {
	name, method, path, as, body string
	lines                        []string
	status                       int
	want, not                    []string
	save                         string
}

const asPage = "Accept: text/html"

// formed is the body of a form.
func formed(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// run plays a scenario, one step after the other on one city.
func (c *city) run(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) { c.play(t, s) })
	}
}

func (c *city) play(t *testing.T, s step) got {
	t.Helper()
	fill := func(text string) string {
		for name, value := range c.saved {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		return text
	}
	lines := slices.Clone(s.lines)
	for i := range lines {
		lines[i] = fill(lines[i])
	}
	if !strings.HasPrefix(s.path, "/api/") {
		lines = append(lines, asPage)
		if s.method == "POST" {
			lines = append(lines, "Content-Type: application/x-www-form-urlencoded")
		}
	}
	g := c.ask(t, s.method, fill(s.path), s.as, fill(s.body), lines...)
	if g.status != s.status {
		t.Fatalf("status %d, want %d\n%.1200s", g.status, s.status, g.body)
	}
	whole := g.body + "\n" + g.header.Get("Location") + "\n" + g.header.Get("ETag")
	for _, text := range s.want {
		if !strings.Contains(whole, fill(text)) {
			t.Errorf("no %q in\n%.3000s", fill(text), whole)
		}
	}
	for _, text := range s.not {
		if strings.Contains(whole, fill(text)) {
			t.Errorf("%q in\n%.3000s", fill(text), whole)
		}
	}
	if s.save != "" {
		at := g.header.Get("Location")
		c.saved[s.save] = at[strings.LastIndexByte(at, '/')+1:]
	}
	return g
}

// templateFaults are what is wrong with the templates. They are looked for before any test runs: a template that has
// been rendered can no longer be checked.
var templateFaults = checkTemplates()

func checkTemplates() (faults []error) {
	check := func(name, part string, view any) error {
		page, err := web.Template(name)
		if err != nil {
			return err
		}
		if part != "" {
			page = page.Lookup(part)
		}
		if err := templatecheck.CheckHTML(page, view); err != nil {
			return fmt.Errorf("%s %s: %w", name, part, err)
		}
		return nil
	}
	for _, n := range []string{"talent", "team", "enterprise"} {
		faults = append(faults,
			check(n+"s", "", web.View[RegistryPage]{}), check(n+"s", "registry", web.View[RegistryPage]{}),
			check(n, "", web.View[RecordPage]{}),
			check(n+"_form", "", web.View[FormPage]{}), check(n+"_form", "f-name-check", web.View[FormPage]{}),
		)
	}
	if check("talents", "", web.View[FormPage]{}) == nil {
		faults = append(faults, errors.New("a page of another type passes the check"))
	}
	return faults
}

// TestTemplatesFitTheirTypes checks every template of the registry against what its pages give it.
func TestTemplatesFitTheirTypes(t *testing.T) {
	for _, fault := range templateFaults {
		if fault != nil {
			t.Error(fault)
		}
	}
}

// TestEveryFieldHasItsWords finds the label of every field of the three catalogues, in both languages.
func TestEveryFieldHasItsWords(t *testing.T) {
	for _, n := range []*noun{talentNoun, teamNoun, enterpriseNoun} {
		for _, lang := range web.Languages {
			w := &wording{noun: n, frame: web.Frame{Lang: lang}}
			for _, f := range n.rows {
				if label := w.label(f.Name); strings.Contains(label, web.MissingMark) {
					t.Errorf("%s %s: %s", n.coll, lang, label)
				}
			}
			for list := range n.lists {
				if label := w.label(list); strings.Contains(label, web.MissingMark) {
					t.Errorf("%s %s: %s", n.coll, lang, label)
				}
			}
		}
	}
}

// TestLayoutsNameFields finds paths of a layout that the catalogue does not have, and fields that no page shows.
func TestLayoutsNameFields(t *testing.T) {
	for _, n := range []*noun{talentNoun, teamNoun, enterpriseNoun} {
		shown := map[string]bool{}
		for _, s := range n.sections {
			for _, path := range s.paths {
				if shown[path] = true; n.rows.At(path) == nil {
					t.Errorf("%s: section %s has no field %s", n.coll, s.key, path)
				}
			}
		}
		for _, path := range n.quick {
			if !shown[path] {
				t.Errorf("%s: quick add asks for %s, which no section has", n.coll, path)
			}
		}
		for _, l := range n.items {
			for _, name := range append([]string{l.badge}, l.main...) {
				if name != "" && n.rows.At(l.name+"/-/"+name) == nil {
					t.Errorf("%s: items of %s have no %s", n.coll, l.name, name)
				}
			}
		}
		for _, name := range n.facets {
			if f := n.rows.Named(name); f == nil || !f.Facet {
				t.Errorf("%s: %s is no facet", n.coll, name)
			}
		}
		for _, c := range n.columns {
			if f := n.rows.Named(strings.TrimPrefix(c.sort, "-")); c.sort != "" && c.sort != "-updatedAt" && (f == nil || !f.Sort) {
				t.Errorf("%s: no list can be sorted by %s", n.coll, c.sort)
			}
		}
		for _, f := range n.rows {
			list, _, item := strings.Cut(f.Path, "/*/")
			elsewhere := f.Path == "stage" || f.Path == "stageSince" || f.Path == "archivedOn" || list == "consents" || slices.Contains(unshown, f.Path)
			if !elsewhere && !shown[f.Path] && !(item && n.list(list) != nil) {
				t.Errorf("%s: no page shows %s", n.coll, f.Path)
			}
		}
	}
}

var (
	inlineOfTests = regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script>`)
	idsOfTests    = regexp.MustCompile(`\sid="([^"]+)"`)
)

// sound reports what no page may have: texts without words, inline code, values that a template refused, ids twice.
func sound(t *testing.T, where, page string) {
	t.Helper()
	if i := strings.Index(page, web.MissingMark); i >= 0 {
		t.Errorf("%s: missing text %.60s", where, page[i:])
	}
	if found := inlineOfTests.FindString(page); found != "" {
		t.Errorf("%s: %q is against the content security policy", where, found)
	}
	if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "%!") {
		t.Errorf("%s: a value was refused or formatted wrongly", where)
	}
	seen := map[string]bool{}
	for _, id := range idsOfTests.FindAllStringSubmatch(page, -1) {
		if seen[id[1]] {
			t.Errorf("%s: id %q is there twice", where, id[1])
		}
		seen[id[1]] = true
	}
}

// decoded reads an answer's JSON.
func decoded[T any](t *testing.T, g got) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		t.Fatalf("%v: %.400s", err, g.body)
	}
	return v
}
