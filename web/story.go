package web

import "time"

// Event is one thing that happened to a record. Day is the business day where it differs from when it was written down.
type Event struct {
	At                time.Time
	Day               string
	Title, Text       string
	Actor, Icon, Tone string
	Changes           []Change
	Undo              string // a path a POST undoes it at, or empty
	Undone            bool
}

// Change is a field's value before and after; an empty side is shown as a dash.
type Change struct {
	Label, From, To string
}

// Timeline is the history of a record, newest first.
type Timeline struct {
	Frame
	Events []Event
}

// Timeline makes the component "timeline".
func (f Frame) Timeline(events []Event) Timeline { return Timeline{f, events} }

// Fact is one line of a record: its name and value. A masked one has Reveal, the path a POST shows it at, which is logged.
type Fact struct {
	Label, Value, Note string
	Href, Reveal       string
}

// Facts is a list of names and values.
type Facts struct {
	Frame
	Items []Fact
}

// Facts makes the component "facts".
func (f Frame) Facts(items []Fact) Facts { return Facts{f, items} }

// Sentence is a line meant to be passed on, such as 一句话口径, with a button that copies it.
type Sentence struct {
	Frame
	ID, Text string
}

// Sentence makes the component "sentence".
func (f Frame) Sentence(id, text string) Sentence { return Sentence{f, id, text} }
