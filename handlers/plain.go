package handlers

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"qunxian/schemas"
	"qunxian/web"
)

// What the pages of the small nouns share: targets, lists of codes, users, settings.

// addressOf is a path with the parameters that are not empty.
func addressOf(path string, params map[string]string) string {
	v := url.Values{}
	for name, value := range params {
		set(v, name, value)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// byLeaf names the fields of a refused item as its form does: measures/3/value is value.
func byLeaf(err error) error {
	return refields(err, func(f *schemas.FieldError) { f.Field = f.Field[strings.LastIndexByte(f.Field, '/')+1:] })
}

// renamed gives a refused field another name.
func renamed(err error, from, to string) error {
	return refields(err, func(f *schemas.FieldError) {
		if f.Field == from {
			f.Field = to
		}
	})
}

func refields(err error, change func(*schemas.FieldError)) error {
	var refused *schemas.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	own := *refused
	own.Fields = append([]schemas.FieldError(nil), refused.Fields...)
	for i := range own.Fields {
		change(&own.Fields[i])
	}
	return &own
}

// listedChanges is how many changes of one entry a page lists.
const listedChanges = 6

// plainEvents is the history of a small document, the newest first. Labels are the texts <noun>.field.<name>, else the names
// themselves.
func (w *wording) plainEvents(entries []schemas.Entry, noun string) []web.Event {
	out := make([]web.Event, 0, len(entries))
	for i := range entries {
		e := entries[len(entries)-1-i]
		event := web.Event{At: e.RecordedAt.Time, Title: w.actionName(e.Action), Text: e.Reason, Actor: w.person(e.Actor), Icon: "edit", Tone: "blue"}
		if e.EffectiveOn != schemas.DateOf(e.RecordedAt.Time) && e.Action != schemas.ActCreate {
			event.Day = string(e.EffectiveOn)
		}
		if e.Action == schemas.ActCreate {
			event.Icon, event.Tone = "plus", "teal"
		} else {
			for _, c := range e.Changes[:min(listedChanges, len(e.Changes))] {
				event.Changes = append(event.Changes, web.Change{Label: w.leafName(noun, c.Path), From: leafText(c.From), To: leafText(c.To)})
			}
			if more := len(e.Changes) - listedChanges; more > 0 {
				event.Text = strings.TrimSpace(event.Text + " " + w.t("registry.changes.more", more))
			}
		}
		out = append(out, event)
	}
	return out
}

func (w *wording) actionName(action string) string {
	if key := "registry.action." + action; web.HasText(key) {
		return w.t(key)
	}
	if key := "action." + action; web.HasText(key) {
		return w.t(key)
	}
	return action
}

// leafName is what a leaf is called: of an item's leaf the list and the field, such as 目标值 · 截止日期.
func (w *wording) leafName(noun, path string) string {
	parts := strings.Split(path, "/")
	word := func(name string) string {
		if key := noun + ".field." + name; web.HasText(key) {
			return w.t(key)
		}
		return name
	}
	if len(parts) == 3 {
		return word(parts[0]) + " " + parts[1] + " · " + word(parts[2])
	}
	return word(parts[len(parts)-1])
}

func leafText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = fmt.Sprint(v[i])
		}
		return strings.Join(parts, " ")
	}
	return fmt.Sprint(v)
}
