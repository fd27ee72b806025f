package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qunxian/schemas"
	"qunxian/web"
)

// Texts are the words of answers, by language and key.
type Texts interface {
	T(lang, key string, args ...any) string
	Has(key string) bool
}

type webTexts struct{}

func (webTexts) T(lang, key string, args ...any) string { return web.Text(lang, key, args...) }
func (webTexts) Has(key string) bool                    { return web.HasText(key) }

var statuses = map[schemas.Code]int{
	schemas.Invalid:      fiber.StatusBadRequest,
	schemas.Unauthorized: fiber.StatusUnauthorized,
	schemas.Forbidden:    fiber.StatusForbidden,
	schemas.NotFound:     fiber.StatusNotFound,
	schemas.Method:       fiber.StatusMethodNotAllowed,
	schemas.Timeout:      fiber.StatusRequestTimeout,
	schemas.Conflict:     fiber.StatusConflict,
	schemas.Precondition: fiber.StatusPreconditionFailed,
	schemas.NeedVersion:  fiber.StatusPreconditionRequired,
	schemas.TooLarge:     fiber.StatusRequestEntityTooLarge,
	schemas.Unsupported:  fiber.StatusUnsupportedMediaType,
	schemas.TooMany:      fiber.StatusTooManyRequests,
	schemas.Unavailable:  fiber.StatusServiceUnavailable,
	schemas.StorageFull:  fiber.StatusInsufficientStorage,
	schemas.Internal:     fiber.StatusInternalServerError,
}

// Problem is the body of every error: RFC 9457, with the code that a client acts on.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail,omitempty"`
	Code      schemas.Code   `json:"code"`
	RequestID string         `json:"requestId"`
	Version   int64          `json:"version,omitempty"` // the stored one, where a stale one was sent
	Errors    []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one field that breaks a rule. Pointer is a JSON pointer into the body, or a slash and the name of a
// parameter.
type ProblemField struct {
	Pointer string `json:"pointer"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

// ErrorPage is what the page template "error" shows.
type ErrorPage struct {
	Problem
	Retry int // seconds after which to try again, or 0
}

const problemType = "application/problem+json"

// panicked is a panic as an error.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// understood is an error as its reader may see it, with its status. What is not known is internal.
func understood(err error) (*schemas.Error, int) {
	var known *schemas.Error
	var framework *fiber.Error
	var header *fasthttp.ErrSmallBuffer
	var network net.Error
	code, status := schemas.Internal, 0
	switch {
	case errors.As(err, &known):
		if status = statuses[known.Code]; status != 0 {
			return known, status
		}
	case errors.As(err, &framework):
		switch framework.Code {
		case fiber.StatusNotFound:
			code = schemas.NotFound
		case fiber.StatusMethodNotAllowed:
			code = schemas.Method
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		code = schemas.Timeout
	case errors.Is(err, context.Canceled):
		code = schemas.Unavailable
	case errors.As(err, &header):
		code, status = schemas.TooLarge, fiber.StatusRequestHeaderFieldsTooLarge
	}
	if status == 0 {
		status = statuses[code]
	}
	return &schemas.Error{Code: code, Message: "error." + string(code)}, status
}

// words are the title and the further explanation of an error; the latter may be "".
func (x *exchange) words(e *schemas.Error) (title, detail string) {
	key := "error." + string(e.Code)
	switch {
	case e.Code == schemas.Internal:
		return x.say(key, x.id), ""
	case x.server.Texts.Has(key):
		title = x.say(key)
	default:
		title = http.StatusText(statuses[e.Code])
	}
	if e.Message != key && x.server.Texts.Has(e.Message) {
		detail = x.say(e.Message, e.Args...)
	}
	return title, detail
}

// rule is the text of a broken rule.
func (x *exchange) rule(f schemas.FieldError) string {
	key := "rule." + f.Rule
	switch {
	case !x.server.Texts.Has(key):
		return x.say("rule.other", f.Rule)
	case f.Param == "":
		return x.say(key)
	}
	return x.say(key, f.Param)
}

func (x *exchange) problem(e *schemas.Error, status int) Problem {
	p := Problem{Type: "urn:qunxian:" + string(e.Code), Status: status, Code: e.Code, RequestID: x.id, Version: e.Version}
	p.Title, p.Detail = x.words(e)
	for _, f := range e.Fields {
		pointer := ""
		if f.Field != "" {
			pointer = "/" + f.Field
		}
		p.Errors = append(p.Errors, ProblemField{pointer, f.Rule, x.rule(f)})
	}
	return p
}

// fail is the only place that turns an error into an answer.
func (x *exchange) fail(rc *fasthttp.RequestCtx, err error) {
	e, status := understood(err)
	if status >= 500 {
		x.server.Log.Error("request failed", slog.String("request", x.id), slog.String("route", x.name()), slog.String("user", x.userID()), slog.Any("error", err))
	}
	allow := string(rc.Response.Header.Peek(fiber.HeaderAllow))
	rc.Response.Reset()
	h := &rc.Response.Header
	if allow != "" {
		h.Set(fiber.HeaderAllow, allow)
	}
	x.answer = answer{status: status, retry: e.Retry, cookies: x.answer.cookies}
	if e.Code == schemas.TooLarge {
		rc.SetConnectionClose()
		linger(rc.Conn())
	}
	if e.Code == schemas.Unauthorized && x.signInFirst(rc) {
		return
	}
	if e.Code == schemas.Unauthorized {
		h.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	if x.route == nil && status < 500 {
		_ = x.server.identify(rc, x) // for the page's frame and language only
	}
	p := x.problem(e, status)
	if x.wantsPage(rc) {
		page, failed := x.errorPage(rc, ErrorPage{p, e.Retry})
		if failed == nil {
			h.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
			rc.Response.SetBodyRaw(page)
			return
		}
		x.server.Log.Error("error page failed", slog.String("request", x.id), slog.Any("error", failed))
	}
	body, _ := json.Marshal(p) // strings and numbers: it cannot fail
	h.SetContentType(problemType)
	h.Set(fiber.HeaderContentLanguage, x.lang)
	rc.Response.SetBodyRaw(body)
}

// errorPage renders the page of an error; a fault of its own is no panic.
func (x *exchange) errorPage(rc *fasthttp.RequestCtx, content ErrorPage) (page []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	var b bytes.Buffer
	err = x.server.Render(&b, "error", "", web.View[ErrorPage]{Frame: x.frame(rc), Page: content})
	return b.Bytes(), err
}

// signInFirst sends a browser that asks for a page to the sign-in page, which leads back.
func (x *exchange) signInFirst(rc *fasthttp.RequestCtx) bool {
	if x.route == nil || x.route.Method != "GET" || x.route.Who.open || !x.wantsPage(rc) {
		return false
	}
	to := "/sign-in?next=" + url.QueryEscape(safeNext(string(rc.URI().RequestURI())))
	if string(rc.Request.Header.Peek("HX-Request")) == "true" {
		rc.Response.Header.Set("HX-Redirect", to)
		return true // with the 401 that fail has set
	}
	x.answer.status, x.answer.at = fiber.StatusSeeOther, to
	return true
}

func (x *exchange) name() string {
	if x.route == nil {
		return ""
	}
	return x.route.Name
}

// malformed answers what could not be read as a request, without a word of it.
func (s *Server) malformed(rc *fasthttp.RequestCtx, err error) {
	x := s.begin(rc)
	e, status := understood(err)
	if e.Code == schemas.Internal {
		e = &schemas.Error{Code: schemas.Invalid, Message: "error.malformed"}
		status = fiber.StatusBadRequest
	}
	rc.Response.Reset()
	body, _ := json.Marshal(x.problem(e, status))
	rc.Response.Header.SetContentType(problemType)
	rc.Response.SetBodyRaw(body)
	x.answer.status = status
	linger(rc.Conn())
	s.finish(rc, x)
}

// retryAfter is whole seconds, at least one.
func retryAfter(seconds float64) int { return max(1, int(seconds+0.999)) }
