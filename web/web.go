// Package web is how the product looks: page frame, components, texts, charts and assets, all embedded.
//
// # A page
//
// A page is one file templates/<name>.html and one struct P. The file chooses its frame in its first line and defines
// a title and a main part; it is rendered with View[P]:
//
//	{{template "layout" .}}
//	{{define "title"}}{{.T "talents.title"}}{{end}}
//	{{define "main"}}
//	{{template "head" ($.Head "talents.title" "Sub" (.T "talents.sub"))}}
//	  {{template "button" ($.Button "button.add" "Href" "/talents/new" "Icon" "user-plus" "Kind" "primary")}}
//	{{template "/head"}}
//	…
//	{{end}}
//
// "layout" is the frame with sidebar and top bar, "plain" the narrow one of sign-in and set-up. Any other define of the
// file is a part that RenderPart sends alone for an htmx swap.
//
// # Components
//
// There is one convention. Component "x" of templates/partials is drawn by {{template "x" ($.X required… "Option" value …)}}:
// the view's method X takes what the component cannot do without, then pairs of an option's name (a field of the struct
// X returns) and its value. A label argument is a text key; where the words are records' own (a custom field, a taxonomy
// term) pass "" and the option "Label". An unknown option or a wrong type is an error of Render, so a test that
// renders the page finds it. Components that hold other content come in pairs: "card" … "/card", "head" … "/head",
// "dialog" … "/dialog". Tables are plain markup in <div class="q-scroll">: <table class="q-table q-table-cards">
// turns rows into cards on a phone, where td.is-main is the first line, is-side stands at its right, is-first and is-state share the
// second line, data-label is a caption and q-hide-phone leaves a cell out; testdata/preview has a whole list.
//
// # Texts
//
// Words come from locales/<lang>.json, and from locales/<noun>.<lang>.json for a noun's own. A text has placeholders %s or %[1]s
// only; whole and decimal numbers are formatted before they are put in. In English "key.one" is used when the first number
// is 1. A key that is missing shows as ⟦key⟧, which every page test looks for.
//
// # Rules of the page
//
// The content security policy allows no inline script, no inline style and no eval: widths of bars are SVG attributes,
// colours are classes. Every page works without JavaScript; static/js adds speed. Behaviour is asked for by
// attributes: data-list (j, k, x, Enter), data-draft, data-enter-next, data-open, data-copy, data-print, data-tip.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed templates locales icons static
var files embed.FS

// Frame is what every page shows around its own content: who looks, in which language and theme, and where to go.
type Frame struct {
	Lang       string            // zh-CN or en
	Theme      string            // light, dark, or empty to follow the system
	Path       string            // path and query of this page, to come back after switching language
	User       User              // zero when nobody is signed in
	Nav        []NavGroup        // the sidebar
	Flash      *Flash            // a message about what was just done
	Errors     map[string]string // message by field name, shown beside the fields of a refused form
	SearchPath string            // where the search box of the top bar leads; empty hides it
	Now        time.Time         // the clock of relative times
}

// User is the person signed in, as the frame names them.
type User struct {
	Name, Role, Unit string // Role is a code such as officer, shown by text role.<code>
}

// NavGroup is one block of the sidebar; Key names its heading and may be empty.
type NavGroup struct {
	Key   string
	Items []NavItem
}

// NavItem is one link of the sidebar; Hot marks a count that waits for someone.
type NavItem struct {
	Key, Href, Icon string
	Count           int
	Hot, Current    bool
}

// Flash is a message shown once; Undo is the path a POST takes the action back at, or empty.
type Flash struct {
	Text, Tone, Undo string
}

// View is what a page template gets: the frame and the page's own struct.
type View[P any] struct {
	Frame
	Page P
}

var pages = sync.OnceValues(func() (map[string]func() (*template.Template, error), error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	set := map[string]func() (*template.Template, error){}
	for _, file := range names {
		if name := strings.TrimSuffix(path.Base(file), ".html"); name != "layout" && name != "plain" {
			set[name] = sync.OnceValues(func() (*template.Template, error) { return parse(file) })
		}
	}
	return set, nil
})

// frame is the set of frames and components that every page starts from.
var frame = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Funcs(functions).ParseFS(files, "templates/layout.html", "templates/plain.html", "templates/partials/*.html")
})

func parse(file string) (*template.Template, error) {
	shared, err := frame()
	if err != nil {
		return nil, err
	}
	own, err := shared.Clone()
	if err != nil {
		return nil, err
	}
	if own, err = own.ParseFS(files, file); err != nil {
		return nil, err
	}
	return own.Lookup(path.Base(file)), nil
}

// Pages lists the names of all pages, sorted.
func Pages() []string {
	set, err := pages()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(set))
}

// Template is the parsed page of that name, for checking it against its type.
func Template(name string) (*template.Template, error) {
	set, err := pages()
	if err != nil {
		return nil, err
	}
	page, ok := set[name]
	if !ok {
		return nil, fmt.Errorf("web: no page %q", name)
	}
	t, err := page()
	if err != nil {
		return nil, fmt.Errorf("web: page %s: %w", name, err)
	}
	return t, nil
}

// Render writes the whole page, or nothing when its template fails.
func Render(w io.Writer, name string, view any) error {
	t, err := Template(name)
	if err != nil {
		return err
	}
	return send(w, t, view)
}

// RenderPart writes one named part of a page, or nothing when it fails: the answer to an htmx request.
func RenderPart(w io.Writer, name, part string, view any) error {
	t, err := Template(name)
	if err != nil {
		return err
	}
	if t = t.Lookup(part); t == nil {
		return fmt.Errorf("web: page %s has no part %q", name, part)
	}
	return send(w, t, view)
}

func send(w io.Writer, t *template.Template, view any) error {
	var b bytes.Buffer
	if err := t.Execute(&b, view); err != nil {
		return fmt.Errorf("web: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
