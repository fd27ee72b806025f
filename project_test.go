// Package project_test holds the project to its own rules: which room may
// import which, what every name and file must have, which versions are safe,
// and what the container files must say.
package project_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pkg is one package as go list knows it.
type pkg struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	GoFiles, IgnoredGoFiles            []string
	Error                              *struct{ Err string }
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles,IgnoredGoFiles,Error", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		// a file that this machine does not build keeps the rules as well
		for _, name := range p.IgnoredGoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range f.Imports {
				s, _ := strconv.Unquote(i.Path.Value)
				p.Imports = append(p.Imports, s)
			}
		}
		p.ImportPath = strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "qunxian"), "/")
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	return all
}

// room is what the packages of one folder may import: rooms of the house,
// modules of others, and what they may not take of the standard library. A
// name that ends in / means what lies below it.
type room struct {
	own, modules, notStd []string
	anyModule            bool
}

var (
	network  = []string{"net", "net/http", "net/http/", "net/rpc", "net/smtp", "database/"}
	machines = append([]string{"os", "os/", "syscall", "log", "log/", "io/ioutil", "plugin"}, network...)
)

var rooms = map[string]room{
	"schemas":         {notStd: machines},
	"store":           {own: []string{"schemas"}, notStd: machines},
	"store/storetest": {own: []string{"schemas", "store"}, modules: []string{"github.com/google/go-cmp/"}},
	"store/sqlite":    {own: []string{"schemas", "store"}, modules: []string{"modernc.org/sqlite"}},
	"store/mongo":     {own: []string{"schemas", "store"}, modules: []string{"go.mongodb.org/mongo-driver/v2/"}},
	// for tests alone
	"store/mongo/mongotest":     {modules: []string{"go.mongodb.org/mongo-driver/v2/"}},
	"store/storetest/databases": {own: []string{"store", "store/"}},
	"app": {
		own:     []string{"schemas", "store", "app/"},
		modules: []string{"github.com/go-playground/validator/v10", "golang.org/x/crypto/", "github.com/oklog/ulid/v2"},
		notStd:  append([]string{"html/template"}, network...),
	},
	// pure: no I/O and no clock
	"app/":     {own: []string{"schemas", "app/"}, anyModule: true, notStd: machines},
	"web":      {own: []string{"web/"}, notStd: network},
	"web/":     {own: []string{"web/"}, notStd: machines},
	"handlers": {own: []string{"schemas", "app", "app/", "web", "web/"}, anyModule: true, notStd: []string{"database/"}},
	"cmd/":     {own: []string{"schemas", "store", "store/", "app", "app/", "web", "web/", "handlers"}, anyModule: true},
}

// only names the rooms that may import a module, whatever else they may.
var only = map[string]string{
	"modernc.org/sqlite":          "store/sqlite",
	"go.mongodb.org/mongo-driver": "store/mongo",
	"github.com/gofiber/fiber":    "handlers",
	"github.com/valyala/fasthttp": "handlers",
	"github.com/gofiber/template": "nobody",
	"github.com/stretchr/testify": "nobody",
}

// covers says that a list of names has path, or that which it lies below.
func covers(names []string, path string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return path == n || strings.HasSuffix(n, "/") && strings.HasPrefix(path, n)
	})
}

func std(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// fault says what is wrong with one import, or nothing.
func fault(from, path string) string {
	if own, ok := strings.CutPrefix(path, "qunxian/"); ok {
		r, ok := roomOf(from)
		switch {
		case !ok:
			return "is in no room of the house"
		case !covers(r.own, own):
			return "may not see " + own
		}
		return ""
	}
	if why := reserved(from, path); why != "" {
		return why
	}
	r, ok := roomOf(from)
	switch {
	case !ok:
		return "is in no room of the house"
	case std(path) && covers(r.notStd, path):
		return "may not do what " + path + " does"
	case !std(path) && !r.anyModule && !covers(r.modules, path):
		return "may not use " + path
	}
	return ""
}

// reserved says whether path belongs to another room and what lies below that
// one; tests keep to it as well.
func reserved(from, path string) string {
	for module, owner := range only {
		if covers([]string{module, module + "/"}, path) && !covers([]string{owner, owner + "/"}, from) {
			return "imports " + path + ", which is for " + owner
		}
	}
	return ""
}

func roomOf(from string) (room, bool) {
	if r, ok := rooms[from]; ok {
		return r, true
	}
	first, _, _ := strings.Cut(from, "/")
	r, ok := rooms[first+"/"]
	return r, ok
}

func TestImportsRunOneWay(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			if why := fault(p.ImportPath, path); why != "" {
				t.Errorf("%s %s", p.ImportPath, why)
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if why := reserved(p.ImportPath, path); why != "" {
				t.Errorf("a test of %s %s", p.ImportPath, why)
			}
		}
	}
}

// TestImportRulesBite is the control of TestImportsRunOneWay: imports that must
// be refused, beside their like that must not.
func TestImportRulesBite(t *testing.T) {
	tests := []struct{ from, good, bad string }{
		{"schemas", "encoding/json", "qunxian/store"},
		{"schemas", "regexp", "golang.org/x/text/width"},
		{"schemas", "time", "database/sql"},
		{"store", "qunxian/schemas", "qunxian/app"},
		{"store", "context", "modernc.org/sqlite"},
		{"store/sqlite", "modernc.org/sqlite", "go.mongodb.org/mongo-driver/v2/mongo"},
		{"store/mongo", "go.mongodb.org/mongo-driver/v2/bson", "qunxian/store/sqlite"},
		{"store/mongo/mongotest", "go.mongodb.org/mongo-driver/v2/mongo", "qunxian/store/mongo"},
		{"store/storetest/databases", "qunxian/store/sqlite", "go.mongodb.org/mongo-driver/v2/mongo"},
		{"app", "qunxian/store", "qunxian/handlers"},
		{"app", "golang.org/x/crypto/argon2", "github.com/gofiber/fiber/v2"},
		{"app", "net/url", "net/http"},
		{"app", "qunxian/app/facets", "qunxian/store/sqlite"},
		{"app/text", "qunxian/schemas", "qunxian/store"},
		{"app/sheets", "io/fs", "os"},
		{"app/facets", "sync", "qunxian/app"},
		{"web", "qunxian/web/charts", "qunxian/app"},
		{"web", "html/template", "github.com/gofiber/fiber/v2"},
		{"handlers", "qunxian/app", "qunxian/store"},
		{"handlers", "github.com/gofiber/fiber/v2/utils", "qunxian/store/sqlite"},
		{"cmd/qunxian", "qunxian/store/mongo", "github.com/gofiber/fiber/v2"},
		{"cmd/qunxian", "qunxian/handlers", "qunxian/cmd/bench"},
		{"tools", "fmt", "qunxian/app"},
	}
	for _, tt := range tests {
		if why := fault(tt.from, tt.good); why != "" && tt.from != "tools" {
			t.Errorf("%s imports %s: refused: %s", tt.from, tt.good, why)
		}
		if fault(tt.from, tt.bad) == "" {
			t.Errorf("%s imports %s: not refused", tt.from, tt.bad)
		}
	}
}

// TestPureRoomsHaveNoClock finds calls by which a result would depend on when
// it is asked for.
func TestPureRoomsHaveNoClock(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep"}
	for _, file := range tree(t) {
		if !(strings.HasPrefix(file, "app/") && strings.Count(file, "/") > 1 || strings.HasPrefix(file, "schemas/") || strings.HasPrefix(file, "web/charts/")) || !source(file) {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name) {
					t.Errorf("%s: time.%s in a pure package; take the time as an argument", fset.Position(n.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
}

// source says that a file is Go and no test.
func source(file string) bool {
	return strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go")
}

// floors are the first versions without a known hole that matters here.
var floors = map[string]string{
	"github.com/gofiber/fiber/v2":    "v2.52.15", // sessions, indices, UUIDs, route parameters, X-Real-IP
	"github.com/valyala/fasthttp":    "v1.77.0",  // GO-2026-4950, two Content-Length headers
	"github.com/xuri/excelize/v2":    "v2.11.1",  // CVE-2026-54063, 59161, 59162
	"go.mongodb.org/mongo-driver":    "v1.17.7",
	"go.mongodb.org/mongo-driver/v2": "v2.4.2",
	"modernc.org/sqlite":             "v1.46.2",
	"golang.org/x/text":              "v0.39.0", // GBK that never ends
	"golang.org/x/net":               "v0.56.0",
	"golang.org/x/crypto":            "v0.52.0",
	"golang.org/x/image":             "v0.45.0",
	"github.com/klauspost/compress":  "v1.18.7",
	"github.com/yuin/goldmark":       "v1.7.17",
}

const goFloor = "1.26.6"

func TestVersionFloors(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Go      string
		Require []struct{ Path, Version string }
		Replace []struct{ Old, New struct{ Path string } }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if below(mod.Go, goFloor) {
		t.Errorf("go.mod lets Go %s build this; the floor is %s", mod.Go, goFloor)
	}
	if below(strings.TrimPrefix(runtime.Version(), "go"), goFloor) {
		t.Errorf("this is %s; the floor is %s", runtime.Version(), goFloor)
	}
	for _, r := range mod.Replace {
		t.Errorf("go.mod replaces %s by %s", r.Old.Path, r.New.Path)
	}
	held := 0
	for _, r := range mod.Require {
		if floor, ok := floors[r.Path]; ok {
			held++
			if below(r.Version, floor) {
				t.Errorf("%s %s is below %s", r.Path, r.Version, floor)
			}
		}
	}
	for _, path := range []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp", "modernc.org/sqlite", "go.mongodb.org/mongo-driver/v2"} {
		if !slices.ContainsFunc(mod.Require, func(r struct{ Path, Version string }) bool { return r.Path == path }) {
			t.Errorf("go.mod does not name %s, so its floor cannot be held", path)
		}
	}
	t.Logf("%d modules at or above their floors", held)
}

// below compares versions by their numbers; a pre-release is below its release.
func below(version, floor string) bool {
	parse := func(v string) (n [3]int, pre bool) {
		v, _, pre = strings.Cut(strings.TrimPrefix(v, "v"), "-")
		v, _, _ = strings.Cut(v, "+")
		for i, s := range strings.SplitN(v, ".", 3) {
			n[i], _ = strconv.Atoi(s)
		}
		return n, pre
	}
	v, pre := parse(version)
	f, _ := parse(floor)
	if c := slices.Compare(v[:], f[:]); c != 0 {
		return c < 0
	}
	return pre
}

func TestBelow(t *testing.T) {
	for _, tt := range []struct {
		version, floor string
		want           bool
	}{
		{"v2.52.14", "v2.52.15", true},
		{"v2.52.15", "v2.52.15", false},
		{"v2.53.0", "v2.52.15", false},
		{"v2.9.0", "v2.52.15", true},
		{"v1.0.0-rc1", "v1.0.0", true},
		{"1.26", "1.26.6", true},
		{"1.26.10", "1.26.6", false},
		{"2", "1.26.6", false},
	} {
		if got := below(tt.version, tt.floor); got != tt.want {
			t.Errorf("below(%s, %s) = %v", tt.version, tt.floor, got)
		}
	}
}
