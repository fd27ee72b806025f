package sample

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// words fill the marks of phrases: $s is words['s'].
type words [128]string

// write appends a phrase with its marks filled. Where a word ends as the phrase
// goes on (…研究 + 研究), it is written once.
func (w *words) write(b []byte, phrase string) []byte {
	const doubled = len("研究")
	for {
		if n := len(b); n >= doubled && len(phrase) >= doubled && string(b[n-doubled:]) == phrase[:doubled] {
			phrase = phrase[doubled:]
		}
		i := strings.IndexByte(phrase, '$')
		if i < 0 {
			return append(b, phrase...)
		}
		b = append(b, phrase[:i]...)
		b = append(b, w[phrase[i+1]]...)
		phrase = phrase[i+2:]
	}
}

func (w *words) say(phrase string) string {
	var b [512]byte
	return string(w.write(b[:0], phrase))
}

// about draws the words of a topic.
func (w *words) about(t *topic, c *chance) {
	w['g'], w['j'] = pick(c, t.gains), pick(c, t.majors)
	k := c.zipf(len(t.lines))
	on, also := &t.lines[k], &t.lines[(k+c.n(2))%len(t.lines)]
	w['s'], w['p'], w['m'], w['M'] = on.subject, on.part, on.method, on.other
	w['S'], w['h'] = also.subject, also.other
}

// count draws the numbers of a sentence.
func (w *words) count(c *chance) {
	w['n'], w['N'] = strconv.Itoa(c.from(2, 9)), strconv.Itoa(c.from(3, 26))
}

var (
	bioOpenings = []string{
		"现任$o$d$q，$t，主要从事$s$m与$M研究。",
		"$t，$o$d$q。长期致力于$s的$m和$M。",
		"$o$q，$t，$j专业。研究方向为$s$m。",
		"毕业于$u$j专业，现为$o$q、$t，从事$s研究与应用$Y年。",
	}
	bioWork = []string{
		"先后主持和参加省部级科研项目$n项，重点开展$S$h研究。",
		"近年来围绕$S的关键技术开展攻关，在$m方面形成了较为系统的研究成果。",
		"主持省科技发展计划项目$n项，参加国家重点研发计划课题1项，承担企业委托项目$N项。",
		"针对企业生产中的难点问题，提出以$M为核心的技术路线，完成$p的设计与试验。",
		"研究工作注重面向生产一线，将$m应用于$s，解决了一批实际问题。",
		"带领课题组建立了$S$h试验平台，为开展后续研究和人才培养创造了条件。",
	}
	bioResults = []string{
		"相关技术应用后，$g。",
		"获授权发明专利$n件，制定地方标准1项，$g。",
		"研究成果实现转化应用，$g，取得了较好的经济效益和社会效益。",
		"获省级科学技术奖励1项，授权专利$N件，成果在$r推广应用。",
		"发表学术论文$N篇，授权发明专利$n件，培养研究生$n名。",
	}
	bioCity = []string{
		"与$e建立了稳定的技术合作关系，每年来平开展现场指导$n次以上。",
		"自参加引才活动以来，帮助$r企业解决技术难题$n项，培训技术人员$N人次。",
		"依托$e共建产学研合作基地，联合开展$s技术攻关，带动本地技术人员成长。",
		"担任$r产业技术顾问，参与编制相关产业技术路线图。",
		"计划结合$r产业基础，推动$S成果在本地中试和产业化。",
	}
	bioLocal = []string{
		"长期在$r一线工作，帮助企业和基地解决技术难题$n项，培训技术人员$N人次。",
		"牵头组织$s产学研合作，联合高校开展技术攻关，带动本地技术人员成长。",
		"参与编制$r相关产业发展规划，承担科技特派员工作$n年。",
		"立足岗位开展技术革新，推动$S成果在本地中试和产业化。",
	}
	bioFar = []string{
		"在$w村设立示范点，在$v镇开展$m试验，跟踪观测$n年。",
		"先后到$w、$v等乡镇开展调研和技术服务，收集一手数据$N组。",
		"试验材料和样品采自$w村、$v屯等地，建立了较为完整的档案。",
		"主持的$w试验基地被列为科普示范点，$v项目通过验收。",
	}
	bioMore = []string{
		"作风务实，善于协作，具有较强的组织协调能力。",
		"兼任有关学会专业委员会委员，多次参加行业标准审查。",
		"注重成果转化，愿意以柔性方式服务四平产业发展。",
		"在学科交叉方面也有积累，对$x也有涉猎。",
		"牵头组建了一支老中青结合的创新团队，骨干成员$n人。",
		"熟悉企业研发管理和科技项目组织，能够独立承担重大任务。",
	}
)

// bio is a short text about a person, as a register writes it; near is one of
// the city.
func (w *words) bio(c *chance, near bool) string {
	city := bioCity
	if near {
		city = bioLocal
	}
	b := make([]byte, 0, 1024)
	for _, of := range [][]string{bioOpenings, bioWork, bioResults, city} {
		w.count(c)
		b = w.write(b, pick(c, of))
	}
	if c.of(40) {
		b = w.write(b, pick(c, bioMore))
	}
	return string(b)
}

// longBio is a bio of 300 characters.
func (w *words) longBio(c *chance) string {
	const length = 300
	b := make([]byte, 0, 1536)
	b = w.write(b, pick(c, bioOpenings))
	b = w.write(b, pick(c, bioFar))
	for left := length - utf8.RuneCount(b); left > 0; {
		for _, of := range [][]string{bioWork, bioResults, bioCity, bioMore} {
			w.count(c)
			from := len(b)
			b = w.write(b, pick(c, of))
			if left -= utf8.RuneCount(b[from:]); left <= 0 {
				break
			}
		}
	}
	end := 0
	for range length - 1 {
		_, n := utf8.DecodeRune(b[end:])
		end += n
	}
	return string(append(b[:end], "。"...))
}

// The characters of made-up villages; each two are a name, and most are rare.
var villageRunes = []rune("永安太平大兴和福德仁义礼信昌盛宝龙凤凰山河湖海泉溪沟岭岗屯堡营台沙石金银铜铁玉珠东西南北中前后上左右新旧老小长短高低青黄红白紫松柏杨柳桃李杏梅榆桦梨枣瓜豆谷稻麦粱草花林森木水火土风云雷雨雪霜春夏秋冬日月星辰天地马牛羊鹿虎兔鸡鸭鹅雁鹤燕鹰鱼蛙")

// village draws a name of two characters, of some 14,000, few of them often.
func village(c *chance) string {
	n := len(villageRunes)
	k := c.zipf(n*n) * villageStep % (n * n)
	return string([]rune{villageRunes[k/n], villageRunes[k%n]})
}

// villageStep spreads the ranks over the pairs of characters; it shares no
// factor with their number.
const villageStep = 7919

// villageRank is how common a village is: 0 for the commonest.
func villageRank(name string) int {
	r := []rune(name)
	n := len(villageRunes)
	at := slices.Index(villageRunes, r[0])*n + slices.Index(villageRunes, r[1])
	for k := range n * n {
		if k*villageStep%(n*n) == at {
			return k
		}
	}
	return 0
}
