package handlers

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"qunxian/app"
	"qunxian/schemas"
)

// Cards is one page of a registry as programs read it: ready cards, the total of the whole answer, and the cursor of the
// page after. Facets come where facets=1 asks for them, hits where a search text was given.
type Cards struct {
	Items  []json.RawMessage  `json:"items"`
	Total  int                `json:"total"`
	Next   string             `json:"next,omitempty"`
	Facets []app.Facet        `json:"facets,omitempty"`
	Hits   map[string]app.Hit `json:"hits,omitempty"`
}

// AppendJSON appends the page with its cards as they are stored.
func (c *Cards) AppendJSON(b []byte) []byte {
	b = append(b, `{"items":[`...)
	for i, card := range c.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, card...)
	}
	b = append(b, `],"total":`...)
	b = strconv.AppendInt(b, int64(c.Total), 10)
	if c.Next != "" {
		b = append(b, `,"next":`...)
		b = strconv.AppendQuote(b, c.Next)
	}
	b = appendPart(b, "facets", c.Facets, len(c.Facets))
	b = appendPart(b, "hits", c.Hits, len(c.Hits))
	return append(b, '}')
}

func appendPart(b []byte, name string, v any, n int) []byte {
	if n == 0 {
		return b
	}
	text, err := json.Marshal(v)
	if err != nil {
		return b // strings and numbers: it cannot fail
	}
	return append(append(append(b, `,"`...), name+`":`...), text...)
}

// lister is the app's list of one noun.
type lister func(context.Context, app.ListQuery) (*app.List, error)

// cards answers a list request of a program.
func (h *Handlers) cards(ctx context.Context, rows schemas.Catalogue, q ListQuery, archived bool, list lister) (*Cards, error) {
	ask, err := asked(ctx, rows, q, archived)
	if err != nil {
		return nil, err
	}
	if q.Facets {
		ask.Facets = counted(rows, ask.On)
	}
	l, err := list(ctx, ask)
	if err != nil {
		return nil, err
	}
	out := &Cards{Items: make([]json.RawMessage, len(l.Cards)), Total: l.Total, Next: nextOf(l, q), Facets: l.Facets, Hits: visibleHits(rows, ask.On, l.Hits)}
	for i, card := range l.Cards {
		if out.Items[i] = card; len(q.Fields) > 0 {
			if out.Items[i], err = project(card, q.Fields); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// asked is a list request in the words of the app. A reader may filter and sort only by what their cards show: a filter
// by a hidden field would tell it.
func asked(ctx context.Context, rows schemas.Catalogue, q ListQuery, archived bool) (app.ListQuery, error) {
	out := app.ListQuery{Q: q.Q, Where: q.Where, Ranges: map[string]app.Range{}, Sort: q.Sort, Desc: q.Desc, Limit: q.Limit, Archive: archived, On: readerOf(ctx)}
	if q.After != nil {
		out.After = q.After.Key
	}
	for name, r := range q.Ranges {
		out.Ranges[name] = app.Range(r)
	}
	if out.On == schemas.Staff {
		return out, nil
	}
	names := []string{q.Sort}
	for name := range q.Where {
		names = append(names, name)
	}
	for name := range q.Ranges {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name != "" && name != "updatedAt" && !visible(rows, out.On, name) {
			return out, schemas.InvalidField(name, "unknown", "")
		}
	}
	return out, nil
}

// readerOf is whose cards the actor sees.
func readerOf(ctx context.Context) schemas.On {
	if a, ok := app.ActorOf(ctx); ok && a.User != nil && a.User.Staff() {
		return schemas.Staff
	}
	return schemas.Viewer
}

// mayWrite reports whether the actor is an officer.
func mayWrite(ctx context.Context) bool {
	a, ok := app.ActorOf(ctx)
	return ok && a.User != nil && a.User.Is(schemas.Officer)
}

// visible reports whether a field stands on the cards of on. Staff see every field.
func visible(rows schemas.Catalogue, on schemas.On, name string) bool {
	f := rows.Named(name)
	return on == schemas.Staff || f != nil && f.Card&on != 0
}

// counted are the fields that a list counts: those with few values.
func counted(rows schemas.Catalogue, on schemas.On) []string {
	var out []string
	for _, f := range rows {
		few := f.Kind == schemas.Coded || f.Kind == schemas.YesNo || f.Name == "unit" || f.Name == "tags" || f.Name == "owner"
		if f.Facet && few && visible(rows, on, f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}

// visibleHits leaves out what was found in fields that the reader may not see.
func visibleHits(rows schemas.Catalogue, on schemas.On, hits map[string]app.Hit) map[string]app.Hit {
	for id, hit := range hits {
		if !visible(rows, on, hit.Field) {
			delete(hits, id)
		}
	}
	return hits
}

// nextOf is the cursor of the page after, made for the order of the request.
func nextOf(l *app.List, q ListQuery) string {
	if l.Next == "" {
		return ""
	}
	order := q.Sort
	if q.Desc {
		order = "-" + order
	}
	return Cursor{Order: order, Key: l.Next}.String()
}

// project keeps the id, the version and the named fields of a card, in that order.
func project(card []byte, fields []string) (json.RawMessage, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(card, &whole); err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, name := range append([]string{"id", "version"}, fields...) {
		v, ok := whole[name]
		if !ok {
			continue
		}
		delete(whole, name) // a field that is named twice stands once
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(name) + ":" + string(v))
	}
	return json.RawMessage("{" + b.String() + "}"), nil
}
