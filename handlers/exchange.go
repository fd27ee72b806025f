package handlers

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// exchange is one request as the kernel knows it, and what its answer holds beside the body.
type exchange struct {
	server *Server
	route  *Route // nil until one is found
	began  time.Time
	id     string
	ip     string
	lang   string
	theme  string
	actor  app.Actor
	bearer bool
	answer answer
	ctx    context.Context
	cancel context.CancelFunc
	sent   []byte // what a request with an Idempotency-Key asks for
	kept   bool   // the body still runs when the handler has returned: it cancels
}

type exchangeKey struct{}

func exchangeOf(rc *fasthttp.RequestCtx) *exchange {
	x, _ := rc.UserValue(exchangeKey{}).(*exchange)
	return x
}

// reply is what an endpoint may say beside what it returns.
func reply(ctx context.Context) *answer { return &exchangeIn(ctx).answer }

func exchangeIn(ctx context.Context) *exchange { return ctx.Value(exchangeKey{}).(*exchange) }

// answer is the status, headers and cookies that an endpoint asks for.
type answer struct {
	status  int
	at      string
	version int64
	retry   int
	signOut bool
	cookies []*fasthttp.Cookie
}

// as sets the status of a success.
func (a *answer) as(status int) { a.status = status }

// made answers 201 and names where the new thing is.
func (a *answer) made(path string) { a.status, a.at = fiber.StatusCreated, path }

// accepted answers 202 and names the job that goes on, to be asked again after so many seconds.
func (a *answer) accepted(path string, seconds int) {
	a.status, a.at, a.retry = fiber.StatusAccepted, path, seconds
}

// tag sets the ETag; documents have theirs without it.
func (a *answer) tag(version int64) { a.version = version }

// Names of the cookies. A __Host- cookie is bound to this host, to TLS and to the path /.
const (
	sessionCookie = "__Host-sid"
	langCookie    = "__Host-lang"
	themeCookie   = "__Host-theme"
	flashCookie   = "__Host-flash"
)

// signIn gives the browser a session's token.
func (a *answer) signIn(token string) { a.cookie(sessionCookie, token, 0) }

// signedOut takes the session from the browser, with all that it kept of the pages.
func (a *answer) signedOut() {
	a.cookie(sessionCookie, "", -1)
	a.signOut = true
}

// prefers remembers a language or theme for a year; "" forgets it.
func (a *answer) prefers(cookie, value string) {
	age := 365 * 24 * time.Hour
	if value == "" {
		age = -1
	}
	a.cookie(cookie, value, age)
}

// flash is a message that the next page shows.
type flash struct {
	Key  string   `json:"k"`
	Tone string   `json:"t,omitempty"`
	Args []string `json:"a,omitempty"`
	Undo string   `json:"u,omitempty"`
}

// tell shows a text on the next page, with a path to post to for undoing what was done, or "".
func (a *answer) tell(tone, undo, key string, args ...string) {
	b, _ := json.Marshal(flash{key, tone, args, undo}) // strings: it cannot fail
	a.cookie(flashCookie, base64.RawURLEncoding.EncodeToString(b), time.Minute)
}

// cookie sets one; an age of 0 lasts as long as the browser runs, a negative one removes it.
func (a *answer) cookie(name, value string, age time.Duration) {
	c := &fasthttp.Cookie{}
	c.SetKey(name)
	c.SetValue(value)
	c.SetPath("/")
	c.SetSecure(true)
	c.SetHTTPOnly(true)
	c.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	switch {
	case age > 0:
		c.SetMaxAge(int(age / time.Second))
	case age < 0:
		c.SetExpire(fasthttp.CookieExpireDelete)
	}
	a.cookies = append(a.cookies, c)
}

// write puts the answer into the response.
func (a *answer) write(rc *fasthttp.RequestCtx) {
	h := &rc.Response.Header
	if a.status != 0 {
		rc.SetStatusCode(a.status)
	}
	if a.at != "" {
		h.Set(fiber.HeaderLocation, a.at)
	}
	if a.version > 0 {
		h.Set(fiber.HeaderETag, fmt.Sprintf("%q", fmt.Sprint(a.version)))
	}
	if a.retry > 0 {
		h.Set(fiber.HeaderRetryAfter, fmt.Sprint(a.retry))
	}
	if a.signOut {
		h.Set("Clear-Site-Data", `"cache", "storage"`)
	}
	for _, c := range a.cookies {
		h.SetCookie(c)
	}
}

// param is a value of the path, its percent encoding undone.
func (x *exchange) param(c *fiber.Ctx, name string) string {
	text, _ := decode(strings.ReplaceAll(c.Params(name), "+", "%2B"))
	return text
}

// language is the one asked for: the reader's own choice first, then the program's or browser's, then the user's.
func (x *exchange) language(rc *fasthttp.RequestCtx) string {
	user := ""
	if x.actor.User != nil {
		user = x.actor.User.Lang
	}
	asked := accepted(string(rc.Request.Header.Peek(fiber.HeaderAcceptLanguage)))
	wishes := []string{string(rc.Request.Header.Cookie(langCookie)), user, asked}
	if x.bearer {
		wishes = []string{asked, user}
	}
	for _, lang := range wishes {
		if lang == "en" || lang == "zh-CN" {
			return lang
		}
	}
	return web.Languages[0]
}

// accepted is the first language of an Accept-Language header that there are texts in; browsers list the best first.
func accepted(header string) string {
	for part := range strings.SplitSeq(clip(header, 200), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch first, _, _ := strings.Cut(strings.ToLower(tag), "-"); first {
		case "zh":
			return "zh-CN"
		case "en":
			return "en"
		}
	}
	return ""
}

// wantsPage reports whether a person's browser asks, rather than a program.
func (x *exchange) wantsPage(rc *fasthttp.RequestCtx) bool {
	return !strings.HasPrefix(string(rc.URI().PathOriginal()), "/api/") && strings.Contains(string(rc.Request.Header.Peek(fiber.HeaderAccept)), "text/html")
}

// userID is the id of who acts, for the log and the limits; "" is nobody.
func (x *exchange) userID() string {
	if x.actor.User == nil {
		return ""
	}
	return x.actor.User.ID
}

// frame is what every page shows around its content. It takes the flash message out of its cookie.
func (x *exchange) frame(rc *fasthttp.RequestCtx) web.Frame {
	f := web.Frame{Lang: x.lang, Theme: x.theme, Path: safeNext(string(rc.URI().RequestURI())), Now: x.server.now()}
	if u := x.actor.User; u != nil {
		f.User = web.User{Name: u.DisplayName, Unit: first(u.Units)}
		if f.User.Name == "" {
			f.User.Name = u.Name
		}
		f.User.Role = string(first(u.Roles))
	}
	f.Flash = x.flash(rc)
	if x.server.Frame != nil && x.ctx != nil {
		x.server.Frame(x.ctx, &f)
	}
	return f
}

func first[T any](list []T) (one T) {
	if len(list) > 0 {
		one = list[0]
	}
	return one
}

func (x *exchange) flash(rc *fasthttp.RequestCtx) *web.Flash {
	text := string(rc.Request.Header.Cookie(flashCookie))
	if text == "" {
		return nil
	}
	x.answer.cookie(flashCookie, "", -1)
	var f flash
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) > 2000 || readJSON(raw, &f) != nil || !x.server.Texts.Has(f.Key) {
		return nil
	}
	args := make([]any, len(f.Args))
	for i := range args {
		args[i] = f.Args[i]
	}
	undo := ""
	if f.Undo != "" && safeNext(f.Undo) == f.Undo {
		undo = f.Undo
	}
	return &web.Flash{Text: x.say(f.Key, args...), Tone: f.Tone, Undo: undo}
}

// say is a text in the asked language. Arguments that the text has no place for are left out.
func (x *exchange) say(key string, args ...any) string {
	plain := x.server.Texts.T(x.lang, key)
	if n := strings.Count(plain, "%"); n < len(args) {
		args = args[:n]
	}
	if len(args) == 0 {
		return plain
	}
	return x.server.Texts.T(x.lang, key, args...)
}

// meta is what documents have.
type meta interface{ DocMeta() *schemas.Meta }
