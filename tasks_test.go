package project_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// programSettings are the environment variables and flags of cmd/qunxian, from
// the tags of its settings.
func programSettings(t *testing.T) (env, flags []string) {
	t.Helper()
	files, err := filepath.Glob("cmd/qunxian/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no program", err)
	}
	capital := regexp.MustCompile(`([a-z0-9])([A-Z])`)
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil || len(field.Names) != 1 {
				return true
			}
			tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
			if e := tag.Get("env"); e != "" {
				env = append(env, e)
			}
			name := tag.Get("name")
			if name == "" {
				name = strings.ToLower(capital.ReplaceAllString(field.Names[0].Name, "$1-$2"))
			}
			flags = append(flags, "--"+name)
			return true
		})
	}
	return env, flags
}

// TestSettingsExist: what the container files and the page for operators set,
// the program has; and what the program has, the page tells.
func TestSettingsExist(t *testing.T) {
	env, flags := programSettings(t)
	app := compose(t).Services["app"]
	for _, arg := range app.Command {
		if strings.HasPrefix(arg, "--") && !slices.Contains(flags, arg) {
			t.Errorf("compose.yaml: the program has no %s", arg)
		}
	}
	for key := range app.Environment {
		if !slices.Contains(env, key) {
			t.Errorf("compose.yaml: the program does not read %s", key)
		}
	}
	variable := regexp.MustCompile(`\bQUNXIAN_[A-Z_]+[A-Z]\b`)
	for _, key := range variable.FindAllString(read(t, "Dockerfile"), -1) {
		if !slices.Contains(env, key) {
			t.Errorf("Dockerfile: the program does not read %s", key)
		}
	}
	page := read(t, "docs/operations.md")
	known := slices.Clone(env)
	for _, m := range regexp.MustCompile(`\$\{(QUNXIAN_[A-Z_]+)`).FindAllStringSubmatch(read(t, "compose.yaml"), -1) {
		known = append(known, m[1])
	}
	for _, key := range variable.FindAllString(page, -1) {
		if !slices.Contains(known, key) {
			t.Errorf("docs/operations.md: nothing reads %s", key)
		}
	}
	for _, key := range known {
		if !strings.Contains(page, "`"+key+"`") {
			t.Errorf("docs/operations.md does not tell %s", key)
		}
	}
	for _, flag := range regexp.MustCompile("`(--[a-z-]+)").FindAllStringSubmatch(page, -1) {
		if !slices.Contains(flags, flag[1]) {
			t.Errorf("docs/operations.md: the program has no %s", flag[1])
		}
	}
}

// makefile is the prerequisites and the commands of each target.
func makefile(t *testing.T) map[string][]string {
	t.Helper()
	targets := map[string][]string{}
	last := ""
	for line := range strings.Lines(read(t, "Makefile")) {
		line = strings.TrimRight(line, "\n")
		if m := regexp.MustCompile(`^([a-z-]+):([^=#]*)(?:## (.+))?$`).FindStringSubmatch(line); m != nil {
			last = m[1]
			targets[last] = strings.Fields(m[2])
			if m[3] == "" {
				t.Errorf("Makefile: %s does not say what it does", last)
			}
		} else if command, ok := strings.CutPrefix(line, "\t"); ok {
			targets[last] = append(targets[last], command)
		}
	}
	return targets
}

func TestMakefile(t *testing.T) {
	m := makefile(t)
	for _, want := range []string{"help", "run", "demo", "build", "test", "race", "check", "bench", "bench-scale", "test-mongo", "fuzz", "shots", "cover", "clean"} {
		if len(m[want]) == 0 {
			t.Errorf("no target %s", want)
		}
	}
	same(t, "check", []string{"fmt", "lint", "mod", "test", "race"}, m["check"])
	same(t, "test", []string{"go test ./..."}, m["test"])
	same(t, "demo", []string{"go run ./cmd/qunxian serve --demo"}, m["demo"])
	same(t, "mod", []string{"go mod tidy -diff", "go mod verify"}, m["mod"])
	text := read(t, "Makefile")
	for _, want := range []string{"go vet ./...", "go run $(STATICCHECK) ./...", "go test -race $(CONCURRENT)", "CGO_ENABLED=0 go build -trimpath", "QUNXIAN_REQUIRE_MONGO=1 go test -count=1"} {
		if !strings.Contains(text, want) {
			t.Errorf("Makefile has no %s", want)
		}
	}
	for _, tool := range []string{"GOFUMPT", "STATICCHECK"} {
		if !regexp.MustCompile(`(?m)^` + tool + ` := \S+@v\d+\.\d+\.\d+$`).MatchString(text) {
			t.Errorf("Makefile does not pin %s", tool)
		}
	}
}

func TestCIRunsTheCheck(t *testing.T) {
	info, err := os.Stat(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o111 == 0 {
		t.Error(".ci/run cannot be executed")
	}
	script := read(t, ".ci/run")
	for _, want := range []string{"#!/usr/bin/env bash\n", "set -euo pipefail", "step check make check", "chromium-headless-shell", "fonts-wqy-microhei", "go mod download", "make safety"} {
		if !strings.Contains(script, want) {
			t.Errorf(".ci/run has no %q", want)
		}
	}
}

// TestReadmeCommands: the two commands of the README are the ones that run.
func TestReadmeCommands(t *testing.T) {
	m := makefile(t)
	for _, file := range []string{"README.md", "README.zh-CN.md"} {
		page := read(t, file)
		for _, target := range []string{"demo", "test"} {
			if !strings.Contains(page, m[target][0]) {
				t.Errorf("%s does not say %s", file, m[target][0])
			}
		}
	}
}
