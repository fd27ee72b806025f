package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"qunxian/schemas"
)

// TestNaughtyStrings stores every string of the reference list as long text, as
// a tag and as a custom field: it comes back byte for byte but for line ends,
// or is refused where it is no text (safety D10).
func TestNaughtyStrings(t *testing.T) {
	var list []string
	if err := json.Unmarshal(readBeside(t, "fixtures/blns/blns.json"), &list); err != nil {
		t.Fatal(err)
	}
	list = append(list, "𠮷𡈽䶮", "龘\u200d龘", "\u202e倒写\u202c", "a\r\nb\rc\n", "\ttab\t", "  两端 空格  ", "a\x00b", "a\x1bb", "a\xffb", "\xed\xa0\x80", "e\u0301", strings.Repeat("长", 2000))
	if len(list) < 450 {
		t.Fatalf("%d strings", len(list))
	}
	o := openApp(t)
	sixFields(t, o)
	stored := map[string]string{}
	refusals := 0
	for i, s := range list {
		if s == "" {
			continue
		}
		f := someone(fmt.Sprint("甲", i), "")
		f.Bio, f.Notes, f.Attributes = s, s, map[string]any{"motto": s}
		f.Achievements = []schemas.Achievement{{Title: "标题" + firstRunes(s, 300)}}
		made, err := o.CreateTalent(bg, f, How{})
		if notText(s) {
			refusals++
			refused(t, err, schemas.Invalid, "", "text")
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		stored[made.ID] = s
	}
	if refusals < 4 {
		t.Errorf("only %d strings are refused", refusals)
	}
	check := func(when string) {
		for id, s := range stored {
			want := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
			got := must(o.GetTalent(bg, id))(t)
			if got.Bio != want || got.Notes != want || got.Attributes["motto"] != want {
				t.Errorf("%s: %q came back as %q, %q, %q", when, s, got.Bio, got.Notes, got.Attributes["motto"])
			}
			if title := "标题" + strings.ReplaceAll(strings.ReplaceAll(firstRunes(s, 300), "\r\n", "\n"), "\r", "\n"); got.Achievements[0].Title != title {
				t.Errorf("%s: title %q came back as %q", when, title, got.Achievements[0].Title)
			}
			o.checkReplay(id)
		}
	}
	check("at once")
	o.reopen()
	check("after a restart")
	t.Logf("%d stored, %d refused", len(stored), refusals)
}

// notText reports what no text holds: C0 controls but TAB, LF and CR, and
// broken UTF-8.
func notText(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' })
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// TestNamesAreTidied shows what becomes of names as people type them.
func TestNamesAreTidied(t *testing.T) {
	o := openApp(t)
	for in, want := range map[string]string{
		"张　伟": "张伟", " 李  芳 ": "李芳", "王\u200b芳": "王芳", "阿依古丽•买买提": "阿依古丽·买买提", "阿依古丽‧买买提": "阿依古丽·买买提",
		"Ｊｏｈｎ　Ｓｍｉｔｈ": "John Smith", "John  Smith": "John Smith", "𠮷田䶮": "𠮷田䶮",
	} {
		if got := o.talent(someone(in, "")).Name; got != want {
			t.Errorf("%q is kept as %q, want %q", in, got, want)
		}
	}
}
