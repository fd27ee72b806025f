package handlers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"qunxian/schemas"
)

func TestStartRefuses(t *testing.T) {
	good := Route{"GET", "/x", "x", anyone, "Does.", health()}
	with := func(change func(*Route)) []Route { r := good; change(&r); return []Route{r} }
	for name, rows := range map[string][]Route{
		"no Who":           with(func(r *Route) { r.Who = Who{} }),
		"only limits":      with(func(r *Route) { r.Who = Who{}.limit("read") }),
		"no name":          with(func(r *Route) { r.Name = "" }),
		"no sentence":      with(func(r *Route) { r.Doc = "" }),
		"nothing to do":    with(func(r *Route) { r.Do = Endpoint{} }),
		"a wild card":      with(func(r *Route) { r.Path = "/*" }),
		"a trailing slash": with(func(r *Route) { r.Path = "/x/" }),
		"a method":         with(func(r *Route) { r.Method = "HEAD" }),
		"a class":          with(func(r *Route) { r.Who = anyone.limit("nothing") }),
		"a scope":          with(func(r *Route) { r.Who = anyone.scope("root") }),
		"a name not bound": with(func(r *Route) { r.Path = "/x/:id" }),
		"a name not in path": with(func(r *Route) {
			r.Do = do(func(context.Context, *oneThing) (struct{}, error) { return struct{}{}, nil })
		}),
		"a GET with a body": with(func(r *Route) {
			r.Do = do(func(context.Context, *createThing) (struct{}, error) { return struct{}{}, nil })
		}),
		"the same name": {good, {"POST", "/x", "x", anyone, "Does.", health()}},
		"hidden": {
			{"GET", "/x/:id", "a", anyone, "Does.", do(func(context.Context, *oneThing) (struct{}, error) { return struct{}{}, nil })},
			{"GET", "/x/new", "b", anyone, "Does.", health()},
		},
		"an unknown collection": with(func(r *Route) {
			r.Do = do(func(context.Context, *struct {
				L ListQuery `query:"*" of:"nothing"`
			},
			) (struct{}, error) {
				return struct{}{}, nil
			})
		}),
	} {
		if _, err := New(rowsOnly(rows), optionsOfTests(&logs{})); err == nil {
			t.Errorf("%s: started", name)
		}
	}
	if _, err := New(rowsOnly{good}, Options{}); err != nil {
		t.Errorf("control: %v", err)
	}
}

type rowsOnly []Route

func (r rowsOnly) Routes() []Route { return r }

func TestRouterHasOnlyTheTable(t *testing.T) {
	rows := (&things{}).Routes()
	build := func() *fiber.App {
		f := fiber.New()
		for _, r := range rows {
			f.Add(r.Method, r.Path, func(*fiber.Ctx) error { return nil })
			if r.Method == "GET" {
				f.Add("HEAD", r.Path, func(*fiber.Ctx) error { return nil })
			}
		}
		return f
	}
	if err := sameRoutes(build().GetRoutes(), rows); err != nil {
		t.Error(err)
	}
	more := build()
	more.Get("/back-door", func(*fiber.Ctx) error { return nil })
	used := build()
	used.Use("/admin", func(*fiber.Ctx) error { return nil })
	for _, f := range []*fiber.App{more, used, fiber.New()} {
		if sameRoutes(f.GetRoutes(), rows) == nil {
			t.Error("a router that differs was taken")
		}
	}
}

// TestReusedBuffers keeps what requests said while others use the same connections (A24).
func TestReusedBuffers(t *testing.T) {
	const conns, each = 64, 100
	changed := func(addr string, kept func() []string, path string) int {
		var wg sync.WaitGroup
		for i := range conns {
			wg.Go(func() {
				c, err := net.Dial("tcp", addr)
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				r := bufio.NewReader(c)
				for j := range each {
					fmt.Fprintf(c, "GET %sv%02d-%03d HTTP/1.1\r\nHost: x\r\nCookie: __Host-sid=viewer\r\n\r\n", path, i, j)
					res, err := http.ReadResponse(r, nil)
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, res.Body)
				}
			})
		}
		wg.Wait()
		want := map[string]bool{}
		for i := range conns {
			for j := range each {
				want[fmt.Sprintf("v%02d-%03d", i, j)] = true
			}
		}
		for _, v := range kept() {
			delete(want, v)
		}
		return len(want)
	}
	s := serve(t, nil)
	if n := changed(s.addr, func() []string { return s.things.kept }, "/api/v1/things/"); n != 0 {
		t.Errorf("%d of %d values changed", n, conns*each)
	}
	var mu sync.Mutex
	var kept []string
	f := fiber.New(fiber.Config{DisableStartupMessage: true})
	f.Get("/:v", func(c *fiber.Ctx) error {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, c.Params("v"))
		return nil
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = f.Listener(ln) }()
	n := changed(ln.Addr().String(), func() []string { return kept }, "/")
	_ = f.Shutdown()
	if n == 0 {
		t.Error("control: without Immutable nothing changed, so this test proves nothing")
	}
	t.Logf("0 of %d values changed; control without Immutable: %d", conns*each, n)
}

func TestPanics(t *testing.T) {
	s := serve(t, nil)
	for range 200 {
		g := s.ask(t, "POST", "/api/v1/things/panic/faults", "officer", "")
		if g.status != 500 || g.problem(t).RequestID == "" {
			t.Fatalf("%d %s", g.status, g.body)
		}
	}
	if g := s.ask(t, "GET", "/healthz", "", ""); g.status != 200 {
		t.Error("gone")
	}
	if !strings.Contains(s.logs.String(), "kernel_test.go") {
		t.Error("no stack in the log")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestUploads(t *testing.T) {
	s := serve(t, nil)
	send := func(fill func(*multipart.Writer), as string) got {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		fill(w)
		w.Close()
		return s.ask(t, "POST", "/api/v1/uploads", as, b.String(), "Content-Type: "+w.FormDataContentType())
	}
	put := func(w *multipart.Writer, field, name string, size int) {
		p, _ := w.CreateFormFile(field, name)
		_, _ = p.Write(bytes.Repeat([]byte("x"), size))
	}
	g := send(func(w *multipart.Writer) {
		_ = w.WriteField("note", "第一\r\n行")
		put(w, "file", "甲.xlsx", 1000)
		put(w, "file", `..\乙.csv`, 6<<20)
	}, "officer")
	if g.status != 200 || g.body != `{"file/乙.csv":6291456,"file/甲.xlsx":1000,"note:第一\n行":0}` {
		t.Errorf("%d %s", g.status, g.body)
	}
	for name, tt := range map[string]struct {
		fill func(*multipart.Writer)
		want string
	}{
		"file too large":  {func(w *multipart.Writer) { put(w, "file", "a", 8<<20+1) }, "413"},
		"whole too large": {func(w *multipart.Writer) { put(w, "file", "a", 7<<20); put(w, "file", "b", 7<<20) }, "413"},
		"text too large":  {func(w *multipart.Writer) { _ = w.WriteField("note", strings.Repeat("x", 65<<10)) }, "413"},
		"too many": {func(w *multipart.Writer) {
			for range maxParts + 1 {
				put(w, "file", "a", 1)
			}
		}, "400 /file max.items"},
		"unknown field": {func(w *multipart.Writer) { _ = w.WriteField("nto", "x") }, "400 /nto unknown"},
		"control":       {func(w *multipart.Writer) { _ = w.WriteField("note", "a\x00") }, "400 /note encoding"},
	} {
		if got := fault(t, send(tt.fill, "officer")); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	if g := s.ask(t, "POST", "/api/v1/uploads", "officer", "x", "Content-Type: multipart/form-data"); g.status != 415 {
		t.Errorf("no boundary: %d", g.status)
	}
	if g := s.ask(t, "POST", "/api/v1/uploads", "officer", "--b\r\nbroken", "Content-Type: multipart/form-data; boundary=b"); g.status != 400 {
		t.Errorf("cut off: %d", g.status)
	}
}

// TestManyLargeBodies posts far more than the limit from many clients at once (A9, short form).
func TestManyLargeBodies(t *testing.T) {
	s := serve(t, nil)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			body := io.LimitReader(zeros{}, 10<<20)
			req := must(http.NewRequest("POST", s.url+"/api/v1/things", body))
			if i%2 == 0 {
				req.ContentLength = 10 << 20
			}
			req.AddCookie(&http.Cookie{Name: sessionCookie, Value: "officer"})
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			res, err := (&http.Transport{}).RoundTrip(req)
			if err != nil {
				t.Errorf("%d: %v", i, err)
				return
			}
			res.Body.Close()
			if res.StatusCode != 413 {
				t.Errorf("%d: %d", i, res.StatusCode)
			}
		})
	}
	wg.Wait()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestPages(t *testing.T) {
	s := serve(t, nil)
	for _, tt := range []struct{ target, part string }{{"rows", "things#rows"}, {"tbody#rows", "things#rows"}, {"secret", "things# "}, {"", "things# "}} {
		if g := s.ask(t, "GET", "/things", "viewer", "", "HX-Request: true", "HX-Target: "+tt.target); !strings.Contains(g.body, tt.part) {
			t.Errorf("%s: %.60s", tt.target, g.body)
		}
	}
	g := s.ask(t, "POST", "/things", "officer", "name=x", "Content-Type: application/x-www-form-urlencoded")
	if g.status != 303 || g.header.Get("Location") != "/things?new=x" {
		t.Fatalf("%d %v", g.status, g.header)
	}
	message, _, _ := strings.Cut(g.header.Get("Set-Cookie"), ";")
	g = s.ask(t, "GET", "/things", "officer", "", "Cookie: "+sessionCookie+"=officer; "+message)
	if !strings.Contains(g.body, "Text:toast.saved Tone:green Undo:/api/v1/undo") {
		t.Errorf("no message: %s", g.body)
	}
	if !strings.Contains(g.header.Get("Set-Cookie"), flashCookie+"=;") {
		t.Errorf("the message stays: %s", g.header.Get("Set-Cookie"))
	}
	if g := s.ask(t, "GET", "/things", "officer", "", "Cookie: "+sessionCookie+"=officer; "+langCookie+"=en"); !strings.Contains(g.body, " en<") {
		t.Errorf("not in English: %s", g.body[len(g.body)-40:])
	}
}

func TestShutdown(t *testing.T) {
	th := &things{gate: make(chan struct{})}
	s, err := New(th, optionsOfTests(&logs{}))
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	site := &site{Server: s, things: th, addr: ln.Addr().String(), url: "http://" + ln.Addr().String()}
	const n = 20
	answers := make(chan got, n)
	for range n {
		go func() { answers <- site.ask(t, "POST", "/api/v1/things/gate/faults", "officer", "") }()
	}
	for th.reached.Load() < n { // until all of them wait at the gate
		runtime.Gosched()
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	if c, err := net.Dial("tcp", site.addr); err == nil {
		c.Close()
		t.Error("a new connection was taken")
	}
	close(th.gate)
	for range n {
		if g := <-answers; g.status != 204 {
			t.Errorf("in flight: %d", g.status)
		}
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestShutdownComesFirst(t *testing.T) {
	s, err := New(&things{}, optionsOfTests(&logs{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(ln); err != nil {
		t.Error(err)
	}
}

func TestHealth(t *testing.T) {
	s := serve(t, func(_ *Options, th *things) { th.gate = make(chan struct{}) })
	if g := s.ask(t, "GET", "/healthz", "", ""); g.status != 200 || g.body != `{"status":"ok"}` {
		t.Errorf("%d %s", g.status, g.body)
	}
	if g := s.ask(t, "GET", "/readyz", "", ""); g.status != 503 || strings.Contains(g.body, "10.0.0.5") || g.header.Get("Retry-After") != "5" {
		t.Errorf("%d %s", g.status, g.body)
	}
}

func TestAudit(t *testing.T) {
	var events []AuditEvent
	var fault error
	s := serve(t, func(o *Options, _ *things) {
		o.Audit = func(_ context.Context, e AuditEvent) error { events = append(events, e); return fault }
	})
	s.ask(t, "PATCH", "/api/v1/things/1", "officer", "{}", `If-Match: "7"`)
	s.ask(t, "PATCH", "/api/v1/things/2", "viewer", "{}", `If-Match: "7"`)
	s.ask(t, "GET", "/api/v1/things/3", "viewer", "")
	if len(events) != 2 || events[0].Code != "" || events[0].Params["id"] != "1" || events[1].Code != schemas.Forbidden || events[1].Route != "updateThing" {
		t.Errorf("%+v", events)
	}
	fault = errors.New("disk full")
	if g := s.ask(t, "PATCH", "/api/v1/things/1", "officer", "{}", `If-Match: "7"`); g.status != 500 || strings.Contains(g.body, "old") {
		t.Errorf("answered without its audit entry: %d %s", g.status, g.body)
	}
}

func TestAccessLog(t *testing.T) {
	s := serve(t, nil)
	s.ask(t, "GET", "/api/v1/things/secret-id?x=secret-query", "viewer", "", "User-Agent: secret-agent")
	s.ask(t, "GET", "/secret-path", "", "")
	log := s.logs.String()
	if strings.Contains(log, "secret") || strings.Contains(log, "viewer ") || strings.Contains(log, "127.0.0.1") {
		t.Error(log)
	}
	if !strings.Contains(log, `"route":"getThing","status":400`) || !strings.Contains(log, `"user":"id-viewer"`) {
		t.Error(log)
	}
}
