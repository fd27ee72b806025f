package text

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// MaskID hides the middle of an identity number, 3201**********1234; a shorter document number keeps its first and last two characters, one under six none.
func MaskID(number string) string {
	n := len([]rune(number))
	switch {
	case n >= 15:
		return stars(number, 4, 4)
	case n >= 6:
		return stars(number, 1, 2)
	}
	return stars(number, 0, 0)
}

// MaskPhone hides the middle of one phone: 138****1234, 0434-*****00, +44********58; all of what is no phone.
func MaskPhone(phone string) string {
	normal, ok := NormalPhone(phone)
	switch {
	case !ok:
		return stars(phone, 0, 0)
	case strings.HasPrefix(normal, "+"):
		return stars(normal, len(countryCode(normal)), 2)
	case mobileShape.MatchString(normal), serviceShape.MatchString(normal):
		return stars(normal, 3, 4)
	}
	area, line, _ := strings.Cut(normal, "-")
	line, _, _ = strings.Cut(line, "-")
	return area + "-" + stars(line, 0, 2)
}

// countryCode returns the + and the country code of an E.164 number.
func countryCode(e164 string) string {
	number, err := phonenumbers.Parse(e164, "ZZ")
	if err != nil {
		return ""
	}
	national := phonenumbers.GetNationalSignificantNumber(number)
	return strings.TrimSuffix(e164, national)
}

// MaskEmail keeps the first character and the domain, a***@x.cn; a single character goes too, and all of what is no address.
func MaskEmail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if address == "" {
		return ""
	}
	if at < 0 {
		return "***"
	}
	first := ""
	if local := []rune(address[:at]); len(local) > 1 {
		first = string(local[0])
	}
	return first + "***" + address[at:]
}

var leadingYear = regexp.MustCompile(`^(1[89]|2[01])\d{2}(\D|\d{2,4}$|$)`)

// MaskDate keeps the year of a date that begins with one (1985-03-15, 1990.6, 1985年3月), and nothing of any other text.
func MaskDate(date string) string {
	if date = Clean(date); leadingYear.MatchString(date) {
		return date[:4]
	}
	return ""
}

// MaskName keeps the surname, 张* and 欧阳**, of a longer Han name or one in parts the first character, 阿***·***, and of Latin words the first letters, J*** S***.
func MaskName(name string) string {
	name = CleanName(name)
	runes := []rune(dropSelectors(name))
	if n := surnameLength(runes); n > 0 {
		if n == len(runes) {
			n--
		}
		return string(runes[:n]) + strings.Repeat("*", len(runes)-n)
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '·' || r == ' ' })
	mask := make([]string, len(words))
	for i, word := range words {
		mask[i] = "***"
		if first := []rune(word); len(first) > 1 && (i == 0 || !isHan(first[0])) {
			mask[i] = string(first[0]) + "***"
		}
	}
	if strings.Contains(name, "·") {
		return strings.Join(mask, "·")
	}
	return strings.Join(mask, " ")
}

// stars hides all characters but the first and the last few.
func stars(s string, first, last int) string {
	runes := []rune(s)
	if first+last >= len(runes) {
		first, last = 0, 0
	}
	for i := first; i < len(runes)-last; i++ {
		runes[i] = '*'
	}
	return string(runes)
}
