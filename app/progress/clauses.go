package progress

import (
	"slices"
	"strconv"

	"qunxian/schemas"
)

// Terms is what counting reads of the taxonomies, as they are at one (asOf,
// knownAt): the leading tiers and the stages that count.
type Terms struct {
	leading, counting map[string][]string // codes by taxonomy
}

// TermsOf reads taxonomies.
func TermsOf(taxonomies []schemas.Taxonomy) *Terms {
	t := &Terms{map[string][]string{}, map[string][]string{}}
	for i := range taxonomies {
		tax := &taxonomies[i]
		for j := range tax.Terms {
			if term := &tax.Terms[j]; term.Leading {
				t.leading[tax.ID] = append(t.leading[tax.ID], term.ID)
			}
			if term := &tax.Terms[j]; term.Counts {
				t.counting[tax.ID] = append(t.counting[tax.ID], term.ID)
			}
		}
	}
	return t
}

// stagesOf is the taxonomy of a track's stages.
func stagesOf(track string) string { return "stage-" + track }

// The fields that clauses read beside the one they name.
const (
	fieldTrack     = "track"
	fieldMode      = "mode"
	fieldArchived  = "archivedOn"
	fieldVerified  = "achievementVerified"
	fieldServed    = "serviceFrom"
	fieldDays      = "serviceDays"
	fieldIntegrity = "integrity"
	fieldAgreement = "agreement"
	fieldRepaired  = "integrityRepaired"
	fieldLead      = "leadTalent"
	fieldMember    = "memberTalent"
)

// check is a clause made ready to be judged.
type check struct {
	schemas.Clause
	values   []string
	from, to string // the fields between whose dates an item is valid
	terms    *Terms
}

func newCheck(c schemas.Clause, terms *Terms) check {
	k := check{Clause: c, values: c.Values, terms: terms}
	switch c.Kind {
	case schemas.ClauseLeading:
		k.values = terms.leading[c.Taxonomy]
	case schemas.ClauseAgreement:
		k.from, k.to = fieldAgreement+"From", fieldAgreement+"To"
	case schemas.ClauseIntegrity:
		k.from, k.to = fieldIntegrity+"From", fieldIntegrity+"To"
	case schemas.ClauseHeld:
		k.from, k.to = c.Field+"From", c.Field+"To"
	case schemas.ClausePresent:
		k.Field = fieldArchived
	case schemas.ClauseVerified:
		k.Field = fieldVerified
	}
	return k
}

// moment is a day as known at an instant.
type moment struct {
	day int32
	at  int64
}

// met judges the clause on a record's spans. A kind that is not known is never
// met, so that a rule of a newer version counts nobody by mistake.
func (c *check) met(spans []Span, m moment) bool {
	switch c.Kind {
	case schemas.ClauseCodes:
		return c.hasCode(spans, m) != c.Not
	case schemas.ClauseLeading:
		return (len(c.values) > 0 && c.hasCode(spans, m)) != c.Not
	case schemas.ClauseCounts:
		return c.stageCounts(spans, m) != c.Not
	case schemas.ClauseAgreement:
		some, covered := c.covered(spans, m)
		return (covered || !some && !c.Required) != c.Not
	case schemas.ClauseHeld:
		return c.held(spans, m) != c.Not
	case schemas.ClauseService:
		exempt := len(c.values) > 0 && !holdsAny(spans, fieldMode, c.values, m)
		return (exempt || served(spans, m) >= c.N) != c.Not
	case schemas.ClauseIntegrity:
		return !c.sanctioned(spans, m) != c.Not
	case schemas.ClausePresent:
		return !archived(spans, m) != c.Not
	case schemas.ClauseVerified:
		return float64(len(codesOf(spans, c.Field, m))) >= max(c.N, 1) != c.Not
	case schemas.ClauseNumber:
		return c.inRange(spans, m) != c.Not
	}
	return false
}

func (c *check) hasCode(spans []Span, m moment) bool { return holdsAny(spans, c.Field, c.values, m) }

// holdsAny reports whether a field has one of the codes, or any where none are
// given.
func holdsAny(spans []Span, field string, codes []string, m moment) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field == field && s.Holds(m.day, m.at) && (len(codes) == 0 || slices.Contains(codes, s.Code)) {
			return true
		}
	}
	return false
}

// codesOf lists the codes of a field, one per item.
func codesOf(spans []Span, field string, m moment) []string {
	var out []string
	for i := range spans {
		if s := &spans[i]; s.Field == field && s.Holds(m.day, m.at) {
			out = append(out, s.Code)
		}
	}
	slices.Sort(out)
	return out
}

func (c *check) stageCounts(spans []Span, m moment) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field == fieldTrack && s.Holds(m.day, m.at) {
			if codes := c.terms.counting[stagesOf(s.Code)]; len(codes) > 0 && holdsAny(spans, c.Field, codes, m) {
				return true
			}
		}
	}
	return false
}

// covered reports whether there is an item with a date, and whether one is
// valid on the day. Its last day is included.
func (c *check) covered(spans []Span, m moment) (some, covered bool) {
	for i := range spans {
		s := &spans[i]
		if (s.Field == c.from || s.Field == c.to) && s.Holds(m.day, m.at) {
			some = true
			if c.valid(spans, s.Item, m) {
				return true, true
			}
		}
	}
	return some, false
}

func (c *check) held(spans []Span, m moment) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field == c.Field && slices.Contains(c.values, s.Code) && s.Holds(m.day, m.at) && c.valid(spans, s.Item, m) {
			return true
		}
	}
	return false
}

func (c *check) valid(spans []Span, item string, m moment) bool {
	for i := range spans {
		s := &spans[i]
		switch {
		case s.Item != item || !s.Holds(m.day, m.at):
		case s.Field == c.from && DayOf(schemas.Date(s.Code)) > m.day,
			s.Field == c.to && DayOf(schemas.Date(s.Code)) < m.day:
			return false
		}
	}
	return true
}

// sanctioned reports whether a decision is in force that is not 已修复.
func (c *check) sanctioned(spans []Span, m moment) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field != c.from || !s.Holds(m.day, m.at) || !c.valid(spans, s.Item, m) {
			continue
		}
		repaired := slices.ContainsFunc(spans, func(r Span) bool {
			return r.Field == fieldRepaired && r.Item == s.Item && r.Code == "true" && r.Holds(m.day, m.at)
		})
		if !repaired {
			return true
		}
	}
	return false
}

func archived(spans []Span, m moment) bool {
	for i := range spans {
		s := &spans[i]
		if s.Field == fieldArchived && s.Holds(m.day, m.at) && DayOf(schemas.Date(s.Code)) <= m.day {
			return true
		}
	}
	return false
}

// served sums the service days that began in the last 12 months.
func served(spans []Span, m moment) float64 {
	var sum float64
	for i := range spans {
		s := &spans[i]
		if s.Field != fieldServed || !s.Holds(m.day, m.at) {
			continue
		}
		if began := DayOf(schemas.Date(s.Code)); began > m.day || m.day >= yearLater(began) {
			continue
		}
		for j := range spans {
			if d := &spans[j]; d.Field == fieldDays && d.Item == s.Item && d.Holds(m.day, m.at) {
				n, _ := strconv.ParseFloat(d.Code, 64)
				sum += n
			}
		}
	}
	return sum
}

func (c *check) inRange(spans []Span, m moment) bool {
	for _, code := range codesOf(spans, c.Field, m) {
		v, err := strconv.ParseFloat(code, 64)
		if err == nil && (c.Min == nil || v >= *c.Min) && (c.Max == nil || v <= *c.Max) {
			return true
		}
	}
	return false
}

// Verdict is how one clause was judged on one record. Text is a key of the
// locales; Got is what the record has and Want what the clause asks for, as
// codes, dates or numbers.
type Verdict struct {
	Clause string   `json:"clause"`
	AnyOf  string   `json:"anyOf,omitempty"`
	Case   string   `json:"case,omitempty"`
	Text   string   `json:"text"`
	Field  string   `json:"field,omitempty"`
	Got    []string `json:"got,omitempty"`
	Want   []string `json:"want,omitempty"`
	Ever   bool     `json:"ever,omitempty"`
	Met    bool     `json:"met"`
}

func (c *check) verdict(spans []Span, m moment, met bool) Verdict {
	v := Verdict{Clause: c.ID, AnyOf: c.AnyOf, Case: c.Case, Text: "clause." + c.Kind, Field: c.Field, Want: c.values, Ever: c.Ever, Met: met}
	if c.Not {
		v.Text += ".not"
	}
	switch c.Kind {
	case schemas.ClauseAgreement, schemas.ClauseHeld:
		v.Got = codesOf(spans, c.to, m)
	case schemas.ClauseIntegrity:
		v.Got = codesOf(spans, c.from, m)
	case schemas.ClauseService:
		v.Got, v.Want = []string{text(served(spans, m))}, []string{text(c.N)}
	case schemas.ClauseVerified:
		v.Got, v.Want = []string{text(float64(len(codesOf(spans, c.Field, m))))}, []string{text(max(c.N, 1))}
	case schemas.ClauseNumber:
		v.Got, v.Want = codesOf(spans, c.Field, m), []string{bound(c.Min), bound(c.Max)}
	case schemas.ClauseCounts:
		v.Got = codesOf(spans, c.Field, m)
		for _, track := range codesOf(spans, fieldTrack, m) {
			v.Want = append(v.Want, c.terms.counting[stagesOf(track)]...)
		}
	default:
		v.Got = codesOf(spans, c.Field, m)
	}
	return v
}

func text(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func bound(v *float64) string {
	if v == nil {
		return ""
	}
	return text(*v)
}
