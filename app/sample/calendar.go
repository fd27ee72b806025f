package sample

import (
	"time"

	"qunxian/schemas"
)

// day is a number of days since 1970-01-01.
type day int

const dayMillis = 24 * 60 * 60 * 1000

func dayOf(d schemas.Date) day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic("sample: " + err.Error())
	}
	return day(t.Unix() / (24 * 60 * 60))
}

func (d day) date() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// monday is the Monday of the day's week; 1970-01-01 was a Thursday.
func (d day) monday() day { return d - (d+3)%7 }

// workday is the day, or the Friday before it on a weekend.
func (d day) workday() day { return min(d, d.monday()+4) }

// monthEnd is the last day of the day's month.
func (d day) monthEnd() day {
	t := d.date()
	return day(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// calendar writes days as text; those around the register's time are ready.
type calendar struct {
	from day
	text []schemas.Date
}

func newCalendar(from, to day) *calendar {
	c := &calendar{from: from}
	for d := from; d <= to; d++ {
		c.text = append(c.text, schemas.Date(d.date().Format(time.DateOnly)))
	}
	return c
}

func (c *calendar) date(d day) schemas.Date {
	if i := int(d - c.from); i >= 0 && i < len(c.text) {
		return c.text[i]
	}
	return schemas.Date(d.date().Format(time.DateOnly))
}

// year is the year of a day.
func (c *calendar) year(d day) int {
	t := c.date(d)
	return int(t[0]-'0')*1000 + int(t[1]-'0')*100 + int(t[2]-'0')*10 + int(t[3]-'0')
}

// clock is an instant in milliseconds since 1970, UTC.
type clock int64

const (
	opens      = 8*60*60*1000 + 30*60*1000 // 8:30 in Shanghai
	openFor    = 8 * 60 * 60 * 1000        // until 16:30
	zoneMillis = 8 * 60 * 60 * 1000
)

// during is an instant of a day's office hours; at runs from 0 up to 1.
func (d day) during(at float64) clock {
	return clock(int64(d)*dayMillis - zoneMillis + opens + int64(at*openFor))
}

// day is the business day of an instant.
func (c clock) day() day { return day((int64(c) + zoneMillis) / dayMillis) }

func (c clock) time() schemas.Time { return schemas.Time{Time: time.UnixMilli(int64(c)).UTC()} }

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ulid is the id of an instant with 80 bits of chance.
func ulid(at clock, c *chance) string {
	var b [26]byte
	t := uint64(at)
	for i := 9; i >= 0; i-- {
		b[i] = crockford[t&31]
		t >>= 5
	}
	hi, lo := c.next(), c.next()
	for i := 10; i < 18; i++ {
		b[i] = crockford[hi&31]
		hi >>= 5
	}
	for i := 18; i < 26; i++ {
		b[i] = crockford[lo&31]
		lo >>= 5
	}
	return string(b[:])
}
