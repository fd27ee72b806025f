package sheets

import (
	"errors"
	"testing"
)

// TestParseDate reads dates as offices write them.
func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"1990": "1990", "1990年": "1990", "2026年底": "2026", "一九九〇年": "1990",
		"1990.6": "1990-06", "1990-06": "1990-06", "1985年3月": "1985-03", "1990.10": "1990-10", "1990年06月份": "1990-06",
		"2026年9月底": "2026-09", "2026年9月上旬": "2026-09", "199006": "1990-06", "1990-06-00": "1990-06", "1990-00-00": "1990",
		"1988年3月5日": "1988-03-05", "1988年 3 月 5 号": "1988-03-05", "1985/3/15": "1985-03-15", "20260301": "2026-03-01",
		"2026.10.31": "2026-10-31", "２０２６－１０－３１": "2026-10-31", " 2024-02-29 ": "2024-02-29", "2026、3、1": "2026-03-01",
		"2026-03-01 08:30": "2026-03-01", "2026-03-01T08:30:00.5+08:00": "2026-03-01", "2026年3月1日 8时30分": "2026-03-01",
		"二〇二六年十月三十一日": "2026-10-31", "二零二六年二十月": "error range", "一九九〇年十二月": "1990-12", "二〇二六年十一月二十日": "2026-11-20",
		"13/05/1979": "1979-05-13", "05/13/1979": "1979-05-13", "5/5/1979": "1979-05-05", "12/05/1979": "error ambiguous",
		"12-May-1979": "1979-05-12", "May 12, 1979": "1979-05-12", "Mar 1985": "1985-03", "15 September 1985": "1985-09-15",
		"": "", "待定": "", "至今": "", "—": "", "-": "", "0000-00-00": "", "0": "", "/": "", "N/A": "", "长期": "", "　待 定 ": "",
		"85.3.15": "error shortYear", "03-15-85": "error shortYear", "90年6月": "error shortYear",
		"2026-02-30": "error range", "2025-02-29": "error range", "1899-01-01": "error range", "2026-13-01": "error range",
		"2101": "error range", "1990-00-05": "error range", "13/14/1979": "error range", "900601": "error range",
		"45931": "error format", "下个月": "error format", "2026年": "2026", "1990.6.": "error format", "十": "error format", "2026-1-1-1": "error format",
	} {
		d, err := ParseDate(text)
		got := d.String()
		var e *DateError
		if errors.As(err, &e) {
			got = "error " + string(e.Why)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCellDate reads numbers that stand for dates.
func TestCellDate(t *testing.T) {
	for text, want := range map[string]string{
		"45931": "2025-10-01", "45931.75": "2025-10-01", "1990": "1990", "1990.6": "1990-06", "1990.12": "1990-12",
		"20260301": "2026-03-01", "201509": "2015-09", "0": "", "1990.10": "1990-10",
		"1990.1": "error ambiguous", "12": "error range", "99999999": "error range", "-45931": "error format", "201509.5": "error format",
	} {
		d, err := Cell{Text: text, Kind: Number}.Date()
		got := d.String()
		var e *DateError
		if errors.As(err, &e) {
			got = "error " + string(e.Why)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if p := (Date{1990, 6, 0}).Precision(); p != Month {
		t.Error(p)
	}
}

// TestSerialDays counts every day of both systems against the calendar.
func TestSerialDays(t *testing.T) {
	for n, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 2958465: "9999-12-31", 45931.999999: "2025-10-02"} {
		if d, _, ok := serialDay(n, false); d.String() != want || !ok {
			t.Error(n, d, ok)
		}
	}
	for n := 61; n < 80_000; n++ {
		a, _, _ := serialDay(float64(n+1462), false)
		b, _, ok := serialDay(float64(n), true)
		if a != b || !ok {
			t.Fatal(n, a, b)
		}
	}
	for _, n := range []float64{-1, 60, 2958466, 1e300} {
		if d, _, ok := serialDay(n, false); ok {
			t.Error(n, d)
		}
	}
}
