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

// shownPages are what people open most, with the targets of their requests.
func (a *asks) shownPages() [][2]string {
	return [][2]string{
		{"/", "/"},
		{"/talents", "/talents"},
		{"/talents?q=…", "/talents?q=" + url.QueryEscape(a.ask.Common[0])},
		{"/talents/:id", "/talents/"},
		{"/teams", "/teams"},
		{"/targets/:id", "/targets/" + schemas.SeedTargets()[0].ID},
	}
}

// pages measures the pages as a browser asks for them: how long they take, and
// what the first one weighs.
func (b *bench) pages(_ context.Context, c *city, s *server, a *asks) error {
	k, err := dial(s.addr)
	if err != nil {
		return err
	}
	defer k.Close()
	p50 := map[string][]float64{}
	asked := a.shownPages()
	for round := range b.rounds {
		for _, page := range asked {
			var t times
			for i := range 25 {
				target := page[1]
				if page[0] == "/talents/:id" {
					target += a.ids[(round*25+i)*997%len(a.ids)]
				}
				took, err := timed(func() error { return k.do(a.html(target)) })
				if err != nil {
					return err
				}
				if k.failed(200) != nil {
					break
				}
				t = append(t, took)
			}
			p50[page[0]] = append(p50[page[0]], t.at(0.5))
		}
	}
	for _, page := range asked {
		name := "page " + page[0] + ", p50"
		if v := median(p50[page[0]]); v > 0 {
			b.most(name, v, "ms", 30)
		} else {
			b.missing(name, "ms", "≤ 30", "no such page")
		}
	}
	if err := b.earlier(c, k, a); err != nil {
		return err
	}
	return b.weight(k, a)
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
		if k.failed(200) != nil {
			b.missing(name, "ms", "≤ 500", "no such page")
			return nil
		}
		t = append(t, took)
	}
	b.most(name, t.at(0.95), "ms", 500)
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
	if k.failed(200) != nil {
		b.missing(name, "KB", "≤ 200", "no such page")
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
