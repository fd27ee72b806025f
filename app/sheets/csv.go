package sheets

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strings"
)

// openText makes the one sheet of a CSV or TSV file.
func openText(book *Book, content []byte, limits Limits) error {
	src, err := findEncoding(content)
	if err != nil {
		return err
	}
	comma, declared := findDelimiter(src, limits)
	book.Encoding, book.Delimiter = src.name, string(comma)
	book.Sheets = []*Sheet{{Name: bareName(book.Name), scan: func(yield func(Row) bool) error {
		r := &records{in: src.decode(), comma: comma, limits: limits}
		for first := true; ; first = false {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if first && declared {
				row.Cells = nil // sep=; is for the program, not for people
			}
			if !yield(row) {
				return nil
			}
		}
	}}}
	return nil
}

// findDelimiter returns what separates the cells: what the line sep=; declares,
// else of comma, tab and semicolon the one that splits the first rows most
// alike and into most cells.
func findDelimiter(src source, limits Limits) (comma byte, declared bool) {
	head, _ := src.decode().Peek(64 << 10)
	if line, _, _ := strings.Cut(string(head), "\n"); strings.HasPrefix(strings.ToLower(line), "sep=") {
		if sep := strings.TrimRight(line[4:], "\r"); len(sep) == 1 && strings.Contains(",;\t|", sep) {
			return sep[0], true
		}
	}
	comma = ','
	best := 0
	for _, c := range []byte(",\t;") {
		r := &records{in: bufio.NewReader(strings.NewReader(string(head))), comma: c, limits: limits}
		widths := map[int]int{}
		for range 50 {
			row, err := r.next()
			if err != nil {
				break
			}
			if len(row.Cells) > 1 {
				widths[len(row.Cells)] += len(row.Cells)
			}
		}
		for _, score := range widths {
			if score > best {
				best, comma = score, c
			}
		}
	}
	return comma, false
}

// records reads RFC 4180 as programs and people write it: any line end, rows of
// any length, a quote inside an unquoted cell as itself.
type records struct {
	in     *bufio.Reader
	comma  byte
	limits Limits
	number int
	cell   []byte
}

// next returns the next record or io.EOF. A quote that is never closed is an
// error, because it would swallow the rows after it.
func (r *records) next() (Row, error) {
	if _, err := r.in.Peek(1); err != nil {
		return Row{}, err
	}
	r.number++
	row := Row{Number: r.number}
	column, filled := 0, 0
	for {
		column++
		text, last, err := r.field()
		if err == nil && text != "" && column > r.limits.Columns {
			err = &Error{Kind: KindColumns, Limit: int64(r.limits.Columns)}
		}
		if err != nil {
			var e *Error
			if errors.As(err, &e) {
				e.Row, e.Column = r.number, column
			}
			return Row{}, err
		}
		if column <= r.limits.Columns {
			row.Cells = append(row.Cells, csvCellOf(text))
		}
		if text != "" {
			filled = column
		}
		if last {
			row.Cells = row.Cells[:filled]
			return row, nil
		}
	}
}

// exponent is a long number as a spreadsheet saves it to CSV, its digits gone.
var exponent = regexp.MustCompile(`^\d(?:\.\d+)?E\+(?:1[5-9]|2\d)$`)

// csvCellOf makes the cell of a text. ="123" is how other programs keep a
// spreadsheet from reading digits as a number.
func csvCellOf(text string) Cell {
	if inner, ok := strings.CutPrefix(text, `="`); ok && strings.HasSuffix(inner, `"`) {
		return Cell{Text: strings.TrimSuffix(inner, `"`), Raw: text}
	}
	c := textCell(text)
	if len(text) < 24 && exponent.MatchString(text) {
		c.Note = LostDigits
	}
	return c
}

// field reads one cell and whether it is the last of its record.
func (r *records) field() (text string, last bool, err error) {
	r.cell = r.cell[:0]
	quoted := false
	for {
		c, err := r.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && quoted:
			return "", true, broken("quotes")
		case errors.Is(err, io.EOF):
			return string(r.cell), true, nil
		case err != nil:
			return "", true, err
		case quoted && c != '"':
		case c == '"' && quoted:
			if r.peek() != '"' {
				quoted = false
				if err := r.afterQuote(); err != nil {
					return "", true, err
				}
				continue
			}
			_, _ = r.in.Discard(1)
		case c == '"' && len(r.cell) == 0:
			quoted = true
			continue
		case c == r.comma:
			return string(r.cell), false, nil
		case c == '\n':
			return string(r.cell), true, nil
		}
		if c == '\r' {
			if r.peek() == '\n' {
				_, _ = r.in.Discard(1)
			}
			if c = '\n'; !quoted {
				return string(r.cell), true, nil
			}
		}
		if r.cell = append(r.cell, c); len(r.cell) > r.limits.CellBytes {
			return "", true, &Error{Kind: KindCell, Limit: int64(r.limits.CellBytes)}
		}
	}
}

// afterQuote reads what follows a closing quote as plain text up to the next
// delimiter; a second quoted part there would be a guess.
func (r *records) afterQuote() error {
	for {
		switch c := r.peek(); c {
		case r.comma, '\r', '\n', 0:
			return nil
		case '"':
			return broken("quoteAfter")
		default:
			_, _ = r.in.Discard(1)
			if r.cell = append(r.cell, c); len(r.cell) > r.limits.CellBytes {
				return &Error{Kind: KindCell, Limit: int64(r.limits.CellBytes)}
			}
		}
	}
}

// peek returns the next byte, or 0 at the end; a text holds no NUL.
func (r *records) peek() byte {
	b, err := r.in.Peek(1)
	if err != nil {
		return 0
	}
	return b[0]
}
