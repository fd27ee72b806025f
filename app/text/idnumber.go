package text

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// The errors of ParseIDNumber, one for each thing a person can put right.
var (
	ErrIDLength = errors.New("text: ID number is not 18 or 15 characters of digits, the last perhaps X")
	ErrIDRegion = errors.New("text: ID number begins with no province")
	ErrIDDate   = errors.New("text: ID number holds no date of birth")
	ErrIDCheck  = errors.New("text: ID number has the wrong check digit")
	ErrIDLost   = errors.New("text: ID number lost its last digits in a spreadsheet")
)

// An ID is what a citizen's identity number (公民身份号码) says.
type ID struct {
	Number string // 18 characters, X in upper case
	Birth  string // YYYY-MM-DD
	Male   bool
	Region string // the six digits of the county that gave the number
}

var (
	idShape         = regexp.MustCompile(`^(\d{17}[\dX]|\d{15})$`)
	scientificShape = regexp.MustCompile(`^\d(\.\d+)?E\+?\d+$`)
)

// idProvinces are the first two digits in use, by GB/T 2260; 81 to 83 are on the residence permits of Hong Kong, Macao and Taiwan, 9 on those of foreigners.
var idProvinces = regexp.MustCompile(`^(1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|9)`)

// ParseIDNumber reads an identity number by GB 11643-1999. It takes full-width digits, spaces, a leading apostrophe, a small x, and the 15 digits of the old form, which it completes.
// A number that ends in 000 is ErrIDLost, since a spreadsheet keeps 15 digits; the ID is returned with that error if all else is right, as one in some thousand is truly so.
func ParseIDNumber(s string) (ID, error) {
	number := squeeze(s)
	if scientificShape.MatchString(number) {
		return ID{}, ErrIDLost
	}
	if !idShape.MatchString(number) {
		return ID{}, ErrIDLength
	}
	lost := len(number) == 18 && strings.HasSuffix(number, "000")
	id, err := readID(number)
	if lost {
		return id, ErrIDLost
	}
	return id, err
}

// readID reads a number of the right shape.
func readID(number string) (ID, error) {
	if len(number) == 15 {
		number = number[:6] + "19" + number[6:]
		number += string(idCheck(number))
	}
	birth, err := time.Parse("20060102", number[6:14])
	switch {
	case !idProvinces.MatchString(number):
		return ID{}, ErrIDRegion
	case err != nil || birth.Year() < 1850 || birth.Year() > 2149:
		return ID{}, ErrIDDate
	case idCheck(number) != number[17]:
		return ID{}, ErrIDCheck
	}
	return ID{
		Number: number,
		Birth:  birth.Format(time.DateOnly),
		Male:   (number[16]-'0')%2 == 1,
		Region: number[:6],
	}, nil
}

// idCheck computes the check character of the first 17 digits: ISO 7064, MOD 11-2.
func idCheck(number string) byte {
	sum := 0
	for i := range 17 {
		sum = (sum + int(number[i]-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// squeeze returns a number as it is compared: clean, in upper case, without spaces and a spreadsheet's apostrophe.
func squeeze(s string) string {
	s = strings.TrimLeft(Clean(s), "'’‘` ")
	return strings.ToUpper(strings.ReplaceAll(s, " ", ""))
}
