package app

import (
	"strings"

	"qunxian/schemas"
)

// shape is what the write path knows of a collection's fields.
type shape struct {
	coll    string
	rows    schemas.Catalogue
	lists   map[string]bool // paths that hold items
	byPath  map[string]*schemas.Field
	letters map[string]byte // of searched paths: the field letter of postings
	secret  bool            // has K3 fields
}

func newShape(coll string, rows schemas.Catalogue, lists map[string]bool) *shape {
	s := &shape{coll: coll, rows: rows, lists: lists, byPath: map[string]*schemas.Field{}, letters: map[string]byte{}}
	for i := range rows {
		f := &rows[i]
		s.byPath[f.Path] = f
		s.secret = s.secret || f.Class == schemas.K3
		if f.Search != schemas.NotSearched {
			s.letters[f.Path] = 'a' + byte(len(s.letters))
		}
	}
	return s
}

// pattern is a leaf's path with * for the ids of items.
func (s *shape) pattern(path string) string {
	first, rest, ok := strings.Cut(path, "/")
	if !ok || !s.lists[first] {
		return path
	}
	if _, leaf, ok := strings.Cut(rest, "/"); ok {
		return first + "/*/" + leaf
	}
	return path
}

// row is the catalogue's row of a leaf, or nil for custom fields.
func (s *shape) row(path string) *schemas.Field { return s.byPath[s.pattern(path)] }

// searched reports whether search reads the leaves of a pattern.
func (s *shape) searched(pattern []byte) bool {
	_, ok := s.letters[string(pattern)]
	return ok
}

// texts are the strings of a leaf: itself, or its elements.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	case bool:
		if v {
			return []string{"true"}
		}
		return []string{"false"}
	case interface{ String() string }: // json.Number
		return []string{v.String()}
	}
	return nil
}
