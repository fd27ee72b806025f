package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		name string
		mask func(string) string
		want map[string]string
	}{
		{"MaskID", MaskID, map[string]string{
			"320123198001011234": "3201**********1234",
			"320123800101123":    "3201*******1123",
			"E12345678":          "E******78",
			"A1234":              "*****",
			"":                   "",
		}},
		{"MaskPhone", MaskPhone, map[string]string{
			"13812341234":       "138****1234",
			"+86 138 1234 1234": "138****1234",
			"0434-3250000":      "0434-*****00",
			"010-62345678":      "010-******78",
			"0434-3250000-8012": "0434-*****00",
			"4008108888":        "400***8888",
			"+442079460958":     "+44********58",
			"+16502530000":      "+1********00",
			"12345":             "*****",
			"":                  "",
		}},
		{"MaskEmail", MaskEmail, map[string]string{
			"abc@x.cn": "a***@x.cn",
			"ab@x.cn":  "a***@x.cn",
			"a@x.cn":   "***@x.cn",
			"李芳@x.cn":  "李***@x.cn",
			"@x.cn":    "***@x.cn",
			"a@b@x.cn": "a***@x.cn",
			"zhangwei": "***",
			"":         "",
		}},
		{"MaskDate", MaskDate, map[string]string{
			"1985-03-15": "1985",
			"1985年3月":    "1985",
			"1990.6":     "1990",
			"19850315":   "1985",
			"1985":       "1985",
			"12/05/1979": "",
			"31121":      "",
			"待定":         "",
			"":           "",
		}},
		{"MaskName", MaskName, map[string]string{
			"张伟":         "张*",
			"张　伟":        "张*",
			"张伟明":        "张**",
			"欧阳正华":       "欧阳**",
			"欧阳修":        "欧阳*",
			"欧阳":         "欧*",
			"张":          "*",
			"阿依古丽·买买提":   "阿***·***",
			"阿依古丽买买提":    "阿***",
			"John Smith": "J*** S***",
			"X":          "***",
			"":           "",
		}},
	} {
		for in, want := range c.want {
			if got := c.mask(in); got != want {
				t.Errorf("%s(%q) = %q, want %q", c.name, in, got, want)
			}
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"320123198001011234", "+442079460958", "0434-3250000-8012", "a@b@x.cn", "欧阳正华", "阿依古丽·买买提", "John Smith", "1985年3月", "\xff@", "𠮷", "+39", "··"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, mask := range map[string]func(string) string{"MaskID": MaskID, "MaskPhone": MaskPhone, "MaskName": MaskName} {
			got := mask(s)
			if !utf8.ValidString(got) {
				t.Errorf("%s(%q) = %q is broken", name, s, got)
			}
			if Clean(s) != "" && CleanName(s) != "·" && got != "" && !strings.Contains(got, "*") {
				t.Errorf("%s(%q) = %q hides nothing", name, s, got)
			}
		}
		if got := MaskDate(s); got != "" && len(got) != 4 {
			t.Errorf("MaskDate(%q) = %q", s, got)
		}
		if got := MaskEmail(s); s != "" && !strings.Contains(got, "***") {
			t.Errorf("MaskEmail(%q) = %q", s, got)
		}
		if phone, ok := NormalPhone(s); ok {
			if got := MaskPhone(s); strings.Count(got, "*") < 3 || strings.Contains(got, phone) {
				t.Errorf("MaskPhone(%q) = %q", s, got)
			}
		}
	})
}
