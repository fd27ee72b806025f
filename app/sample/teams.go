package sample

import (
	"strconv"

	"qunxian/schemas"
)

// teamSize is how many talents a team has, its lead among them.
const teamSize = 5

// group makes team j. Its people are the talents of a stretch of the register,
// so that no two teams share a lead.
func (c *city) group(j int) Group {
	ch := newChance(c.o.Seed, ofTeam, j)
	mixed := newChance(c.o.Seed, ofTeam, -1-j/len(teamMix))
	r := *teamMix[shuffled(mixed, len(teamMix), j%len(teamMix))]
	members := c.members(j)
	lead := leadOf(members, r.stage == "counts")
	at := c.opened(min(0.9999, float64(members[len(members)-1].i+1)/float64(max(1, c.o.Talents))))
	c.place(&r, &lead, at.day(), ch)
	k := c.career(&r, at, lead.early, ch)

	owner := c.owner(ch)
	l := life{city: c, seat: &lead, career: k, ch: ch, owner: owner}
	l.seat.role = r
	l.employer = l.hires()
	l.agreements = c.agreements(&l.career, &r, l.employer.Name, ch)
	l.fillWords()

	g := Group{ID: ulid(at, ch), Stage: k.first, Fields: l.teamFields(at, members)}
	d := &drafts{city: c, ch: ch, actor: owner, since: at}
	k.record(d)
	l.sign(d)
	if engaged(r.track, r.stage) && r.end == stays {
		if ch.of(50) {
			id := ulid(c.last.during(0), ch)
			d.update(max(at.day(), c.last-day(ch.from(20, 120))), "登记团队成果", c.teamResult(&l, id))
		}
	}
	l.at = at
	l.plan(d)
	g.Steps = d.after([]Step{{
		At: at.time(), On: c.cal.date(k.created), Actor: owner, Action: schemas.ActCreate, Reason: l.reason(),
	}})
	return g
}

// members are the talents that team j draws on, at most teamSize.
func (c *city) members(j int) []seat {
	stride := max(1, c.o.Talents/max(1, c.o.Teams))
	first := j * stride % max(1, c.o.Talents)
	var out []seat
	for i := first; i < min(first+min(stride, teamSize), max(1, c.o.Talents)); i++ {
		out = append(out, c.seat(i))
	}
	return out
}

// leadOf is who leads: of a team that works here, one who does too, leading
// ones first; else one who is still on the way.
func leadOf(members []seat, works bool) seat {
	best, score := 0, -1
	for i := range members {
		r := &members[i].role
		n := 0
		if (engaged(r.track, r.stage) && r.end == stays) == works {
			n += 2
		}
		if r.leading {
			n++
		}
		if n > score {
			best, score = i, n
		}
	}
	return members[best]
}

// place gives a team the track of its lead, and a stage of that track.
func (c *city) place(r *role, lead *seat, registered day, ch *chance) {
	r.track, r.mode = lead.role.track, lead.role.mode
	if r.track == recruit && r.mode == "" {
		r.mode = flexible
	}
	if r.stage == "counts" {
		switch {
		case r.track == cultivate:
			r.stage = pick(ch, []string{"recognized", "cultivating", "cultivating", "assessed"})
		case r.mode == flexible && ch.of(75):
			r.stage = "signed"
		default:
			r.stage = "onboarded"
		}
	} else if r.track == cultivate {
		if r.stage != "evaluating" && r.stage != "publicized" {
			r.stage = "nominated"
		}
	}
	c.settle(r, registered)
}

var (
	leadingTeamTiers = []share{{"national", 10}, {"provincial", 38}, {"municipal", 52}}
	otherTeamTiers   = []share{{"excellent", 55}, {"growing", 45}}
	teamNames        = []string{"$s$m创新团队", "$s$m研发团队", "$s科技创新团队", "$s$M攻关团队"}
	memberRoles      = []string{"核心成员", "技术骨干", "核心成员", "青年骨干"}
)

const teamBio = "团队依托$e组建，由$o$x领衔，现有成员$n人，主要从事$s$m与$M研究。团队围绕$r产业需求，开展$s关键技术攻关和成果转化，$g。"

func (l *life) teamFields(at clock, members []seat) schemas.TeamFields {
	ch, w := l.ch, &l.words
	f := schemas.TeamFields{
		Name: w.say(pick(ch, teamNames)), Lead: schemas.Lead{Talent: l.id, Name: l.name}, Host: l.employer,
		Region: l.region, Unit: places[l.region].unit, Owner: l.owner,
		Track: l.role.track, Mode: l.role.mode, Origin: "external", Tier: weighed(ch, otherTeamTiers),
		Industry: l.topic.industry, Sector: l.topic.sector, Directions: l.topic.directions[:1], Specialties: l.specialties(),
		Source: pick(ch, sources), Tags: []string{Tag},
	}
	if l.role.leading {
		f.Tier = weighed(ch, leadingTeamTiers)
	}
	if l.role.track == recruit {
		f.Channel = weighed(ch, recruitChannels)
	} else {
		f.Origin = "local"
	}
	if l.topic.sub != "" {
		f.IndustryMore = []string{l.topic.sub}
	}
	n := 1
	for i := range members {
		role := "带头人"
		if members[i].id != l.id {
			role = memberRoles[n%len(memberRoles)]
			n++
		}
		f.Members = append(f.Members, schemas.Member{
			ID: ulid(at+clock(i), ch), Talent: members[i].id, Name: members[i].name, Role: role, From: l.cal.date(l.created),
		})
	}
	w.count(ch)
	w['n'], w['x'] = strconv.Itoa(len(members)+ch.n(8)), w['t']
	f.Bio = w.say(teamBio)
	f.Achievements = l.achievements(w, l.topic, at, ch.from(1, 4), ch)
	if engaged(l.role.track, l.first) && len(l.agreements) > 0 {
		f.Agreements = []schemas.Agreement{l.agreements[0].Agreement}
	}
	return f
}

// teamResult are the leaves of a new achievement.
func (c *city) teamResult(l *life, id string) schemas.Leaves {
	a := c.achievement(&l.words, l.topic, c.last.during(0), l.ch)
	at := "achievements/" + id + "/"
	return schemas.Leaves{
		at + "kind": a.Kind, at + "title": a.Title, at + "role": a.Role, at + "level": a.Level, at + "year": number(c.cal.year(c.last)),
	}
}
