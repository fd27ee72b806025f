package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// thing is the noun of these tests.
type thing struct {
	schemas.Meta
	thingFields
}

type thingFields struct {
	Name       string            `json:"name" validate:"required,max=80"`
	Tier       string            `json:"tier,omitempty" validate:"omitempty,term=tier"`
	Kind       string            `json:"kind,omitempty" validate:"omitempty,oneof=red green"`
	Tags       []string          `json:"tags,omitempty" validate:"max=3,dive,required,max=8"`
	Count      int32             `json:"count,omitempty" validate:"min=0,max=9"`
	Share      float64           `json:"share,omitempty"`
	Since      schemas.Date      `json:"since,omitempty" validate:"omitempty,day"`
	At         schemas.Time      `json:"at,omitzero"`
	Parts      []part            `json:"parts,omitempty"`
	Place      place             `json:"place,omitzero"`
	Attributes map[string]any    `json:"attributes,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
}

type part struct {
	ID   string `json:"id"`
	Size int64  `json:"size,omitempty"`
}

type place struct {
	City   string `json:"city,omitempty"`
	Street string `json:"street,omitempty"`
}

// things are a table of routes that show every kind of endpoint.
type things struct {
	mu      sync.Mutex
	kept    []string
	reached atomic.Int64 // how often a handler ran
	gate    chan struct{}
}

type (
	listThings struct {
		List ListQuery `query:"*" of:"things"`
	}
	oneThing struct {
		ID string `path:"id"`
	}
	createThing struct {
		OpID string      `header:"Idempotency-Key"`
		Body thingFields `body:"json"`
	}
	updateThing struct {
		oneThing
		On    schemas.Date       `query:"effectiveOn"`
		Match version            `header:"If-Match" required:"true"`
		Body  Patch[thingFields] `body:"merge"`
	}
	uploadThings struct {
		Note   string  `form:"note"`
		Upload *Upload `body:"multipart"`
	}
	postThing struct {
		Name  string              `form:"name" required:"true"`
		Count int                 `form:"count"`
		Tick  bool                `form:"tick"`
		More  map[string][]string `form:"*"`
	}
	signIn struct {
		Name string `form:"name"`
		Next string `form:"next"`
	}
	thingPage struct{ Title string }
)

func (t *things) Routes() []Route {
	who := officer.or(viewer)
	return []Route{
		{"GET", "/healthz", "healthz", anyone.limit("probe"), "Tells that the process lives.", health()},
		{"GET", "/readyz", "readyz", anyone.limit("probe"), "Tells that the store answers.", ready(t.ready)},
		{"GET", "/assets/:hash/:name", "asset", anyone.limit("asset"), "Sends a file of the pages.", asset()},
		{"GET", "/api/v1/openapi.json", "apiDocument", anyone, "Sends this document.", apiDocument()},
		{"GET", "/api/v1/things", "listThings", who, "Lists things.", do(t.list)},
		{"POST", "/api/v1/things", "createThing", officer, "Makes a thing.", do(t.create).as(201)},
		{"GET", "/api/v1/things/:id", "getThing", who, "Gets a thing.", do(t.get)},
		{"PATCH", "/api/v1/things/:id", "updateThing", officer.audited(), "Changes a thing.", do(t.update)},
		{"DELETE", "/api/v1/things/:id", "deleteThing", admin.scope("admin"), "Deletes a thing.", do(t.remove)},
		{"POST", "/api/v1/things/:id/faults", "breakThing", officer, "Fails as its id says.", do(t.fault)},
		{"POST", "/api/v1/uploads", "uploadThings", officer.body(12 << 20).takes(20 * time.Second), "Takes files.", do(t.upload)},
		{"GET", "/api/v1/reports/:id", "exportThings", officer.limit("export"), "Sends a file.", file(t.report)},
		{"GET", "/admin/secret", "secretPage", admin, "Shows the secret.", page("secret", t.page)},
		{"GET", "/things", "thingsPage", who, "Shows things.", page("things", t.page).swaps("rows")},
		{"POST", "/things", "postThing", officer, "Makes a thing by a form.", formAgain("things", t.post, t.again)},
		{"GET", "/sign-in", "signInPage", anyone, "Asks who it is.", page("sign-in", t.page)},
		{"POST", "/sign-in", "signIn", anyone.limit("login"), "Begins a session.", form(t.signIn)},
	}
}

func (t *things) ready(context.Context) error {
	if t.gate != nil {
		return errors.New("dial tcp 10.0.0.5: refused user=root")
	}
	return nil
}

func (t *things) list(_ context.Context, in *listThings) (ListQuery, error) {
	t.reached.Add(1)
	return in.List, nil
}

func (t *things) get(_ context.Context, in *oneThing) (*thing, error) {
	t.reached.Add(1)
	t.mu.Lock()
	t.kept = append(t.kept, in.ID)
	t.mu.Unlock()
	d := &thing{thingFields: thingFields{Name: in.ID}}
	d.Version = 7
	return d, nil
}

func (t *things) create(ctx context.Context, in *createThing) (*thing, error) {
	t.reached.Add(1)
	reply(ctx).made("/api/v1/things/1")
	d := &thing{thingFields: in.Body}
	d.ID, d.Version = "1", 1
	return d, nil
}

func (t *things) update(_ context.Context, in *updateThing) (*thing, error) {
	t.reached.Add(1)
	if in.Match != 7 {
		return nil, &schemas.Error{Code: schemas.Precondition, Message: "error.changed", Version: 7}
	}
	d := &thing{thingFields: thingFields{Name: "old", Tags: []string{"a"}}}
	d.Version = 8
	return d, in.Body.Apply(&d.thingFields)
}

func (t *things) remove(context.Context, *oneThing) (struct{}, error) {
	t.reached.Add(1)
	return struct{}{}, nil
}

const secretText = "sqlite: open /var/lib/qunxian/db as root at 10.0.0.5"

func (t *things) fault(ctx context.Context, in *oneThing) (struct{}, error) {
	t.reached.Add(1)
	switch in.ID {
	case "panic":
		panic(secretText)
	case "slow":
		<-ctx.Done()
		return struct{}{}, fmt.Errorf("slow: %w", ctx.Err())
	case "gate":
		<-t.gate
		return struct{}{}, nil
	case "unknown":
		return struct{}{}, errors.New(secretText)
	case "joined":
		return struct{}{}, errors.Join(&schemas.Error{Code: schemas.Unavailable, Message: "error.unavailable", Retry: 5}, errors.New(secretText))
	}
	return struct{}{}, &schemas.Error{Code: schemas.Code(in.ID), Message: "error." + in.ID}
}

func (t *things) upload(_ context.Context, in *uploadThings) (map[string]int64, error) {
	t.reached.Add(1)
	sizes := map[string]int64{"note:" + in.Note: 0}
	in.Upload.Limit(8 << 20)
	for {
		p, err := in.Upload.Next()
		if errors.Is(err, io.EOF) {
			return sizes, nil
		}
		if err != nil {
			return nil, err
		}
		n, err := io.Copy(io.Discard, p)
		if err != nil {
			return nil, err
		}
		sizes[p.Field+"/"+p.Name] = n
	}
}

func (t *things) report(_ context.Context, in *oneThing) (*File, error) {
	t.reached.Add(1)
	return &File{Name: "报表 \"2026\"\r\n.csv", Type: "text/csv; charset=utf-8", Write: func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("a,b\r\n", 10_000))
		switch {
		case in.ID == "panic":
			panic(secretText)
		case in.ID == "fault":
			return errors.New(secretText)
		}
		return err
	}}, nil
}

func (t *things) page(context.Context, *struct{}) (thingPage, error) {
	t.reached.Add(1)
	return thingPage{strings.Repeat("长", 1000)}, nil
}

func (t *things) post(ctx context.Context, in *postThing) (string, error) {
	t.reached.Add(1)
	if in.Name == "bad" {
		return "", schemas.InvalidField("name", "required", "")
	}
	reply(ctx).tell("green", "/api/v1/undo", "toast.saved")
	return "/things?new=" + in.Name, nil
}

func (t *things) again(_ context.Context, in *postThing) (thingPage, error) {
	return thingPage{"again:" + in.Name}, nil
}

func (t *things) signIn(ctx context.Context, in *signIn) (string, error) {
	t.reached.Add(1)
	if in.Name == "out" {
		reply(ctx).signedOut()
	} else {
		reply(ctx).signIn("token-of-" + in.Name)
	}
	return in.Next, nil
}

// thingNames are what lists of things take.
type thingNames struct{}

func (thingNames) Filters(n string) bool {
	return n == "tier" || n == "tags" || strings.HasPrefix(n, "attributes.") || len(n) == 1
}
func (thingNames) Bounds(n string) bool { return n == "updatedAt" || n == "attributes.x" }
func (thingNames) Sorts(n string) bool  { return n == "updatedAt" || n == "name" }
func (thingNames) Shows(n string) bool  { return n == "name" || n == "tier" }

// people are users by the token of their session or the text of their key.
type people map[string]app.Actor

func (p people) find(token string) (app.Actor, error) {
	if a, ok := p[token]; ok {
		return a, nil
	}
	return app.Actor{}, &schemas.Error{Code: schemas.Unauthorized, Message: "error.sign_in"}
}

func (p people) BySession(_ context.Context, token, _ string) (app.Actor, error) {
	return p.find(token)
}
func (p people) ByKey(_ context.Context, key, _ string) (app.Actor, error) { return p.find(key) }

func someone(roles ...schemas.Role) *schemas.User {
	u := &schemas.User{UserFields: schemas.UserFields{Name: "u-" + string(roles[0]), Roles: roles}}
	u.ID = "id-" + string(roles[0])
	return u
}

var staffOfTests = people{
	"officer": {User: someone(schemas.Officer), Session: "s1"},
	"viewer":  {User: someone(schemas.Reader), Session: "s2"},
	"admin":   {User: someone(schemas.Admin), Session: "s3"},
	"firm":    {User: someone(schemas.Company), Session: "s4"},

	"tlt_1_read":  {User: someone(schemas.Officer), KeyID: "1", Scopes: []string{"read"}},
	"tlt_2_write": {User: someone(schemas.Officer), KeyID: "2", Scopes: []string{"write"}},
	"tlt_3_write": {User: someone(schemas.Admin), KeyID: "3", Scopes: []string{"read", "write"}},
	"tlt_4_admin": {User: someone(schemas.Admin), KeyID: "4", Scopes: []string{"admin"}},
}

// plainPages renders pages without templates.
func plainPages(w io.Writer, template, part string, view any) error {
	switch v := view.(type) {
	case web.View[ErrorPage]:
		_, err := fmt.Fprintf(w, "<h1>%d %s %s</h1>", v.Page.Status, v.Page.Title, v.Page.RequestID)
		return err
	case web.View[thingPage]:
		_, err := fmt.Fprintf(w, "<h1>%s#%s %s %v %+v %s</h1>", template, part, v.Page.Title, v.Frame.Errors, v.Frame.Flash, v.Frame.Lang)
		return err
	}
	return fmt.Errorf("no view of %T", view)
}

// keyTexts say the keys themselves, so that no wording can break a test.
type keyTexts struct{}

func (keyTexts) T(_, key string, _ ...any) string { return key }
func (keyTexts) Has(string) bool                  { return true }

// site is a running server.
type site struct {
	*Server
	things *things
	addr   string
	url    string
	logs   *logs
}

type logs struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func optionsOfTests(l *logs) Options {
	return Options{
		Auth: staffOfTests, Texts: keyTexts{}, Render: plainPages, Log: slog.New(slog.NewJSONHandler(l, nil)),
		Collection: func(name string) Collection {
			if name == "things" {
				return thingNames{}
			}
			return nil
		},
		Rates: map[string]Rate{"read": {1 << 30, time.Second}, "write": {1 << 30, time.Second}, "probe": {1 << 30, time.Second}, "export": {1 << 30, time.Second}, "login": {1 << 30, time.Second}},
	}
}

// serve starts the things on a port of the loopback; change may alter the options.
func serve(t testing.TB, change func(*Options, *things)) *site {
	t.Helper()
	l, th := &logs{}, &things{}
	o := optionsOfTests(l)
	if change != nil {
		change(&o, th)
	}
	s, err := New(th, o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return &site{s, th, ln.Addr().String(), "http://" + ln.Addr().String(), l}
}

type got struct {
	status int
	header http.Header
	body   string
}

func (g got) problem(t testing.TB) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal([]byte(g.body), &p); err != nil {
		t.Fatalf("no problem: %d %q", g.status, g.body)
	}
	return p
}

// ask sends a request as a user, with header lines such as "Accept: text/html".
func (s *site) ask(t testing.TB, method, path, as, body string, lines ...string) got {
	t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if as != "" {
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: as})
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return got{res.StatusCode, res.Header, string(b)}
}

// raw sends bytes and returns the answers that come until the server closes or stays silent.
func (s *site) raw(t testing.TB, bytes string) []got {
	t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, bytes); err != nil {
		t.Fatal(err)
	}
	if half, ok := c.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	var all []got
	r := bufio.NewReader(c)
	for {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return all
		}
		b, _ := io.ReadAll(res.Body)
		all = append(all, got{res.StatusCode, res.Header, string(b)})
	}
}
