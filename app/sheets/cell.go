package sheets

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CellKind is what a cell holds in its file. Cells of CSV are Text.
type CellKind uint8

// The kinds of cell.
const (
	Text CellKind = iota
	Number
	DateCell
	Bool
)

// Note is what a person should know about a cell.
type Note uint8

// The notes of cells.
const (
	NoNote     Note = iota
	LostDigits      // a number of 16 digits or more: Excel keeps 15, so the last are not what was typed
	ErrorValue      // an Excel error such as #N/A, kept in Raw; Text is empty
	NoResult        // a formula saved without its result; Text is empty
	BadDate         // a date format on a number that is no day
)

// Cell is one value. Text is what a person would have typed: dates in ISO form
// as precise as shown ("1990-06"), numbers without exponent or rounding,
// booleans TRUE and FALSE, texts as stored but for the guard that Neutralise
// adds. Raw is the stored value where Text differs.
type Cell struct {
	Text      string
	Raw       string
	Kind      CellKind
	Note      Note
	since1904 bool
}

// Date reads the cell as a date: a text as ParseDate does, a bare number as a
// year (1990), year and month (1990.6, 199006), a day (20260301) or a serial
// number of days (45931), which a column that lost its format shows. 1990.1 as
// a number is ambiguous, because 1990.10 typed into a cell becomes the same.
func (c Cell) Date() (Date, error) {
	switch {
	case c.Note == ErrorValue || c.Note == NoResult:
		return Date{}, nil
	case c.Note == BadDate:
		return Date{}, &DateError{Text: c.Text, Why: BadRange}
	case c.Kind != Number:
		if day, ok := serialText(c.Text); ok {
			return day, nil
		}
		return ParseDate(c.Text)
	}
	n, err := strconv.ParseFloat(c.Text, 64)
	whole, decimals, _ := strings.Cut(c.Text, ".")
	switch {
	case err != nil:
		return ParseDate(c.Text)
	case n == 0:
		return Date{}, nil
	case len(whole) == 4 && n >= 1900 && n < 2101:
		if decimals == "1" {
			return Date{}, &DateError{Text: c.Text, Why: Ambiguous}
		}
		return ParseDate(c.Text)
	case len(whole) >= 6:
		return ParseDate(c.Text)
	}
	day, _, ok := serialDay(n, c.since1904)
	if !ok || day.Year < 1910 {
		return Date{}, &DateError{Text: c.Text, Why: BadRange}
	}
	return day, nil
}

// serialText is the day of a serial number that stands as text, as in a CSV
// file of a column that had lost its format: five digits, from 1927 on.
func serialText(s string) (Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 5 || s < "10000" || strings.Trim(s, "0123456789") != "" {
		return Date{}, false
	}
	n, _ := strconv.ParseFloat(s, 64)
	day, _, ok := serialDay(n, false)
	return day, ok && day.Year < 2101
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// textCell is the cell of a stored text, with line ends as LF.
func textCell(stored string) Cell {
	stored = lineEnds.Replace(stored)
	text := Restore(stored)
	if text == stored {
		return Cell{Text: text}
	}
	return Cell{Text: text, Raw: stored}
}

// numberCell reads a stored number as its style shows it.
func numberCell(stored string, s style, since1904 bool) Cell {
	n, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return Cell{Text: stored, Note: BadDate}
	}
	if s.date == None && !s.clock {
		c := plainNumber(stored, n, s)
		c.since1904 = since1904
		return c
	}
	day, seconds, ok := serialDay(n, since1904)
	clock := fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	clock = strings.TrimSuffix(clock, ":00")
	c := Cell{Raw: stored, Kind: DateCell, since1904: since1904}
	switch {
	case s.date != None && n == 0: // a formula over an empty cell shows 1900-01-00
	case s.date == None && n >= 0 && n < 1:
		c.Text, c.Kind = clock, Text
	case !ok || s.date == None:
		c = plainNumber(stored, n, style{})
		c.Note = BadDate
	case s.date == Day && seconds > 0:
		c.Text = day.String() + " " + clock
	default:
		c.Text = day.cut(s.date).String()
	}
	return c
}

// plainNumber writes a number out. Excel keeps 15 significant digits, so what
// follows them is noise of binary fractions, or, in a longer whole number, what
// was typed and is lost.
func plainNumber(stored string, n float64, s style) Cell {
	c := Cell{Kind: Number}
	long := math.Abs(n) >= 1e15
	switch {
	case long && strings.Trim(stored, "0123456789") == "":
		c.Text = stored
	case long:
		c.Text = strconv.FormatFloat(n, 'f', -1, 64)
	default:
		short, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
		c.Text = padNumber(strconv.FormatFloat(short, 'f', -1, 64), s)
	}
	if long {
		c.Note = LostDigits
	}
	if c.Text != stored {
		c.Raw = stored
	}
	return c
}

// padNumber adds the zeros that a format of zeros shows: 010001, 1990.10.
func padNumber(text string, s style) string {
	whole, decimals, _ := strings.Cut(text, ".")
	if strings.HasPrefix(whole, "-") || s.whole == 0 {
		return text
	}
	whole = strings.Repeat("0", max(0, min(s.whole, 40)-len(whole))) + whole
	decimals += strings.Repeat("0", max(0, min(s.decimals, 20)-len(decimals)))
	if decimals == "" {
		return whole
	}
	return whole + "." + decimals
}
