package text

import (
	"errors"
	"regexp"
	"strings"
)

// The kinds of document that ParseDocument tells apart.
const (
	KindIDCard   = "id-card"
	KindPassport = "passport"
	KindHKMacao  = "mainland-permit"
	KindTaiwan   = "taiwan-permit"
	KindOther    = "other"
)

// ErrDocument is the error of a text that is the number of no document.
var ErrDocument = errors.New("text: not the number of a document")

var (
	documentNote = regexp.MustCompile(`(?i)passport|number|\bno\b|[^0-9A-Za-z()]`)
	parenNote    = regexp.MustCompile(`\(([A-Z]{2,})?\)`)
	documentForm = regexp.MustCompile(`^[0-9A-Z]{5,24}(\([0-9A-Z]{1,3}\))?$`)

	passportShape = regexp.MustCompile(`^([A-Z][A-Z0-9]{5,8}|[A-Z0-9]{9})$`)
	hkMacaoShape  = regexp.MustCompile(`^[HM]\d{8}(\d{2})?$`)
	taiwanShape   = regexp.MustCompile(`^\d{8}(\d{2}(\([A-Z]\))?)?$`)
	idLikeShape   = regexp.MustCompile(`^(\d{14,19}|\d{17}X|\d(\.\d+)?E\+?\d{2})$`)
)

// documentWords are the words beside a number that name its kind.
var documentWords = []struct {
	kind  string
	words *regexp.Regexp
}{
	{KindHKMacao, regexp.MustCompile(`港澳|回乡证`)},
	{KindTaiwan, regexp.MustCompile(`台胞|台湾|臺`)},
	{KindPassport, regexp.MustCompile(`(?i)护照|護照|passport`)},
	{KindOther, regexp.MustCompile(`军官|士兵|其他|其它|永居|居留`)},
}

// ParseDocument reads the number of an identity card, a passport, a mainland travel permit for Hong Kong and Macao or for Taiwan, or another document.
// A word beside it (护照) decides the kind, else its shape does. A number that is meant as an identity number and is wrong is KindIDCard with the error of ParseIDNumber.
func ParseDocument(s string) (kind, number string, err error) {
	clean := Clean(s)
	number = strings.ToUpper(documentNote.ReplaceAllString(clean, ""))
	number = parenNote.ReplaceAllString(number, "")
	for _, meant := range []string{squeeze(s), number} {
		if idLikeShape.MatchString(meant) {
			id, err := ParseIDNumber(meant)
			return KindIDCard, id.Number, err
		}
	}
	if !documentForm.MatchString(number) || !strings.ContainsAny(number, "0123456789") {
		return "", "", ErrDocument
	}
	for _, d := range documentWords {
		if d.words.MatchString(clean) {
			return d.kind, number, nil
		}
	}
	switch {
	case hkMacaoShape.MatchString(number):
		return KindHKMacao, number, nil
	case taiwanShape.MatchString(number):
		return KindTaiwan, number, nil
	case passportShape.MatchString(number):
		return KindPassport, number, nil
	}
	return KindOther, number, nil
}
