package text

import (
	"errors"
	"regexp"
	"strings"
)

// The kinds of value that have an IndexKey.
const (
	KeyIDNumber = "idNumber"
	KeyDocument = "document"
	KeyPhone    = "phone"
	KeyEmail    = "email"
	KeyUSCC     = "uscc"
)

var emailShape = regexp.MustCompile(`^[^\s@<>,;:"()]+@[^\s@<>,;:"().]+(\.[^\s@<>,;:"().]+)+$`)

// IndexKey returns the normal form of a value, under which a blind index finds its duplicates; it is empty if the value cannot be of the kind.
// An identity number has 18 characters, a document its kind before the number, an e-mail address is in lower case.
func IndexKey(kind, value string) string {
	switch kind {
	case KeyIDNumber:
		id, err := ParseIDNumber(value)
		if err == nil || errors.Is(err, ErrIDLost) {
			return id.Number
		}
	case KeyDocument:
		if kind, number, err := ParseDocument(value); err == nil || errors.Is(err, ErrIDLost) && number != "" {
			return kind + ":" + number
		}
	case KeyPhone:
		if phone, ok := NormalPhone(value); ok {
			return phone
		}
	case KeyEmail:
		return emailKey(value)
	case KeyUSCC:
		if code, err := ParseUSCC(value); err == nil {
			return code
		}
	}
	return ""
}

// emailKey folds the whole address: no provider that people here use tells the case of the local part.
func emailKey(value string) string {
	address := strings.ToLower(strings.ReplaceAll(Clean(value), " ", ""))
	if !emailShape.MatchString(address) {
		return ""
	}
	return address
}
