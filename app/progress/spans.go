package progress

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"qunxian/schemas"
)

// Span says that a field of a record had a code on the days From to To, as far
// as was known from KnownFrom to KnownTo. Days count from 1970-01-01, instants
// are Unix milliseconds; the ends are exclusive, open ones OpenDay, OpenKnown.
// Item is the id of the array item that the field belongs to.
type Span struct {
	Field, Item, Code  string
	From, To           int32
	KnownFrom, KnownTo int64
}

// Holds reports whether the span is true on a day as known at an instant.
func (s *Span) Holds(day int32, at int64) bool {
	return s.From <= day && day < s.To && s.KnownFrom <= at && at < s.KnownTo
}

// Facts tells whether a leaf's path is a fact, and which field and item it is.
type Facts func(path string) (field, item string, ok bool)

// FactsOf returns the facts of a catalogue and of the custom fields with the
// given keys, whose field is attributes.<key>.
func FactsOf(c schemas.Catalogue, custom ...string) Facts {
	type row struct{ list, leaf string }
	plain, items := map[string]string{}, map[row]string{}
	for _, f := range c {
		if !f.Fact {
			continue
		}
		if list, leaf, ok := strings.Cut(f.Path, "/*/"); ok {
			items[row{list, leaf}] = f.Name
		} else {
			plain[f.Path] = f.Name
		}
	}
	for _, key := range custom {
		plain["attributes/"+key] = "attributes." + key
	}
	return func(path string) (string, string, bool) {
		if field, ok := plain[path]; ok {
			return field, "", true
		}
		list, rest, ok := strings.Cut(path, "/")
		if !ok {
			return "", "", false
		}
		item, leaf, ok := strings.Cut(rest, "/")
		if !ok {
			return "", "", false
		}
		field, ok := items[row{list, leaf}]
		return field, item, ok
	}
}

// event is one setting of a fact.
type event struct {
	path, field, item string
	codes             []string // none: cleared
	day               int32
	entry             int
}

// Spans derives the dated spans of a history's facts: on every day, as known at
// every instant, the spans that hold are exactly the values that Replay gives.
// A list of scalars has one span per element.
func Spans(entries []schemas.Entry, facts Facts) []Span {
	var events []event
	var codes []string
	for i := range entries {
		e := &entries[i]
		if e.Action == schemas.ActUndo {
			continue
		}
		day := DayOf(e.EffectiveOn)
		for _, c := range e.Changes {
			field, item, ok := facts(c.Path)
			if !ok {
				continue
			}
			from := len(codes)
			codes = appendCodes(codes, c.To)
			events = append(events, event{c.Path, field, item, codes[from:len(codes):len(codes)], day, i})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(strings.Compare(a.path, b.path), cmp.Compare(a.day, b.day), cmp.Compare(a.entry, b.entry))
	})
	files := onFile(entries)
	out := make([]Span, 0, len(events))
	for len(events) > 0 {
		n := 1
		for n < len(events) && events[n].path == events[0].path {
			n++
		}
		out = pathSpans(out, events[:n], files)
		events = events[n:]
	}
	return out
}

// appendCodes adds the codes of a leaf's value.
func appendCodes(out []string, v any) []string {
	switch v := v.(type) {
	case string:
		if v != "" {
			out = append(out, v)
		}
	case bool:
		out = append(out, strconv.FormatBool(v))
	case json.Number:
		out = append(out, v.String())
	case float64:
		out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
	case int:
		out = append(out, strconv.Itoa(v))
	case int64:
		out = append(out, strconv.FormatInt(v, 10))
	case []string:
		out = append(out, v...)
	case []any:
		for _, e := range v {
			out = appendCodes(out, e)
		}
	}
	return out
}

// reading is a time in which replay reads an entry: from its recording, or from
// the undoing of its undo, to the next undo.
type reading struct{ from, to int64 }

// onFile gives, for each entry, when replay reads it.
func onFile(entries []schemas.Entry) [][]reading {
	out := make([][]reading, len(entries))
	one := make([]reading, len(entries))
	undone := false
	for i := range entries {
		one[i] = reading{entries[i].RecordedAt.UnixMilli(), OpenKnown}
		out[i] = one[i : i+1 : i+1]
		undone = undone || entries[i].Action == schemas.ActUndo
	}
	if !undone {
		return out
	}
	clear(out)
	instants := make([]int64, len(entries))
	for i := range entries {
		instants[i] = one[i].from
	}
	slices.Sort(instants)
	instants = slices.Compact(instants)
	for k, at := range instants {
		next := OpenKnown
		if k+1 < len(instants) {
			next = instants[k+1]
		}
		for i, ok := range holding(entries, at) {
			if !ok {
				continue
			}
			if last := len(out[i]) - 1; last >= 0 && out[i][last].to == at {
				out[i][last].to = next
			} else {
				out[i] = append(out[i], reading{at, next})
			}
		}
	}
	return out
}

// pathSpans adds the spans of one path's events, which are in (day, seq) order.
func pathSpans(out []Span, events []event, files [][]reading) []Span {
	if len(events) == 1 {
		for _, p := range files[events[0].entry] {
			out = appendSpans(out, stretch{&events[0], events[0].day, OpenDay, p.from}, p.to)
		}
		return out
	}
	var instants []int64
	for i := range events {
		for _, p := range files[events[i].entry] {
			instants = append(instants, p.from, p.to)
		}
	}
	slices.Sort(instants)
	instants = slices.Compact(instants)
	var open, now []stretch
	for _, at := range instants {
		now = timeline(now[:0], events, files, at)
		kept := open[:0]
		for _, s := range open {
			if i := slices.IndexFunc(now, s.same); i >= 0 {
				kept = append(kept, s)
				now = slices.Delete(now, i, i+1)
			} else {
				out = appendSpans(out, s, at)
			}
		}
		open = append(kept, now...)
	}
	for _, s := range open {
		out = appendSpans(out, s, OpenKnown)
	}
	return out
}

// stretch is a value over days, known from an instant on.
type stretch struct {
	event     *event
	from, to  int32
	knownFrom int64
}

func (s stretch) same(t stretch) bool {
	return s.from == t.from && s.to == t.to && slices.Equal(s.event.codes, t.event.codes)
}

// timeline adds the values of a path over all days, as known at an instant.
func timeline(out []stretch, events []event, files [][]reading, at int64) []stretch {
	for i := range events {
		e := &events[i]
		if !slices.ContainsFunc(files[e.entry], func(p reading) bool { return p.from <= at && at < p.to }) {
			continue
		}
		if n := len(out); n > 0 {
			last := &out[n-1]
			if slices.Equal(last.event.codes, e.codes) {
				continue
			}
			last.to = e.day
			if last.from == last.to {
				out = out[:n-1]
			}
		}
		if n := len(out); n > 0 && out[n-1].to == e.day && slices.Equal(out[n-1].event.codes, e.codes) {
			out[n-1].to = OpenDay
			continue
		}
		out = append(out, stretch{e, e.day, OpenDay, at})
	}
	return out
}

func appendSpans(out []Span, s stretch, knownTo int64) []Span {
	for i, code := range s.event.codes {
		if slices.Contains(s.event.codes[:i], code) {
			continue
		}
		out = append(out, Span{s.event.field, s.event.item, code, s.from, s.to, s.knownFrom, knownTo})
	}
	return out
}
