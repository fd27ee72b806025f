package text

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestIndexKeyOfIDNumbers makes 10,000 numbers and writes each in six ways: all have one key, and no two numbers share it.
func TestIndexKeyOfIDNumbers(t *testing.T) {
	random := rand.New(rand.NewPCG(11643, 1999))
	owner := map[string]int{}
	numbers := map[string]bool{}
	for len(numbers) < 10_000 {
		birth := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, random.IntN(18_000))
		first := fmt.Sprintf("2203%02d%s%03d", 1+random.IntN(82), birth.Format("20060102"), 1+random.IntN(999))
		numbers[first+string(idCheck(first))] = true
	}
	n, missed := 0, 0
	for number := range numbers {
		n++
		for _, spelling := range spellingsOfID(number) {
			key := IndexKey(KeyIDNumber, spelling)
			if key != number {
				missed++
				t.Errorf("IndexKey(%q) = %q, want %q", spelling, key, number)
			}
			if first, ok := owner[key]; ok && first != n {
				t.Errorf("%q is the key of two numbers", key)
			}
			owner[key] = n
		}
	}
	if missed > 0 || len(owner) != 10_000 {
		t.Errorf("%d of 60,000 spellings missed, %d keys for 10,000 numbers", missed, len(owner))
	}
}

func spellingsOfID(number string) []string {
	wide := strings.Map(func(r rune) rune { return r + 0xfee0 }, number)
	return []string{
		number,
		strings.ToLower(number),
		wide,
		" " + number[:6] + " " + number[6:14] + "\u00a0" + number[14:] + "\u200b",
		"'" + number,
		number[:6] + number[8:17],
	}
}

func TestIndexKey(t *testing.T) {
	for _, c := range []struct{ kind, value, want string }{
		{KeyIDNumber, "110105194912310021", ""},
		{KeyIDNumber, "420106198503152000", ""},
		{KeyIDNumber, "E12345678", ""},
		{KeyDocument, "E12345678（护照）", "passport:E12345678"},
		{KeyDocument, "110105491231002", "id-card:11010519491231002X"},
		{KeyDocument, "110105194912310021", ""},
		{KeyPhone, "+86 138-1234-5678", "13812345678"},
		{KeyPhone, "００８６１３８１２３４５６７８", "13812345678"},
		{KeyPhone, "待定", ""},
		{KeyEmail, " ZhangWei@ｅｘａｍｐｌｅ.com ", "zhangwei@example.com"},
		{KeyEmail, "zhangwei", ""},
		{KeyEmail, "a@b", ""},
		{KeyEmail, "a@x.cn;b@y.cn", ""},
		{KeyUSCC, "91350100m000100y43", "91350100M000100Y43"},
		{KeyUSCC, "91350100m000100y44", ""},
		{"name", "张伟", ""},
	} {
		if got := IndexKey(c.kind, c.value); got != c.want {
			t.Errorf("IndexKey(%s, %q) = %q, want %q", c.kind, c.value, got, c.want)
		}
	}
}
