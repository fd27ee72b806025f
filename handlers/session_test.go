package handlers

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"qunxian/app"
	"qunxian/schemas"
)

func TestWhoMay(t *testing.T) {
	s := serve(t, nil)
	key := func(k string) string { return "Authorization: Bearer " + k }
	for _, tt := range []struct {
		name, method, path, as string
		line                   string
		want                   int
	}{
		{"nobody", "GET", "/api/v1/things", "", "", 401},
		{"unknown token", "GET", "/api/v1/things", "stolen", "", 401},
		{"role", "GET", "/api/v1/things", "viewer", "", 200},
		{"other role", "GET", "/api/v1/things", "firm", "", 403},
		{"admin is not officer", "GET", "/api/v1/things", "admin", "", 403},
		{"anyone", "GET", "/sign-in", "", "", 200},
		{"anyone with an old token", "GET", "/sign-in", "stolen", "", 200},
		{"read key", "GET", "/api/v1/things", "", key("tlt_1_read"), 200},
		{"read key writes", "POST", "/api/v1/things/not_found/faults", "", key("tlt_1_read"), 403},
		{"write key", "POST", "/api/v1/things/not_found/faults", "", key("tlt_2_write"), 404},
		{"write key reads", "GET", "/api/v1/things", "", key("tlt_2_write"), 200},
		{"write key at admin's", "DELETE", "/api/v1/things/1", "", key("tlt_3_write"), 403},
		{"admin key", "DELETE", "/api/v1/things/1", "", key("tlt_4_admin"), 204},
		{"unknown key", "GET", "/api/v1/things", "", key("tlt_9_x"), 401},
		{"unknown key and a cookie", "GET", "/api/v1/things", "viewer", key("tlt_9_x"), 401},
		{"key as Basic", "GET", "/api/v1/things", "viewer", "Authorization: Basic eDp5", 401},
		{"key in the query", "GET", "/api/v1/things?key=tlt_1_read", "", "", 401},
		{"token as a key", "GET", "/api/v1/things", "", key("stolen"), 401},
	} {
		var lines []string
		if tt.line != "" {
			lines = []string{tt.line}
		}
		g := s.ask(t, tt.method, tt.path, tt.as, "", lines...)
		if g.status != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, g.status, tt.want, g.body)
		}
		if g.status == 401 && g.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: no challenge", tt.name)
		}
	}
	auditors := Who{said: true, auditor: true}
	for _, marked := range []bool{false, true} {
		u := someone(schemas.Reader)
		u.Auditor = marked
		x := exchange{route: &Route{Method: "GET", Who: auditors}, actor: app.Actor{User: u}}
		if (x.may(nil) == nil) != marked {
			t.Errorf("auditor %v: %v", marked, x.may(nil))
		}
	}
}

func TestSignInPage(t *testing.T) {
	s := serve(t, nil)
	html := "Accept: text/html"
	g := s.ask(t, "GET", "/things?tier=A&q=%E5%BC%A0", "", "", html)
	if to := g.header.Get("Location"); g.status != 303 || to != "/sign-in?next="+url.QueryEscape("/things?tier=A&q=%E5%BC%A0") {
		t.Errorf("%d %s", g.status, to)
	}
	if g := s.ask(t, "GET", "/things", "", "", html, "HX-Request: true"); g.status != 401 || g.header.Get("HX-Redirect") != "/sign-in?next=%2Fthings" {
		t.Errorf("%d %v", g.status, g.header)
	}
	if g := s.ask(t, "POST", "/things", "", "name=x", html, "Content-Type: application/x-www-form-urlencoded"); g.status != 401 {
		t.Errorf("a form: %d", g.status)
	}
	if g := s.ask(t, "GET", "/admin/secret", "viewer", "", html); g.status != 403 {
		t.Errorf("403 leads to signing in: %d", g.status)
	}
	kind := "Content-Type: application/x-www-form-urlencoded"
	g = s.ask(t, "POST", "/sign-in", "", "name=officer&next=%2Fthings", kind)
	cookie := g.header.Get("Set-Cookie")
	if g.status != 303 || g.header.Get("Location") != "/things" || !strings.HasPrefix(cookie, "__Host-sid=token-of-officer; ") {
		t.Fatalf("%d %v", g.status, g.header)
	}
	for _, flag := range []string{"path=/", "HttpOnly", "secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, flag) {
			t.Errorf("%s lacks %s", cookie, flag)
		}
	}
	if strings.Contains(strings.ToLower(cookie), "domain") {
		t.Error(cookie)
	}
	g = s.ask(t, "POST", "/sign-in", "officer", "name=out", kind)
	if c := g.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-sid=; ") || !strings.Contains(c, "1970") && !strings.Contains(c, "2009") {
		t.Errorf("signing out leaves %s", c)
	}
	if g.header.Get("Clear-Site-Data") == "" {
		t.Error("no Clear-Site-Data")
	}
}

func TestSafeNext(t *testing.T) {
	for _, bad := range []string{
		"", "things", "//evil", "///evil", "/\\evil", "\\\\evil", "/%5Cevil", "/%09/evil", "/\t/evil", "/\n/evil", "https://evil", "HTTPS:evil", "javascript:alert(1)",
		"/%2F/evil", "/%2fevil", "http:/evil", "//evil@x", "/a\\b", " /x", "/x y", "/\x00", "/%00", "data:text/html,x", "?next=//evil", "/" + strings.Repeat("a", 2001),
	} {
		if got := safeNext(bad); got != "/" {
			t.Errorf("%q leads to %q", bad, got)
		}
	}
	for _, good := range []string{"/", "/things", "/things?tier=A&next=//x", "/talents/01J?tab=history#x", "/things?q=%E5%BC%A0"} {
		if got := safeNext(good); got != good {
			t.Errorf("%q leads to %q", good, got)
		}
	}
}

func TestOtherSitesMayNotWrite(t *testing.T) {
	s := serve(t, func(o *Options, _ *things) { o.Origins = []string{"https://portal.example"} })
	host := strings.TrimPrefix(s.url, "http://")
	for _, tt := range []struct {
		name  string
		lines []string
		want  int
	}{
		{"same origin", []string{"Sec-Fetch-Site: same-origin"}, 404},
		{"typed", []string{"Sec-Fetch-Site: none"}, 404},
		{"cross site", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"same site", []string{"Sec-Fetch-Site: same-site"}, 403},
		{"odd", []string{"Sec-Fetch-Site: odd"}, 403},
		{"cross site with a good origin", []string{"Sec-Fetch-Site: cross-site", "Origin: http://" + host}, 403},
		{"origin", []string{"Sec-Fetch-Site: ", "Origin: http://" + host}, 404},
		{"other origin", []string{"Sec-Fetch-Site: ", "Origin: http://evil.example"}, 403},
		{"other port", []string{"Sec-Fetch-Site: ", "Origin: http://127.0.0.1:1"}, 403},
		{"null origin", []string{"Sec-Fetch-Site: ", "Origin: null"}, 403},
		{"trusted", []string{"Sec-Fetch-Site: cross-site", "Origin: https://portal.example"}, 404},
		{"nearly trusted", []string{"Sec-Fetch-Site: cross-site", "Origin: https://portal.example.evil"}, 403},
		{"neither", []string{"Sec-Fetch-Site: "}, 403},
		{"neither, with a key", []string{"Sec-Fetch-Site: ", "Authorization: Bearer tlt_2_write"}, 404},
		{"cross site, with a key", []string{"Sec-Fetch-Site: cross-site", "Authorization: Bearer tlt_2_write"}, 403},
	} {
		for _, as := range []string{"officer", ""} {
			if as == "" && !strings.Contains(tt.name, "key") {
				continue
			}
			if g := s.ask(t, "POST", "/api/v1/things/not_found/faults", as, "", tt.lines...); g.status != tt.want {
				t.Errorf("%s: %d, want %d", tt.name, g.status, tt.want)
			}
		}
	}
	if g := s.ask(t, "GET", "/things", "viewer", "", "Sec-Fetch-Site: cross-site"); g.status != 200 {
		t.Errorf("a link from elsewhere: %d", g.status)
	}
}

func TestClientIP(t *testing.T) {
	lines := []string{
		"X-Forwarded-For: 9.9.9.9", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 9.9.9.9", "Forwarded: for=9.9.9.9", "X-Client-IP: 9.9.9.9", "True-Client-IP: 9.9.9.9",
		"CF-Connecting-IP: 9.9.9.9", "X-Cluster-Client-IP: 9.9.9.9", "X-Forwarded: 9.9.9.9", "Forwarded-For: 9.9.9.9", "X-Originating-IP: 9.9.9.9", "X-Remote-Addr: 9.9.9.9",
	}
	ip := func(proxies string, headers ...string) string {
		s := &Server{}
		for p := range strings.FieldsSeq(proxies) {
			s.Proxies = append(s.Proxies, netip.MustParsePrefix(p))
		}
		var rc fasthttp.RequestCtx
		rc.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(10, 0, 0, 7), Port: 1}, nil)
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			rc.Request.Header.Add(name, value)
		}
		return s.clientIP(&rc)
	}
	for _, line := range lines {
		if got := ip("", line); got != "10.0.0.7" {
			t.Errorf("%s: %s", line, got)
		}
	}
	for _, tt := range []struct {
		proxies string
		headers []string
		want    string
	}{
		{"10.0.0.0/8", []string{"X-Forwarded-For: 9.9.9.9"}, "9.9.9.9"},
		{"10.0.0.0/8", []string{"X-Forwarded-For: 1.1.1.1, 9.9.9.9"}, "9.9.9.9"},
		{"10.0.0.0/8", []string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 9.9.9.9, 10.1.1.1"}, "9.9.9.9"},
		{"10.0.0.0/8", []string{"X-Forwarded-For: 1.1.1.1, rubbish"}, "10.0.0.7"},
		{"10.0.0.0/8", []string{"X-Forwarded-For: 2001:db8::1"}, "2001:db8::1"},
		{"10.0.0.0/8", []string{"X-Real-IP: 9.9.9.9"}, "10.0.0.7"},
		{"192.168.0.0/16", []string{"X-Forwarded-For: 9.9.9.9"}, "10.0.0.7"},
	} {
		if got := ip(tt.proxies, tt.headers...); got != tt.want {
			t.Errorf("%v: %s", tt.headers, got)
		}
	}
}

func TestLimits(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	l := newLimits(map[string]Rate{"login": {3, time.Minute}})
	for i := range 3 {
		if err := l.take("login", "a", now); err != nil {
			t.Fatal(i, err)
		}
	}
	e, ok := l.take("login", "a", now).(*schemas.Error)
	if !ok || e.Code != schemas.TooMany || e.Retry != 20 {
		t.Fatalf("%+v", e)
	}
	if l.take("login", "b", now) != nil || l.take("read", "a", now) != nil {
		t.Error("others wait too")
	}
	if l.take("login", "a", now.Add(19*time.Second)) == nil {
		t.Error("too early")
	}
	if l.take("login", "a", now.Add(20*time.Second)) != nil {
		t.Error("still waiting")
	}
	if l.take("login", "a", now.Add(-24*time.Hour)) == nil {
		t.Error("a clock that is set back gives tokens")
	}
	if l.take("login", "a", now.Add(-24*time.Hour+20*time.Second)) != nil {
		t.Error("a clock that is set back takes tokens")
	}
	n := 0
	for range 100 {
		if l.take("login", "a", now.Add(365*24*time.Hour)) == nil {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d after a year", n)
	}
	l.most = 50
	for i := range 1000 {
		_ = l.take("read", fmt.Sprint(i), now)
	}
	if len(l.buckets) > 52 || l.order.Len() != len(l.buckets) {
		t.Errorf("%d buckets", len(l.buckets))
	}
	l.set("read", Rate{1, time.Hour})
	if _ = l.take("read", "z", now); l.take("read", "z", now) == nil {
		t.Error("a new limit is not in force")
	}
}

func TestTooManyRequests(t *testing.T) {
	s := serve(t, func(o *Options, _ *things) { o.Rates["read"] = Rate{2, time.Hour} })
	for _, as := range []string{"viewer", "officer", ""} {
		want := []int{200, 200, 429}
		if as == "" {
			want = []int{401, 401, 429}
		}
		for _, status := range want {
			g := s.ask(t, "GET", "/api/v1/things", as, "")
			if g.status != status || (g.header.Get("Retry-After") == "1800") != (status == 429) {
				t.Errorf("%q: %d, want %d %v", as, g.status, status, g.header)
			}
		}
	}
	s.Limit("read", Rate{1000, time.Second})
	if g := s.ask(t, "GET", "/healthz", "", ""); g.status != 200 {
		t.Errorf("another class waits too: %d", g.status)
	}
}

func TestNetwork(t *testing.T) {
	for ip, want := range map[string]string{"9.9.9.9": "9.9.9.9", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "::ffff:9.9.9.9": "::ffff:9.9.9.9", "": ""} {
		if got := network(ip); got != want {
			t.Errorf("%s: %s", ip, got)
		}
	}
}
