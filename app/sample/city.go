package sample

import "qunxian/schemas"

// city is what the records of one set of options share; it does not grow with
// their number.
type city struct {
	o            Options
	cal          *calendar
	start, last  day // of the register; last is the last day on which anything is recorded
	leave1       day // when many agreements end, and the count falls
	leave2       day
	workdays     int
	topicShares  []share
	topicsByCode map[string]int
}

func newCity(o Options) *city {
	if o.Months == 0 {
		o.Months = 24
	}
	today := dayOf(o.Today)
	c := &city{o: o, last: (today - 1).workday(), topicsByCode: map[string]int{}}
	c.start = dayOf(schemas.DateOf(o.Today.Time().AddDate(0, -o.Months, 0))).monday()
	c.workdays = max(4, int(c.last.monday()-c.start)/7*5)
	c.leave1 = (c.start + day(float64(today-c.start)*0.55)).monthEnd()
	c.leave2 = (c.start + day(float64(today-c.start)*0.86)).monthEnd()
	c.cal = newCalendar(c.start-800, today+2600)
	for i := range topics {
		name := topics[i].industry + "/" + topics[i].sub
		c.topicShares = append(c.topicShares, share{name, topics[i].weight})
		c.topicsByCode[name] = i
	}
	return c
}

// backlog is the part of the records that was registered on the first days,
// from the lists kept until then.
const backlog = 0.2

// opened is when the record at a part of the way, from 0 to 1, is registered. It
// rises with part.
func (c *city) opened(part float64) clock {
	days := part / backlog * 3
	if part >= backlog {
		days = 3 + (part-backlog)/(1-backlog)*float64(c.workdays-3)
	}
	n := int(days)
	return (c.start + day(n/5*7+n%5)).during(days - float64(n))
}

// owner is one of those who own records, or "".
func (c *city) owner(ch *chance) string {
	if len(c.o.Owners) == 0 {
		return ""
	}
	return pick(ch, c.o.Owners)
}

// seat is what others must know of a talent without making the whole of it.
type seat struct {
	identity
	i      int
	id     string
	at     clock
	role   role
	topic  *topic
	hirer  int // the firm; -1 where no firm of the city employs the person
	region string
	works  workplace // before, and of those of the city that no firm employs
	host   workplace // of the city, where no firm is
	rank   int       // 0 正高, 1 副高, 2 中级
	early  bool
}

// seat draws the seat of talent i.
func (c *city) seat(i int) seat {
	s := c.seatAlone(i)
	switch i % 100 {
	case 57: // registered before, by another unit: a suspected duplicate
		first := c.seatAlone(i - 20)
		s.identity, s.topic, s.works, s.rank = first.identity, first.topic, respelt(first.works, first.topic.industry), first.rank
	case 77: // somebody else of the same name
		s.name = c.seatAlone(i - 30).name
	}
	return s
}

func (c *city) seatAlone(i int) seat {
	ch := newChance(c.o.Seed, ofSeat, i)
	s := seat{i: i, hirer: -1}
	part := (float64(i) + 0.8*ch.unit()) / float64(max(c.o.Talents, i+1))
	s.at, s.early = c.opened(part), part < backlog
	s.id = ulid(s.at, ch)
	mixed := newChance(c.o.Seed, ofBlock, i/len(talentMix))
	s.role = *talentMix[shuffled(mixed, len(talentMix), i%len(talentMix))]
	c.settle(&s.role, s.at.day())

	t := c.topicsByCode[weighed(ch, c.topicShares)]
	s.topic = &topics[t]
	if ch.of(78) {
		s.hirer = c.firmOf(ch, t)
	}
	s.host = pick(ch, local[s.topic.industry])
	s.region = s.host.region
	if s.hirer >= 0 {
		s.region = c.firmSeat(s.hirer).region
	}
	born := c.cal.year(c.last) - ch.from(34, 60)
	if !s.role.leading {
		born = c.cal.year(c.last) - ch.from(28, 52)
	}
	s.identity = newIdentity(ch, born, s.role.track == recruit)
	s.rank = max(ch.n(3), ch.n(2))
	if s.role.leading {
		s.rank = min(ch.n(2), ch.n(2))
	}
	switch {
	case s.role.track == cultivate:
		s.works = s.host
	case s.nationality != home:
		s.works = workplace{kind: "university", written: overseas}
	default:
		s.works = pick(ch, distant[s.topic.industry])
	}
	return s
}

// respelt is another spelling of a workplace, where there is one.
func respelt(w workplace, industry string) workplace {
	for _, other := range distant[industry] {
		if w.id != "" && other.id == w.id && other.written != w.written {
			return other
		}
	}
	return w
}

// settle makes a role one that there is time for.
func (c *city) settle(r *role, registered day) {
	if r.end == stays {
		return
	}
	if _, ok := c.endOf(registered); !ok {
		r.end = stays
		r.stage = map[string]string{recruit: "negotiating", cultivate: "evaluating", "": "negotiating"}[r.track]
	}
}

// endOf is when those who do not stay, and were registered on a day, end: with
// the others, at the end of a month.
func (c *city) endOf(registered day) (day, bool) {
	switch {
	case registered < c.leave1-180:
		return c.leave1, true
	case registered < c.leave2-150:
		return c.leave2, c.leave2 < c.last
	}
	return 0, false
}
