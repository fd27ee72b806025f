package charts

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func day(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

func points(from time.Time, months int, values ...float64) []Point {
	var series []Point
	for i, v := range values {
		at := from.AddDate(0, months*i, 0)
		series = append(series, Point{At: at, Label: at.Format("2006-01"), Value: v})
	}
	return series
}

func burnUp() BurnUp {
	return BurnUp{
		ID: "b", Title: "领军人才 <50 & more>", From: day(2026, 1), To: day(2031, 1), Today: day(2028, 2),
		Ticks:  []Tick{{day(2026, 1), "2026"}, {day(2026, 2), "2月"}, {day(2028, 1), "2028"}, {day(2031, 1), "2031"}},
		Actual: points(day(2026, 1), 6, 0, 12, 25, 21, 30), Plan: points(day(2026, 1), 60, 0, 50), Goal: points(day(2026, 1), 18, 40, 50),
		P10: points(day(2028, 1), 18, 30, 33, 36), P50: points(day(2028, 1), 18, 30, 38, 49), P90: points(day(2028, 1), 18, 30, 45, 60),
		Words: BurnUpWords{Actual: "实际", Plan: "计划", Goal: "目标", Forecast: "预测", Today: "今天"},
	}
}

func drawings() map[string]string {
	full, bare, falls, overrun, short, still := burnUp(), BurnUp{ID: "e", Title: "none", From: day(2026, 1), To: day(2027, 1)}, burnUp(), burnUp(), burnUp(), burnUp()
	falls.Actual, falls.P10, falls.P50, falls.P90 = points(day(2026, 1), 3, 40, 43, 39, 39, -2), nil, nil, nil
	overrun.Actual, overrun.Plan = points(day(2026, 1), 6, 0, 30, 55, 71), points(day(2026, 1), 60, 0, 52)
	short.Actual, short.P10, short.P50, short.P90, short.Today = points(day(2026, 1), 1, 3), nil, nil, nil, day(2026, 1)
	still.From = still.To
	return map[string]string{
		"gauge":          string(Gauge{ID: "g", Tone: "blue", Title: "领军人才", Text: "41 / 50", Done: 41, Goal: 50, Plan: 45, PlanWord: "计划", Forecast: 47, Forecasted: true}.SVG()),
		"gauge-no-goal":  string(Gauge{ID: "g", Tone: "teal", Title: "t", Done: 3, PlanWord: "计划", Forecast: 9, Forecasted: true}.SVG()),
		"gauge-beyond":   string(Gauge{ID: "g", Tone: "teal", Title: "t", Done: 53, Goal: 50, Plan: 25, PlanWord: "计划"}.SVG()),
		"gauge-nothing":  string(Gauge{ID: "g", Tone: "blue", Title: "t", Goal: 1234.5, PlanWord: "Plan"}.SVG()),
		"burnup":         string(full.SVG()),
		"burnup-empty":   string(bare.SVG()),
		"burnup-falls":   string(falls.SVG()),
		"burnup-overrun": string(overrun.SVG()),
		"burnup-one":     string(short.SVG()),
		"burnup-no-span": string(still.SVG()),
		"spark":          string(Spark{Values: []float64{2, 3, -1, 0, 4}, Tone: "blue", Title: "gains"}.SVG()),
		"spark-empty":    string(Spark{Tone: "teal"}.SVG()),
		"spark-zero":     string(Spark{Values: []float64{0, 0}, Tone: "teal"}.SVG()),
		"heat":           string(HeatMap{Caption: "产业 × 层次", Corner: "产业", Columns: []string{"顶尖", "省级"}, TotalWord: "合计", Less: "少", More: "多", Rows: []HeatRow{{Label: "装备", Href: "/t?i=1", Cells: []HeatCell{{Count: 0, Href: "/t?i=1&l=1"}, {Count: 1400, Note: "/ 5", Href: "/t?i=1&l=2", Label: "装备，省级"}}}, {Label: "<未对应>", Cells: []HeatCell{{Count: 3, Href: "javascript:alert(1)"}, {}}}}}.HTML()),
		"heat-empty":     string(HeatMap{Caption: "c"}.HTML()),
		"funnel":         string(Funnel{ID: "f", Steps: []FunnelStep{{Label: "受理", Count: 64, Href: "/d"}, {Label: "推荐", Count: 21, Note: "33%", Href: "//evil.example"}, {Label: "落地"}}}.HTML()),
		"funnel-empty":   string(Funnel{ID: "f"}.HTML()),
	}
}

func TestGolden(t *testing.T) {
	for name, got := range drawings() {
		file := filepath.Join("testdata", name+".svg")
		got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestMarkup holds every drawing to well-formed markup without scripts, styles, foreign links and impossible numbers.
func TestMarkup(t *testing.T) {
	for name, got := range drawings() {
		d := xml.NewDecoder(strings.NewReader("<x>" + got + "</x>"))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if start, ok := token.(xml.StartElement); ok {
				for _, a := range start.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || (a.Name.Local == "href" && !strings.HasPrefix(a.Value, "/t") && !strings.HasPrefix(a.Value, "/d") && a.Value != "#") {
						t.Errorf("%s: <%s %s=%q>", name, start.Name.Local, a.Name.Local, a.Value)
					}
				}
			}
		}
		for _, bad := range []string{"NaN", "Inf", "%!", `width="-`, `height="-`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}

// TestCurveStaysBetween samples the curve between each two spots: it never leaves the band between their heights.
func TestCurveStaysBetween(t *testing.T) {
	number := regexp.MustCompile(`-?\d+(\.\d+)?`)
	for _, ys := range [][]float64{{0, 5, 5, 40, 41, 100}, {100, 90, 95, 20, 20, 60}, {0, 0, 0}, {7}} {
		var spots []spot
		for i, y := range ys {
			spots = append(spots, spot{float64(i*i*10 + 1), y})
		}
		var v []float64
		for _, s := range number.FindAllString(curve(spots), -1) {
			f, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			v = append(v, f)
		}
		if len(v) != 2+6*(len(ys)-1) {
			t.Fatalf("%v: %d numbers in the path", ys, len(v))
		}
		for i := 2; i < len(v); i += 6 {
			a, b, c, d := v[i-1], v[i+1], v[i+3], v[i+5]
			low, high := math.Min(a, d)-0.2, math.Max(a, d)+0.2
			for u := 0.0; u <= 1; u += 0.05 {
				y := a*(1-u)*(1-u)*(1-u) + 3*b*u*(1-u)*(1-u) + 3*c*u*u*(1-u) + d*u*u*u
				if y < low || y > high {
					t.Errorf("%v: the curve reaches %.1f between %.1f and %.1f", ys, y, a, d)
				}
			}
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ low, high, from, to, step float64 }{
		{0, 52, 0, 60, 20},
		{0, 50, 0, 50, 10},
		{0, 0, 0, 5, 1},
		{-2, 43, -10, 50, 10},
		{0, 8, 0, 8, 2},
		{3, 1200, 0, 1250, 250},
	} {
		from, to, step := scale(c.low, c.high)
		if got := fmt.Sprintf("%g %g %g", from, to, step); got != fmt.Sprintf("%g %g %g", c.from, c.to, c.step) {
			t.Errorf("scale(%g, %g) = %s, want %g %g %g", c.low, c.high, got, c.from, c.to, c.step)
		}
	}
}

func TestLabelsKeepApart(t *testing.T) {
	for _, ys := range [][]float64{{50, 50, 50}, {0, 1, 2}, {298, 299, 300}, {10, 100, 200}} {
		before := fmt.Sprint(ys)
		apart(ys, 15, 20, 300)
		for i, y := range ys {
			if y < 20 || y > 300 || (i > 0 && y-ys[i-1] < 15) {
				t.Errorf("%s becomes %v", before, ys)
			}
		}
	}
}

func TestHeatStep(t *testing.T) {
	if got := fmt.Sprint(HeatStep(0, 9), HeatStep(1, 700), HeatStep(100, 700), HeatStep(350, 700), HeatStep(700, 700), HeatStep(-1, 5), HeatStep(1, 0)); got != "0 1 1 4 7 0 0" {
		t.Errorf("steps %s", got)
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 41: "41", 1234567: "1,234,567", -3.5: "−3.5", 2.005: "2", 0.1: "0.1", -0.001: "0"} {
		if got := num(v); got != want {
			t.Errorf("num(%v) = %s, want %s", v, got, want)
		}
	}
}
