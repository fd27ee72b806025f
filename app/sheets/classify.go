package sheets

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// metaKeys are the names of values that stand above or below a table; the
// longer come first, because 填报单位 ends in 单位.
var metaKeys = []string{
	"填报单位负责人", "填报单位", "填报日期", "填报时间", "填表单位", "填表日期", "填表时间", "报送单位", "报送日期", "报送时间", "上报单位", "上报日期",
	"推荐单位", "申报单位", "主管部门", "制表单位", "制表日期", "制表时间", "统计时间", "统计日期", "截止日期", "截至日期", "截止时间", "截至时间",
	"单位名称", "单位负责人", "部门负责人", "填报人", "填表人", "制表人", "审核人", "联系人", "联系电话", "负责人", "经办人", "日期", "单位",
}

// reportDates are the keys whose value is the day of the report, best first.
var reportDates = []string{
	"填报日期", "填报时间", "填表日期", "填表时间", "报送日期", "报送时间", "上报日期", "统计日期", "统计时间",
	"截止日期", "截至日期", "截止时间", "截至时间", "制表日期", "制表时间", "日期", "截至",
}

var (
	metaKey  = regexp.MustCompile(`(` + strings.Join(metaKeys, "|") + `)(?:[（(][^（）()]*[）)])?\s*[:：]`)
	asOf     = regexp.MustCompile(`截[至止]到?\s*(\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)`)
	section  = regexp.MustCompile(`^(?:第?[一二三四五六七八九十百]+[、.．:：批类部]|[（(][一二三四五六七八九十]+[)）])`)
	total    = regexp.MustCompile(`^(?:本页)?(?:合\s*计|小\s*计|总\s*计|共\s*计|累\s*计)\s*(?:$|[:：（(\d])`)
	remark   = regexp.MustCompile(`^(?:备\s*注|说\s*明|注|填表说明|填报说明|填写说明|注意事项|编制说明)\s*(?:\d*[:：.．、]|$)`)
	example  = regexp.MustCompile(`^[（(【]?(?:示\s*例|样\s*例|填写示例|例)[）)】]?\s*\d*[:：]?$`)
	rowLabel = map[string]bool{"序号": true, "编号": true, "no": true, "序": true}
)

// above classifies a row over the header and takes its values.
func (t *Table) above(row Row) Skip {
	if t.takeMeta(row) {
		return skip(row, MetaRow)
	}
	s := skip(row, TitleRow)
	if m := asOf.FindStringSubmatch(s.Text); m != nil && t.Meta["截至"] == "" {
		t.Meta["截至"] = m[1]
	}
	if t.Title == "" {
		t.Title = headerText(s.Text)
	}
	return s
}

// takeMeta takes the values that a row names: 填报单位：… in one cell, or the
// name in one cell and the value in the next. It reports whether there are any.
func (t *Table) takeMeta(row Row) bool {
	found := false
	put := func(key, value string) {
		found = true
		if value = strings.TrimSpace(value); value != "" && t.Meta[key] == "" {
			t.Meta[key] = value
		}
	}
	texts := row.Texts()
	for i, text := range texts {
		next := ""
		for _, after := range texts[min(i+1, len(texts)):] {
			if after = strings.TrimSpace(after); after != "" {
				next = after
				break
			}
		}
		if metaKey.MatchString(next) {
			next = ""
		}
		keys := metaKey.FindAllStringSubmatchIndex(text, -1)
		for k, at := range keys {
			end := len(text)
			if k+1 < len(keys) {
				end = keys[k+1][0]
			}
			value := strings.TrimSpace(text[at[1]:end])
			if value == "" && k+1 == len(keys) {
				value = next
			}
			put(text[at[2]:at[3]], value)
		}
		if name, _ := Normal(text); len(keys) == 0 && next != "" && filled(row) <= 4 && len(name) > len("单位") && slices.Contains(metaKeys, name) {
			put(name, next)
		}
	}
	return found
}

// classify says why a row below the header is not one of the table, or "".
func (t *Table) classify(row Row) Reason {
	at, text, count := -1, "", filled(row)
	for i := range row.Cells {
		if !empty(row, i) {
			at, text = i, strings.TrimSpace(row.Cells[i].Text)
			break
		}
	}
	few := count <= max(2, t.width/2)
	switch {
	case at < 0:
		return "" // only errors or formulas without result: for a person to see
	case t.isRepeat(row):
		return RepeatRow
	case row.Number == t.Bottom+1 && isNumbering(row, count):
		return NumberRow
	case total.MatchString(text) || total.MatchString(secondText(row, at)) && isOrdinal(row.Cells[at], text):
		return TotalRow
	case example.MatchString(text) && count > 1:
		return ExampleRow
	case remark.MatchString(text) && few:
		return RemarkRow
	case count == 1 && t.width > 2 && t.isSection(at, text):
		return SectionRow
	case few && metaKey.MatchString(text) && t.takeMeta(row):
		return MetaRow
	}
	return ""
}

// secondText is the second value of a row.
func secondText(row Row, first int) string {
	for _, c := range row.Cells[first+1:] {
		if text := strings.TrimSpace(c.Text); text != "" {
			return text
		}
	}
	return ""
}

// isOrdinal reports a value that can stand in a column of row numbers, where a
// total often has its formula.
func isOrdinal(c Cell, text string) bool {
	return c.Kind == Number || digits(text) == utf8.RuneCountInString(text)
}

// isSection reports a heading between rows: a Chinese ordinal, or words alone
// in the column of row numbers.
func (t *Table) isSection(at int, text string) bool {
	if section.MatchString(text) {
		return true
	}
	if at >= len(t.Headers) {
		return false
	}
	name, _ := Normal(t.Headers[at])
	return rowLabel[name] && digits(text) == 0
}

// isRepeat reports the header again.
func (t *Table) isRepeat(row Row) bool {
	same := 0
	for i, c := range row.Cells {
		text := headerText(c.Text)
		if text == "" {
			continue
		}
		if i >= len(t.Headers) || (text != t.Headers[i] && !strings.HasPrefix(t.Headers[i], text+"/") && !strings.HasSuffix(t.Headers[i], "/"+text)) {
			return false
		}
		same++
	}
	return same >= 2
}

// isNumbering reports a row that numbers the columns from 1.
func isNumbering(row Row, count int) bool {
	want := 1
	for i, c := range row.Cells {
		text := strings.Trim(c.Text, "()（） ")
		if text == "" || (i == 0 && text == "栏次") {
			continue
		}
		if text != strconv.Itoa(want) {
			return false
		}
		want++
	}
	return want > 3 && want >= count
}
