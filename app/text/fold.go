package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// appendFolded adds the searched form of one segment (a character with its marks): clean, lower case, without middle dots, so that 阿依古丽·买买提 and 阿依古丽买买提 are one.
func appendFolded(to []byte, segment string) []byte {
	if len(segment) == 1 {
		c := segment[0]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c < ' ':
			c = ' '
		}
		return append(to, c)
	}
	if r, n := utf8.DecodeRuneInString(segment); n == len(segment) {
		switch {
		case r >= 0x3001 && r <= 0x3003, r >= 0x4e00 && r <= 0x9fff:
			return append(to, segment...)
		case r >= 0xff01 && r <= 0xff5e:
			return append(to, string(unicode.ToLower(r-0xfee0))...)
		}
	}
	for _, r := range norm.NFC.String(width.Fold.String(norm.NFC.String(segment))) {
		if r = cleanRune(r); r >= 0 && r != '·' {
			to = utf8.AppendRune(to, unicode.ToLower(r))
		}
	}
	return to
}

// nextSegment returns the length in bytes of the first character of s with the marks that belong to it; s is not empty.
func nextSegment(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if r < 0x300 && (n == len(s) || s[n] < utf8.RuneSelf) || r >= 0x4e00 && r <= 0x9fff && (n == len(s) || s[n] >= 0xe4 && s[n] <= 0xe9) {
		return n
	}
	if n = norm.NFC.NextBoundaryInString(s, true); n <= 0 {
		return len(s)
	}
	return n
}

// fold returns the searched form of s.
func fold(s string) string {
	folded := make([]byte, 0, len(s))
	for len(s) > 0 {
		n := nextSegment(s)
		folded = appendFolded(folded, s[:n])
		s = s[n:]
	}
	return string(folded)
}

// isWordRune reports whether r belongs to a word; everything else ends one.
func isWordRune(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z') ||
		r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// latinLetters holds the Latin letters that are not a plain letter with a mark.
var latinLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// foldLatin returns a word in lower case without accents, and nothing but its letters and digits.
func foldLatin(word string) string {
	word = norm.NFD.String(latinLetters.Replace(strings.ToLower(word)))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, word)
}

// dropSelectors removes the variation selectors that may follow a rare Han character.
func dropSelectors(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, s)
}
