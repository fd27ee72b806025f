package app

import (
	"qunxian/app/facets"
	"qunxian/app/progress"
	"qunxian/schemas"
)

// facts are the spans of the records that a rule can weigh: those that once
// had each code that its candidates must have.
func (l *listing) facts(rule *schemas.RuleFields, terms *progress.Terms) []progress.RecordFacts {
	var q facets.Query
	for _, need := range progress.Needs(rule, terms) {
		q.Where = append(q.Where, facets.Ever{Field: need.Field, Codes: need.Codes})
	}
	var out []progress.RecordFacts
	for ord, spans := range l.index.Spans(q, progress.Reads(rule)...) {
		id, ok := l.index.ID(ord)
		if !ok {
			continue
		}
		r := progress.RecordFacts{ID: id, Spans: make([]progress.Span, len(spans))}
		for i, s := range spans {
			r.Spans[i] = progress.Span(s)
		}
		out = append(out, r)
	}
	return out
}

// codesAsOf counts records by the code of a field on a day.
func (l *listing) codesAsOf(field string, ids []string, at When) map[string]int {
	out := map[string]int{}
	known := int64(facets.OpenKnown - 1)
	if !at.KnownAt.IsZero() {
		known = at.KnownAt.UnixMilli()
	}
	for code, set := range l.index.CodesAsOf(facets.Query{Where: []facets.Clause{facets.IDs(ids)}}, field, progress.DayOf(at.AsOf), known) {
		out[code] = int(set.GetCardinality())
	}
	return out
}

// teamLedBy is the live team that a talent leads, or "".
func (a *App) teamLedBy(talent string) string {
	page := a.teams.lists.index.Select(facets.Query{Where: []facets.Clause{facets.In{Field: "leadTalent", Codes: []string{talent}}, notArchived}, Limit: 1})
	if len(page.IDs) == 0 {
		return ""
	}
	return page.IDs[0]
}
