package handlers

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"qunxian/schemas"
	"qunxian/web"
)

// page makes an endpoint of a method that returns what a template shows.
func page[In, P any](template string, fn func(context.Context, *In) (P, error)) Endpoint {
	e := endpoint[In, P]("text/html", func(c *fiber.Ctx, x *exchange, in *In) error {
		shown, err := fn(x.ctx, in)
		if err != nil {
			return err
		}
		return show(c, x, template, shown, nil)
	})
	e.template = template
	return e
}

// show renders a page, or the one part of it that htmx asks for. refused is why a form is shown again.
func show[P any](c *fiber.Ctx, x *exchange, template string, content P, refused *schemas.Error) error {
	frame := x.frame(c.Context())
	if refused != nil {
		frame.Errors = map[string]string{}
		for _, f := range refused.Fields {
			frame.Errors[f.Field] = x.rule(f)
		}
		if len(refused.Fields) == 0 {
			title, detail := x.words(refused)
			if detail == "" {
				detail = title
			}
			frame.Flash = &web.Flash{Text: detail, Tone: "red"}
		}
	}
	var b bytes.Buffer
	if err := x.server.Render(&b, template, x.part(c), web.View[P]{Frame: frame, Page: content}); err != nil {
		return err
	}
	h := &c.Context().Response.Header
	h.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	h.Add(fiber.HeaderVary, "HX-Request")
	c.Context().Response.SetBodyRaw(b.Bytes())
	return nil
}

// part is the part of the page that htmx asks for, or "" for the whole. The target is named by its id, in htmx 4 after
// its tag's name.
func (x *exchange) part(c *fiber.Ctx) string {
	target := c.Get("HX-Target")
	if i := strings.LastIndexByte(target, '#'); i >= 0 {
		target = target[i+1:]
	}
	if c.Get("HX-Request") != "true" || !slices.Contains(x.route.Do.parts, target) {
		return ""
	}
	return target
}

func renderWeb(w io.Writer, template, part string, view any) error {
	if part != "" {
		return web.RenderPart(w, template, part, view)
	}
	return web.Render(w, template, view)
}

// asset serves the embedded files of web under the hashed addresses that it gives them. Only they may be cached.
func asset() Endpoint {
	type in struct {
		Hash string `path:"hash"`
		Name string `path:"name"`
	}
	return endpoint[in, File]("", func(c *fiber.Ctx, _ *exchange, in *in) error {
		content, gzipped, kind, ok := web.Open("/assets/" + in.Hash + "/" + in.Name)
		if !ok {
			return &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"}
		}
		h := &c.Context().Response.Header
		h.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		h.SetContentType(kind)
		if gzipped != nil {
			h.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
		}
		if gzipped != nil && takesGzip(c.Get(fiber.HeaderAcceptEncoding)) {
			h.Set(fiber.HeaderContentEncoding, "gzip")
			content = gzipped
		}
		c.Context().Response.SetBodyRaw(content)
		return nil
	})
}
