package sample

import (
	"slices"
	"strings"
)

// place is a region with its name in sentences and the unit that reports it.
type place struct{ name, unit string }

var places = map[string]place{
	"city":           {"四平市", "市科技局人才科（示例）"},
	"tiedong":        {"铁东区", "铁东区科技局（示例）"},
	"tiexi":          {"铁西区", "铁西区科技局（示例）"},
	"lishu":          {"梨树县", "梨树县科技局（示例）"},
	"yitong":         {"伊通满族自治县", "伊通县科技局（示例）"},
	"shuangliao":     {"双辽市", "双辽市科技局（示例）"},
	"siping-zone":    {"四平经济开发区", "四平经开区科技部（示例）"},
	"lishu-zone":     {"梨树县经济开发区", "梨树经开区管委会（示例）"},
	"changping-zone": {"长平产业合作区", "长平合作区管委会（示例）"},
}

// workplace is where somebody works, as one form or another writes it.
type workplace struct {
	kind    string // of institution, or enterprise
	id      string // in the list of institutions
	written string
	region  string   // of those of the city
	fields  []string // the industries it works in; none means any
}

// distant are the workplaces of those who are recruited, local those of the
// city that are no firms, by industry. Each has the spellings that forms use.
var distant, local = map[string][]workplace{}, map[string][]workplace{}

const overseas = "示例大学（海外）"

func init() {
	fields := func(s string) []string { return strings.Fields(s) }
	far := []workplace{
		{"institute", "ciomp", "长光所", "", fields("equipment metallurgy logistics")},
		{"institute", "ciomp", "长春光机所", "", fields("equipment logistics")},
		{"institute", "ciomp", "中国科学院长春光学精密机械与物理研究所", "", fields("equipment metallurgy")},
		{"institute", "ciac", "中科院长春应化所", "", fields("chemicals metallurgy health")},
		{"institute", "ciac", "应化所", "", fields("chemicals metallurgy")},
		{"institute", "ciac", "中国科学院长春应用化学研究所", "", fields("chemicals")},
		{"institute", "iga", "东北地理所", "", fields("agriculture tourism")},
		{"institute", "iga", "中国科学院东北地理与农业生态研究所", "", fields("agriculture")},
		{"university", "jlu", "吉林大学", "", nil},
		{"university", "jlu", "吉大", "", fields("equipment health")},
		{"university", "nenu", "东北师范大学", "", fields("chemicals food tourism")},
		{"university", "nenu", "东北师大", "", fields("agriculture tourism")},
		{"university", "neu", "东北大学", "", fields("equipment metallurgy logistics")},
		{"university", "cust", "长春理工大学", "", fields("equipment logistics metallurgy")},
		{"university", "cust", "长春理工", "", fields("equipment")},
		{"university", "ccut", "长春工业大学", "", fields("equipment chemicals metallurgy")},
		{"university", "ccut", "长春工大", "", fields("equipment chemicals food")},
		{"university", "jlau", "吉林农业大学", "", fields("agriculture food health")},
		{"university", "jlau", "吉林农大", "", fields("agriculture food health")},
		{"university", "", "示例理工大学", "", fields("equipment chemicals metallurgy logistics")},
		{"university", "", "示例农业大学", "", fields("agriculture food health")},
		{"institute", "", "示例机械研究院", "", fields("equipment metallurgy")},
		{"institute", "", "示例省农业科学院", "", fields("agriculture food")},
		{"institute", "", "示例中医药研究院", "", fields("health tourism")},
		{"enterprise", "", "示例装备集团有限公司", "", fields("equipment metallurgy logistics")},
	}
	near := []workplace{
		{"university", "jlnu", "吉林师范大学", "tiexi", nil},
		{"university", "jlnu", "吉林师大", "tiexi", nil},
		{"college", "siping-college", "四平职业大学", "city", nil},
		{"college", "siping-college", "四平职大", "city", fields("equipment logistics")},
		{"college", "engineering-college", "吉林工程职业学院", "tiedong", fields("equipment agriculture food logistics chemicals")},
		{"college", "boda", "吉林师范大学博达学院", "tiexi", fields("tourism logistics")},
		{"institute", "", "四平市示例农业科学研究院", "city", fields("agriculture food")},
		{"institute", "", "梨树县示例黑土地研究院", "lishu", fields("agriculture")},
		{"institute", "", "双辽市示例农业技术推广中心", "shuangliao", fields("agriculture food")},
		{"institute", "", "伊通县示例鹿业研究所", "yitong", fields("health tourism")},
		{"institute", "", "梨树县示例产业中试基地", "lishu-zone", fields("food chemicals")},
		{"institute", "", "长平示例产业技术研究院", "changping-zone", fields("equipment logistics metallurgy")},
		{"institute", "", "四平经开区示例材料研究中心", "siping-zone", fields("metallurgy chemicals")},
		{"hospital", "", "四平市示例医院", "city", fields("health")},
	}
	for i := range topics {
		in := topics[i].industry
		if distant[in] != nil {
			continue
		}
		distant[in], local[in] = fitting(far, in), fitting(near, in)
	}
}

func fitting(all []workplace, industry string) (out []workplace) {
	for _, w := range all {
		if len(w.fields) == 0 || slices.Contains(w.fields, industry) {
			out = append(out, w)
		}
	}
	return out
}

// rankNames are 职称 as they are written, by kind of workplace and by rank.
var rankNames = map[string][3]string{
	"university": {"教授", "副教授", "讲师"},
	"college":    {"教授", "副教授", "讲师"},
	"institute":  {"研究员", "副研究员", "助理研究员"},
	"enterprise": {"正高级工程师", "高级工程师", "工程师"},
	"hospital":   {"主任医师", "副主任医师", "主治医师"},
}

var rankCodes = [3]string{"senior", "associate", "intermediate"}

var positions = map[string][]string{
	"university": {"教师", "实验室主任", "学科带头人", "副院长", "博士生导师"},
	"college":    {"教师", "专业带头人", "系主任", "实训中心主任"},
	"institute":  {"课题组组长", "主任", "副主任", "首席科学家", "科研人员"},
	"enterprise": {"主任", "副主任", "项目负责人", "主任工程师", "技术骨干"},
	"hospital":   {"科室主任", "学科带头人", "实验中心主任"},
}

// juniors are the posts of those of 中级.
var juniors = map[string]string{"university": "教师", "college": "教师", "institute": "科研人员", "enterprise": "技术骨干", "hospital": "科室骨干"}

// heads are the posts of a firm that belong to no department.
var heads = []string{"总工程师", "副总经理", "技术总监"}

var departments = map[string][]string{
	"enterprise": {"技术中心", "研发中心", "工艺研究所"},
	"hospital":   {"临床研究中心", "检验科"},
}
