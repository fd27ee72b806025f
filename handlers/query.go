package handlers

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"qunxian/schemas"
)

// How much one list request may ask for.
const (
	maxPage    = 200
	usualPage  = 50
	maxFilters = 10
	maxQ       = 64 // characters
	maxKeys    = 64 // name=value pairs of a query
)

// ListQuery is what a list is asked for, in the words of the address and free of any store.
type ListQuery struct {
	Q      string
	Where  map[string][]string // any of the values
	Ranges map[string]Range
	Sort   string // a field, or "" for the list's own order
	Desc   bool
	After  *Cursor // nil for the first page
	Limit  int     // 1 to 200
	Fields []string
	Facets bool
}

// Range bounds a field on both sides, inclusively; "" is no bound.
type Range struct{ From, To string }

// Collection says which names the lists of a noun take; custom fields are among them.
type Collection interface {
	Filters(name string) bool // ?name=value
	Bounds(name string) bool  // ?name_gte=value, ?name_lte=value
	Sorts(name string) bool
	Shows(name string) bool // ?fields=name
}

// Cursor is the place after which the next page begins. Order is the sort it was made for, such as -updatedAt; Key is
// the last record's value in that order and Ord its ordinal.
type Cursor struct {
	Order string `json:"o,omitempty"`
	Key   string `json:"k,omitempty"`
	Ord   uint32 `json:"n"`
}

const maxCursor = 1024

// String is the cursor as clients carry it.
func (c Cursor) String() string {
	b, _ := json.Marshal(c) // strings and a number: it cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads a cursor that was made for an order. It is not signed: what a client may change in it is the place
// to begin, and scope is judged apart.
func readCursor(text, order string) (*Cursor, error) {
	c := &Cursor{}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(text) > maxCursor || readJSON(raw, c) != nil || c.Order != order || c.String() != text {
		return nil, schemas.InvalidField("cursor", "cursor", "")
	}
	return c, nil
}

// listNames are the parameters that every list takes.
var listNames = []string{"q", "sort", "limit", "cursor", "fields", "facets"}

// readList makes a ListQuery of the parameters that are not in own, which are other fields' of the same request.
// Empty values are as absent: a form sends its empty boxes.
func readList(params pairs, of Collection, own map[string]bool) (ListQuery, error) {
	l := ListQuery{Limit: usualPage, Where: map[string][]string{}, Ranges: map[string]Range{}}
	one := map[string]string{}
	for _, p := range params {
		switch {
		case own[p.name]:
			continue
		case !known(p.name, of):
			return l, schemas.InvalidField(p.name, "unknown", "")
		case p.value == "":
			continue
		}
		if slices.Contains(listNames, p.name) && p.name != "fields" {
			if _, twice := one[p.name]; twice {
				return l, schemas.InvalidField(p.name, "repeated", "")
			}
			one[p.name] = p.value
			continue
		}
		if err := l.filter(p.name, p.value, of); err != nil {
			return l, err
		}
	}
	if len(l.Where)+len(l.Ranges) > maxFilters {
		return l, schemas.InvalidField("", "filters", strconv.Itoa(maxFilters))
	}
	return l, l.settle(one, of)
}

func known(name string, of Collection) bool {
	if slices.Contains(listNames, name) || of.Filters(name) {
		return true
	}
	field, _, ok := bound(name)
	return ok && of.Bounds(field)
}

func bound(name string) (field string, from, ok bool) {
	if field, ok = strings.CutSuffix(name, "_gte"); ok {
		return field, true, true
	}
	field, ok = strings.CutSuffix(name, "_lte")
	return field, false, ok
}

func (l *ListQuery) filter(name, value string, of Collection) error {
	if name == "fields" {
		for f := range strings.SplitSeq(value, ",") {
			if !of.Shows(f) {
				return schemas.InvalidField("fields", "unknown", clip(f, 80))
			}
			l.Fields = append(l.Fields, f)
		}
		return nil
	}
	field, from, ok := bound(name)
	if !ok || !of.Bounds(field) {
		if !slices.Contains(l.Where[name], value) {
			l.Where[name] = append(l.Where[name], value)
		}
		return nil
	}
	r := l.Ranges[field]
	end := &r.To
	if from {
		end = &r.From
	}
	if *end != "" {
		return schemas.InvalidField(name, "repeated", "")
	}
	*end = value
	l.Ranges[field] = r
	return nil
}

// settle reads the parameters that every list takes.
func (l *ListQuery) settle(one map[string]string, of Collection) error {
	l.Q = strings.TrimSpace(one["q"])
	if len([]rune(l.Q)) > maxQ {
		return schemas.InvalidField("q", "max.length", strconv.Itoa(maxQ))
	}
	if order := one["sort"]; order != "" {
		l.Sort, l.Desc = strings.CutPrefix(order, "-")
		if !of.Sorts(l.Sort) {
			return schemas.InvalidField("sort", "unknown", clip(l.Sort, 80))
		}
	}
	if text, ok := one["limit"]; ok {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil || strings.HasPrefix(text, "+"):
			return schemas.InvalidField("limit", "type", "")
		case n < 1:
			return schemas.InvalidField("limit", "min", "1")
		case n > maxPage:
			return schemas.InvalidField("limit", "max", strconv.Itoa(maxPage))
		}
		l.Limit = n
	}
	if text, ok := one["facets"]; ok {
		v, err := truth(text)
		if err != nil {
			return schemas.InvalidField("facets", "type", "")
		}
		l.Facets = v
	}
	if text, ok := one["cursor"]; ok {
		var err error
		if l.After, err = readCursor(text, one["sort"]); err != nil {
			return err
		}
	}
	return nil
}

// pair is one name=value of a query or form.
type pair struct{ name, value string }

type pairs []pair

func (p pairs) all(name string) []string {
	var out []string
	for _, one := range p {
		if one.name == name {
			out = append(out, one.value)
		}
	}
	return out
}

// readPairs reads a query string or a form, at most so many pairs. Names hold letters, digits, and . _ - only, so that
// a[$gt]= and $where= are refused by name. lines says whether values may have several lines.
func readPairs(raw string, most int, lines bool) (pairs, error) {
	if raw == "" {
		return nil, nil
	}
	if strings.Count(raw, "&") >= most {
		return nil, schemas.InvalidField("", "keys", strconv.Itoa(most))
	}
	var out pairs
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, ok := decode(name)
		if !ok || !plainName(name) {
			return nil, schemas.InvalidField(shown(name), "name", "")
		}
		if value, ok = decode(value); !ok || !plainText(value, lines) {
			return nil, schemas.InvalidField(name, "encoding", "")
		}
		if lines {
			value = strings.ReplaceAll(value, "\r\n", "\n") // browsers send the line ends of forms so
		}
		out = append(out, pair{name, value})
	}
	return out, nil
}

// shown is a client's own name, safe to name back.
func shown(name string) string {
	return clip(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?")), 80)
}

func plainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
		if !letter && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return name != "" && len(name) <= 80 && plainText(name, false)
}

// decode undoes the percent encoding of a query, strictly.
func decode(s string) (string, bool) {
	if !strings.ContainsAny(s, "%+") {
		return s, !strings.Contains(s, ";")
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '+':
			out = append(out, ' ')
		case ';':
			return s, false
		case '%':
			if i+2 >= len(s) {
				return s, false
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return s, false
			}
			out = append(out, byte(n))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return string(out), true
}

func truth(text string) (bool, error) {
	switch text {
	case "1", "true", "on":
		return true, nil
	case "0", "false", "off", "":
		return false, nil
	}
	return false, strconv.ErrSyntax
}
