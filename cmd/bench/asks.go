package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"qunxian/app/sample"
	"qunxian/schemas"
)

// asks makes the requests of a run: what is asked of the city, with a key.
type asks struct {
	key     string
	ids     []string
	filters []string // two codes each, as a query
	cursors []string // of pages far from the first
	ask     *sample.Queries
	fresh   []schemas.TalentFields // people to register
	have    sync.Map               // of talents that were changed: id → state
}

// cards is how many cards a page has.
const cards = 20

func (b *bench) asks(ctx context.Context, c *city, s *server) (*asks, error) {
	a := &asks{ids: c.ids, ask: &c.ask}
	var err error
	if a.key, err = s.officer(ctx, ""); err != nil {
		return nil, err
	}
	for _, f := range c.ask.Filters {
		if len(f.Codes) >= 2 {
			a.filters = append(a.filters, url.Values{f.Codes[0].Field: {f.Codes[0].Code}, f.Codes[1].Field: {f.Codes[1].Code}}.Encode())
		}
	}
	others := c.options
	others.Seed++
	others.Talents = 2000
	for p := range sample.Talents(others) {
		f := p.Fields
		a.fresh = append(a.fresh, schemas.TalentFields{
			Name: f.Name, Gender: f.Gender, Affiliation: f.Affiliation, Region: f.Region, Track: f.Track, Mode: f.Mode, Tier: f.Tier,
			Industry: f.Industry, Sector: f.Sector, Specialties: f.Specialties, Bio: f.Bio, Tags: f.Tags, Source: f.Source,
		})
	}
	return a, a.goDeep(s.addr)
}

const deepSort = "name"

// goDeep walks far into the list, and keeps the cursors of its later half.
func (a *asks) goDeep(addr string) error {
	c, err := dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	next := ""
	for i := range 200 {
		if err := c.do(a.get("/api/v1/talents?limit=200&fields=name&sort=" + deepSort + "&cursor=" + next)); err != nil {
			return err
		}
		if err := c.failed(200); err != nil {
			return fmt.Errorf("page %d: %w", i, err)
		}
		var page struct{ Next string }
		if err := json.Unmarshal(c.body, &page); err != nil {
			return err
		}
		if next = page.Next; next == "" {
			break
		}
		a.cursors = append(a.cursors, next)
	}
	a.cursors = a.cursors[len(a.cursors)/2:]
	if len(a.cursors) == 0 {
		return fmt.Errorf("the list has no second page")
	}
	return nil
}

func (a *asks) get(target string) []byte { return request("GET", target, a.key, "", "") }

func (a *asks) list(query string) []byte {
	return a.get(fmt.Sprintf("/api/v1/talents?limit=%d&%s", cards, query))
}

// reading is an operation that asks for one of several things.
func reading(name string, of []string, ask func(string) []byte) operation {
	return operation{name: name, status: 200, ask: func(c *caller) ([]byte, error) { return ask(of[c.IntN(len(of))]), nil }}
}

// search is an operation that looks for one of several texts.
func (a *asks) search(name string, texts []string) operation {
	return reading(name, texts, func(q string) []byte { return a.list("q=" + url.QueryEscape(q)) })
}

// operations are those whose figures stand beside the peer's.
func (a *asks) operations() []operation {
	return []operation{
		reading("get", a.ids, func(id string) []byte { return a.get("/api/v1/talents/" + id) }),
		a.listing(),
		reading("deep page", a.cursors, func(next string) []byte { return a.list("sort=" + deepSort + "&cursor=" + next) }),
		{"patch", 200, a.patch, a.patched},
		{name: "create", status: 201, ask: a.create},
		a.search("rare search", a.ask.Rare),
		a.search("common two characters", a.ask.Common),
		a.search("four terms", a.ask.Four),
		a.search("pinyin prefix", a.ask.Pinyin),
		{name: "facets, no filter", status: 200, ask: func(*caller) ([]byte, error) { return a.get("/api/v1/talents?limit=1&facets=1"), nil }},
	}
}

// listing is the list with two filters, a sort and the total.
func (a *asks) listing() operation {
	return reading("list", a.filters, func(q string) []byte { return a.list("sort=-updatedAt&" + q) })
}

// own is how many talents each caller changes again and again, spread over all.
const own = 40

// patch changes the tier of a talent that no other caller changes. What it was
// is read where that is not known, before the time runs.
func (a *asks) patch(c *caller) ([]byte, error) {
	spread := max(1, len(a.ids)/(own*c.of))
	c.id = a.ids[(c.IntN(own)*c.of+c.number)*spread%len(a.ids)]
	target := "/api/v1/talents/" + c.id
	if _, known := a.have.Load(c.id); !known {
		if err := errors.Join(c.do(a.get(target)), c.failed(200)); err != nil {
			return nil, err
		}
		a.patched(c)
	}
	had, _ := a.have.Load(c.id)
	now := had.(state)
	tier := "national"
	if now.national {
		tier = "provincial"
	}
	return request("PATCH", target, a.key, "Content-Type: application/merge-patch+json\r\nIf-Match: "+now.etag+"\r\n", `{"tier":"`+tier+`"}`), nil
}

// state is what a run knows of a talent.
type state struct {
	etag     string
	national bool
}

func (a *asks) patched(c *caller) {
	a.have.Store(c.id, state{c.etag, bytes.Contains(c.body, []byte(`"tier":"national"`))})
}

// create registers somebody.
func (a *asks) create(c *caller) ([]byte, error) { return a.register(a.fresh[c.IntN(len(a.fresh))]) }

func (a *asks) register(f schemas.TalentFields) ([]byte, error) {
	body, err := json.Marshal(f)
	return request("POST", "/api/v1/talents", a.key, "Content-Type: application/json\r\n", string(body)), err
}
