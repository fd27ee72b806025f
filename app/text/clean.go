package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Clean returns a name, code or other short field in its one stored form: NFC, full width folded, invisible characters dropped, one sort of middle dot, single spaces, none at the ends.
// It never applies NFKC, so rare Han and ligatures survive, and it is idempotent.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.Map(cleanRune, width.Fold.String(norm.NFC.String(s)))
	return oneSpace(norm.NFC.String(s))
}

// CleanName is Clean for the name of a person or a column: it also removes spaces between Han characters (张　伟) and around the middle dot, and takes a full stop between Han for that dot.
func CleanName(s string) string {
	runes := []rune(Clean(s))
	name := make([]rune, 0, len(runes))
	for i, r := range runes {
		if i > 0 && i < len(runes)-1 {
			before, after := runes[i-1], runes[i+1]
			switch {
			case r == ' ' && (joinsName(before) && joinsName(after) || before == '·' || after == '·'):
				continue
			case r == '.' && isHan(before) && isHan(after):
				r = '·'
			}
		}
		name = append(name, r)
	}
	return string(name)
}

// CleanLong returns a long text byte for byte, but with CR LF and CR as LF.
func CleanLong(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// BadText reports whether s must be refused at the door: broken UTF-8 (a lone surrogate is one), NUL, or a C0 control other than TAB, LF and CR.
func BadText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return true
		}
	}
	return !utf8.ValidString(s)
}

// isPlain reports whether s is clean already, as nearly every text is: visible ASCII and common Han, single spaces between.
func isPlain(s string) bool {
	space := true
	for _, r := range s {
		if (r < 0x20 || r >= 0x7f || r == ' ' && space) && (r < 0x4e00 || r > 0x9fff) {
			return false
		}
		space = r == ' '
	}
	return s == "" || !space
}

// cleanRune maps one width-folded rune to its clean form, -1 if it is dropped.
func cleanRune(r rune) rune {
	switch {
	case r < 0x7f && r >= 0x20:
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), isInvisible(r):
		return -1
	case isMiddleDot(r):
		return '·'
	}
	return r
}

// isInvisible reports whether r is a soft hyphen, a zero-width character, a byte order mark or a mark of writing direction.
func isInvisible(r rune) bool {
	switch {
	case r == 0x00ad, r == 0x180e, r == 0xfeff:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069:
		return true
	}
	return false
}

// isMiddleDot reports whether r is one of the dots that keyboards offer between the parts of a name.
func isMiddleDot(r rune) bool {
	switch r {
	case '·', '•', '・', '‧', '∙', '⋅', '\u0387':
		return true
	}
	return false
}

func isHan(r rune) bool { return r >= 0x2e80 && unicode.Is(unicode.Han, r) }

// joinsName reports whether a space beside r is lay-out and not part of the name.
func joinsName(r rune) bool {
	return isHan(r) || r == '·' || unicode.Is(unicode.Variation_Selector, r)
}

// oneSpace makes every run of spaces one and trims the ends; all spaces are U+0020 by now.
func oneSpace(s string) string {
	s = strings.Trim(s, " ")
	if !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
