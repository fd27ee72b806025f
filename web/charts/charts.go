// Package charts draws the few charts of the product as inline SVG and tables that print, scale and speak.
// Colours come from CSS classes only, so dark mode, print and high contrast need no second drawing; all words come from the
// caller, in the caller's language.
package charts

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// drawing collects markup; text and attributes go through esc.
type drawing struct{ strings.Builder }

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func (d *drawing) html() template.HTML { return template.HTML(d.String()) }

func esc(s string) string { return template.HTMLEscapeString(s) }

// px is a coordinate with at most one decimal.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	s := strconv.FormatFloat(v, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// num is a value as a chart shows it: commas between thousands, at most two decimals.
func num(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', 2, 64)
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	whole, decimals, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		whole += "." + decimals
	}
	if v < 0 && s != "0" {
		return "−" + whole
	}
	return whole
}

// textWidth estimates how wide a text is in pixels at a font size: a Han character takes the size, others about 0.6 of it.
func textWidth(s string, size float64) float64 {
	width := 0.0
	for _, r := range s {
		if utf8.RuneLen(r) >= 3 {
			width += size
		} else {
			width += size * 0.6
		}
	}
	return width
}

// share is part of whole between 0 and 1; a whole of 0 or less gives 0.
func share(part, whole float64) float64 {
	if whole <= 0 || math.IsNaN(part) {
		return 0
	}
	return math.Max(0, math.Min(1, part/whole))
}
