package progress

import "qunxian/schemas"

// Point is the count on one day.
type Point struct {
	Day schemas.Date `json:"day"`
	N   int          `json:"n"`
}

// Series is the burn-up: the count on each of the days, which are sorted, as
// known at the query's instant and by its terms. Each point equals Count with
// that day as AsOf; a record is judged again only where one of its facts
// changes.
func Series(q Query, days []schemas.Date) []Point {
	out := make([]Point, len(days))
	at := known(q.KnownAt)
	rules := make([]*rule, len(q.Parts))
	holders := make([][][]int, len(days)) // by day, part
	numbers := make([]int32, len(days))
	for d, day := range days {
		out[d].Day, numbers[d] = day, DayOf(day)
		holders[d] = make([][]int, len(q.Parts))
	}
	for p, part := range q.Parts {
		r := newRule(part.Rule, q.Terms, q.Period, at)
		rules[p] = r
		for i := range part.Records {
			if !r.possible(part.Records[i].Spans) {
				continue
			}
			r.each(part.Records[i].Spans, numbers, func(d int) { holders[d][p] = append(holders[d][p], i) })
		}
	}
	for d := range days {
		if len(q.Parts) == 1 && rules[0].unique == nil {
			out[d].N = len(holders[d][0])
			continue
		}
		counted, _ := settle(q.Parts, rules, holders[d], numbers[d])
		out[d].N = len(counted)
	}
	return out
}

// each calls yes with the place of every day on which the record counts.
func (r *rule) each(spans []Span, days []int32, yes func(int)) {
	v := view{spans: spans}
	changes := r.changes(&v)
	next, judged, counts := 0, false, false
	for d, day := range days {
		for next < len(changes) && changes[next] <= day {
			next++
			judged = false
		}
		if !judged {
			judged, counts = true, r.counted(&v, day)
		}
		if counts {
			yes(d)
		}
	}
}
