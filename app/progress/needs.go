package progress

import (
	"slices"

	"qunxian/schemas"
)

// Need is a code that a candidate must once have had: one of Codes in Field.
type Need struct {
	Field string
	Codes []string
}

// Needs lists what no candidate of a rule can lack, so that records without it
// need not be weighed.
func Needs(r *schemas.RuleFields, terms *Terms) []Need {
	var out []Need
	for _, c := range r.Candidates {
		if k := newCheck(c, terms); k.AnyOf == "" && !k.Not && (k.Kind == schemas.ClauseCodes || k.Kind == schemas.ClauseLeading) && len(k.values) > 0 {
			out = append(out, Need{k.Field, k.values})
		}
	}
	return out
}

// Reads lists the fields whose spans a rule can look at, sorted.
func Reads(r *schemas.RuleFields) []string {
	k := newRule(r, &Terms{}, Period{}, 0)
	out := []string{fieldLead, fieldMember, fieldArchived}
	for field := range k.dated {
		out = append(out, field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
