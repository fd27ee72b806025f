package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"qunxian/store/mongo/mongotest"
	"qunxian/store/storetest/databases"
)

// These tests run the program itself, as scripts and offices do.

var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "qunxian")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "qunxian")
		if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
			return 1
		}
		return m.Run()
	}())
}

// TestOnMongoDB runs these tests again on a MongoDB, where there is one.
func TestOnMongoDB(t *testing.T) { databases.Again(t) }

// house is a folder in which the program runs, on a database of its own.
type house struct {
	*testing.T
	dir string
	uri string // of a MongoDB; "" is the usual file
}

func newHouse(t *testing.T) house {
	h := house{T: t, dir: t.TempDir()}
	if databases.OnMongoDB() {
		h.uri = mongotest.Database(t)
	}
	return h
}

// newFile is a house for what is told of the database's file alone.
func newFile(t *testing.T) house {
	if databases.OnMongoDB() {
		t.Skip("skipped: this is about a database in a file")
	}
	return newHouse(t)
}

func (h house) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	h.Cleanup(cancel)
	c := exec.CommandContext(ctx, binary, args...)
	c.Dir = h.dir
	c.Env = []string{"HOME=" + h.dir, "PATH=" + os.Getenv("PATH")}
	if h.uri != "" {
		c.Env = append(c.Env, "QUNXIAN_DB="+h.uri)
	}
	return c
}

// run runs a subcommand to its end.
func (h house) run(stdin string, args ...string) (code int, out, errs string) {
	h.Helper()
	c := h.command(args...)
	var o, e bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &o, &e
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		h.Fatal(err)
	}
	return c.ProcessState.ExitCode(), o.String(), e.String()
}

// must is the output of a subcommand that has to succeed.
func (h house) must(stdin string, args ...string) string {
	h.Helper()
	code, out, errs := h.run(stdin, args...)
	if code != 0 {
		h.Fatalf("%v: exit %d: %s%s", args, code, out, errs)
	}
	return out
}

func (h house) file(name, text string) string {
	h.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
	return path
}

// server is a running program.
type server struct {
	house
	cmd *exec.Cmd
	url string
	out *bufio.Scanner // what it prints after its address
	log *bytes.Buffer
}

// serve starts the program and waits for its address.
func (h house) serve(args ...string) *server {
	h.Helper()
	s := &server{house: h, cmd: h.command(append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), log: &bytes.Buffer{}}
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		h.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.out = bufio.NewScanner(out)
	s.url = s.printed("http")
	return s
}

// printed is the next line that begins like that.
func (s *server) printed(begins string) string {
	s.Helper()
	for s.out.Scan() {
		if strings.HasPrefix(s.out.Text(), begins) {
			return s.out.Text()
		}
	}
	_ = s.cmd.Wait()
	s.Fatalf("%q was not printed\n%s", begins, s.log)
	return ""
}

func (s *server) answers(path string) bool {
	res, err := http.Get(s.url + path)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop ends the program as an operator does.
func (s *server) stop() {
	s.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.Fatalf("the end of serve: %v\n%s", err, s.log)
	}
}

// api asks with a key.
func (s *server) api(method, path, key, body string) (int, map[string]any) {
	s.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	var out map[string]any
	if err == nil {
		_ = json.Unmarshal(b, &out)
	}
	return res.StatusCode, out
}

const (
	password = "一句好记的长密码 2026"
	ledger   = "姓名,工作单位,人才层次\n欧阳示例,示例换热研究所,市级骨干\n单示例,示例农科院,国家级领军\n,无名单位,后备\n"
)

// TestFirstStart is the first minute of a new office.
func TestFirstStart(t *testing.T) {
	h := newFile(t)
	s := h.serve()
	if link := s.printed(s.url + "/setup?token="); !s.answers(strings.TrimPrefix(link, s.url)) {
		t.Errorf("the set-up link %s does not open", link)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if !s.answers(path) {
			t.Errorf("%s does not answer 200", path)
		}
	}
	if out := h.must("", "health", "--url", s.url+"/healthz"); out == "" {
		t.Error("health says nothing")
	}
	for path, mode := range map[string]os.FileMode{"data/qunxian.db": 0o600, "keys/keyring.json": 0o600, "data/qunxian.sock": 0o600} {
		info, err := os.Stat(filepath.Join(h.dir, path))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
	}
	s.stop()
	h.serve().printed("Nobody can sign in yet")
}

// TestSubcommands does an operator's work beside a running server and alone.
func TestSubcommands(t *testing.T) {
	for _, beside := range []bool{true, false} {
		t.Run(fmt.Sprintf("server %v", beside), func(t *testing.T) {
			h := newHouse(t)
			csv := h.file("名单.csv", ledger)
			var s *server
			if beside {
				s = h.serve()
			}
			h.must(password+"\n", "user", "add", "chen", "--role", "officer,admin")
			if out := h.must("", "user", "list"); !strings.Contains(out, "chen") {
				t.Errorf("user list: %s", out)
			}
			key := strings.TrimSpace(h.must("", "key", "add", "chen", "--scopes", "read,write", "--expires", time.Now().AddDate(0, 6, 0).Format(time.DateOnly)))
			want := map[string]float64{"rows": 3, "created": 2, "changed": 0, "unchanged": 0, "refused": 1}
			dry := h.must("", "import", csv, "--dry-run", "--json")
			checkTally(t, dry, want)
			checkTally(t, h.must("", "import", csv, "--json"), want)
			checkTally(t, h.must("", "import", csv, "--json"), map[string]float64{"rows": 3, "created": 0, "changed": 0, "unchanged": 2, "refused": 1})
			for _, bad := range []string{h.file("不是表格.csv", "随便写的一行\n"), h.file("旧.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")} {
				if code, out, errs := h.run("", "import", bad); code == 0 || !strings.Contains(out+errs, filepath.Base(bad)) || !strings.Contains(errs, "1 of 1 files could not be read") {
					t.Errorf("import of %s: exit %d: %s%s", bad, code, out, errs)
				}
			}
			h.must("", "export", "all.jsonl")
			if s == nil {
				s = h.serve()
			}
			code, list := s.api("GET", "/api/v1/talents?q=ouyang", key, "")
			if code != 200 || list["total"] != 1.0 {
				t.Errorf("q=ouyang: %d %v", code, list)
			}
			if code, _ := s.api("POST", "/api/v1/talents", key+"x", `{"name":"甲"}`); code != 401 {
				t.Errorf("a wrong key: %d", code)
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(key, "tlt_"), "_")
			h.must("", "key", "revoke", id)
			if code, _ := s.api("GET", "/api/v1/talents", key, ""); code != 401 {
				t.Errorf("a revoked key: %d", code)
			}
			s.stop()

			// Another office reads the copy: same keyring, another file.
			out := h.must("", "import", "all.jsonl", "--json", "--db", "file:data/copy.db")
			var tally struct{ Rows, Created, Changed, Unchanged, Refused int }
			if err := json.Unmarshal([]byte(out), &tally); err != nil || tally.Refused != 0 || tally.Rows != tally.Created+tally.Changed+tally.Unchanged || tally.Rows < 5 {
				t.Errorf("import of the export: %v %s", err, out)
			}
			h.must("", "export", "copy.jsonl", "--db", "file:data/copy.db")
			if a, b := h.records("all.jsonl"), h.records("copy.jsonl"); a != b {
				t.Errorf("the copy differs:\n%.2000s\n---\n%.2000s", a, b)
			}
		})
	}
}

// records are the lines of an export that hold talents.
func (h house) records(name string) string {
	h.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, "示例换热研究所") || strings.Contains(line, "示例农科院") {
			out = append(out, line)
		}
	}
	if len(out) < 2 {
		h.Fatalf("%s holds no talents:\n%.500s", name, b)
	}
	return strings.Join(out, "")
}

func checkTally(t *testing.T, out string, want map[string]float64) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("not one JSON object: %v\n%s", err, out)
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %v, want %v", name, got[name], n)
		}
	}
}

// TestOneServer holds that one process serves a file.
func TestOneServer(t *testing.T) {
	h := newFile(t)
	s := h.serve()
	code, _, errs := h.run("", "serve", "--addr", "127.0.0.1:0", "--socket", "other.sock")
	if code == 0 || !strings.Contains(errs, "qunxian.db") || strings.Count(errs, "\n") > 1 {
		t.Errorf("a second server: exit %d: %s", code, errs)
	}
	if !s.answers("/readyz") {
		t.Error("the first one has suffered")
	}
}

// TestKilled ends the program without warning under writes: what it had said
// it kept is there at the next start, and is found by a search.
func TestKilled(t *testing.T) {
	h := newFile(t)
	h.must(password+"\n", "user", "add", "chen", "--role", "officer")
	key := strings.TrimSpace(h.must("", "key", "add", "chen", "--scopes", "read,write"))
	kept := 0
	for round := range 3 {
		s := h.serve()
		for i := range 40 {
			if code, _ := s.api("POST", "/api/v1/talents", key, fmt.Sprintf(`{"name":"司徒%c%c"}`, '一'+rune(round), '丁'+rune(i))); code != 201 {
				t.Fatalf("create: %d", code)
			}
			kept++
		}
		ended := make(chan int)
		go func() {
			n := 0
			for i := 0; ; i++ {
				if code, _ := s.api("POST", "/api/v1/talents", key, fmt.Sprintf(`{"name":"司徒%c%c"}`, '三'+rune(round), '丁'+rune(i))); code != 201 {
					ended <- n
					return
				}
				n++
			}
		}()
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		kept += <-ended
		_ = s.cmd.Wait()
	}
	s := h.serve()
	_, list := s.api("GET", "/api/v1/talents?limit=1", key, "")
	_, found := s.api("GET", "/api/v1/talents?limit=1&q=situ", key, "")
	total, _ := list["total"].(float64)
	if int(total) < kept || list["total"] != found["total"] {
		t.Errorf("%d creates were acknowledged, %v are there, %v are found", kept, list["total"], found["total"])
	}
}

// TestBadSettings holds that what cannot work stops the start with one clear
// line, and that 0 means success and nothing else.
func TestBadSettings(t *testing.T) {
	h := newFile(t)
	bad := h.file("broken.xlsx", "PK\x03\x04 not a workbook")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"serve", "--addr", "nonsense"}, "--addr"},
		{[]string{"serve", "--addr", "0.0.0.0:8080"}, "--tls-cert"},
		{[]string{"serve", "--db", "postgres://x"}, "--db"},
		{[]string{"serve", "--db", "file:"}, "--db"},
		{[]string{"serve", "--db", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"}, "mongo"},
		{[]string{"serve", "--db", "mongodb://127.0.0.1:1/?w=1"}, "w=1"},
		{[]string{"serve", "--demo", "--today", "tomorrow"}, "--today"},
		{[]string{"serve", "--limit", "read=many"}, "--limit"},
		{[]string{"serve", "--behind-proxy", "proxy"}, "--behind-proxy"},
		{[]string{"serve", "--tls-cert", "x.pem"}, "--tls-key"},
		{[]string{"serve", "--profile", "0.0.0.0:6060"}, "--profile"},
		{[]string{"serve", "--wings"}, "--wings"},
		{[]string{"fly"}, "fly"},
		{[]string{"import", "nowhere.xlsx"}, "nowhere.xlsx"},
		{[]string{"import", bad}, "1 of 1 files"},
		{[]string{"user", "add", "chen", "--role", "officer"}, "password"},
		{[]string{"user", "add", "chen", "--role", "wizard"}, "wizard"},
		{[]string{"user", "add", "chen", "--role", "officer", "<<short"}, "password: "},
		{[]string{"key", "add", "nobody"}, "nobody"},
		{[]string{"export", "no/such/folder/x.jsonl"}, "no/such/folder"},
		{[]string{"health", "--url", "http://127.0.0.1:1/healthz"}, "refused"},
	} {
		stdin, last := "", len(c.args)-1
		if text, ok := strings.CutPrefix(c.args[last], "<<"); ok {
			stdin, c.args = text+"\n", c.args[:last]
		}
		code, _, errs := h.run(stdin, c.args...)
		if code == 0 || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, wants %q in: %s", c.args, code, c.says, errs)
		}
		if line := strings.TrimSpace(errs); c.args[0] == "serve" && strings.Count(line, "\n") > 0 {
			t.Errorf("%v: more than one line:\n%s", c.args, errs)
		}
	}
}

// TestHelp holds that help tells of every setting and every subcommand.
func TestHelp(t *testing.T) {
	h := newFile(t)
	if out := h.must("", "version"); !strings.HasPrefix(out, "qunxian ") {
		t.Errorf("version: %s", out)
	}
	all := h.must("", "--help")
	for _, word := range []string{"serve", "import", "export", "user add", "key add", "config", "health", "version", "--db", "--keyring", "$QUNXIAN_DB"} {
		if !strings.Contains(all, word) {
			t.Errorf("--help does not tell of %s:\n%s", word, all)
		}
	}
	serve := h.must("", "serve", "--help")
	for _, word := range []string{"--addr", "--demo", "--today", "--tls-cert", "--tls-key", "--behind-proxy", "--limit", "$QUNXIAN_ADDR"} {
		if !strings.Contains(serve, word) {
			t.Errorf("serve --help does not tell of %s:\n%s", word, serve)
		}
	}
	if out := h.must("", "config"); !strings.Contains(out, "file:data/qunxian.db") {
		t.Errorf("config: %s", out)
	}
	if out := h.must("", "config", "--db", "mongodb://u:"+password+"@h/"); strings.Contains(out, password) {
		t.Errorf("config shows a password: %s", out)
	}
}
