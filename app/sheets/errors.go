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

// Error is a refusal: which file, why, where and which limit. Sheet, Row and
// Column (from 1) are set where they are known.
type Error struct {
	Kind   Kind
	File   string
	Sheet  string
	Row    int
	Column int
	Limit  int64
	Detail string
	cause  error
}

// Unwrap returns the error below, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Error says in Chinese what a person has to know to mend the file.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		fmt.Fprintf(&b, "文件“%s”", e.File)
	}
	if e.Sheet != "" {
		fmt.Fprintf(&b, "工作表“%s”", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行", e.Row)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, "%s 列", columnName(e.Column))
	}
	if b.Len() > 0 {
		b.WriteString("：")
	}
	b.WriteString(e.reason())
	if e.Detail != "" {
		b.WriteString("（" + e.Detail + "）")
	}
	return b.String()
}

func (e *Error) reason() string {
	const saveAs = "请在 WPS 或 Excel 中打开，用“另存为”存成 .xlsx 后再导入"
	switch e.Kind {
	case KindEmpty:
		return "文件是空的"
	case KindXLS:
		return "这是 .xls（或 .et）旧格式，" + saveAs
	case KindEncrypted:
		return "文件有打开密码，请去掉密码，在 WPS 或 Excel 中“另存为 .xlsx”后再导入"
	case KindHTML:
		return "这是网页或 XML 表格，" + saveAs
	case KindOther:
		return "这不是 .xlsx 工作簿，" + saveAs
	case KindUnknown:
		return "这不是电子表格，请导入 .xlsx 或 .csv 文件"
	case KindEncoding:
		return "文字编码无法识别或已损坏，请另存为 .xlsx，或存成 UTF-8、GB18030 编码的 CSV"
	case KindEntries:
		return fmt.Sprintf("压缩包内的文件超过 %d 个", e.Limit)
	case KindUnpacked:
		return fmt.Sprintf("解压后超过 %d MB", e.Limit>>20)
	case KindRatio:
		return fmt.Sprintf("压缩比超过 %d 倍，疑似恶意文件", e.Limit)
	case KindRows:
		return fmt.Sprintf("超过 %d 行，请拆成几个文件", e.Limit)
	case KindColumns:
		return fmt.Sprintf("超过 %d 列", e.Limit)
	case KindCell:
		return fmt.Sprintf("单元格内容超过 %d 字节", e.Limit)
	case KindNoHeader:
		return "没有找到表头行"
	}
	return "文件已损坏，请在 WPS 或 Excel 中打开并另存后再导入"
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

// columnName is a column's letters: 1 is A, 27 is AA.
func columnName(n int) string {
	var s string
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
