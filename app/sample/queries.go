package sample

import (
	"slices"
	"strings"

	"qunxian/app/text"
)

// CommonTerm stands in about 70 % of the talents of the benchmarks.
const CommonTerm = "关键"

// Filter is one set of conditions on talents. Zero parts ask nothing.
type Filter struct {
	Codes  []Code // at most four, of different fields
	Custom *Range
	Text   string
	Region string // the scope of one county
}

// Code is a code of a facet.
type Code struct{ Field, Code string }

// Range is a range of a custom number field, both ends included.
type Range struct {
	Key      string
	Min, Max float64
}

// Queries are what the benchmarks ask of the talents of the same options.
type Queries struct {
	Filters []Filter
	Rare    []string // two characters that few records have
	Common  []string // two characters that many have
	Four    []string // four terms of one record
	Pinyin  []string // prefixes of names, as typed
}

// commonTerms are ordered from everywhere to often.
var commonTerms = []string{"技术", "研究", "应用", CommonTerm, "试验", "示范", "设计", "推广", "企业", "换热"}

// AskOf draws n of each kind of query, always the same for the same options.
func AskOf(o Options, n int) Queries {
	c := newCity(o)
	ch := newChance(o.Seed, ofQuery, n)
	var q Queries
	for k := range n {
		i := ch.n(max(1, o.Talents))
		q.Filters = append(q.Filters, c.filter(ch, k, i))
		q.Rare = append(q.Rare, c.rare(ch))
		q.Common = append(q.Common, commonTerms[k%len(commonTerms)])
		q.Four = append(q.Four, c.four(i))
		q.Pinyin = append(q.Pinyin, pinyinPrefix(c.seat(i).name, ch))
	}
	return q
}

// filter draws 0 to 4 codes of talent i, so that the set is rarely empty, with
// a range, a term or a scope at times.
func (c *city) filter(ch *chance, k, i int) Filter {
	p := c.person(i)
	all := []Code{
		{"industry", p.Fields.Industry},
		{"tier", p.Fields.Tier},
		{"track", p.Fields.Track},
		{"mode", p.Fields.Mode},
		{"channel", p.Fields.Channel},
		{"origin", p.Fields.Origin},
		{"rank", p.Fields.Rank},
		{"directions", p.Fields.Directions[0]},
		{"education", p.Fields.Education[0].Level},
		{"gender", p.Fields.Gender},
		{"sector", p.Fields.Sector},
	}
	var f Filter
	for want := k % 5; want > 0 && len(all) > 0; {
		at := ch.n(len(all))
		if all[at].Code != "" {
			f.Codes = append(f.Codes, all[at])
			want--
		}
		all[at] = all[len(all)-1]
		all = all[:len(all)-1]
	}
	if ch.of(40) {
		from := float64(ch.n(60))
		f.Custom = &Range{"days-here", from, from + float64(ch.from(5, 120))}
	}
	if ch.of(50) {
		f.Text = CommonTerm
	}
	if ch.of(40) {
		f.Region = p.Fields.Region
	}
	return f
}

// rare draws a village that some bio names.
func (c *city) rare(ch *chance) string {
	best := "" // the last resort of a city without bios
	for range 64 {
		if names, ok := c.villages(ch.n(max(1, c.o.Talents))); ok {
			best = names[0]
			if k := villageRank(best); k > 2000 {
				break
			}
		}
	}
	return best
}

// four are four terms of talent i: what is studied, how, the major, and the
// end of a title.
func (c *city) four(i int) string {
	p := c.person(i)
	var terms []string
	for _, s := range []string{p.Fields.Specialties[0], p.Fields.Specialties[1], p.Fields.Education[0].Major} {
		r := []rune(s)
		if t := string(r[:min(2, len(r))]); !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	for _, a := range p.Fields.Achievements {
		r := []rune(a.Title)
		if t := string(r[len(r)-2:]); len(terms) < 4 && !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	return strings.Join(terms, " ")
}

// pinyinPrefix is the beginning of what is typed to find a name.
func pinyinPrefix(name string, ch *chance) string {
	var terms []string
	for _, t := range text.PinyinTerms(name) {
		if len(t) >= 3 && len(t) <= 7 {
			terms = append(terms, t)
		}
	}
	if len(terms) == 0 {
		return name
	}
	return pick(ch, terms)
}
