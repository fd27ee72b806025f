package sample

import (
	"slices"
	"strconv"

	"qunxian/schemas"
)

// works are the kinds of achievements with their titles.
var works = []struct {
	weight                       int
	kind                         string
	titles                       []string
	levels, roles                []string
	category, evidence, numbered string
}{
	{26, "project", []string{"$s$m关键技术研究", "$s$m技术研究与应用", "面向$r产业的$s$m技术开发", "$s$M技术集成与示范"}, []string{"国家级", "省级", "省级", "市级", "横向"}, []string{"主持", "主持", "参加"}, "科技计划项目", "项目任务书", "示例计划"},
	{24, "patent", []string{"一种$s的$p", "一种用于$s的$p", "一种$s$m方法", "一种$p"}, []string{"发明专利", "发明专利", "实用新型"}, []string{"第一发明人", "第二发明人", "主要发明人"}, "", "专利证书", "示例专利"},
	{8, "product", []string{"新型$p", "$p系列产品", "$s配套$p"}, []string{"省级新产品", "市级新产品"}, []string{"技术负责人", "主要完成人"}, "", "新产品鉴定意见", ""},
	{8, "standard", []string{"$s$m技术规程", "$s$m技术规范", "$s$M技术规程"}, []string{"地方标准", "行业标准", "团体标准"}, []string{"第一起草人", "主要起草人"}, "", "标准发布公告", "示例标准"},
	{8, "award", []string{"$s$m关键技术及应用", "$s$M技术创新与推广"}, []string{"省级二等奖", "省级三等奖", "市级一等奖"}, []string{"第一完成人", "第三完成人", "主要完成人"}, "科学技术进步奖", "获奖证书", "示例奖"},
	{8, "conversion", []string{"$s$m成果转化", "$p技术转让与应用"}, []string{"合同额50万元以上", "合同额50万元以下"}, []string{"技术负责人"}, "", "技术合同登记证明", "示例合同"},
	{6, "key-technology", []string{"$s$m技术", "$p设计制造技术"}, []string{"国内先进", "国内领先"}, []string{"技术负责人"}, "", "科技成果评价报告", "示例成果"},
	{12, "paper", []string{"$s$m机理与影响因素研究", "$s$M研究进展", "$s$m试验研究"}, []string{"核心期刊", "SCI收录", "一般期刊"}, []string{"第一作者", "通信作者"}, "", "论文首页", ""},
}

var workShares = func() []share {
	out := make([]share, len(works))
	for i := range works {
		out[i] = share{strconv.Itoa(i), works[i].weight}
	}
	return out
}()

// achievement draws one achievement of a topic, on file since an instant.
func (c *city) achievement(w *words, t *topic, at clock, ch *chance) schemas.Achievement {
	i, _ := strconv.Atoi(weighed(ch, workShares))
	k := &works[i]
	w.about(t, ch)
	year := c.cal.year(at.day()) - ch.n(8)
	a := schemas.Achievement{
		ID: ulid(at, ch), Kind: k.kind, Title: w.say(pick(ch, k.titles)), Category: k.category,
		Role: pick(ch, k.roles), Year: year, Level: pick(ch, k.levels),
	}
	if k.numbered != "" {
		a.Number = k.numbered + "-" + strconv.Itoa(year) + "-" + digits(ch, 4)
	}
	if ch.of(70) {
		a.Evidence = k.evidence + "（示例）"
		if ch.of(70) {
			a.VerifiedBy = c.owner(ch)
		}
	}
	return a
}

// achievements draws n achievements of different titles.
func (c *city) achievements(w *words, t *topic, at clock, n int, ch *chance) []schemas.Achievement {
	out := make([]schemas.Achievement, 0, n)
	for tries := 0; len(out) < n; tries++ {
		a := c.achievement(w, t, at, ch)
		known := slices.ContainsFunc(out, func(b schemas.Achievement) bool { return b.Title == a.Title })
		if !known || tries > 4*n {
			out = append(out, a)
		}
	}
	return out
}
