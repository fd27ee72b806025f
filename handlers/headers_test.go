package handlers

import (
	"compress/gzip"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"qunxian/web"
)

func TestHeadersOnEveryAnswer(t *testing.T) {
	s := serve(t, nil)
	style, err := web.Asset("app.css")
	if err != nil {
		t.Fatal(err)
	}
	oversized := s.raw(t, "GET /healthz HTTP/1.1\r\nHost: x\r\nA: "+strings.Repeat("x", headerBytes)+"\r\n\r\n")
	malformed := s.raw(t, "what?\r\n\r\n")
	early := s.raw(t, "POST /api/v1/things HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
	if len(oversized) != 1 || len(malformed) != 1 || len(early) != 1 {
		t.Fatal(oversized, malformed, early)
	}
	answers := map[int]got{
		200: s.ask(t, "GET", "/healthz", "", ""),
		201: s.ask(t, "POST", "/api/v1/things", "officer", `{"name":"x"}`),
		204: s.ask(t, "DELETE", "/api/v1/things/1", "admin", ""),
		302: s.ask(t, "GET", "/things", "", "", "Accept: text/html"),
		303: s.ask(t, "POST", "/sign-in", "", "name=officer", "Content-Type: application/x-www-form-urlencoded"),
		400: malformed[0],
		401: s.ask(t, "GET", "/api/v1/things", "", ""),
		403: s.ask(t, "GET", "/admin/secret", "viewer", "", "Accept: text/html"),
		404: s.ask(t, "GET", "/nothing", "", ""),
		405: s.ask(t, "PUT", "/things", "", ""),
		412: s.ask(t, "PATCH", "/api/v1/things/1", "officer", "{}", `If-Match: "1"`),
		413: s.ask(t, "POST", "/api/v1/things", "officer", strings.Repeat("x", 3<<20)),
		417: early[0],
		431: oversized[0],
		500: s.ask(t, "POST", "/api/v1/things/panic/faults", "officer", ""),
		1:   s.ask(t, "GET", style, "", ""),
		2:   s.ask(t, "GET", "/api/v1/reports/1", "officer", ""),
		3:   s.ask(t, "GET", "/things", "viewer", "", "Accept: text/html"),
	}
	ids := map[string]bool{}
	for status, g := range answers {
		want := map[int]int{1: 200, 2: 200, 3: 200, 302: 303, 417: 413}[status]
		if want == 0 {
			want = status
		}
		if g.status != want {
			t.Errorf("%d: %d %s", status, g.status, g.body)
		}
		for _, h := range safetyHeaders {
			values := g.header.Values(h[0])
			own := status == 1 && h[0] == "Cache-Control" || status == 2 && h[0] == "Content-Security-Policy"
			if len(values) != 1 || values[0] != h[1] && !own {
				t.Errorf("%d: %s is %q", status, h[0], values)
			}
		}
		if id := g.header.Get("X-Request-Id"); len(id) != 20 || ids[id] {
			t.Errorf("%d: request id %q", status, id)
		} else {
			ids[id] = true
		}
		if g.header.Get("Server") != "" {
			t.Errorf("%d: Server %q", status, g.header.Get("Server"))
		}
	}
	if c := answers[2].header.Get("Content-Security-Policy"); c != "sandbox; default-src 'none'" {
		t.Errorf("a file has %q", c)
	}
	if c := answers[1].header.Get("Cache-Control"); c != "public, max-age=31536000, immutable" {
		t.Errorf("an asset has %q", c)
	}
	t.Logf("%d answers x %d headers, 0 missing", len(answers), len(safetyHeaders)+1)
}

// TestPolicies holds what the headers promise to words of this test: a weaker one would pass the test above.
func TestPolicies(t *testing.T) {
	have := map[string]string{}
	for _, h := range safetyHeaders {
		have[h[0]] = h[1]
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000",
	} {
		if have[name] != want {
			t.Errorf("%s: %q, want %q", name, have[name], want)
		}
	}
	policy := map[string]string{}
	for part := range strings.SplitSeq(have["Content-Security-Policy"], "; ") {
		name, value, _ := strings.Cut(part, " ")
		policy[name] = value
	}
	want := map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'", "connect-src": "'self'",
		"form-action": "'self'", "base-uri": "'none'", "object-src": "'none'", "frame-ancestors": "'none'",
	}
	if !maps.Equal(policy, want) {
		t.Errorf("policy %v, want %v", policy, want)
	}
}

func TestGzip(t *testing.T) {
	s := serve(t, nil)
	g := s.ask(t, "GET", "/things", "viewer", "", "Accept: text/html", "Accept-Encoding: br, gzip")
	r, err := gzip.NewReader(strings.NewReader(g.body))
	if err != nil || g.header.Get("Content-Encoding") != "gzip" || !slices.Contains(g.header.Values("Vary"), "Accept-Encoding") {
		t.Fatal(err, g.header)
	}
	plain, err := io.ReadAll(r)
	if err != nil || string(plain) != s.ask(t, "GET", "/things", "viewer", "").body {
		t.Error("the page differs when it is packed")
	}
	for _, accept := range []string{"identity", "gzip;q=0", "br"} {
		if g := s.ask(t, "GET", "/things", "viewer", "", "Accept-Encoding: "+accept); g.header.Get("Content-Encoding") != "" {
			t.Errorf("%s got gzip", accept)
		}
	}
}
