package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// shown writes a snippet with its hits in brackets.
func shown(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	long := "早年在四平市工作，推动平行实验。" + strings.Repeat("其间发表论文多篇。", 10) + "后来主持院士专家四平行活动，成果转化显著。"
	for _, c := range []struct {
		text, query string
		width       int
		want        string
	}{
		{"长期从事换热器研究", "换热", 0, "长期从事[换热]器研究"},
		{"长期从事换热器研究", "换热器 长期", 0, "[长期]从事[换热器]研究"},
		{"长期从事ＰＨＥ研究", "phe", 0, "长期从事[ＰＨＥ]研究"},
		{"实现平行推进", "四平行", 0, ""},
		{"平行线在四平", "四平行", 0, "[平行]线在[四平]"},
		{"换热器、器换", "换热器换热", 0, "[换热器]、[器换]"},
		{"换热器的器换", "换热器 热器的", 0, "[换热器的]器换"},
		{"换热器", "换热 器", 0, "[换热器]"},
		{long, "四平行", 12, "…士专家[四平行]活动，成果转…"},
		{"欧阳修", "ouyang", 0, "[欧阳修]"},
		{"欧阳修", "oy", 20, "[欧阳修]"},
		{"单雄信", "dan", 20, "[单雄信]"},
		{"张伟", "zanwei", 20, "[张伟]"},
		{"张伟", "liwei", 20, ""},
		{"欧阳修", "欧", 20, "[欧]阳修"},
		{"阿依古丽·买买提", "阿依古丽买买提", 20, "[阿依古丽·买买提]"},
		{"阿依古丽买买提", "阿依古丽•买", 20, "[阿依古丽买]买提"},
		{"John Smith", "smi", 20, "John [Smi]th"},
		{strings.Repeat("欧阳修", 20), "ouyang", 20, ""},
		{"e\u0301cole e\u0301", "école", 0, "[e\u0301cole] e\u0301"},
		{"任何", "%", 20, ""},
		{"任何", "", 20, ""},
		{"一二三四五六七八九十", "四五六七", 2, "…[四五六七]…"},
		{"一二三四五六七八九十", "十", 4, "…七八九[十]"},
		{"一二三四五六七八九十", "一", 4, "[一]二三四…"},
	} {
		terms, err := ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		parts, ok := Snippet(c.text, terms, c.width)
		if got := shown(parts); got != c.want || ok != (c.want != "") {
			t.Errorf("Snippet(%s, %s, %d) = %s, %v, want %s", c.text, c.query, c.width, got, ok, c.want)
		}
	}
}

func TestSnippetKeepsItsWidth(t *testing.T) {
	terms, err := ParseQuery("换热")
	if err != nil {
		t.Fatal(err)
	}
	for width := 2; width < 400; width += 7 {
		parts, ok := Snippet(bio, terms, width)
		n := 0
		for _, p := range parts {
			n += utf8.RuneCountInString(strings.Trim(p.Text, "…"))
		}
		if want := min(width, utf8.RuneCountInString(bio)); !ok || n != want {
			t.Errorf("a window of %d characters, want %d", n, want)
		}
	}
}

func BenchmarkSnippet(b *testing.B) {
	terms, err := ParseQuery("余热 重点研发")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Snippet(bio, terms, 60)
	}
}
