package sheets

import (
	"strings"
	"unicode/utf8"
)

// formulaSigns are the first characters by which a spreadsheet may take a text
// for a formula or drop what follows (OWASP CSV Injection, with full width).
const formulaSigns = "=+-@\t\r\n\x00＝＋－＠"

// Neutralise puts ' before a text that a spreadsheet might run as a formula,
// and before one that already looks so guarded, so that Restore gives back
// every text exactly.
func Neutralise(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// Restore takes back what Neutralise added.
func Restore(s string) string {
	if strings.HasPrefix(s, "'") && guarded(s[1:]) {
		return s[1:]
	}
	return s
}

// guarded reports a formula sign at the start, after any number of '.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && r != utf8.RuneError && strings.ContainsRune(formulaSigns, r)
}
