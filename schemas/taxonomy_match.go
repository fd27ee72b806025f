package schemas

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Match returns the code that a written text means: a term's id, name, English
// name or alias, whatever its spaces, width, case and brackets; or else the one
// term whose spellings stand inside the text, as 教授 in 二级教授. Where two terms
// could be meant, ok is false and a person decides. For many texts use Matcher.
func (t *Taxonomy) Match(s string) (code string, ok bool) { return t.Matcher().Match(s) }

// Matcher finds the codes of written texts. It is a snapshot of its list and
// safe for use by many goroutines.
type Matcher struct {
	ids     map[string]bool
	codes   map[string]string // folded spelling → code, "" where two codes share it
	inside  []spelling        // those that may stand inside a text, longest first
	parents map[string]string
	turns   []string
}

type spelling struct {
	runes []rune
	code  string
}

// turns are the words that, left over beside a spelling, may turn its meaning:
// 副总工程师 is no 工程师, 未同意 is not 同意, 博士在读 is no 博士 yet.
var turns = []string{
	"未", "非", "无", "不", "没", "拟", "待", "副", "总", "原", "前", "高级", "首席", "特级", "主任", "助理",
	"见习", "实习", "兼职", "客座", "名誉", "荣誉", "候选", "成员", "对象", "在读", "在评", "在办", "肄业", "结业", "辍学",
}

// branches turn the name of an institution: what stands below it under a name of
// its own is another body.
var branches = []string{"研究所", "研究院", "分院", "分校", "医院", "附属", "大学", "原"}

// wholeOnly are spellings that are also a part of other names: 大学 means 大学本科
// when it fills the cell, and nothing inside 吉林大学; 院士 nothing inside 院士工作站.
var wholeOnly = []string{"大学", "院士", "国家级", "省级", "市级"}

// Matcher returns the matcher of the list as it is now. A retired term leads to
// the term that replaced it, or else is not found.
func (t *Taxonomy) Matcher() *Matcher {
	m := newMatcher(turns)
	for i := range t.Terms {
		term := &t.Terms[i]
		m.parents[term.ID] = term.Parent
		if code := t.current(term); code != "" {
			if code == term.ID {
				m.ids[code] = true
			}
			m.add(code, append([]string{term.ID, term.Name, term.NameEn}, term.Aliases...))
		}
	}
	return m.ready()
}

// InstitutionMatcher returns the matcher of a list of institutions; its codes
// are their ids. A department means its institution, 吉林大学化学学院 吉林大学.
func InstitutionMatcher(list []Institution) *Matcher {
	m := newMatcher(branches)
	for i := range list {
		in := &list[i]
		m.parents[in.ID] = in.Parent
		m.ids[in.ID] = true
		m.add(in.ID, append([]string{in.Name, in.NameEn}, in.Aliases...))
	}
	return m.ready()
}

func (t *Taxonomy) current(term *Term) string {
	for range t.Terms {
		if !term.Retired {
			return term.ID
		}
		if term = t.Term(term.ReplacedBy); term == nil {
			return ""
		}
	}
	return ""
}

func newMatcher(turns []string) *Matcher {
	return &Matcher{ids: map[string]bool{}, codes: map[string]string{}, parents: map[string]string{}, turns: turns}
}

func (m *Matcher) add(code string, spellings []string) {
	for _, s := range spellings {
		f := foldSpelling(s)
		if f == "" {
			continue
		}
		if other, taken := m.codes[f]; taken && other != code {
			m.codes[f] = ""
		} else {
			m.codes[f] = code
		}
	}
}

func (m *Matcher) ready() *Matcher {
	for f, code := range m.codes {
		r := []rune(f)
		// One sign, or a number, stands inside too many texts to mean anything.
		if len(r) > 1 && strings.ContainsFunc(f, unicode.IsLetter) && !slices.Contains(wholeOnly, f) {
			m.inside = append(m.inside, spelling{r, code})
		}
	}
	slices.SortFunc(m.inside, func(a, b spelling) int {
		return cmp.Or(len(b.runes)-len(a.runes), slices.Compare(a.runes, b.runes))
	})
	return m
}

// Match returns the code that the text means, as Taxonomy.Match does.
func (m *Matcher) Match(s string) (code string, ok bool) {
	if id := strings.TrimSpace(s); m.ids[id] {
		return id, true
	}
	f := foldSpelling(s)
	if code, known := m.codes[f]; known {
		return code, code != ""
	}
	codes, rest := m.within([]rune(f))
	for _, turn := range m.turns {
		if strings.Contains(rest, turn) {
			return "", false
		}
	}
	return m.deepest(codes)
}

// within returns the codes of the spellings that stand in the text, each sign
// given to the longest one only, and what is left of the text. An "" among the
// codes is a spelling that two terms share.
func (m *Matcher) within(text []rune) (codes []string, rest string) {
	taken := make([]bool, len(text))
	for i := 0; i < len(m.inside); {
		size := len(m.inside[i].runes)
		claimed := slices.Clone(taken)
		for ; i < len(m.inside) && len(m.inside[i].runes) == size; i++ {
			for at := 0; at+size <= len(text); at++ {
				if slices.Equal(text[at:at+size], m.inside[i].runes) && alone(text, at, at+size) &&
					!slices.Contains(taken[at:at+size], true) {
					codes = append(codes, m.inside[i].code)
					for j := at; j < at+size; j++ {
						claimed[j] = true
					}
				}
			}
		}
		taken = claimed
	}
	var b strings.Builder
	for i, r := range text {
		if !taken[i] {
			b.WriteRune(r)
		}
	}
	return codes, b.String()
}

// deepest returns the code of which all the others are ancestors: 基础化工（精细化工）
// means the child.
func (m *Matcher) deepest(codes []string) (string, bool) {
	for _, c := range codes {
		line := map[string]bool{}
		for p := c; p != "" && !line[p]; p = m.parents[p] {
			line[p] = true
		}
		if !slices.ContainsFunc(codes, func(o string) bool { return !line[o] }) {
			return c, true
		}
	}
	return "", false
}

// alone reports whether text[from:to] cuts no Latin word or number: MBA does not
// stand in EMBA.
func alone(text []rune, from, to int) bool {
	cut := func(a, b rune) bool { return latin(a) && latin(b) }
	return (from == 0 || !cut(text[from-1], text[from])) && (to == len(text) || !cut(text[to-1], text[to]))
}

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) }

// foldSpelling makes spellings comparable: half width, lower case, no brackets,
// quotes, dots or hyphens, one space between Latin words and none elsewhere,
// and one slash for every mark that parts a list.
func foldSpelling(s string) string {
	var out []rune
	space := false
	for _, r := range s {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		}
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case strings.ContainsRune("、,;/|+&", r):
			r = '/'
		case unicode.IsPunct(r), unicode.IsSymbol(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			continue
		}
		if space && len(out) > 0 && latin(out[len(out)-1]) && latin(r) {
			out = append(out, ' ')
		}
		space = false
		out = append(out, unicode.ToLower(r))
	}
	return string(out)
}
