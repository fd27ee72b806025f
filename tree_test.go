package project_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"qunxian/store"
)

// tree is every file of the project, without what .gitignore keeps out.
func tree(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "build", "data", "keys"}, file):
			return filepath.SkipDir
		case !d.IsDir():
			files = append(files, filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	seen := 0
	for _, file := range tree(t) {
		if !source(file) {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			t.Error(err)
			continue
		}
		documented[path.Dir(file)] = documented[path.Dir(file)] || f.Doc.Text() != ""
		for _, d := range f.Decls {
			for _, n := range undocumented(d, &seen) {
				t.Errorf("%s: %s has no comment", fset.Position(n.Pos()), n.Name)
			}
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", dir)
		}
	}
	if seen < 100 {
		t.Errorf("looked at %d exported names only", seen)
	}
}

// undocumented are the exported names of a declaration without a comment. One
// comment on a group of names is enough for all of it.
func undocumented(d ast.Decl, seen *int) []*ast.Ident {
	var bad []*ast.Ident
	check := func(n *ast.Ident, docs ...*ast.CommentGroup) {
		if !n.IsExported() {
			return
		}
		*seen++
		if !slices.ContainsFunc(docs, func(c *ast.CommentGroup) bool { return c.Text() != "" }) {
			bad = append(bad, n)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || exportedReceiver(d.Recv.List[0].Type) && !explained(d.Name.Name) {
			check(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				check(s.Name, d.Doc, s.Doc, s.Comment)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					check(n, d.Doc, s.Doc, s.Comment)
				}
			}
		}
	}
	return bad
}

// explained says that the interface which a method fulfils tells all of it:
// those of the standard library, and the one that every database fulfils.
func explained(method string) bool {
	_, ok := reflect.TypeFor[store.Backend]().MethodByName(method)
	return ok || slices.Contains([]string{"Error", "String", "Unwrap"}, method)
}

func exportedReceiver(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StarExpr:
		return exportedReceiver(e.X)
	case *ast.IndexExpr:
		return exportedReceiver(e.X)
	case *ast.IndexListExpr:
		return exportedReceiver(e.X)
	case *ast.Ident:
		return e.IsExported()
	}
	return false
}

// bans are what no file may hold. They are written in two parts so that this
// file may hold them.
var bans = []struct {
	what string
	re   *regexp.Regexp
}{
	{"unfinished work", regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)},
	{"a path of one machine", regexp.MustCompile(`(?:^|[\s"'` + "`" + `=(:])/(?:ro` + `ot|wo` + `rk|ho` + `me/\w+|Us` + `ers/\w+|m` + `nt)/`)},
	{"the host of a registry", regexp.MustCompile(`(?:pro` + `xy|s` + `um)\.golang\.org|regis` + `try\.npmjs|(?:deb|secu` + `rity)\.debian\.org|docker\.i` + `o/|ghc` + `r\.io|pyp` + `i\.org`)},
	{"a private key", regexp.MustCompile(`-----BEG` + `IN [A-Z ]*PRIVATE KEY`)},
	{"a key of the API", regexp.MustCompile(`tlt` + `_[0-9A-Za-z]+_[0-9A-Za-z]{43}\b`)},
	{"a password in an address", regexp.MustCompile(`mongodb(?:\+srv)?://[^\s:/@$"']+:[^\s@$"'{(…%]+@`)},
	{"a mark of an unfinished merge", regexp.MustCompile(`(?m)^(?:<<<<` + `<<<|>>>>` + `>>>) `)},
}

func TestTreeIsClean(t *testing.T) {
	seen, large := 0, 0
	for _, file := range tree(t) {
		if strings.HasPrefix(file, "web/static/vendor/") || file == "go.sum" {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
			continue // not text
		}
		seen++
		for _, ban := range bans {
			if at := ban.re.FindIndex(b); at != nil {
				t.Errorf("%s:%d: %s: %q", file, 1+bytes.Count(b[:at[0]], []byte("\n")), ban.what, b[at[0]:at[1]])
			}
		}
		if lines := bytes.Count(b, []byte("\n")); lines > 450 && strings.HasSuffix(file, ".go") {
			large++
			t.Logf("warning: %s has %d lines; one file is one thing", file, lines)
		}
	}
	if seen < 100 {
		t.Errorf("read %d files only", seen)
	}
	t.Logf("%d files read, %d of them long", seen, large)
}

// TestBansBite is the control of TestTreeIsClean.
func TestBansBite(t *testing.T) {
	bad := []string{
		"// TO" + "DO: later", `open("/ro` + `ot/x")`, "GOPROXY=https://pro" + "xy.golang.org", "-----BEG" + "IN RSA PRIVATE KEY-----",
		"tlt" + "_01_" + strings.Repeat("a", 43), "mongodb://root:" + "secret@db", "<<<<" + "<<< HEAD",
	}
	for i, ban := range bans {
		if !ban.re.MatchString(bad[i]) {
			t.Errorf("%s: %q was not found", ban.what, bad[i])
		}
	}
	good := "see https://example.org/work/1, mongodb://qunxian@mongo1/, mongodb://127.0.0.1:27017/, /workbench, a todo list, docker.io"
	for _, ban := range bans {
		if s := ban.re.FindString(good); s != "" {
			t.Errorf("%s: %q is none", ban.what, s)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestDocsAreLinked follows the links of the pages at the top: each leads
// somewhere, and together they lead to every page of docs.
func TestDocsAreLinked(t *testing.T) {
	todo, err := filepath.Glob("*.md")
	if err != nil || len(todo) == 0 {
		t.Fatal("no pages at the top", err)
	}
	reached := map[string]bool{}
	for len(todo) > 0 {
		file := todo[0]
		todo = todo[1:]
		if reached[file] {
			continue
		}
		reached[file] = true
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(b, -1) {
			to, _, _ := strings.Cut(string(m[1]), "#")
			if to == "" || strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			to = path.Join(path.Dir(file), to)
			info, err := os.Stat(to)
			switch {
			case err != nil:
				t.Errorf("%s: a link leads to %s, which is not there", file, to)
			case info.IsDir() || !strings.HasSuffix(to, ".md"):
				reached[to] = true
			default:
				todo = append(todo, to)
			}
		}
	}
	for _, file := range tree(t) {
		if (strings.HasPrefix(file, "docs/") || strings.HasSuffix(file, ".md")) && !reached[file] {
			t.Errorf("no page leads to %s", file)
		}
	}
}

var decision = regexp.MustCompile(`^docs/decisions/(\d{4})-[a-z0-9-]+\.md$`)

// TestDecisionsAreNumbered: without gaps, each with its three parts.
func TestDecisionsAreNumbered(t *testing.T) {
	next := 1
	for _, file := range tree(t) {
		if !strings.HasPrefix(file, "docs/decisions/") || file == "docs/decisions/README.md" {
			continue
		}
		m := decision.FindStringSubmatch(file)
		if m == nil {
			t.Errorf("%s is not named NNNN-words.md", file)
			continue
		}
		if n, _ := strconv.Atoi(m[1]); n != next {
			t.Errorf("%s: the next number is %d", file, next)
		}
		next++
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"# " + m[1], "## Context", "## Decision", "## Consequences"} {
			if !bytes.Contains(b, []byte(part)) {
				t.Errorf("%s has no %q", file, part)
			}
		}
	}
	if next < 9 {
		t.Errorf("%d decisions only", next-1)
	}
}

func TestLicence(t *testing.T) {
	text := read(t, "LICENSE")
	if !strings.Contains(text, "Apache License\n                           Version 2.0, January 2004") || !strings.Contains(text, "END OF TERMS AND CONDITIONS") || len(text) < 11_000 {
		t.Error("LICENSE is not the whole Apache License 2.0")
	}
}

// TestNothingSecretIsKept: no keyring lies in the tree, under whatever name.
func TestNothingSecretIsKept(t *testing.T) {
	for _, file := range tree(t) {
		if !strings.HasSuffix(file, ".json") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var ring struct {
			Active string            `json:"active"`
			Keys   map[string]string `json:"keys"`
		}
		if bytes.Contains(b, []byte(`"active"`)) && json.Unmarshal(b, &ring) == nil && ring.Active != "" && len(ring.Keys) > 0 {
			t.Errorf("%s is a keyring", file)
		}
	}
}
