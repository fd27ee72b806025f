package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Languages are the languages of the pages, the default first.
var Languages = []string{"zh-CN", "en"}

// MissingMark starts what stands in place of a text that no locale file has; a page test looks for it.
const MissingMark = "⟦"

// Zone is the time zone of every date shown: China has one, without summer time.
var Zone = time.FixedZone("UTC+8", 8*60*60)

var words = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		texts, err := readWords(lang)
		if err != nil {
			panic(err) // the files are embedded: a broken one is a broken build
		}
		all[lang] = texts
	}
	return all
})

// readWords joins the shared texts of a language with those of each noun, and refuses a key given twice.
func readWords(lang string) (map[string]string, error) {
	nouns, err := fs.Glob(files, "locales/*."+lang+".json")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, file := range append([]string{"locales/" + lang + ".json"}, nouns...) {
		raw, err := files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("web: %s: %w", file, err)
		}
		for key, text := range texts {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("web: %s: text %q is defined twice", path.Base(file), key)
			}
			all[key] = text
		}
	}
	return all, nil
}

// Text is the text for key in a language, its numbers formatted; a missing one is shown as ⟦key⟧.
func Text(lang, key string, args ...any) string {
	texts, ok := words()[lang]
	if !ok {
		texts = words()[Languages[0]]
	}
	text, ok := texts[key]
	if len(args) > 0 && isOne(args[0]) {
		if one, has := texts[key+".one"]; has {
			text, ok = one, true
		}
	}
	if !ok {
		return MissingMark + key + "⟧"
	}
	if len(args) == 0 || !strings.Contains(text, "%") {
		return text
	}
	shown := make([]any, len(args))
	for i, arg := range args {
		shown[i] = arg
		if isNumber(arg) {
			shown[i] = Number(arg)
		}
	}
	return fmt.Sprintf(text, shown...)
}

// HasText tells whether a text exists in the default language, for codes that may have no wording of their own.
func HasText(key string) bool {
	_, ok := words()[Languages[0]][key]
	return ok
}

// Rule is the message for a broken rule with its parameter, such as max and 40. Kind is length for a text, items for a list and
// empty for a number; a rule without words of its own is named as it is.
func Rule(lang, rule, param, kind string) string {
	for _, key := range []string{"rule." + rule + "." + kind, "rule." + rule} {
		if HasText(key) {
			return Text(lang, key, param)
		}
	}
	return Text(lang, "rule.other", rule)
}

func isNumber(v any) bool {
	if _, ok := v.(fmt.Stringer); ok {
		return false
	}
	kind := reflect.ValueOf(v).Kind()
	return kind >= reflect.Int && kind <= reflect.Float64 && kind != reflect.Uintptr
}

func isOne(v any) bool { return isNumber(v) && Number(v) == "1" }

// Number writes a number with commas between thousands and at most two decimals.
func Number(n any) string {
	v := reflect.ValueOf(n)
	var text string
	switch {
	case v.CanInt():
		text = strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		text = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		text = strconv.FormatFloat(v.Float(), 'f', 2, 64)
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	default:
		return fmt.Sprint(n)
	}
	sign, whole := "", text
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	whole, decimals, hasDecimals := strings.Cut(whole, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasDecimals {
		whole += "." + decimals
	}
	return sign + whole
}

// T is the text for key in the language of the page.
func (f Frame) T(key string, args ...any) string { return Text(f.Lang, key, args...) }

// N is a number as the page shows it.
func (f Frame) N(n any) string { return Number(n) }

// Date is the day of an instant: 2026年11月22日, 22 Nov 2026; empty for the zero time.
func (f Frame) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format(f.pick("2006年1月2日", "2 Jan 2006"))
}

// DateTime is an instant to the minute.
func (f Frame) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format(f.pick("2006年1月2日 15:04", "2 Jan 2006, 15:04"))
}

// Day shows a business day written 2026-11-22, 2026-11 or 2026, as exact as it is known; other text stays as it is.
func (f Frame) Day(day any) string {
	text := fmt.Sprint(day)
	for _, form := range []struct{ layout, zh, en string }{
		{"2006-01-02", "2006年1月2日", "2 Jan 2006"},
		{"2006-01", "2006年1月", "Jan 2006"},
		{"2006", "2006年", "2006"},
	} {
		if t, err := time.Parse(form.layout, text); err == nil {
			return t.Format(f.pick(form.zh, form.en))
		}
	}
	return text
}

// Ago is an instant seen from now: 刚刚, 5 分钟前, 3 天后, and the date when it is more than thirty days away.
func (f Frame) Ago(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	away, side := f.Now.Sub(t), "ago"
	if away < 0 {
		away, side = -away, "in"
	}
	switch {
	case away < time.Minute:
		return f.T("time.now")
	case away < time.Hour:
		return f.T("time."+side+".minutes", int(away.Minutes()))
	case away < 24*time.Hour:
		return f.T("time."+side+".hours", int(away.Hours()))
	case away < 30*24*time.Hour:
		return f.T("time."+side+".days", int(away.Hours()/24))
	}
	return f.Date(t)
}

// Stamp is an instant for the datetime attribute of a time element.
func (f Frame) Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (f Frame) pick(zh, en string) string {
	if f.Lang == "en" {
		return en
	}
	return zh
}
