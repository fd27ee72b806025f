package charts

import (
	"html/template"
	"math"
	"slices"
	"sort"
	"time"
)

// Point is a value on a day; Label names the day in the tip over it.
type Point struct {
	At    time.Time
	Label string
	Value float64
}

// Tick is a day named below the chart; ticks that would touch are left out.
type Tick struct {
	At    time.Time
	Label string
}

// BurnUp is the line of what was reached from From to To, beside the plan, the steps of the goal and, where there is one, the
// forecast with its band. Each series is in order of time; any may be empty.
type BurnUp struct {
	ID       string // unique on the page
	Title    string // what is counted, and the whole reading for those who cannot see it
	From, To time.Time
	Today    time.Time // zero, or outside the period: no line
	Ticks    []Tick
	Actual   []Point
	Plan     []Point
	Goal     []Point // each value holds until the next
	P50      []Point // the forecast from the last actual on
	P10, P90 []Point // its band, on the same days as P50, or empty
	Words    BurnUpWords
}

// BurnUpWords are the words in a burn-up.
type BurnUpWords struct {
	Actual, Plan, Goal, Forecast, Today string
}

const labelSize = 11.5

// SVG draws the chart twice, wide and for a phone; the style sheet shows one of them.
func (b BurnUp) SVG() template.HTML {
	return `<div class="q-chart q-chart-wide">` + b.draw("w", 760, 300) + `</div><div class="q-chart q-chart-phone">` + b.draw("p", 340, 240) + `</div>`
}

// plot is the area of one drawing and how days and values lie in it.
type plot struct {
	left, right, top, bottom float64
	from, to                 time.Time
	low, high                float64
}

func (p plot) x(t time.Time) float64 {
	return p.left + (p.right-p.left)*share(float64(t.Sub(p.from)), float64(p.to.Sub(p.from)))
}

func (p plot) y(v float64) float64 {
	return p.bottom - (p.bottom-p.top)*(v-p.low)/(p.high-p.low)
}

func (p plot) spots(points []Point) []spot {
	at := make([]spot, len(points))
	for i, point := range points {
		at[i] = spot{p.x(point.At), p.y(point.Value)}
	}
	return at
}

func (b BurnUp) draw(size string, width, height float64) template.HTML {
	low, high := 0.0, 0.0
	for _, series := range [][]Point{b.Actual, b.Plan, b.Goal, b.P10, b.P50, b.P90} {
		for _, point := range series {
			low, high = math.Min(low, point.Value), math.Max(high, point.Value)
		}
	}
	from, to, step := scale(low, high*1.04)
	labels := b.endLabels()
	p := plot{left: 14, right: width - 14, top: 26, bottom: height - 28, from: b.From, to: b.To, low: from, high: to}
	for v := from; v <= to+step/2; v += step {
		p.left = math.Max(p.left, textWidth(num(v), labelSize)+14)
	}
	for _, l := range labels {
		p.right = math.Min(p.right, width-textWidth(l.text, labelSize)-12)
	}

	var d drawing
	id := esc(b.ID) + "-" + size
	d.add(`<svg class="q-burnup" viewBox="0 0 %s %s" role="img" aria-label="%s" data-chart="">`, px(width), px(height), esc(b.Title))
	d.add(`<defs><linearGradient id="%s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="q-area-from"/><stop offset="1" class="q-area-to"/></linearGradient></defs>`, id)
	for v := from; v <= to+step/2; v += step {
		d.add(`<line class="q-grid-line" x1="%s" x2="%s" y1="%s" y2="%[3]s"/><text class="q-axis" x="%[4]s" y="%[5]s" text-anchor="end">%[6]s</text>`, px(p.left), px(p.right), px(p.y(v)), px(p.left-8), px(p.y(v)+4), num(v))
	}
	b.axis(&d, p, height)
	if len(b.P50) > 1 {
		b.ahead(&d, p)
	}
	if len(b.Plan) > 1 {
		d.add(`<path class="q-line-plan" d="%s"/>`, curve(p.spots(b.Plan)))
	}
	if len(b.Goal) > 0 {
		spots := p.spots(b.Goal)
		spots = append(spots, spot{p.right, spots[len(spots)-1].y})
		d.add(`<path class="q-line-goal" d="%s"/>`, steps(spots))
	}
	b.actual(&d, p, id)
	b.today(&d, p)
	slices.SortStableFunc(labels, func(a, c endLabel) int { return int(math.Copysign(1, c.value-a.value)) })
	ys := make([]float64, len(labels))
	for i, l := range labels {
		ys[i] = p.y(l.value) + 4
	}
	apart(ys, 15, p.top+4, p.bottom)
	for i, l := range labels {
		d.add(`<text class="q-end q-end-%s" x="%s" y="%s">%s</text>`, l.class, px(p.right+7), px(ys[i]), esc(l.text))
	}
	b.tips(&d, p)
	d.add(`<g class="q-cursor" hidden=""><line/><circle r="4"/></g></svg>`)
	return d.html()
}

// axis names days below the chart, each only when it clears the one before.
func (b BurnUp) axis(d *drawing, p plot, height float64) {
	free := math.Inf(-1)
	for _, tick := range b.Ticks {
		x, half := p.x(tick.At), textWidth(tick.Label, labelSize)/2
		if x-half < free {
			continue
		}
		free = x + half + 10
		d.add(`<text class="q-axis" x="%s" y="%s" text-anchor="middle">%s</text>`, px(x), px(height-8), esc(tick.Label))
	}
}

func (b BurnUp) ahead(d *drawing, p plot) {
	if len(b.P10) == len(b.P50) && len(b.P90) == len(b.P50) {
		under := p.spots(b.P10)
		slices.Reverse(under)
		d.add(`<path class="q-band" d="%sL%sZ"/>`, curve(p.spots(b.P90)), curve(under)[1:])
	}
	d.add(`<path class="q-line-ahead" d="%s"/>`, curve(p.spots(b.P50)))
}

func (b BurnUp) actual(d *drawing, p plot, id string) {
	if len(b.Actual) == 0 {
		return
	}
	spots := p.spots(b.Actual)
	last := spots[len(spots)-1]
	if len(spots) > 1 {
		line := curve(spots)
		d.add(`<path d="%sL%s %s L%s %[3]sZ" fill="url(#%[5]s)"/><path class="q-line-actual" d="%[1]s"/>`, line, px(last.x), px(p.y(0)), px(spots[0].x), id)
	}
	d.add(`<circle class="q-now" cx="%s" cy="%s" r="4.5"/>`, px(last.x), px(last.y))
}

// today draws the line of the present day; its words stand above the plot, on the side that has room.
func (b BurnUp) today(d *drawing, p plot) {
	if b.Today.IsZero() || b.Today.Before(b.From) || b.Today.After(b.To) {
		return
	}
	x := p.x(b.Today)
	text := b.Words.Today
	if n := len(b.Actual); n > 0 {
		text += " · " + num(b.Actual[n-1].Value)
	}
	anchor := "middle"
	if half := textWidth(text, labelSize) / 2; x-half < 2 {
		anchor = "start"
	} else if x+half > p.right {
		anchor = "end"
	}
	d.add(`<line class="q-line-today" x1="%s" x2="%[1]s" y1="%s" y2="%s"/><text class="q-today" x="%[1]s" y="%[4]s" text-anchor="%[5]s">%[6]s</text>`, px(x), px(p.top-6), px(p.bottom), px(p.top-12), anchor, esc(text))
}

type endLabel struct {
	class, text string
	value       float64
}

// endLabels are the words at the right end of the lines: the goal, a plan that ends elsewhere, the forecast.
func (b BurnUp) endLabels() []endLabel {
	var labels []endLabel
	last := func(class, word string, series []Point) {
		if n := len(series); n > 0 && word != "" {
			labels = append(labels, endLabel{class, word + " " + num(series[n-1].Value), series[n-1].Value})
		}
	}
	last("goal", b.Words.Goal, b.Goal)
	if n, m := len(b.Plan), len(b.Goal); n > 0 && (m == 0 || b.Goal[m-1].Value != b.Plan[n-1].Value) {
		last("plan", b.Words.Plan, b.Plan)
	}
	last("ahead", b.Words.Forecast, b.P50)
	return labels
}

// tips lays one invisible column over each day of the actual line and the forecast; its words are shown by static/js and are
// parted by |.
func (b BurnUp) tips(d *drawing, p plot) {
	type column struct {
		at   time.Time
		x, y float64
		tip  string
	}
	var columns []column
	for _, point := range b.Actual {
		columns = append(columns, column{point.At, p.x(point.At), p.y(point.Value), point.Label + "|" + b.Words.Actual + " " + num(point.Value)})
	}
	for i, point := range b.P50 {
		if n := len(b.Actual); n > 0 && !point.At.After(b.Actual[n-1].At) {
			continue
		}
		tip := point.Label + "|" + b.Words.Forecast + " " + num(point.Value)
		if len(b.P10) == len(b.P50) && len(b.P90) == len(b.P50) {
			tip += " (" + num(b.P10[i].Value) + "–" + num(b.P90[i].Value) + ")"
		}
		columns = append(columns, column{point.At, p.x(point.At), p.y(point.Value), tip})
	}
	for i, c := range columns {
		from, to := p.left, p.right
		if i > 0 {
			from = (columns[i-1].x + c.x) / 2
		}
		if i < len(columns)-1 {
			to = (c.x + columns[i+1].x) / 2
		}
		if plan, ok := valueAt(b.Plan, c.at); ok {
			c.tip += "|" + b.Words.Plan + " " + num(math.Round(plan))
		}
		d.add(`<rect class="q-hit" x="%s" y="%s" width="%s" height="%s" data-x="%s" data-y="%s" data-tip="%s"/>`, px(from), px(p.top), px(math.Max(0, to-from)), px(p.bottom-p.top), px(c.x), px(c.y), esc(c.tip))
	}
}

// valueAt is the straight line through the points on a day within them.
func valueAt(points []Point, day time.Time) (float64, bool) {
	i := sort.Search(len(points), func(i int) bool { return !points[i].At.Before(day) })
	if i == len(points) {
		return 0, false
	}
	if points[i].At.Equal(day) {
		return points[i].Value, true
	}
	if i == 0 {
		return 0, false
	}
	a, b := points[i-1], points[i]
	return a.Value + (b.Value-a.Value)*share(float64(day.Sub(a.At)), float64(b.At.Sub(a.At))), true
}
