package sheets

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// Precision is the finest known part of a date.
type Precision uint8

// The precisions of dates.
const (
	None Precision = iota
	YearOnly
	Month
	Day
)

// Date is a day, a month or a year; unknown parts are 0.
type Date struct{ Year, Month, Day int }

// IsZero reports that there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Precision returns the finest known part.
func (d Date) Precision() Precision {
	switch {
	case d.Year == 0:
		return None
	case d.Month == 0:
		return YearOnly
	case d.Day == 0:
		return Month
	}
	return Day
}

// String is "1990", "1990-06", "1990-06-01", or "" for no date.
func (d Date) String() string {
	switch d.Precision() {
	case None:
		return ""
	case YearOnly:
		return fmt.Sprintf("%04d", d.Year)
	case Month:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// cut drops what is finer than p.
func (d Date) cut(p Precision) Date {
	switch p {
	case YearOnly:
		return Date{Year: d.Year}
	case Month:
		return Date{Year: d.Year, Month: d.Month}
	}
	return d
}

// DateWhy says why a text is no date.
type DateWhy string

// Why a text is no date.
const (
	Ambiguous DateWhy = "ambiguous" // day and month, or January and October, cannot be told apart
	ShortYear DateWhy = "shortYear" // a year of two digits
	BadRange  DateWhy = "range"     // no such day, or not between 1900 and 2100
	BadFormat DateWhy = "format"    // not written as a date
)

// DateError is a text that is no date.
type DateError struct {
	Text string
	Why  DateWhy
}

func (e *DateError) Error() string {
	why := map[DateWhy]string{
		Ambiguous: "月和日无法区分，请写成 2026-03-01 的形式",
		ShortYear: "年份要写四位",
		BadRange:  "没有这一天，或不在 1900 至 2100 年之间",
		BadFormat: "不是日期",
	}[e.Why]
	return fmt.Sprintf("“%s”%s", e.Text, why)
}

// noDates are the words that say there is no date, or none yet.
var noDates = map[string]bool{
	"": true, "-": true, "--": true, "—": true, "——": true, "–": true, "/": true, `\`: true, "0": true, ".": true,
	"待定": true, "未定": true, "待入职": true, "至今": true, "今": true, "现在": true, "无": true, "暂无": true, "不详": true, "未知": true, "未到岗": true,
	"长期": true, "永久": true, "n/a": true, "#n/a": true, "na": true, "null": true, "none": true, "nil": true,
}

var (
	yearFirst = regexp.MustCompile(`^(\d{4})(?:年|[-./])(\d{1,2})(?:(?:月|[-./])(\d{1,2})[日号]?|月?份?(?:[初底末]|[上中下]旬)?)?$`)
	yearAlone = regexp.MustCompile(`^(\d{4})(?:年度?[初底末]?)?$`)
	packed    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})?$`)
	yearLast  = regexp.MustCompile(`^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$`)
	shortYear = regexp.MustCompile(`^\d{1,2}(?:年\d{1,2}月?(?:\d{1,2}[日号]?)?|[-./]\d{1,2}[-./]\d{2})$`)
	dayName   = regexp.MustCompile(`^(\d{1,2})[- ]([a-z]{3,9})\.?[- ,]*(\d{4})$`)
	nameDay   = regexp.MustCompile(`^(?:([a-z]{3,9})\.?[- ]+)(?:(\d{1,2})(?:st|nd|rd|th)?[, ]+)?(\d{4})$`)
	clock     = regexp.MustCompile(`[ t]\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?秒?)?)?(?:z|[+-]\d{2}:?\d{2})?$`)
)

// ParseDate reads a date as offices write it, a time of day after it ignored.
// A word for no date (待定, 至今, —, 0000-00-00) is the zero Date and no error;
// all else that is no date is a *DateError.
func ParseDate(s string) (Date, error) {
	t := strings.ToLower(strings.TrimSpace(width.Fold.String(s)))
	t = clock.ReplaceAllString(t, "")
	if m := dayName.FindStringSubmatch(t); m != nil && monthNamed(m[2]) > 0 {
		return dateOf(s, m[3], strconv.Itoa(monthNamed(m[2])), m[1])
	}
	if m := nameDay.FindStringSubmatch(t); m != nil && monthNamed(m[1]) > 0 {
		return dateOf(s, m[3], strconv.Itoa(monthNamed(m[1])), m[2])
	}
	t = hanDigits(strings.Join(strings.Fields(t), ""))
	t = strings.ReplaceAll(t, "、", ".")
	if noDates[t] || (strings.ContainsRune(t, '0') && strings.Trim(t, "0-/.") == "") {
		return Date{}, nil
	}
	if m := yearAlone.FindStringSubmatch(t); m != nil {
		return dateOf(s, m[1], "", "")
	}
	if m := yearFirst.FindStringSubmatch(t); m != nil {
		return dateOf(s, m[1], m[2], m[3])
	}
	if m := packed.FindStringSubmatch(t); m != nil {
		return dateOf(s, m[1], m[2], m[3])
	}
	if m := yearLast.FindStringSubmatch(t); m != nil {
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		switch {
		case a == b || (b > 12 && a <= 12):
			return dateOf(s, m[3], m[1], m[2])
		case a > 12 && b <= 12:
			return dateOf(s, m[3], m[2], m[1])
		case a > 12:
			return Date{}, &DateError{Text: s, Why: BadRange}
		}
		return Date{}, &DateError{Text: s, Why: Ambiguous}
	}
	if shortYear.MatchString(t) {
		return Date{}, &DateError{Text: s, Why: ShortYear}
	}
	return Date{}, &DateError{Text: s, Why: BadFormat}
}

// dateOf checks the parts of a date; "", 0 and 00 are unknown parts.
func dateOf(text, year, month, day string) (Date, error) {
	d := Date{}
	d.Year, _ = strconv.Atoi(year)
	d.Month, _ = strconv.Atoi(month)
	d.Day, _ = strconv.Atoi(day)
	bad := d.Year < 1900 || d.Year > 2100 || d.Month > 12 || (d.Month == 0 && d.Day > 0)
	if !bad && d.Day > 0 {
		bad = time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() != d.Day
	}
	if bad {
		return Date{}, &DateError{Text: text, Why: BadRange}
	}
	return d, nil
}

func monthNamed(s string) int {
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); len(s) >= 3 && strings.HasPrefix(name, s) {
			return int(m)
		}
	}
	return 0
}

// hanDigits turns 二〇二六年十月三十一日 into 2026年10月31日.
func hanDigits(s string) string {
	if !strings.ContainsAny(s, "一二三四五六七八九十〇") {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	digit := func(i int) int {
		if i < 0 || i >= len(runes) {
			return -1
		}
		if runes[i] == '零' || runes[i] == '○' {
			return 0
		}
		if j := strings.IndexRune("〇一二三四五六七八九", runes[i]); j >= 0 {
			return j / len("一")
		}
		return -1
	}
	for i, r := range runes {
		switch {
		case r == '十' && digit(i-1) < 0 && digit(i+1) < 0:
			b.WriteString("10")
		case r == '十' && digit(i-1) < 0:
			b.WriteString("1")
		case r == '十' && digit(i+1) < 0:
			b.WriteString("0")
		case r == '十':
		case digit(i) >= 0:
			b.WriteString(strconv.Itoa(digit(i)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// serialDay turns a spreadsheet's serial number into its day and the seconds
// after midnight. Day 60 of the 1900 system, 29 February 1900, never was
// (ECMA-376 part 1, 18.17.4.1).
func serialDay(n float64, since1904 bool) (day Date, seconds int, ok bool) {
	if !(n >= 0 && n < 2958466) {
		return Date{}, 0, false
	}
	days := int(math.Floor(n))
	seconds = int(math.Round((n - math.Floor(n)) * 86400))
	if seconds == 86400 {
		days, seconds = days+1, 0
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0 || days == 60:
		return Date{}, seconds, false
	case days < 60:
		first = first.AddDate(0, 0, 1)
	}
	t := first.AddDate(0, 0, days)
	return Date{t.Year(), int(t.Month()), t.Day()}, seconds, t.Year() <= 9999
}
