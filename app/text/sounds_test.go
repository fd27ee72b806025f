package text

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPinyinTerms(t *testing.T) {
	want := []string{
		"o", "ou", "ouy", "ouya", "ouyan", "ouyang", "ouyangx", "ouyangxi", "ouyangxiu", // the whole
		"oy", "oyx", // initials
		"x", "xi", "xiu", // the given name
	}
	if diff := cmp.Diff(want, PinyinTerms("欧阳修")); diff != "" {
		t.Errorf("PinyinTerms(欧阳修) (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ name, finds, not string }{
		{"欧阳明远", "ouyang oy oym oymy ouyangm ouyangmy mingyuan my", "yuan yang"},
		{"欧阳", "ou oy ouyang", ""},
		{"单雄信", "shan shanxx dan danxiong sxx dxx xiongxin", "chou"},
		{"吕布", "lv lu lyu lvb lyubu", ""},
		{"阿依古丽·买买提", "ayi ayigulimaimaiti aygl maimaiti mmt", "guli"},
		{"阿依古丽买买提", "ayi ayigulimaimaiti aygl", "maimaiti"},
		{"John Smith", "john johnsm smith js", "ohn"},
		{"Hui Liao", "huil liao hl huiliao", ""},
		{"清华大学", "qinghua qhdx", ""},
		{"陆军军医大学第一附属医院", "lujunjunyidaxuediyifushu"[:24], "lujunjunyidaxuediyifushuy"},
	} {
		terms := PinyinTerms(c.name)
		for term := range strings.FieldsSeq(c.finds) {
			if !slices.Contains(terms, term) {
				t.Errorf("PinyinTerms(%s) lacks %q", c.name, term)
			}
		}
		for term := range strings.FieldsSeq(c.not) {
			if slices.Contains(terms, term) {
				t.Errorf("PinyinTerms(%s) has %q", c.name, term)
			}
		}
	}
}

func TestFuzzy(t *testing.T) {
	for _, same := range [][]string{
		{"zhang wei", "zan wei", "zhan wei", "zang wei", "zhangwei"},
		{"liu ning", "niu lin", "niuling"},
		{"chen sheng", "cen sen", "cheng shen"},
		{"xin geng", "xingeng", "xin'geng", "xinggeng"},
		{"xi'an", "xian", "xiang"},
		{"fan gai", "fang ai", "fang gai"},
	} {
		for _, sound := range same[1:] {
			if a, b := Fuzzy(same[0]), Fuzzy(sound); a != b {
				t.Errorf("Fuzzy(%q) = %q but Fuzzy(%q) = %q", same[0], a, sound, b)
			}
		}
	}
	for _, other := range [][2]string{{"zhang", "chang"}, {"wang", "huang"}, {"fei", "hei"}, {"long", "lon"}, {"shi", "xi"}, {"ren", "len"}} {
		if Fuzzy(other[0]) == Fuzzy(other[1]) {
			t.Errorf("Fuzzy(%q) equals Fuzzy(%q)", other[0], other[1])
		}
	}
}

// TestFuzzyFindsPrefixes holds Fuzzy to its promise: whatever prefix of a name's sound is typed, right or confused, its fuzzy form is among the terms.
func TestFuzzyFindsPrefixes(t *testing.T) {
	for _, name := range []string{"张伟", "梁朝伟", "尉迟恭", "方爱玲", "范改", "田安安", "吕蒙", "阿依古丽·买买提"} {
		terms := FuzzyTerms(name)
		for _, typed := range PinyinTerms(name) {
			if f := Fuzzy(typed); !slices.Contains(terms, f) {
				t.Errorf("FuzzyTerms(%s) lacks %q, typed as %q", name, f, typed)
			}
		}
	}
	if !slices.Contains(FuzzyTerms("张伟"), Fuzzy("zanwei")) {
		t.Error("zanwei does not find 张伟")
	}
}
