package sheets

import (
	"errors"
	"testing"
)

// FuzzXLSX holds that any file is refused by an *Error with its name or read to
// the end, whatever its zip says.
func FuzzXLSX(f *testing.F) {
	good := sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>45931</v></c></row><row r="9" hidden="1"><c t="inlineStr"><is><t>x</t></is></c></row>`)
	f.Add(rawBook(f, good, `<sst><si><t>姓名</t></si></sst>`, entry{name: "xl/styles.xml", text: `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`}))
	f.Add(rawBook(f, sheetXML(""), ""))
	f.Add(messy(f).bytes())
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, content []byte) {
		_, err := drain(content)
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.File != "x.xlsx") {
			t.Errorf("not refused by name: %v", err)
		}
	})
}

// FuzzSheetXML holds the same of the XML inside a sound zip, and that rows come
// in order and within the limits.
func FuzzSheetXML(f *testing.F) {
	for _, s := range []string{`<row r="1"><c r="A1"><v>1</v></c></row>`, `<row><c t="s"><v>0</v></c><c t="d"><v>2026-01-01</v></c></row><row r="7"/>`, `<row><c t="inlineStr"><is><t>_x0041_</t><rPh><t>a</t></rPh></is></c></row>`} {
		f.Add(sheetXML(s), `<sst><si><t>姓名</t></si></sst>`)
	}
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		book, err := Open("x.xlsx", rawBook(t, sheet, shared), Limits{})
		if err != nil {
			return
		}
		last := 0
		for row, err := range book.Sheets[0].Rows() {
			if err != nil {
				return
			}
			if row.Number <= last || len(row.Cells) > DefaultLimits.Columns {
				t.Fatalf("row %d after %d with %d cells", row.Number, last, len(row.Cells))
			}
			last = row.Number
		}
	})
}

// FuzzTable holds that every row of any text is a row of the table or skipped,
// once.
func FuzzTable(f *testing.F) {
	f.Add("附件\n填报单位：某局\n姓名,联系方式,\n,手机,邮箱\n1,2,3\n合计,,3\n\n备注\n")
	f.Add("姓名,性别\n\n张伟,男\n二、海外\n")
	f.Fuzz(func(t *testing.T, text string) {
		book, err := Open("x.csv", []byte(text), Limits{})
		if err != nil || book.Encoding == "" {
			return
		}
		total := 0
		for _, err := range book.Sheets[0].Rows() {
			if err != nil {
				return
			}
			total++
		}
		table, err := book.Sheets[0].Table(talentColumns)
		if err != nil {
			return
		}
		seen := make([]int, total+1)
		for row, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			seen[row.Number]++
		}
		for _, s := range table.Skipped {
			for n := s.Row; n <= s.Last; n++ {
				seen[n]++
			}
		}
		for n, times := range seen[1:] {
			if times != 1 {
				t.Fatalf("row %d is in %d places", n+1, times)
			}
		}
		Match(table.Headers, talentColumns)
	})
}

// FuzzParseDate holds that a date is possible and reads back as itself.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1990.6", "1985年3月5日", "二〇二六年十月", "12/05/1979", "待定", "May 12, 1979", "2026-03-01T08:30:00Z", "20260301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		var e *DateError
		if err != nil {
			if !errors.As(err, &e) || !d.IsZero() {
				t.Errorf("%q: %v %v", s, d, err)
			}
			return
		}
		if again, err := ParseDate(d.String()); again != d || err != nil {
			t.Errorf("%q: %v reads back as %v, %v", s, d, again, err)
		}
		if _, err := (Cell{Text: s, Kind: Number}).Date(); err != nil && !errors.As(err, &e) {
			t.Error(err)
		}
	})
}
