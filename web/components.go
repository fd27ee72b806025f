package web

import (
	"fmt"
	"html/template"
	"reflect"
)

var functions = template.FuncMap{"asset": Asset, "icon": Icon}

// fill sets the fields of a component from pairs of name and value, and refuses what the component does not have.
func fill(component any, options []any) error {
	v := reflect.ValueOf(component).Elem()
	if len(options)%2 != 0 {
		return fmt.Errorf("web: %s: options come in pairs of name and value", v.Type().Name())
	}
	for i := 0; i < len(options); i += 2 {
		name, _ := options[i].(string)
		field := v.FieldByName(name)
		if !field.IsValid() || name == "Frame" {
			return fmt.Errorf("web: %s has no option %q", v.Type().Name(), options[i])
		}
		value := reflect.ValueOf(options[i+1])
		switch {
		case !value.IsValid():
			field.SetZero()
		case value.Type().AssignableTo(field.Type()):
			field.Set(value)
		case value.Kind() == field.Kind() && value.CanConvert(field.Type()):
			field.Set(value.Convert(field.Type()))
		default:
			return fmt.Errorf("web: %s.%s takes %s, not %s", v.Type().Name(), name, field.Type(), value.Type())
		}
	}
	return nil
}

// caption is the text of a key, or the label where there is no key.
func (f Frame) caption(key, label string) string {
	if key == "" {
		return label
	}
	return f.T(key)
}

// Head is the top of a page: trail, title, a line below, and whatever stands between "head" and "/head" as actions.
type Head struct {
	Frame
	Label, Sub string
	Crumbs     []Crumb
}

// Crumb is one step of the trail above a title.
type Crumb struct {
	Label, Href string
}

// Head makes the component "head" … "/head".
func (f Frame) Head(key string, options ...any) (Head, error) {
	c := Head{Frame: f}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Card is a white box with a title; Span is its width in twelfths of the grid, Fill lets its list take all the height.
type Card struct {
	Frame
	Label, Sub, ID string
	More, MoreHref string // a link at the right of the title
	Span           int
	Fill           bool
}

// Card makes the component "card" … "/card"; with neither key nor Label it has no title.
func (f Frame) Card(key string, options ...any) (Card, error) {
	c := Card{Frame: f}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Button is a link when it has Href, a button otherwise. Kind is primary, ghost or danger, or empty for the plain one.
type Button struct {
	Frame
	Label, Icon, Kind, Href     string
	Name, Value, Form, ID       string
	Open, Copy                  string // the id of a dialog to open, of an element whose text to copy
	Small, IconOnly, Print      bool
	Disabled, Button, HideLabel bool // Button: does not submit its form; HideLabel: the icon alone on a phone
}

// Button makes the component "button".
func (f Frame) Button(key string, options ...any) (Button, error) {
	c := Button{Frame: f}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Classes are the classes of the button.
func (b Button) Classes() string {
	classes := "q-btn"
	if b.Kind != "" {
		classes += " q-btn-" + b.Kind
	}
	if b.Small {
		classes += " q-btn-small"
	}
	if b.IconOnly {
		classes += " q-btn-icon"
	}
	if b.HideLabel {
		classes += " q-btn-phone-icon"
	}
	return classes
}

// Stat is one figure with its caption; Change is what it gained or lost, coloured by Tone.
type Stat struct {
	Frame
	Label, Value, Note, Change, Tone, Href, Icon string
}

// Stat makes the component "stat".
func (f Frame) Stat(key, value string, options ...any) (Stat, error) {
	c := Stat{Frame: f, Value: value}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Banner is a line across the page; Tone is one of the tones.
type Banner struct {
	Frame
	Label, Tone, Icon, Href, More string
}

// Banner makes the component "banner"; the key banner.unclassified is the line that forms and imports must show.
func (f Frame) Banner(key string, options ...any) (Banner, error) {
	c := Banner{Frame: f, Tone: "blue", Icon: "info-circle"}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Empty says that there is nothing to show, why, and offers two ways out.
type Empty struct {
	Frame
	Label, Text, Icon     string
	First, FirstHref      string
	Second, SecondHref    string
	FirstIcon, SecondIcon string
}

// Empty makes the component "empty".
func (f Frame) Empty(key string, options ...any) (Empty, error) {
	c := Empty{Frame: f, Icon: "search"}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Progress is a bar of Done out of Total; with Poll the element asks that path again each second until the answer comes
// without it.
type Progress struct {
	Frame
	Label, Tone, Poll, ID string
	Done, Total           int
}

// Progress makes the component "progress".
func (f Frame) Progress(key string, done, total int, options ...any) (Progress, error) {
	c := Progress{Frame: f, Done: done, Total: total, ID: "progress", Tone: "blue"}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Percent is how far it is, 0 to 100; a total of 0 is 0.
func (p Progress) Percent() int { return percent(p.Done, p.Total) }

func percent(part, whole int) int {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return min(100, part*100/whole)
}

// Dialog is a modal window with a title; a button with Open and its id opens it. A page that must work without JavaScript
// gives that button an Href to a page with the same form.
type Dialog struct {
	Frame
	ID, Label string
	Wide      bool
}

// Dialog makes the component "dialog" … "/dialog".
func (f Frame) Dialog(id, key string, options ...any) (Dialog, error) {
	c := Dialog{Frame: f, ID: id}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}

// Menu is a button that unfolds a list of links and buttons, without JavaScript too.
type Menu struct {
	Frame
	Label, Icon, Kind string
	IconOnly          bool
}

// Menu makes the component "menu" … "/menu".
func (f Frame) Menu(key string, options ...any) (Menu, error) {
	c := Menu{Frame: f, Icon: "dots", Kind: "ghost"}
	err := fill(&c, options)
	c.Label = f.caption(key, c.Label)
	return c, err
}
