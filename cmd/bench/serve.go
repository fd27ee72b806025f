package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"qunxian/app/sample"
)

// connections are the loads that one operation is measured at.
func (b *bench) connections(c *city) []int {
	if c.n == usual || b.size == 0 {
		return []int{1, 16, 64}
	}
	return []int{1}
}

// serve measures the program as it is installed: on a copy of the city, over
// HTTP, with an officer's key.
func (b *bench) serve(ctx context.Context, c *city) (err error) {
	if _, err := c.talents(ctx); err != nil {
		return err
	}
	dir, err := c.copied()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var profile string
	var more []string
	if b.profile != "" {
		if profile, err = freePort(); err != nil {
			return err
		}
		more = []string{"--profile", profile}
	}
	s, err := b.starts(c, dir, more)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	time.Sleep(5 * time.Second) // idle is after the start's own garbage
	idle, err := s.resident()
	if err != nil {
		return err
	}
	b.upTo(c, "memory, idle, VmRSS", idle, "MB", 150)
	a, err := b.asks(ctx, c, s)
	if err != nil {
		return err
	}
	if profile != "" {
		return b.profileEach(s, a, profile)
	}
	for _, part := range []func(context.Context, *city, *server, *asks) error{b.unavoidable, b.facetsServed, b.pages, b.loads, b.mixed, b.searchable} {
		if err := part(ctx, c, s, a); err != nil {
			return err
		}
	}
	return nil
}

// upTo adds a row whose bar holds for a city of the usual size, or a smaller
// one.
func (b *bench) upTo(c *city, name string, v float64, unit string, bar float64) {
	if c.n > usual {
		b.figure(name, v, unit, "–")
		return
	}
	b.most(name, v, unit, bar)
}

// starts measures the start, of which the last server goes on.
func (b *bench) starts(c *city, dir string, more []string) (*server, error) {
	var all []float64
	for i := range b.rounds {
		s, took, err := serveCity(dir, more...)
		if err != nil {
			return nil, err
		}
		if all = append(all, took.Seconds()); i == b.rounds-1 {
			b.upTo(c, "start until ready", median(all), "s", 2)
			return s, nil
		}
		if err := s.stop(); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("no rounds")
}

// profileEach takes a CPU profile of the server under each operation, and one of
// its memory, instead of figures that profiling would falsify.
func (b *bench) profileEach(s *server, a *asks, addr string) error {
	for i, op := range append(a.operations(), a.pageOperations()...) {
		const d = 4 * time.Second
		file := fmt.Sprintf("served-%02d-%s.prof", i, strings.Map(wordOnly, op.name))
		stop := profileServer(addr, filepath.Join(b.profile, file), d)
		t, err := load(s.addr, 4, d, 0, op)
		if err := stop(); err != nil {
			return err
		}
		if refused := (*answered)(nil); errors.As(err, &refused) {
			b.say("%s: %v", op.name, refused)
			continue
		} else if err != nil {
			return err
		}
		b.say("%s under a profile: %.2f ms p50", op.name, t.at(0.5))
	}
	if _, err := load(s.addr, 64, 5*time.Second, 0, a.operations()...); err != nil {
		return err
	}
	return saveProfile("http://"+addr+"/debug/pprof/heap", filepath.Join(b.profile, "served-mixed.heap"))
}

func wordOnly(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return '-'
}

// loads measures each operation at each number of connections, in rounds that
// alternate.
func (b *bench) loads(ctx context.Context, c *city, s *server, a *asks) error {
	type key struct{ op, conns int }
	p50, p99 := map[key][]float64{}, map[key][]float64{}
	ops := a.operations()
	for round := range b.rounds {
		for i, op := range ops {
			for _, n := range b.connections(c) {
				if err := ctx.Err(); err != nil {
					return err
				}
				t, err := load(s.addr, n, b.round, round, op)
				if err != nil {
					return err
				}
				p50[key{i, n}] = append(p50[key{i, n}], t.at(0.5))
				p99[key{i, n}] = append(p99[key{i, n}], t.at(0.99))
			}
		}
	}
	for i, op := range ops {
		for _, n := range b.connections(c) {
			name := fmt.Sprintf("%s, %d connections", op.name, n)
			if n == 1 {
				name = op.name + ", 1 connection"
				b.remember(op.name, c.n, median(p50[key{i, n}]))
			}
			b.figure(name+", p50", median(p50[key{i, n}]), "ms", peerBar)
			b.figure(name+", p99", median(p99[key{i, n}]), "ms", peerBar)
		}
	}
	return nil
}

// mixed measures the memory while everything is asked at once.
func (b *bench) mixed(_ context.Context, c *city, s *server, a *asks) error {
	done := make(chan error, 1)
	go func() {
		_, err := load(s.addr, 64, max(5*time.Second, 4*b.round), 0, a.operations()...)
		done <- err
	}()
	most := 0.0
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case err := <-done:
			b.upTo(c, "memory, under 64 mixed connections, VmRSS", most, "MB", 400)
			return err
		case <-tick.C:
			mb, err := s.resident()
			if err != nil {
				return err
			}
			most = max(most, mb)
		}
	}
}

// searchable measures how long a talent that was just registered cannot be
// found.
func (b *bench) searchable(_ context.Context, _ *city, s *server, a *asks) error {
	c, err := dial(s.addr)
	if err != nil {
		return err
	}
	defer c.Close()
	worst := time.Duration(0)
	for i := range 20 {
		f := a.fresh[i]
		f.Specialties = append([]string{fmt.Sprintf("新登记%d号%d", time.Now().UnixNano(), i)}, f.Specialties...)
		req, err := a.register(f)
		if err != nil {
			return err
		}
		if err := errors.Join(c.do(req), c.failed(201)); err != nil {
			return err
		}
		for began := time.Now(); ; {
			if err := errors.Join(c.do(a.list("q="+url.QueryEscape(f.Specialties[0]))), c.failed(200)); err != nil {
				return err
			}
			var page struct{ Total int }
			if err := json.Unmarshal(c.body, &page); err != nil {
				return err
			}
			if worst = max(worst, time.Since(began)); page.Total == 1 || worst > time.Minute {
				break
			}
		}
	}
	b.most("create until searchable, longest of 20", float64(worst.Nanoseconds())/1e6, "ms", 1000)
	return nil
}

// unavoidable holds the list against what it cannot avoid: reading the page's
// cards from the store, and Fiber's answer of that size.
func (b *bench) unavoidable(ctx context.Context, c *city, s *server, a *asks) (err error) {
	pages, size, err := a.pages(s.addr)
	if err != nil {
		return err
	}
	if err := c.open(ctx); err != nil { // the stored city: the server has the copy
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	fiber, err := start(filepath.Join(benchDir, "fiber.log"), yardstick, strconv.Itoa(size))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fiber.stop()) }()
	bare := operation{name: "fiber", status: 200, ask: func(*caller) ([]byte, error) { return a.get("/"), nil }}
	var list, store, answer, ratio []float64
	for round := range 2*b.rounds + 1 {
		l, err := load(s.addr, 1, b.round, round, a.listing())
		if err != nil {
			return err
		}
		f, err := load(fiber.addr, 1, b.round, round, bare)
		if err != nil {
			return err
		}
		var p times
		for end := time.Now().Add(b.round); time.Now().Before(end); {
			took, err := c.page(ctx, pages[len(p)%len(pages)])
			if err != nil {
				return err
			}
			p = append(p, took)
		}
		list, store, answer = append(list, l.at(0.5)), append(store, p.at(0.5)), append(answer, f.at(0.5))
		ratio = append(ratio, l.at(0.5)/(p.at(0.5)+f.at(0.5)))
	}
	b.figure("yardstick: page of 20 cards from the store, p50", median(store), "ms", "–")
	b.figure(fmt.Sprintf("yardstick: Fiber's own answer of %s bytes, p50", thousands(size)), median(answer), "ms", "–")
	b.figure("list beside the yardsticks, p50", median(list), "ms", "–")
	b.most("list ÷ (store page + Fiber answer)", median(ratio), "×", 2)
	return nil
}

// pages are the ids of the pages that the list operation answers with, and the
// middle size of its answers.
func (a *asks) pages(addr string) (ids [][]string, size int, err error) {
	c, err := dial(addr)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	var sizes []float64
	for _, q := range a.filters {
		if err := errors.Join(c.do(a.list("sort=-updatedAt&"+q)), c.failed(200)); err != nil {
			return nil, 0, err
		}
		var page struct{ Items []struct{ ID string } }
		if err := json.Unmarshal(c.body, &page); err != nil {
			return nil, 0, err
		}
		var one []string
		for _, item := range page.Items {
			one = append(one, item.ID)
		}
		sizes = append(sizes, float64(len(c.body)))
		if len(one) == cards {
			ids = append(ids, one)
		}
	}
	if len(ids) == 0 {
		return nil, 0, errors.New("no full page among the lists")
	}
	return ids, int(median(sizes)), nil
}

// facetsServed measures facets over HTTP: what a request takes beyond one that
// does nothing but know its user.
func (b *bench) facetsServed(ctx context.Context, c *city, s *server, a *asks) error {
	keys := map[string]string{"": a.key}
	k, err := dial(s.addr)
	if err != nil {
		return err
	}
	defer k.Close()
	var p50, p99 []float64
	for range 3 * b.rounds {
		var all, nothing times
		for _, f := range c.ask.Filters {
			if keys[f.Region] == "" {
				if keys[f.Region], err = s.officer(ctx, f.Region); err != nil {
					return err
				}
			}
			for _, one := range []struct {
				t   *times
				req []byte
			}{{&all, request("GET", facetTarget(&f), keys[f.Region], "", "")}, {&nothing, request("GET", "/healthz", keys[f.Region], "", "")}} {
				took, err := timed(func() error { return k.do(one.req) })
				if err := errors.Join(err, k.failed(200)); err != nil {
					return err
				}
				*one.t = append(*one.t, took)
			}
		}
		base := nothing.at(0.5)
		p50, p99 = append(p50, all.at(0.5)-base), append(p99, all.at(0.99)-base)
	}
	b.figure("all facets over 200 filter sets, served, p50", median(p50), "ms", peerBar)
	b.most("all facets over 200 filter sets, served, p99", median(p99), "ms", facetBar(c.n))
	return nil
}

func facetTarget(f *sample.Filter) string {
	q := url.Values{"facets": {"1"}, "limit": {"1"}}
	for _, code := range f.Codes {
		q.Add(code.Field, code.Code)
	}
	if r := f.Custom; r != nil {
		q.Set("attributes."+r.Key+"_gte", plain(r.Min))
		q.Set("attributes."+r.Key+"_lte", plain(r.Max))
	}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	return "/api/v1/talents?" + q.Encode()
}

// growth compares the medians of two sizes.
func (b *bench) growth(small, large int) {
	b.size = 0
	bars := []struct {
		op  string
		bar float64
	}{
		{"get", 1.5},
		{"patch", 1.5},
		{"facets, no filter", 1.5},
		{"list", 2.5},
		{"deep page", 2.5},
		{"pinyin prefix", 2.5},
		{"common two characters", 4},
		{"four terms", 5},
	}
	for _, row := range bars {
		name := fmt.Sprintf("%s, growth from %s to %s, p50", row.op, thousands(small), thousands(large))
		if at := b.p50[row.op]; at[small] > 0 && at[large] > 0 {
			b.most(name, at[large]/at[small], "×", row.bar)
		} else {
			b.missing(name, "×", "≤ "+number(row.bar), "not asked for")
		}
	}
}
