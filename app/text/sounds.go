package text

import (
	"strings"
	"unicode/utf8"
)

// maxSound is the longest prefix of a sound that is kept as a search term, in letters.
const maxSound = 24

// PinyinTerms returns what may be typed to find a name by its sound: every prefix, up to 24 letters, of each reading written together (ouyangxiu), of its initials (oyx) and of the surname followed by initials (ouyangx), also from the given name or a later word on (xiu).
// For an alias it is called once per alias.
func PinyinTerms(name string) []string {
	return soundTerms(name, func(sound string) string { return sound })
}

// FuzzyTerms returns PinyinTerms as they sound to Fuzzy.
func FuzzyTerms(name string) []string { return soundTerms(name, Fuzzy) }

// Fuzzy returns a sound so that those commonly confused are equal: zh z, ch c, sh s, l n, ing in, eng en, ang an. Spaces and apostrophes go.
// It works letter by letter from the left, so the fuzzy form of a prefix is a prefix of the fuzzy form.
func Fuzzy(sound string) string {
	fuzzy := make([]byte, 0, len(sound))
	var last, before byte
	for i := range len(sound) {
		c := sound[i]
		if c == ' ' || c == '\'' {
			continue
		}
		switch {
		case c == 'h' && (last == 'z' || last == 'c' || last == 's'):
		case c == 'g' && last == 'n' && (before == 'a' || before == 'e' || before == 'i'):
			continue // last stays n, so that fan-gai, fang-ai and fang-gai are one
		case c == 'l':
			fuzzy = append(fuzzy, 'n')
		default:
			fuzzy = append(fuzzy, c)
		}
		before, last = last, c
	}
	return string(fuzzy)
}

// soundTerms returns the prefixes of every way to type the name, after the transformation of each.
func soundTerms(name string, transform func(string) string) []string {
	terms := newSet(64)
	for _, r := range parseName(name).readings() {
		for _, typed := range r.typed() {
			sound := transform(typed)
			for n := range min(len(sound), maxSound) {
				if n+1 == len(sound) || utf8.RuneStart(sound[n+1]) {
					terms.add(sound[:n+1])
				}
			}
		}
	}
	return terms.list
}

// typed returns the whole sounds that a reading may be typed as.
func (r reading) typed() []string {
	letters := make([]string, len(r.syllables))
	for i, s := range r.syllables {
		letters[i] = string([]rune(s)[0])
	}
	all := []string{strings.Join(r.syllables, ""), strings.Join(letters, "")}
	for i, start := range r.starts {
		if i == 0 {
			all = append(all, strings.Join(r.syllables[:start], "")+strings.Join(letters[start:], ""))
		}
		all = append(all, strings.Join(r.syllables[start:], ""), strings.Join(letters[start:], ""))
	}
	return all
}
