package web

import (
	"reflect"
	"strings"
	"unicode"
)

// Option is one choice of a select or of radios.
type Option struct {
	Value, Label string
	Disabled     bool
}

// Field is one labelled input with its hint and its error. The error is the frame's message for the name unless given.
type Field struct {
	Frame
	Name, Label, Hint, Error   string
	Value                      any
	Type, Placeholder, Pattern string
	Autocomplete, Inputmode    string
	Accept, Suffix, Blank      string // Blank: the words of a select's empty choice
	Check                      string // a path asked with the form after each change; its answer is shown below
	Min, Max, Step             string
	MaxLength, Rows, Span      int // Span: columns of twelve in a form grid
	Required, ReadOnly         bool
	Disabled, Autofocus        bool
	Multiple, Private          bool // Private: never kept in a draft
	Options                    []Option
	Suggest                    []string
}

// Field makes the components "field", "date", "textarea", "select", "radios" and "checkbox". For a checkbox, Value is
// true or false.
func (f Frame) Field(name, key string, options ...any) (Field, error) {
	c := Field{Frame: f, Name: name, Error: f.Errors[name], Type: "text", Rows: 4}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// ID is the id of the input; its hint and error have -hint and -error after it.
func (f Field) ID() string {
	return "f-" + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, f.Name)
}

// Describes lists the ids of the hint and the error, for aria-describedby.
func (f Field) Describes() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Text is the value as the input shows it; nil is empty.
func (f Field) Text() string {
	v := reflect.ValueOf(f.Value)
	switch {
	case !v.IsValid():
		return ""
	case v.Kind() == reflect.String:
		return v.String()
	case isNumber(f.Value):
		return strings.ReplaceAll(strings.ReplaceAll(Number(f.Value), ",", ""), "−", "-")
	}
	return strings.TrimSpace(Number(f.Value))
}

// Has tells whether a choice is chosen: equal to the value, one of the values, or a checkbox that is on.
func (f Field) Has(choice string) bool {
	v := reflect.ValueOf(f.Value)
	if v.IsValid() && v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.String && v.Index(i).String() == choice {
				return true
			}
		}
		return false
	}
	return f.Text() == choice
}

// Problems is the list of what is wrong above a refused form, each a link to its field.
type Problems struct {
	Frame
	Items []Problem
}

// Problem is one message and the field it belongs to; Name may be empty.
type Problem struct {
	Name, Label, Text string
}

// Problems makes the component "problems", which is empty when there are none.
func (f Frame) Problems(items []Problem) Problems { return Problems{f, items} }

// ID is the id of the field the problem belongs to.
func (p Problem) ID() string { return Field{Name: p.Name}.ID() }
