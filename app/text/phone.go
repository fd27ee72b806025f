package text

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

var (
	mobileShape   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	serviceShape  = regexp.MustCompile(`^[48]00\d{7}$`)
	landlineShape = regexp.MustCompile(`^(010|02\d|0[3-9]\d{2})([2-9]\d{6,7})$`)
	localShape    = regexp.MustCompile(`^[2-9]\d{6,7}$`)
	extensions    = []*regexp.Regexp{
		regexp.MustCompile(`(?i)^(.*\d)\s*(?:转|ext\.?|x|#)\s*(\d{1,6})$`),
		regexp.MustCompile(`^((?:.*\D)?\d{7,8}|0\d{9,11})-(\d{1,6})$`),
	}
	phoneSigns  = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "‐", "", "‑", "", "–", "", "—", "", "−", "", "~", "")
	phoneParens = strings.NewReplacer("(0)", "")
)

// ParsePhones reads the phones in a cell, each in the form of NormalPhone, without repeats; bad holds the pieces that are none.
// Words beside them (手机：) are passed over, and a local number takes the area code of the landline before it (0434-3250000/3250001).
func ParsePhones(s string) (phones, bad []string) {
	found := newSet(2)
	area := ""
	for _, piece := range strings.FieldsFunc(Clean(s), endsPhone) {
		words := strings.Fields(piece)
		unread := []string{}
		for len(words) > 0 {
			phone, n := longestPhone(words, area)
			if n == 0 {
				unread = append(unread, words[0])
				words = words[1:]
				continue
			}
			found.add(phone)
			if code, _, ok := strings.Cut(phone, "-"); ok {
				area = code
			}
			words = words[n:]
		}
		if rest := strings.Join(unread, " "); strings.ContainsAny(rest, "0123456789") {
			bad = append(bad, rest)
		}
	}
	if len(found.list) == 0 && len(bad) == 0 && Clean(s) != "" {
		bad = append(bad, Clean(s))
	}
	return found.list, bad
}

// NormalPhone returns the one form of a phone: 11 digits for a Chinese mobile, 0434-3250000 (and -8012 for an extension) for a landline, 4001234567 for a service number, E.164 (+442079460958) for any other country.
// It takes full-width digits, spaces, dashes, brackets, +86 and 0086. ok is false if s is not exactly one phone.
func NormalPhone(s string) (phone string, ok bool) { return normalPhone(Clean(s)) }

// normalPhone is NormalPhone of a clean text.
func normalPhone(s string) (string, bool) {
	for _, shape := range extensions {
		if m := shape.FindStringSubmatch(s); m != nil {
			if phone, ok := dialled(m[1], m[2]); ok {
				return phone, true
			}
		}
	}
	return dialled(s, "")
}

// dialled reads a number by its country code, and adds the extension where one can be.
func dialled(number, ext string) (string, bool) {
	digits := phoneSigns.Replace(phoneParens.Replace(number))
	international := true
	switch {
	case strings.HasPrefix(digits, "+"):
		digits = digits[1:]
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	default:
		international = false
	}
	if !allDigits(digits) {
		return "", false
	}
	home, withCode := strings.CutPrefix(digits, "86")
	switch {
	case international && !withCode:
		phone, ok := foreignPhone(digits)
		return phone, ok && ext == ""
	case international, withCode && len(digits) >= 12:
		if !strings.HasPrefix(home, "0") {
			home = "0" + home
		}
		return chinesePhone(home, ext)
	}
	return chinesePhone(digits, ext)
}

// chinesePhone reads the digits of a phone in the mainland; a mobile or service number may have a zero before it, a landline must.
func chinesePhone(digits, ext string) (string, bool) {
	bare := strings.TrimPrefix(digits, "0")
	if mobileShape.MatchString(bare) || serviceShape.MatchString(bare) {
		return bare, ext == ""
	}
	m := landlineShape.FindStringSubmatch(digits)
	if m == nil || len(m[1]) == 3 && len(m[2]) != 8 {
		return "", false
	}
	if ext != "" {
		ext = "-" + ext
	}
	return m[1] + "-" + m[2] + ext, true
}

// foreignPhone reads the digits of a phone with the code of its country.
func foreignPhone(digits string) (string, bool) {
	number, err := phonenumbers.Parse("+"+digits, "ZZ")
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}

// maxPhoneWords bounds the words that may be one phone, so that a cell full of digits is read in linear time.
const maxPhoneWords = 8

// longestPhone returns the phone made of the most leading words, and how many.
func longestPhone(words []string, area string) (string, int) {
	for n := min(len(words), maxPhoneWords); n > 0; n-- {
		joined := strings.Join(words[:n], " ")
		if phone, ok := normalPhone(joined); ok {
			return phone, n
		}
		if local := phoneSigns.Replace(joined); area != "" && localShape.MatchString(local) {
			if phone, ok := normalPhone(area + local); ok {
				return phone, n
			}
		}
	}
	return "", 0
}

// endsPhone reports whether a clean character stands between phones.
func endsPhone(r rune) bool {
	if isHan(r) {
		return r != '转'
	}
	return strings.ContainsRune("/、,;|\\:&。\"'", r) || unicode.IsControl(r)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
