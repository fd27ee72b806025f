package handlers

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// Options are what a server needs; only Auth has no use of its own when it is absent.
type Options struct {
	Auth       Auth
	Texts      Texts                                                    // nil: those of web
	Render     func(w io.Writer, template, part string, view any) error // nil: that of web
	Frame      func(context.Context, *web.Frame)                        // completes the frame of a page: navigation, counts
	Collection func(name string) Collection                             // what lists of a noun take
	Audit      func(context.Context, AuditEvent) error                  // keeps the use of audited routes; an error refuses it
	Log        *slog.Logger                                             // nil: none
	Now        func() time.Time                                         // nil: the clock
	Rates      map[string]Rate                                          // limits that differ from Rates
	Proxies    []netip.Prefix                                           // whose X-Forwarded-For is believed; usually nobody's
	Origins    []string                                                 // other sites that may write, such as https://portal.example
	TLS        *tls.Config                                              // nil: plain HTTP
	Slots      int                                                      // open connections at once; 1000
	HeaderTime time.Duration                                            // to read a request's header; 5 s
	BodyTime   time.Duration                                            // to read its body; 15 s, or the route's own time
	WriteTime  time.Duration                                            // to send the answer; 30 s, or the route's own time
	IdleTime   time.Duration                                            // to wait for the next request; 60 s
	Deadline   time.Duration                                            // of a route that has none of its own; 5 s
}

// Sizes of what is read before a route is known or where it sets none.
const (
	headerBytes = 16 << 10
	firstBytes  = 64 << 10 // of a body, held by the connection; the rest is read as it is wanted
	usualBody   = 1 << 20
)

// Server answers the routes of a table, and nothing else.
type Server struct {
	Options
	rows   []Route
	fiber  *fiber.App
	handle fasthttp.RequestHandler
	http   *fasthttp.Server
	limits *limits

	document *Document

	mu    sync.Mutex
	doors []net.Listener
	over  bool
}

// New makes the server of a table. It refuses rows that are incomplete and a router that differs from them.
func New(table Table, o Options) (*Server, error) {
	s := &Server{Options: o, rows: table.Routes(), limits: newLimits(o.Rates)}
	s.defaults()
	if err := checkRows(s.rows); err != nil {
		return nil, err
	}
	// Immutable: without it Fiber's strings are the connection's buffer, and become the next request's.
	s.fiber = fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true, ErrorHandler: s.unrouted})
	for i := range s.rows {
		r := &s.rows[i]
		if !s.limits.has(r.class()) {
			return nil, fmt.Errorf("handlers: route %s counts in the unknown class %s", r.Name, r.class())
		}
		if list := r.Do.plan.list; list != nil && (s.Collection == nil || s.Collection(list.of) == nil) {
			return nil, fmt.Errorf("handlers: route %s lists the unknown collection %q", r.Name, list.of)
		}
		s.fiber.Add(r.Method, r.Path, s.serve(r))
		if r.Method == fiber.MethodGet {
			s.fiber.Add(fiber.MethodHead, r.Path, s.serve(r))
		}
	}
	s.handle = s.fiber.Handler()
	if err := sameRoutes(s.fiber.GetRoutes(), s.rows); err != nil {
		return nil, err
	}
	s.http = s.transport()
	var err error
	s.document, err = describe(s.rows)
	return s, err
}

func (s *Server) defaults() {
	or := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	or(&s.HeaderTime, 5*time.Second)
	or(&s.BodyTime, 15*time.Second)
	or(&s.WriteTime, 30*time.Second)
	or(&s.IdleTime, time.Minute)
	or(&s.Deadline, 5*time.Second)
	if s.Texts == nil {
		s.Texts = webTexts{}
	}
	if s.Render == nil {
		s.Render = renderWeb
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Slots == 0 {
		s.Slots = 1000
	}
}

// sameRoutes refuses a router that has a route without a row, or lacks one.
func sameRoutes(router []fiber.Route, rows []Route) error {
	var want, have []string
	for _, r := range rows {
		want = append(want, r.Method+" "+r.Path)
		if r.Method == fiber.MethodGet {
			want = append(want, "HEAD "+r.Path)
		}
	}
	for _, r := range router {
		have = append(have, r.Method+" "+r.Path)
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		return fmt.Errorf("handlers: the router has %q, the table %q", have, want)
	}
	return nil
}

// transport reads requests. It is our own rather than Fiber's, for what Fiber cannot set.
func (s *Server) transport() *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                      s.answer,
		ErrorHandler:                 s.malformed,
		HeaderReceived:               s.times,
		ExpectHandler:                s.expected,
		ReadTimeout:                  s.HeaderTime,
		WriteTimeout:                 s.WriteTime,
		IdleTimeout:                  s.IdleTime,
		ReadBufferSize:               headerBytes,
		MaxRequestBodySize:           firstBytes,
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		CloseOnShutdown:              true,
		SecureErrorLogMessage:        true,
		Logger:                       quiet{s.Log},
	}
}

// quiet keeps the transport's own words about broken connections for debugging.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, args ...any) {
	q.log.Debug("connection", slog.String("text", fmt.Sprintf(format, args...)))
}

// row finds the row for a request before the router does, for the times and sizes of reading it.
func (s *Server) row(method, path string) *Route {
	if method == fiber.MethodHead {
		method = fiber.MethodGet
	}
	for i := range s.rows {
		if r := &s.rows[i]; r.Method == method && matches(r.Path, path) {
			return r
		}
	}
	return nil
}

func (r *Route) size() int64 {
	switch {
	case !r.Do.plan.takesBody():
		return 0
	case r.Who.size > 0:
		return r.Who.size
	}
	return usualBody
}

func (s *Server) times(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() == 0 || h.ContentLength() == -2 {
		return fasthttp.RequestConfig{}
	}
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	own := time.Duration(0)
	if r := s.row(string(h.Method()), path); r != nil {
		own = r.Who.within
	}
	return fasthttp.RequestConfig{ReadTimeout: max(s.BodyTime, own), WriteTimeout: max(s.WriteTime, own)}
}

// expected answers Expect: 100-continue: a body that is too large need not be sent.
func (s *Server) expected(rc *fasthttp.RequestCtx) int {
	r := s.row(string(rc.Method()), string(rc.URI().PathOriginal()))
	if r != nil && int64(rc.Request.Header.ContentLength()) <= r.size() {
		return fasthttp.StatusContinue
	}
	x := s.begin(rc)
	x.route = r
	if r == nil {
		x.fail(rc, fiber.ErrNotFound)
	} else {
		x.fail(rc, tooLarge())
	}
	s.finish(rc, x)
	return rc.Response.StatusCode()
}

func (s *Server) now() time.Time { return s.Now() }

func (s *Server) collection(name string) Collection { return s.Collection(name) }

// begin starts an exchange.
func (s *Server) begin(rc *fasthttp.RequestCtx) *exchange {
	var id [10]byte
	_, _ = rand.Read(id[:])
	x := &exchange{server: s, began: time.Now(), id: hex.EncodeToString(id[:]), ip: s.clientIP(rc)}
	// Nobody is somebody too: a context without an actor would act as the product itself.
	x.ctx = app.WithActor(context.WithValue(context.Background(), exchangeKey{}, x), app.Actor{IP: x.ip})
	x.cancel = func() {}
	x.lang = x.language(rc)
	if theme := string(rc.Request.Header.Cookie(themeCookie)); theme == "dark" || theme == "light" {
		x.theme = theme
	}
	rc.SetUserValue(exchangeKey{}, x)
	return x
}

// answer answers one request.
func (s *Server) answer(rc *fasthttp.RequestCtx) {
	x := s.begin(rc)
	defer func() {
		if v := recover(); v != nil {
			x.fail(rc, &panicked{v, debug.Stack()})
		}
		s.finish(rc, x)
	}()
	switch {
	case folded(rc.Request.Header.RawHeaders()):
		x.fail(rc, &schemas.Error{Code: schemas.Invalid, Message: "error.malformed"})
		rc.SetConnectionClose()
	case !plainPath(string(rc.URI().PathOriginal())):
		x.fail(rc, fiber.ErrNotFound)
	case !slices.Contains(fiber.DefaultMethods, string(rc.Method())):
		s.otherMethod(rc, x)
	default:
		s.handle(rc)
	}
}

// folded reports whether a header goes on in a second line, which readers on the way may take differently.
func folded(header []byte) bool {
	return bytes.Contains(header, []byte("\n ")) || bytes.Contains(header, []byte("\n\t"))
}

// otherMethod answers a method that HTTP does not know as it does one that the route does not have.
func (s *Server) otherMethod(rc *fasthttp.RequestCtx, x *exchange) {
	var allow []string
	for _, m := range methods {
		if s.row(m, string(rc.URI().PathOriginal())) != nil {
			allow = append(allow, m)
		}
	}
	if allow == nil {
		x.fail(rc, fiber.ErrNotFound)
		return
	}
	rc.Response.Header.Set(fiber.HeaderAllow, strings.Join(allow, ", "))
	x.fail(rc, fiber.ErrMethodNotAllowed)
}

// unrouted answers what the router finds no row for.
func (s *Server) unrouted(c *fiber.Ctx, err error) error {
	exchangeOf(c.Context()).fail(c.Context(), err)
	return nil
}

// serve answers the requests of one row.
func (s *Server) serve(r *Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		x := exchangeOf(c.Context())
		x.route = r
		within := s.Deadline
		if r.Who.within > 0 {
			within = r.Who.within
		}
		ctx, cancel := context.WithTimeout(x.ctx, within)
		x.ctx, x.cancel = ctx, cancel
		defer func() {
			if !x.kept {
				cancel()
			}
		}()
		err := s.audited(c, x, s.run(c, x))
		if err != nil {
			x.fail(c.Context(), err)
		}
		return nil
	}
}

// run admits the request and runs its endpoint. A panic is an error like others.
func (s *Server) run(c *fiber.Ctx, x *exchange) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	if err := s.admit(c, x); err != nil {
		return err
	}
	return x.route.Do.serve(c, x)
}

// audited writes what happened to the audit log before it is answered; what cannot be written is refused.
func (s *Server) audited(c *fiber.Ctx, x *exchange, err error) error {
	if !x.route.Who.audit || s.Audit == nil {
		return err
	}
	e := AuditEvent{Route: x.route.Name, Request: x.id, Params: map[string]string{}}
	for _, slot := range x.route.Do.plan.slots {
		if slot.source == "path" {
			e.Params[slot.name] = x.param(c, slot.name)
		}
	}
	if err != nil {
		known, _ := understood(err)
		e.Code = known.Code
	}
	// The request's own deadline may be over: its audit entry is written all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.ctx), s.Deadline)
	defer cancel()
	if failed := s.Audit(ctx, e); failed != nil {
		x.drop(c.Context())
		return fmt.Errorf("handlers: audit: %w", failed)
	}
	return err
}

// drop closes an answer that will not be sent.
func (x *exchange) drop(rc *fasthttp.RequestCtx) {
	_ = rc.Response.CloseBodyStream()
	x.kept = false
}

// finish completes every answer and logs it: who asked for which route, never with what.
func (s *Server) finish(rc *fasthttp.RequestCtx, x *exchange) {
	x.answer.write(rc)
	h := &rc.Response.Header
	h.Set("X-Request-Id", x.id)
	secure(h)
	compress(rc)
	s.Log.Info("request", slog.String("request", x.id), slog.String("route", x.name()), slog.Int("status", rc.Response.StatusCode()),
		slog.Duration("took", time.Since(x.began)), slog.String("user", x.userID()))
}

// Document is the OpenAPI document of the table.
func (s *Server) Document() *Document { return s.document }

// Limit changes the limit of a class of routes while requests are served.
func (s *Server) Limit(class string, r Rate) { s.limits.set(class, r) }

// Serve answers on a listener until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	ln = newGuard(ln, s.Slots, s.Log)
	s.mu.Lock()
	s.doors = append(s.doors, ln)
	over := s.over
	s.mu.Unlock()
	if over {
		return ln.Close()
	}
	if s.TLS != nil {
		ln = tls.NewListener(ln, s.TLS)
	}
	return s.http.Serve(ln)
}

// Shutdown refuses new connections, those of a Serve that begins later too, and waits until those requests that run
// are answered, or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.over = true
	doors := s.doors
	s.mu.Unlock()
	for _, ln := range doors {
		_ = ln.Close()
	}
	err := s.http.ShutdownWithContext(ctx)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// health answers as long as the process lives.
func health() Endpoint {
	return do(func(context.Context, *struct{}) (Health, error) { return Health{"ok"}, nil })
}

// ready answers whether requests can be served: whether the store answers.
func ready(check func(context.Context) error) Endpoint {
	return do(func(ctx context.Context, _ *struct{}) (Health, error) {
		if err := check(ctx); err != nil {
			return Health{}, fmt.Errorf("%w: %w", &schemas.Error{Code: schemas.Unavailable, Message: "error.unavailable", Retry: 5}, err)
		}
		return Health{"ok"}, nil
	})
}

// Health is what a probe reads.
type Health struct {
	Status string `json:"status"`
}
