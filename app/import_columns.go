package app

import (
	"strconv"
	"strings"

	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
)

// importColumn is a field that a column of a spreadsheet may fill. set writes
// a cell into what the row says, or names the rule that the cell breaks.
type importColumn[P any] struct {
	sheets.Column
	set func(in *incoming[P], c sheets.Cell) (rule, param string)
}

// incoming is what one row says of one document.
type incoming[P any] struct {
	app    *App
	doc    P
	moves  []Move
	ended  schemas.Agreement // 协议起止 of the row
	work   schemas.Achievement
	study  schemas.Schooling
	reason []schemas.FieldError
}

func column[P any](field string, aliases string, set func(in *incoming[P], c sheets.Cell) (string, string)) importColumn[P] {
	return importColumn[P]{sheets.Column{Field: field, Aliases: strings.Fields(aliases)}, set}
}

func textInto[P any](at func(P) *string) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		*at(in.doc) = strings.TrimSpace(c.Text)
		return "", ""
	}
}

func listInto[P any](at func(P) *[]string) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		for _, s := range splitList(c.Text) {
			*at(in.doc) = append(*at(in.doc), s)
		}
		return "", ""
	}
}

// splitList splits a cell at the marks that offices put between items.
func splitList(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";；、,，/\n", r) }) {
		if part = text.Clean(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func codeInto[P any](taxonomy string, at func(P) *string) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		code, ok := in.app.match(taxonomy, c.Text)
		if !ok {
			return "term", taxonomy
		}
		*at(in.doc) = code
		return "", ""
	}
}

func codesInto[P any](taxonomy string, at func(P) *[]string) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		for _, s := range splitList(c.Text) {
			code, ok := in.app.match(taxonomy, s)
			if !ok {
				return "term", taxonomy
			}
			*at(in.doc) = append(*at(in.doc), code)
		}
		return "", ""
	}
}

func dateInto[P any](set func(in *incoming[P], d sheets.Date)) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		d, err := c.Date()
		if err != nil {
			return "date", c.Text
		}
		if !d.IsZero() {
			set(in, d)
		}
		return "", ""
	}
}

// wholeDay is the business day of a date that may lack month or day: its first
// day.
func wholeDay(d sheets.Date) schemas.Date {
	if d.Month == 0 {
		d.Month = 1
	}
	if d.Day == 0 {
		d.Day = 1
	}
	return schemas.Date(d.String())
}

func moveInto[P any](stage string) func(*incoming[P], sheets.Cell) (string, string) {
	return dateInto(func(in *incoming[P], d sheets.Date) { in.moves = append(in.moves, Move{Stage: stage, On: wholeDay(d)}) })
}

func numberInto[P any](at func(P, float64)) func(*incoming[P], sheets.Cell) (string, string) {
	return func(in *incoming[P], c sheets.Cell) (string, string) {
		n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(text.Clean(c.Text)), 64)
		if err != nil || n < 0 {
			return "type", "number"
		}
		at(in.doc, n)
		return "", ""
	}
}

type talentIn = incoming[*schemas.Talent]

// talentColumns are the headers that offices use for what a talent has.
func talentColumns() []importColumn[*schemas.Talent] {
	type T = *schemas.Talent
	return []importColumn[T]{
		column("name", "姓名 人才姓名 专家姓名 项目负责人 负责人 申报人 姓名（中文） name", textInto(func(t T) *string { return &t.Name })),
		column("formerNames", "曾用名", listInto(func(t T) *[]string { return &t.FormerNames })),
		column("aliases", "别名 英文名 外文姓名", listInto(func(t T) *[]string { return &t.Aliases })),
		column("gender", "性别 gender", codeInto(schemas.TaxGender, func(t T) *string { return &t.Gender })),
		column("ethnicity", "民族", textInto(func(t T) *string { return &t.Ethnicity })),
		column("politics", "政治面貌", textInto(func(t T) *string { return &t.Politics })),
		column("birthDate", "出生年月 出生日期 出生时间 生日", dateInto(func(in *talentIn, d sheets.Date) { in.doc.BirthDate = schemas.Secret(d.String()) })),
		column("nationality", "国籍 国籍（地区）", textInto(func(t T) *string { return &t.Nationality })),
		column("nativePlace", "籍贯", textInto(func(t T) *string { return &t.NativePlace })),
		column("idNumber", "身份证号 身份证号码 公民身份号码 证件号码 证件号 身份证", setIDNumber),
		column("mobile", "手机 手机号 手机号码 联系电话 联系方式 电话 移动电话 联系方式/手机", setPhones),
		column("phone", "办公电话 固定电话 座机", setPhones),
		column("email", "邮箱 电子邮箱 电子邮件 E-mail email 联系方式/邮箱", setEmails),
		column("organisation", "工作单位 现工作单位 所在单位 单位 单位名称 任职单位 依托单位 现单位 organisation", textInto(func(t T) *string { return &t.Affiliation.Organisation })),
		column("organisationAndPost", "现工作单位及职务、职称 工作单位及职务 现工作单位及职务 单位及职务 工作单位及职务职称 工作单位及职称", setOrganisationAndPost),
		column("department", "部门 所在部门 院系", textInto(func(t T) *string { return &t.Affiliation.Department })),
		column("position", "职务 行政职务 现任职务 岗位", textInto(func(t T) *string { return &t.Affiliation.Position })),
		column("rank", "职称 专业技术职务 专业职务 专业技术职称 技术职称 职称等级", setRank),
		column("employer", "用人单位 引进单位 聘用单位 服务单位 合作企业", textInto(func(t T) *string { return &t.Employer.Name })),
		column("region", "县区 县（市）区 所属县区 所在县区 地区 区域 region", codeInto(schemas.TaxRegion, func(t T) *string { return &t.Region })),
		column("track", "引育类型 引育方式 引育", codeInto(schemas.TaxTrack, func(t T) *string { return &t.Track })),
		column("mode", "用人方式 引进方式 引才方式 柔性/全职", codeInto(schemas.TaxMode, func(t T) *string { return &t.Mode })),
		column("cooperation", "合作方式 合作形式", codesInto(schemas.TaxCooperation, func(t T) *[]string { return &t.Cooperation })),
		column("origin", "人才来源地 来源地 本地/域外 域内/域外", codeInto(schemas.TaxOrigin, func(t T) *string { return &t.Origin })),
		column("channel", "引才渠道 引进渠道 渠道", codeInto(schemas.TaxChannel, func(t T) *string { return &t.Channel })),
		column("tier", "人才层次 层次 人才级别 人才等级 认定层次", codeInto(schemas.TaxTier, func(t T) *string { return &t.Tier })),
		column("talentTypes", "人才类型 人才类别", codesInto(schemas.TaxTalentType, func(t T) *[]string { return &t.TalentTypes })),
		column("industry", "产业领域 所属产业 产业 重点产业 行业领域", codeInto(schemas.TaxIndustry, func(t T) *string { return &t.Industry })),
		column("sector", "专栏领域 技术领域", codeInto(schemas.TaxSector, func(t T) *string { return &t.Sector })),
		column("directions", "技术方向", codesInto(schemas.TaxDirection, func(t T) *[]string { return &t.Directions })),
		column("specialties", "专业特长 研究方向 专长 专业领域 研究领域 擅长领域 从事专业", listInto(func(t T) *[]string { return &t.Specialties })),
		column("bio", "个人简介 简介 人才简介 主要业绩 主要成就", textInto(func(t T) *string { return &t.Bio })),
		column("education", "学历 最高学历 文化程度 教育情况/学历", func(in *talentIn, c sheets.Cell) (string, string) {
			in.study.AsWritten = text.Clean(c.Text)
			in.study.Level, _ = in.app.match(schemas.TaxEducation, c.Text)
			return "", ""
		}),
		column("degree", "学位 最高学位 教育情况/学位", func(in *talentIn, c sheets.Cell) (string, string) {
			if code, ok := in.app.match(schemas.TaxDegree, c.Text); ok {
				in.study.Degree = code
			} else if in.study.AsWritten == "" {
				in.study.AsWritten = text.Clean(c.Text)
			}
			return "", ""
		}),
		column("school", "毕业院校 毕业学校 学校 教育情况/毕业院校", func(in *talentIn, c sheets.Cell) (string, string) {
			in.study.School = text.Clean(c.Text)
			return "", ""
		}),
		column("major", "所学专业 专业 毕业专业", func(in *talentIn, c sheets.Cell) (string, string) { in.study.Major = text.Clean(c.Text); return "", "" }),
		column("titleName", "人才称号 荣誉称号 称号 入选计划 人才计划", func(in *talentIn, c sheets.Cell) (string, string) {
			for _, s := range splitList(c.Text) {
				in.doc.Titles = append(in.doc.Titles, schemas.Title{Name: s})
			}
			return "", ""
		}),
		column("achievement", "项目名称 成果名称 论文题目 专利名称 课题名称 主持项目", func(in *talentIn, c sheets.Cell) (string, string) {
			in.work.Title = strings.TrimSpace(c.Text)
			return "", ""
		}),
		column("achievementNumber", "项目批准号 批准号 项目编号 专利号 立项编号", func(in *talentIn, c sheets.Cell) (string, string) { in.work.Number = text.Clean(c.Text); return "", "" }),
		column("achievementCategory", "项目类别 项目类型 成果类型", func(in *talentIn, c sheets.Cell) (string, string) {
			in.work.Category = text.Clean(c.Text)
			return "", ""
		}),
		column("achievementYear", "立项时间 立项年度 立项年份 获批时间 获奖时间 授权时间", dateInto(func(in *talentIn, d sheets.Date) { in.work.Year = d.Year })),
		column("introduced", "引进时间 引进日期", moveInto[T]("onboarded")),
		column("signed", "签约时间 签约日期", moveInto[T]("signed")),
		column("onboarded", "到岗时间 到岗日期 报到时间 入职时间", moveInto[T]("onboarded")),
		column("recognized", "认定时间 认定日期", moveInto[T]("recognized")),
		column("left", "离开时间 离岗时间 离职时间 退出时间", moveInto[T]("left")),
		column("stage", "当前阶段 阶段 人才状态", setStageCell),
		column("agreementFrom", "协议开始时间 协议起始时间 协议起 合同开始时间 聘期开始 协议起止/起", dateInto(func(in *talentIn, d sheets.Date) { in.ended.From = wholeDay(d) })),
		column("agreementTo", "协议结束时间 协议终止时间 协议止 合同到期时间 聘期结束 协议起止/止", dateInto(func(in *talentIn, d sheets.Date) { in.ended.To = wholeDay(d) })),
		column("agreementPeriod", "协议起止 协议期限 聘期 合同期限 协议起止时间", setPeriod),
		column("tags", "标签", listInto(func(t T) *[]string { return &t.Tags })),
		column("source", "来源 信息来源", textInto(func(t T) *string { return &t.Source })),
		column("notes", "备注 说明", textInto(func(t T) *string { return &t.Notes })),
	}
}

func setIDNumber(in *talentIn, c sheets.Cell) (string, string) {
	if c.Note == sheets.LostDigits {
		return "lostdigits", ""
	}
	kind, number, err := text.ParseDocument(c.Text)
	if err != nil {
		return idRule(err), ""
	}
	in.doc.IDKind, in.doc.IDNumber = kind, schemas.Secret(number)
	return "", ""
}

func setPhones(in *talentIn, c sheets.Cell) (string, string) {
	phones, bad := text.ParsePhones(c.Text)
	if len(bad) > 0 {
		return "phone", strings.Join(bad, " ")
	}
	for _, p := range phones {
		kind := "phone"
		if len(p) == 11 && p[0] == '1' {
			kind = "mobile"
		}
		in.doc.Contacts = append(in.doc.Contacts, schemas.Contact{Kind: kind, Value: schemas.Secret(p)})
	}
	return "", ""
}

func setEmails(in *talentIn, c sheets.Cell) (string, string) {
	for _, s := range splitList(c.Text) {
		n := text.IndexKey("email", s)
		if n == "" {
			return "email", s
		}
		in.doc.Contacts = append(in.doc.Contacts, schemas.Contact{Kind: "email", Value: schemas.Secret(n)})
	}
	return "", ""
}

func setRank(in *talentIn, c sheets.Cell) (string, string) {
	in.doc.RankWritten = strings.TrimSpace(c.Text)
	in.doc.Rank, _ = in.app.match(schemas.TaxRank, c.Text)
	return "", ""
}

// setOrganisationAndPost reads 单位 职务 职称 of one cell: the first word is
// the organisation, of the rest what is a rank is one.
func setOrganisationAndPost(in *talentIn, c sheets.Cell) (string, string) {
	words := strings.Fields(text.Clean(c.Text))
	if len(words) == 0 {
		return "", ""
	}
	in.doc.Affiliation.Organisation = words[0]
	for _, w := range words[1:] {
		if code, ok := in.app.match(schemas.TaxRank, w); ok {
			in.doc.Rank, in.doc.RankWritten = code, w
		} else {
			in.doc.Affiliation.Position = strings.TrimSpace(in.doc.Affiliation.Position + " " + w)
		}
	}
	return "", ""
}

func setStageCell(in *talentIn, c sheets.Cell) (string, string) {
	for track, taxonomy := range map[string]string{"recruit": schemas.TaxStageRecruit, "cultivate": schemas.TaxStageCultivate} {
		if code, ok := in.app.match(taxonomy, c.Text); ok && (in.doc.Track == "" || in.doc.Track == track) {
			in.moves = append(in.moves, Move{Stage: code})
			return "", ""
		}
	}
	return "term", "stage"
}

// setPeriod reads 2023.1-2026.12, 2023年1月至2026年12月.
func setPeriod(in *talentIn, c sheets.Cell) (string, string) {
	s := strings.NewReplacer("—", "至", "--", "至", "~", "至", "～", "至", "–", "至").Replace(c.Text)
	from, to, ok := strings.Cut(s, "至")
	if !ok {
		if parts := strings.Split(s, "-"); len(parts) == 2 {
			from, to, ok = parts[0], parts[1], true
		}
	}
	if !ok {
		return "period", c.Text
	}
	f, err1 := sheets.ParseDate(from)
	t, err2 := sheets.ParseDate(to)
	if err1 != nil || err2 != nil {
		return "period", c.Text
	}
	if !f.IsZero() {
		in.ended.From = wholeDay(f)
	}
	if !t.IsZero() {
		in.ended.To = wholeDay(t)
	}
	return "", ""
}
