package text

import (
	"errors"
	"regexp"
	"strings"
)

// The errors of ParseUSCC, one for each thing a person can put right.
var (
	ErrUSCCShape = errors.New("text: unified social credit code is not 18 digits and letters without I, O, S, V, Z")
	ErrUSCCCheck = errors.New("text: unified social credit code has the wrong check character")
)

// usccAlphabet gives each character its value from 0 to 30.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var usccShape = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$`)

// ParseUSCC returns an organisation's unified social credit code (统一社会信用代码) in its one form of 18 characters, checked by GB 32100-2015.
// It takes full-width characters, small letters, spaces and hyphens.
func ParseUSCC(s string) (string, error) {
	code := strings.ReplaceAll(squeeze(s), "-", "")
	if !usccShape.MatchString(code) {
		return "", ErrUSCCShape
	}
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(usccAlphabet, code[i]) * weight
		weight = weight * 3 % 31
	}
	if code[17] != usccAlphabet[(31-sum%31)%31] {
		return "", ErrUSCCCheck
	}
	return code, nil
}
