package schemas

import "reflect"

// Rule is a versioned counting rule, 口径: which records of a collection count
// towards a target. A change makes a new version; the old ones stay in history.
type Rule struct {
	Meta
	RuleFields
}

// RuleFields is the part of a counting rule that an admin may write. A record
// that holds every clause of Candidates is weighed; one that also holds every
// clause of Counts counts.
type RuleFields struct {
	Name       string   `json:"name" validate:"required,max=60"`
	NameEn     string   `json:"nameEn,omitempty" validate:"max=80"`
	Collection string   `json:"collection" validate:"required,oneof=talents teams enterprises"`
	Note       string   `json:"note,omitempty" validate:"max=500"`
	Presumed   bool     `json:"presumed,omitempty"`                  // 推定，待确认
	Reason     string   `json:"reason,omitempty" validate:"max=300"` // why this version was made
	Cumulative bool     `json:"cumulative,omitempty"`                // 累计: held on any day of the period
	Candidates []Clause `json:"candidates" validate:"required,min=1,max=40,dive"`
	Counts     []Clause `json:"counts" validate:"required,min=1,max=60,dive"`
}

// The kinds of clauses.
const (
	ClauseCodes     = "codes"     // Field has one of Values; no Values means any
	ClauseLeading   = "leading"   // Field's code is a leading tier of Taxonomy
	ClauseCounts    = "counts"    // the stage counts as 在库 on the record's track
	ClauseAgreement = "agreement" // an agreement covers the day; those without any pass unless Required
	ClauseHeld      = "held"      // an item with one of Values in Field is valid on the day, by FieldFrom and FieldTo
	ClauseService   = "service"   // at least N service days begun in the last 12 months, asked of the modes in Values
	ClauseIntegrity = "integrity" // no integrity decision in force
	ClausePresent   = "present"   // not archived
	ClauseVerified  = "verified"  // at least N achievements (1 where none is said) with verified evidence
	ClauseNumber    = "number"    // Field's number lies in Min to Max, both included
	ClauseUnique    = "unique"    // of the records with one value in Field, only the first counts
)

// Clause is one condition of a rule, over a record as of a day.
//
// Clauses that share AnyOf are one condition with several ways to meet it: a
// way is the clauses that share Case, and it is met when all of them hold.
// Clauses stand in the order of their ids.
type Clause struct {
	ID       string   `json:"id" validate:"required,code"`
	Kind     string   `json:"kind" validate:"required,oneof=codes leading counts agreement held service integrity present verified number unique"`
	Field    string   `json:"field,omitempty" validate:"required_if=Kind codes,required_if=Kind leading,required_if=Kind held,required_if=Kind number,required_if=Kind unique,max=60"`
	Taxonomy string   `json:"taxonomy,omitempty" validate:"required_if=Kind leading,max=40"`
	Values   []string `json:"values,omitempty" validate:"required_if=Kind held,max=200,dive,required,max=80"`
	N        float64  `json:"n,omitempty" validate:"required_if=Kind service,min=0,max=100000"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Not      bool     `json:"not,omitempty"`      // the clause must not hold
	Ever     bool     `json:"ever,omitempty"`     // held on any day of the period so far
	Required bool     `json:"required,omitempty"` // of an agreement: there must be one
	AnyOf    string   `json:"anyOf,omitempty" validate:"omitempty,code"`
	Case     string   `json:"case,omitempty" validate:"omitempty,code"`
	Note     string   `json:"note,omitempty" validate:"max=200"`
}

// RuleLists are the paths of a rule that hold items.
var RuleLists = Lists(reflect.TypeFor[Rule]())
