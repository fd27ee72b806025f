package text

import (
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, clean, name string }{
		{"", "", ""},
		{"张　伟", "张 伟", "张伟"},
		{"李  芳 ", "李 芳", "李芳"},
		{"姓 名", "姓 名", "姓名"},
		{"出生\n年月", "出生 年月", "出生年月"},
		{"Hui  Liao", "Hui Liao", "Hui Liao"},
		{"\u200b王\u00a0芳\ufeff", "王 芳", "王芳"},
		{"阿依古丽•买买提", "阿依古丽·买买提", "阿依古丽·买买提"},
		{"阿依古丽 ・ 买买提", "阿依古丽 · 买买提", "阿依古丽·买买提"},
		{"阿依古丽‧买买提", "阿依古丽·买买提", "阿依古丽·买买提"},
		{"阿依古丽∙买⋅买･提", "阿依古丽·买·买·提", "阿依古丽·买·买·提"},
		{"阿依古丽.买买提", "阿依古丽.买买提", "阿依古丽·买买提"},
		{"J. Smith", "J. Smith", "J. Smith"},
		{"zhangwei@ｅｘａｍｐｌｅ.com", "zhangwei@example.com", "zhangwei@example.com"},
		{"１３９－１２３４－５６７８", "139-1234-5678", "139-1234-5678"},
		{"研究生（硕士）", "研究生(硕士)", "研究生(硕士)"},
		{"soft\u00adhyphen", "softhyphen", "softhyphen"},
		{"e\u0301cole", "école", "école"},
		{"ﾊﾞ", "バ", "バ"},
		{"𠮷田䶮", "𠮷田䶮", "𠮷田䶮"},
		{"ﬁ①㎏", "ﬁ①㎏", "ﬁ①㎏"},
		{"张 Wei 伟", "张 Wei 伟", "张 Wei 伟"},
		{" \t\r\n", "", ""},
	} {
		if got := Clean(c.in); got != c.clean {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.clean)
		}
		if got := CleanName(c.in); got != c.name {
			t.Errorf("CleanName(%q) = %q, want %q", c.in, got, c.name)
		}
	}
}

func TestCleanLong(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\nd":             "a\nb\nc\nd",
		"\r\r\n\n":                 "\n\n\n",
		" 全角　ＡＢＣ\u200b ﬁ e\u0301 ": " 全角　ＡＢＣ\u200b ﬁ e\u0301 ",
	} {
		if got := CleanLong(in); got != want {
			t.Errorf("CleanLong(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBadText(t *testing.T) {
	for in, want := range map[string]bool{
		"":                 false,
		"张伟\t\r\n":         false,
		"𠮷👨‍👩‍👧\u202e\x7f": false,
		"a\x00b":           true,
		"\x1b[31m":         true,
		"\x1f":             true,
		"\xff":             true,
		"\xed\xa0\x80":     true,
		"张\xe4\xbc":        true,
	} {
		if got := BadText(in); got != want {
			t.Errorf("BadText(%q) = %v, want %v", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"张　伟", "阿依古丽 • 买买提", "ﾊﾞ e\u200b\u0301", "Hui  Liao", "\xff\ufeff", "𠮷\U000e0100 田", "·.·", "가\u11a8", "李.明", "· ."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, name := Clean(s), CleanName(s)
		if again := Clean(clean); again != clean {
			t.Errorf("Clean twice of %q: %q, then %q", s, clean, again)
		}
		if again := CleanName(name); again != name {
			t.Errorf("CleanName twice of %q: %q, then %q", s, name, again)
		}
		if utf8.ValidString(s) && (BadText(clean) || BadText(name)) {
			t.Errorf("cleaning %q makes bad text %q, %q", s, clean, name)
		}
		if long := CleanLong(s); CleanLong(long) != long {
			t.Errorf("CleanLong twice of %q differs", s)
		}
	})
}
