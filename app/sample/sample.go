// Package sample makes a plainly fictional city: talents, teams and enterprises
// with their histories, for the demo and for the benchmarks. The same options
// give the same records, one at a time, each made without the ones before it.
// No record is anyone's: all carry the tag 示例, phones come from a range that
// is not issued, and nobody has an ID number.
package sample

import (
	"iter"

	"qunxian/schemas"
)

// Tag is what every record carries.
const Tag = "示例"

// Options say how large the city is and when its history ends.
type Options struct {
	Seed        uint64
	Today       schemas.Date // the last day; nothing is recorded after it
	Months      int          // how long ago the register began; 0 is 24
	Talents     int
	Teams       int
	Enterprises int
	Owners      []string // ids of users, who own records and write entries; none leaves both empty
	Bench       bool     // 10 entries, 6 custom fields, 8 achievements and half of the bios, of 300 characters
}

// Demo is the city of the demo: two years up to a day.
func Demo(seed uint64, today schemas.Date) Options {
	return Options{Seed: seed, Today: today, Months: 24, Talents: 300, Teams: 60, Enterprises: 25}
}

// Bench is the city of the benchmarks with n talents, and teams of 5 for half
// of them.
func Bench(seed uint64, today schemas.Date, n int) Options {
	return Options{Seed: seed, Today: today, Months: 24, Talents: n, Teams: n / 10, Enterprises: max(25, n/50), Bench: true}
}

// Record is one document as its writers made it. The first step creates it with
// Fields at Stage; the later ones set what they say. Steps stand in the order
// of At, so that their place from 1 is the entry's Seq.
type Record[T any] struct {
	ID     string // a ULID of the first step's instant
	Fields T
	Stage  string // at the first step; empty for enterprises
	Steps  []Step
}

// The records of the three collections. K3 values are plain text, to be sealed
// by who stores them.
type (
	Person = Record[schemas.TalentFields]
	Group  = Record[schemas.TeamFields]
	Firm   = Record[schemas.EnterpriseFields]
)

// Step is one entry to be. Set holds the leaves that it sets (stage and
// archivedOn among them); nil clears one.
type Step struct {
	At      schemas.Time // recorded; rises from step to step
	On      schemas.Date // effective: never after the day of At
	Actor   string
	Action  string
	Reason  string
	Details map[string]string // of a move to 评审中 or 公示中
	Set     schemas.Leaves
	Undoes  int64 // the seq that an undo takes back
}

// Stage is where a move leads, or "".
func (s *Step) Stage() string {
	stage, _ := s.Set["stage"].(string)
	return stage
}

// Talents makes the talents in the order of their registration.
func Talents(o Options) iter.Seq[Person] {
	c := newCity(o)
	return each(o.Talents, c.person)
}

// Teams makes the teams in the order of their registration; leads and members
// are talents of the same options, registered before their team. Each has a
// lead of its own, so there are no more teams than talents.
func Teams(o Options) iter.Seq[Group] {
	c := newCity(o)
	return each(min(o.Teams, o.Talents), c.group)
}

// Enterprises makes the firms in the order of their registration.
func Enterprises(o Options) iter.Seq[Firm] {
	c := newCity(o)
	return each(o.Enterprises, c.firm)
}

func each[T any](n int, make func(i int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n {
			if !yield(make(i)) {
				return
			}
		}
	}
}
