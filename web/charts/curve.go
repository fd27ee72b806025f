package charts

import (
	"math"
	"strings"
)

type spot struct{ x, y float64 }

// curve is a path through the spots, monotone between each two of them (Fritsch and Butland 1984: weighted harmonic mean of the
// slopes, flat at a turn), in either direction, so a line that rises never overshoots and one that falls shows the fall.
func curve(spots []spot) string {
	n := len(spots)
	if n == 0 {
		return ""
	}
	var path strings.Builder
	path.WriteString("M" + px(spots[0].x) + " " + px(spots[0].y))
	if n == 1 {
		return path.String()
	}
	run, slope := make([]float64, n-1), make([]float64, n-1)
	for i := range run {
		run[i] = spots[i+1].x - spots[i].x
		if run[i] != 0 {
			slope[i] = (spots[i+1].y - spots[i].y) / run[i]
		}
	}
	tangent := make([]float64, n)
	tangent[0], tangent[n-1] = slope[0], slope[n-2]
	for i := 1; i < n-1; i++ {
		before, after := slope[i-1], slope[i]
		if before*after > 0 {
			w1, w2 := 2*run[i]+run[i-1], run[i]+2*run[i-1]
			tangent[i] = (w1 + w2) / (w1/before + w2/after)
		}
	}
	for i := range run {
		third := run[i] / 3
		a, b := spots[i], spots[i+1]
		path.WriteString("C" + px(a.x+third) + " " + px(a.y+tangent[i]*third) + " " + px(b.x-third) + " " + px(b.y-tangent[i+1]*third) + " " + px(b.x) + " " + px(b.y))
	}
	return path.String()
}

// steps is a path that keeps each value until the next one begins.
func steps(spots []spot) string {
	var path strings.Builder
	for i, s := range spots {
		if i == 0 {
			path.WriteString("M" + px(s.x) + " " + px(s.y))
			continue
		}
		path.WriteString("H" + px(s.x))
		if s.y != spots[i-1].y {
			path.WriteString("V" + px(s.y))
		}
	}
	return path.String()
}

// scale is the axis that holds low to high: its ends and the distance of its lines, about five of them.
func scale(low, high float64) (from, to, step float64) {
	low, high = math.Min(0, low), math.Max(0, high)
	if high-low < 1e-9 {
		high = low + 5
	}
	raw := (high - low) / 5
	size := math.Pow(10, math.Floor(math.Log10(raw)))
	step = 10 * size
	for _, m := range []float64{1, 2, 2.5, 5} {
		if raw <= m*size*(1+1e-9) {
			step = m * size
			break
		}
	}
	return math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step, step
}

// apart moves labels until each two are at least gap away and all lie between top and bottom, keeping their order; ys is sorted.
func apart(ys []float64, gap, top, bottom float64) {
	for i := range ys {
		ys[i] = math.Max(ys[i], top)
		if i > 0 {
			ys[i] = math.Max(ys[i], ys[i-1]+gap)
		}
	}
	for i := len(ys) - 1; i >= 0; i-- {
		limit := bottom
		if i < len(ys)-1 {
			limit = ys[i+1] - gap
		}
		ys[i] = math.Min(ys[i], limit)
	}
}
