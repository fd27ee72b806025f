package sheets

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var talentColumns = []Column{
	{Field: "name", Aliases: []string{"姓名", "人才姓名"}},
	{Field: "sex", Aliases: []string{"性别"}},
	{Field: "birthDate", Aliases: []string{"出生年月", "出生日期"}},
	{Field: "idNumber", Aliases: []string{"身份证号", "身份证号码", "证件号码"}},
	{Field: "phone", Aliases: []string{"手机", "手机号码", "联系电话"}, Many: true},
	{Field: "email", Aliases: []string{"邮箱", "电子邮箱"}},
	{Field: "education", Aliases: []string{"学历"}},
	{Field: "degree", Aliases: []string{"学位"}},
	{Field: "school", Aliases: []string{"毕业院校", "毕业学校"}},
	{Field: "unit", Aliases: []string{"单位", "工作单位", "现工作单位"}},
	{Field: "arrivedOn", Aliases: []string{"到岗时间", "到岗日期"}},
}

// office builds workbooks as offices send them.
type office struct {
	t testing.TB
	*excelize.File
	sheet string
}

func newOffice(t testing.TB, sheet string) *office {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { f.Close() })
	o := &office{t, f, sheet}
	o.must(f.SetSheetName("Sheet1", sheet))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) set(cell string, v any) { o.t.Helper(); o.must(o.SetCellValue(o.sheet, cell, v)) }

func (o *office) row(n int, values ...any) {
	o.t.Helper()
	for i, v := range values {
		if v != nil {
			o.set(fmt.Sprintf("%s%d", ColumnName(i+1), n), v)
		}
	}
}

func (o *office) format(from, to string, builtin int, custom string) {
	o.t.Helper()
	s := &excelize.Style{NumFmt: builtin}
	if custom != "" {
		s.CustomNumFmt = &custom
	}
	id, err := o.NewStyle(s)
	o.must(err)
	o.must(o.SetCellStyle(o.sheet, from, to, id))
}

func (o *office) bytes() []byte {
	o.t.Helper()
	var b bytes.Buffer
	o.must(o.Write(&b))
	return b.Bytes()
}

func (o *office) book() *Book {
	o.t.Helper()
	book, err := Open("测试.xlsx", o.bytes(), Limits{})
	o.must(err)
	return book
}

func messy(t testing.TB) *office {
	o := newOffice(t, "2026年人才台账")
	o.set("A1", "××市 2026 年高层次人才信息登记表")
	o.must(o.MergeCell(o.sheet, "A1", "L1"))
	o.set("A2", "填报单位：高新区人才办　　填报日期：2026.10.31")
	for _, m := range [][3]string{
		{"A3", "A4", "序号"},
		{"B3", "B4", "姓 名"},
		{"C3", "C4", "性别"},
		{"D3", "D4", "出生\n年月"},
		{"E3", "E4", "身份证号码"},
		{"F3", "G3", "联系方式"},
		{"H3", "J3", "教育情况"},
		{"K3", "K4", "现工作单位及职务、职称"},
		{"L3", "L4", "到岗时间"},
	} {
		o.set(m[0], m[2])
		o.must(o.MergeCell(o.sheet, m[0], m[1]))
	}
	for cell, v := range map[string]string{"F4": "手机", "G4": "邮箱（E-mail）", "H4": "学历", "I4": "学位", "J4": "毕业院校"} {
		o.set(cell, v)
	}
	o.row(5, 1, "张　伟", "男", 31121, "420106198503152518", 13812345678, "zhangwei@ｅｘａｍｐｌｅ.com", "博士研究生", "博士", "清华大学", "中科院微电子所 研究员", 45931)
	o.format("D5", "D5", 14, "")
	o.format("L5", "L5", 0, `yyyy"年"m"月"d"日"`)
	o.row(6, 2, "李  芳 ", "女", "1990.6", 420106199006152000.0, "１３９－１２３４－５６７８", "li@x.com；li2@y.com", "研究生（硕士）", "工学硕士", "华中科技大学", "宁德时代 高级工程师（副高）", "2026年9月")
	o.row(7, 3, "阿依古丽•买买提", "女", "1988年3月5日", "'650104198803050022", "+86 137 0000 1111 / 0991-8888888", nil, "本科", "学士", "新疆大学", "新疆大学 讲师", "待定")
	o.row(8, 4, "𠮷田䶮", "男", 33000, "E12345678（护照）", "0086-13900001111", "y@z.jp", "Ph.D", "PhD", "東京大学", "東京大学 教授", 46000)
	o.format("D8", "D8", 0, `yyyy"年"m"月";@`)
	o.format("L8", "L8", 31, "")
	o.row(9, 5, "王\u200b芳", "男", 1990.6, "420106850315251", "138 1234 5678")
	o.row(11, nil, "二、海外人才")
	o.row(12, 6, "John Smith", "M", "12/05/1979", nil, "+44 20 7946 0958", "j@s.uk", "博士后", "DPhil", "Oxford", "ETH Zürich 教授", "#N/A")
	o.must(o.SetCellFormula(o.sheet, "A13", "SUM(A5:A9)"))
	o.set("B13", "合计")
	o.set("A14", "备注：1.学历按国家标准填写；2.身份证号须为文本格式。")
	o.format("A15", "L5014", 14, "")
	o.must(o.SetRowVisible(o.sheet, 7, false))
	_, err := o.NewSheet("填表说明")
	o.must(err)
	_, err = o.NewSheet("代码")
	o.must(err)
	o.must(o.SetSheetVisible("代码", false))
	return o
}

func read(t testing.TB, table *Table) []Row {
	t.Helper()
	var rows []Row
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestMessy reads a sheet with every oddity of an office's workbook.
func TestMessy(t *testing.T) {
	book := messy(t).book()
	var sheets []string
	for _, s := range book.Sheets {
		sheets = append(sheets, fmt.Sprint(s.Name, s.Hidden))
	}
	if diff := cmp.Diff([]string{"2026年人才台账false", "填表说明false", "代码true"}, sheets); diff != "" {
		t.Error(diff)
	}
	table, err := book.Sheets[0].Table(talentColumns)
	if err != nil {
		t.Fatal(err)
	}
	rows := read(t, table)
	if diff := cmp.Diff([]string{
		"序号", "姓名", "性别", "出生年月", "身份证号码", "联系方式/手机", "联系方式/邮箱（E-mail）",
		"教育情况/学历", "教育情况/学位", "教育情况/毕业院校", "现工作单位及职务、职称", "到岗时间",
	}, table.Headers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"填报单位": "高新区人才办", "填报日期": "2026.10.31"}, table.Meta); diff != "" {
		t.Error(diff)
	}
	if d, err := table.ReportedOn(); err != nil || d.String() != "2026-10-31" {
		t.Error("reported on", d, err)
	}
	if table.Title != "××市2026年高层次人才信息登记表" || table.Top != 3 || table.Bottom != 4 {
		t.Error(table.Title, table.Top, table.Bottom)
	}
	wantSkipped := []Skip{
		{1, 1, TitleRow, "××市 2026 年高层次人才信息登记表"},
		{2, 2, MetaRow, "填报单位：高新区人才办　　填报日期：2026.10.31"},
		{3, 3, HeaderRow, "序号 姓 名 性别 出生\n年月 身份证号码 联系方式 教育情况 现工作单位及职务、职称 到岗时间"},
		{4, 4, HeaderRow, "手机 邮箱（E-mail） 学历 学位 毕业院校"},
		{10, 10, EmptyRow, ""},
		{11, 11, SectionRow, "二、海外人才"},
		{13, 13, TotalRow, "合计"},
		{14, 14, RemarkRow, "备注：1.学历按国家标准填写；2.身份证号须为文本格式。"},
		{15, 5014, EmptyRow, ""},
	}
	if diff := cmp.Diff(wantSkipped, table.Skipped); diff != "" {
		t.Error(diff)
	}
	var numbers []int
	var names, births, arrivals []string
	date := func(c Cell) string {
		d, err := c.Date()
		if err != nil {
			return err.Error()
		}
		return d.String()
	}
	m := Match(table.Headers, talentColumns)
	for _, r := range rows {
		numbers = append(numbers, r.Number)
		names = append(names, r.Cell(m.Column("name")).Text)
		births = append(births, date(r.Cell(m.Column("birthDate"))))
		arrivals = append(arrivals, date(r.Cell(m.Column("arrivedOn"))))
	}
	for _, c := range []struct{ got, want any }{
		{numbers, []int{5, 6, 7, 8, 9, 12}},
		{names, []string{"张　伟", "李  芳 ", "阿依古丽•买买提", "𠮷田䶮", "王\u200b芳", "John Smith"}},
		{births, []string{"1985-03-15", "1990-06", "1988-03-05", "1990-05", "1990-06", "“12/05/1979”月和日无法区分，请写成 2026-03-01 的形式"}},
		{arrivals, []string{"2025-10-01", "2026-09", "", "2025-12-09", "", ""}},
		{rows[2].Hidden, true},
		{rows[1].Hidden, false},
		{rows[0].Cell(4), Cell{Text: "420106198503152518"}},
		{rows[0].Cell(5), Cell{Text: "13812345678", Kind: Number}},
		{rows[1].Cell(4), Cell{Text: "420106199006152000", Kind: Number, Note: LostDigits, Raw: rows[1].Cell(4).Raw}},
		{rows[1].Cell(5).Text, "１３９－１２３４－５６７８"},
		{rows[2].Cell(4).Text, "'650104198803050022"},
		{len(rows[4].Cells), 6},
		{rows[4].Cell(30), Cell{}},
	} {
		if diff := cmp.Diff(c.want, c.got, cmp.AllowUnexported(Cell{})); diff != "" {
			t.Error(diff)
		}
	}
	if again := read(t, table); len(again) != len(rows) || len(table.Skipped) != len(wantSkipped) {
		t.Error("a second reading differs")
	}
}

// TestEveryRowIsSomewhere holds that rows and skipped rows cover all rows once.
func TestEveryRowIsSomewhere(t *testing.T) {
	table, err := messy(t).book().Sheets[0].Table(talentColumns)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]int{}
	for _, r := range read(t, table) {
		seen[r.Number]++
	}
	for _, s := range table.Skipped {
		for n := s.Row; n <= s.Last; n++ {
			seen[n]++
		}
	}
	for n := 1; n <= 5014; n++ {
		if seen[n] != 1 {
			t.Errorf("row %d is in %d places", n, seen[n])
		}
	}
	if len(seen) != 5014 {
		t.Errorf("%d rows", len(seen))
	}
}

// TestFirstSheetHidden lists a hidden first sheet in its place.
func TestFirstSheetHidden(t *testing.T) {
	o := newOffice(t, "代码")
	o.set("A1", "代码")
	_, err := o.NewSheet("名单")
	o.must(err)
	o.SetActiveSheet(1)
	o.must(o.SetSheetVisible("代码", false, true))
	book := o.book()
	if !book.Sheets[0].Hidden || book.Sheets[0].Name != "代码" || book.Sheets[1].Hidden {
		t.Error(book.Sheets[0], book.Sheets[1])
	}
}

// TestCells reads each kind of cell and number format.
func TestCells(t *testing.T) {
	o := newOffice(t, "表")
	type c struct {
		value   any
		builtin int
		custom  string
		want    Cell
	}
	cases := []c{
		{31121, 14, "", Cell{Text: "1985-03-15", Raw: "31121", Kind: DateCell}},
		{46000, 31, "", Cell{Text: "2025-12-09", Raw: "46000", Kind: DateCell}},
		{33000, 57, "", Cell{Text: "1990-05", Raw: "33000", Kind: DateCell}},
		{33000, 17, "", Cell{Text: "1990-05", Raw: "33000", Kind: DateCell}},
		{33000, 58, "", Cell{Text: "1990-05-07", Raw: "33000", Kind: DateCell}},
		{33000, 0, "yyyy", Cell{Text: "1990", Raw: "33000", Kind: DateCell}},
		{33000, 0, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, Cell{Text: "1990-05-07", Raw: "33000", Kind: DateCell}},
		{33000, 0, `[DBNum1][$-804]yyyy"年"m"月";@`, Cell{Text: "1990-05", Raw: "33000", Kind: DateCell}},
		{33000.5, 22, "", Cell{Text: "1990-05-07 12:00", Raw: "33000.5", Kind: DateCell}},
		{0.75, 20, "", Cell{Text: "18:00", Raw: "0.75"}},
		{59, 14, "", Cell{Text: "1900-02-28", Raw: "59", Kind: DateCell}},
		{60, 14, "", Cell{Text: "60", Kind: Number, Note: BadDate}},
		{61, 14, "", Cell{Text: "1900-03-01", Raw: "61", Kind: DateCell}},
		{0, 14, "", Cell{Raw: "0", Kind: DateCell}},
		{-3, 14, "", Cell{Text: "-3", Kind: Number, Note: BadDate}},
		{13812345678.0, 0, "", Cell{Text: "13812345678", Kind: Number}},
		{10001, 0, "000000", Cell{Text: "010001", Raw: "10001", Kind: Number}},
		{1990.1, 2, "", Cell{Text: "1990.10", Raw: "1990.1", Kind: Number}},
		{1234.5, 0, `#,##0.00"元"`, Cell{Text: "1234.5", Kind: Number}},
		{42, 0, `"第"0"名"`, Cell{Text: "42", Kind: Number}},
		{42, 0, `[Red]General`, Cell{Text: "42", Kind: Number}},
		{true, 0, "", Cell{Text: "TRUE", Raw: "1", Kind: Bool}},
		{"'=1+1", 0, "", Cell{Text: "=1+1", Raw: "'=1+1"}},
		{"两行\r\n文字", 0, "", Cell{Text: "两行\n文字"}},
	}
	for i, c := range cases {
		cell := fmt.Sprintf("A%d", i+1)
		o.set(cell, c.value)
		if c.builtin != 0 || c.custom != "" {
			o.format(cell, cell, c.builtin, c.custom)
		}
	}
	i := 0
	for row, err := range o.book().Sheets[0].Rows() {
		o.must(err)
		got := row.Cell(0)
		if diff := cmp.Diff(cases[i].want, got, cmp.AllowUnexported(Cell{})); diff != "" {
			t.Errorf("%v %d %s: %s", cases[i].value, cases[i].builtin, cases[i].custom, diff)
		}
		i++
	}
	if i != len(cases) {
		t.Errorf("%d rows of %d", i, len(cases))
	}
}

// Test1904 reads dates of a workbook that counts from 1904.
func Test1904(t *testing.T) {
	o := newOffice(t, "表")
	yes := true
	o.must(o.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	o.set("A1", 31121-1462)
	o.format("A1", "A1", 14, "")
	o.set("B1", 45931-1462)
	for row, err := range o.book().Sheets[0].Rows() {
		o.must(err)
		bare, err := row.Cell(1).Date()
		if got := row.Cell(0).Text; got != "1985-03-15" || bare.String() != "2025-10-01" || err != nil {
			t.Error(got, bare, err)
		}
	}
}

// TestRawSheet reads what excelize does not write: phonetic runs, rich and
// inline texts, ISO dates, errors, formulas without result, missing positions.
func TestRawSheet(t *testing.T) {
	sheet := `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:r><x:t>富</x:t></x:r><x:r><x:t xml:space="preserve"> 文本</x:t></x:r></x:is></x:c>
<x:c t="d"><x:v>2026-03-01T00:00:00</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:f>A1</x:f></x:c><x:c t="str"><x:f>A1</x:f><x:v>算出</x:v></x:c></x:row>
<x:row r="4" hidden="true"><x:c r="C4"><x:v>7</x:v></x:c></x:row><x:row/>
<x:row><x:c><x:v>1.0E+17</x:v></x:c><x:c><x:v>0.30000000000000004</x:v></x:c><x:c><x:v>1E-07</x:v></x:c><x:c><x:v>420106199006152518</x:v></x:c></x:row>
</x:sheetData></x:worksheet>`
	shared := `<sst xmlns="m"><si><t>真实姓名</t><rPh sb="0" eb="2"><t>zhen shi</t></rPh><r><t>&amp;_x0041_</t></r><phoneticPr/></si></sst>`
	book, err := Open("x.xlsx", rawBook(t, sheet, shared), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []Row
	for row, err := range book.Sheets[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	want := []Row{
		{Number: 1, Cells: []Cell{
			{Text: "真实姓名&A"},
			{Text: "富 文本"},
			{Text: "2026-03-01", Raw: "2026-03-01T00:00:00", Kind: DateCell},
			{Raw: "#N/A", Note: ErrorValue},
			{Note: NoResult},
			{Text: "算出"},
		}},
		{Number: 4, Hidden: true, Cells: []Cell{{}, {}, {Text: "7", Kind: Number}}},
		{Number: 5},
		{Number: 6, Cells: []Cell{
			{Text: "100000000000000000", Raw: "1.0E+17", Kind: Number, Note: LostDigits},
			{Text: "0.3", Raw: "0.30000000000000004", Kind: Number},
			{Text: "0.0000001", Raw: "1E-07", Kind: Number},
			{Text: "420106199006152518", Kind: Number, Note: LostDigits},
		}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Cell{})); diff != "" {
		t.Error(diff)
	}
}
