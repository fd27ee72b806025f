package handlers

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"qunxian/schemas"
	"qunxian/web"
)

func TestErrors(t *testing.T) {
	s := serve(t, func(o *Options, _ *things) { o.Deadline = 30 * time.Millisecond })
	for code, status := range map[string]int{
		"invalid": 400, "unauthorized": 401, "forbidden": 403, "not_found": 404, "method": 405, "timeout": 408, "conflict": 409,
		"precondition": 412, "precondition_required": 428, "too_large": 413, "unsupported": 415, "too_many": 429, "unavailable": 503,
		"storage_full": 507, "internal": 500, "unheard_of": 500, "slow": 408, "panic": 500, "unknown": 500, "joined": 503,
	} {
		g := s.ask(t, "POST", "/api/v1/things/"+code+"/faults", "officer", "")
		if g.status != status || g.header.Get("Content-Type") != problemType {
			t.Errorf("%s: %d %s", code, g.status, g.header.Get("Content-Type"))
		}
		p := g.problem(t)
		if p.Status != status || p.RequestID != g.header.Get("X-Request-Id") || p.RequestID == "" || p.Title == "" || !strings.HasPrefix(p.Type, "urn:") {
			t.Errorf("%s: %+v", code, p)
		}
		if statuses[schemas.Code(code)] != 0 && string(p.Code) != code {
			t.Errorf("%s: code %s", code, p.Code)
		}
		if status >= 500 && !strings.Contains(s.logs.String(), p.RequestID) {
			t.Errorf("%s is not in the log", p.RequestID)
		}
		if code == "joined" && g.header.Get("Retry-After") != "5" {
			t.Error("no Retry-After")
		}
		if strings.Contains(g.body, "sqlite") || strings.Contains(g.body, "goroutine") {
			t.Errorf("%s leaks: %s", code, g.body)
		}
	}
	if n := strings.Count(s.logs.String(), secretText); n < 3 {
		t.Errorf("the log has the cause %d times", n)
	}
	// D18: whatever is logged, one event is one line of JSON
	for line := range strings.Lines(s.logs.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not one line: %s", line)
		}
	}
	if len(statuses) != 15 {
		t.Error("a code has no status")
	}
}

func TestErrorsInEachLanguage(t *testing.T) {
	s := serve(t, func(o *Options, _ *things) { o.Texts = nil })
	for _, tt := range []struct{ accept, lang string }{{"", "zh-CN"}, {"en-GB,zh;q=0.5", "en"}, {"fr, zh-TW", "zh-CN"}, {"fr", "zh-CN"}, {"en", "en"}} {
		g := s.ask(t, "POST", "/api/v1/things", "officer", `{"nmae":1}`, "Accept-Language: "+tt.accept)
		p := g.problem(t)
		if p.Title != web.Text(tt.lang, "error.invalid") || p.Errors[0].Message != web.Text(tt.lang, "rule.unknown") || g.header.Get("Content-Language") != tt.lang {
			t.Errorf("%s: %+v", tt.accept, p)
		}
		p = s.ask(t, "POST", "/api/v1/things/unknown/faults", "officer", "", "Accept-Language: "+tt.accept).problem(t)
		if !strings.Contains(p.Title, p.RequestID) || p.Detail != "" {
			t.Errorf("%s: %+v", tt.accept, p)
		}
	}
}

func TestErrorPages(t *testing.T) {
	s := serve(t, nil)
	html := "Accept: text/html,application/xhtml+xml"
	for _, tt := range []struct {
		method, path, as string
		status           int
	}{{"GET", "/nothing", "", 404}, {"GET", "/admin/secret", "officer", 403}, {"POST", "/healthz", "officer", 405}, {"GET", "/things?x=1", "viewer", 400}} {
		g := s.ask(t, tt.method, tt.path, tt.as, "", html)
		if g.status != tt.status || !strings.Contains(g.body, fmt.Sprintf("<h1>%d ", tt.status)) || g.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", tt.path, g.status, g.body)
		}
	}
	if g := s.ask(t, "GET", "/api/v1/nothing", "", "", html); g.header.Get("Content-Type") != problemType {
		t.Errorf("the API answers a browser with %s", g.header.Get("Content-Type"))
	}
	broken := serve(t, func(o *Options, _ *things) {
		o.Render = func(io.Writer, string, string, any) error { panic("template") }
	})
	for range 2 {
		if g := broken.ask(t, "GET", "/things", "viewer", "", html); g.status != 500 || g.header.Get("Content-Type") != problemType {
			t.Errorf("a broken template: %d %s", g.status, g.body)
		}
	}
}

// TestLeaks sends what cannot be understood, and looks for its own words and the program's in the answers (D15).
func TestLeaks(t *testing.T) {
	s := serve(t, nil)
	const mark = "MARKER7391"
	for _, raw := range []string{
		mark + "\r\n\r\n",
		"GET /" + mark + " HTTP/9.9\r\nHost: x\r\n\r\n",
		"GET /" + mark + " HTTP/1.1\r\nHost: x\r\n" + mark + "\r\n\r\n",
		"GET /" + mark + " HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat(mark, 5000) + "\r\n\r\n",
		"GET /" + mark + "<script> HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: " + mark + "\r\n\r\n",
		"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + mark,
		mark + " / HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /api/v1/things/%00" + mark + " HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		answers := s.raw(t, raw)
		if len(answers) != 1 || answers[0].status < 400 || answers[0].status >= 500 {
			t.Errorf("%.40q: %v", raw, answers)
			continue
		}
		g := answers[0]
		for _, word := range []string{mark, "fasthttp", "fiber", "goroutine", ".go:", "contents"} {
			if strings.Contains(g.body+fmt.Sprint(g.header), word) {
				t.Errorf("%.40q: %s in %s", raw, word, g.body)
			}
		}
		if p := g.problem(t); p.RequestID != g.header.Get("X-Request-Id") {
			t.Errorf("%.40q: %+v", raw, p)
		}
	}
	if strings.Contains(s.logs.String(), mark) {
		t.Error("the log has a request's own words")
	}
}

func TestMethods(t *testing.T) {
	s := serve(t, nil)
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"OPTIONS", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"TRACE", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"PUT", "/api/v1/things/1", 405, "GET, HEAD, PATCH, DELETE"},
		{"DELETE", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"PATCH", "/admin/secret", 405, "GET, HEAD"},
		{"PROPFIND", "/api/v1/things", 405, "GET, POST"},
		{"PROPFIND", "/nothing", 404, ""},
		{"get", "/healthz", 405, "GET"},
		{"TRACE", "/nothing", 404, ""},
		{"HEAD", "/healthz", 200, ""},
	} {
		answers := s.raw(t, tt.method+" "+tt.path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if tt.method == "HEAD" {
			g := s.ask(t, tt.method, tt.path, "", "")
			if g.status != tt.status || g.body != "" || g.header.Get("Content-Length") == "" {
				t.Errorf("HEAD: %+v", g)
			}
			continue
		}
		if len(answers) != 1 || answers[0].status != tt.status {
			t.Errorf("%s %s: %+v", tt.method, tt.path, answers)
			continue
		}
		have := strings.Split(answers[0].header.Get("Allow"), ", ")
		want := strings.Split(tt.allow, ", ")
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s %s: Allow %q", tt.method, tt.path, have)
		}
	}
	if n := s.things.reached.Load(); n != 0 {
		t.Errorf("%d handlers ran", n)
	}
}

// TestSpellings writes the paths of routes otherwise: none reaches a handler, whoever asks (C2).
func TestSpellings(t *testing.T) {
	s := serve(t, nil)
	variants := []string{
		"/%61dmin/secret", "/admin/%73ecret", "/admin%2fsecret", "/admin/secret/", "//admin/secret", "/admin//secret", "/./admin/secret",
		"/admin/./secret", "/x/../admin/secret", "/admin/secret/.", "/admin/secret/..", "/admin/secret;x", "/admin;x/secret", "/Admin/secret", "/ADMIN/SECRET",
		"/admin/secret%00", "/admin/secret%20", "/admin/secret%", "/admin\\secret", "\\admin/secret", "/admin/secret%09", "/admin/secret%2e", "/admin/secret.",
		"/admin/secret%3f", "/admin/secret%c0%ae", "/admin/secret%ff", "/admin/s%c3%a9cret", "admin/secret", "/api/v1/things/%2e%2e/1", "/api/v1/things/a%2fb", "/api/v1/things/%74", "/api/v1/things/",
	}
	for _, path := range variants {
		for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
			answers := s.raw(t, method+" "+path+" HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=admin\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n")
			if len(answers) != 1 || answers[0].status != 404 && answers[0].status != 400 && answers[0].status != 405 {
				t.Errorf("%s %s: %+v", method, path, answers)
			}
		}
	}
	if n := s.things.reached.Load(); n != 0 {
		t.Errorf("%d handlers ran", n)
	}
	if g := s.ask(t, "GET", "/admin/secret", "admin", ""); g.status != 200 {
		t.Errorf("control: %d", g.status)
	}
	if g := s.ask(t, "GET", "/api/v1/things/%E5%9B%9B%E5%B9%B3", "viewer", ""); g.status != 200 || !strings.Contains(g.body, "四平") {
		t.Errorf("a Chinese id: %d %s", g.status, g.body)
	}
	t.Logf("%d spellings x 4 methods, 0 handlers reached", len(variants))
}

// TestSmuggling sends requests that two readers could split differently: each gets one refusal, or is read one way and
// the connection is closed, so the second request inside never runs (D14).
func TestSmuggling(t *testing.T) {
	s := serve(t, nil)
	const inner = "GET /api/v1/things/smuggled HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=officer\r\n\r\n"
	post := func(header, body string) string {
		return "POST /api/v1/things/1/faults HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=officer\r\nSec-Fetch-Site: same-origin\r\n" + header + "\r\n" + body
	}
	n := len(inner)
	variants := map[string]string{
		"two lengths":                 post(fmt.Sprintf("Content-Length: 0\r\nContent-Length: %d\r\n", n), inner),
		"two lengths, other order":    post(fmt.Sprintf("Content-Length: %d\r\nContent-Length: 0\r\n", n), inner),
		"two equal lengths":           post(fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n", n, n), inner),
		"list of lengths":             post(fmt.Sprintf("Content-Length: 0, %d\r\n", n), inner),
		"length and chunked":          post(fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", n+5), "0\r\n\r\n"+inner),
		"chunked and length":          post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"+inner),
		"space before the colon":      post("Content-Length : 4\r\n", inner),
		"chunked, space before colon": post("Transfer-Encoding : chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner),
		"plus sign":                   post("Content-Length: +4\r\n", inner),
		"negative":                    post("Content-Length: -1\r\n", inner),
		"hexadecimal":                 post("Content-Length: 0x4\r\n", inner),
		"too long a number":           post("Content-Length: 18446744073709551617\r\n", inner),
		"inner space":                 post("Content-Length: 1 0\r\n", inner),
		"xchunked":                    post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"+inner),
		"identity":                    post("Transfer-Encoding: identity\r\nContent-Length: 0\r\n", inner),
		"two encodings":               post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"+inner),
		"gzip, chunked":               post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"+inner),
		"vertical tab":                post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"+inner),
		"folded":                      post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"+inner),
		"bare CR":                     post("A: b\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"+inner),
		"NUL":                         post("Content-Length\x00: 4\r\n", inner),
		"no name":                     post(": x\r\n", inner),
		"two hosts":                   post("Host: evil\r\n", inner),
		"bad chunk":                   post("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n"+inner),
		"chunk with a sign":           post("Transfer-Encoding: chunked\r\n", "+0\r\n\r\n"+inner),
		"chunk with no end":           post("Transfer-Encoding: chunked\r\n", "1\r\nAB\r\n0\r\n\r\n"+inner),
		"chunk too long":              post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n\r\n"+inner),
		"bare LF in a chunk":          post("Transfer-Encoding: chunked\r\n", "0\n\n"+inner),
		"space before the header":     "POST /api/v1/things HTTP/1.1\r\n Host: x\r\nContent-Length: 4\r\n\r\n" + inner,
		"a body for GET":              fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", n, inner),
	}
	if len(variants) < 25 {
		t.Fatal(len(variants))
	}
	for name, raw := range variants {
		before := s.things.reached.Load()
		answers := s.raw(t, raw)
		if len(answers) > 1 {
			t.Errorf("%s: %d answers: %+v", name, len(answers), answers)
		}
		for _, g := range answers {
			if strings.Contains(g.body, "smuggled") {
				t.Errorf("%s: the inner request ran", name)
			}
		}
		if slices.Contains(s.things.kept, "smuggled") || s.things.reached.Load() > before+1 {
			t.Fatalf("%s: the inner request ran", name)
		}
	}
	if got := s.raw(t, inner+inner); len(got) != 2 || got[1].status != 200 {
		t.Errorf("control: two good requests get %d answers", len(got))
	}
	t.Logf("%d variants, 0 desynchronised", len(variants))
}

func TestSlowClients(t *testing.T) {
	s := serve(t, func(o *Options, _ *things) { o.HeaderTime, o.BodyTime = 80*time.Millisecond, 120*time.Millisecond })
	for name, raw := range map[string]string{
		"half a header":  "GET /healthz HT",
		"half a line":    "GET /healthz HTTP/1.1\r\nHos",
		"half a body":    "POST /api/v1/things HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=officer\r\nSec-Fetch-Site: none\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
		"half a chunk":   "POST /api/v1/things HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=officer\r\nSec-Fetch-Site: none\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
		"half an upload": "POST /api/v1/things/1/faults HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=officer\r\nSec-Fetch-Site: none\r\nContent-Length: 500000\r\n\r\n{",
	} {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := io.WriteString(c, raw); err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		b, err := io.ReadAll(c)
		c.Close()
		if err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("%s: open for %v: %v", name, time.Since(began), err)
		}
		if !strings.HasPrefix(string(b), "HTTP/1.1 408 ") && !strings.HasPrefix(string(b), "HTTP/1.1 413 ") {
			t.Errorf("%s: %.80q", name, b)
		}
	}
}
