package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Grams returns the distinct pairs of neighbouring characters of s, folded as Clean does and in lower case, in order of appearance.
// Only letters and digits count: spaces and punctuation end a run, a middle dot does not, and a run of one character yields that character.
func Grams(s string) []string {
	folded := fold(s)
	pairs := newSet(len(folded) / 2)
	start, previous, length := 0, 0, 0 // byte offsets of the run and of its last rune, and its runes
	for i, r := range folded {
		if !isWordRune(r) {
			if length == 1 {
				pairs.add(folded[start:i])
			}
			length = 0
			continue
		}
		if length == 0 {
			start = i
		} else {
			pairs.add(folded[previous : i+utf8.RuneLen(r)])
		}
		previous = i
		length++
	}
	if length == 1 {
		pairs.add(folded[start:])
	}
	return pairs.list
}

// Unigrams returns the distinct letters and digits of s, folded as in Grams, in order of appearance; it is for names, which one character may find.
func Unigrams(s string) []string {
	folded := fold(s)
	letters := newSet(len(folded) / 2)
	for i, r := range folded {
		if isWordRune(r) {
			letters.add(folded[i : i+utf8.RuneLen(r)])
		}
	}
	return letters.list
}

// Whole reports whether the entire term stands contiguously in the text, folded as in Grams; an empty term stands nowhere.
func Whole(text, term string) bool {
	folded := fold(term)
	return folded != "" && strings.Contains(fold(text), folded)
}

// A set keeps distinct strings in order of arrival. Most sets are small, and are looked through.
type set struct {
	list []string
	seen map[string]struct{} // once the list is longer than looked
}

const looked = 24

func newSet(size int) *set { return &set{list: make([]string, 0, size)} }

func (s *set) add(value string) {
	if s.seen == nil {
		if slices.Contains(s.list, value) {
			return
		}
		if len(s.list) == looked {
			s.seen = make(map[string]struct{}, cap(s.list))
			for _, known := range s.list {
				s.seen[known] = struct{}{}
			}
		}
	} else if _, ok := s.seen[value]; ok {
		return
	}
	if s.seen != nil {
		s.seen[value] = struct{}{}
	}
	s.list = append(s.list, value)
}
