package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// safetyHeaders are on every answer, whatever its status.
var safetyHeaders = [][2]string{
	{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"},
	{"Strict-Transport-Security", "max-age=31536000"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cache-Control", "no-store"},
}

// secure adds the headers that an answer does not have already: files bring a stricter policy, assets a longer life.
func secure(h *fasthttp.ResponseHeader) {
	for _, one := range safetyHeaders {
		if len(h.Peek(one[0])) == 0 {
			h.Set(one[0], one[1])
		}
	}
}

// smallBody is the size below which gzip saves nothing.
const smallBody = 1400

// compress packs pages and JSON. Nothing that an answer repeats from its request stands beside a secret, so their
// length tells nothing.
func compress(rc *fasthttp.RequestCtx) {
	res := &rc.Response
	kind := string(res.Header.ContentType())
	text := strings.HasPrefix(kind, fiber.MIMETextHTML) || strings.HasPrefix(kind, fiber.MIMEApplicationJSON) || kind == problemType
	if !text || res.IsBodyStream() || len(res.Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return
	}
	res.Header.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	body := res.Body()
	if len(body) < smallBody || !takesGzip(string(rc.Request.Header.Peek(fiber.HeaderAcceptEncoding))) {
		return
	}
	res.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestSpeed))
	res.Header.Set(fiber.HeaderContentEncoding, "gzip")
}

func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.0")
		}
	}
	return false
}

// plainPath reports whether a path is written in its one plain way: no empty, . or .. parts, no ; or \, and percent
// encoding only of letters beyond ASCII. Whatever is written otherwise is not found, so no two spellings reach one handler.
func plainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || len(path) > 2000 {
		return false
	}
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"#;<>?[\\]^`{|}", c) >= 0 {
			return false
		}
	}
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && (i+1 >= len(path) || path[i+1] < '8') {
			return false
		}
	}
	for part := range strings.SplitSeq(path[1:], "/") {
		if part == "." || part == ".." || part == "" && path != "/" {
			return false
		}
	}
	text, ok := decode(strings.ReplaceAll(path, "+", "%2B"))
	return ok && plainText(text, false)
}
