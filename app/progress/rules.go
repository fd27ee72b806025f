package progress

import (
	"slices"
	"strings"

	"qunxian/schemas"
)

// Period is the time of a target, both days included.
type Period struct {
	From schemas.Date `json:"from"`
	To   schemas.Date `json:"to"`
}

// condition is met in any of its ways; a way is met when all its checks are. A
// plain clause is a condition with one way of one check.
type condition struct{ ways [][]check }

// rule is a counting rule made ready for one (period, knownAt).
type rule struct {
	cumulative         bool
	candidates, counts []condition
	standing           []condition // of a cumulative rule: what must hold on the day itself
	unique             *check
	dated              map[string]dating // the fields that are read, and how a code that is a day changes the answer
	first, last        int32             // of the period
	at                 int64
}

// dating says on which days the answer changes by the date that is a code.
type dating int

const (
	undated dating = iota
	begins         // on it
	ends           // on the day after it
	lasts          // on it and a year later
)

func newRule(r *schemas.RuleFields, terms *Terms, p Period, at int64) *rule {
	out := &rule{
		cumulative: r.Cumulative, dated: map[string]dating{fieldTrack: undated, fieldMode: undated},
		first: DayOf(p.From), last: DayOf(p.To), at: at,
	}
	if p.To == "" {
		out.last = OpenDay
	}
	out.candidates = out.conditions(r.Candidates, terms)
	out.counts = out.conditions(r.Counts, terms)
	return out
}

// conditions groups the clauses of one part, in the order of their ids. Those
// about the archive are judged on the day of the answer, whenever a cumulative
// rule was met; uniqueness is judged over all records.
func (r *rule) conditions(clauses []schemas.Clause, terms *Terms) []condition {
	clauses = slices.Clone(clauses)
	slices.SortStableFunc(clauses, func(a, b schemas.Clause) int { return strings.Compare(a.ID, b.ID) })
	var out []condition
	blocks := map[string]int{}
	cases := map[[2]string]int{}
	for _, c := range clauses {
		k := newCheck(c, terms)
		r.reads(&k)
		switch {
		case c.Kind == schemas.ClauseUnique:
			if r.unique == nil {
				r.unique = &k
			}
		case c.AnyOf == "" && c.Kind == schemas.ClausePresent && r.cumulative:
			r.standing = append(r.standing, condition{[][]check{{k}}})
		case c.AnyOf == "":
			out = append(out, condition{[][]check{{k}}})
		default:
			i, ok := blocks[c.AnyOf]
			if !ok {
				i = len(out)
				blocks[c.AnyOf] = i
				out = append(out, condition{})
			}
			// A clause without a case is a way of its own.
			way, ok := cases[[2]string{c.AnyOf, c.Case}]
			if !ok || c.Case == "" {
				way = len(out[i].ways)
				cases[[2]string{c.AnyOf, c.Case}] = way
				out[i].ways = append(out[i].ways, nil)
			}
			out[i].ways[way] = append(out[i].ways[way], k)
		}
	}
	return out
}

// reads notes the fields whose spans can change the clause's answer.
func (r *rule) reads(c *check) {
	if c.Field != "" {
		r.dated[c.Field] = undated
	}
	if c.from != "" {
		r.dated[c.from], r.dated[c.to] = begins, ends
	}
	switch c.Kind {
	case schemas.ClauseService:
		r.dated[fieldServed], r.dated[fieldDays] = lasts, undated
	case schemas.ClauseIntegrity:
		r.dated[fieldRepaired] = undated
	case schemas.ClausePresent:
		r.dated[fieldArchived] = begins
	}
}

// view is one record under judgement.
type view struct {
	spans []Span
	days  []int32 // on which the answer may change; made when first asked for
}

// changes returns the days on which a clause's answer may change, sorted, with
// the first day of the period among them.
func (r *rule) changes(v *view) []int32 {
	if v.days != nil {
		return v.days
	}
	days := []int32{r.first}
	for i := range v.spans {
		s := &v.spans[i]
		how, read := r.dated[s.Field]
		if !read || s.KnownFrom > r.at || r.at >= s.KnownTo {
			continue
		}
		days = append(days, s.From, s.To)
		if how == undated {
			continue
		}
		switch day := DayOf(schemas.Date(s.Code)); how {
		case begins:
			days = append(days, day)
		case ends:
			days = append(days, day+1)
		case lasts:
			days = append(days, day, yearLater(day))
		}
	}
	slices.Sort(days)
	v.days = slices.Compact(days)
	return v.days
}

// met judges one check on a day.
func (r *rule) met(c *check, v *view, day int32) bool {
	if !c.Ever {
		return c.met(v.spans, moment{day, r.at})
	}
	for _, d := range r.changes(v) {
		if d > min(day, r.last) {
			break
		}
		if d >= r.first && c.met(v.spans, moment{d, r.at}) {
			return true
		}
	}
	return false
}

func (r *rule) all(cs []condition, v *view, day int32) bool {
	for i := range cs {
		if !r.any(&cs[i], v, day) {
			return false
		}
	}
	return true
}

func (r *rule) any(c *condition, v *view, day int32) bool {
	for _, way := range c.ways {
		ok := true
		for i := range way {
			if ok = r.met(&way[i], v, day); !ok {
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// weighed reports whether the record is a candidate on the day.
func (r *rule) weighed(v *view, day int32) bool {
	return r.all(r.candidates, v, day) && r.all(r.standing, v, day)
}

// counted reports whether the record counts on the day, before other records
// are looked at.
func (r *rule) counted(v *view, day int32) bool {
	if !r.cumulative {
		return r.all(r.candidates, v, day) && r.all(r.counts, v, day)
	}
	return r.reached(v) <= day && r.all(r.standing, v, day)
}

// reached is the first day of the period on which a cumulative rule was met,
// or OpenDay.
func (r *rule) reached(v *view) int32 {
	for _, d := range r.changes(v) {
		if d > r.last {
			break
		}
		if d >= r.first && r.all(r.candidates, v, d) && r.all(r.counts, v, d) {
			return d
		}
	}
	return OpenDay
}

// possible is a quick no for most records: a candidate must once have had a
// code that a plain clause asks for.
func (r *rule) possible(spans []Span) bool {
	for i := range r.candidates {
		ways := r.candidates[i].ways
		if len(ways) != 1 || len(ways[0]) != 1 {
			continue
		}
		c := &ways[0][0]
		if c.Not || c.Kind != schemas.ClauseCodes && c.Kind != schemas.ClauseLeading {
			continue
		}
		if !c.everHad(spans) {
			return false
		}
	}
	return true
}

func (c *check) everHad(spans []Span) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field == c.Field && (slices.Contains(c.values, s.Code) || c.Kind == schemas.ClauseCodes && len(c.values) == 0) {
			return true
		}
	}
	return false
}

// failed lists the clauses that a record does not meet. Where a condition can
// be met in several ways, it is the way that lacks the fewest.
func (r *rule) failed(cs []condition, v *view, day int32) []Verdict {
	var out []Verdict
	for i := range cs {
		if r.any(&cs[i], v, day) {
			continue
		}
		var nearest []Verdict
		for _, way := range cs[i].ways {
			var lacks []Verdict
			for j := range way {
				if !r.met(&way[j], v, day) {
					lacks = append(lacks, way[j].verdict(v.spans, moment{day, r.at}, false))
				}
			}
			if nearest == nil || len(lacks) < len(nearest) {
				nearest = lacks
			}
		}
		out = append(out, nearest...)
	}
	return out
}
