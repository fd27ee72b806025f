package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/width"

	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
)

// read imports files and fails the test where a row is not in the report.
func (o *office) read(options ImportOptions, files ...ImportFile) *ImportReport {
	o.t.Helper()
	r := must(o.Import(bg, files, options))(o.t)
	if r.Rows != r.Created+r.Changed+r.Unchanged+r.Refused || r.Rows != len(r.Results) {
		o.t.Fatalf("tally %+v of %d results does not add up", r.Tally, len(r.Results))
	}
	for _, row := range r.Results {
		if row.Outcome == "refused" && (len(row.Reasons) == 0 || row.Reasons[0].Field == "" || row.Reasons[0].Rule == "") {
			o.t.Errorf("row %s is refused without a named reason", row.ID)
		}
	}
	return r
}

// table is a CSV file of lines whose cells are split at |.
func table(name string, lines ...string) ImportFile {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, line := range lines {
		_ = w.Write(strings.Split(line, "|"))
	}
	w.Flush()
	return ImportFile{name, b.Bytes()}
}

// outcomes are what became of the rows: "created", or the reason's field and
// rule.
func outcomes(r *ImportReport) []string {
	out := make([]string, len(r.Results))
	for i, row := range r.Results {
		if out[i] = row.Outcome; row.Outcome == "refused" {
			out[i] = row.Reasons[0].Field + " " + row.Reasons[0].Rule
		}
	}
	return out
}

// named is the one talent of a name, K3 values in plain text.
func (o *office) named(name string) *schemas.Talent {
	o.t.Helper()
	for _, card := range o.cards(ListQuery{Q: name, Limit: 200}) {
		if card["name"] == name {
			t, _, err := o.talents.read(bg, card["id"].(string))
			if err != nil {
				o.t.Fatal(err)
			}
			return must(o.talents.opened(t))(o.t)
		}
	}
	o.t.Fatalf("no talent is named %s", name)
	return nil
}

// TestImportGrants reads the 1,371 public grants of Jilin in both encodings.
func TestImportGrants(t *testing.T) {
	content := map[string][]byte{}
	for _, f := range []string{"jilin_utf8.csv", "jilin_gb18030.csv"} {
		content[f] = readBeside(t, "fixtures/nssf-jilin/"+f)
	}
	rows := must(csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content["jilin_utf8.csv"], []byte("\ufeff")))).ReadAll())(t)[1:]
	written, people, projects := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		written[row[7]] = true
		people[row[5]+"|"+row[7]] = true
		projects[row[5]+"|"+width.Fold.String(row[7])+"|"+row[0]+"|"+row[3]] = true
	}
	if len(rows) != 1371 || len(people) != 1215 || len(written) != 242 {
		t.Fatalf("the fixture has %d rows, %d people, %d organisations", len(rows), len(people), len(written))
	}
	var first []string
	for f, b := range content {
		o := openApp(t)
		r := o.read(ImportOptions{}, ImportFile{f, b})
		if r.Rows != 1371 || r.Created != 1215 || r.Refused != 0 {
			t.Errorf("%s: %+v, want 1371 rows, 1215 created, none refused", f, r.Tally)
		}
		organisations := map[string]bool{}
		var records []string
		works := 0
		err := o.talents.eachStored(o, func(talent *schemas.Talent) {
			organisations[talent.Affiliation.Organisation] = true
			works += len(talent.Achievements)
			records = append(records, withoutIDs(t, talent))
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(organisations) != 240 {
			t.Errorf("%s: %d organisations, want 240", f, len(organisations))
		}
		if works != len(projects) {
			t.Errorf("%s: %d achievements, want %d", f, works, len(projects))
		}
		slices.Sort(records)
		if first == nil {
			first = records
		} else if diff := cmp.Diff(first, records); diff != "" {
			t.Errorf("the encodings differ in records:\n%s", diff)
		}
		again := o.read(ImportOptions{}, ImportFile{f, b})
		if again.Created != 0 || again.Changed != 0 || again.Unchanged != 1371 {
			t.Errorf("%s again: %+v, want nothing new", f, again.Tally)
		}
		if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 1215 {
			t.Errorf("%s: the list has %d", f, l.Total)
		}
	}
}

// eachStored visits every stored document.
func (d *documents[T, P]) eachStored(o *office, visit func(P)) error {
	for _, id := range o.allIDs(d.shape.coll) {
		doc, _, err := d.read(bg, id)
		if err != nil {
			return err
		}
		visit(doc)
	}
	return nil
}

// withoutIDs is a talent as text that two databases share: no ids, no times.
func withoutIDs(t *testing.T, talent *schemas.Talent) string {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal(must(json.Marshal(talent))(t), &tree); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "createdAt", "updatedAt"} {
		delete(tree, name)
	}
	for _, v := range tree {
		items, _ := v.([]any)
		for _, item := range items {
			if m, ok := item.(map[string]any); ok {
				delete(m, "id")
			}
		}
	}
	return string(must(json.Marshal(tree))(t))
}

// idNumber is an identity number with its right last digit.
func idNumber(first17 string) string {
	for _, last := range "0123456789X" {
		if _, err := text.ParseIDNumber(first17 + string(last)); err == nil {
			return first17 + string(last)
		}
	}
	panic("no identity number begins " + first17)
}

// ledger is a workbook with the oddities of offices' own.
func ledger(t *testing.T) ImportFile {
	f := excelize.NewFile()
	sheet := "2026年人才台账"
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(f.SetSheetName("Sheet1", sheet))
	set := func(sheet, cell string, v any) { ok(f.SetCellValue(sheet, cell, v)) }
	set(sheet, "A1", "××市 2026 年高层次人才信息登记表")
	ok(f.MergeCell(sheet, "A1", "Q1"))
	set(sheet, "A2", "填报单位：梨树县科技局　　填报日期：2026.10.31")
	for cells, header := range map[string]string{
		"A3:A4": "序号", "B3:B4": "姓 名", "C3:C4": "性别", "D3:D4": "出生\n年月", "E3:E4": "身份证号码", "F3:G3": "联系方式", "H3:J3": "教育情况",
		"K3:K4": "工作单位", "L3:L4": "职务", "M3:M4": "专业技术\n职务", "N3:N4": "人才层次", "O3:O4": "签约时间", "P3:P4": "到岗时间", "Q3:Q4": "离开时间",
		"R3:R4": "协议起止", "S3:S4": "当前阶段",
	} {
		from, to, _ := strings.Cut(cells, ":")
		set(sheet, from, header)
		ok(f.MergeCell(sheet, from, to))
	}
	for cell, header := range map[string]string{"F4": "手机", "G4": "邮箱（E-mail）", "H4": "学历", "I4": "学位", "J4": "毕业院校"} {
		set(sheet, cell, header)
	}
	row := func(n int, values ...any) {
		for i, v := range values {
			if v != nil {
				set(sheet, must(excelize.CoordinatesToCellName(i+1, n))(t), v)
			}
		}
	}
	style := func(cell string, format int, custom string) {
		s := &excelize.Style{NumFmt: format}
		if custom != "" {
			s.CustomNumFmt = &custom
		}
		ok(f.SetCellStyle(sheet, cell, cell, must(f.NewStyle(s))(t)))
	}
	row(5, 1, "张　伟", "男", 31121, "'"+idNumber("42010619850315251"), "138-1234-5678；１３９１２３４５６７８", "ZhangWei@ｅｘａｍｐｌｅ.com", "博士研究生", "博士", "清华大学",
		"中科院微电子所", "主任", "研究员", "国家级领军", "2026.3", 46266, nil, "2026.3-2028年12月")
	style("D5", 14, "")
	style("P5", 0, `yyyy"年"m"月"d"日"`)
	row(6, 2, "李  芳 ", "女", "1990.6", 420106199006152000.0, nil, nil, nil, nil, nil, "一厂")
	row(7, 3, "阿依古丽•买买提", "女", "1985年3月", "420106850315252", "+86 137 0000 1111 / 0434-3250000", nil, "本科", "学士", "新疆大学", "新疆大学", nil, "讲师")
	row(8, 4, "𠮷田䶮", "男", 33000, "E12345678（护照）", "0086-13900001111", "y@z.jp", "自学成才", nil, "東京大学", "東京大学", nil, "客座先生", nil, nil, "待定")
	style("D8", 0, `yyyy"年"m"月";@`)
	row(9, 5, "王\u200b芳", "女", 1990.6, "11010519491231002x", "138 1234 5678")
	row(11, nil, "二、海外人才")
	row(12, 6, "John Smith", "M", "12/05/1979")
	row(13, 7, nil, "女", "1990.6", nil, nil, nil, nil, nil, nil, "无名厂")
	row(14, 8, "陈冬")
	row(15, 9, "未到", "男", nil, nil, nil, nil, nil, nil, nil, "一厂", nil, nil, nil, nil, "2027.1")
	row(16, 10, "错号", "男", nil, nil, "12345", nil, nil, nil, nil, "一厂")
	row(17, 11, "错层", "男", nil, nil, nil, nil, nil, nil, nil, "一厂", nil, nil, "宇宙级")
	row(18, 12, "走人", "男", nil, nil, nil, nil, nil, nil, nil, "一厂", nil, nil, "市级领军", "2025.1", "2025.3", "2026年6月30日")
	row(19, 13, "签约人", "男", nil, nil, nil, nil, nil, nil, nil, "一厂", nil, nil, "市级领军", nil, nil, nil, nil, "已签约")
	ok(f.SetCellFormula(sheet, "A20", "SUM(A5:A19)"))
	set(sheet, "B20", "合计")
	set(sheet, "A21", "备注：1.学历按国家标准填写；2.身份证号须为文本格式。")
	style("A5000", 14, "")
	must(f.NewSheet("代码"))(t)
	set("代码", "A1", "姓名")
	set("代码", "B1", "工作单位")
	set("代码", "A2", "隐藏人")
	ok(f.SetSheetVisible("代码", false))
	var b bytes.Buffer
	ok(f.Write(&b))
	return ImportFile{"台账.xlsx", b.Bytes()}
}

func TestImportLedger(t *testing.T) {
	o := openApp(t)
	if _, err := o.UpdateSetting(bg, 0, How{}, func(s *schemas.SettingFields) error { s.IDNumberLate = false; return nil }); err != nil {
		t.Fatal(err)
	}
	book := ledger(t)
	want := []string{
		"created", "idNumber lostdigits", "created", "created", "created",
		"birthDate date", "name required", "created", "onboarded future", "mobile phone", "tier term", "created", "created",
	}
	dry := o.read(ImportOptions{DryRun: true}, book)
	if diff := cmp.Diff(want, outcomes(dry)); diff != "" {
		t.Errorf("outcomes of the dry run (-want +got):\n%s", diff)
	}
	if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 0 {
		t.Fatalf("the dry run wrote %d talents", l.Total)
	}
	r := o.read(ImportOptions{}, book)
	if diff := cmp.Diff(outcomes(dry), outcomes(r)); diff != "" {
		t.Errorf("the commit differs from the dry run:\n%s", diff)
	}
	sheet := r.Files[0].Sheets[0]
	if sheet.ReportedBy != "梨树县科技局" || sheet.ReportedOn != "2026-10-31" {
		t.Errorf("reported by %q on %q", sheet.ReportedBy, sheet.ReportedOn)
	}
	if hidden := r.Files[0].Sheets[1]; !hidden.Hidden || hidden.Rows != 0 {
		t.Errorf("hidden sheet: %+v", hidden)
	}
	skipped := map[int]bool{}
	for _, s := range sheet.Skipped {
		for n := s.Row; n <= s.Last; n++ {
			skipped[n] = true
		}
	}
	for n := 1; n <= 21; n++ {
		is := slices.ContainsFunc(r.Results, func(x schemas.RowResult) bool { return x.Row == n })
		if is == skipped[n] {
			t.Errorf("row %d of the sheet is in the table %t and skipped %t", n, is, skipped[n])
		}
	}

	zhang := o.named("张伟")
	for what, got := range map[string][2]string{
		"birth date":   {string(zhang.BirthDate), "1985-03-15"},
		"ID number":    {string(zhang.IDNumber), idNumber("42010619850315251")},
		"contacts":     {contactsOf(zhang), "mobile 13812345678, mobile 13912345678, email zhangwei@example.com"},
		"education":    {zhang.Education[0].Level + " " + zhang.Education[0].AsWritten, "doctor 博士研究生"},
		"rank":         {zhang.Rank + " " + zhang.RankWritten, "senior 研究员"},
		"position":     {zhang.Affiliation.Position, "主任"},
		"tier":         {zhang.Tier, "national"},
		"stage":        {zhang.Stage + " " + string(zhang.StageSince), "onboarded 2026-09-01"},
		"agreement":    {string(zhang.Agreements[0].From + " " + zhang.Agreements[0].To), "2026-03-01 2028-12-01"},
		"organisation": {zhang.Affiliation.Organisation, "中科院微电子所"},
	} {
		if got[0] != got[1] {
			t.Errorf("张伟: %s %q, want %q", what, got[0], got[1])
		}
	}
	ayi := o.named("阿依古丽·买买提")
	if string(ayi.IDNumber) != idNumber("42010619850315252") || string(ayi.BirthDate) != "1985-03" || contactsOf(ayi) != "mobile 13700001111, phone 0434-3250000" {
		t.Errorf("阿依古丽·买买提: %s, %s, %s", ayi.IDNumber, ayi.BirthDate, contactsOf(ayi))
	}
	yoshida := o.named("𠮷田䶮")
	if yoshida.IDKind != "passport" || yoshida.Rank != "" || yoshida.RankWritten != "客座先生" || yoshida.Education[0].AsWritten != "自学成才" || yoshida.Stage != "identified" {
		t.Errorf("𠮷田䶮: %+v", yoshida.TalentFields)
	}
	if wang := o.named("王芳"); string(wang.IDNumber) != "11010519491231002X" || string(wang.BirthDate) != "1990-06" {
		t.Errorf("王芳: %s %s", wang.IDNumber, wang.BirthDate)
	}

	for _, at := range []struct {
		name, day, stage string
	}{
		{"张伟", "2026-03-01", "signed"},
		{"张伟", "2026-08-31", "signed"},
		{"张伟", "2026-09-01", "onboarded"},
		{"走人", "2025-01-01", "signed"},
		{"走人", "2025-03-01", "onboarded"},
		{"走人", "2026-06-29", "onboarded"},
		{"走人", "2026-06-30", "left"},
		{"签约人", "2026-10-31", "signed"},
		{"陈冬", "2026-11-23", "identified"},
	} {
		then := must(o.talents.asOf(bg, o.named(at.name).ID, schemas.Date(at.day), schemas.Time{}))(t)
		if then.Stage != at.stage {
			t.Errorf("%s on %s: stage %q, want %q", at.name, at.day, then.Stage, at.stage)
		}
	}
	again := o.read(ImportOptions{}, book)
	if again.Created != 0 || again.Changed != 0 || again.Refused != dry.Refused {
		t.Errorf("again: %+v, want nothing new", again.Tally)
	}
}

func contactsOf(t *schemas.Talent) string {
	var out []string
	for _, c := range t.Contacts {
		out = append(out, c.Kind+" "+string(c.Value))
	}
	return strings.Join(out, ", ")
}

// TestImportMessy reads the reference workbook: each of its rows is handled or
// refused by name.
func TestImportMessy(t *testing.T) {
	o := openApp(t)
	r := o.read(ImportOptions{}, ImportFile{"messy.xlsx", readBeside(t, "sketch/spreadsheet/messy.xlsx")})
	want := []string{"idNumber idcheck", "idNumber lostdigits", "idNumber idcheck", "created", "created", "birthDate date"}
	if diff := cmp.Diff(want, outcomes(r)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	for _, row := range r.Results {
		if row.Name == "" || row.Row < 5 {
			t.Errorf("row %d without a name", row.Row)
		}
	}
}

// TestImportAgain reads newer tables over older ones: a blank never clears,
// lists grow, and an old file read once more takes nothing back.
func TestImportAgain(t *testing.T) {
	o := openApp(t)
	const header = "姓名|工作单位|人才层次|手机|专业特长|学历|职务"
	first := table("一月.csv", header, "甲一|一厂|市级领军|13800000001|换热|本科|主任", "乙二|一厂|||||")
	second := table("六月.csv", header, "甲一|一厂|国家级领军|13800000001|焊接||", "丙三|一厂|||||")
	if r := o.read(ImportOptions{}, first); r.Created != 2 {
		t.Fatalf("%+v", r.Tally)
	}
	o.clock.advance(1)
	if r := o.read(ImportOptions{}, second); r.Created != 1 || r.Changed != 1 {
		t.Fatalf("%+v", r.Tally)
	}
	check := func(when string) {
		t.Helper()
		one := o.named("甲一")
		got := fmt.Sprint(one.Tier, one.Specialties, contactsOf(one), one.Affiliation.Position)
		if want := fmt.Sprint("national", []string{"换热", "焊接"}, "mobile 13800000001", "主任"); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
		if len(one.Education) != 1 || one.Education[0].AsWritten != "本科" {
			t.Errorf("%s: a blank cell changed the education: %+v", when, one.Education)
		}
	}
	check("after June")
	for _, f := range []ImportFile{first, second, first} {
		if r := o.read(ImportOptions{}, f); r.Created+r.Changed != 0 {
			t.Errorf("%s again: %+v, want nothing new", f.Name, r.Tally)
		}
		check(f.Name + " again")
	}
	both := o.read(ImportOptions{}, first, second)
	if both.Created+both.Changed != 0 || len(both.Files) != 2 || both.Files[0].Rows != 2 || both.Files[1].Rows != 2 {
		t.Errorf("both at once: %+v", both)
	}
}

// TestImportRefusesFilesByName names what cannot be read and reads the rest.
func TestImportRefusesFilesByName(t *testing.T) {
	o := openApp(t)
	r := o.read(ImportOptions{},
		ImportFile{"旧表.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600) + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00")},
		ImportFile{"坏.xlsx", []byte("PK\x03\x04 not a workbook")},
		table("没有姓名.csv", "企业|电话", "一厂|2"),
		table("好.csv", "姓名|工作单位", "甲一|一厂"),
	)
	if r.Created != 1 || len(r.Files) != 4 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []sheets.Kind{sheets.KindXLS, sheets.KindBroken, sheets.KindNoHeader} {
		problem := r.Files[i].Problem
		if len(r.Files[i].Sheets) > 0 {
			problem = r.Files[i].Sheets[0].Problem
		}
		if problem == nil || problem.Kind != want {
			t.Errorf("%s: problem %v, want %s", r.Files[i].Name, problem, want)
		}
	}
}

// TestImportReportedBy gives the rows of a sheet the unit that stands above its
// header.
func TestImportReportedBy(t *testing.T) {
	o := openApp(t)
	r := o.read(ImportOptions{}, table("一.csv", "人才台账|", "填报单位：梨树县科技局|", "姓名|工作单位", "周甲|甲单位", "吴乙|乙单位"))
	if r.Created != 2 {
		t.Fatalf("%+v %+v", r.Tally, r.Files)
	}
	if got := must(o.GetTalent(bg, r.Results[0].Doc))(t); got.Unit != "梨树县科技局" {
		t.Errorf("unit %q", got.Unit)
	}
}
