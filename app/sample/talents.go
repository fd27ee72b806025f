package sample

import (
	"strconv"

	"qunxian/schemas"
)

// life is a talent in the making.
type life struct {
	*city
	*seat
	career
	ch         *chance
	words      words
	employer   schemas.Employer
	agreements []agreement
	owner      string
}

func (c *city) person(i int) Person {
	s := c.seat(i)
	l := life{city: c, seat: &s, ch: newChance(c.o.Seed, ofBody, i)}
	l.owner = c.owner(l.ch)
	l.career = c.career(&s.role, s.at, s.early, l.ch)
	l.employer = l.hires()
	l.agreements = c.agreements(&l.career, &s.role, l.employer.Name, l.ch)
	l.fillWords()

	r := Person{ID: s.id, Stage: l.first, Fields: l.fields()}
	r.Steps = append(make([]Step, 0, 12), Step{
		At: s.at.time(), On: c.cal.date(l.created), Actor: l.owner, Action: schemas.ActCreate, Reason: l.reason(),
	})
	r.Steps = l.entries(&r.Fields).after(r.Steps)
	return r
}

func (l *life) reason() string {
	switch {
	case l.early:
		return "由原人才台账导入"
	case l.created < l.at.day()-10:
		return "县区补报，补录登记"
	}
	return "新登记"
}

// hires is the employer of the city.
func (l *life) hires() schemas.Employer {
	if l.hirer >= 0 {
		f := l.firmSeat(l.hirer)
		return schemas.Employer{Kind: "enterprise", ID: f.id, Name: f.name}
	}
	return schemas.Employer{Kind: "institution", ID: l.host.id, Name: l.host.written}
}

func (l *life) fillWords() {
	w := &l.words
	kind := l.works.kind
	w['o'] = l.works.written
	if l.role.track == cultivate && l.hirer >= 0 {
		kind, w['o'] = "enterprise", l.employer.Name
	}
	w['d'], w['q'] = l.department(kind), pick(l.ch, positions[kind])
	switch {
	case l.rank == 2:
		w['q'] = juniors[kind]
	case kind == "enterprise" && l.role.leading:
		w['d'], w['q'] = "", pick(l.ch, heads)
	}
	w['t'], w['e'], w['r'] = rankNames[kind][l.rank], l.employer.Name, places[l.region].name
	w['u'] = pick(l.ch, schools)
	w['Y'] = strconv.Itoa(max(3, l.cal.year(l.last)-l.born-26))
	w['x'] = pick(l.ch, pick(l.ch, topics).lines).subject
	w.about(l.topic, l.ch)
}

// department is the part of a workplace where the topic is at home.
func (l *life) department(kind string) string {
	switch kind {
	case "university":
		return l.topic.faculty
	case "institute":
		return l.topic.lab
	}
	if all := departments[kind]; len(all) > 0 {
		return pick(l.ch, all)
	}
	return ""
}

// schools are where people studied.
var schools = []string{"吉林大学", "吉林农业大学", "东北大学", "东北师范大学", "长春理工大学", "长春工业大学", "示例理工大学", "示例农业大学", "示例大学"}

var (
	recruitChannels = []share{
		{"siping-visits", 30}, {"enterprise", 18}, {"changping", 15}, {"local-universities", 9}, {"jinhua", 8}, {"department", 8}, {"recommended", 8}, {"self", 4},
	}
	leadingTiers     = []share{{"top", 2}, {"national", 16}, {"provincial", 36}, {"municipal", 46}}
	otherTiers       = []share{{"backbone", 58}, {"reserve", 42}}
	cooperationForms = []share{{"technical", 30}, {"advising", 26}, {"joint-project", 22}, {"part-time", 10}, {"own-project", 7}, {"technology-share", 3}, {"founding", 2}}
	extraTags        = []string{"重点跟进", "急需紧缺", "产学研合作", "海归", "科技特派员", "博士服务团"}
	sources          = []string{"企业推荐", "院士专家四平行活动名单", "县区上报", "省科技厅推荐", "高校科研处推荐", "本人自荐"}
	bases            = []string{"consent", "statutory", "public"}
)

// fields are the talent as first registered.
func (l *life) fields() schemas.TalentFields {
	ch, track := l.ch, l.role.track
	f := schemas.TalentFields{
		Name: l.name, Gender: l.gender, Ethnicity: l.ethnicity, Nationality: l.nationality,
		Affiliation: schemas.Affiliation{Organisation: l.words['o'], Department: l.words['d'], Position: l.words['q']},
		Employer:    l.employer, Region: l.region, Unit: places[l.region].unit, Owner: l.owner,
		Track: track, Mode: l.role.mode, Origin: "external",
		Industry: l.topic.industry, Sector: l.topic.sector, Specialties: l.specialties(),
		Rank: rankCodes[l.rank], RankWritten: l.words['t'],
		Lawful: schemas.Lawful{Basis: pick(ch, bases), Purpose: "科技人才引育工作（示例）"},
		Source: pick(ch, sources), Tags: []string{Tag},
	}
	if l.words['o'] == l.works.written {
		f.Affiliation.Institution = l.works.id
	}
	if l.topic.sub != "" {
		f.IndustryMore = []string{l.topic.sub}
	}
	f.Directions = l.topic.directions[:1+ch.n(min(2, len(l.topic.directions)))]
	f.Tier = l.tier()
	f.TalentTypes = l.types(f.Tier)
	f.BirthDate = l.birth()
	if track == recruit {
		f.Channel = weighed(ch, recruitChannels)
		if l.role.mode == flexible {
			f.Cooperation = []string{weighed(ch, cooperationForms)}
		}
	} else {
		f.Origin = "local"
	}
	if l.nationality == home && ch.of(40) {
		f.Politics = pick(ch, []string{"中共党员", "中共党员", "群众", "九三学社社员", "民盟盟员"})
	}
	if ch.of(40) {
		f.Tags = append(f.Tags, pick(ch, extraTags))
	}
	f.Contacts = l.contacts()
	f.Education = l.schooling()
	f.Titles = l.titles(f.Tier)
	f.Achievements = l.achievements(&l.words, l.topic, l.at, l.achievementCount(), ch)
	f.Bio = l.bio()
	if engaged(track, l.first) && len(l.agreements) > 0 {
		f.Agreements = []schemas.Agreement{l.agreements[0].Agreement}
	}
	if l.i > 0 && l.i%9 == 0 {
		f.Ties = []schemas.Tie{l.tie()}
	}
	if l.o.Bench {
		f.Attributes = l.attributes(l.id, ch)
	}
	return f
}

// tier is the tier at registration; half of those who are cultivated to a
// leading tier begin as 市级骨干.
func (l *life) tier() string {
	switch {
	case !l.role.leading:
		return weighed(l.ch, otherTiers)
	case l.rises():
		return "backbone"
	case l.role.track == cultivate:
		return "municipal"
	}
	return weighed(l.ch, leadingTiers)
}

func (l *life) rises() bool {
	return l.role.leading && l.role.track == cultivate && !engaged(cultivate, l.first) && l.engaged > 0
}

func (l *life) types(tier string) []string {
	switch tier {
	case "backbone":
		return []string{pick(l.ch, []string{"young-backbone", "technical-lead", "academic-lead"})}
	case "reserve":
		return []string{"reserve"}
	}
	if l.role.track == cultivate {
		return []string{"leading", "local"}
	}
	return []string{"leading", "external"}
}

// birth is the birth date as precisely as it is known.
func (l *life) birth() schemas.Secret {
	year := strconv.Itoa(l.born)
	switch k := l.ch.n(10); {
	case k < 3:
		return schemas.Secret(year)
	case k < 9:
		return schemas.Secret(year + "-" + twoDigits(l.ch.from(1, 12)))
	}
	return schemas.Secret(year + "-" + twoDigits(l.ch.from(1, 12)) + "-" + twoDigits(l.ch.from(1, 28)))
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

func (l *life) specialties() []string {
	k := l.ch.n(len(l.topic.lines))
	on, also := &l.topic.lines[k], &l.topic.lines[(k+1)%len(l.topic.lines)]
	return []string{on.subject + on.method, on.other, also.subject}[:2+l.ch.n(2)]
}

func (l *life) contacts() []schemas.Contact {
	out := []schemas.Contact{{ID: ulid(l.at, l.ch), Kind: "mobile", Value: phone(l.ch)}}
	if l.ch.of(40) {
		out = append(out, schemas.Contact{ID: ulid(l.at+1, l.ch), Kind: "email", Value: schemas.Secret("talent" + strconv.Itoa(l.i) + "@example.com")})
	}
	return out
}

func (l *life) schooling() []schemas.Schooling {
	level, written, age := "bachelor", "本科", 23
	switch k := l.ch.n(100); {
	case k < 62 && l.role.track == recruit, k < 26:
		level, written, age = "doctor", "博士研究生", 29
	case k < 80:
		level, written, age = "master", "硕士研究生", 26
	}
	yes := true
	return []schemas.Schooling{{
		ID: ulid(l.at, l.ch), Level: level, Degree: level + "-" + l.topic.discipline, AsWritten: written,
		School: l.words['u'], Major: l.words['j'], On: strconv.Itoa(l.born+age) + "-07", FullTime: &yes,
	}}
}

var titleNames = map[string][2]string{
	"top":        {"院士（示例）", "国家级"},
	"national":   {"国家级科技领军人才（示例）", "国家级"},
	"provincial": {"省级科技领军人才（示例）", "省级"},
	"municipal":  {"四平市科技领军人才（示例）", "市级"},
}

func (l *life) titles(tier string) []schemas.Title {
	name, ok := titleNames[tier]
	if !ok {
		return nil
	}
	year := l.cal.year(l.created) - l.ch.n(5)
	return []schemas.Title{{
		ID: ulid(l.at, l.ch), Name: name[0], Level: name[1], Batch: strconv.Itoa(year) + "年",
		DocNo: "示例人才〔" + strconv.Itoa(year) + "〕" + strconv.Itoa(l.ch.from(1, 30)) + "号", Authority: "示例主管部门",
	}}
}

// tie is somebody registered before, who could introduce us.
func (l *life) tie() schemas.Tie {
	other := l.city.seat(l.ch.n(l.i))
	return schemas.Tie{ID: ulid(l.at, l.ch), Kind: pick(l.ch, []string{"alumni", "supervisor", "coworker", "hometown"}), Talent: other.id, Name: other.name}
}

func (l *life) achievementCount() int {
	switch {
	case l.o.Bench:
		return 8
	case l.role.leading:
		return l.ch.from(3, 8)
	}
	return l.ch.from(0, 4)
}

func (l *life) bio() string {
	if l.o.Bench {
		villages, ok := l.villages(l.i)
		if !ok {
			return ""
		}
		l.words['w'], l.words['v'] = villages[0], villages[1]
		return l.words.longBio(l.ch)
	}
	if !l.role.leading && l.ch.of(30) {
		return ""
	}
	return l.words.bio(l.ch, l.role.track == cultivate)
}

// villages are the rare words of talent i's bio, if it has one.
func (c *city) villages(i int) (names [2]string, ok bool) {
	ch := newChance(c.o.Seed, ofRare, i)
	if !ch.of(50) {
		return names, false
	}
	return [2]string{village(ch), village(ch)}, true
}
