// Package workbooks writes the spreadsheets of an office: xlsx and CSV of rows,
// templates with drop-down lists, and copies with a verdict beside each row.
// Package sheets reads back every text that it writes.
package workbooks

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"qunxian/app/sheets"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Out is a sheet to write: a header and rows of texts. Footer lines stand below
// the rows, after an empty one. Widths are in characters, 0 for the usual one.
type Out struct {
	Name    string
	Headers []string
	Widths  []float64
	Rows    iter.Seq[[]string]
	Footer  []string
	Hidden  bool
}

// usualWidth is the width of a column in characters unless told.
const usualWidth = 16

// Write streams an xlsx of the sheets to w. All cells are texts, so ID numbers
// keep their digits and nothing is a formula; texts are neutralised. A text
// that a cell cannot hold is an error and never cut.
func Write(w io.Writer, out []Out) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	bold, err := headerStyle(f)
	if err != nil {
		return err
	}
	names := sheetNames(out)
	if err := arrange(f, names, out); err != nil {
		return fmt.Errorf("workbooks: arrange: %w", err)
	}
	for i, s := range out {
		if err := writeSheet(f, names[i], s, bold); err != nil {
			return fmt.Errorf("workbooks: write %q: %w", s.Name, err)
		}
	}
	return f.Write(w)
}

// arrange makes the empty sheets and hides those that are to be hidden, before
// any is streamed. A workbook has at least one sheet to show: the first.
func arrange(f *excelize.File, names []string, out []Out) error {
	for i, name := range names {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return err
		}
	}
	shown := max(0, slices.IndexFunc(out, func(s Out) bool { return !s.Hidden }))
	f.SetActiveSheet(shown)
	for i, s := range out {
		if s.Hidden && i != shown {
			if err := f.SetSheetVisible(names[i], false); err != nil {
				return err
			}
		}
	}
	return nil
}

func headerStyle(f *excelize.File) (int, error) {
	return f.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF7"}},
		Border:    []excelize.Border{{Type: "bottom", Color: "8A97AD", Style: 1}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
}

func writeSheet(f *excelize.File, name string, s Out, bold int) error {
	sw, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i := range max(len(s.Headers), len(s.Widths)) {
		width := float64(usualWidth)
		if i < len(s.Widths) && s.Widths[i] > 0 {
			width = s.Widths[i]
		}
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	number := 0
	put := func(texts []string, style int) error {
		number++
		cells := make([]any, len(texts))
		for i, text := range texts {
			if text == "" {
				if style != 0 {
					cells[i] = excelize.Cell{StyleID: style}
				}
				continue
			}
			text = sheets.Neutralise(text)
			if err := fits(text); err != nil {
				return fmt.Errorf("row %d column %s: %w", number, sheets.ColumnName(i+1), err)
			}
			cells[i] = excelize.Cell{StyleID: style, Value: text}
		}
		return sw.SetRow(fmt.Sprintf("A%d", number), cells)
	}
	if len(s.Headers) > 0 {
		if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
		if err := put(s.Headers, bold); err != nil {
			return err
		}
	}
	if s.Rows != nil {
		for row := range s.Rows {
			if err := put(row, 0); err != nil {
				return err
			}
		}
	}
	if len(s.Footer) > 0 {
		number++
		for _, line := range s.Footer {
			if err := put([]string{line}, 0); err != nil {
				return err
			}
		}
	}
	return sw.Flush()
}

var errText = errors.New("workbooks: text has characters that a spreadsheet cannot hold")

// fits refuses what excelize would cut or replace.
func fits(s string) error {
	units := 0
	for _, r := range s {
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == utf8.RuneError && !utf8.ValidString(s), r == 0xFFFE, r == 0xFFFF:
			return errText
		case r > 0xFFFF:
			units++
		}
		units++
	}
	if units > excelize.TotalCellChars {
		return excelize.ErrCellCharsLength
	}
	return nil
}

// sheetNames makes names that Excel accepts: at most 31 characters, none of
// them forbidden, no two alike.
func sheetNames(out []Out) []string {
	used := map[string]bool{}
	names := make([]string, len(out))
	for i, s := range out {
		name := strings.Trim(strings.Map(func(r rune) rune {
			if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
				return '_'
			}
			return r
		}, strings.ToValidUTF8(s.Name, "_")), "' ")
		if name == "" {
			name = fmt.Sprintf("表%d", i+1)
		}
		plain := name
		for n := 1; ; n++ {
			suffix := ""
			if n > 1 {
				suffix = fmt.Sprintf("(%d)", n)
			}
			name = firstUnits(plain, excelize.MaxSheetNameLength-len(suffix)) + suffix
			if !used[strings.ToLower(name)] {
				break
			}
		}
		used[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// firstUnits cuts s to n UTF-16 units, which is how Excel counts.
func firstUnits(s string, n int) string {
	for i, r := range s {
		if n--; r > 0xFFFF {
			n--
		}
		if n < 0 {
			return s[:i]
		}
	}
	return s
}

// CSVEncoding is how WriteCSV encodes.
type CSVEncoding string

// The encodings of CSV: UTF-8 with a byte order mark, which Excel and WPS
// recognise, and GB18030 for older programs. Both hold all of Unicode.
const (
	CSVUTF8    CSVEncoding = "utf8bom"
	CSVGB18030 CSVEncoding = "gb18030"
)

// WriteCSV streams rows to w as RFC 4180 with CR LF line ends, neutralised. A
// line end inside a cell is written as LF.
func WriteCSV(w io.Writer, rows iter.Seq[[]string], encoding CSVEncoding) error {
	var closer io.Closer
	switch encoding {
	case CSVUTF8:
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	case CSVGB18030:
		encoder := simplifiedchinese.GB18030.NewEncoder().Writer(w)
		if c, ok := encoder.(io.Closer); ok {
			closer = c
		}
		w = encoder
	default:
		return fmt.Errorf("workbooks: no CSV encoding %q", encoding)
	}
	out := bufio.NewWriter(w)
	number := 0
	for row := range rows {
		number++
		for i, text := range row {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return fmt.Errorf("row %d column %s: %w", number, sheets.ColumnName(i+1), errText)
			}
			if i > 0 {
				_ = out.WriteByte(',')
			}
			_, _ = out.WriteString(csvCell(text))
		}
		if len(row) == 1 && row[0] == "" {
			_, _ = out.WriteString(`""`) // else the row would read as no row
		}
		_, _ = out.WriteString("\r\n")
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if closer != nil {
		return closer.Close()
	}
	return nil
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// csvCell quotes whatever any program could take for more than one cell.
func csvCell(s string) string {
	s = sheets.Neutralise(lineEnds.Replace(s))
	if s == "" || (!strings.ContainsAny(s, ",;\t|\"\r\n") && s == strings.TrimSpace(s)) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
