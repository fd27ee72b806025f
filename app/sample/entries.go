package sample

import (
	"strconv"

	"qunxian/schemas"
)

// benchEntries is how many entries a talent of the benchmarks has.
const benchEntries = 10

// entries drafts what was written about a talent after its registration.
func (l *life) entries(f *schemas.TalentFields) *drafts {
	d := &drafts{city: l.city, ch: l.ch, actor: l.owner, since: l.at, list: make([]Step, 0, 12)}
	l.career.record(d)
	l.sign(d)
	if l.rises() {
		d.update(l.engaged, "认定后调整人才层次", schemas.Leaves{"tier": "municipal", "talentTypes": list([]string{"leading", "local"})})
	}
	if l.o.Bench {
		for k := len(d.list); k < benchEntries-1; k++ {
			l.touch(d, f, k)
		}
		return d
	}
	l.serve(d)
	if l.engaged > 0 && l.role.leading && l.ch.of(55) {
		l.support(d)
	}
	l.plan(d)
	l.correct(d)
	return d
}

// sign drafts the agreements that the registration does not hold.
func (l *life) sign(d *drafts) {
	for i := range l.agreements {
		a := &l.agreements[i]
		switch {
		case i == 0 && engaged(l.role.track, l.first):
		case i == 0:
			d.update(a.signed, "补充协议信息", a.leaves())
		default:
			d.update(a.signed, "协议到期续签", a.leaves())
		}
	}
}

var serviceContents = []string{
	"现场诊断$s$m问题，提出改进方案", "开展$m技术培训，培训技术人员$N人", "参加$p方案评审，指导样机试验", "与企业技术人员共同完成$s性能测试",
	"指导企业编制$s研发项目申报材料", "到基地指导$m，并召开座谈会",
}

// serve drafts the services of those who work here flexibly.
func (l *life) serve(d *drafts) {
	if l.engaged == 0 || l.role.mode != flexible {
		return
	}
	until := l.last
	if l.ended > 0 {
		until = l.ended
	}
	begin := max(l.engaged, l.at.day()-60)
	for range l.ch.from(1, 3) {
		room := int(until-begin) - 20
		if room < 10 {
			return
		}
		from := begin + 10 + day(l.ch.n(room))
		days := l.ch.from(2, 8)
		l.words.about(l.topic, l.ch)
		l.words.count(l.ch)
		at := "services/" + ulid(from.during(0), l.ch) + "/"
		set := schemas.Leaves{
			at + "from": string(l.cal.date(from)), at + "to": string(l.cal.date(from + day(days-1))), at + "days": number(days),
			at + "enterprise": l.employer.Name, at + "content": l.words.say(pick(l.ch, serviceContents)), at + "evidence": "服务记录单（示例）",
		}
		if l.owner != "" && l.ch.of(70) {
			set[at+"verifiedBy"] = l.owner
		}
		d.update(from+day(days), "登记服务情况", set)
	}
}

// support drafts money given by the city.
func (l *life) support(d *drafts) {
	room := int(l.last - max(l.engaged, l.at.day()))
	if room < 40 {
		return
	}
	on := max(l.engaged, l.at.day()) + 20 + day(l.ch.n(room-20))
	if l.ended > 0 && on >= l.ended {
		return
	}
	year := l.cal.year(on)
	at := "supports/" + ulid(on.during(0), l.ch) + "/"
	d.update(on, "列入年度支持计划", schemas.Leaves{
		at + "project": "科技领军人才支撑计划（示例）", at + "money": number(l.ch.from(2, 10) * 5), at + "year": number(year),
		at + "docNo": "示例科发〔" + strconv.Itoa(year) + "〕" + strconv.Itoa(l.ch.from(1, 60)) + "号",
	})
}

var nextActions = map[string][]string{
	"identified":  {"电话联系，了解合作意向", "请企业提供技术需求后联系", "通过校友引荐见面"},
	"contacted":   {"邀请来平考察", "发送企业需求清单", "约定线上交流时间"},
	"negotiating": {"商定合作协议文本", "落实用人单位待遇方案", "陪同专家到企业走访"},
	"evaluating":  {"补齐评审材料", "跟踪评审结论"},
	"publicized":  {"公示期满后办理协议", "公示期满后印发认定文件"},
	"nominated":   {"核对申报材料", "组织现场考察"},
	"signed":      {"商定到岗时间", "落实本年度来平服务计划", "协议到期前商谈续签"},
	"onboarded":   {"年度走访慰问", "了解项目进展和困难", "协议到期前商谈续签"},
	"recognized":  {"确定培养导师", "签订培育任务书"},
	"cultivating": {"中期检查", "协助申报省级项目"},
	"assessed":    {"推荐申报更高层次", "通报考核结果"},
	"paused":      {"下季度再次联系"},
}

// plan drafts what the owner does next: some of it is overdue.
func (l *life) plan(d *drafts) {
	actions := nextActions[l.role.stage]
	moving := l.role.end == stays && !engaged(l.role.track, l.role.stage)
	if len(actions) == 0 || l.role.end != stays || !moving && l.ch.of(55) {
		return
	}
	room := int(l.last - l.at.day())
	on := l.last - day(l.ch.n(min(45, room+1)))
	d.update(on, "更新下一步工作", schemas.Leaves{
		"nextAction/what": pick(l.ch, actions), "nextAction/due": string(l.cal.date(max(on, l.last-14+day(l.ch.n(60))))),
	})
}

// correct drafts what a register has of errors: a move that was a mistake, and
// a record that is archived.
func (l *life) correct(d *drafts) {
	waits := l.role.track == recruit && (l.role.stage == "contacted" || l.role.stage == "negotiating")
	since := l.at.day()
	if n := len(l.moves); n > 0 {
		since = max(since, l.moves[n-1].on)
	}
	if waits && l.i%11 == 0 && since+12 < l.last {
		d.mistake((since + 9).workday(), "signed")
	}
	if l.role.stage == "declined" && l.i%2 == 0 {
		on := string(l.cal.date(l.last))
		d.add(Step{On: l.cal.date(l.last), Action: schemas.ActArchive, Reason: "长期无合作可能，归档", Set: schemas.Leaves{"archivedOn": on}}, l.last.during(0.95))
	}
}

var notes = []string{
	"电话回访，合作进展正常。", "企业反映技术支持到位，希望增加来平次数。", "已将本年度服务计划发给企业。",
	"本人近期出差，下月再联系。", "对接$r有关单位，建议联合申报项目。", "收到补充材料$n份，已归入个人档案。",
}

// touch drafts the k-th of the small updates that fill a history.
func (l *life) touch(d *drafts, f *schemas.TalentFields, k int) {
	room := int(l.last - l.at.day())
	on := l.at.day() + day(room*(2*k+1)/(2*benchEntries+2))
	switch k % 5 {
	case 0:
		l.words.count(l.ch)
		d.update(on, "联系记录", schemas.Leaves{"notes": l.words.say(pick(l.ch, notes))})
	case 1:
		d.update(on, "更新下一步工作", schemas.Leaves{
			"nextAction/what": pick(l.ch, nextActions["onboarded"]), "nextAction/due": string(l.cal.date(on + 10 + day(l.ch.n(60)))),
		})
	case 2:
		d.update(on, "走访更新", schemas.Leaves{"attributes/days-here": number(l.ch.zipf(200)), "attributes/last-visit": string(l.cal.date(on))})
	case 3:
		d.update(on, "职务变动", schemas.Leaves{"affiliation/position": pick(l.ch, positions[l.works.kind])})
	case 4:
		d.update(on, "补充专长", schemas.Leaves{"specialties": list(append(f.Specialties[:len(f.Specialties):len(f.Specialties)], l.words['M']))})
	}
}
