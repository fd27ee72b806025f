package sheets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestHeader is the most characters of a cell that may be a column's name.
const longestHeader = 60

// findHeader returns the first and last header row among the first rows of a
// sheet, or -1. It is the row with most aliases, the first of equals; without
// any, the first row of short texts above a row as wide.
func findHeader(head []Row, columns []Column) (first, last int) {
	aliases := map[string]bool{}
	for _, c := range columns {
		for _, a := range c.Aliases {
			if n, _ := Normal(a); n != "" {
				aliases[n] = true
			}
		}
	}
	best, most := -1, 0
	for i, row := range head {
		hits := 0
		for _, c := range row.Cells {
			if n, _ := Normal(c.Text); aliases[n] {
				hits++
			}
		}
		if hits > most && (hits > 1 || filled(row) == 1 && i == 0) {
			best, most = i, hits
		}
	}
	if best < 0 {
		best = findByShape(head)
	}
	switch {
	case best < 0:
		return -1, -1
	case best+1 < len(head) && isSubHeader(head[best], head[best+1]):
		return best, best + 1
	case best > 0 && !isTitle(head[best-1]) && (isSubHeader(head[best-1], head[best]) || isGroupRow(head[best-1], head[best])):
		return best - 1, best
	}
	return best, best
}

// isTitle reports a row over the header that names the sheet, not its columns.
func isTitle(row Row) bool {
	for _, c := range row.Cells {
		name, _ := Normal(c.Text)
		if strings.ContainsAny(c.Text, ":：") || strings.HasPrefix(name, "附件") || strings.HasPrefix(name, "附表") {
			return true
		}
		for _, end := range []string{"表", "册", "台账", "名单", "汇总", "情况统计"} {
			if strings.HasSuffix(name, end) {
				return true
			}
		}
	}
	return filled(row) < 2
}

// findByShape returns the first row of at least two names, each short and none
// a number, that is followed by a row of two values or more.
func findByShape(head []Row) int {
	for i, row := range head {
		if filled(row) < 2 || !areNames(row) || isTitle(row) || (i+1 < len(head) && filled(head[i+1]) < 2) {
			continue
		}
		return i
	}
	return -1
}

// isSubHeader reports that below is the second row of a merged header: it has
// names only under cells that spread over several columns, and the first column
// of such a group has one.
func isSubHeader(above, below Row) bool {
	if below.Number != above.Number+1 || !areNames(below) {
		return false
	}
	groups := 0
	for i := range below.Cells {
		if empty(below, i) {
			continue
		}
		start := i
		for start > 0 && empty(above, start) {
			start--
		}
		if empty(above, start) || empty(below, start) {
			return false
		}
		if start < i {
			groups++
		} else if !empty(above, i+1) || empty(below, i+1) {
			return false
		}
	}
	return groups > 0
}

// isGroupRow reports that above names groups of the columns that below names:
// 基本信息 over 姓名, 性别, 电话.
func isGroupRow(above, below Row) bool {
	if below.Number != above.Number+1 || !areNames(above) || filled(above) > filled(below) {
		return false
	}
	for i := range above.Cells {
		// A merged cell of both rows leaves the lower one empty.
		if !empty(above, i) && empty(below, i) && !empty(below, i+1) && empty(above, i+1) {
			return false
		}
	}
	return true
}

// areNames reports that all values of a row could be column names.
func areNames(row Row) bool {
	for _, c := range row.Cells {
		switch {
		case c.Text == "" && c.Note == NoNote:
		case c.Kind != Text || c.Note != NoNote || utf8.RuneCountInString(c.Text) > longestHeader:
			return false
		case strings.IndexFunc(c.Text, unicode.IsLetter) < 0 || digits(c.Text) > 4:
			return false
		}
	}
	return true
}

// joinHeaders returns the name of each column. A name of the upper row spreads
// over the empty cells to its right if the lower row has names there.
func joinHeaders(rows []Row) []string {
	top := rows[0]
	if len(rows) == 1 {
		names := make([]string, len(top.Cells))
		for i, c := range top.Cells {
			names[i] = headerText(c.Text)
		}
		return names
	}
	low := rows[1]
	names := make([]string, max(len(top.Cells), len(low.Cells)))
	group := ""
	for i := range names {
		if !empty(top, i) {
			group = headerText(top.Cell(i).Text)
		}
		leaf := headerText(low.Cell(i).Text)
		switch {
		case leaf == "" && !empty(top, i):
			names[i] = group
		case leaf == "":
		case group == "" || group == leaf:
			names[i] = leaf
		default:
			names[i] = group + "/" + leaf
		}
	}
	return names
}

// headerText drops the spaces and line ends that only lay out a header: those
// beside a Han character, and all but one of others.
func headerText(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' })
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(words[i-1])
			after, _ := utf8.DecodeRuneInString(w)
			if before < 0x2E80 && after < 0x2E80 {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

func empty(row Row, i int) bool { return strings.TrimSpace(row.Cell(i).Text) == "" }

func filled(row Row) int {
	n := 0
	for i := range row.Cells {
		if !empty(row, i) {
			n++
		}
	}
	return n
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
