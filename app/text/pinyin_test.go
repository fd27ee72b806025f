package text

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadings(t *testing.T) {
	raw, err := os.ReadFile("testdata/names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimRight(line, "\n"), "\t")
		got := Readings(row[0])
		if len(got) == 0 || got[0] != row[1] {
			t.Errorf("Readings(%s) = %q, want %q first", row[0], got, row[1])
		}
		if row[2] == "" {
			continue
		}
		for also := range strings.SplitSeq(row[2], ",") {
			if !slices.Contains(got, also) {
				t.Errorf("Readings(%s) = %q, want %q among them", row[0], got, also)
			}
		}
	}
}

func TestReadingsAreFew(t *testing.T) {
	for _, name := range []string{"", "·", "🙂", "𠮷"} {
		if got := Readings(name); len(got) != 0 {
			t.Errorf("Readings(%q) = %q, want none", name, got)
		}
	}
	got := Readings(strings.Repeat("吕乐长重", 20))
	if len(got) != maxReadings {
		t.Errorf("%d readings, want %d", len(got), maxReadings)
	}
	if slices.Sort(got); len(slices.Compact(got)) != maxReadings {
		t.Errorf("readings repeat: %q", got)
	}
}

// TestSurnameReadings checks every row of the reference table: a surname's own reading is first, the everyday reading of its character is found too.
func TestSurnameReadings(t *testing.T) {
	file, err := os.Open(reference(t, "fixtures/names-pinyin/surname_readings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 521 {
		t.Fatalf("%d rows, want 521", len(rows))
	}
	for _, row := range rows[1:] {
		name := row[0] + "明"
		got := Readings(name)
		rights := []string{toneless(row[1]), toneless(row[2])}
		right, _ := strings.CutSuffix(got[0], " ming")
		if right == "" || !slices.Contains(rights, right) {
			t.Errorf("Readings(%s)[0] = %q, want one of %q", name, got[0], rights)
		}
		for _, reading := range append(rights, toneless(row[3])) {
			if reading != "" && !slices.Contains(got, reading+" ming") {
				t.Errorf("Readings(%s) = %q, want %q among them", name, got, reading)
			}
		}
	}
}

// toneless takes the tone marks off the readings of the reference table.
func toneless(reading string) string {
	syllables := strings.Fields(strings.TrimPrefix(reading, "\ufeff"))
	for i, s := range syllables {
		syllables[i], _ = splitTone(s)
	}
	return strings.Join(syllables, " ")
}

// reference finds a file of the reference folder beside the checkout, or skips the test aloud.
func reference(t *testing.T, path string) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		parent := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || parent == dir {
			found := filepath.Join(parent, "shared", path)
			if _, err := os.Stat(found); err != nil {
				t.Skipf("no reference folder beside the checkout: %v", err)
			}
			return found
		}
		dir = parent
	}
}

func TestSortKey(t *testing.T) {
	want := []string{
		"阿依古丽·买买提", "Élan Vital", "葛洪", "John Smith", "李芳", "李伟", "连战", "鲁迅", "吕布", "欧阳修", "朴实", "曲明", "单雄",
		"王芳", "XU YAN", "徐霞客", "曾巩", "查良镛", "张飞", "张伟", "张伟明", "章太炎", "𠮷田",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order by SortKey (-want +got):\n%s", diff)
	}
	if a, b := SortKey("张　伟"), SortKey("张伟"); a != b {
		t.Errorf("keys of one name differ: %q, %q", a, b)
	}
}

func TestSplitTone(t *testing.T) {
	for marked, want := range map[string]string{"shàn": "shan4", "lǚ": "lv3", "lǘ": "lv2", "lüè": "lve4", "ā": "a1", "de": "de5", "piáo": "piao2"} {
		if sound, tone := splitTone(marked); sound+string(tone) != want {
			t.Errorf("splitTone(%s) = %s%c, want %s", marked, sound, tone, want)
		}
	}
}

func BenchmarkReadings(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Readings("尉迟长乐")
	}
}

func BenchmarkPinyinTerms(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		PinyinTerms("欧阳明远")
	}
}
