package web

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var placeholder = regexp.MustCompile(`%(\[\d+\])?.`)

func TestLocalesAgree(t *testing.T) {
	zh, en := words()["zh-CN"], words()["en"]
	for key := range en {
		if _, ok := zh[key]; !ok && !strings.HasSuffix(key, ".one") {
			t.Errorf("%s is in English only", key)
		}
	}
	for key, text := range zh {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is in Chinese only", key)
		}
		if text == "" || other == "" {
			t.Errorf("%s is empty", key)
		}
		here, there := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
		slices.Sort(here)
		slices.Sort(there)
		if diff := cmp.Diff(here, there); diff != "" {
			t.Errorf("%s: placeholders differ: %s", key, diff)
		}
		for _, p := range here {
			if !strings.HasSuffix(p, "s") {
				t.Errorf("%s: placeholder %s is not %%s", key, p)
			}
		}
	}
}

// keyUses finds the text keys that templates name: .T "key", and the key each component takes.
var keyUses = []*regexp.Regexp{
	regexp.MustCompile(`\.T "([^"]+)"`),
	regexp.MustCompile(`\.(?:Head|Card|Button|Stat|Banner|Empty|Progress|Menu|Tabs) "([^"]+)"`),
	regexp.MustCompile(`\.(?:Field|Dialog) "[^"]*" "([^"]+)"`),
}

var iconUses = []*regexp.Regexp{regexp.MustCompile(`icon "([^"]+)"`), regexp.MustCompile(`Icon" "([^"]+)"`)}

func TestTemplatesNameWhatExists(t *testing.T) {
	keys, icons := 0, 0
	walk := func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		for _, uses := range keyUses {
			for _, use := range uses.FindAllStringSubmatch(string(raw), -1) {
				keys++
				if !HasText(use[1]) {
					t.Errorf("%s: no text %q", file, use[1])
				}
			}
		}
		for _, uses := range iconUses {
			for _, use := range uses.FindAllStringSubmatch(string(raw), -1) {
				icons++
				if _, err := Icon(use[1]); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
		return nil
	}
	if err := fs.WalkDir(files, "templates", walk); err != nil {
		t.Fatal(err)
	}
	if keys < 30 || icons < 15 {
		t.Fatalf("found %d keys and %d icons: the patterns no longer match the templates", keys, icons)
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, got, want string
	}{
		{"number in text", Text("zh-CN", "pager.shown", 12, 2418), "本页 12 条，共 2,418 条"},
		{"one", Text("en", "time.ago.days", 1), "1 day ago"},
		{"many", Text("en", "time.ago.days", 2), "2 days ago"},
		{"missing", Text("en", "no.such.text"), "⟦no.such.text⟧"},
		{"unknown language", Text("fr", "button.save"), "保存"},
		{"argument without a place", Text("en", "button.save", "x"), "Save"},
		{"rule of a text", Rule("zh-CN", "max", "40", "length"), "不能超过 40 个字"},
		{"rule of a number", Rule("zh-CN", "max", "40", ""), "不能超过 40"},
		{"rule without parameter", Rule("en", "required", "", "length"), "This is required"},
		{"unknown rule", Rule("en", "prime", "", ""), "This does not meet the rule (prime)"},
		{"whole", Number(1234567), "1,234,567"},
		{"negative", Number(-1234), "−1,234"},
		{"decimal", Number(1234.5), "1,234.5"},
		{"rounded", Number(2.0), "2"},
		{"unsigned", Number(uint8(7)), "7"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 30, 0, 0, Zone)
	zh, en := Frame{Lang: "zh-CN", Now: now}, Frame{Lang: "en", Now: now}
	type businessDay string
	for _, c := range []struct {
		name, got, want string
	}{
		{"day in China", zh.Date(now.UTC()), "2026年11月23日"},
		{"English day", en.Date(now.UTC()), "23 Nov 2026"},
		{"minute", zh.DateTime(now.UTC()), "2026年11月23日 00:30"},
		{"zero", zh.Date(time.Time{}) + zh.DateTime(time.Time{}) + zh.Ago(time.Time{}), ""},
		{"business day", zh.Day(businessDay("2026-03-01")), "2026年3月1日"},
		{"month", en.Day("1985-03"), "Mar 1985"},
		{"year", zh.Day("1985"), "1985年"},
		{"not a day", zh.Day("待定"), "待定"},
		{"now", zh.Ago(now.Add(-30 * time.Second)), "刚刚"},
		{"minutes", zh.Ago(now.Add(-5 * time.Minute)), "5 分钟前"},
		{"hours", en.Ago(now.Add(-90 * time.Minute)), "1 hour ago"},
		{"ahead", zh.Ago(now.Add(49 * time.Hour)), "2 天后"},
		{"long ago", zh.Ago(now.Add(-40 * 24 * time.Hour)), "2026年10月14日"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
