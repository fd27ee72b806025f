package sample

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"qunxian/schemas"
)

// drafts gathers the entries of a record after its first.
type drafts struct {
	city  *city
	ch    *chance
	actor string
	since clock // nothing is recorded before it
	list  []Step
}

// update adds an entry that sets leaves from a day on.
func (d *drafts) update(on day, reason string, set schemas.Leaves) {
	d.add(Step{On: d.city.cal.date(on), Action: schemas.ActUpdate, Reason: reason, Set: set}, d.recorded(on))
}

// move adds a move to a stage.
func (d *drafts) move(on day, stage, reason string, details map[string]string) {
	d.add(Step{
		On: d.city.cal.date(on), Action: schemas.ActMove, Reason: reason, Details: details,
		Set: schemas.Leaves{"stage": stage},
	}, d.recorded(on))
}

// mistake adds a move that is taken back on the next day.
func (d *drafts) mistake(on day, stage string) {
	d.add(Step{
		On: d.city.cal.date(on), Action: schemas.ActMove, Reason: "已签署合作协议", Set: schemas.Leaves{"stage": stage},
	}, on.during(0.4))
	next := min(on+1, d.city.last)
	d.add(Step{
		On: d.city.cal.date(next), Action: schemas.ActUndo, Reason: "误操作：签约手续尚未办结，撤销上一条记录",
		Undoes: int64(len(d.list)), // its place among the drafts, until after knows its seq
	}, next.during(0.9))
}

func (d *drafts) add(s Step, at clock) {
	s.At, s.Actor = max(at, d.since).time(), d.actor
	d.list = append(d.list, s)
}

// recorded is when an entry of a day is written: mostly within days, of ten one
// weeks later, in office hours.
func (d *drafts) recorded(on day) clock {
	lag := 0
	switch k := d.ch.n(100); {
	case k < 8:
		lag = d.ch.from(14, 45)
	case k < 55:
		lag = d.ch.from(1, 4)
	}
	at := on + day(lag)
	if at != at.workday() {
		at = at.monday() + 7
	}
	return min(at, d.city.last).during(d.ch.unit())
}

// between is the least time between two entries of a record.
const between = 3 * time.Minute

// after appends the drafts to the steps in the order of their recording.
func (d *drafts) after(steps []Step) []Step {
	order := make([]int, len(d.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return d.list[a].At.Compare(d.list[b].At.Time) })
	steps = slices.Grow(steps, len(order))
	first := len(steps)
	for _, i := range order {
		s := d.list[i]
		if next := steps[len(steps)-1].At.Add(between); s.At.Before(next) {
			s.At = schemas.At(next)
		}
		if s.Undoes > 0 {
			s.Undoes = int64(slices.Index(order, int(s.Undoes)-1) + first + 1)
		}
		steps = append(steps, s)
	}
	return steps
}

// number is an integer as leaves hold it.
func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// list is a list of texts as leaves hold it.
func list(texts []string) []any {
	out := make([]any, len(texts))
	for i, s := range texts {
		out[i] = s
	}
	return out
}
