package schemas

import (
	"encoding/json"
	"testing"
	"time"
)

// TestBusinessDay holds that days are those of Shanghai, whatever the clock's zone.
func TestBusinessDay(t *testing.T) {
	for at, want := range map[string]Date{
		"2026-11-23T15:59:59.999Z":  "2026-11-23",
		"2026-11-23T16:00:00Z":      "2026-11-24",
		"2026-12-31T23:59:59Z":      "2027-01-01",
		"2026-11-23T00:00:00+08:00": "2026-11-23",
		"2026-11-23T23:59:59-05:00": "2026-11-24",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(instant); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	for day, want := range map[Date]Date{"2026-02-28": "2026-03-01", "2028-02-28": "2028-02-29", "2026-12-31": "2027-01-01"} {
		if got := day.AddDays(1); got != want || got.AddDays(-1) != day {
			t.Errorf("the day after %s is %s, want %s", day, got, want)
		}
	}
}

// TestTime holds that instants are whole milliseconds in UTC of one width, so that their texts sort, and come back equal.
func TestTime(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for at, want := range map[time.Time]string{
		time.Date(2026, 11, 24, 0, 0, 0, 999_999, zone):       `"2026-11-23T16:00:00.000Z"`,
		time.Date(2026, 11, 24, 0, 0, 0, 1_999_999, zone):     `"2026-11-23T16:00:00.001Z"`,
		time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC): `"2026-01-02T03:04:05.600Z"`,
	} {
		b, err := json.Marshal(At(at))
		if err != nil || string(b) != want {
			t.Errorf("%s: %s, want %s (%v)", at, b, want, err)
		}
		var back Time
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(At(at).Time) {
			t.Errorf("%s comes back as %s (%v)", b, back, err)
		}
	}
	for _, bad := range []string{`"yesterday"`, `5`, `"2026-02-30T00:00:00Z"`, `{"$date":1}`} {
		if err := json.Unmarshal([]byte(bad), new(Time)); err == nil {
			t.Errorf("%s is taken for an instant", bad)
		}
	}
}
