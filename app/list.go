package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"qunxian/app/facets"
	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
)

// notArchived keeps archived and merged records out of lists and counts.
var notArchived = facets.Not{Clause: archived}

var archived = facets.In{Field: "archived", Codes: []string{"true"}}

// scopeClause is the reader's scope: one more AND of every question to the
// index. Nil is everything.
func scopeClause(ctx context.Context) facets.Clause {
	s := scopeOf(ctx)
	if s.All {
		return nil
	}
	return facets.Any{
		facets.In{Field: "region", Codes: s.Regions},
		facets.In{Field: "unit", Codes: s.Units},
		facets.In{Field: "owner", Codes: []string{s.Owner}},
	}
}

// list answers a question to a large collection: the page, its total and its
// facets are of one and the same set, and each record is within scope.
func (d *documents[T, P]) list(ctx context.Context, q ListQuery) (*List, error) {
	question, hits, terms, err := d.question(ctx, q)
	if err != nil {
		return nil, err
	}
	page, counts := d.lists.index.List(question, q.Facets...)
	out := &List{IDs: page.IDs, Total: page.Total}
	if page.Next != nil {
		next, err := page.Next.MarshalText()
		if err != nil {
			return nil, err
		}
		out.Next = string(next)
	}
	for _, f := range q.Facets {
		if f := d.facet(counts[f], q, f); f != nil {
			out.Facets = append(out.Facets, *f)
		}
	}
	if hits != nil {
		out.Hits, err = d.hits(ctx, out, terms, q.On)
		if err != nil {
			return nil, err
		}
	}
	out.Cards, err = d.cardsOf(ctx, out.IDs, q.On)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// question turns a list query into one of the index.
func (d *documents[T, P]) question(ctx context.Context, q ListQuery) (facets.Query, *facets.Hits, []text.Term, error) {
	out := facets.Query{Scope: scopeClause(ctx), Limit: pageLimit(q.Limit), Sort: facets.Sort{Field: q.Sort, Desc: q.Desc}}
	out.Where = append(out.Where, notArchived)
	if q.Archive {
		out.Where[0] = archived
	}
	names := d.app.Names(d.shape.coll)
	for _, field := range sortedKeys(q.Where) {
		if !names.Filters(field) {
			return out, nil, nil, invalid(field, "unknown", "")
		}
		codes, err := d.withChildren(field, q.Where[field])
		if err != nil {
			return out, nil, nil, err
		}
		out.Where = append(out.Where, facets.In{Field: field, Codes: codes})
	}
	for _, field := range sortedKeys(q.Ranges) {
		c, err := names.between(field, q.Ranges[field])
		if err != nil {
			return out, nil, nil, err
		}
		out.Where = append(out.Where, c)
	}
	switch {
	case q.Sort == "" && q.Q == "":
		out.Sort = facets.Sort{Field: "updatedAt", Desc: true}
	case q.Sort == "":
		out.Sort.Field = facets.Relevance
	case !names.Sorts(q.Sort):
		return out, nil, nil, invalid("sort", "unknown", q.Sort)
	}
	if q.After != "" {
		out.After = new(facets.Cursor)
		if err := out.After.UnmarshalText([]byte(q.After)); err != nil {
			return out, nil, nil, invalid("cursor", "cursor", "")
		}
	}
	if strings.TrimSpace(q.Q) == "" {
		if out.Sort.Field == facets.Relevance {
			out.Sort = facets.Sort{Field: "updatedAt", Desc: true}
		}
		return out, nil, nil, nil
	}
	terms, err := text.ParseQuery(q.Q)
	if err != nil {
		return out, nil, nil, invalid("q", "query", strconv.Itoa(text.MaxQuery))
	}
	hits, err := d.lists.index.Search(ctx, d.request(terms, q.On))
	if err != nil {
		return out, nil, nil, known(err)
	}
	if joined, ok := text.JoinSounds(terms); ok && hits.Count() == 0 {
		terms = joined
		if hits, err = d.lists.index.Search(ctx, d.request(terms, q.On)); err != nil {
			return out, nil, nil, known(err)
		}
	}
	out.Where = append(out.Where, facets.Text{Hits: hits})
	return out, hits, terms, nil
}

// withChildren adds the codes below the given ones: who asks for 正高级 finds
// 教授 too. A code that no list has is refused.
func (d *documents[T, P]) withChildren(field string, codes []string) ([]string, error) {
	f := d.shape.rows.Named(field)
	if f == nil || f.Kind != schemas.Coded {
		return codes, nil
	}
	lists := []string{f.Taxonomy}
	if field == "stage" {
		lists = []string{schemas.TaxStageRecruit, schemas.TaxStageCultivate}
	}
	out := slices.Clone(codes)
	for i := 0; i < len(out); i++ {
		known := out[i] == ""
		for _, list := range lists {
			t := d.app.taxonomies.cached.get(list)
			if t == nil {
				return codes, nil
			}
			for _, term := range t.Terms {
				known = known || term.ID == out[i]
				if term.Parent == out[i] && out[i] != "" && !slices.Contains(out, term.ID) {
					out = append(out, term.ID)
				}
			}
		}
		if !known {
			return nil, invalid(field, "term", f.Taxonomy)
		}
	}
	return out, nil
}

// facet shows the counts of one field. Values that are filtered by stand in it also when
// they count nothing.
func (d *documents[T, P]) facet(counts []facets.Bucket, q ListQuery, field string) *Facet {
	f := d.shape.rows.Named(field)
	custom := strings.HasPrefix(field, "attributes.")
	if !custom && (f == nil || !f.Facet) {
		return nil
	}
	out := &Facet{Field: field, Values: []Bucket{}}
	if f != nil {
		out.Taxonomy = f.Taxonomy
	}
	taken := q.Where[field]
	for _, b := range counts {
		out.Values = append(out.Values, Bucket{b.Code, b.N, slices.Contains(taken, b.Code)})
	}
	for _, code := range taken {
		if !slices.ContainsFunc(out.Values, func(b Bucket) bool { return b.Code == code }) {
			out.Values = append(out.Values, Bucket{Code: code, Taken: true})
		}
	}
	return out
}

// cardsOf reads ready cards in the order of ids.
func (d *documents[T, P]) cardsOf(ctx context.Context, ids []string, on schemas.On) ([][]byte, error) {
	part := map[schemas.On]store.Part{schemas.Staff: store.StaffCard, schemas.Viewer: store.ViewerCard}[on]
	if part == 0 {
		part = store.MaskedCard
	}
	return d.lists.cards.of(ids, part, func(missing []string) (map[string]store.Record, error) {
		return d.lists.records(ctx, missing, part)
	})
}

// records reads the parts of a page's records by id.
func (l *listing) records(ctx context.Context, ids []string, parts store.Part) (map[string]store.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	out := make(map[string]store.Record, len(ids))
	err := l.app.store.Find(ctx, l.shape.coll, byIDs(ids, parts),
		func(r store.Record) error { out[r.ID] = r; return nil })
	return out, known(err)
}
