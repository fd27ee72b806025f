package main

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"qunxian/schemas"
)

// pageOperations are the pages that officers open.
func (a *asks) pageOperations() []operation {
	one := func(name, target string) operation {
		return operation{name: name, status: 200, ask: func(*caller) ([]byte, error) { return a.html(target), nil }}
	}
	return []operation{
		one("/", "/"),
		one("/talents", "/talents"),
		one("/talents?q=…", "/talents?q="+url.QueryEscape(a.ask.Common[0])),
		reading("/talents/:id", a.ids, func(id string) []byte { return a.html("/talents/" + id) }),
		reading("/talents/:id/edit", a.ids, func(id string) []byte { return a.html("/talents/" + id + "/edit") }),
		one("/talents/new", "/talents/new"),
		one("/search?q=…", "/search?q="+url.QueryEscape(a.ask.Common[0])),
		one("/teams", "/teams"),
		one("/enterprises", "/enterprises"),
		one("/imports", "/imports"),
		one("/targets", "/targets"),
		one("/targets/:id", "/targets/"+schemas.SeedTargets()[0].ID),
	}
}

// pages measures the pages as a browser asks for them: how long they take, and
// what the first one weighs.
func (b *bench) pages(ctx context.Context, c *city, s *server, a *asks) error {
	asked := a.pageOperations()
	p50, why := make([][]float64, len(asked)), make([]string, len(asked))
	for round := range b.rounds {
		for i, page := range asked {
			t, err := load(s.addr, 1, b.round, round, page)
			if refused := (*answered)(nil); errors.As(err, &refused) {
				why[i] = refused.Error()
				continue
			} else if err != nil {
				return err
			}
			p50[i] = append(p50[i], t.at(0.5))
		}
	}
	for i, page := range asked {
		name := "page " + page.name + ", p50"
		if why[i] == "" {
			b.upTo(c, name, median(p50[i]), "ms", 30)
		} else {
			b.missing(name, "ms", "≤ 30", why[i])
		}
	}
	k, err := dial(s.addr)
	if err != nil {
		return err
	}
	defer k.Close()
	if err := b.earlier(c, k, a); err != nil {
		return err
	}
	if err := b.weight(k, a); err != nil {
		return err
	}
	return b.paint(ctx, s.addr, a.key)
}

func (a *asks) html(target string) []byte {
	return request("GET", target, a.key, "Accept: text/html\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n", "")
}

// earlier measures the first page as of other days.
func (b *bench) earlier(c *city, k *conn, a *asks) error {
	const name = "page / as of 60 days of the past, p95"
	var t times
	for i := range 60 {
		day := c.options.Today.AddDays(-1 - 11*i)
		took, err := timed(func() error { return k.do(a.html("/?asOf=" + string(day))) })
		if err != nil {
			return err
		}
		if err := k.failed(200); err != nil {
			b.missing(name, "ms", "≤ 500", err.Error())
			return nil
		}
		t = append(t, took)
	}
	b.upTo(c, name, t.at(0.95), "ms", 500)
	return nil
}

var (
	linked   = regexp.MustCompile(`(?:<link[^>]*\bhref|<script[^>]*\bsrc|<img[^>]*\bsrc)="(/[^"]+)"`)
	imported = regexp.MustCompile(`url\(["']?(/[^"')]+)["']?\)`)
)

// weight measures what a browser without a cache loads for the first page.
func (b *bench) weight(k *conn, a *asks) error {
	const name = "first page with its assets, cold, as sent"
	if err := k.do(a.html("/")); err != nil {
		return err
	}
	if err := k.failed(200); err != nil {
		b.missing(name, "KB", "≤ 200", err.Error())
		return nil
	}
	bytes := k.sent
	// the page once more without gzip, to read what it links
	if err := errors.Join(k.do(a.get("/")), k.failed(200)); err != nil {
		return err
	}
	todo := links(linked, k.body)
	for done := 0; done < len(todo); done++ {
		if err := errors.Join(k.do(a.html(todo[done])), k.failed(200)); err != nil {
			return err
		}
		bytes += k.sent
		if !strings.Contains(todo[done], ".css") {
			continue
		}
		if err := errors.Join(k.do(a.get(todo[done])), k.failed(200)); err != nil {
			return err
		}
		for _, l := range links(imported, k.body) {
			if !slices.Contains(todo, l) {
				todo = append(todo, l)
			}
		}
	}
	b.say("the first page and %d assets", len(todo))
	b.most(name, float64(bytes)/1000, "KB", 200)
	return nil
}

func links(of *regexp.Regexp, body []byte) []string {
	var out []string
	for _, m := range of.FindAllSubmatch(body, -1) {
		if l := string(m[1]); !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}
