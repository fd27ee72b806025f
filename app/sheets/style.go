package sheets

import (
	"archive/zip"
	"encoding/xml"
	"strconv"
	"strings"
)

// style is what a number format says about a number: which parts of a moment
// it shows, or how many digits.
type style struct {
	date     Precision // the finest part of a day that is shown; None: not a date
	clock    bool      // hours are shown
	whole    int       // digits before the point, at least
	decimals int       // digits after the point, at least
}

// builtin are the number formats that a file uses without defining them, those
// of Chinese Excel and WPS included (ECMA-376 part 1, 18.8.30 numFmt).
var builtin = map[int]string{
	1: "0", 2: "0.00", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm",
	27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
	32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分", 35: "h时mm分ss秒", 36: "yyyy年m月",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
	50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日",
	55: "h时mm分", 56: "h时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
}

// readStyles returns the style of each cell format of a workbook, by index.
func readStyles(f *zip.File) ([]style, error) {
	const most = 1 << 16
	custom := map[int]string{}
	var styles []style
	err := tags(f, func(around string, tag xml.StartElement) error {
		switch {
		case tag.Name.Local == "numFmt" && around == "numFmts" && len(custom) < most:
			if id, err := strconv.Atoi(attr(tag, "numFmtId")); err == nil {
				custom[id] = attr(tag, "formatCode")
			}
		case tag.Name.Local == "xf" && around == "cellXfs" && len(styles) < most:
			id, _ := strconv.Atoi(attr(tag, "numFmtId"))
			code, ok := custom[id]
			if !ok {
				code = builtin[id]
			}
			styles = append(styles, parseFormat(code))
		}
		return nil
	})
	if err != nil {
		return nil, &Error{Kind: KindBroken, Detail: "styles", cause: err}
	}
	return styles, nil
}

// parseFormat reads the first section of a number format code. An m beside
// hours or seconds is minutes, else months.
func parseFormat(code string) style {
	code = strings.ToLower(bareFormat(code))
	if strings.Trim(code, "0.") == "" && strings.HasPrefix(code, "0") {
		whole, decimals, _ := strings.Cut(code, ".")
		return style{whole: len(whole), decimals: len(decimals)}
	}
	if strings.Contains(code, "general") || strings.ContainsAny(code, "#?0@") {
		return style{}
	}
	var s style
	months := 0
	last := rune(0)
	for i, c := range code {
		switch c {
		case 'y', 'e':
			s.date = max(s.date, YearOnly)
		case 'd':
			s.date = Day
		case 'h', 's':
			s.clock = true
		case 'm':
			if last == 'm' {
				continue
			}
			rest := strings.TrimLeft(code[i:], "m")
			if j := strings.IndexAny(rest, "ydhse"); last != 'h' && (j < 0 || rest[j] != 's') {
				months++
			}
		default:
			continue
		}
		last = c
	}
	switch {
	case months > 0 && s.date == YearOnly:
		s.date = Month
	case months > 0 && s.date == None && !s.clock:
		s.date = Day // 3月 alone hides its year: deliver the whole day
	case s.clock && s.date != None:
		s.date = Day
	}
	return s
}

// bareFormat drops quoted text, escaped characters, [colours] and all sections
// but the first. Elapsed hours [h] stay.
func bareFormat(code string) string {
	var b strings.Builder
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch c := runes[i]; c {
		case ';':
			return b.String()
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			start := i + 1
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			if inside := string(runes[start:i]); strings.Trim(strings.ToLower(inside), "hms") == "" {
				b.WriteString(inside)
			}
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
