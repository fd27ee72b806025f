package sheets

import (
	"iter"
	"slices"
	"strings"
)

// headRows is how many rows with values are searched for the header.
const headRows = 40

// Reason says why a row is not a row of the table.
type Reason string

// The reasons to skip a row.
const (
	TitleRow   Reason = "title"   // above the header
	MetaRow    Reason = "meta"    // 填报单位, 填报日期 and the like, above or below
	HeaderRow  Reason = "header"  // the column names
	NumberRow  Reason = "numbers" // columns numbered 1, 2, 3 below the header
	RepeatRow  Reason = "repeat"  // the header again, on a new page
	ExampleRow Reason = "example" // a sample that shows how to fill in
	SectionRow Reason = "section" // 二、海外人才
	TotalRow   Reason = "total"   // 合计, 小计, 总计
	RemarkRow  Reason = "remark"  // 备注, 说明
	EmptyRow   Reason = "empty"   // no value, styled or not
)

// Skip is a row that is not one of the table, or a run of such empty rows.
type Skip struct {
	Row    int    `json:"row"`
	Last   int    `json:"last"`
	Reason Reason `json:"reason"`
	Text   string `json:"text,omitempty"`
}

// Table is a sheet read as a header and rows. Every row of the sheet is one of
// Rows or is in Skipped.
type Table struct {
	Sheet   string
	Title   string
	Headers []string // one per column, two header rows joined by "/"; "" without a name
	Top     int      // the first header row
	Bottom  int      // the last header row, which is Top or the row below
	Meta    map[string]string
	Skipped []Skip

	source *Sheet
	head   []Skip
	width  int
}

// Table finds the header of a sheet by the aliases of columns, else by its
// shape. A sheet without one is an *Error of KindNoHeader.
func (s *Sheet) Table(columns []Column) (*Table, error) {
	var head []Row
	for row, err := range s.Rows() {
		if err != nil {
			return nil, err
		}
		if len(row.Cells) == 0 || isBlank(row) {
			continue
		}
		if head = append(head, row); len(head) == headRows {
			break
		}
	}
	first, last := findHeader(head, columns)
	if first < 0 {
		return nil, &Error{Kind: KindNoHeader, File: s.file, Sheet: s.Name}
	}
	t := &Table{Sheet: s.Name, Top: head[first].Number, Bottom: head[last].Number, Meta: map[string]string{}, source: s}
	t.Headers = joinHeaders(head[first : last+1])
	for _, h := range t.Headers {
		if h != "" {
			t.width++
		}
	}
	for _, row := range head[:first] {
		t.head = append(t.head, t.above(row))
	}
	for _, row := range head[first : last+1] {
		t.head = append(t.head, skip(row, HeaderRow))
	}
	t.Skipped = slices.Clone(t.head)
	return t, nil
}

// Rows yields the rows of the table in order and fills Skipped anew; values
// that stand below the rows join Meta. An error comes last and with no row.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t.Skipped = nil
		above := t.head
		previous := 0
		for row, err := range t.source.Rows() {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if row.Number > previous+1 {
				t.skipEmpty(previous+1, row.Number-1)
			}
			previous = row.Number
			switch {
			case len(row.Cells) == 0 || isBlank(row):
				t.skipEmpty(row.Number, row.Number)
				continue
			case row.Number <= t.Bottom:
				t.Skipped = append(t.Skipped, above[0])
				above = above[1:]
				continue
			}
			if reason := t.classify(row); reason != "" {
				t.Skipped = append(t.Skipped, skip(row, reason))
				continue
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// ReportedOn returns the date the sheet says it was filled in, above or below
// its rows, or no date.
func (t *Table) ReportedOn() (Date, error) {
	for _, key := range reportDates {
		if v := t.Meta[key]; v != "" {
			return ParseDate(v)
		}
	}
	return Date{}, nil
}

func skip(row Row, reason Reason) Skip {
	var texts []string
	for _, c := range row.Cells {
		if text := strings.TrimSpace(c.Text); text != "" {
			texts = append(texts, text)
		}
	}
	return Skip{Row: row.Number, Last: row.Number, Reason: reason, Text: strings.Join(texts, " ")}
}

// skipEmpty notes empty rows, as one run.
func (t *Table) skipEmpty(from, to int) {
	if n := len(t.Skipped); n > 0 && t.Skipped[n-1].Reason == EmptyRow && t.Skipped[n-1].Last == from-1 {
		t.Skipped[n-1].Last = to
		return
	}
	t.Skipped = append(t.Skipped, Skip{Row: from, Last: to, Reason: EmptyRow})
}

func isBlank(row Row) bool {
	for _, c := range row.Cells {
		if strings.Trim(c.Text, " \t\n\u00a0\u3000\u200b\ufeff") != "" || c.Note == ErrorValue || c.Note == NoResult {
			return false
		}
	}
	return true
}
