package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxQuery is the length of the longest search text, in characters.
const MaxQuery = 64

// ErrQuery is the error of a search text that is longer than MaxQuery or is BadText.
var ErrQuery = errors.New("text: search text is too long or broken")

// A Term is one word of a search text, in the forms in which it is looked up.
type Term struct {
	Text   string   // the word, clean and in lower case
	Grams  []string // its Grams, none if it is all punctuation, which finds nothing
	Pinyin bool     // whether it may be pinyin: Latin letters and apostrophes only
	Sound  string   // as PinyinTerms has it, at most 24 letters; empty if not Pinyin
	Fuzzy  string   // as FuzzyTerms has it, at most 24 letters; empty if not Pinyin
}

// ParseQuery splits a search text at spaces into its distinct terms; an empty text has none.
func ParseQuery(q string) ([]Term, error) {
	if BadText(q) || utf8.RuneCountInString(q) > MaxQuery {
		return nil, ErrQuery
	}
	words := newSet(4)
	for _, word := range strings.Fields(Clean(q)) {
		words.add(strings.ToLower(word))
	}
	var terms []Term
	for _, word := range words.list {
		t := Term{Text: word, Grams: Grams(word)}
		if sound := typedSound(word); sound != "" {
			t.Pinyin = true
			t.Sound = cut(sound, maxSound)
			t.Fuzzy = cut(Fuzzy(sound), maxSound)
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// JoinSounds returns terms in which neighbours that may be pinyin are one, as a name written by its syllables is (huang wen yuan); ok is false if there are none.
func JoinSounds(terms []Term) (joined []Term, ok bool) {
	for _, t := range terms {
		if n := len(joined); n > 0 && t.Pinyin && joined[n-1].Pinyin {
			word := joined[n-1].Text + t.Text
			sound := typedSound(word)
			joined[n-1] = Term{Text: word, Grams: Grams(word), Pinyin: true, Sound: cut(sound, maxSound), Fuzzy: cut(Fuzzy(sound), maxSound)}
			ok = true
			continue
		}
		joined = append(joined, t)
	}
	return joined, ok
}

// typedSound returns the plain letters of a word that may be pinyin (xi'an, lü, shàn), empty if it may not.
func typedSound(word string) string {
	for _, r := range word {
		if r != '\'' && r != '’' && !unicode.Is(unicode.Latin, r) && !unicode.IsMark(r) {
			return ""
		}
	}
	sound := foldLatin(word)
	for i := range len(sound) {
		if sound[i] < 'a' || sound[i] > 'z' {
			return ""
		}
	}
	return sound
}

// cut returns the first n bytes of an ASCII string.
func cut(s string, n int) string { return s[:min(n, len(s))] }
