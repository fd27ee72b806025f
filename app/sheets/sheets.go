// Package sheets reads the spreadsheets of an office, xlsx and CSV
// of any encoding met in China, from bytes alone. No row is lost silently: a
// file is refused by name, or every row of it is delivered, or skipped with a
// reason. People are not its business: it delivers cells, headers and dates.
//
// It reads xlsx with its own streaming reader. A streamed cell of excelize has
// neither its style nor its type, so dates could not be told from numbers, and
// excelize ends a damaged sheet without an error. Excelize does the writing, in
// package workbooks.
package sheets

import (
	"bytes"
	"iter"
	"path"
	"strings"
)

// Limits bound what one file may cost. A zero field takes its value of
// DefaultLimits.
type Limits struct {
	Entries   int   // files inside an xlsx
	Unpacked  int64 // bytes of all of them, unpacked
	Ratio     int64 // unpacked / packed of one of them
	Rows      int   // the last row with a value of an xlsx sheet; CSV has no such limit
	Columns   int   // the last column with a value
	CellBytes int   // UTF-8 bytes of one cell
}

// DefaultLimits are the limits of an import.
var DefaultLimits = Limits{
	Entries:   200,
	Unpacked:  400 << 20,
	Ratio:     100,
	Rows:      100_000,
	Columns:   64,
	CellBytes: 4 << 10,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	if l.Entries > 0 {
		d.Entries = l.Entries
	}
	if l.Unpacked > 0 {
		d.Unpacked = l.Unpacked
	}
	if l.Ratio > 0 {
		d.Ratio = l.Ratio
	}
	if l.Rows > 0 {
		d.Rows = l.Rows
	}
	if l.Columns > 0 {
		d.Columns = l.Columns
	}
	if l.CellBytes > 0 {
		d.CellBytes = l.CellBytes
	}
	return d
}

// Book is an opened file. It holds the bytes it was opened from and nothing
// that needs closing; its sheets may be read many times, also at once.
type Book struct {
	Name      string
	Encoding  string // of a text file: "utf-8", "gb18030", "utf-16le" or "utf-16be"
	Delimiter string // of a text file
	Sheets    []*Sheet
}

// Sheet is one sheet of a book, in the book's order.
type Sheet struct {
	Name   string
	Hidden bool
	file   string
	scan   func(yield func(Row) bool) error
}

// Row is one row of a sheet. Number is the row's number as a spreadsheet shows
// it, from 1; in CSV a row is a record, whatever lines it takes. Cells end at
// the last cell that is not empty.
type Row struct {
	Number int
	Hidden bool
	Cells  []Cell
}

// Texts returns the texts of the row's cells.
func (r Row) Texts() []string {
	texts := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		texts[i] = c.Text
	}
	return texts
}

// Cell returns the cell of a column, from 0; beyond the row's end it is empty.
func (r Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// Open recognises a file by its content, never by its name, and returns its
// book, or an *Error that names why it is refused. Limits on rows, columns and
// cells are met while the rows are read.
func Open(name string, content []byte, limits Limits) (*Book, error) {
	limits = limits.orDefault()
	book := &Book{Name: name}
	var err error
	switch kind := recognise(content); kind {
	case "":
		err = openText(book, content, limits)
	case kindZip:
		err = openWorkbook(book, content, limits)
	default:
		err = &Error{Kind: kind}
	}
	if err != nil {
		return nil, inFile(err, name, "")
	}
	for _, s := range book.Sheets {
		s.file = name
	}
	return book, nil
}

// Rows yields every row the file has for the sheet, empty ones too, in order.
// An error is an *Error, comes last and with no row.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := false
		err := s.scan(func(r Row) bool {
			stopped = !yield(r, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(Row{}, inFile(err, s.file, s.Name))
		}
	}
}

// kindZip is what recognise returns for a zip, which may be an xlsx.
const kindZip Kind = "zip"

// recognise tells a zip, a kind that is refused, or text ("").
func recognise(content []byte) Kind {
	head := content[:min(len(content), 4096)]
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return KindEmpty
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return kindZip
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if bytes.Contains(content, utf16Name("EncryptedPackage")) {
			return KindEncrypted
		}
		if bytes.Contains(content, utf16Name("Workbook")) || bytes.Contains(content, utf16Name("Book")) {
			return KindXLS
		}
		return KindUnknown
	case bytes.HasPrefix(head, []byte{9, 8, 16, 0}), bytes.HasPrefix(head, []byte{9, 8, 8, 0}), bytes.HasPrefix(head, []byte{9, 4, 6, 0}):
		return KindXLS
	case bytes.HasPrefix(head, []byte("%PDF-")), bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xff\xd8\xff")),
		bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")), bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return KindUnknown
	}
	start := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))))
	for _, tag := range []string{"<?xml", "<!doctype", "<html", "<head", "<meta", "<table", "<style", "<script"} {
		if strings.HasPrefix(start, tag) {
			return KindHTML
		}
	}
	return ""
}

// utf16Name is a directory name as a compound file stores it.
func utf16Name(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

// bareName is a file's name without folder and ending.
func bareName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(name, path.Ext(name))
}
