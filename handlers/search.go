package handlers

import (
	"context"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
)

func (h *Handlers) searchRoutes() []Route {
	return []Route{
		{"GET", "/search", "searchPage", staff.or(viewer), "Finds talents, teams and enterprises.", page("search", h.searchPage)},
	}
}

// SearchPage is what a search text finds in each registry.
type SearchPage struct {
	Q      string
	Groups []SearchGroup
}

// SearchGroup is the first records of one registry; Href is the whole list.
type SearchGroup struct {
	Noun, Icon, Href string
	Columns          []Column
	Rows             []Row
	Total            int
}

type askSearch struct {
	Q string `query:"q"`
}

// searchRows is how many records of each registry a search of everything shows.
const searchRows = 8

func (h *Handlers) searchPage(ctx context.Context, in *askSearch) (SearchPage, error) {
	page := SearchPage{Q: strings.TrimSpace(in.Q)}
	if len([]rune(page.Q)) > maxQ {
		return page, schemas.InvalidField("q", "max.length", strconv.Itoa(maxQ))
	}
	if page.Q == "" {
		return page, nil
	}
	for _, search := range []func(context.Context, string) (SearchGroup, error){h.talentPages().found, h.teamPages().found, h.enterprisePages().found} {
		g, err := search(ctx, page.Q)
		if err != nil {
			return page, err
		}
		if g.Total > 0 {
			page.Groups = append(page.Groups, g)
		}
	}
	return page, nil
}

// found are the first records that a search text finds.
func (p *pages[F]) found(ctx context.Context, q string) (SearchGroup, error) {
	w, err := p.h.wording(ctx, p.noun)
	if err != nil {
		return SearchGroup{}, err
	}
	on := readerOf(ctx)
	l, err := p.find(ctx, app.ListQuery{Q: q, Limit: searchRows, On: on})
	if err != nil {
		return SearchGroup{}, err
	}
	s := shownList{ListQuery: ListQuery{Q: q}, path: p.path()}
	g := SearchGroup{Noun: p.coll, Icon: p.icon, Href: s.href(), Columns: w.columns(s), Total: l.Total}
	g.Rows, err = p.rowsOf(w, l, visibleHits(p.noun.rows, on, l.Hits))
	return g, err
}
