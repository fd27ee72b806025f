package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/schemas"
	"qunxian/web"
)

// RegistryPage is a list of the registry: tabs, filters with counts, and rows.
type RegistryPage struct {
	Noun, Path, Icon, Q, Order string
	Tabs                       []web.Tab
	Facets                     []web.Facet
	Chips                      []web.Chip
	Columns                    []Column
	Rows                       []Row
	Total                      int
	Next, First, Clear         string // paths; First where this is not the first page
	Filtered                   int
	Write, Archived            bool
}

// Column is the heading of a column, a link where the list can be sorted by it.
type Column struct{ Label, Href, Sorted, Class string }

// Row is one record of a list. Cells stand in the order of the columns between the name and the day of change.
type Row struct {
	ID, Href, Name, Sub string
	Cells               []Cell
	Updated             time.Time
	HitLabel            string
	Hit                 []app.Part
}

// Cell is a value with a second line, or a mark of a tone: a badge or, with Dot, a status.
type Cell struct {
	Text, Note, Tone, Class string
	Dot                     bool
}

// card is what the stored cards of all three nouns hold; what a card lacks is empty.
type card struct {
	ID           string       `json:"id"`
	UpdatedAt    schemas.Time `json:"updatedAt"`
	Name         string       `json:"name"`
	Pinyin       string       `json:"pinyin"`
	BirthYear    int          `json:"birthYear"`
	Organisation string       `json:"organisation"`
	Position     string       `json:"position"`
	Rank         string       `json:"rank"`
	RankWritten  string       `json:"rankWritten"`
	Lead         string       `json:"lead"`
	Region       string       `json:"region"`
	Track        string       `json:"track"`
	Mode         string       `json:"mode"`
	Tier         string       `json:"tier"`
	Industry     string       `json:"industry"`
	Sector       string       `json:"sector"`
	Directions   []string     `json:"directions"`
	Specialties  []string     `json:"specialties"`
	Stage        string       `json:"stage"`
	StageSince   schemas.Date `json:"stageSince"`
	CreditCode   string       `json:"creditCode"`
	People       int          `json:"people"`
	Researchers  int          `json:"researchers"`
	Turnover     float64      `json:"turnover"`
}

func readCard(raw []byte) (*card, error) {
	c := new(card)
	return c, json.Unmarshal(raw, c)
}

// shownList is the state of a list, from which its links are made.
type shownList struct {
	ListQuery
	path     string
	archived bool
	more     string // the facet that is shown whole
}

// href is the list with some of its parameters set anew; "" removes one. Every change begins at the first page.
func (s shownList) href(pairs ...string) string {
	v := url.Values{}
	for name, codes := range s.Where {
		v[name] = slices.Clone(codes)
	}
	for name, r := range s.Ranges {
		set(v, name+"_gte", r.From)
		set(v, name+"_lte", r.To)
	}
	set(v, "q", s.Q)
	set(v, "sort", s.order())
	if s.archived {
		v.Set("archived", "1")
	}
	set(v, "more", s.more)
	for i := 0; i < len(pairs); i += 2 {
		v.Del(pairs[i])
		set(v, pairs[i], pairs[i+1])
	}
	if len(v) == 0 {
		return s.path
	}
	return s.path + "?" + v.Encode()
}

func set(v url.Values, name, value string) {
	if value != "" {
		v.Set(name, value)
	}
}

func (s shownList) order() string {
	if s.Desc {
		return "-" + s.Sort
	}
	return s.Sort
}

// without is the list without one code of a filter.
func (s shownList) without(name, code string) string {
	where := map[string][]string{}
	for n, codes := range s.Where {
		where[n] = slices.DeleteFunc(slices.Clone(codes), func(c string) bool { return n == name && c == code })
	}
	s.Where = where
	return s.href()
}

// listPage shows the list.
func (p *pages[F]) listPage(ctx context.Context, q ListQuery, archived bool, more string) (RegistryPage, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return RegistryPage{}, err
	}
	ask, err := asked(ctx, p.rows, q, archived)
	if err != nil {
		return RegistryPage{}, err
	}
	for _, name := range p.facets {
		if visible(p.rows, ask.On, name) {
			ask.Facets = append(ask.Facets, name)
		}
	}
	l, err := p.find(ctx, ask)
	if err != nil {
		return RegistryPage{}, err
	}
	s := shownList{q, p.path(), archived, more}
	page := RegistryPage{
		Noun: p.coll, Path: p.path(), Icon: p.icon, Q: q.Q, Order: s.order(), Total: l.Total, Write: mayWrite(ctx), Archived: archived,
		Columns: w.columns(s), Facets: w.facets(s, l.Facets), Chips: w.chips(s), Clear: p.path(),
	}
	page.Filtered = len(page.Chips)
	if page.Rows, err = p.rowsOf(w, l, visibleHits(p.noun.rows, ask.On, l.Hits)); err != nil {
		return page, err
	}
	if next := nextOf(l, q); next != "" {
		page.Next = s.href("cursor", next)
	}
	if q.After != nil {
		page.First = s.href()
	}
	page.Tabs, err = p.tabs(ctx, w, s, ask.On)
	return page, err
}

func (p *pages[F]) rowsOf(w *wording, l *app.List, hits map[string]app.Hit) ([]Row, error) {
	out := make([]Row, 0, len(l.Cards))
	for _, raw := range l.Cards {
		c, err := readCard(raw)
		if err != nil {
			return nil, err
		}
		row := p.row(w, c)
		row.ID, row.Href, row.Name, row.Updated = c.ID, p.path()+"/"+c.ID, c.Name, c.UpdatedAt.Time
		if hit, ok := hits[c.ID]; ok && hit.Field != "name" {
			row.HitLabel, row.Hit = w.place(hit.Field), hit.Snippet
		}
		out = append(out, row)
	}
	return out, nil
}

// columns are the headings, with the order in which a click on each puts the list.
func (w *wording) columns(s shownList) []Column {
	out := make([]Column, 0, len(w.noun.columns))
	for _, c := range w.noun.columns {
		col := Column{Label: w.t("registry.column." + c.key), Class: strings.TrimSpace("q-col-" + c.key + " " + c.class)}
		if c.sort == "" {
			out = append(out, col)
			continue
		}
		name, order := strings.TrimPrefix(c.sort, "-"), c.sort
		switch {
		case s.Sort == name && s.Desc:
			col.Sorted = "descending"
		case s.Sort == name:
			col.Sorted = "ascending"
		case s.Sort == "" && s.Q == "" && name == "updatedAt": // the order that a list has of itself
			col.Sorted = "descending"
		}
		if s.order() == c.sort || s.Sort == "" && col.Sorted != "" {
			order = reverse(order)
		}
		col.Href = s.href("sort", order)
		out = append(out, col)
	}
	return out
}

// reverse is the other direction of an order.
func reverse(order string) string {
	if name, down := strings.CutPrefix(order, "-"); down {
		return name
	}
	return "-" + order
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// How many values of a facet are listed, and up to how many it is listed whole.
const (
	facetValues = 10
	facetWhole  = 16
)

// facets are the groups of filters: codes in the order of their taxonomy, and of long groups the most frequent.
func (w *wording) facets(s shownList, counts []app.Facet) []web.Facet {
	out := make([]web.Facet, 0, len(counts))
	for _, f := range counts {
		group := web.Facet{Name: f.Field, Label: w.label(f.Field)}
		n, taken := map[string]int{}, map[string]bool{}
		var codes []string
		for _, b := range f.Values {
			n[b.Code], taken[b.Code] = b.N, b.Taken
			codes = append(codes, b.Code)
		}
		if terms := w.terms(f.Taxonomy); f.Taxonomy != "" && len(terms) > 0 {
			all := make([]string, 0, len(terms))
			for _, t := range terms {
				if n[t.ID] > 0 || taken[t.ID] || t.Parent == "" && !t.Retired {
					all = append(all, t.ID)
				}
			}
			codes = all
		}
		for _, code := range codes {
			group.Values = append(group.Values, web.FacetValue{Value: code, Label: w.facetWord(f, code), Count: n[code], On: taken[code]})
		}
		if len(group.Values) > facetWhole && s.more != f.Field {
			slices.SortStableFunc(group.Values, func(a, b web.FacetValue) int {
				return cmp.Or(cmp.Compare(btoi(b.On), btoi(a.On)), cmp.Compare(b.Count, a.Count))
			})
			group.Values = group.Values[:facetValues]
			group.More = s.href("more", f.Field)
		}
		if len(group.Values) > 0 {
			out = append(out, group)
		}
	}
	return out
}

func (w *wording) facetWord(f app.Facet, code string) string {
	if key, ok := strings.CutPrefix(f.Field, "attributes."); ok {
		if def := w.custom(key); def != nil {
			return w.customValue(def, code)
		}
	}
	if row := w.noun.rows.Named(f.Field); row != nil && row.Kind == schemas.YesNo {
		return w.t("registry." + code)
	}
	return w.value(w.noun.rows.Named(f.Field), code)
}

// chips are the filters in force.
func (w *wording) chips(s shownList) []web.Chip {
	var out []web.Chip
	for _, name := range sortedKeysOf(s.Where) {
		for _, code := range s.Where[name] {
			out = append(out, web.Chip{Label: w.label(name), Value: w.facetWord(app.Facet{Field: name}, code), Href: s.without(name, code)})
		}
	}
	for _, name := range sortedKeysOf(s.Ranges) {
		r := s.Ranges[name]
		text := r.From + " – " + r.To
		out = append(out, web.Chip{Label: w.label(name), Value: text, Href: s.href(name+"_gte", "", name+"_lte", "")})
	}
	return out
}

// view is one tab: a name and what it filters by.
type view struct {
	key      string
	where    map[string][]string
	archived bool
}

// views are the tabs of a noun.
func (w *wording) views(ctx context.Context, on schemas.On) []view {
	out := []view{{key: "all"}}
	if w.noun.tiers != "" {
		var leading []string
		for _, t := range w.terms(w.noun.tiers) {
			if t.Leading && !t.Retired {
				leading = append(leading, t.ID)
			}
		}
		out = append(out, view{key: "leading", where: map[string][]string{"tier": leading}})
	}
	if w.noun.staged {
		out = append(out, view{key: "recruit", where: map[string][]string{"track": {"recruit"}}}, view{key: "cultivate", where: map[string][]string{"track": {"cultivate"}}})
	}
	if a, ok := app.ActorOf(ctx); ok && a.User != nil && w.noun.staged && a.User.Is(schemas.Officer) {
		out = append(out, view{key: "mine", where: map[string][]string{"owner": {a.User.ID}}})
	}
	if on == schemas.Staff {
		out = append(out, view{key: "archived", archived: true})
	}
	return out
}

// tabs are the noun's views with their counts. The current one is the most special that the list lies within.
func (p *pages[F]) tabs(ctx context.Context, w *wording, s shownList, on schemas.On) ([]web.Tab, error) {
	out, at := []web.Tab{}, 0
	for i, v := range w.views(ctx, on) {
		l, err := p.find(ctx, app.ListQuery{Where: v.where, Archive: v.archived, Limit: 1, On: on})
		if err != nil {
			return nil, err
		}
		q := url.Values(v.where).Encode()
		if v.archived {
			q = "archived=1"
		}
		tab := web.Tab{Label: w.say("view." + v.key), Href: strings.TrimSuffix(p.path()+"?"+q, "?"), Count: web.Number(l.Total)}
		if v.within(s) && i > 0 {
			at = i
		}
		out = append(out, tab)
	}
	out[at].Current = true
	return out, nil
}

// within reports whether a list has the filters of the view.
func (v view) within(s shownList) bool {
	if v.archived != s.archived {
		return false
	}
	for name, codes := range v.where {
		have := slices.Clone(s.Where[name])
		slices.Sort(have)
		want := slices.Clone(codes)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			return false
		}
	}
	return true
}

// born is the year of birth as a row shows it.
func (w *wording) born(year int) string {
	if year == 0 {
		return ""
	}
	return w.t("registry.born", strconv.Itoa(year))
}

func (w *wording) badge(taxonomy, code string) Cell {
	if code == "" {
		return Cell{Class: "is-side"}
	}
	return Cell{Text: w.code(taxonomy, code), Tone: w.tierTone(code), Class: "is-side"}
}

// stageCell is a stage and how long it has lasted.
func (w *wording) stageCell(c *card) Cell {
	list := stageList(c.Track)
	out := Cell{Text: w.code(list, c.Stage), Tone: stageTone(w.term(list, c.Stage)), Dot: true, Class: "is-state"}
	if c.StageSince.Valid() {
		if days := int(w.app.Today().Time().Sub(c.StageSince.Time()).Hours() / 24); days > 0 {
			out.Note = w.t("registry.days", days)
		}
	}
	return out
}
