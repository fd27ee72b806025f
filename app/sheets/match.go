package sheets

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Column is a field that a column of a sheet may fill, under any of the names
// offices give it. Many lets several columns fill it.
type Column struct {
	Field   string
	Aliases []string
	Many    bool
}

// Found is the field of one header, "" if none. Score is from 0 to 100; Sure
// says that the header is an alias and not merely contains one. Hint is what
// the header has in brackets: a format, a unit, an explanation.
type Found struct {
	Header string `json:"header"`
	Field  string `json:"field"`
	Score  int    `json:"score"`
	Sure   bool   `json:"sure,omitempty"`
	Hint   string `json:"hint,omitempty"`
}

// Mapping is the field of each header, in the order of the headers.
type Mapping []Found

// Column returns the first column, from 0, of a field, or -1.
func (m Mapping) Column(field string) int {
	return slices.IndexFunc(m, func(f Found) bool { return f.Field == field })
}

// The scores of ways in which a header can be an alias. A contained alias has
// partScore and one more for each of its characters.
const (
	fullScore = 100 // the whole header
	leafScore = 90  // the lower of two header rows
	rootScore = 70  // the upper of two header rows
	partScore = 20
)

// Match gives each header the field whose alias it is, else the one whose
// longest alias it contains. A field is given once, to its best header, unless
// it takes Many.
func Match(headers []string, columns []Column) Mapping {
	type pair struct{ header, column, score int }
	var pairs []pair
	mapping := make(Mapping, len(headers))
	aliases := make([][]string, len(columns))
	for c, column := range columns {
		for _, a := range column.Aliases {
			if n, _ := Normal(a); n != "" {
				aliases[c] = append(aliases[c], n)
			}
		}
	}
	for h, header := range headers {
		mapping[h].Header = header
		names := splitHeader(header)
		_, mapping[h].Hint = Normal(header)
		for c := range columns {
			if score := bestScore(names, aliases[c]); score > 0 {
				pairs = append(pairs, pair{h, c, score})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	given := map[string]bool{}
	for _, p := range pairs {
		column := columns[p.column]
		if mapping[p.header].Field != "" || (given[column.Field] && !column.Many) {
			continue
		}
		given[column.Field] = true
		f := &mapping[p.header]
		f.Field, f.Score, f.Sure = column.Field, p.score, p.score >= rootScore
	}
	return mapping
}

// headerNames are the normal forms of a header: whole, and its two rows.
type headerNames struct{ whole, root, leaf string }

func splitHeader(header string) headerNames {
	var n headerNames
	n.whole, _ = Normal(header)
	if root, leaf, ok := strings.Cut(header, "/"); ok {
		n.root, _ = Normal(root)
		n.leaf, _ = Normal(leaf)
	}
	return n
}

func bestScore(n headerNames, aliases []string) int {
	best := 0
	for _, a := range aliases {
		switch {
		case a == n.whole:
			return fullScore
		case a == n.leaf:
			best = max(best, leafScore)
		case a == n.root && n.leaf == "":
			best = max(best, rootScore)
		case utf8.RuneCountInString(a) >= 2 && strings.Contains(n.whole, a):
			best = max(best, min(partScore+utf8.RuneCountInString(a), rootScore-1))
		}
	}
	return best
}

// Normal is what remains of a header to compare: no spaces, line ends,
// punctuation, stars or brackets, full width folded, lower case. What the
// brackets held is returned as hint.
func Normal(header string) (name, hint string) {
	var n, h strings.Builder
	depth := 0
	for _, r := range strings.ToLower(width.Fold.String(norm.NFC.String(header))) {
		switch {
		case strings.ContainsRune("([{【〔《〈", r):
			depth++
		case strings.ContainsRune(")]}】〕》〉", r):
			depth = max(0, depth-1)
		case depth > 0:
			h.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			n.WriteRune(r)
		}
	}
	if n.Len() == 0 { // a header that is all brackets is its own name
		for _, r := range h.String() {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				n.WriteRune(r)
			}
		}
		return n.String(), ""
	}
	return n.String(), strings.TrimSpace(h.String())
}

// Signature identifies a list of headers whatever their spacing, so that the
// mapping a person has chosen for one file serves the next like it.
func Signature(headers []string) string {
	h := sha256.New()
	for _, header := range headers {
		name, _ := Normal(header)
		h.Write([]byte(name + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
