package sample

import (
	"slices"
	"strconv"

	"qunxian/schemas"
)

// career is how a talent or team came to its stage.
type career struct {
	created day    // effective
	first   string // stage
	moves   []stageMove
	engaged day // when the work with the city began; 0 if it did not
	ended   day // when the person left or the agreement ended; 0 if neither
}

type stageMove struct {
	on    day
	stage string
}

// career draws the way of a role that was registered at an instant.
func (c *city) career(r *role, registered clock, early bool, ch *chance) career {
	from := registered.day()
	out := career{created: from}
	switch {
	case early:
		out.created -= day(ch.from(20, 260))
	case ch.of(10):
		out.created -= day(ch.from(14, 50))
	}
	path, goal := pathOf(r.track), r.stage
	aside := goal == "paused" || goal == "declined"
	if aside {
		goal = path[1+ch.n(2)]
	}
	target := slices.Index(path, goal)
	until := c.last - 2
	if r.end != stays {
		out.ended, _ = c.endOf(from)
		until = out.ended - 45
	}
	room := int(until - from)
	begin := 0
	switch {
	case room < 40, early && ch.of(70):
		begin = target
	case early, ch.of(35):
		begin = max(0, target-ch.from(1, 2))
	}
	out.first = path[begin]
	var stages []string
	for i := begin + 1; i <= target; i++ {
		judged := path[i] == "evaluating" || path[i] == "publicized"
		if i == target || !judged && ch.of(75) || judged && (r.mode != flexible && ch.of(80) || ch.of(25)) {
			stages = append(stages, path[i])
		}
	}
	// Those who are engaged came within months; the others are still on their
	// way, and their last move is not long ago.
	total := len(stages) * ch.from(14, 45)
	if !engaged(r.track, goal) {
		total = room * ch.from(45, 97) / 100
	}
	total = min(total, room*9/10)
	on := from
	for i, stage := range stages {
		on = max(on+1, (from + day(total*(i+1)/len(stages)-ch.n(5))).workday())
		out.moves = append(out.moves, stageMove{on, stage})
	}
	out.engagement(r.track)
	switch {
	case aside:
		on = min(on+day(ch.from(10, 60)), c.last)
		out.moves = append(out.moves, stageMove{on, r.stage})
	case r.end == leaves:
		out.moves = append(out.moves, stageMove{out.ended, "left"})
	}
	return out
}

// engagement notes the day of the first stage at which one works with the city.
func (k *career) engagement(track string) {
	if engaged(track, k.first) {
		k.engaged = k.created
		return
	}
	for _, m := range k.moves {
		if engaged(track, m.stage) {
			k.engaged = m.on
			return
		}
	}
}

// agreement is one agreement and the day on which it was signed.
type agreement struct {
	signed day
	schemas.Agreement
}

// agreements are those of a career, the later ones renewals: in force on the
// last day, unless the career ended.
func (c *city) agreements(k *career, r *role, employer string, ch *chance) []agreement {
	if k.engaged == 0 || r.track == cultivate && ch.of(65) {
		return nil
	}
	var out []agreement
	signed := k.engaged
	for {
		end := signed + day(365*ch.from(1, 3)) - 1
		if r.mode == fulltime {
			end = signed + 365*5 - 1
		}
		switch soon := ch.of(14); {
		case r.end == expires:
			end = k.ended
		case r.end == leaves:
			end = max(end, k.ended+30)
		case soon && signed < c.last-90:
			end = c.last + day(ch.from(12, 85))
		case end > c.last && end < c.last+8:
			end += 30
		}
		a := schemas.Agreement{
			ID: ulid(signed.during(0.2), ch), Employer: employer, Consent: pick(ch, consents),
			Number: "示例协〔" + strconv.Itoa(c.cal.year(signed)) + "〕" + strconv.Itoa(ch.from(1, 180)) + "号",
			Signed: c.cal.date(signed), From: c.cal.date(signed), To: c.cal.date(end),
		}
		if r.mode == flexible {
			a.Days = ch.from(2, 12) * 5
		}
		if len(out) > 0 {
			a.From = c.cal.date(day(dayOf(out[len(out)-1].To)) + 1)
			a.Consent = "agreed"
		}
		if r.track == cultivate {
			a.Consent = "not-needed"
		}
		out = append(out, agreement{signed, a})
		if end > c.last || r.end != stays {
			return out
		}
		// The next one is signed shortly before, and runs without a gap.
		signed = max(signed+1, (end - day(ch.from(3, 20))).workday())
	}
}

var consents = []string{"agreed", "agreed", "agreed", "not-asked", "not-needed"}

// leaves are the leaves of an agreement.
func (a *agreement) leaves() schemas.Leaves {
	at := "agreements/" + a.ID + "/"
	l := schemas.Leaves{
		at + "employer": a.Employer, at + "number": a.Number, at + "signed": string(a.Signed),
		at + "from": string(a.From), at + "to": string(a.To), at + "consent": a.Consent,
	}
	if a.Days > 0 {
		l[at+"days"] = number(a.Days)
	}
	return l
}

// moveReasons are what officers write.
var moveReasons = map[string][]string{
	"contacted":   {"电话联系，本人有合作意向", "随市领导赴长春走访，与本人见面", "企业引荐，已互换资料", "在引才活动上对接"},
	"negotiating": {"围绕合作内容和待遇进一步商谈", "专家来平考察企业，双方商谈合作方式", "企业提出技术需求清单，专家答复可承接"},
	"evaluating":  {"提交专家评审", "材料审核通过，进入评审"},
	"publicized":  {"评审通过，面向社会公示", "市人才工作领导小组同意，予以公示（示例）"},
	"signed":      {"签订合作协议", "与用人单位签订柔性引才协议", "三方协议签署完毕"},
	"onboarded":   {"到企业报到，开始工作", "正式到岗，已办理入职手续", "首次到企业开展技术服务"},
	"recognized":  {"公示无异议，予以认定", "印发认定文件（示例）"},
	"cultivating": {"列入年度培育计划，明确导师和培养目标", "签订培育任务书"},
	"assessed":    {"年度考核合格", "中期考核完成，等次良好"},
	"left":        {"合作期满，不再续签", "调往外地工作", "因个人原因离岗，已办理交接"},
	"paused":      {"企业项目调整，暂缓推进", "本人承担单位重点任务，年内暂不能来平"},
	"declined":    {"本人婉拒，表示可作为咨询专家", "待遇条件未达成一致"},
}

// record drafts the moves of a career.
func (k *career) record(d *drafts) {
	for _, m := range k.moves {
		d.move(m.on, m.stage, pick(d.ch, moveReasons[m.stage]), d.judged(m))
	}
}

// judged are the details of a move to 评审中 or 公示中.
func (d *drafts) judged(m stageMove) map[string]string {
	year, n := strconv.Itoa(d.city.cal.year(m.on)), strconv.Itoa(d.ch.from(1, 40))
	on := string(d.city.cal.date(m.on))
	switch m.stage {
	case "evaluating":
		return map[string]string{"date": on, "docNo": "示例科评〔" + year + "〕" + n + "号", "conclusion": pick(d.ch, []string{"专家组同意推荐", "评审得分符合要求，同意"})}
	case "publicized":
		return map[string]string{"date": on, "docNo": "示例科公示〔" + year + "〕" + n + "号", "conclusion": "公示期5个工作日，未收到异议"}
	}
	return nil
}
