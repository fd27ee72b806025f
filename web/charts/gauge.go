package charts

import (
	"html/template"
	"math"
)

// Gauge is a ring of 270° for one target: how much is done of the goal, where the plan would be today, and how far the
// forecast reaches. With a goal of 0 only the number stands there.
type Gauge struct {
	ID         string // unique on the page
	Tone       string // blue or teal
	Title      string // what is counted
	Text       string // the whole reading in one sentence, for those who cannot see the ring
	Done       float64
	Goal       float64
	Plan       float64
	PlanWord   string // the word beside the tick; empty draws no tick
	Forecast   float64
	Forecasted bool // whether there is a forecast; the arc shows only what lies beyond Done
}

const (
	ringCentre = 100.0
	ringRadius = 80.0
	ringWidth  = 15.0
	ringSpan   = 270.0
)

// onRing is the point at a share of the ring, 0 at the lower left and 1 at the lower right, at a radius.
func onRing(part, radius float64) (x, y float64) {
	angle := (part*ringSpan - ringSpan/2 - 90) * math.Pi / 180
	return ringCentre + radius*math.Cos(angle), ringCentre + radius*math.Sin(angle)
}

func ringArc(from, to float64) string {
	x1, y1 := onRing(from, ringRadius)
	x2, y2 := onRing(to, ringRadius)
	large := "0"
	if (to-from)*ringSpan > 180 {
		large = "1"
	}
	r := px(ringRadius)
	return "M" + px(x1) + " " + px(y1) + "A" + r + " " + r + " 0 " + large + " 1 " + px(x2) + " " + px(y2)
}

// SVG draws the gauge.
func (g Gauge) SVG() template.HTML {
	var d drawing
	done := share(g.Done, g.Goal)
	d.add(`<svg class="q-gauge q-gauge-%s" viewBox="-26 -14 258 190" role="img" aria-labelledby="%s-t %[2]s-d"><title id="%[2]s-t">%s</title><desc id="%[2]s-d">%s</desc>`, esc(g.Tone), esc(g.ID), esc(g.Title), esc(g.Text))
	d.add(`<defs><linearGradient id="%s-g" x1="0" y1="1" x2="1" y2="0"><stop offset="0" class="q-gauge-from"/><stop offset="1" class="q-gauge-to"/></linearGradient></defs>`, esc(g.ID))
	d.add(`<path class="q-gauge-track" d="%s"/>`, ringArc(0, 1))
	if ahead := share(g.Forecast, g.Goal); g.Forecasted && ahead > done {
		d.add(`<path class="q-gauge-ahead" d="%s"/>`, ringArc(done, ahead))
	}
	if done > 0 {
		d.add(`<path class="q-gauge-done" d="%s" stroke="url(#%s-g)"/>`, ringArc(0, done), esc(g.ID))
	}
	if g.PlanWord != "" && g.Goal > 0 {
		g.tick(&d)
	}
	d.add(`<text class="q-gauge-number" x="100" y="108" text-anchor="middle">%s`, num(g.Done))
	if g.Goal > 0 {
		d.add(`<tspan class="q-gauge-goal" dx="4">/ %s</tspan></text><text class="q-gauge-share" x="100" y="132" text-anchor="middle">%s%%</text></svg>`, num(g.Goal), num(math.Floor(g.Done/g.Goal*100+1e-9)))
	} else {
		d.add(`</text></svg>`)
	}
	return d.html()
}

// tick marks the plan across the ring, its words outside: beside it in two lines, or above it in one.
func (g Gauge) tick(d *drawing) {
	at := share(g.Plan, g.Goal)
	x1, y1 := onRing(at, ringRadius-ringWidth/2-4)
	x2, y2 := onRing(at, ringRadius+ringWidth/2+4)
	d.add(`<line class="q-gauge-tick" x1="%s" y1="%s" x2="%s" y2="%s"/>`, px(x1), px(y1), px(x2), px(y2))
	x, y := onRing(at, ringRadius+ringWidth/2+9)
	anchor := "middle"
	if x > ringCentre+26 {
		anchor = "start"
	} else if x < ringCentre-26 {
		anchor = "end"
	}
	word, number := esc(g.PlanWord), num(math.Round(g.Plan))
	if y < ringCentre-ringRadius/2 {
		d.add(`<text class="q-gauge-plan" x="%s" y="%s" text-anchor="%s">%s %s</text>`, px(x), px(y+2), anchor, word, number)
		return
	}
	d.add(`<text class="q-gauge-plan" x="%s" y="%s" text-anchor="%s"><tspan x="%[1]s">%[4]s</tspan><tspan x="%[1]s" dy="12">%[5]s</tspan></text>`, px(x), px(y-2), anchor, word, number)
}
