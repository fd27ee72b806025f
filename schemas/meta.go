// Package schemas says what things are: the documents the product keeps, their
// parts and their rules. It imports the standard library only.
package schemas

import (
	"encoding/json"
	"time"
)

// Meta is the part that every stored document has. ID is a ULID, or a code for
// documents that are named by one (taxonomies, settings).
type Meta struct {
	ID        string `json:"id"`
	Version   int64  `json:"version"`
	CreatedAt Time   `json:"createdAt"`
	CreatedBy string `json:"createdBy,omitempty"`
	UpdatedAt Time   `json:"updatedAt"`
	UpdatedBy string `json:"updatedBy,omitempty"`
}

// DocMeta gives any document's Meta to read and write.
func (m *Meta) DocMeta() *Meta { return m }

// Document is a pointer to a struct that embeds Meta.
type Document[T any] interface {
	*T
	DocMeta() *Meta
}

// Time is a UTC instant in whole milliseconds. Its text has a fixed width, so
// that it sorts as text in every store.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At returns t as a Time: UTC, cut to the millisecond.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// String is the fixed-width RFC 3339 text.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalJSON writes the fixed-width text, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.String())
}

// UnmarshalJSON reads any RFC 3339 text and cuts it to the millisecond.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		t.Time = time.Time{}
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return err
	}
	*t = At(v)
	return nil
}

// Shanghai is the zone of the business day. China has kept UTC+8 without
// summer time since 1991, so a fixed zone needs no zone files.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a business day as YYYY-MM-DD, or "" for none. It sorts as text.
type Date string

// DateOf returns the business day of an instant.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// Valid reports whether d is a day of the calendar.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Time is the start of the day in Shanghai, or the zero time.
func (d Date) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays moves d by n days.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// Secret is a K3 value: sealed text in the store and in history, plain text
// only between a reader who may see it and the moment it is sealed.
type Secret string

// SealMark is how every sealed value begins.
const SealMark = "e1:"

// Sealed reports whether the value is cipher text.
func (s Secret) Sealed() bool { return len(s) > len(SealMark) && s[:len(SealMark)] == SealMark }
