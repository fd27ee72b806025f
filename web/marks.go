package web

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// Tones are the six colours a mark may have; each stands for itself in both themes and never carries the meaning alone.
var Tones = []string{"slate", "blue", "teal", "amber", "red", "violet"}

// rankTones are the tones of an ordered list from the top: the highest talent tier, then the next.
var rankTones = []string{"amber", "violet", "blue", "teal"}

// RankTone is the tone of the n-th of an ordered list, 0 the highest; all after the fourth are slate.
func RankTone(n int) string {
	if n < 0 || n >= len(rankTones) {
		return "slate"
	}
	return rankTones[n]
}

// Mark is a short word with a tone: a badge, a status with its dot, or a pill with an icon.
type Mark struct {
	Frame
	Label, Tone, Icon, Href string
}

// Badge makes the component "badge": the tier of a record.
func (f Frame) Badge(label, tone string, options ...any) (Mark, error) {
	return f.mark(label, tone, options)
}

// Status makes the component "status": the stage of a record, a dot and its word.
func (f Frame) Status(label, tone string, options ...any) (Mark, error) {
	return f.mark(label, tone, options)
}

// Pill makes the component "pill": a judgement such as 落后计划 4 人, with an icon.
func (f Frame) Pill(label, tone string, options ...any) (Mark, error) {
	return f.mark(label, tone, options)
}

func (f Frame) mark(label, tone string, options []any) (Mark, error) {
	c := Mark{Frame: f, Label: label, Tone: tone}
	return c, fill(&c, options)
}

// Avatar is a person's name with a round mark before it and Sub (usually pinyin) below.
type Avatar struct {
	Frame
	Name, Sub, Href string
	Small, Bare     bool // Bare: the round mark alone
}

// Avatar makes the component "avatar".
func (f Frame) Avatar(name string, options ...any) (Avatar, error) {
	c := Avatar{Frame: f, Name: name}
	return c, fill(&c, options)
}

// Short is what stands in the round mark: the last two Han characters (of the first part of a name with ·), otherwise
// the initials of the first and last word.
func (a Avatar) Short() string {
	first, _, _ := strings.Cut(strings.TrimSpace(a.Name), "·")
	letters := []rune(strings.Join(strings.Fields(first), ""))
	if len(letters) == 0 {
		return "?"
	}
	if unicode.Is(unicode.Han, letters[len(letters)-1]) {
		return string(letters[max(0, len(letters)-2):])
	}
	words := strings.Fields(first)
	short := string([]rune(words[0])[:1])
	if len(words) > 1 {
		short += string([]rune(words[len(words)-1])[:1])
	}
	return strings.ToUpper(short)
}

// Tone is the tone of the mark, always the same for one name.
func (a Avatar) Tone() string {
	h := fnv.New32a()
	h.Write([]byte(a.Name))
	return Tones[h.Sum32()%uint32(len(Tones))]
}
