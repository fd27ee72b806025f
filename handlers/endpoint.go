package handlers

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/gofiber/fiber/v2"

	"qunxian/schemas"
)

// Endpoint is what a route does, with the types that the OpenAPI document describes it with.
type Endpoint struct {
	plan     *plan
	in, out  reflect.Type
	template string   // of a page
	parts    []string // of the page that htmx may ask for alone
	status   int      // of a success, where it is not 200
	produces string   // the content type of a success
	serve    func(*fiber.Ctx, *exchange) error
}

// as sets the status of a success: 201 for what creates, 202 for what goes on.
func (e Endpoint) as(status int) Endpoint { e.status = status; return e }

// swaps names the parts of a page's template that an htmx request may ask for alone, by the id of its target.
func (e Endpoint) swaps(parts ...string) Endpoint { e.parts = parts; return e }

func endpoint[In, Out any](kind string, serve func(*fiber.Ctx, *exchange, *In) error) Endpoint {
	e := Endpoint{plan: newPlan(reflect.TypeFor[In]()), in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), produces: kind}
	e.serve = func(c *fiber.Ctx, x *exchange) error {
		in := new(In)
		if err := e.plan.bind(c, x, in); err != nil {
			return err
		}
		return serve(c, x, in)
	}
	return e
}

// do makes an endpoint of a method that takes a request struct and returns what to send as JSON. A document brings its
// ETag; struct{} is answered with 204 and no body.
func do[In, Out any](fn func(context.Context, *In) (Out, error)) Endpoint {
	return endpoint[In, Out](fiber.MIMEApplicationJSON, func(c *fiber.Ctx, x *exchange, in *In) error {
		out, err := fn(x.ctx, in)
		if err != nil {
			return err
		}
		return sendJSON(c, x, out)
	})
}

// jsonAppender writes its own JSON: a list of stored cards decodes none of them.
type jsonAppender interface{ AppendJSON(b []byte) []byte }

func sendJSON(c *fiber.Ctx, x *exchange, out any) error {
	if status := x.route.Do.status; status != 0 && x.answer.status == 0 {
		x.answer.status = status
	}
	if _, empty := out.(struct{}); empty {
		if x.answer.status == 0 {
			x.answer.status = fiber.StatusNoContent
		}
		return nil
	}
	if doc, ok := out.(meta); ok && x.answer.version == 0 && !reflect.ValueOf(out).IsNil() {
		x.answer.version = doc.DocMeta().Version
	}
	var body []byte
	if own, ok := out.(jsonAppender); ok {
		body = own.AppendJSON(nil)
	} else {
		var err error
		if body, err = json.Marshal(out); err != nil {
			return err
		}
	}
	c.Context().Response.Header.SetContentType(fiber.MIMEApplicationJSON)
	c.Context().Response.SetBodyRaw(body)
	return nil
}

// form makes an endpoint of what a posted form does. It returns the path of the page to show next, answered with 303.
func form[In any](fn func(context.Context, *In) (string, error)) Endpoint {
	return endpoint[In, string]("", func(c *fiber.Ctx, x *exchange, in *In) error {
		to, err := fn(x.ctx, in)
		if err != nil {
			return err
		}
		return goTo(c, x, to)
	})
}

// formAgain is form for a page with a form: what the user typed is shown once more when it is refused, with the
// messages beside the fields.
func formAgain[In, P any](template string, fn func(context.Context, *In) (string, error), again func(context.Context, *In) (P, error)) Endpoint {
	e := Endpoint{plan: newPlan(reflect.TypeFor[In]()), in: reflect.TypeFor[In](), out: reflect.TypeFor[P](), template: template}
	e.serve = func(c *fiber.Ctx, x *exchange) error {
		in, to := new(In), ""
		err := e.plan.bind(c, x, in)
		if err == nil {
			if to, err = fn(x.ctx, in); err == nil {
				return goTo(c, x, to)
			}
		}
		refused, status := understood(err)
		switch refused.Code {
		case schemas.Invalid, schemas.Conflict, schemas.Precondition, schemas.Unauthorized, schemas.TooMany:
		default:
			return err
		}
		shown, failed := again(x.ctx, in)
		if failed != nil {
			return failed
		}
		x.answer.as(status)
		x.answer.retry = refused.Retry
		return show(c, x, template, shown, refused)
	}
	return e
}

// goTo answers 303 with a path of this site; htmx is told the same in its own header.
func goTo(c *fiber.Ctx, x *exchange, to string) error {
	to = safeNext(to)
	if c.Get("HX-Request") == "true" {
		c.Context().Response.Header.Set("HX-Redirect", to)
		x.answer.as(fiber.StatusNoContent)
		return nil
	}
	x.answer.as(fiber.StatusSeeOther)
	x.answer.at = to
	return nil
}
