package sheets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func texts(content []byte, limits Limits) ([][]string, error) {
	book, err := Open("名单.csv", content, limits)
	if err != nil {
		return nil, err
	}
	var got [][]string
	for row, err := range book.Sheets[0].Rows() {
		if err != nil {
			return got, err
		}
		got = append(got, row.Texts())
	}
	return got, nil
}

func encoded(t testing.TB, text, encoding string) []byte {
	t.Helper()
	var b []byte
	var err error
	switch encoding {
	case "gb18030":
		b, err = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	case "utf-16le", "utf-16le-mark":
		b, err = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
	case "utf-16be", "utf-16be-mark":
		b, err = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
	default:
		b = []byte(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	mark := map[string]string{"utf-8-mark": "\xef\xbb\xbf", "utf-16le-mark": "\xff\xfe", "utf-16be-mark": "\xfe\xff"}[encoding]
	return append([]byte(mark), b...)
}

// TestEncodings reads one text in every encoding and with every delimiter.
func TestEncodings(t *testing.T) {
	want := [][]string{{"姓名", "单位", "备注"}, {"𠮷田䶮", "某所", "第一行\n第二行"}, {}, {"张伟"}, {"a\"b", "", "说“好”，;\t,"}}
	for _, encoding := range []string{"utf-8", "utf-8-mark", "gb18030", "utf-16le", "utf-16be", "utf-16le-mark", "utf-16be-mark"} {
		for _, comma := range []string{",", ";", "\t"} {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.ReplaceAll("姓名,单位,备注\n𠮷田䶮,某所,\"第一行\n第二行\"\n\n张伟\n\"a\"\"b\",,\"说“好”，;\t@\"\n", ",", comma)
				text = strings.ReplaceAll(strings.ReplaceAll(text, "\n", end), "@", ",")
				got, err := texts(encoded(t, text, encoding), Limits{})
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("%s %q %q: %v %s", encoding, comma, end, err, diff)
				}
			}
		}
	}
}

// TestBrokenText refuses what is not whole text, and names why.
func TestBrokenText(t *testing.T) {
	line := strings.Repeat("姓名,单位,研究领域\n", 30)
	big5, err := traditionalchinese.Big5.NewEncoder().String(strings.Repeat("姓名,電話號碼,兵者國之大事\n", 20))
	if err != nil {
		t.Fatal(err)
	}
	gb := string(encoded(t, line, "gb18030"))
	for name, c := range map[string]struct {
		text string
		kind Kind
		says string
	}{
		"utf-8 cut inside a character":  {line + "张\xe4\xbc", KindEncoding, "row 31 encoding utf-8"},
		"utf-8 with a stray byte":       {line[:len(line)/2] + "\xff\n" + line, KindEncoding, "utf-8"},
		"utf-8 with a mark and a byte":  {"\xef\xbb\xbf姓名\n\xb0\xa1", KindEncoding, "row 2 encoding utf-8"},
		"gb18030 cut":                   {gb + "\xd5", KindEncoding, "notGB18030"},
		"gb18030 with a stray byte":     {gb + "\xff\n", KindEncoding, "gb18030"},
		"big5":                          {big5, KindEncoding, "notGB18030"},
		"a control character":           {line + "\x01", KindEncoding, "row 31"},
		"binary":                        {line + "\x00\x01\x02", KindEncoding, "nul"},
		"utf-32":                        {"\xff\xfe\x00\x00a\x00\x00\x00", KindEncoding, "UTF-32"},
		"utf-16 of odd length":          {"\xff\xfea\x00b", KindEncoding, "utf-16le"},
		"half a surrogate pair":         {"\xff\xfe\x00\xd8a\x00", KindEncoding, "utf-16le"},
		"hz":                            {"~{VPND~},1\n", KindEncoding, "HZ"},
		"a quote never closed":          {"a,b\n\"c,d\ne,f\n", KindBroken, "row 2 column A broken quotes"},
		"a quote after a closing quote": {"a,b\n\"c\"d\"e\",f\n", KindBroken, "quoteAfter"},
		"nothing":                       {" \r\n\t ", KindEmpty, "empty"},
		"a web page":                    {"\xef\xbb\xbf\n<HTML><table>", KindHTML, "html"},
		"a pdf":                         {"%PDF-1.7", KindUnknown, "unknown"},
		"xls":                           {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(utf16Name("Workbook")), KindXLS, "xls"},
		"a password":                    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(utf16Name("EncryptedPackage")), KindEncrypted, "encrypted"},
		"a word file":                   {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(utf16Name("WordDocument")), KindUnknown, ""},
		"column 65":                     {strings.Repeat(",", 64) + "x", KindColumns, "column BM"},
		"a cell of 5 KB":                {"a,b\n1," + strings.Repeat("长", 1700), KindCell, "row 2 column B"},
	} {
		_, err := texts([]byte(c.text), Limits{})
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), `file "名单.csv"`) {
			t.Errorf("%s: %v, want %s %s", name, err, c.kind, c.says)
		}
	}
	if _, err := texts([]byte(strings.Repeat(",", 500)+"\nx"), Limits{}); err != nil {
		t.Error("empty cells beyond the last column:", err)
	}
}

// TestDelimiter finds what separates the cells.
func TestDelimiter(t *testing.T) {
	for text, want := range map[string]string{
		"姓名\n张伟\n": ",", "a;b\n1,5;2,5\n": ";", "a\tb,c\n1\t2\n": "\t", "sep=|\na|b,c\n": "|",
		"名单，共 3 人\n姓名,电话\n张伟,\"1;2;3\"\n": ",", "姓名,简介\n张伟,a;b;c\n李芳,d\n": ",",
	} {
		book, err := Open("x", []byte(text), Limits{})
		if err != nil || book.Delimiter != want {
			t.Errorf("%q: %q %v", text, book.Delimiter, err)
		}
	}
}

// TestManyRows streams more rows of CSV than a sheet may have.
func TestManyRows(t *testing.T) {
	content := []byte(strings.Repeat("张伟,1\n", 150_000))
	rows, err := texts(content, Limits{})
	if len(rows) != 150_000 || err != nil {
		t.Error(len(rows), err)
	}
}

// TestDigits keeps digits that were guarded and names those that are gone.
func TestDigits(t *testing.T) {
	book, err := Open("x", []byte("=\"420106198503152518\",4.20106E+17,\"=\"\"0991\"\"\",4.2E+3,420106198503152518\n"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Cell{
		{Text: "420106198503152518", Raw: `="420106198503152518"`},
		{Text: "4.20106E+17", Note: LostDigits},
		{Text: "0991", Raw: `="0991"`},
		{Text: "4.2E+3"},
		{Text: "420106198503152518"},
	}
	for row, err := range book.Sheets[0].Rows() {
		if diff := cmp.Diff(want, row.Cells, cmp.AllowUnexported(Cell{})); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

// FuzzCSV holds that any bytes are refused or read, and that what Go's own
// reader accepts is read the same.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\r\n", "姓名;单位\n张伟;某所", "sep=;\na;b", "\"", "a\"b,\"c\"d\n"} {
		f.Add([]byte(s))
		f.Add(encoded(f, s, "gb18030"))
		f.Add(encoded(f, s, "utf-16le-mark"))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		book, err := Open("x.csv", content, Limits{})
		if err != nil || book.Encoding == "" {
			return
		}
		var got [][]string
		for row, err := range book.Sheets[0].Rows() {
			if err != nil {
				return
			}
			if len(row.Cells) > 0 {
				got = append(got, row.Texts())
			}
		}
		if book.Encoding != UTF8 || bytes.HasPrefix(bytes.ToLower(content), []byte("sep=")) || bytes.ContainsAny(content, "\r'=") {
			return
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
		r.Comma, r.FieldsPerRecord = rune(book.Delimiter[0]), -1
		all, err := r.ReadAll()
		if err != nil {
			return
		}
		var want [][]string
		for _, record := range all {
			for len(record) > 0 && record[len(record)-1] == "" {
				record = record[:len(record)-1]
			}
			if len(record) > 0 {
				want = append(want, record)
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: %q, Go reads %q", content, got, want)
		}
	})
}
