package sample

import (
	"strconv"
	"strings"

	"qunxian/schemas"
)

// firmSeat is what others must know of a firm.
type firmSeat struct {
	id, name, region string
	at               clock
	topic            *topic
}

// firmOf draws a firm of a topic, or -1.
func (c *city) firmOf(ch *chance, topic int) int {
	n := (c.o.Enterprises - topic + len(topics) - 1) / len(topics)
	if n <= 0 {
		return -1
	}
	return topic + len(topics)*ch.n(n)
}

// firmWords stand between 示例 and what a firm does.
var firmWords = []string{"恒源", "北辰", "松辽", "瑞丰", "华盛", "金穗", "远航", "同兴", "鼎新", "泰和", "长青", "嘉禾", "博远", "宏图", "星火", "安达"}

func (c *city) firmSeat(k int) firmSeat {
	ch := newChance(c.o.Seed, ofFirm, k)
	t := &topics[k%len(topics)]
	s := firmSeat{topic: t, region: pick(ch, t.regions)}
	// Firms are registered in the first month, before those who work with them.
	s.at = (c.start + day(k*3/max(c.o.Enterprises, k+1))).during(float64(k%500) / 500)
	s.id = ulid(s.at, ch)
	s.name = "示例" + firmWords[(k*7+k/len(topics))%len(firmWords)] + t.firms[k/len(topics)%len(t.firms)]
	if k >= len(topics)*len(firmWords) {
		s.name += strconv.Itoa(k) + "号"
	}
	s.name += "有限公司"
	return s
}

func (c *city) firm(k int) Firm {
	s := c.firmSeat(k)
	ch := newChance(c.o.Seed, ofFirmBody, k)
	people := 12 + ch.zipf(900)
	owner := c.owner(ch)
	f := schemas.EnterpriseFields{
		Name: s.name, CreditCode: creditCode(k), Region: s.region, Unit: places[s.region].unit,
		Industry: s.topic.industry, Sector: s.topic.sector, NationalCode: s.topic.national,
		People: people, Researchers: max(2, people*ch.from(6, 24)/100), Turnover: float64(people * ch.from(28, 140)),
		Products: "主要产品与业务：" + s.topic.lines[0].subject + "、" + s.topic.lines[1].subject + "、" + s.topic.lines[2].subject + "。",
		Contacts: []schemas.Contact{{ID: ulid(s.at, ch), Kind: "mobile", Value: phone(ch)}},
		Tags:     []string{Tag},
		Notes:    "示例企业，名称、代码、联系方式均为虚构。",
	}
	created := s.at.day() - day(ch.from(0, 300))
	f.Qualifications = []schemas.Qualification{c.qualification(ch, s.at, "tech-sme", created, 3*365)}
	if ch.of(30) {
		f.Qualifications = append(f.Qualifications, c.qualification(ch, s.at, "high-tech", created, 3*365))
	}
	r := Firm{ID: s.id, Fields: f, Steps: []Step{{
		At: s.at.time(), On: c.cal.date(created), Actor: owner, Action: schemas.ActCreate, Reason: "由原企业台账导入",
	}}}
	steps := drafts{city: c, ch: ch, actor: owner}
	// Qualifications come over the two years, each on a day of its own.
	for _, q := range []struct {
		kind   string
		chance int
	}{{"high-tech", 34}, {"specialised", 24}, {"small-giant", 20}, {"innovation-leader", 14}} {
		if !ch.of(q.chance) || q.kind == "high-tech" && len(f.Qualifications) > 1 {
			continue
		}
		on := s.at.day() + 10 + day(ch.n(max(1, int(c.last-s.at.day())-10)))
		id, item := ulid(on.during(0), ch), c.qualification(ch, on.during(0), q.kind, on, 3*365)
		steps.update(on, "资质认定公告（示例）", schemas.Leaves{
			"qualifications/" + id + "/kind": item.Kind, "qualifications/" + id + "/number": item.Number,
			"qualifications/" + id + "/from": string(item.From), "qualifications/" + id + "/to": string(item.To),
		})
	}
	if ch.of(60) {
		steps.update(s.at.day()+day(ch.n(max(1, int(c.last-s.at.day())))), "年度走访更新", schemas.Leaves{
			"people": number(people + ch.n(30)), "turnover": number(int(f.Turnover) * ch.from(95, 125) / 100),
		})
	}
	r.Steps = steps.after(r.Steps)
	return r
}

func (c *city) qualification(ch *chance, at clock, kind string, from day, days int) schemas.Qualification {
	return schemas.Qualification{
		ID: ulid(at, ch), Kind: kind, Number: "示例-" + strconv.Itoa(c.cal.year(from)) + "-" + digits(ch, 5),
		From: c.cal.date(from), To: c.cal.date(from + day(days)),
	}
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode is a code of an office that does not exist, 999999, with the check
// character of GB 32100-2015.
func creditCode(k int) string {
	code := []byte("91999999MA0000000")
	for i := len(code) - 1; k > 0; i-- {
		code[i] = '0' + byte(k%10)
		k /= 10
	}
	sum, weight := 0, 1
	for _, b := range code {
		sum += strings.IndexByte(usccAlphabet, b) * weight
		weight = weight * 3 % 31
	}
	return string(append(code, usccAlphabet[(31-sum%31)%31]))
}

// phone is a mobile number of a range that is issued to nobody.
func phone(ch *chance) schemas.Secret { return schemas.Secret("1390000" + digits(ch, 4)) }

func digits(ch *chance, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(ch.n(10))
	}
	return string(b)
}
