package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// Change is one record that changed lately.
type Change struct {
	Collection string       `json:"collection"`
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Stage      string       `json:"stage,omitempty"`
	Track      string       `json:"track,omitempty"`
	Version    int64        `json:"version"`
	At         schemas.Time `json:"at"`
}

// Recent returns the records that changed last, within the reader's scope.
func (a *App) Recent(ctx context.Context, limit int) ([]Change, error) {
	out := []Change{}
	for coll, list := range map[string]func(context.Context, ListQuery) (*List, error){
		schemas.Talents: a.ListTalents, schemas.Teams: a.ListTeams, schemas.Enterprises: a.ListEnterprises,
	} {
		l, err := list(ctx, ListQuery{Sort: "updatedAt", Desc: true, Limit: limit, On: schemas.Viewer})
		if err != nil {
			return nil, err
		}
		for i, card := range l.Cards {
			c := Change{Collection: coll, ID: l.IDs[i]}
			shown := struct {
				Name, Stage, Track string
				Version            int64
				UpdatedAt          schemas.Time
			}{}
			if err := json.Unmarshal(card, &shown); err != nil {
				return nil, err
			}
			c.Name, c.Stage, c.Track, c.Version, c.At = shown.Name, shown.Stage, shown.Track, shown.Version, shown.UpdatedAt
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y Change) int {
		return cmp.Or(y.At.Compare(x.At.Time), cmp.Compare(y.ID, x.ID))
	})
	return out[:min(limit, len(out))], nil
}

// Headline is the numbers of 一句话口径: how many of the headline targets of the
// day's period are reached, by track, and since a month before.
type Headline struct {
	AsOf       schemas.Date `json:"asOf"`
	Talents    int          `json:"talents"`
	Recruited  int          `json:"recruited"`
	Cultivated int          `json:"cultivated"`
	Teams      int          `json:"teams"`
	// Change is against the same day of the month before.
	TalentChange int    `json:"talentChange"`
	TeamChange   int    `json:"teamChange"`
	TalentTarget string `json:"talentTarget,omitempty"`
	TeamTarget   string `json:"teamTarget,omitempty"`
}

// Headline counts the headline targets whose period holds the day.
func (a *App) Headline(ctx context.Context, at When) (*Headline, error) {
	at, err := a.when(at)
	if err != nil {
		return nil, err
	}
	return remember(a, at, func() (*Headline, error) { return a.headline(ctx, at) })
}

func (a *App) headline(ctx context.Context, at When) (*Headline, error) {
	before := at
	before.AsOf = monthBefore(at.AsOf)
	out := &Headline{AsOf: at.AsOf}
	for _, t := range a.targets.cached.all() {
		if !t.Headline || at.AsOf < t.From || at.AsOf > t.To {
			continue
		}
		q, err := a.countQuery(ctx, t, "", at)
		if err != nil {
			return nil, err
		}
		now := progress.Count(q)
		q.AsOf = before.AsOf
		was := progress.Series(q, []schemas.Date{before.AsOf})[0].N
		switch t.Collection {
		case schemas.Talents:
			out.Talents, out.TalentChange, out.TalentTarget = now.N, now.N-was, t.ID
			tracks := a.listing(t.Collection).codesAsOf("track", now.Counted, at)
			out.Recruited, out.Cultivated = tracks["recruit"], tracks["cultivate"]
		case schemas.Teams:
			out.Teams, out.TeamChange, out.TeamTarget = now.N, now.N-was, t.ID
		}
	}
	return out, nil
}

// monthBefore is the same day of the month before, or its last one where it is
// shorter.
func monthBefore(day schemas.Date) schemas.Date {
	t := day.Time()
	last := t.AddDate(0, 0, -t.Day())
	return schemas.DateOf(last.AddDate(0, 0, min(t.Day()-last.Day(), 0)))
}

// HeatMap counts the live records in scope by the codes of two fields.
func (a *App) HeatMap(ctx context.Context, coll, row, column string) (facets.Table, error) {
	l := a.listing(coll)
	if l == nil || l.shape.rows.Named(row) == nil || l.shape.rows.Named(column) == nil {
		return facets.Table{}, notFound()
	}
	return l.index.Cross(facets.Query{Where: []facets.Clause{notArchived}, Scope: scopeClause(ctx)}, row, column), nil
}
