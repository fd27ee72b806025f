package app

import (
	"cmp"
	"context"
	"slices"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// Ending is a counted record whose agreement ends soon: from then on the count
// is one less.
type Ending struct {
	Collection string       `json:"collection"`
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	To         schemas.Date `json:"to"`
	Target     string       `json:"target"`
}

// Ending returns the records in scope that the headline targets count today by
// an agreement that ends within so many days, the first to end first.
func (a *App) Ending(ctx context.Context, within int) ([]Ending, error) {
	today := a.Today()
	last := today.AddDays(within)
	out := []Ending{}
	for _, t := range a.targets.cached.all() {
		if !t.Headline || today < t.From || today > t.To {
			continue
		}
		q, err := a.countQuery(ctx, t, "", When{AsOf: today})
		if err != nil {
			return nil, err
		}
		names := a.namer(ctx, t)
		index := a.listing(t.Collection).index
		for _, id := range progress.Count(q).Counted {
			to := agreedUntil(index, id, progress.DayOf(today))
			if to == "" || to < today || to > last {
				continue
			}
			if name, ok := names(id); ok {
				out = append(out, Ending{t.Collection, id, name, to, t.ID})
			}
		}
	}
	slices.SortFunc(out, func(x, y Ending) int { return cmp.Or(cmp.Compare(x.To, y.To), cmp.Compare(x.ID, y.ID)) })
	return out, nil
}

// agreedUntil is the last day of a record's agreements, or "" where there is
// none or one without an end.
func agreedUntil(index *facets.Index, id string, day int32) schemas.Date {
	place, ok := index.Find(id)
	if !ok {
		return ""
	}
	from, to := map[string]bool{}, map[string]schemas.Date{}
	for _, s := range index.SpansOf(place.Ord) {
		span := progress.Span(s)
		if !span.Holds(day, facets.OpenKnown-1) {
			continue
		}
		switch s.Field {
		case "agreementFrom":
			from[s.Item] = true
		case "agreementTo":
			to[s.Item] = schemas.Date(s.Code)
		}
	}
	last := schemas.Date("")
	for _, end := range to {
		last = max(last, end)
	}
	for item := range from {
		if to[item] == "" {
			return ""
		}
	}
	return last
}
