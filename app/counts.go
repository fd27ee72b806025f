package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sort"

	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
	"qunxian/store"
)

// TargetCount is a count and its reasons. Numbers are city-wide, as target
// totals are; the records are those in the reader's scope, a page of each list.
type TargetCount struct {
	Target      string           `json:"target"`
	Rule        string           `json:"rule"`
	AsOf        schemas.Date     `json:"asOf"`
	KnownAt     schemas.Time     `json:"knownAt"`
	N           int              `json:"n"`
	Goal        *float64         `json:"goal,omitempty"`
	PerClause   map[string]int   `json:"perClause"` // how many candidates fail each clause
	Counted     []CountedRecord  `json:"counted"`
	Excluded    []ExcludedRecord `json:"excluded"`
	Candidates  int              `json:"candidates"`
	Hidden      int              `json:"hidden,omitempty"`      // how many of those who count are beyond the reader's scope
	Next        string           `json:"next,omitempty"`        // the cursor of the next page of excluded
	NextCounted string           `json:"nextCounted,omitempty"` // that of the next page of counted
}

// CountedRecord is a record that counts.
type CountedRecord struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ExcludedRecord is a candidate that does not count, with every clause it
// fails.
type ExcludedRecord struct {
	CountedRecord
	Failed []progress.Verdict `json:"failed"`
}

// CountQuestion asks for a count. The cursors are the last ids of the pages
// before; of those who count a page has Members, a thousand where none is said.
type CountQuestion struct {
	When
	Rule    string
	Cursor  string // of the excluded
	Limit   int    // how many excluded
	Counted string // of those who count
	Members int    // how many of those who count
}

const mostMembers = 1000

// CountTarget counts a target on a day, with whom it counts and whom not, and
// why not.
func (a *App) CountTarget(ctx context.Context, id string, question CountQuestion) (*TargetCount, error) {
	at, err := a.when(question.When)
	if err != nil {
		return nil, err
	}
	t, r, err := a.countOf(ctx, id, question.Rule, at)
	if err != nil {
		return nil, err
	}
	out := &TargetCount{
		Target: id, Rule: cmp.Or(question.Rule, t.RuleID), AsOf: at.AsOf, KnownAt: at.KnownAt, N: r.N, PerClause: r.PerClause,
		Excluded: []ExcludedRecord{}, Candidates: r.N + len(r.Excluded),
	}
	if out.KnownAt.IsZero() {
		out.KnownAt = a.now()
	}
	if g, ok := progress.GoalOn(&t.TargetFields, at.AsOf); ok {
		out.Goal = &g.Value
	}
	counted := a.inScope(ctx, t, r.Counted)
	out.Hidden = r.N - len(counted)
	members := min(question.Members, mostMembers)
	if members <= 0 {
		members = mostMembers
	}
	counted, out.NextCounted = pageAfter(counted, question.Counted, members)
	if out.Counted, err = a.recordNames(ctx, t, counted); err != nil {
		return nil, err
	}
	ids := make([]string, len(r.Excluded))
	for i := range r.Excluded {
		ids[i] = r.Excluded[i].ID
	}
	ids, out.Next = pageAfter(a.inScope(ctx, t, ids), question.Cursor, pageLimit(question.Limit))
	names, err := a.recordNames(ctx, t, ids)
	for _, n := range names {
		e, _ := excludedOf(r, n.ID)
		out.Excluded = append(out.Excluded, ExcludedRecord{n, e.Failed})
	}
	return out, err
}

// Weighed is what a target's rule says of one record on a day. A record that
// neither counts nor fails a clause is no candidate.
type Weighed struct {
	Counts bool
	Failed []progress.Verdict
}

// WeighRecord says of one record whether a target counts it today, and which
// clauses it fails. That the record is in scope is for the caller to know.
func (a *App) WeighRecord(ctx context.Context, target, record string) (*Weighed, error) {
	_, r, err := a.countOf(ctx, target, "", When{AsOf: a.Today()})
	if err != nil {
		return nil, err
	}
	_, counts := slices.BinarySearch(r.Counted, record)
	e, _ := excludedOf(r, record)
	return &Weighed{counts, e.Failed}, nil
}

// OnlyCounted is whom one rule counts and another does not: how many in the
// reader's scope, and the first of them by id.
type OnlyCounted struct {
	N       int
	Records []CountedRecord
}

// CountDifference is whom a target's own rule counts on a day and another rule
// does not, and the other way round, with the first few of each.
func (a *App) CountDifference(ctx context.Context, id, rule string, at When, few int) (own, other OnlyCounted, err error) {
	if at, err = a.when(at); err != nil {
		return own, other, err
	}
	t, mine, err := a.countOf(ctx, id, "", at)
	if err != nil {
		return own, other, err
	}
	_, its, err := a.countOf(ctx, id, rule, at)
	if err != nil {
		return own, other, err
	}
	first := func(ids []string) (OnlyCounted, error) {
		ids = a.inScope(ctx, t, ids)
		page, _ := pageAfter(ids, "", few)
		records, err := a.recordNames(ctx, t, page)
		return OnlyCounted{len(ids), records}, err
	}
	d := progress.Compare(mine, its)
	if own, err = first(d.OnlyA); err != nil {
		return own, other, err
	}
	other, err = first(d.OnlyB)
	return own, other, err
}

// countOf is the whole count of a target that counts records.
func (a *App) countOf(ctx context.Context, id, rule string, at When) (*schemas.Target, progress.Result, error) {
	t := a.targets.cached.get(id)
	switch {
	case t == nil:
		return nil, progress.Result{}, notFound()
	case t.Collection == "":
		return nil, progress.Result{}, &schemas.Error{Code: schemas.Conflict, Message: "error.not_counted"}
	}
	type count struct {
		target, rule string
		at           When
	}
	r, err := remember(a, count{id, cmp.Or(rule, t.RuleID), at}, func() (progress.Result, error) {
		q, err := a.countQuery(ctx, t, rule, at)
		if err != nil {
			return progress.Result{}, err
		}
		return progress.Count(q), nil
	})
	return t, r, err
}

func excludedOf(r progress.Result, id string) (progress.Excluded, bool) {
	i, ok := slices.BinarySearchFunc(r.Excluded, id, func(e progress.Excluded, id string) int { return cmp.Compare(e.ID, id) })
	if !ok {
		return progress.Excluded{}, false
	}
	return r.Excluded[i], true
}

// pageAfter is the page of sorted ids behind a cursor, and the next cursor.
func pageAfter(ids []string, cursor string, limit int) (page []string, next string) {
	from := sort.Search(len(ids), func(i int) bool { return ids[i] > cursor })
	page = ids[from:]
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1]
	}
	return page, next
}

// collectionsOf are the collections that a target counts.
func collectionsOf(t *schemas.Target) []string {
	out := []string{t.Collection}
	for _, c := range t.Also {
		out = append(out, c.Collection)
	}
	return out
}

// inScope are those of a target's records that the reader may see.
func (a *App) inScope(ctx context.Context, t *schemas.Target, ids []string) []string {
	scope := scopeClause(ctx)
	if scope == nil {
		return ids
	}
	var seen []string
	for _, coll := range collectionsOf(t) {
		seen = append(seen, a.listing(coll).index.Among(ids, facets.Query{Scope: scope})...)
	}
	slices.Sort(seen)
	return seen
}

// recordNames are the records of a target with their names, in the order of ids.
func (a *App) recordNames(ctx context.Context, t *schemas.Target, ids []string) ([]CountedRecord, error) {
	out := make([]CountedRecord, 0, len(ids))
	for _, coll := range collectionsOf(t) {
		l := a.listing(coll)
		var own []string
		for _, id := range ids {
			if _, ok := l.index.Find(id); ok {
				own = append(own, id)
			}
		}
		cards, err := l.cards.of(own, store.ViewerCard, func(missing []string) (map[string]store.Record, error) {
			return l.records(ctx, missing, store.ViewerCard)
		})
		if err != nil {
			return nil, err
		}
		for i, card := range cards {
			shown := struct{ Name string }{}
			if err := json.Unmarshal(card, &shown); err != nil {
				return nil, err
			}
			out = append(out, CountedRecord{own[i], shown.Name})
		}
	}
	slices.SortFunc(out, func(x, y CountedRecord) int { return cmp.Compare(x.ID, y.ID) })
	return out, nil
}
