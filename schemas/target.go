package schemas

import (
	"reflect"
	"strconv"
)

// Target is a number to reach by a day, 目标.
type Target struct {
	Meta
	TargetFields
}

// The kinds of targets.
const (
	Stock      = "stock"      // 存量: how many there are on a day
	Cumulative = "cumulative" // 累计: how many since the period began
	Ratio      = "ratio"      // 比率
	Growth     = "growth"     // 增速, in % within the period
)

// The comparators of targets.
const (
	AtLeast  = ">="
	MoreThan = ">"
)

// The bindings of targets.
const (
	Expected = "expected" // 预期性
	Binding  = "binding"  // 约束性
)

// TargetFields is the part of a target that an admin may write. The value is
// counted from Collection by the rule RuleID, or is the latest of Measures
// where no collection is named.
type TargetFields struct {
	Name       string `json:"name" validate:"required,max=80"`
	NameEn     string `json:"nameEn,omitempty" validate:"max=160"`
	Order      int    `json:"order,omitempty"`
	Headline   bool   `json:"headline,omitempty"`                   // one of the numbers of 一句话口径
	Sample     bool   `json:"sample,omitempty"`                     // 示例
	Source     string `json:"source,omitempty" validate:"max=1000"` // the sentence that sets it
	Section    string `json:"section,omitempty" validate:"max=80"`  // where the sentence stands
	Unit       string `json:"unit" validate:"required,max=12"`      // 人, 个, 户, 项, 件, %
	UnitEn     string `json:"unitEn,omitempty" validate:"max=24"`
	Comparator string `json:"comparator" validate:"required,oneof=>= >"`
	Kind       string `json:"kind" validate:"required,oneof=stock cumulative ratio growth"`
	Binding    string `json:"binding,omitempty" validate:"omitempty,oneof=expected binding"`

	From           Date          `json:"from" validate:"required,day"`
	To             Date          `json:"to" validate:"required,day"`
	Baseline       *float64      `json:"baseline,omitempty"` // the value when the period began, where it is known
	BaselineSource string        `json:"baselineSource,omitempty" validate:"max=500"`
	Goals          []GoalVersion `json:"goals" validate:"required,min=1,max=40,dive"`
	Milestones     []Milestone   `json:"milestones,omitempty" validate:"max=60,dive"`
	Responsible    string        `json:"responsible,omitempty" validate:"max=80"` // 责任单位
	Breakdown      []Share       `json:"breakdown,omitempty" validate:"max=200,dive"`

	Collection string    `json:"collection,omitempty" validate:"omitempty,oneof=talents teams enterprises"`
	RuleID     string    `json:"ruleId,omitempty" validate:"required_with=Collection,max=40"`
	Also       []Counted `json:"also,omitempty" validate:"max=4,dive"`
	Measures   []Measure `json:"measures,omitempty" validate:"max=400,dive"`
	SubsetOf   string    `json:"subsetOf,omitempty" validate:"max=40"` // the target of which this is a part; never added to it
	Pending    string    `json:"pending,omitempty" validate:"max=120"` // 口径待定: what must be decided before it can be met
}

// GoalVersion is the value to reach by Deadline, in force from EffectiveFrom
// until the next version is.
type GoalVersion struct {
	ID            string  `json:"id" validate:"max=40"`
	Value         float64 `json:"value" validate:"min=0"`
	Deadline      Date    `json:"deadline" validate:"required,day"`
	EffectiveFrom Date    `json:"effectiveFrom" validate:"required,day"`
	Reason        string  `json:"reason,omitempty" validate:"max=300"`
}

// Milestone is a value to reach on the way.
type Milestone struct {
	ID    string  `json:"id" validate:"max=40"`
	On    Date    `json:"on" validate:"required,day"`
	Value float64 `json:"value" validate:"min=0"`
	Note  string  `json:"note,omitempty" validate:"max=200"`
}

// Share is the part of the goal that one code of a taxonomy is to bring.
type Share struct {
	ID       string  `json:"id" validate:"max=40"`
	Taxonomy string  `json:"taxonomy" validate:"required,max=40"`
	Code     string  `json:"code" validate:"required,max=40"`
	Value    float64 `json:"value" validate:"min=0"`
}

// Counted is a further collection that counts towards a target. A team whose
// lead or member the target already counts is left out.
type Counted struct {
	ID         string `json:"id" validate:"max=40"`
	Collection string `json:"collection" validate:"required,oneof=talents teams enterprises"`
	RuleID     string `json:"ruleId" validate:"required,max=40"`
}

// Measure is a value entered by hand: what it was on a day, and what shows it.
// Of a cumulative target it is the total since the period began.
type Measure struct {
	ID       string  `json:"id" validate:"max=40"`
	On       Date    `json:"on" validate:"required,day"`
	Value    float64 `json:"value"`
	Evidence string  `json:"evidence" validate:"required,max=300"`
	Note     string  `json:"note,omitempty" validate:"max=200"`
}

// TargetLists are the paths of a target that hold items.
var TargetLists = Lists(reflect.TypeFor[Target]())

// Conflicts are the fields that disagree with each other: a period that ends
// before it begins, and goals and milestones that lie out of it.
func (t *TargetFields) Conflicts() []FieldError {
	var out []FieldError
	if t.To < t.From {
		out = append(out, FieldError{"to", "notbefore", string(t.From)})
	}
	for i, g := range t.Goals {
		at := "goals/" + strconv.Itoa(i)
		if g.Deadline < g.EffectiveFrom {
			out = append(out, FieldError{at + "/deadline", "notbefore", string(g.EffectiveFrom)})
		}
		if g.Deadline <= t.From {
			out = append(out, FieldError{at + "/deadline", "after", string(t.From)})
		}
	}
	for i, m := range t.Milestones {
		if m.On < t.From || m.On > t.To {
			out = append(out, FieldError{"milestones/" + strconv.Itoa(i) + "/on", "period", string(t.From) + "/" + string(t.To)})
		}
	}
	return out
}
