package charts

import (
	"html/template"
	"math"
)

// Spark is a row of small bars, the last one in full colour; a loss hangs below the line.
type Spark struct {
	Values []float64
	Tone   string // blue or teal
	Title  string // the reading for those who cannot see it; empty hides the bars from them
}

// SVG draws the bars.
func (s Spark) SVG() template.HTML {
	const width, height = 150.0, 34.0
	var d drawing
	d.add(`<svg class="q-spark q-spark-%s" viewBox="0 0 150 34"`, esc(s.Tone))
	if s.Title == "" {
		d.add(` aria-hidden="true">`)
	} else {
		d.add(` role="img" aria-label="%s">`, esc(s.Title))
	}
	low, high := 0.0, 0.0
	for _, v := range s.Values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	if high == low {
		high = 1
	}
	unit := height / (high - low)
	slot := math.Min(16, width/math.Max(1, float64(len(s.Values))))
	for i, v := range s.Values {
		class := ""
		if i == len(s.Values)-1 {
			class = ` class="is-last"`
		}
		tall := math.Max(2, math.Abs(v)*unit)
		y := high*unit - tall
		if v < 0 {
			y = high * unit
		}
		d.add(`<rect%s x="%s" y="%s" width="%s" height="%s" rx="1.5"/>`, class, px(float64(i)*slot+1), px(math.Min(y, height-tall)), px(math.Max(1, slot-3)), px(tall))
	}
	d.add(`</svg>`)
	return d.html()
}
