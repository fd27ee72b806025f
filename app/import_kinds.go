package app

import (
	"strings"

	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
)

// talentImport reads talents. A list of projects or works adds achievements to
// the person who leads them.
var talentImport = importing[*schemas.Talent]{
	columns: talentColumns,
	fresh:   func() *schemas.Talent { return &schemas.Talent{} },
	finish: func(in *talentIn) {
		t := in.doc
		if in.work.Title != "" {
			in.work.Title = text.CleanLong(in.work.Title)
			if in.work.Kind = "project"; in.work.Number == "" && strings.Contains(in.work.Category, "专利") {
				in.work.Kind = "patent"
			}
			t.Achievements = append(t.Achievements, in.work)
		}
		if in.study != (schemas.Schooling{}) {
			t.Education = append(t.Education, in.study)
		}
		if in.ended.From != "" || in.ended.To != "" {
			in.ended.Employer = t.Employer.Name
			t.Agreements = append(t.Agreements, in.ended)
		}
		if t.Track == "" {
			for _, m := range in.moves {
				if m.Stage == "recognized" {
					t.Track = "cultivate"
				}
			}
		}
	},
	keys: func(a *App, t *schemas.Talent, matchBy string) ([]string, bool) {
		if matchBy == "id" && t.IDNumber == "" {
			return nil, false
		}
		byName := []string{nameKey(t.Name, t.Affiliation.Organisation)}
		if t.Affiliation.Organisation == "" && t.Employer.Name != "" {
			byName = append(byName, nameKey(t.Name, t.Employer.Name))
		}
		if matchBy == "name" || t.IDNumber == "" {
			return byName, false
		}
		byID := []string{"id:" + a.blindID(t)}
		if matchBy == "id" {
			return byID, true
		}
		return append(byID, byName...), true
	},
	namesake: talentNamesake,
	name:     func(t *schemas.Talent) string { return t.Name },
}

// talentNamesake names the field in which two records of one name and
// organisation contradict each other: they may be two people. 职称 changes over
// time and never does.
func talentNamesake(a *App, have, in *schemas.Talent) string {
	shorter := min(len(have.BirthDate), len(in.BirthDate))
	switch {
	case shorter > 0 && have.BirthDate[:shorter] != in.BirthDate[:shorter]:
		return "birthDate"
	case have.IDBlind != "" && in.IDNumber != "" && have.IDBlind != a.blindID(in):
		return "idNumber"
	case differ(phonesOf(have), phonesOf(in)):
		return "mobile"
	case have.Affiliation.Position != "" && in.Affiliation.Position != "" && squeeze(have.Affiliation.Position) != squeeze(in.Affiliation.Position):
		return "position"
	}
	return ""
}

func phonesOf(t *schemas.Talent) map[string]bool {
	out := map[string]bool{}
	for _, c := range t.Contacts {
		if c.Kind == "mobile" {
			out[string(c.Value)] = true
		}
	}
	return out
}

// differ reports whether both are said and have nothing in common.
func differ(a, b map[string]bool) bool {
	for k := range a {
		if b[k] {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

var teamImport = importing[*schemas.Team]{
	columns: func() []importColumn[*schemas.Team] {
		type T = *schemas.Team
		type in = incoming[T]
		return []importColumn[T]{
			column("name", "团队名称 名称 团队 name", textInto(func(t T) *string { return &t.Name })),
			column("lead", "带头人 团队带头人 负责人 团队负责人 领军人才", textInto(func(t T) *string { return &t.Lead.Name })),
			column("host", "依托单位 单位 所在单位 工作单位 用人单位", textInto(func(t T) *string { return &t.Host.Name })),
			column("members", "团队成员 成员 核心成员", func(in *in, c sheets.Cell) (string, string) {
				for _, name := range splitList(c.Text) {
					in.doc.Members = append(in.doc.Members, schemas.Member{Name: text.CleanName(name)})
				}
				return "", ""
			}),
			column("region", "县区 县（市）区 所属县区 所在县区 地区", codeInto(schemas.TaxRegion, func(t T) *string { return &t.Region })),
			column("tier", "团队层次 层次 团队级别 级别", codeInto(schemas.TaxTeamTier, func(t T) *string { return &t.Tier })),
			column("industry", "产业领域 所属产业 产业 行业领域", codeInto(schemas.TaxIndustry, func(t T) *string { return &t.Industry })),
			column("sector", "专栏领域 技术领域", codeInto(schemas.TaxSector, func(t T) *string { return &t.Sector })),
			column("track", "引育类型 引育方式", codeInto(schemas.TaxTrack, func(t T) *string { return &t.Track })),
			column("mode", "用人方式 引进方式", codeInto(schemas.TaxMode, func(t T) *string { return &t.Mode })),
			column("specialties", "研究方向 专业特长", listInto(func(t T) *[]string { return &t.Specialties })),
			column("bio", "团队简介 简介", textInto(func(t T) *string { return &t.Bio })),
			column("introduced", "引进时间", moveInto[T]("onboarded")),
			column("signed", "签约时间 签约日期", moveInto[T]("signed")),
			column("onboarded", "到岗时间 到岗日期", moveInto[T]("onboarded")),
			column("recognized", "认定时间 认定日期", moveInto[T]("recognized")),
			column("left", "离开时间 退出时间", moveInto[T]("left")),
			column("notes", "备注 说明", textInto(func(t T) *string { return &t.Notes })),
		}
	},
	fresh: func() *schemas.Team { return &schemas.Team{} },
	finish: func(in *incoming[*schemas.Team]) {
		for _, m := range in.moves {
			if m.Stage == "recognized" && in.doc.Track == "" {
				in.doc.Track = "cultivate"
			}
		}
	},
	keys: func(_ *App, t *schemas.Team, _ string) ([]string, bool) {
		return []string{nameKey(t.Name, t.Host.Name)}, true
	},
	namesake: func(_ *App, _, _ *schemas.Team) string { return "" },
	name:     func(t *schemas.Team) string { return t.Name },
}

var enterpriseImport = importing[*schemas.Enterprise]{
	columns: func() []importColumn[*schemas.Enterprise] {
		type E = *schemas.Enterprise
		return []importColumn[E]{
			column("name", "企业名称 单位名称 名称 企业 公司名称 name", textInto(func(e E) *string { return &e.Name })),
			column("creditCode", "统一社会信用代码 信用代码 组织机构代码", textInto(func(e E) *string { return &e.CreditCode })),
			column("region", "县区 县（市）区 所属县区 所在县区 地区", codeInto(schemas.TaxRegion, func(e E) *string { return &e.Region })),
			column("industry", "产业领域 所属产业 产业 行业领域", codeInto(schemas.TaxIndustry, func(e E) *string { return &e.Industry })),
			column("sector", "专栏领域 技术领域", codeInto(schemas.TaxSector, func(e E) *string { return &e.Sector })),
			column("nationalCode", "国民经济行业 行业代码 国民经济行业代码", textInto(func(e E) *string { return &e.NationalCode })),
			column("people", "职工人数 从业人数 员工人数", numberInto(func(e E, n float64) { e.People = int(n) })),
			column("researchers", "研发人员 研发人员数 科技人员", numberInto(func(e E, n float64) { e.Researchers = int(n) })),
			column("turnover", "营业收入 主营业务收入 营业收入（万元）", numberInto(func(e E, n float64) { e.Turnover = n })),
			column("products", "主要产品 主营业务 主导产品", textInto(func(e E) *string { return &e.Products })),
			column("qualification", "企业资质 资质 企业类型 认定类型", func(in *incoming[E], c sheets.Cell) (string, string) {
				for _, s := range splitList(c.Text) {
					code, ok := in.app.match(schemas.TaxQualification, s)
					if !ok {
						return "term", schemas.TaxQualification
					}
					in.doc.Qualifications = append(in.doc.Qualifications, schemas.Qualification{Kind: code})
				}
				return "", ""
			}),
			column("notes", "备注 说明", textInto(func(e E) *string { return &e.Notes })),
		}
	},
	fresh:  func() *schemas.Enterprise { return &schemas.Enterprise{} },
	finish: func(*incoming[*schemas.Enterprise]) {},
	keys: func(_ *App, e *schemas.Enterprise, _ string) ([]string, bool) {
		return []string{nameKey(e.Name, "")}, true
	},
	namesake: func(_ *App, _, _ *schemas.Enterprise) string { return "" },
	name:     func(e *schemas.Enterprise) string { return e.Name },
}
