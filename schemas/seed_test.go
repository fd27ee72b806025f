package schemas

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func seeded(t *testing.T, id string) *Taxonomy {
	t.Helper()
	for _, tax := range SeedTaxonomies() {
		if tax.ID == id {
			return &tax
		}
	}
	t.Fatalf("no list %q among the seeds", id)
	return nil
}

func names(terms []Term) []string {
	out := []string{}
	for _, term := range terms {
		out = append(out, term.Name)
	}
	return out
}

func where(tax *Taxonomy, keep func(Term) bool) []string {
	return names(slices.DeleteFunc(slices.Clone(tax.Terms), func(t Term) bool { return !keep(t) }))
}

func top(t Term) bool { return t.Parent == "" }

func TestSeedsHoldTheListsOfTheProduct(t *testing.T) {
	for id, want := range map[string]string{
		TaxIndustry:       "现代农业 特色装备 食品加工 基础化工 医药健康 冶金建材 智慧物流 休闲旅游",
		TaxSector:         "换热器 先进制造 农产品加工 精细化工 新材料 节能与环保 电子信息 生物技术与医药",
		TaxTier:           "顶尖人才（院士等） 国家级领军 省级领军 市级领军 市级骨干 后备",
		TaxTeamTier:       "国家级领军团队 省级领军团队 市级领军团队 优秀创新团队 培育团队",
		TaxTalentType:     "科技领军人才 域外高科技人才 本地高层次人才 技术带头人 学术带头人 中青年科技创新骨干 后备科技人才",
		TaxRegion:         "市本级 铁东区 铁西区 梨树县 伊通满族自治县 双辽市 四平经济开发区 梨树县经济开发区 长平产业合作区",
		TaxStageRecruit:   "线索 已接洽 洽谈中 评审中 公示中 已签约 已到岗 已离岗 暂缓 婉拒",
		TaxStageCultivate: "推荐 评审中 公示中 已认定 培育中 已考核 已退出",
		TaxTrack:          "引 育",
		TaxOrigin:         "本地 域外",
		TaxMode:           "全职引进 柔性引进",
		TaxCooperation:    "自带项目 技术合作 技术入股 创办企业 兼职 顾问指导 项目合作",
		TaxChannel:        "院士专家四平行 长平一体化 金华对口 厅地联动 域内高校 企业自引 推荐 自荐",
		TaxConsent:        "已同意 未征求 不需要",
		TaxQualification:  "科技型中小企业 高新技术企业 创新龙头企业 科技小巨人 专精特新",
		TaxAchievement:    "项目 专利 产品 标准 奖励 成果转化 关键技术 论文",
		TaxRank:           "正高级 副高级 中级 初级 无",
	} {
		if diff := cmp.Diff(strings.Fields(want), where(seeded(t, id), top)); diff != "" {
			t.Errorf("%s (-product +seed):\n%s", id, diff)
		}
	}
}

func TestIndustriesHaveTheSubFieldsOfThePlan(t *testing.T) {
	tax := seeded(t, TaxIndustry)
	for parent, want := range map[string]string{
		"agriculture": "黑土地保护 生态农业 种质创新 畜牧养殖 农机装备 粮食加工",
		"equipment":   "专用车 换热设备 特种装备制造 汽车配件 家禽屠宰 安全生产设备",
		"chemicals":   "氯碱化工 精细化工 生物化工 化工新材料 二氧化碳综合利用 秸秆综合利用",
		"health":      "现代中药 化学药 保健食品 医疗器械 细胞技术",
		"logistics":   "",
		"tourism":     "",
	} {
		got := where(tax, func(t Term) bool { return t.Parent == parent })
		if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
			t.Errorf("%s (-plan +seed):\n%s", parent, diff)
		}
	}
}

func TestEverySeedIsSound(t *testing.T) {
	code := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,38}$`)
	lists := map[string]bool{}
	for _, tax := range SeedTaxonomies() {
		if lists[tax.ID] || !code.MatchString(tax.ID) || tax.Name == "" || tax.NameEn == "" || tax.Source == "" {
			t.Errorf("list %q is doubled or lacks a name or source", tax.ID)
		}
		lists[tax.ID] = true
		parents := &tax
		if tax.ID == TaxDirection {
			parents = seeded(t, TaxIndustry)
		}
		ids := map[string]bool{}
		for i, term := range tax.Terms {
			at := tax.ID + "/" + term.ID
			if ids[term.ID] || !code.MatchString(term.ID) {
				t.Errorf("%s: id doubled or malformed", at)
			}
			ids[term.ID] = true
			if term.Name == "" || term.NameEn == "" || utf8.RuneCountInString(term.Name) > 80 || utf8.RuneCountInString(term.NameEn) > 120 {
				t.Errorf("%s: names %q, %q", at, term.Name, term.NameEn)
			}
			if len(term.Aliases) > 60 {
				t.Errorf("%s: %d aliases", at, len(term.Aliases))
			}
			if i > 0 && term.Order <= tax.Terms[i-1].Order {
				t.Errorf("%s: order %d does not rise", at, term.Order)
			}
			if term.Parent != "" && parents.Term(term.Parent) == nil {
				t.Errorf("%s: no parent %q", at, term.Parent)
			}
			for _, next := range term.Next {
				if tax.Term(next) == nil || next == term.ID {
					t.Errorf("%s: may not move to %q", at, next)
				}
			}
		}
	}
	for _, id := range []string{
		TaxIndustry, TaxSector, TaxTier, TaxTeamTier, TaxTalentType, TaxRegion, TaxStageRecruit, TaxStageCultivate,
		TaxTrack, TaxOrigin, TaxMode, TaxCooperation, TaxChannel, TaxGender, TaxEducation, TaxDegree, TaxRank,
		TaxAchievement, TaxDirection, TaxQualification, TaxDocument, TaxContact, TaxConsent,
	} {
		if !lists[id] {
			t.Errorf("no seed for %s", id)
		}
	}
}

func TestEverySpellingOfASeedMeansOneTerm(t *testing.T) {
	for _, tax := range SeedTaxonomies() {
		m := tax.Matcher()
		for _, term := range tax.Terms {
			written := append([]string{term.ID, term.Name, term.NameEn}, term.Aliases...)
			for i, s := range written {
				if code, ok := m.Match(s); !ok || code != term.ID {
					t.Errorf("%s: %q of %s means %q, %v", tax.ID, s, term.ID, code, ok)
				}
				if slices.Contains(written[:i], s) && i > 2 {
					t.Errorf("%s/%s: alias %q says nothing new", tax.ID, term.ID, s)
				}
			}
		}
	}
}

func TestSeedsAreAlwaysTheSame(t *testing.T) {
	if diff := cmp.Diff(SeedTaxonomies(), SeedTaxonomies()); diff != "" {
		t.Error(diff)
	}
	SeedTaxonomies()[0].Terms[0].Aliases[0] = "changed by a caller"
	if SeedTaxonomies()[0].Terms[0].Aliases[0] == "changed by a caller" {
		t.Error("a caller can change the seeds of the next one")
	}
}

func TestTiersSayWhoLeads(t *testing.T) {
	leads := func(t Term) bool { return t.Leading }
	for id, want := range map[string]string{
		TaxTier:     "顶尖人才（院士等） 国家级领军 省级领军 市级领军",
		TaxTeamTier: "国家级领军团队 省级领军团队 市级领军团队",
	} {
		if diff := cmp.Diff(strings.Fields(want), where(seeded(t, id), leads)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestCrosswalksReconcile(t *testing.T) {
	industry, sector := seeded(t, TaxIndustry), seeded(t, TaxSector)
	for _, pair := range [][2]*Taxonomy{{industry, sector}, {sector, industry}} {
		from, to := pair[0], pair[1]
		rows, hit := map[string]int{}, map[string]bool{}
		for _, c := range from.Crosswalk {
			rows[c.From]++
			hit[c.To] = true
			if !c.Presumed || !strings.Contains(c.Note, "推定，待确认") || c.Taxonomy != to.ID {
				t.Errorf("%s: row %s is not labelled as presumed", from.ID, c.ID)
			}
			if (c.To == "") != strings.Contains(c.Note, "未对应") || c.To != "" && to.Term(c.To) == nil {
				t.Errorf("%s: row %s leads to %q, noted %q", from.ID, c.ID, c.To, c.Note)
			}
		}
		for _, term := range from.Terms {
			if rows[term.ID] != 1 { // none loses records, two count them twice
				t.Errorf("%s: %s has %d rows", from.ID, term.ID, rows[term.ID])
			}
			delete(rows, term.ID)
		}
		if len(rows) != 0 {
			t.Errorf("%s: rows of no term: %v", from.ID, rows)
		}
		for _, term := range to.Terms {
			own := slices.ContainsFunc(to.Crosswalk, func(c Cross) bool { return c.From == term.ID && c.To == "" })
			if term.Parent == "" && !hit[term.ID] && !own {
				t.Errorf("%s: nothing of %s leads to %s and no row says 未对应", to.ID, from.ID, term.ID)
			}
		}
	}
}

func TestStagesMoveAsTheProductSays(t *testing.T) {
	recruit, cultivate := seeded(t, TaxStageRecruit), seeded(t, TaxStageCultivate)
	for _, c := range []struct {
		tax                   *Taxonomy
		counts, dated, aside  string
		path                  string
		legal, illegal, ended []string
	}{
		{
			recruit, "已到岗", "评审中 公示中", "暂缓 婉拒",
			"identified contacted negotiating evaluating publicized signed onboarded left",
			[]string{
				"identified>signed", "identified>onboarded", "signed>left", "onboarded>left", "left>contacted", "declined>contacted",
				"identified>paused", "onboarded>paused", "paused>identified", "paused>onboarded", "signed>declined", "paused>declined", "paused>left",
			},
			[]string{"onboarded>signed", "signed>identified", "onboarded>declined", "left>onboarded", "left>paused", "left>declined", "declined>signed", "declined>paused"},
			[]string{"left", "declined"},
		},
		{
			cultivate, "已认定 培育中 已考核", "评审中 公示中", "",
			"nominated evaluating publicized recognized cultivating assessed left",
			[]string{"nominated>recognized", "recognized>left", "assessed>left", "left>nominated"},
			[]string{"assessed>nominated", "left>recognized", "recognized>evaluating"},
			[]string{"left"},
		},
	} {
		for what, pair := range map[string][2][]string{
			"counts": {strings.Fields(c.counts), where(c.tax, func(t Term) bool { return t.Counts })},
			"dated":  {strings.Fields(c.dated), where(c.tax, func(t Term) bool { return t.Dated })},
			"aside":  {strings.Fields(c.aside), where(c.tax, func(t Term) bool { return t.Aside })},
		} {
			if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", c.tax.ID, what, diff)
			}
		}
		may := func(move string) bool {
			from, to, _ := strings.Cut(move, ">")
			return slices.Contains(c.tax.Term(from).Next, to)
		}
		path := strings.Fields(c.path)
		for i, from := range path {
			for j, to := range path {
				if forward := j > i; forward != may(from+">"+to) && !slices.Contains(c.ended, from) {
					t.Errorf("%s: %s>%s is %v", c.tax.ID, from, to, !forward)
				}
			}
		}
		for _, move := range c.legal {
			if !may(move) {
				t.Errorf("%s refuses %s", c.tax.ID, move)
			}
		}
		for _, move := range c.illegal {
			if may(move) {
				t.Errorf("%s allows %s", c.tax.ID, move)
			}
		}
		for _, end := range c.ended {
			if n := len(c.tax.Term(end).Next); n != 1 {
				t.Errorf("%s: %d ways out of %s", c.tax.ID, n, end)
			}
		}
	}
}
