package web

import (
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"qunxian/web/charts"
)

var previewDir = flag.String("preview", "", "write the sample pages and the assets they need into this folder, to look at them")

// Everything below is invented: no person, firm or number is real.

var previewNow = time.Date(2028, 9, 30, 17, 0, 0, 0, Zone)

func previewFrame(lang, current string) Frame {
	item := func(key, icon string, count int, hot bool) NavItem {
		return NavItem{Key: key, Href: "/" + strings.TrimPrefix(key, "nav."), Icon: icon, Count: count, Hot: hot, Current: key == current}
	}
	return Frame{
		Lang: lang, Path: "/", SearchPath: "/talents", Now: previewNow,
		User: User{Name: "陈晓燕", Role: "officer", Unit: "市科技局"},
		Nav: []NavGroup{
			{Items: []NavItem{item("nav.dashboard", "layout-dashboard", 0, false), item("nav.talents", "users", 2418, false), item("nav.teams", "users-group", 163, false), item("nav.demands", "building-factory-2", 13, false), item("nav.visits", "calendar-event", 3, true), item("nav.gaps", "chart-dots", 0, false), item("nav.reports", "report-analytics", 0, false)}},
			{Key: "nav.group.records", Items: []NavItem{item("nav.imports", "file-import", 0, false), item("nav.duplicates", "arrows-exchange", 12, true), item("nav.taxonomies", "tag", 0, false)}},
			{Key: "nav.group.system", Items: []NavItem{item("nav.audit", "history", 0, false), item("nav.users", "key", 0, false), item("nav.settings", "settings", 0, false)}},
		},
	}
}

type labelled struct{ Label, Tone string }

type galleryPage struct {
	Crumbs                   []Crumb
	Tabs                     []Tab
	Facts                    []Fact
	Tiers, Stages            []labelled
	Problems                 []Problem
	Units, Chosen            []string
	Industries, Tracks, Ways []Option
	Events                   []Event
}

type gaugeCard struct {
	Gauge                           charts.Gauge
	Spark                           charts.Spark
	Judgement, Tone, Icon           string
	Gain, Expected, Chance, Talking string
}

type todo struct{ Tone, Icon, Title, Text, Do string }

type dashboardPage struct {
	Scopes []Tab
	Gauges []gaugeCard
	BurnUp charts.BurnUp
	Todo   []todo
	Heat   charts.HeatMap
	Funnel charts.Funnel
}

type registryRow struct {
	ID, Name, Pinyin, Tier, TierTone, Industry, Field, Unit, Title, Way, Stage, StageTone string
	Updated                                                                               time.Time
}

type registryPage struct {
	Views  []Tab
	Facets []Facet
	Chips  []Chip
	Rows   []registryRow
	Total  int
}

var (
	previewTiers      = []string{"顶尖人才", "国家级领军", "省级领军", "市级领军", "市级骨干", "后备"}
	previewIndustries = []string{"现代农业", "特色装备", "食品加工", "基础化工", "医药健康", "冶金建材", "智慧物流", "休闲旅游"}
)

func previewGallery() galleryPage {
	return galleryPage{
		Crumbs: []Crumb{{"人才库", "/talents"}, {"李思源", ""}},
		Tabs:   []Tab{{Label: "概览", Href: "?", Current: true}, {Label: "成果", Href: "?t=2", Count: "12"}, {Label: "协议与服务", Href: "?t=3", Count: "2"}, {Label: "变更记录", Href: "?t=4"}},
		Facts: []Fact{
			{Label: "现工作单位", Value: "北方机械研究所"},
			{Label: "用人单位", Value: "恒远换热设备有限公司", Href: "/e/1"},
			{Label: "职称", Value: "正高级工程师", Note: "2019 年"},
			{Label: "产业领域", Value: "特色装备"},
			{Label: "手机", Value: "138****0000", Reveal: "/reveal"},
			{Label: "身份证号", Value: "2203**********0000", Reveal: "/reveal"},
			{Label: "引才渠道", Value: "院士专家四平行"},
			{Label: "下一步", Value: "商定服务协议", Note: "10 月 12 日前"},
			{Label: "人才称号", Value: ""},
			{Label: "来源", Value: "域外"},
		},
		Tiers:    []labelled{{"顶尖人才", RankTone(0)}, {"国家级领军", RankTone(1)}, {"省级领军", RankTone(2)}, {"市级领军", RankTone(3)}, {"后备", RankTone(5)}},
		Stages:   []labelled{{"线索", "slate"}, {"洽谈中", "amber"}, {"评审中", "violet"}, {"已签约", "blue"}, {"已到岗", "teal"}, {"婉拒", "red"}},
		Problems: []Problem{{"employer", "用人单位", "此项必填"}},
		Units:    []string{"恒远换热设备有限公司", "北方机械研究所"}, Chosen: []string{"adviser"},
		Industries: []Option{{Value: "equipment", Label: "特色装备"}, {Value: "chemistry", Label: "基础化工"}},
		Tracks:     []Option{{Value: "recruit", Label: "引"}, {Value: "cultivate", Label: "育"}},
		Ways:       []Option{{Value: "project", Label: "自带项目"}, {Value: "adviser", Label: "顾问指导"}},
		Events: []Event{
			{At: previewNow.Add(-3 * time.Minute), Day: "2028-09-28", Title: "阶段变更", Actor: "陈晓燕", Icon: "user-check", Tone: "teal", Changes: []Change{{"阶段", "已签约", "已到岗"}}, Undo: "/undo"},
			{At: previewNow.Add(-5 * time.Hour), Title: "补充协议", Text: "柔性引进，每年不少于 40 天。", Actor: "周立", Icon: "file-text", Tone: "blue", Undo: "/undo"},
			{At: previewNow.Add(-9 * 24 * time.Hour), Title: "修改单位", Actor: "周立", Undone: true, Changes: []Change{{"单位", "", "北方机械研究所"}}},
			{At: previewNow.Add(-70 * 24 * time.Hour), Title: "导入", Text: "来自「高新区台账.xlsx」第 12 行", Actor: "陈晓燕", Icon: "file-import", Tone: "violet"},
		},
	}
}

func previewBurnUp() charts.BurnUp {
	day := func(year int, month time.Month) time.Time { return time.Date(year, month, 1, 0, 0, 0, 0, Zone) }
	var actual, p10, p50, p90 []charts.Point
	for i, v := range []float64{0, 2, 3, 5, 8, 9, 13, 16, 21, 25, 24, 29, 33, 36, 35, 38, 41} {
		t := day(2026, 1).AddDate(0, 2*i, 0)
		actual = append(actual, charts.Point{At: t, Label: fmt.Sprintf("%d年%d月", t.Year(), t.Month()), Value: v})
	}
	for i := range 15 {
		t := day(2028, 9).AddDate(0, 2*i, 0)
		if t.Year() > 2030 {
			break
		}
		point := func(v float64) charts.Point {
			return charts.Point{At: t, Label: fmt.Sprintf("%d年%d月", t.Year(), t.Month()), Value: v}
		}
		x := float64(i)
		p10, p50, p90 = append(p10, point(41+0.5*x)), append(p50, point(41+0.9*x)), append(p90, point(41+1.5*x))
	}
	var ticks []charts.Tick
	for year := 2026; year <= 2030; year++ {
		ticks = append(ticks, charts.Tick{At: day(year, 1), Label: fmt.Sprint(year)}, charts.Tick{At: day(year, 7), Label: "7月"})
	}
	return charts.BurnUp{
		ID: "burn", Title: "科技领军人才：9 月 30 日 41 人，目标 50 人，期末预测 54 人（48–62）", From: day(2026, 1), To: day(2031, 1), Today: previewNow, Ticks: ticks,
		Actual: actual, Plan: []charts.Point{{At: day(2026, 1)}, {At: day(2031, 1), Value: 50}}, Goal: []charts.Point{{At: day(2026, 1), Value: 40}, {At: day(2027, 7), Value: 50}},
		P10: p10, P50: p50, P90: p90, Words: charts.BurnUpWords{Actual: "实际", Plan: "计划", Goal: "目标", Forecast: "预测", Today: "今天"},
	}
}

func previewDashboard() dashboardPage {
	page := dashboardPage{
		Scopes: []Tab{{Label: "全市", Href: "?", Current: true}, {Label: "铁西区", Href: "?r=1"}, {Label: "梨树县", Href: "?r=2"}},
		Gauges: []gaugeCard{
			{Gauge: charts.Gauge{ID: "g1", Tone: "blue", Title: "科技领军人才", Text: "已有 41 人，目标 50 人，计划此时 45 人，期末预测 47 人", Done: 41, Goal: 50, Plan: 45, PlanWord: "计划", Forecast: 47, Forecasted: true}, Spark: charts.Spark{Values: []float64{2, 3, 5, 4, 6, 3, -2, 2, 5, 3, 4}, Tone: "blue"}, Judgement: "落后计划 4 人", Tone: "amber", Icon: "alert-triangle", Gain: "4", Expected: "47", Chance: "38%", Talking: "9"},
			{Gauge: charts.Gauge{ID: "g2", Tone: "teal", Title: "领军团队", Text: "已有 47 个，目标 50 个，计划此时 45 个", Done: 47, Goal: 50, Plan: 28, PlanWord: "计划", Forecast: 50, Forecasted: true}, Spark: charts.Spark{Values: []float64{3, 2, 4, 6, 5, 5, 3, 4, 6, 5, 4}, Tone: "teal"}, Judgement: "领先计划 2 个", Tone: "teal", Icon: "circle-check", Gain: "4", Expected: "50", Chance: "91%", Talking: "6"},
		},
		BurnUp: previewBurnUp(),
		Todo:   []todo{{"red", "calendar-due", "康诺药业 · 抗体下游纯化", "推荐已逾期 2 天", "处理"}, {"amber", "arrows-exchange", "12 组疑似重复人才", "来自「高新区 10 月台账.xlsx」", "合并"}, {"blue", "user-check", "5 份信息确认待审核", "最早提交于 3 天前", "审核"}, {"teal", "calendar-event", "院士专家四平行 · 新材料专场", "10 月 28 日 · 8 位专家 · 23 家企业", "排程"}, {"violet", "building", "精睿智造 · 2 条新需求", "机器视觉、工业机器人", "匹配"}},
		Funnel: charts.Funnel{ID: "funnel", Steps: []charts.FunnelStep{{Label: "已受理", Count: 64, Href: "/d"}, {Label: "匹配中", Count: 52, Note: "81%"}, {Label: "已推荐", Count: 37, Note: "71%"}, {Label: "对接中", Count: 24, Note: "65%"}, {Label: "已签约", Count: 14, Note: "58%"}, {Label: "已落地", Count: 11, Note: "79%"}}},
		Heat:   charts.HeatMap{Caption: "各产业各层次的人才数", Corner: "产业", Columns: previewTiers, TotalWord: "合计", Less: "少", More: "多"},
	}
	for i, industry := range previewIndustries {
		row := charts.HeatRow{Label: industry}
		for j := range previewTiers {
			count := (7*i*i+13*j+5*i*j)%23 + j*14 - 9 + 3*(7-i)
			row.Cells = append(row.Cells, charts.HeatCell{Count: max(0, count), Href: "/talents?industry=1", Label: fmt.Sprintf("%s，%s：%d 人", industry, previewTiers[j], max(0, count))})
		}
		page.Heat.Rows = append(page.Heat.Rows, row)
	}
	return page
}

func previewRegistry() registryPage {
	names := [][2]string{{"吕文博", "lyu wenbo"}, {"谢伟芳", "xie weifang"}, {"赵勇", "zhao yong"}, {"欧阳静怡", "ouyang jingyi"}, {"王玲", "wang ling"}, {"单志宁", "shan zhining"}, {"韩然晓", "han ranxiao"}, {"买买提·艾力", "maimaiti aili"}, {"Anna Schmidt", "安娜·施密特"}, {"马强红", "ma qianghong"}, {"林芳", "lin fang"}, {"杨伟", "yang wei"}}
	stages := []labelled{{"线索", "slate"}, {"已接洽", "slate"}, {"洽谈中", "amber"}, {"评审中", "violet"}, {"已签约", "blue"}, {"已到岗", "teal"}}
	page := registryPage{
		Total: 2418,
		Views: []Tab{{Label: "全部人才", Href: "?", Current: true, Count: "2,418"}, {Label: "领军以上", Href: "?v=2", Count: "88"}, {Label: "我在跟进", Href: "?v=3", Count: "31"}, {Label: "特色装备 · 已签约", Href: "?v=4"}},
		Chips: []Chip{{"产业领域", "特色装备", "?"}, {"来源", "域外", "?"}},
	}
	for i, group := range []struct {
		name, label string
		values      []string
	}{{"tier", "人才层次", previewTiers}, {"industry", "产业领域", previewIndustries}, {"stage", "阶段", []string{"线索", "已接洽", "洽谈中", "评审中", "已签约", "已到岗"}}} {
		facet := Facet{Name: group.name, Label: group.label}
		for j, v := range group.values {
			facet.Values = append(facet.Values, FacetValue{Value: fmt.Sprint(j), Label: v, Count: (j*j*97+i*31)%460 + j, On: i == 1 && j == 1})
		}
		page.Facets = append(page.Facets, facet)
	}
	fields := []string{"板式换热器", "换热网络优化", "机器视觉", "特种焊接", "精密铸造", "工业机器人"}
	units := []string{"北方机械研究所", "恒远换热设备有限公司", "东部理工大学", "精睿智造股份有限公司"}
	titles := []string{"正高级工程师", "教授", "研究员", "高级工程师"}
	for i, n := range names {
		tier, stage := i*5%6, stages[(i*7+5)%6]
		page.Rows = append(page.Rows, registryRow{ID: fmt.Sprint(i), Name: n[0], Pinyin: n[1], Tier: previewTiers[tier], TierTone: RankTone(tier), Industry: "特色装备", Field: fields[i%6], Unit: units[i%4], Title: titles[i%4] + " · 长春", Way: []string{"全职引进", "柔性引进"}[i%2], Stage: stage.Label, StageTone: stage.Tone, Updated: previewNow.Add(-time.Duration(i*i) * time.Hour)})
	}
	return page
}

func previewTemplate(t *testing.T, name string) *template.Template {
	t.Helper()
	shared, err := frame()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join("testdata/preview", name+".html"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := template.Must(shared.Clone()).New(name).Parse(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// previews are the sample pages that show every component, in each language.
func previews(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, lang := range Languages {
		for name, view := range map[string]any{
			"gallery":   View[galleryPage]{previewFrame(lang, "nav.talents"), previewGallery()},
			"dashboard": View[dashboardPage]{previewFrame(lang, "nav.dashboard"), previewDashboard()},
			"registry":  View[registryPage]{previewFrame(lang, "nav.talents"), previewRegistry()},
			"signin":    View[struct{}]{Frame: Frame{Lang: lang, Now: previewNow}},
		} {
			var b strings.Builder
			if v, ok := view.(View[galleryPage]); ok {
				v.Flash = &Flash{Text: "已把阶段改为「已到岗」", Undo: "/undo"}
				v.Errors = map[string]string{"employer": "此项必填"}
				view = v
			}
			if err := send(&b, previewTemplate(t, name), view); err != nil {
				t.Fatal(err)
			}
			pages[name+"."+lang] = b.String()
		}
	}
	return pages
}

var (
	inline     = regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script>`)
	repeatedID = regexp.MustCompile(`\sid="([^"]+)"`)
)

func TestComponents(t *testing.T) {
	for name, page := range previews(t) {
		if i := strings.Index(page, MissingMark); i >= 0 {
			t.Errorf("%s: missing text %.40s", name, page[i:])
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s: %q is against the content security policy", name, found)
		}
		if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "%!") {
			t.Errorf("%s: a value was refused or formatted wrongly", name)
		}
		seen := map[string]bool{}
		for _, id := range repeatedID.FindAllStringSubmatch(page, -1) {
			if seen[id[1]] {
				t.Errorf("%s: id %q is there twice", name, id[1])
			}
			seen[id[1]] = true
		}
	}
}

// TestPreview writes the sample pages when asked to: go test ./web -run Preview -preview /some/folder.
func TestPreview(t *testing.T) {
	if *previewDir == "" {
		t.Skip("no -preview folder given")
	}
	for name, page := range previews(t) {
		if err := os.WriteFile(filepath.Join(*previewDir, name+".html"), []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var part strings.Builder
	if err := send(&part, previewTemplate(t, "registry").Lookup("list"), View[registryPage]{previewFrame("zh-CN", "nav.talents"), previewRegistry()}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*previewDir, "registry.list"), []byte(part.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for url, a := range assets() {
		if !strings.HasPrefix(url, "/assets/") {
			continue
		}
		file := filepath.Join(*previewDir, url)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, a.content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
