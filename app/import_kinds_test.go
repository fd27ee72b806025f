package app

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"qunxian/app/text"
	"qunxian/schemas"
)

// grants is a list of projects as funding bodies publish them: a leader has several, their title changes, one
// organisation is written in two widths, and one line stands there twice.
var grants = []string{
	"项目批准号|项目类别|项目名称|立项时间|项目负责人|专业职务|工作单位",
	"21AJY001|重点项目|寒地换热装备节能改造的经济评价|2021-06-30|钟示例|副高级|示例大学（东校区）",
	"24AJY007|一般项目|装备制造集群的协同创新|2024-06-30|钟示例|正高级|示例大学(东校区)",
	"22BJL015|青年项目|玉米深加工产业链研究|2022-09-01|郎示例|中级|示例农业大学",
	"22BJL015|青年项目|玉米深加工产业链研究|2022-09-01|郎示例|中级|示例农业大学",
	"25BJL020|一般项目|秸秆能源化利用的政策研究|2025-07-01|郎示例|副高级|示例农业大学",
	"23CTQ003|一般项目|科技文献的知识组织|2023-06-30|钟示例|正高级|示例图书馆",
}

// TestImportOfGrants makes talents of the leaders of projects, alike from both encodings.
func TestImportOfGrants(t *testing.T) {
	utf8 := table("项目.csv", grants...)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(utf8.Content)
	if err != nil {
		t.Fatal(err)
	}
	var first []string
	for _, file := range []ImportFile{utf8, {Name: "项目.csv", Content: gb}, {Name: "项目.csv", Content: append([]byte("\ufeff"), utf8.Content...)}} {
		o := openApp(t)
		if r := o.read(ImportOptions{}, file); r.Created != 3 || r.Changed != 2 || r.Unchanged != 1 {
			t.Errorf("%+v %q", r.Tally, outcomes(r))
		}
		var records []string
		if err := o.talents.eachStored(o, func(talent *schemas.Talent) { records = append(records, withoutIDs(t, talent)) }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(records)
		if first == nil {
			first = records
		} else if diff := cmp.Diff(first, records); diff != "" {
			t.Errorf("the encodings differ in records:\n%s", diff)
		}
		who := o.named("郎示例")
		var works []string
		for _, w := range who.Achievements {
			works = append(works, fmt.Sprint(w.Kind, w.Number, w.Category, w.Title, w.Year))
		}
		want := []string{"project22BJL015青年项目玉米深加工产业链研究2022", "project25BJL020一般项目秸秆能源化利用的政策研究2025"}
		if diff := cmp.Diff(want, works); diff != "" || who.RankWritten != "副高级" || who.Affiliation.Organisation != "示例农业大学" {
			t.Errorf("%+v\n%s", who, diff)
		}
		if l := must(o.ListTalents(bg, ListQuery{Q: "钟示例"}))(t); l.Total != 2 {
			t.Errorf("%d of that name: one for each organisation, of which two spellings are one", l.Total)
		}
		if r := o.read(ImportOptions{}, file); r.Created+r.Changed+r.Refused != 0 {
			t.Errorf("again: %+v", r.Tally)
		}
	}
}

// TestImportOfDays turns each dated column into a move of its day, and a stage without a day into one of the day of the
// report, or of the import, which says so.
func TestImportOfDays(t *testing.T) {
	o := openApp(t)
	o.read(ImportOptions{}, table("人才.csv", "姓名|工作单位|引育类型|引进时间|认定时间|当前阶段",
		"引示例|甲校|引|2026年3月||", "育示例|乙校|育||2026.4.15|", "阶示例|丙校|引|||已签约"))
	for name, want := range map[string]string{"引示例": "onboarded 2026-03-01", "育示例": "recognized 2026-04-15", "阶示例": "signed 2026-11-23"} {
		if who := o.named(name); who.Stage+" "+string(who.StageSince) != want {
			t.Errorf("%s: %s since %s, want %s", name, who.Stage, who.StageSince, want)
		}
	}
	o.read(ImportOptions{}, table("填报.csv", "填报单位：示例局　　填报日期：2026年10月31日", "姓名|工作单位|当前阶段", "报示例|丁校|已签约"))
	for name, want := range map[string]bool{"引示例": false, "阶示例": true, "报示例": false} {
		history := must(o.TalentHistory(bg, o.named(name).ID))(t)
		if got := slices.ContainsFunc(history, func(e schemas.Entry) bool { return e.Details["undated"] != "" }); got != want {
			t.Errorf("%s is undated: %v, want %v", name, got, want)
		}
	}
}

// creditCode is a 统一社会信用代码 with its right last character.
func creditCode(first17 string) string {
	for _, last := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if _, err := text.ParseUSCC(first17 + string(last)); err == nil {
			return first17 + string(last)
		}
	}
	panic("no credit code begins " + first17)
}

// TestImportOfTeamsAndEnterprises reads every column of the other two collections.
func TestImportOfTeamsAndEnterprises(t *testing.T) {
	o := openApp(t)
	firms := table("企业.csv", "企业名称|统一社会信用代码|县区|产业领域|专栏领域|国民经济行业|职工人数|研发人员|营业收入（万元）|主要产品|企业资质",
		"示例换热设备有限公司|"+creditCode("91220300MA0000001")+"|铁西区|特色装备|先进制造|C3463|120|18|5600.5|板式换热器|高新技术企业",
		"错码公司|123|铁西区||||||||")
	r := o.read(ImportOptions{Collection: schemas.Enterprises}, firms)
	if got := outcomes(r); !slices.Equal(got, []string{"created", "creditCode uscc"}) {
		t.Fatalf("%q %+v", got, r.Results)
	}
	l := must(o.ListEnterprises(bg, ListQuery{}))(t)
	firm := must(o.GetEnterprise(bg, l.IDs[0]))(t)
	firm.Meta = schemas.Meta{}
	want := &schemas.Enterprise{EnterpriseFields: schemas.EnterpriseFields{
		Name: "示例换热设备有限公司", CreditCode: creditCode("91220300MA0000001"), Region: "tiexi", Industry: "equipment", Sector: "manufacturing", NationalCode: "C3463",
		People: 120, Researchers: 18, Turnover: 5600.5, Products: "板式换热器",
	}}
	firm.Qualifications = nil
	if diff := cmp.Diff(want, firm); diff != "" {
		t.Error(diff)
	}
	if r := o.read(ImportOptions{Collection: schemas.Enterprises}, firms); r.Created+r.Changed != 0 {
		t.Errorf("again: %+v", r.Tally)
	}
	teams := table("团队.csv", "团队名称|带头人|依托单位|县区|团队层次|产业领域|引育类型|团队成员|签约时间|研究方向",
		"换热强化创新团队|钟示例|示例换热设备有限公司|铁西区|省级领军团队|特色装备|引|郎示例、束示例|2026-02-01|传热强化")
	if r := o.read(ImportOptions{Collection: schemas.Teams}, teams); r.Created != 1 {
		t.Fatalf("%q %+v", outcomes(r), r.Results)
	}
	l = must(o.ListTeams(bg, ListQuery{Limit: 1}))(t)
	team := must(o.GetTeam(bg, l.IDs[0]))(t)
	if team.Lead.Name != "钟示例" || team.Tier != "provincial" || team.Stage != "signed" || team.StageSince != "2026-02-01" || len(team.Members) != 2 || team.Host.Name != "示例换热设备有限公司" || team.Region != "tiexi" {
		t.Errorf("%+v", team)
	}
	if r := o.read(ImportOptions{Collection: schemas.Teams}, teams); r.Unchanged != 1 {
		t.Errorf("again: %q", outcomes(r))
	}
}

// TestImportOfSheets reads every visible sheet of a workbook, each with its own header, and one person of two of them once.
func TestImportOfSheets(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for sheet, rows := range map[string][]string{
		"Sheet1": {"姓名|工作单位|职务", "甲示例|甲校|院长", "乙示例|甲校|讲师"},
		"柔性":     {"单位|姓　名|研究方向", "甲校|甲示例|传热", "乙校|丙示例|育种"},
	} {
		if sheet != "Sheet1" {
			_ = must(f.NewSheet(sheet))(t)
		}
		for n, row := range rows {
			for i, v := range strings.Split(row, "|") {
				if err := f.SetCellStr(sheet, must(excelize.CoordinatesToCellName(i+1, n+1))(t), v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	o := openApp(t)
	if r := o.read(ImportOptions{}, ImportFile{"两张表.xlsx", b.Bytes()}); r.Created != 3 || r.Changed != 1 || len(r.Files[0].Sheets) != 2 {
		t.Errorf("%+v %q", r.Tally, outcomes(r))
	}
	if who := o.named("甲示例"); who.Affiliation.Position != "院长" || !slices.Equal(who.Specialties, []string{"传热"}) {
		t.Errorf("%+v", who)
	}
}

// TestImportByID knows people by their ID numbers alone: a row without one is a question.
func TestImportByID(t *testing.T) {
	o := openApp(t)
	number := idNumber("22030219850315251")
	o.talent(schemas.TalentFields{Name: "甲示例", IDNumber: schemas.Secret(number), Affiliation: schemas.Affiliation{Organisation: "旧单位"}})
	r := o.read(ImportOptions{MatchBy: "id"}, table("名单.csv", "姓名|工作单位|身份证号", "甲示例|新单位|"+number, "甲示例|旧单位|"))
	if got := outcomes(r); !slices.Equal(got, []string{"changed", "idNumber required"}) {
		t.Errorf("%q", got)
	}
	if l := must(o.ListTalents(bg, ListQuery{}))(t); l.Total != 1 {
		t.Errorf("%d talents", l.Total)
	}
}
