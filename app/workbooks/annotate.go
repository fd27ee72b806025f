package workbooks

import (
	"io"
	"iter"
	"strings"

	"qunxian/app/sheets"
)

// Verdict is what an import says about one row.
type Verdict struct {
	Result  string // 新增, 更新, 未变, 拒绝 …
	Reasons []string
}

// Verdicts are those of one sheet by row number. HeaderRow is where the column
// names 结果 and 原因 go.
type Verdicts struct {
	HeaderRow int
	Rows      map[int]Verdict
}

// Annotate writes a copy of a book as an xlsx of texts in which every sheet
// with verdicts has two more columns on the right, 结果 and 原因. Row numbers
// stay. Errors of Excel, which an import reads as empty, are shown as they were.
func Annotate(w io.Writer, book *sheets.Book, verdicts map[string]Verdicts) error {
	var out []Out
	var failed error
	for _, s := range book.Sheets {
		width := 0
		for row, err := range s.Rows() {
			if err != nil {
				return err
			}
			width = max(width, len(row.Cells))
		}
		v, judged := verdicts[s.Name]
		if !judged {
			width = 0
		}
		out = append(out, Out{Name: s.Name, Hidden: s.Hidden, Rows: annotated(s, width, v, &failed)})
	}
	if err := Write(w, out); err != nil {
		return err
	}
	return failed
}

// annotated yields the rows of a sheet with the gaps between them, so that a
// row keeps its number. Width 0 adds no columns.
func annotated(s *sheets.Sheet, width int, v Verdicts, failed *error) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		written := 0
		for row, err := range s.Rows() {
			if err != nil {
				*failed = err
				return
			}
			texts := row.Texts()
			for i, c := range row.Cells {
				if c.Note == sheets.ErrorValue {
					texts[i] = c.Raw
				}
			}
			verdict, ok := v.Rows[row.Number]
			if row.Number == v.HeaderRow {
				verdict, ok = Verdict{"结果", []string{"原因"}}, true
			}
			if ok && width > 0 {
				texts = append(texts, make([]string, width-len(texts))...)
				texts = append(texts, verdict.Result, strings.Join(verdict.Reasons, "；"))
			}
			if len(texts) == 0 {
				continue
			}
			for ; written < row.Number-1; written++ {
				if !yield(nil) {
					return
				}
			}
			written++
			if !yield(texts) {
				return
			}
		}
	}
}
