package sample

import (
	"encoding/json"
	"strconv"

	"qunxian/schemas"
)

// FieldDefs are the six custom fields of talents that Options.Bench fills; they
// are created before the talents.
func FieldDefs() []schemas.FieldDefFields {
	least, most := 0.0, 366.0
	fields := []schemas.FieldDefFields{
		{Key: "days-here", Name: "年在平服务天数", NameEn: "Days here a year", Kind: "number", Min: &least, Max: &most, Aliases: []string{"在平天数"}},
		{Key: "last-visit", Name: "最近走访日期", NameEn: "Last visit", Kind: "date"},
		{Key: "housing", Name: "安居保障", NameEn: "Housing", Kind: "choice", Choices: []schemas.Choice{
			{ID: "apartment", Name: "人才公寓"}, {ID: "allowance", Name: "租房补贴"}, {ID: "purchase", Name: "购房补助"}, {ID: "none", Name: "未享受"},
		}},
		{Key: "settled", Name: "是否落户", NameEn: "Settled", Kind: "yesno"},
		{Key: "needs", Name: "本人诉求", NameEn: "What the talent asks for", Kind: "text"},
		{Key: "homepage", Name: "个人主页", NameEn: "Home page", Kind: "link"},
	}
	for i := range fields {
		fields[i].Collection, fields[i].Class, fields[i].Order = schemas.Talents, schemas.K2, (i+1)*10
	}
	return fields
}

var needs = []string{"希望协助落实实验场地", "子女入学", "希望对接本地企业中试条件", "配偶就业", "科研项目配套资金", "暂无", "希望加快职称评审", "解决往返交通"}

// attributes are values of all the fields.
func (c *city) attributes(id string, ch *chance) map[string]any {
	return map[string]any{
		"days-here":  json.Number(strconv.Itoa(ch.zipf(200))),
		"last-visit": string(c.cal.date(c.last - day(ch.n(700)))),
		"housing":    weighed(ch, []share{{"none", 60}, {"allowance", 22}, {"apartment", 12}, {"purchase", 6}}),
		"settled":    ch.of(30),
		"needs":      pick(ch, needs),
		"homepage":   "https://talents.example.org/" + id,
	}
}
