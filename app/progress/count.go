package progress

import (
	"slices"
	"strings"

	"qunxian/schemas"
)

// Query asks for a count on a day, as known at an instant. The parts are the
// collections of one target, weighed in order: what an earlier part counts, a
// later one leaves out, and with it the teams of a person who is counted.
type Query struct {
	Parts   []Part
	Terms   *Terms
	Period  Period
	AsOf    schemas.Date
	KnownAt schemas.Time
}

// Part is one collection and the rule that counts it.
type Part struct {
	Rule    *schemas.RuleFields
	Records []RecordFacts
}

// RecordFacts is what counting reads of a record.
type RecordFacts struct {
	ID    string
	Spans []Span
}

// Result is a count with its reasons. Ids are sorted.
type Result struct {
	N         int            `json:"n"`
	Counted   []string       `json:"counted"`
	Excluded  []Excluded     `json:"excluded"`
	PerClause map[string]int `json:"perClause"` // how many candidates fail each clause
}

// Excluded is a candidate that does not count, and every clause that it fails.
type Excluded struct {
	ID     string    `json:"id"`
	Failed []Verdict `json:"failed"`
}

// The clauses that every rule has without saying so.
const (
	inPeriod = "period" // a cumulative rule was met, but not within the period
	noDouble = "double" // the target counts this record, its lead or a member already
)

// Count weighs the records of a query. The same query gives the same result.
func Count(q Query) Result {
	at, day := known(q.KnownAt), DayOf(q.AsOf)
	rules := make([]*rule, len(q.Parts))
	holders := make([][]int, len(q.Parts))
	var out Result
	for p, part := range q.Parts {
		r := newRule(part.Rule, q.Terms, q.Period, at)
		rules[p] = r
		for i := range part.Records {
			if r.cumulative && !r.possible(part.Records[i].Spans) {
				continue
			}
			v := view{spans: part.Records[i].Spans}
			weighed := r.weighed(&v, day)
			if weighed && !r.cumulative && r.all(r.counts, &v, day) || r.cumulative && r.counted(&v, day) {
				holders[p] = append(holders[p], i)
				continue
			}
			if !weighed {
				continue
			}
			failed := r.failed(r.counts, &v, day)
			if len(failed) == 0 {
				failed = []Verdict{{Clause: inPeriod, Text: "clause." + inPeriod, Want: []string{string(q.Period.From), string(q.Period.To)}}}
			}
			out.Excluded = append(out.Excluded, Excluded{part.Records[i].ID, failed})
		}
	}
	counted, doubles := settle(q.Parts, rules, holders, day)
	out.Counted, out.N = counted, len(counted)
	slices.Sort(out.Counted)
	out.Excluded = append(out.Excluded, doubles...)
	slices.SortFunc(out.Excluded, func(a, b Excluded) int { return strings.Compare(a.ID, b.ID) })
	out.PerClause = map[string]int{}
	for _, e := range out.Excluded {
		for _, f := range e.Failed {
			out.PerClause[f.Clause]++
		}
	}
	return out
}

// settle decides between records that would count one thing twice: of those
// that hold their rule, the first by id counts. It sorts holders.
func settle(parts []Part, rules []*rule, holders [][]int, day int32) (counted []string, doubles []Excluded) {
	taken := map[string]bool{}
	for p, part := range parts {
		r := rules[p]
		slices.SortFunc(holders[p], func(a, b int) int { return strings.Compare(part.Records[a].ID, part.Records[b].ID) })
		used := map[string]bool{}
		from := len(counted)
		for _, i := range holders[p] {
			rec, m := &part.Records[i], moment{day, r.at}
			if by := takenBy(rec, taken, m); by != "" {
				doubles = append(doubles, Excluded{rec.ID, []Verdict{{Clause: noDouble, Text: "clause." + noDouble, Got: []string{by}}}})
				continue
			}
			if r.unique != nil {
				if key := codesOf(rec.Spans, r.unique.Field, m); len(key) > 0 {
					if used[key[0]] {
						doubles = append(doubles, Excluded{rec.ID, []Verdict{r.unique.verdict(rec.Spans, m, false)}})
						continue
					}
					used[key[0]] = true
				}
			}
			counted = append(counted, rec.ID)
		}
		if p+1 < len(parts) {
			for _, id := range counted[from:] {
				taken[id] = true
			}
		}
	}
	return counted, doubles
}

// takenBy is the id by which the target counts a record already, or "".
func takenBy(rec *RecordFacts, taken map[string]bool, m moment) string {
	if len(taken) == 0 {
		return ""
	}
	if taken[rec.ID] {
		return rec.ID
	}
	for _, field := range []string{fieldLead, fieldMember} {
		for _, id := range codesOf(rec.Spans, field, m) {
			if taken[id] {
				return id
			}
		}
	}
	return ""
}

// Explain judges one record by every clause of the query's first rule, met or
// not, in reading order: first what makes a candidate, then what counts.
func Explain(q Query, spans []Span) []Verdict {
	r := newRule(q.Parts[0].Rule, q.Terms, q.Period, known(q.KnownAt))
	v, day := view{spans: spans}, DayOf(q.AsOf)
	var out []Verdict
	for _, part := range [][]condition{r.candidates, r.standing, r.counts} {
		for _, c := range part {
			for _, way := range c.ways {
				for i := range way {
					out = append(out, way[i].verdict(spans, moment{day, r.at}, r.met(&way[i], &v, day)))
				}
			}
		}
	}
	return out
}

// Difference is what two counts of the same day do not share.
type Difference struct {
	OnlyA []string `json:"onlyA"`
	OnlyB []string `json:"onlyB"`
}

// Compare lists whom one result counts and the other does not.
func Compare(a, b Result) Difference {
	return Difference{without(a.Counted, b.Counted), without(b.Counted, a.Counted)}
}

func without(ids, others []string) []string {
	has := map[string]bool{}
	for _, id := range others {
		has[id] = true
	}
	var out []string
	for _, id := range ids {
		if !has[id] {
			out = append(out, id)
		}
	}
	return out
}
