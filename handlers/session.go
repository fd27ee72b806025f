package handlers

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qunxian/app"
	"qunxian/schemas"
)

// Auth says for whom a credential acts, as they are at this moment.
type Auth interface {
	BySession(ctx context.Context, token, ip string) (app.Actor, error)
	ByKey(ctx context.Context, key, ip string) (app.Actor, error)
}

// AuditEvent is one use, or refused use, of a route that is audited.
type AuditEvent struct {
	Route, Request string
	Params         map[string]string // of the path
	Code           schemas.Code      // why it was refused or failed, or ""
}

// admit lets a request pass, or says why not: where it comes from, who asks, how often, and whether they may.
func (s *Server) admit(c *fiber.Ctx, x *exchange) error {
	if !s.sameSite(c) {
		return &schemas.Error{Code: schemas.Forbidden, Message: "error.cross_site"}
	}
	unknown := s.identify(c.Context(), x)
	if slow := s.limits.take(x.route.class(), x.who(), s.now()); slow != nil {
		return slow
	}
	return x.may(unknown)
}

const bearerMark = "Bearer "

// identify finds out who asks. Its error says why nobody is known.
func (s *Server) identify(rc *fasthttp.RequestCtx, x *exchange) error {
	token := string(rc.Request.Header.Cookie(sessionCookie))
	credentials := string(rc.Request.Header.Peek(fiber.HeaderAuthorization))
	key, bearer := strings.CutPrefix(credentials, bearerMark)
	x.bearer = bearer
	err := error(&schemas.Error{Code: schemas.Unauthorized, Message: "error.sign_in"})
	var actor app.Actor
	switch {
	case s.Auth == nil:
	case bearer:
		actor, err = s.Auth.ByKey(x.ctx, key, x.ip)
	case credentials != "": // a kind that there is not
	case token != "":
		actor, err = s.Auth.BySession(x.ctx, token, x.ip)
	}
	if err == nil {
		actor.IP = x.ip
		x.actor = actor
		x.ctx = app.WithActor(x.ctx, actor)
	}
	x.lang = x.language(rc)
	return err
}

// may judges whether the actor may use the route; unknown is why nobody is known.
func (x *exchange) may(unknown error) error {
	who := &x.route.Who
	if unknown != nil {
		known, _ := understood(unknown)
		if who.open && known.Code == schemas.Unauthorized && !x.bearer {
			return nil
		}
		return unknown
	}
	u := x.actor.User
	if u == nil {
		return &schemas.Error{Code: schemas.Unauthorized, Message: "error.sign_in"}
	}
	if x.actor.KeyID != "" && !holds(x.actor.Scopes, x.route.scope()) {
		return &schemas.Error{Code: schemas.Forbidden, Message: "error.key_scope"}
	}
	if who.open || who.auditor && u.Auditor || slices.ContainsFunc(who.roles, u.Is) {
		return nil
	}
	return &schemas.Error{Code: schemas.Forbidden, Message: "error.forbidden"}
}

// holds reports whether one of the scopes is the one needed or a greater one.
func holds(have []string, need string) bool {
	return slices.ContainsFunc(have, func(h string) bool { return slices.Index(scopes, h) >= slices.Index(scopes, need) })
}

// who is the key that requests are counted by: the user, else the address they come from.
func (x *exchange) who() string {
	if id := x.userID(); id != "" {
		return id
	}
	return network(x.ip)
}

// network is what counts as one address: an IPv4 address, or the /64 of an IPv6 one.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Unmap().Is4() {
		return ip
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}

// sameSite is the check of Go's http.CrossOriginProtection: a browser says where an unsafe request comes from. Where it
// says nothing, only a key may write, since no browser adds a key by itself.
func (s *Server) sameSite(c *fiber.Ctx) bool {
	if m := c.Method(); m == fiber.MethodGet || m == fiber.MethodHead {
		return true
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin != "" && slices.Contains(s.Origins, origin) {
		return true
	}
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	if origin == "" {
		return strings.HasPrefix(c.Get(fiber.HeaderAuthorization), bearerMark)
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == string(c.Context().Request.Header.Host())
}

// clientIP is the address a request comes from. X-Forwarded-For counts only from a trusted proxy: the last address in
// it that no trusted proxy has.
func (s *Server) clientIP(rc *fasthttp.RequestCtx) string {
	peer, ok := netip.AddrFromSlice(rc.RemoteIP())
	if !ok {
		return ""
	}
	peer = peer.Unmap()
	if !s.trusts(peer) {
		return peer.String()
	}
	var hops []string
	for _, h := range rc.Request.Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(h), ",")...)
	}
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		peer = a.Unmap()
		if !s.trusts(peer) {
			break
		}
	}
	return peer.String()
}

func (s *Server) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// safeNext is a path of this site to go to: next where it is one, else the first page.
func safeNext(next string) string {
	u, err := url.Parse(next)
	switch {
	case err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "":
	case len(next) > 2000 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsRune(next, '\\'):
	case strings.Contains(u.Path, "\\") || strings.HasPrefix(u.Path, "//") || !plainText(u.Path, false):
	case strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == 0x7f }):
	default:
		return next
	}
	return "/"
}
