package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// peerBar stands where the bar is a ratio to another product, which is not run
// here.
const peerBar = "peer, at acceptance"

// Row is one figure. Figure is null where it was not measured, OK where there
// is no figure or no bar to hold it against.
type Row struct {
	Row     string   `json:"row"`
	Figure  *float64 `json:"figure"`
	Unit    string   `json:"unit"`
	Bar     string   `json:"bar"`
	OK      *bool    `json:"ok"`
	Talents int      `json:"talents,omitempty"` // of the city, in a run over several sizes
	why     string   // not measured
}

// report gathers the rows and tells how the run goes.
type report struct {
	rows  []Row
	size  int                        // of the city at hand, where there are several
	p50   map[string]map[int]float64 // by operation and size: what growth compares
	log   io.Writer
	began time.Time
}

func newReport(log io.Writer) *report {
	return &report{p50: map[string]map[int]float64{}, log: log, began: time.Now()}
}

func (r *report) say(format string, args ...any) {
	fmt.Fprintf(r.log, "%6.1f s  %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

func (r *report) add(row Row) {
	row.Talents = r.size
	r.rows = append(r.rows, row)
	if row.OK != nil && !*row.OK {
		r.say("short: %s: %s %s, %s", row.Row, number(*row.Figure), row.Unit, row.Bar)
	}
}

// figure adds a row without a bar of its own.
func (r *report) figure(name string, v float64, unit, bar string) {
	r.add(Row{Row: name, Figure: &v, Unit: unit, Bar: bar})
}

// most adds a row whose figure must not be above the bar.
func (r *report) most(name string, v float64, unit string, bar float64) {
	ok := v <= bar
	r.add(Row{Row: name, Figure: &v, Unit: unit, Bar: "≤ " + number(bar), OK: &ok})
}

// least adds a row whose figure must not be below the bar.
func (r *report) least(name string, v float64, unit string, bar float64) {
	ok := v >= bar
	r.add(Row{Row: name, Figure: &v, Unit: unit, Bar: "≥ " + number(bar), OK: &ok})
}

// missing adds a row that was not measured, and says why.
func (r *report) missing(name, unit, bar, why string) {
	r.add(Row{Row: name, Unit: unit, Bar: bar, why: why})
}

// remember keeps a median for growth.
func (r *report) remember(op string, size int, ms float64) {
	if r.p50[op] == nil {
		r.p50[op] = map[int]float64{}
	}
	r.p50[op][size] = ms
}

func (r *report) short() bool {
	for _, row := range r.rows {
		if row.OK != nil && !*row.OK {
			return true
		}
	}
	return false
}

// print writes the table and the JSON lines.
func (r *report) print(out io.Writer, took time.Duration) error {
	lines := [][]string{{"row", "figure", "bar", "verdict"}}
	for _, row := range r.rows {
		lines = append(lines, row.cells())
	}
	if len(r.rows) == 0 {
		return nil
	}
	columns := widths(lines)
	for _, l := range lines {
		for i, width := range columns {
			gap := strings.Repeat(" ", width-utf8.RuneCountInString(l[i]))
			if i == 1 { // figures end at one place
				l[i] = gap + l[i]
			} else {
				l[i] += gap
			}
		}
		fmt.Fprintln(out, strings.TrimRight(strings.Join(l, "  "), " "))
	}
	fmt.Fprintf(out, "\n%d cores, %s %s/%s, %s%s\n", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, took.Round(time.Second), busy())
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, row := range r.rows {
		if err := enc.Encode(row); err != nil {
			return err
		}
	}
	return os.WriteFile(jsonFile, b.Bytes(), 0o600)
}

func (row *Row) cells() []string {
	name, figure, verdict := row.Row, "–", "not measured: "+row.why
	if row.Talents > 0 {
		name += ", " + thousands(row.Talents)
	}
	if row.Figure != nil {
		figure, verdict = number(*row.Figure)+" "+row.Unit, ""
	}
	if row.OK != nil {
		verdict = map[bool]string{true: "ok", false: "short"}[*row.OK]
	}
	return []string{name, figure, row.Bar, verdict}
}

// busy says how many processes waited for the cores of late, this run's own
// among them: figures of a busy machine are not its own.
func busy() string {
	text, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return ""
	}
	return ", load average " + strings.Join(fields[:3], " ")
}

func widths(lines [][]string) []int {
	out := make([]int, len(lines[0]))
	for _, l := range lines {
		for i, s := range l {
			out[i] = max(out[i], utf8.RuneCountInString(s))
		}
	}
	return out
}

// number writes a figure with about three digits that mean something.
func number(v float64) string {
	decimals := 2
	switch {
	case v >= 999.5:
		return thousands(int(v + 0.5))
	case v >= 100:
		decimals = 0
	case v >= 10:
		decimals = 1
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
