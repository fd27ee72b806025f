package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGrams(t *testing.T) {
	for in, want := range map[string]string{
		"":                "",
		"，。！":             "",
		"四平行":             "四平 平行",
		"平行":              "平行",
		"PHE":             "ph he",
		"ＰＨＥ":             "ph he",
		"PHE换热器":          "ph he e换 换热 热器",
		"板式，换 热器":         "板式 换 热器",
		"张":               "张",
		"a-b":             "a b",
		"哈哈哈":             "哈哈",
		"阿依·古丽":           "阿依 依古 古丽",
		"𠮷田䶮":             "𠮷田 田䶮",
		"e\u0301cole":     "éc co ol le",
		"换\u200b热":        "换热",
		"2026年":           "20 02 26 6年",
		"第1、2、3届":         "第1 2 3届",
		"C++ / C#":        "c",
		"\xff张伟\xff":      "张伟",
		"Straße İstanbul": "st tr ra aß ße is ta an nb bu ul",
	} {
		if got := strings.Join(Grams(in), " "); got != want {
			t.Errorf("Grams(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestUnigrams(t *testing.T) {
	for in, want := range map[string]string{"欧阳修": "欧 阳 修", "阿·阿古 A1": "阿 古 a 1", "（）": ""} {
		if got := strings.Join(Unigrams(in), " "); got != want {
			t.Errorf("Unigrams(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWhole(t *testing.T) {
	for _, c := range []struct {
		text, term string
		want       bool
	}{
		{"实现平行推进", "四平行", false},
		{"四平市平行推进", "四平行", false},
		{"院士专家四平行活动", "四平行", true},
		{"可拆式ＰＨＥ机组", "phe", true},
		{"阿依古丽买买提教授", "阿依古丽·买买提", true},
		{"阿依古丽•买买提教授", "阿依古丽买买提", true},
		{"任何文字", "", false},
		{"", "平", false},
	} {
		if got := Whole(c.text, c.term); got != c.want {
			t.Errorf("Whole(%s, %s) = %v", c.text, c.term, got)
		}
	}
}

// TestGramsMayMissOrder shows why Whole exists: all pairs of a term may stand in a text that lacks the term.
func TestGramsMayMissOrder(t *testing.T) {
	text := "平行线在四平"
	if diff := cmp.Diff([]string{"四平", "平行"}, Grams("四平行")); diff != "" {
		t.Fatal(diff)
	}
	for _, g := range Grams("四平行") {
		if !Whole(text, g) {
			t.Fatalf("%s lacks %s", text, g)
		}
	}
	if Whole(text, "四平行") {
		t.Errorf("%s holds 四平行", text)
	}
}

// bio is a biography of 300 characters.
var bio = strings.Repeat("长期从事板式换热器（PHE）与低温余热利用研究，主持国家重点研发计划2项。", 9)[:780]

func BenchmarkGrams(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Grams(bio)
	}
}
