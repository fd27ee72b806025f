package schemas

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
	for id, rows := range map[string]map[string]string{
		TaxRank: {
			"正高级": "senior", "正高": "senior", "教授": "senior", "研究员": "senior", "二级教授": "senior", "三级研究员": "senior",
			"正高级（教授、研究员等）": "senior", "正高级工程师": "senior", "教授级高级工程师": "senior", "研究员级高级工程师": "senior",
			"教授级高工": "senior", "正高级 工程师": "senior", "主任医师": "senior", "主任护师": "senior", "编审": "senior", "研究馆员": "senior",
			"推广研究员": "senior", "教授/博导": "senior", "教授（二级）": "senior", "ｓｅｎｉｏｒ": "senior",
			"副高级": "associate", "副高": "associate", "副教授": "associate", "副研究员": "associate", "高级工程师": "associate",
			"高级工程师（副高）": "associate", "高工": "associate", "副主任医师": "associate", "高级农艺师": "associate", "副编审": "associate",
			"高级实验师": "associate", "主任编辑": "associate", "副高级(副教授)": "associate", "高级会计师": "associate",
			"中级": "intermediate", "讲师": "intermediate", "工程师": "intermediate", "助理研究员": "intermediate", "主治医师": "intermediate",
			"工程师（机械）": "intermediate", "中级/工程师": "intermediate", "实验师": "intermediate", "编辑": "intermediate",
			"初级": "junior", "助教": "junior", "助理工程师": "junior", "研究实习员": "junior", "技术员": "junior", "住院医师": "junior",
			"无": "none", "未评": "none", "无职称": "none",
			"": "", "高级": "", "高级职称": "", "副总工程师": "", "总工程师": "", "首席工程师": "", "客座教授": "", "兼职教授": "",
			"拟聘教授": "", "教授、高级工程师": "", "高级技师": "", "董事长": "", "助理兽医": "", "（）": "",
		},
		TaxEducation: {
			"博士研究生": "doctor", "博士": "doctor", "Ph.D": "doctor", "PH.D.": "doctor", "Ph. D": "doctor", "博士研究生毕业": "doctor",
			"研究生（博士）": "doctor", "博士后": "doctor", "11": "doctor", "全日制博士研究生": "doctor", "全日制博士": "doctor",
			"硕士研究生": "master", "硕士": "master", "研究生（硕士）": "master", "研究生(硕士)": "master", "硕士 研究生": "master",
			"研究生": "postgraduate", "在职研究生": "postgraduate", "研究生班": "graduate-class",
			"本科": "bachelor", "大学": "bachelor", "大学本科": "bachelor", "全日制本科": "bachelor", "吉林大学 本科": "bachelor", "21": "bachelor",
			"大专": "college", "专科": "college", "大学专科": "college", "中专": "secondary", "高中": "senior-high", "初中肄业": "junior-high-unfinished",
			"博士肄业": "doctor-unfinished", "硕士研究生结业": "master-completed", "其他": "other",
			"吉林大学": "", "博士在读": "", "在读博士研究生": "", "本科、硕士": "", "2011": "", "博士候选人": "",
		},
		TaxDegree: {
			"博士": "doctor", "工学博士": "doctor-engineering", "工学博士学位": "doctor-engineering", "理学硕士": "master-science",
			"MBA": "master-business", "EMBA": "master-business", "m.sc": "master", "工商管理硕士（MBA）": "master-business",
			"学士": "bachelor", "农学学士": "bachelor-agriculture", "博士（工学博士）": "doctor-engineering", "名誉博士": "honorary-doctor",
			"临床医学博士": "doctor-clinical-medicine", "会计硕士": "master", "无": "none", "XMBAX": "", "荣誉博士": "",
		},
		TaxRegion: {
			"铁东": "tiedong", "四平市铁东区": "tiedong", "吉林省四平市铁西区": "tiexi", "220322": "lishu", "梨树": "lishu", "伊通县": "yitong",
			"伊通满族自治县": "yitong", "双辽": "shuangliao", "市直": "city", "四平市": "city", "四平经开区": "siping-zone",
			"梨树县经济开发区": "lishu-zone", "四平市梨树县经济开发区": "lishu-zone", "长平合作区": "changping-zone",
			"四平市梨树县梨树镇": "lishu", "梨树县、双辽市": "", "长春市": "", "经济开发区": "", "1220322": "",
		},
		TaxTier: {
			"顶尖人才": "top", "顶尖人才(院士等)": "top", "院士": "top", "中国工程院院士": "top", "国家级领军人才": "national", "省级": "provincial",
			"市级领军 ": "municipal", "市级骨干": "backbone", "后备": "reserve", "Provincial Leading Talent": "provincial",
			"院士工作站": "", "省级高层次人才": "", "省级骨干人才": "backbone", "国家级领军人才候选": "", "A类": "", "培养对象（省级领军）": "",
		},
		TaxIndustry: {
			"基础化工（精细化工）": "fine-chemicals", "医药健康产业": "health", "装备制造": "equipment", "汽车零部件": "auto-parts",
			"现代农业、食品加工": "", "其他": "",
		},
		TaxSector:        {"节能环保": "energy-environment", "换热器领域": "heat-exchangers", "生物医药": "bio-medicine", "先进制造业": "manufacturing"},
		TaxStageRecruit:  {"签约": "signed", "已 到 岗": "onboarded", "已签约未到岗": "", "未签约": "", "离职": "left", "on public notice": "publicized"},
		TaxConsent:       {"同意": "agreed", "原单位已同意": "agreed", "不同意": "", "未同意": "", "未征求意见": "not-asked", "无需": "not-needed"},
		TaxGender:        {"男": "male", "女": "female", "男性": "male", "2": "female", "f": "female", "妇女": "", "12": ""},
		TaxMode:          {"全职": "fulltime", "柔性": "flexible", "柔性引进（顾问）": "flexible", "非全职": "", "全职或柔性": ""},
		TaxChannel:       {"自我推荐": "self", "单位推荐": "recommended", "“院士专家四平行”活动": "siping-visits", "四平行": "siping-visits", "平行": ""},
		TaxQualification: {"高企": "high-tech", "专精特新“小巨人”企业": "specialised", "科技小巨人企业": "small-giant", "小巨人": "", "非高新技术企业": ""},
		TaxDirection:     {"板换": "plate-exchangers", "phe": "plate-exchangers", "无人驾驶作业": "agri-sensing", "人工智能": "artificial-intelligence", "5G与物联网": "iot"},
	} {
		m := seeded(t, id).Matcher()
		for written, want := range rows {
			if code, ok := m.Match(written); code != want || ok != (want != "") {
				t.Errorf("%s: %q means %q, %v; want %q", id, written, code, ok, want)
			}
		}
	}
}

func TestMatchFollowsWhatReplacedARetiredTerm(t *testing.T) {
	tax := Taxonomy{TaxonomyFields: TaxonomyFields{Terms: []Term{
		{ID: "old", Name: "旧称", Retired: true, ReplacedBy: "middle"},
		{ID: "middle", Name: "中称", Retired: true, ReplacedBy: "new"},
		{ID: "new", Name: "新称"},
		{ID: "gone", Name: "废止", Retired: true},
		{ID: "round", Name: "循环", Retired: true, ReplacedBy: "round"},
		{ID: "one", Name: "同名甲", Aliases: []string{"同名"}},
		{ID: "two", Name: "同名乙", Aliases: []string{"同名"}},
	}}}
	for written, want := range map[string]string{
		"旧称": "new", "old": "new", "中称": "new", "新称": "new", "废止": "", "gone": "", "循环": "", "同名": "", "同名的人": "", "同名甲": "one",
	} {
		if code, ok := tax.Match(written); code != want || ok != (want != "") {
			t.Errorf("%q means %q, %v; want %q", written, code, ok, want)
		}
	}
}

// shared finds a file of the reference folder beside the checkout, or skips.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if f, err := os.Open(filepath.Join(dir, "shared", name)); err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skipf("reference file %s is not beside the checkout", name)
		}
		dir = up
	}
}

func TestEveryRankOfRealRecordsIsRead(t *testing.T) {
	rows, err := csv.NewReader(shared(t, "fixtures/nssf-jilin/jilin_utf8.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := -1
	for i, head := range rows[0] {
		if head == "专业职务" {
			column = i
		}
	}
	if column < 0 {
		t.Fatalf("no column 专业职务 in %q", rows[0])
	}
	m, seen := seeded(t, TaxRank).Matcher(), map[string]int{}
	for _, row := range rows[1:] {
		if s := row[column]; s != "" {
			seen[s]++
		}
	}
	for s, n := range seen {
		if _, ok := m.Match(s); !ok {
			t.Errorf("%q of %d records means no rank", s, n)
		}
	}
	t.Logf("%d spellings of %d rows", len(seen), len(rows)-1)
}

func TestStandardCodesMeanTheStandardsTerms(t *testing.T) {
	for id, file := range map[string]string{
		TaxEducation: "fixtures/gb-codes/学历_GBT4658.csv",
		TaxDegree:    "fixtures/gb-codes/学位_GBT6864.csv",
	} {
		t.Run(id, func(t *testing.T) {
			rows, err := csv.NewReader(shared(t, file)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			tax := seeded(t, id)
			m := tax.Matcher()
			for _, row := range rows[1:] {
				name := strings.Replace(row[1], "临床学硕士", "临床医学硕士", 1) // a slip of the transcript
				code, _ := m.Match(row[0])
				if term := tax.Term(code); term == nil || term.Name != name {
					t.Errorf("code %s is %s, the seed has %q", row[0], name, code)
				}
			}
		})
	}
}

func TestStandardListsAreWhole(t *testing.T) {
	for id, want := range map[string]int{TaxEducation: 40, TaxDegree: 56} {
		codes := 0
		for _, term := range seeded(t, id).Terms {
			for _, alias := range term.Aliases {
				if strings.Trim(alias, "0123456789") == "" {
					codes++
				}
			}
			if id == TaxDegree && term.ID == "none" { // 无 is ours
				want++
				codes++
			}
		}
		if n := len(seeded(t, id).Terms); n != want || codes != want {
			t.Errorf("%s has %d terms and %d codes, want %d", id, n, codes, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"正高级（教授、研究员等）", "Ph. D", "铁东", "\xff", "𠮷", "、、"} {
		f.Add(s)
	}
	taxes := SeedTaxonomies()
	matchers := make([]*Matcher, len(taxes))
	for i := range taxes {
		matchers[i] = taxes[i].Matcher()
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) && foldSpelling(foldSpelling(s)) != foldSpelling(s) {
			t.Errorf("folding %q twice differs", s)
		}
		for i, m := range matchers {
			code, ok := m.Match(s)
			if ok != (taxes[i].Term(code) != nil) {
				t.Errorf("%s: %q means %q, %v", taxes[i].ID, s, code, ok)
			}
		}
	})
}

func BenchmarkMatchOfInexactRank(b *testing.B) {
	tax := ranks()
	m := tax.Matcher()
	for b.Loop() {
		m.Match("吉林省某某研究所二级研究员（退休返聘）")
	}
}
