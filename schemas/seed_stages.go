package schemas

import "slices"

// recruitStages is the path of a talent or team that is recruited. A flexible
// one counts from 已签约 on by the counting rule, not by a mark of the stage.
func recruitStages() Taxonomy {
	path := []Term{
		term("identified", "线索", "Identified", "线索储备", "意向线索"),
		term("contacted", "已接洽", "Contacted", "接洽", "接洽中", "已联系"),
		term("negotiating", "洽谈中", "Negotiating", "洽谈", "正在洽谈"),
		term("evaluating", "评审中", "Evaluating", "评审", "评价中"),
		term("publicized", "公示中", "On public notice", "公示"),
		term("signed", "已签约", "Signed", "签约", "已签协议", "已签合同"),
		term("onboarded", "已到岗", "Onboarded", "到岗", "在岗", "已入职", "入职"),
		term("left", "已离岗", "Left", "离岗", "离职", "已离职", "离开"),
	}
	paused := term("paused", "暂缓", "Paused", "暂停", "搁置", "暂缓引进")
	declined := term("declined", "婉拒", "Declined", "已婉拒", "谢绝", "放弃", "不考虑")
	paused.Aside, declined.Aside = true, true

	stages(path, dated, "evaluating", "publicized")
	stages(path, counted, "onboarded")
	forward(path)
	for i := range path {
		if path[i].ID == "left" {
			path[i].Next = []string{"contacted"}
			continue
		}
		path[i].Next = append(path[i].Next, paused.ID)
		paused.Next = append(paused.Next, path[i].ID)
		if path[i].ID != "onboarded" {
			path[i].Next = append(path[i].Next, declined.ID)
		}
	}
	// Somebody may leave or decline while the matter rests.
	paused.Next = append(paused.Next, "left", declined.ID)
	declined.Next = []string{"contacted"}
	return taxonomy(TaxStageRecruit, "引进阶段", "Recruitment stage", shipped, path, []Term{paused, declined})
}

// cultivateStages is the path of a local talent or team that is cultivated.
func cultivateStages() Taxonomy {
	path := []Term{
		term("nominated", "推荐", "Nominated", "已推荐", "推荐中", "申报"),
		term("evaluating", "评审中", "Evaluating", "评审", "评价中"),
		term("publicized", "公示中", "On public notice", "公示"),
		term("recognized", "已认定", "Recognized", "认定", "入选", "已入选"),
		term("cultivating", "培育中", "Cultivating", "培育", "培养中", "在培"),
		term("assessed", "已考核", "Assessed", "考核", "考核合格"),
		term("left", "已退出", "Left", "退出", "已离开", "离开"),
	}
	stages(path, dated, "evaluating", "publicized")
	stages(path, counted, "recognized", "cultivating", "assessed")
	forward(path)
	path[len(path)-1].Next = []string{"nominated"}
	return taxonomy(TaxStageCultivate, "培育阶段", "Cultivation stage", shipped, path)
}

// forward lets each stage go to every later one: officers record late.
func forward(path []Term) {
	for i := range path {
		for _, later := range path[i+1:] {
			path[i].Next = append(path[i].Next, later.ID)
		}
	}
}

// stages sets something of the named stages of a path.
func stages(path []Term, set func(*Term), codes ...string) {
	for i := range path {
		if slices.Contains(codes, path[i].ID) {
			set(&path[i])
		}
	}
}

func dated(t *Term) { t.Dated = true }

func counted(t *Term) { t.Counts = true }
