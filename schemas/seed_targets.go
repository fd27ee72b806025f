package schemas

// The ids of the rules that ship.
const (
	RuleTalentsCurrent    = "talents-current"
	RuleTalentsCumulative = "talents-cumulative"
	RuleTeamsCurrent      = "teams-current"
	RuleTeamsCumulative   = "teams-cumulative"
)

// The plan whose targets are seeded: 四平市科技发展“十四五”规划.
const (
	planFrom Date = "2021-01-01"
	planTo   Date = "2025-12-31"
)

// SeedRules are the counting rules that ship. The plan gives none for its 50
// and 50, so each is presumed until the office confirms it.
func SeedRules() []Rule {
	return []Rule{
		peopleRule(RuleTalentsCurrent, Talents, TaxTier, false),
		peopleRule(RuleTalentsCumulative, Talents, TaxTier, true),
		peopleRule(RuleTeamsCurrent, Teams, TaxTeamTier, false),
		peopleRule(RuleTeamsCumulative, Teams, TaxTeamTier, true),
		firmRule("enterprises-sme", "科技型中小企业", "technology SMEs", "tech-sme", ""),
		firmRule("enterprises-high-tech", "高新技术企业", "high-tech enterprises", "high-tech", ""),
		firmRule("enterprises-champion", "创新龙头企业", "innovation champions", "innovation-leader", ""),
		firmRule("enterprises-zone", "省级高新区高新技术企业", "high-tech enterprises of the provincial zone", "high-tech", "siping-zone"),
	}
}

// peopleRule is 在库口径 or 累计引育口径 of talents or of teams.
func peopleRule(id, coll, tiers string, cumulative bool) Rule {
	r := Rule{Meta{ID: id}, RuleFields{
		Name: "在库口径", NameEn: "Current", Collection: coll, Presumed: true,
		Note: "推定，待确认：规划未写明口径。领军层次；引进的已到岗，或柔性引进已签约；培育的处于在库阶段；有协议的，协议须在有效期内；当日未离岗、未归档。",
		Candidates: []Clause{
			{ID: "1-leading", Kind: ClauseLeading, Field: "tier", Taxonomy: tiers},
			{ID: "2-present", Kind: ClausePresent},
		},
		Counts: []Clause{
			{ID: "1-onboarded-stage", Kind: ClauseCodes, Field: "stage", Values: []string{"onboarded"}, AnyOf: "stage", Case: "onboarded"},
			{ID: "1-onboarded-track", Kind: ClauseCodes, Field: "track", Values: []string{"recruit"}, AnyOf: "stage", Case: "onboarded"},
			{ID: "2-flexible-mode", Kind: ClauseCodes, Field: "mode", Values: []string{"flexible"}, AnyOf: "stage", Case: "flexible"},
			{ID: "2-flexible-stage", Kind: ClauseCodes, Field: "stage", Values: []string{"signed"}, AnyOf: "stage", Case: "flexible"},
			{ID: "2-flexible-track", Kind: ClauseCodes, Field: "track", Values: []string{"recruit"}, AnyOf: "stage", Case: "flexible"},
			{ID: "3-cultivate-stage", Kind: ClauseCounts, Field: "stage", AnyOf: "stage", Case: "cultivate"},
			{ID: "3-cultivate-track", Kind: ClauseCodes, Field: "track", Values: []string{"cultivate"}, AnyOf: "stage", Case: "cultivate"},
			{ID: "4-agreement", Kind: ClauseAgreement},
			{ID: "5-not-left", Kind: ClauseCodes, Field: "stage", Values: []string{"left"}, Not: true},
		},
	}}
	if cumulative {
		r.Name, r.NameEn, r.Cumulative = "累计引育口径", "Cumulative", true
		r.Note = "推定，待确认：规划未写明口径。周期内任意一日曾同时满足在库口径各条的，此后一直计入；归档的自归档之日起不计。"
	}
	if coll == Teams {
		r.Counts = append(r.Counts, Clause{ID: "6-one-lead", Kind: ClauseUnique, Field: "leadTalent", Note: "一名带头人只计一个团队"})
	}
	return r
}

// firmRule counts the enterprises that hold a qualification on the day, all of
// them or those of one region.
func firmRule(id, name, english, qualification, region string) Rule {
	r := Rule{Meta{ID: id}, RuleFields{
		Name: name, NameEn: english, Collection: Enterprises, Presumed: true,
		Note:       "推定，待确认：当日持有有效资质且未归档的企业。",
		Candidates: []Clause{{ID: "1-present", Kind: ClausePresent}},
		Counts:     []Clause{{ID: "1-qualified", Kind: ClauseHeld, Field: "qualification", Values: []string{qualification}}},
	}}
	// The firms that ever held the qualification are weighed, not every firm.
	r.Candidates = append(r.Candidates, Clause{ID: "2-known", Kind: ClauseCodes, Field: "qualification", Values: []string{qualification}})
	if region != "" {
		r.Candidates = append(r.Candidates, Clause{ID: "3-region", Kind: ClauseCodes, Field: "region", Values: []string{region}})
	}
	return r
}

// The sections of the plan that set targets.
const (
	sectionGoals     = "二（三）主要目标"
	sectionFirms     = "三（二）发展壮大企业创新主体"
	sectionParks     = "三（三）合力打造科技示范园区"
	sectionProjects  = "三（四）稳步构建科技计划体系"
	sectionPlatforms = "三（五）全面建设科技服务平台"
	sectionTalents   = "三（六）引育培养科技人才队伍"
)

const (
	sourceTalents = "到 2025 年，引育科技领军人才达到 50 人、领军团队达到 50 个。"
	sourceFirms20 = "培育高新技术企业 38 户、吉林省创新型科技企业 18 户、吉林省科技小巨人企业 33 户、科技型中小企业 40 户。"
	sourceDeer    = "建设四平梅花鹿特色产业园，依托伊通梅花鹿大县和大清鹿苑特色产业园，提高梅花鹿产品研发能力，完善梅花鹿产业链，实现产值 10 亿元。"
	sourcePharma  = "建设原料药特色产业园，依托化工产业园区和精细化工产业优势，优化原料药产业布局，打造东北地区原料药集中生产基地，实现产值 10 亿元。"
)

// SeedTargets are the targets of the plan's period 2021 to 2025, each with the
// sentence that sets it. The plan names no 责任单位 and no split by county, so
// both stay empty.
func SeedTargets() []Target {
	out := []Target{
		planned("plan-talents", sectionTalents, sourceTalents, TargetFields{Headline: true, Name: "科技领军人才", NameEn: "Leading talents", Unit: "人", UnitEn: "people", Collection: Talents, RuleID: RuleTalentsCurrent}, 50),
		planned("plan-teams", sectionTalents, sourceTalents, TargetFields{Headline: true, Name: "领军团队", NameEn: "Leading teams", Unit: "个", UnitEn: "teams", Collection: Teams, RuleID: RuleTeamsCurrent}, 50),
		planned("plan-sme", sectionFirms, "到 2025 年，培育科技型中小企业力争达到 100 户。", TargetFields{
			Name: "科技型中小企业", NameEn: "Technology SMEs", Unit: "户", UnitEn: "firms", Collection: Enterprises, RuleID: "enterprises-sme",
			Baseline: number(40), BaselineSource: sourceFirms20, Breakdown: bySector(15, 35, 5, 5, 10, 10, 5, 15),
		}, 100),
		planned("plan-high-tech", sectionFirms, "到 2025 年，培育高新技术企业力争达到 70 户。", TargetFields{
			Name: "高新技术企业", NameEn: "High-tech enterprises", Unit: "户", UnitEn: "firms", Collection: Enterprises, RuleID: "enterprises-high-tech",
			Baseline: number(38), BaselineSource: sourceFirms20, Breakdown: bySector(10, 30, 3, 2, 5, 5, 2, 13),
		}, 70),
		planned("plan-champion", sectionFirms, "到 2025 年，培育创新龙头企业力争达到 10 户。", TargetFields{
			Name: "创新龙头企业", NameEn: "Innovation champions", Unit: "户", UnitEn: "firms", Collection: Enterprises, RuleID: "enterprises-champion",
			Breakdown: bySector(2, 2, 1, 1, 1, 1, 1, 1),
		}, 10),
		planned("plan-zone", sectionParks, "到 2025 年，把省级高新区建设成为四平实施创新驱动发展战略的重要载体，培育高新技术企业不少于 30 户。", TargetFields{
			Name: "省级高新区高新技术企业", NameEn: "High-tech enterprises of the provincial zone", Unit: "户", UnitEn: "firms", Collection: Enterprises, RuleID: "enterprises-zone", SubsetOf: "plan-high-tech",
		}, 30),
		planned("plan-deer", sectionParks, sourceDeer, TargetFields{Name: "梅花鹿特色产业园产值", NameEn: "Output of the sika deer park", Unit: "亿元", UnitEn: "100 million yuan"}, 10),
		planned("plan-pharma", sectionParks, sourcePharma, TargetFields{Name: "原料药特色产业园产值", NameEn: "Output of the pharmaceutical ingredients park", Unit: "亿元", UnitEn: "100 million yuan"}, 10),
		planned("plan-projects", sectionProjects, "到 2025 年，推荐申报国家级、省级科技计划项目 300 项。", TargetFields{
			Name: "推荐申报国家级、省级科技计划项目", NameEn: "National and provincial projects applied for", Unit: "项", UnitEn: "applications", Kind: Cumulative,
		}, 300),
		planned("plan-results", sectionProjects, "到 2025 年，四平市科技大市场发布科技成果达到 500 件。", TargetFields{
			Name: "科技大市场发布科技成果", NameEn: "Results published on the technology market", Unit: "件", UnitEn: "results", Kind: Cumulative,
		}, 500),
		planned("plan-platforms", sectionPlatforms, "到 2025 年，各类创新平台达到 10 个。", TargetFields{
			Name: "各类创新平台", NameEn: "Innovation platforms", Unit: "个", UnitEn: "platforms",
			Pending: "口径待定（新增 / 存量）：规划列出 2020 年末已有 11 类 22 个",
		}, 10),
		planned("plan-services", sectionPlatforms, "到 2025 年，建设科技服务平台 5 个。", TargetFields{
			Name: "科技服务平台", NameEn: "Technology service platforms", Unit: "个", UnitEn: "platforms", Kind: Cumulative,
		}, 5),
		indicator("plan-rd-growth", "1 全社会研发经费投入增速（%） -- >8.00", "全社会研发经费投入增速", "Growth of R&D spending", "%", Growth, nil, 8),
		indicator("plan-rd-staff", "2 规上企业研发人员占比（%） 1.24 2", "规上企业研发人员占比", "R&D staff share of enterprises above scale", "%", Ratio, number(1.24), 2),
		indicator("plan-rate", "3 每万户企业法人中高新技术企业数（户） 14.6 23.3", "每万户企业法人中高新技术企业数", "High-tech enterprises per 10,000 enterprises", "户", Ratio, number(14.6), 23.3),
		indicator("plan-basic", "4 研发经费支出中基础研究支出占比（%） 37.63 45.00", "研发经费支出中基础研究支出占比", "Share of basic research in R&D spending", "%", Ratio, number(37.63), 45),
		indicator("plan-patents", "5 万人发明专利（件） 1.3 1.5", "万人发明专利", "Invention patents per 10,000 people", "件", Ratio, number(1.3), 1.5),
		indicator("plan-budget", "6 本级科技经费支出增速（%） -- >8.00", "本级科技经费支出增速", "Growth of the city's own science spending", "%", Growth, nil, 8),
	}
	for i := range out {
		out[i].Order = 100 + i
	}
	return out
}

// planned completes a target of the plan, which is a stock to reach at least
// unless the fields say otherwise.
func planned(id, section, source string, t TargetFields, goal float64) Target {
	t.Section, t.Source = section, source
	t.From, t.To = planFrom, planTo
	t.Goals = []GoalVersion{{ID: "1", Value: goal, Deadline: planTo, EffectiveFrom: planFrom, Reason: "规划原定"}}
	if t.Kind == "" {
		t.Kind = Stock
	}
	if t.Comparator == "" {
		t.Comparator = AtLeast
	}
	t.Binding = Expected
	return Target{Meta{ID: id}, t}
}

// indicator is one row of the plan's table of 预期性指标.
func indicator(id, row, name, english, unit, kind string, baseline *float64, goal float64) Target {
	t := TargetFields{Name: name, NameEn: english, Unit: unit, Kind: kind, Baseline: baseline}
	if baseline != nil {
		t.BaselineSource = row
	}
	if kind == Growth {
		t.Comparator = MoreThan
	}
	return planned(id, sectionGoals, row, t, goal)
}

// bySector spreads a goal over the eight 专栏领域, in the order of the plan.
func bySector(values ...float64) []Share {
	codes := []string{"heat-exchangers", "manufacturing", "agri-processing", "fine-chemicals", "materials", "energy-environment", "electronics", "bio-medicine"}
	out := make([]Share, len(codes))
	for i, code := range codes {
		out[i] = Share{ID: code, Taxonomy: TaxSector, Code: code, Value: values[i]}
	}
	return out
}

// RunningTargets are the two headline targets of the period that set-up asks
// for; talents and teams are the goals that were entered there.
func RunningTargets(from, to Date, talents, teams float64) []Target {
	target := func(id string, order int, goal float64, t TargetFields) Target {
		t.Order, t.Headline = order, true
		t.Comparator, t.Kind, t.Binding = AtLeast, Stock, Expected
		t.From, t.To = from, to
		t.Goals = []GoalVersion{{ID: "1", Value: goal, Deadline: to, EffectiveFrom: from, Reason: "初始设置时填写"}}
		return Target{Meta{ID: id + "-" + string(from[:4])}, t}
	}
	return []Target{
		target("talents", 1, talents, TargetFields{Name: "科技领军人才", NameEn: "Leading talents", Unit: "人", UnitEn: "people", Collection: Talents, RuleID: RuleTalentsCurrent}),
		target("teams", 2, teams, TargetFields{Name: "领军团队", NameEn: "Leading teams", Unit: "个", UnitEn: "teams", Collection: Teams, RuleID: RuleTeamsCurrent}),
	}
}

// The period and goals that set-up offers.
const (
	RunningFrom Date    = "2026-01-01"
	RunningTo   Date    = "2030-12-31"
	RunningGoal float64 = 50
)

func number(v float64) *float64 { return &v }
