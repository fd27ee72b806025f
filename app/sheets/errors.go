package sheets

import (
	"errors"
	"fmt"
	"strings"
)

// Kind names why a file is refused.
type Kind string

// The kinds of refusal.
const (
	KindEmpty     Kind = "empty"     // nothing in it
	KindXLS       Kind = "xls"       // Excel 97–2003, or WPS's .et
	KindEncrypted Kind = "encrypted" // needs a password
	KindHTML      Kind = "html"      // a web page or XML under the name of a sheet
	KindOther     Kind = "other"     // a zip that is not an xlsx: docx, ods, xlsb, plain zip
	KindUnknown   Kind = "unknown"   // no spreadsheet at all
	KindEncoding  Kind = "encoding"  // text whose bytes are broken or of another encoding
	KindBroken    Kind = "broken"    // damaged or forged
	KindEntries   Kind = "entries"   // more files inside than the limit
	KindUnpacked  Kind = "unpacked"  // unpacks to more than the limit
	KindRatio     Kind = "ratio"     // packed tighter than the limit
	KindRows      Kind = "rows"      // more rows than the limit
	KindColumns   Kind = "columns"   // more columns than the limit
	KindCell      Kind = "cell"      // a cell longer than the limit
	KindNoHeader  Kind = "noHeader"  // a sheet without a row of column names
)

// Kinds is every kind.
var Kinds = []Kind{
	KindEmpty, KindXLS, KindEncrypted, KindHTML, KindOther, KindUnknown, KindEncoding, KindBroken, KindEntries, KindUnpacked, KindRatio,
	KindRows, KindColumns, KindCell, KindNoHeader,
}

// Error is a refusal: which file, why, where and which limit. Sheet, Row and
// Column (from 1) are set where they are known. Detail is the name of an
// encoding, or a code of what is damaged; pages have words for it.
type Error struct {
	Kind   Kind   `json:"kind"`
	File   string `json:"-"`
	Sheet  string `json:"-"`
	Row    int    `json:"row,omitempty"`
	Column int    `json:"column,omitempty"`
	Limit  int64  `json:"limit,omitempty"`
	Detail string `json:"detail,omitempty"`
	cause  error
}

// Unwrap returns the error below, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Error is for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sheets: ")
	if e.File != "" {
		fmt.Fprintf(&b, "file %q ", e.File)
	}
	if e.Sheet != "" {
		fmt.Fprintf(&b, "sheet %q ", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, "row %d ", e.Row)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, "column %s ", ColumnName(e.Column))
	}
	b.WriteString(string(e.Kind))
	if e.Detail != "" {
		b.WriteString(" " + e.Detail)
	}
	return b.String()
}

func broken(detail string) *Error { return &Error{Kind: KindBroken, Detail: detail} }

// inFile puts the names of file and sheet on an error that lacks them.
func inFile(err error, file, sheet string) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: KindBroken, cause: err}
	}
	named := *e
	if named.File == "" {
		named.File = file
	}
	if named.Sheet == "" {
		named.Sheet = sheet
	}
	return &named
}

// ColumnName is a column's letters: 1 is A, 27 is AA.
func ColumnName(n int) string {
	var s string
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
