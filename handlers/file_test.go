package handlers

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestDownloads(t *testing.T) {
	s := serve(t, nil)
	g := s.ask(t, "GET", "/api/v1/reports/1", "officer", "", "Sec-Fetch-Site: none")
	if g.status != 200 || len(g.body) != 50_000 || g.header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Errorf("%d, %d bytes, %v", g.status, len(g.body), g.header)
	}
	if d := g.header.Get("Content-Disposition"); d != `attachment; filename="__ _2026_.csv"; filename*=UTF-8''%E6%8A%A5%E8%A1%A8%20%222026%22.csv` {
		t.Error(d)
	}
	if g := s.ask(t, "HEAD", "/api/v1/reports/1", "officer", ""); g.status != 200 || g.body != "" {
		t.Errorf("HEAD: %d", g.status)
	}
	for _, id := range []string{"fault", "panic"} {
		req := must(http.NewRequest("GET", s.url+"/api/v1/reports/"+id, nil))
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: "officer"})
		res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(res.Body); err == nil {
			t.Errorf("%s: a broken download looks whole", id)
		}
		res.Body.Close()
	}
	if g := s.ask(t, "GET", "/healthz", "", ""); g.status != 200 {
		t.Error("gone")
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"a.pdf": "a.pdf", "../../etc/passwd": "passwd", `C:\x\简历.docx`: "简历.docx", "a\r\nSet-Cookie: x": "aSet-Cookie: x", "\u202efdp.exe": "fdp.exe",
		"": "file", "..": "file", "/": "file", "a\x00b": "ab", strings.Repeat("长", 100): strings.Repeat("长", 66), "\xff": "_",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q is %q", name, got)
		}
	}
}
