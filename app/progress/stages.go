package progress

import (
	"cmp"
	"fmt"
	"slices"

	"qunxian/schemas"
)

// Move is one step of a record to a stage.
type Move struct {
	Stage string
	On    schemas.Date
}

// IllegalMove is the error of a sequence of stages that its list does not
// allow: the step from From to To on On. An empty From means the first step.
type IllegalMove struct {
	From, To string
	On       schemas.Date
}

func (e *IllegalMove) Error() string {
	return fmt.Sprintf("progress: no move from stage %q to %q on %s", e.From, e.To, e.On)
}

// Legal checks a sequence of moves against the list's Next codes and returns
// *IllegalMove for the first step that is not allowed. Any stage may be the
// first, as registers begin with people who are already on their way; staying
// where one is is no step.
func Legal(stages []schemas.Term, moves []Move) error {
	var at *schemas.Term
	from := ""
	for _, m := range moves {
		i := slices.IndexFunc(stages, func(t schemas.Term) bool { return t.ID == m.Stage })
		if i < 0 || at != nil && m.Stage != from && !slices.Contains(at.Next, m.Stage) {
			return &IllegalMove{from, m.Stage, m.On}
		}
		at, from = &stages[i], m.Stage
	}
	return nil
}

// Moves returns the steps that a history replays to, as known at an instant, in
// the order of (EffectiveOn, Seq), since the record's track was last changed.
func Moves(entries []schemas.Entry, knownAt schemas.Time) []Move {
	live := Live(entries, knownAt)
	slices.SortStableFunc(live, func(a, b schemas.Entry) int {
		return cmp.Or(cmp.Compare(a.EffectiveOn, b.EffectiveOn), cmp.Compare(a.Seq, b.Seq))
	})
	var out []Move
	track := ""
	for _, e := range live {
		stage := ""
		for _, c := range e.Changes {
			to, _ := c.To.(string)
			switch {
			case c.Path == "stage":
				stage = to
			case c.Path == "track" && to != track:
				track, out = to, nil
			}
		}
		if stage != "" {
			out = append(out, Move{stage, e.EffectiveOn})
		}
	}
	return out
}
