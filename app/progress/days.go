// Package progress says what a history adds up to: the replay of a document on
// a day, the dated spans of its facts, which records a counting rule counts and
// why the others do not, and how far a target is. It has no I/O and no clock;
// the same arguments give the same answer for ever.
package progress

import (
	"math"
	"time"

	"qunxian/schemas"
)

// The open ends of spans.
const (
	OpenDay   int32 = math.MaxInt32
	OpenKnown int64 = math.MaxInt64
)

// beforeAll is the day of an entry that names none: it holds from the start.
const beforeAll int32 = math.MinInt32

const secondsOfDay = 24 * 60 * 60

// DayOf is a date as the number of days since 1970-01-01. Text that is no date
// of ten characters lies before all days.
func DayOf(d schemas.Date) int32 {
	if len(d) != 10 || d[4] != '-' || d[7] != '-' {
		return beforeAll
	}
	y, ok1 := digits(d[:4])
	m, ok2 := digits(d[5:7])
	n, ok3 := digits(d[8:])
	if !ok1 || !ok2 || !ok3 {
		return beforeAll
	}
	return int32(time.Date(y, time.Month(m), n, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

func digits(s schemas.Date) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// DateOf is the date of a day number.
func DateOf(day int32) schemas.Date {
	return schemas.Date(time.Unix(int64(day)*secondsOfDay, 0).UTC().Format(time.DateOnly))
}

// yearLater is the same day of the next year; 29 February becomes 1 March.
func yearLater(day int32) int32 {
	t := time.Unix(int64(day)*secondsOfDay, 0).UTC().AddDate(1, 0, 0)
	return int32(t.Unix() / secondsOfDay)
}

// MonthEnds are the last days of the months from the month of from up to to,
// and to itself: the days of a burn-up.
func MonthEnds(from, to schemas.Date) []schemas.Date {
	var out []schemas.Date
	start := from.Time()
	for end := time.Date(start.Year(), start.Month()+1, 0, 0, 0, 0, 0, schemas.Shanghai); ; {
		day := schemas.DateOf(end)
		if day >= to {
			break
		}
		out = append(out, day)
		end = time.Date(end.Year(), end.Month()+2, 0, 0, 0, 0, 0, schemas.Shanghai)
	}
	if from <= to {
		out = append(out, to)
	}
	return out
}

// known is an instant in the milliseconds of spans. The zero instant means all
// that is on file.
func known(t schemas.Time) int64 {
	if t.IsZero() {
		return OpenKnown - 1
	}
	return t.UnixMilli()
}
