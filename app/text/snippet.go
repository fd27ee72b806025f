package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Part is a piece of a snippet; a Hit is to be marked.
type Part struct {
	Text string
	Hit  bool
}

// maxNameRunes is the longest text that Snippet takes for a name, in characters.
const maxNameRunes = 32

// Snippet returns the piece of the text that shows why it was found, about width characters (all of it if width is 0), with the hits marked and … where it is cut.
// It is the first window with an entire term in it, else with the pairs of one; a short text that matches only by its sound is marked entirely. ok is false if nothing hits.
func Snippet(text string, terms []Term, width int) (parts []Part, ok bool) {
	f := foldWithOffsets(text)
	var whole, pairs []span
	for _, t := range terms {
		if hits := f.find(fold(t.Text)); len(hits) > 0 {
			whole = append(whole, hits...)
		} else {
			pairs = append(pairs, f.findAll(t.Grams)...)
		}
	}
	best := whole
	if len(best) == 0 {
		best = pairs
	}
	if len(best) == 0 {
		if soundsLike(text, terms) {
			return []Part{{Text: text, Hit: true}}, true
		}
		return nil, false
	}
	anchor := slices.MinFunc(best, byStart)
	window := f.window(text, anchor, width)
	return mark(text, window, merge(append(whole, pairs...))), true
}

// soundsLike reports whether a short text is a name with the sound of one of the terms.
func soundsLike(text string, terms []Term) bool {
	if utf8.RuneCountInString(text) > maxNameRunes {
		return false
	}
	var exact, fuzzy []string
	for _, t := range terms {
		if !t.Pinyin {
			continue
		}
		if exact == nil {
			exact, fuzzy = PinyinTerms(text), FuzzyTerms(text)
		}
		if slices.Contains(exact, t.Sound) || slices.Contains(fuzzy, t.Fuzzy) {
			return true
		}
	}
	return false
}

// A span is a range of bytes of the text.
type span struct{ from, to int }

func byStart(a, b span) int { return a.from - b.from }

// A foldedText is the searched form of a text that knows, for each of its bytes, the segment of the text it came from.
type foldedText struct {
	folded   string
	segments []span // of the text
	origin   []int  // index into segments, by byte of folded
}

func foldWithOffsets(text string) foldedText {
	var f foldedText
	folded := make([]byte, 0, len(text))
	for at := 0; at < len(text); {
		n := nextSegment(text[at:])
		folded = appendFolded(folded, text[at:at+n])
		for len(f.origin) < len(folded) {
			f.origin = append(f.origin, len(f.segments))
		}
		f.segments = append(f.segments, span{at, at + n})
		at += n
	}
	f.folded = string(folded)
	return f
}

// find returns where a folded string stands in the text.
func (f foldedText) find(folded string) []span {
	if folded == "" {
		return nil
	}
	var hits []span
	for at := 0; ; {
		i := strings.Index(f.folded[at:], folded)
		if i < 0 {
			return hits
		}
		at += i + len(folded)
		hits = append(hits, span{f.segments[f.origin[at-len(folded)]].from, f.segments[f.origin[at-1]].to})
	}
}

// findAll returns where the grams stand, none unless all of them do.
func (f foldedText) findAll(grams []string) []span {
	var hits []span
	for _, g := range grams {
		found := f.find(g)
		if len(found) == 0 {
			return nil
		}
		hits = append(hits, found...)
	}
	return hits
}

// window returns about width characters around the anchor, a third of the room before it.
func (f foldedText) window(text string, anchor span, width int) span {
	if width <= 0 || len(f.segments) <= width {
		return span{0, len(text)}
	}
	first, _ := slices.BinarySearchFunc(f.segments, anchor.from, func(s span, at int) int { return s.from - at })
	last := first
	for last < len(f.segments) && f.segments[last].to < anchor.to {
		last++
	}
	room := max(width-(last+1-first), 0)
	first = max(first-room/3, 0)
	last = max(last, min(first+width, len(f.segments))-1)
	first = max(min(first, last+1-width), 0)
	return span{f.segments[first].from, f.segments[last].to}
}

// merge returns the spans in order, those that touch as one.
func merge(spans []span) []span {
	slices.SortFunc(spans, byStart)
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// mark cuts the window out of the text and divides it at the hits.
func mark(text string, window span, hits []span) []Part {
	var parts []Part
	add := func(from, to int, hit bool) {
		if from < to {
			parts = append(parts, Part{Text: text[from:to], Hit: hit})
		}
	}
	if window.from > 0 {
		parts = append(parts, Part{Text: "…"})
	}
	at := window.from
	for _, h := range hits {
		from, to := max(h.from, window.from), min(h.to, window.to)
		if from < to {
			add(at, from, false)
			add(from, to, true)
			at = to
		}
	}
	add(at, window.to, false)
	if window.to < len(text) {
		parts = append(parts, Part{Text: "…"})
	}
	return parts
}
