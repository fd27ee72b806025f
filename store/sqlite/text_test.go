package sqlite

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"qunxian/store"
)

// verbs begin the statements that could carry a value of somebody's.
var verbs = regexp.MustCompile(`(?i)\b(select|insert|update|delete|replace|where|values|order by|limit|create|drop|attach)\b`)

// TestValuesAreParameters holds that no statement is formatted with what somebody wrote: only names that a declaration has
// checked are put into a statement, and they are put together with +, never by a format (safety D5).
func TestValuesAreParameters(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := fun.X.(*ast.Ident); !ok || of.Name != "fmt" || fun.Sel.Name == "Errorf" {
				return true
			}
			ast.Inspect(call, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && verbs.MatchString(text.Value) {
					t.Errorf("%s: a statement made by a format: %s", set.Position(text.Pos()), text.Value)
				}
				return true
			})
			return true
		})
	}
	if seen < 8 {
		t.Errorf("only %d files were read", seen)
	}
	for _, name := range []string{`t"; DROP TABLE x; --`, "t'", "t x", "T", "", "t_values", "t.history"} {
		if (store.Collection{Name: name}).Check() == nil {
			t.Errorf("a collection %q", name)
		}
		if (store.Collection{Name: "t", Fields: []store.Field{{Name: name}}}).Check() == nil {
			t.Errorf("a field %q", name)
		}
	}
}
