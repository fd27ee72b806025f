package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseQuery(t *testing.T) {
	got, err := ParseQuery(" 欧阳　ＰＨＥ Xi'an lǚ 四平行 %% phe ")
	if err != nil {
		t.Fatal(err)
	}
	want := []Term{
		{Text: "欧阳", Grams: []string{"欧阳"}},
		{Text: "phe", Grams: []string{"ph", "he"}, Pinyin: true, Sound: "phe", Fuzzy: "phe"},
		{Text: "xi'an", Grams: []string{"xi", "an"}, Pinyin: true, Sound: "xian", Fuzzy: "xian"},
		{Text: "lǚ", Grams: []string{"lǚ"}, Pinyin: true, Sound: "lu", Fuzzy: "nu"},
		{Text: "四平行", Grams: []string{"四平", "平行"}},
		{Text: "%%", Grams: []string{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ParseQuery (-want +got):\n%s", diff)
	}
}

func TestParseQueryLimits(t *testing.T) {
	for q, ok := range map[string]bool{
		"":                            true,
		strings.Repeat("平", 64):       true,
		strings.Repeat("平", 65):       false,
		strings.Repeat("zhangwei", 8): true,
		"a\x00":                       false,
		"\xff":                        false,
		strings.Repeat(" ", 64) + "张": false,
	} {
		terms, err := ParseQuery(q)
		if (err == nil) != ok {
			t.Errorf("ParseQuery(%q): %v", q, err)
		}
		for _, term := range terms {
			if len(term.Sound) > maxSound || len(term.Fuzzy) > maxSound {
				t.Errorf("ParseQuery(%q) has the sound %q", q, term.Sound)
			}
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"欧阳 ouyang", "xi'an", "%%%% (a+)+$", "lǚ ＰＨＥ", "四平行　引才", "İ", "\u0301a", "'", "ß ﬁ"} {
		f.Add(s, "长期从事板式换热器 PHE 研究的欧阳修")
	}
	f.Fuzz(func(t *testing.T, q, text string) {
		terms, err := ParseQuery(q)
		if err != nil {
			return
		}
		for _, term := range terms {
			if term.Text == "" || strings.ContainsAny(term.Text, " \t\n") || BadText(term.Text) {
				t.Errorf("term %q of %q", term.Text, q)
			}
			if term.Pinyin != (term.Sound != "") {
				t.Errorf("term %q of %q: Pinyin %v, Sound %q", term.Text, q, term.Pinyin, term.Sound)
			}
			for _, g := range term.Grams {
				if n := utf8.RuneCountInString(g); n < 1 || n > 2 || !Whole(term.Text, g) {
					t.Errorf("gram %q of %q", g, term.Text)
				}
			}
		}
		parts, ok := Snippet(text, terms, 20)
		if !ok {
			return
		}
		var shown strings.Builder
		hit := false
		for _, p := range parts {
			hit = hit || p.Hit
			shown.WriteString(p.Text)
		}
		if !hit {
			t.Errorf("Snippet(%q, %q) marks nothing", text, q)
		}
		if piece := strings.TrimSuffix(strings.TrimPrefix(shown.String(), "…"), "…"); !strings.Contains(text, piece) {
			t.Errorf("Snippet(%q, %q) shows %q", text, q, piece)
		}
	})
}
