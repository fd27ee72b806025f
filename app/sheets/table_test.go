package sheets

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tableOf reads a table from lines of CSV.
func tableOf(t *testing.T, text string) (*Table, []Row) {
	t.Helper()
	book, err := Open("x.csv", []byte(text), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	table, err := book.Sheets[0].Table(talentColumns)
	if err != nil {
		t.Fatal(err)
	}
	return table, read(t, table)
}

func reasons(table *Table) string {
	var r []string
	for _, s := range table.Skipped {
		r = append(r, string(s.Reason))
	}
	return strings.Join(r, " ")
}

// TestHeader finds one or two header rows under whatever stands above.
func TestHeader(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		headers string
		rows    int
	}{
		"plain":                      {"姓名,性别\n张伟,男\n李芳,女\n", "姓名|性别", 2},
		"header only":                {"姓名,性别\n", "姓名|性别", 0},
		"one column":                 {"姓名\n张伟\n李芳\n", "姓名", 2},
		"title and header":           {"附件1,,,\n人才信息表,,,\n姓名,性别,学历,学位\n张伟,男,博士,博士\n", "姓名|性别|学历|学位", 1},
		"title of two cells":         {"人才信息表,,,附件1\n姓名,性别,学历,学位\n张伟,男,博士,博士\n", "姓名|性别|学历|学位", 1},
		"groups over all":            {"基本信息,,教育情况,\n姓名,性别,学历,学位\n张伟,男,博士,博士\n", "基本信息/姓名|基本信息/性别|教育情况/学历|教育情况/学位", 1},
		"the lower row has more":     {"序,代,教育情况,,,联系方式,\n,,学历,学位,毕业院校,手机,邮箱\n1,2,博士,博士,清华,138,a@b\n", "序|代|教育情况/学历|教育情况/学位|教育情况/毕业院校|联系方式/手机|联系方式/邮箱", 1},
		"a column without name":      {"姓名,,手机\n张伟,x,138\n李芳,y,139\n", "姓名||手机", 2},
		"no alias":                   {"关于某事\n项目,负责,金额\nA,甲,1\nB,乙,2\n", "项目|负责|金额", 2},
		"meta in cells of their own": {"填报单位：,高新区,填报日期：,2026年3月\n姓名,性别,学历,学位\n张伟,男,博士,博士\n", "姓名|性别|学历|学位", 1},
		"values like names":          {"姓名,学历,学位\n张伟,学位,学历\n", "姓名|学历|学位", 1},
	} {
		table, rows := tableOf(t, c.text)
		if got := strings.Join(table.Headers, "|"); got != c.headers || len(rows) != c.rows {
			t.Errorf("%s: %s, %d rows, %s", name, got, len(rows), reasons(table))
		}
	}
}

// TestNoHeader names the sheet that has no header.
func TestNoHeader(t *testing.T) {
	for _, text := range []string{"1,2\n3,4\n", "只有一句话\n"} {
		book, err := Open("x.csv", []byte(text), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var e *Error
		if _, err := book.Sheets[0].Table(talentColumns); !errors.As(err, &e) || e.Kind != KindNoHeader || e.Sheet != "x" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestClassify tells rows of the table from all others.
func TestClassify(t *testing.T) {
	header := "序号,姓名,性别,手机,工作单位,备注\n"
	for row, want := range map[string]Reason{
		"1,张伟,男,138,某所,": "", ",张伟,,,,": "", "1,王合计,男,,,": "", ",合雨计,,,,": "", "7,单于明,女,,某所,合计3项": "", "8,一凡,男,,,": "",
		"9,例如,男,138,某所,": "", "10,注册,男,138,,": "", "11,备注,男,138,某所,说明": "", ",三丰,,,,": "", "12,,,,,": "",
		"合计,,,12,,": TotalRow, ",合 计,,,,": TotalRow, "小计：3人,,,,,": TotalRow, "总计,3,,,,": TotalRow, "13,合计,,,,": TotalRow,
		"备注：以上为初步名单,,,,,": RemarkRow, "注：1.按国家标准填写,,,,,": RemarkRow, "填表说明,,,,,": RemarkRow, "说明1：略,,,,,": RemarkRow,
		"一、国内人才,,,,,": SectionRow, "（二）海外人才,,,,,": SectionRow, ",第三批：柔性引进,,,,": SectionRow, "海外人才,,,,,": SectionRow,
		"序号,姓名,性别,手机,工作单位,备注": RepeatRow, "示例,李四,男,138,某所,": ExampleRow, "例：,李四,男,138,某所,": ExampleRow,
		",,,,,": EmptyRow, "　, ,,,,": EmptyRow,
		"填表人：张三,,审核人：李四,,,": MetaRow, "联系电话：0991-8888888,,,,,": MetaRow,
	} {
		table, rows := tableOf(t, header+"0,李芳,女,,,\n"+row+"\n")
		got := Reason("")
		if len(rows) == 1 {
			got = table.Skipped[len(table.Skipped)-1].Reason
		}
		if got != want {
			t.Errorf("%q: %q, want %q", row, got, want)
		}
	}
	table, rows := tableOf(t, header+"1,2,3,4,5,6\n1,张伟,,,,\n")
	if len(rows) != 1 || reasons(table) != "header numbers" {
		t.Error(len(rows), reasons(table))
	}
}

// TestMeta takes values from above and below the rows.
func TestMeta(t *testing.T) {
	table, rows := tableOf(t, "人才表（截至2026年9月30日）,,,\n填报单位（盖章）：高新区 人才办,,填表人：张三　联系电话：0991-1,\n填报日期,2026.3,,\n姓名,性别,学历,学位\n张伟,男,博士,博士\n审核人：,王五,,\n填报时间：2026年4月,,,\n")
	want := map[string]string{
		"截至": "2026年9月30日", "填报单位": "高新区 人才办", "填表人": "张三", "联系电话": "0991-1", "填报日期": "2026.3",
		"审核人": "王五", "填报时间": "2026年4月",
	}
	if diff := cmp.Diff(want, table.Meta); diff != "" || len(rows) != 1 {
		t.Error(diff, len(rows))
	}
	if d, err := table.ReportedOn(); d.String() != "2026-03" || err != nil {
		t.Error(d, err)
	}
	bad, _ := tableOf(t, "填报日期：3月5日,\n姓名,性别\n张伟,男\n")
	if _, err := bad.ReportedOn(); err == nil {
		t.Error("3月5日 has no year")
	}
}

// TestMatch gives headers their fields.
func TestMatch(t *testing.T) {
	columns := append([]Column{{Field: "post", Aliases: []string{"职务"}}, {Field: "spouse", Aliases: []string{"配偶姓名"}}}, talentColumns...)
	for header, want := range map[string]Found{
		"姓 名": {Field: "name", Score: 100, Sure: true}, "*姓名": {Field: "name", Score: 100, Sure: true}, "姓名（中文）": {Field: "name", Score: 100, Sure: true, Hint: "中文"},
		"出生\n年月": {Field: "birthDate", Score: 100, Sure: true}, "ＡＢＣ": {}, "": {}, "联系方式/手机": {Field: "phone", Score: 90, Sure: true},
		"现工作单位及职务、职称": {Field: "unit", Score: 25}, "配偶姓名": {Field: "spouse", Score: 100, Sure: true}, "【性别】": {Field: "sex", Score: 100, Sure: true},
		"到岗时间(YYYY-MM)": {Field: "arrivedOn", Score: 100, Sure: true, Hint: "yyyy-mm"}, "名": {},
	} {
		want.Header = header
		if diff := cmp.Diff(want, Match([]string{header}, columns)[0]); diff != "" {
			t.Error(diff)
		}
	}
	m := Match([]string{"家庭成员/姓名", "姓名", "手机", "联系电话", "学历", "最高学历"}, columns)
	var got []string
	for _, f := range m {
		got = append(got, f.Field)
	}
	if diff := cmp.Diff([]string{"", "name", "phone", "phone", "education", ""}, got); diff != "" {
		t.Error(diff)
	}
	if m.Column("phone") != 2 || m.Column("email") != -1 {
		t.Error(m.Column("phone"), m.Column("email"))
	}
}

// TestSignature depends on the names and their order, not on their layout.
func TestSignature(t *testing.T) {
	a := Signature([]string{"姓 名", "出生\n年月（必填）"})
	if a != Signature([]string{"姓名", "出生年月"}) || a == Signature([]string{"出生年月", "姓名"}) || a == Signature([]string{"姓名出生年月"}) || len(a) != 32 {
		t.Error(a)
	}
}
