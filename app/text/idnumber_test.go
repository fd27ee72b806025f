package text

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseIDNumber(t *testing.T) {
	// 11010519491231002X is the example of GB 11643-1999; 34052419800101001X another that is often printed.
	example := ID{Number: "11010519491231002X", Birth: "1949-12-31", Region: "110105"}
	for _, c := range []struct {
		in   string
		want ID
		err  error
	}{
		{"11010519491231002X", example, nil},
		{"11010519491231002x", example, nil},
		{"１１０１０５１９４９１２３１００２Ｘ", example, nil},
		{"'11010519491231002X", example, nil},
		{" 110105 19491231 002X ", example, nil},
		{"\u200b110105\u00a019491231\u3000002Ⅹ", ID{}, ErrIDLength},
		{"110105491231002", example, nil},
		{"34052419800101001X", ID{"34052419800101001X", "1980-01-01", true, "340524"}, nil},
		{"110105194912310021", ID{}, ErrIDCheck},
		{"11010519491231012X", ID{}, ErrIDCheck},
		{"110105194902300020", ID{}, ErrIDDate},
		{"110105174912310020", ID{}, ErrIDDate},
		{"110105491331002", ID{}, ErrIDDate},
		{"000105194912310020", ID{}, ErrIDRegion},
		{"110105194912310000", ID{}, ErrIDLost},
		{"420106198503152000", ID{}, ErrIDLost},
		{"4.20106198503152E+17", ID{}, ErrIDLost},
		{"1101051949123100", ID{}, ErrIDLength},
		{"1101051949123100211", ID{}, ErrIDLength},
		{"1101051949123100X2", ID{}, ErrIDLength},
		{"", ID{}, ErrIDLength},
		{"E12345678", ID{}, ErrIDLength},
		{"待补", ID{}, ErrIDLength},
	} {
		got, err := ParseIDNumber(c.in)
		if !errors.Is(err, c.err) || (c.err == nil) != (err == nil) {
			t.Errorf("ParseIDNumber(%q): error %v, want %v", c.in, err, c.err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("ParseIDNumber(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

// TestIDNumberTrulyRound shows a right number that ends in 000: it is refused, yet the caller who knows that it was text has it.
func TestIDNumberTrulyRound(t *testing.T) {
	number := ""
	for day := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC); number == ""; day = day.AddDate(0, 0, 1) {
		if first := "110105" + day.Format("20060102") + "100"; idCheck(first) == '0' {
			number = first + "0"
		}
	}
	id, err := ParseIDNumber(number)
	if !errors.Is(err, ErrIDLost) || id.Number != number {
		t.Errorf("ParseIDNumber(%s) = %+v, %v", number, id, err)
	}
}

// TestIDCheckFindsSlips changes every digit and swaps every two neighbours of a right number: GB 11643 promises to find each.
func TestIDCheckFindsSlips(t *testing.T) {
	const right = "11010519491231002X"
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			slip := []byte(right)
			slip[i] = d
			if _, err := ParseIDNumber(string(slip)); err == nil && string(slip) != right {
				t.Errorf("%s is taken for right", slip)
			}
		}
		if i < 16 && right[i] != right[i+1] {
			slip := []byte(right)
			slip[i], slip[i+1] = slip[i+1], slip[i]
			if _, err := ParseIDNumber(string(slip)); err == nil {
				t.Errorf("%s is taken for right", slip)
			}
		}
	}
}

func TestParseDocument(t *testing.T) {
	for _, c := range []struct {
		in, kind, number string
		err              error
	}{
		{"11010519491231002x", KindIDCard, "11010519491231002X", nil},
		{"身份证：11010519491231002x", KindIDCard, "11010519491231002X", nil},
		{"110105491231002", KindIDCard, "11010519491231002X", nil},
		{"11010519491231002X（身份证）", KindIDCard, "11010519491231002X", nil},
		{"110105194912310021", KindIDCard, "", ErrIDCheck},
		{"1101051949123100211", KindIDCard, "", ErrIDLength},
		{"420106198503152000", KindIDCard, "", ErrIDLost},
		{"4.20106198503152E+17", KindIDCard, "", ErrIDLost},
		{"E12345678（护照）", KindPassport, "E12345678", nil},
		{"护照 EA1234567", KindPassport, "EA1234567", nil},
		{"Passport No. ab 1234567", KindPassport, "AB1234567", nil},
		{"533380006", KindPassport, "533380006", nil},
		{"C01X00T47", KindPassport, "C01X00T47", nil},
		{"12345678 护照", KindPassport, "12345678", nil},
		{"H12345678", KindHKMacao, "H12345678", nil},
		{"M1234567801", KindHKMacao, "M1234567801", nil},
		{"港澳居民来往内地通行证H12345678", KindHKMacao, "H12345678", nil},
		{"12345678", KindTaiwan, "12345678", nil},
		{"1234567801(B)", KindTaiwan, "1234567801(B)", nil},
		{"台胞证：01234567", KindTaiwan, "01234567", nil},
		{"A123456(7)", KindOther, "A123456(7)", nil},
		{"军官证 军字第123456号", KindOther, "123456", nil},
		{"", "", "", ErrDocument},
		{"待补", "", "", ErrDocument},
		{"ABCDEFG", "", "", ErrDocument},
		{"12", "", "", ErrDocument},
	} {
		kind, number, err := ParseDocument(c.in)
		if kind != c.kind || number != c.number || !errors.Is(err, c.err) || (c.err == nil) != (err == nil) {
			t.Errorf("ParseDocument(%q) = %q, %q, %v, want %q, %q, %v", c.in, kind, number, err, c.kind, c.number, c.err)
		}
	}
}

func TestParseUSCC(t *testing.T) {
	for in, want := range map[string]string{
		"91350100M000100Y43": "91350100M000100Y43",
		"91350100m000100y43": "91350100M000100Y43",
		"９１３５０１００Ｍ０００１００Ｙ４３":      "91350100M000100Y43",
		"'9135 0100 M000 100Y 43": "91350100M000100Y43",
		"91-350100-M000100Y4-3":   "91350100M000100Y43",
	} {
		if got, err := ParseUSCC(in); err != nil || got != want {
			t.Errorf("ParseUSCC(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"":                    ErrUSCCShape,
		"91350100M000100Y4":   ErrUSCCShape,
		"91350100M000100Y433": ErrUSCCShape,
		"91350100I000100Y43":  ErrUSCCShape,
		"9135O100M000100Y43":  ErrUSCCShape,
		"91350100M000100Y44":  ErrUSCCCheck,
		"91350100M000010Y43":  ErrUSCCCheck,
	} {
		if got, err := ParseUSCC(in); !errors.Is(err, want) || got != "" {
			t.Errorf("ParseUSCC(%q) = %q, %v, want %v", in, got, err, want)
		}
	}
}

func FuzzIDNumber(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "110105491231002", "'１１０１０５１９４９１２３１００２Ｘ", "4.20106198503152E+17", "E12345678（护照）", "H12345678", "A123456(7)", "91350100M000100Y43", "420106198503152000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseIDNumber(s); err == nil {
			again, err := ParseIDNumber(id.Number)
			if err != nil && !errors.Is(err, ErrIDLost) || again != id {
				t.Errorf("ParseIDNumber(%q) = %+v, then %+v, %v", s, id, again, err)
			}
		}
		if kind, number, err := ParseDocument(s); err == nil && (kind == "" || number == "") {
			t.Errorf("ParseDocument(%q) = %q, %q", s, kind, number)
		}
		if code, err := ParseUSCC(s); err == nil {
			if again, err := ParseUSCC(code); err != nil || again != code {
				t.Errorf("ParseUSCC(%q) = %q, then %q, %v", s, code, again, err)
			}
		}
	})
}
