package handlers

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"qunxian/schemas"
)

// maxDepth is how deep a JSON text may nest.
const maxDepth = 32

// readJSON fills dst from a whole JSON text, which must be one that checkJSON takes and holds no null.
func readJSON(raw []byte, dst any) error {
	if err := checkJSON(raw, reflect.TypeOf(dst).Elem(), false); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, dst); err != nil {
		return schemas.InvalidField("", "type", "")
	}
	return nil
}

// checkJSON refuses what encoding/json lets pass: names that are unknown or written in another case, names given twice,
// nulls (but in a patch), broken UTF-8, lone surrogates, control characters, numbers that do not fit, nesting
// deeper than 32, and anything after the value. The error names the place and the rule.
func checkJSON(raw []byte, t reflect.Type, patch bool) error {
	switch {
	case !utf8.Valid(raw) || bytes.HasPrefix(raw, []byte("\ufeff")):
		return schemas.InvalidField("", "encoding", "")
	case !json.Valid(raw):
		return schemas.InvalidField("", "json", "")
	}
	w := &jsonWalk{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw)), patch: patch}
	w.dec.UseNumber()
	return w.value("", t, 0, patch)
}

type jsonWalk struct {
	raw   []byte
	dec   *json.Decoder
	patch bool
}

func broken(at, rule, param string) error {
	return schemas.InvalidField(strings.TrimPrefix(at, "/"), rule, param)
}

// value checks the next value, of type t; a nil t stands for any. nulls says whether it may be null.
func (w *jsonWalk) value(at string, t reflect.Type, depth int, nulls bool) error {
	for t != nil && t.Kind() == reflect.Pointer && !readsItself(t) {
		t = t.Elem()
	}
	if t != nil && (t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]()) {
		t = nil
	}
	if t != nil && readsItself(t) {
		return w.own(at, t, depth, nulls)
	}
	start := w.dec.InputOffset()
	token, err := w.dec.Token()
	if err != nil {
		return broken(at, "json", "")
	}
	switch v := token.(type) {
	case json.Delim:
		if depth++; depth > maxDepth {
			return broken(at, "depth", strconv.Itoa(maxDepth))
		}
		if v == '{' {
			return w.object(at, t, depth)
		}
		return w.array(at, t, depth)
	case string:
		if !plainText(v, true) || !w.paired(start) {
			return broken(at, "encoding", "")
		}
		return kindIs(at, t, reflect.String)
	case bool:
		return kindIs(at, t, reflect.Bool)
	case json.Number:
		return number(at, t, string(v))
	}
	if nulls && w.patch {
		return nil
	}
	return broken(at, "type", "")
}

// own checks a value whose type reads itself, such as an instant.
func (w *jsonWalk) own(at string, t reflect.Type, depth int, nulls bool) error {
	start := w.dec.InputOffset()
	if err := w.value(at, nil, depth, nulls); err != nil {
		return err
	}
	text := bytes.TrimLeft(w.raw[start:w.dec.InputOffset()], " \t\r\n,:")
	if nulls && w.patch && string(text) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, reflect.New(t).Interface()); err != nil {
		return broken(at, "type", "")
	}
	return nil
}

func (w *jsonWalk) object(at string, t reflect.Type, depth int) error {
	var fields map[string]reflect.Type
	var each reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Struct:
		fields = jsonFields(t)
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		each = t.Elem()
	default:
		return broken(at, "type", "")
	}
	seen := map[string]bool{}
	for w.dec.More() {
		start := w.dec.InputOffset()
		token, err := w.dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return broken(at, "json", "")
		}
		here := at + "/" + pointerPart(name)
		of, known := each, true
		if fields != nil {
			of, known = fields[name]
		}
		switch {
		case !plainText(name, false) || !w.paired(start):
			return broken(at, "encoding", "")
		case seen[name]:
			return broken(here, "repeated", "")
		case !known:
			return broken(here, "unknown", "")
		}
		seen[name] = true
		if err := w.value(here, of, depth, true); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// array checks the elements; a patch replaces arrays whole, so that a null has no meaning inside one.
func (w *jsonWalk) array(at string, t reflect.Type, depth int) error {
	var each reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		each = t.Elem()
	default:
		return broken(at, "type", "")
	}
	inPatch := w.patch
	w.patch = false
	defer func() { w.patch = inPatch }()
	for i := 0; w.dec.More(); i++ {
		if err := w.value(at+"/"+strconv.Itoa(i), each, depth, false); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

func kindIs(at string, t reflect.Type, k reflect.Kind) error {
	if t == nil || t.Kind() == k {
		return nil
	}
	return broken(at, "type", "")
}

// exactInt is the greatest whole number up to which a float64 keeps every one.
const exactInt = 1 << 53

func number(at string, t reflect.Type, text string) error {
	var err error
	switch {
	case t == nil:
		var n int64
		if n, err = strconv.ParseInt(text, 10, 64); err == nil && (n > exactInt || n < -exactInt) {
			err = strconv.ErrRange
		} else if errors.Is(err, strconv.ErrSyntax) {
			_, err = strconv.ParseFloat(text, 64)
		}
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		_, err = strconv.ParseInt(text, 10, t.Bits())
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64:
		_, err = strconv.ParseUint(text, 10, t.Bits())
	case t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32:
		_, err = strconv.ParseFloat(text, t.Bits())
	default:
		err = strconv.ErrSyntax
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, strconv.ErrRange):
		return broken(at, "range", "")
	}
	return broken(at, "type", "")
}

// paired reports whether the token that begins after start has no half of a surrogate pair among its escapes, which
// encoding/json would replace.
func (w *jsonWalk) paired(start int64) bool {
	text := w.raw[start:w.dec.InputOffset()]
	for i := 0; i < len(text)-1; i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		if text[i] != 'u' {
			continue
		}
		one := escape(text[i-1:])
		i += 4
		if !utf16.IsSurrogate(one) {
			continue
		}
		if utf16.DecodeRune(one, escape(text[i+1:])) == utf8.RuneError {
			return false
		}
		i += 6
	}
	return true
}

// escape is the value of the \uXXXX that text begins with, or -1.
func escape(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return rune(n)
}

// plainText reports whether s is UTF-8 without control characters; a text of several lines may hold TAB, LF and CR.
func plainText(s string, lines bool) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 && (!lines || c != '\t' && c != '\n' && c != '\r') {
			return false
		}
	}
	return utf8.ValidString(s)
}

func pointerPart(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(clip(name, 80))
}

func clip(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	return strings.ToValidUTF8(s[:bytes], "")
}

var (
	readsJSON = reflect.TypeFor[json.Unmarshaler]()
	readsText = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(readsJSON) || p.Implements(readsText)
}

var fieldSets sync.Map // reflect.Type → map[string]reflect.Type

// jsonFields are the fields of a struct by their exact JSON names, those of embedded structs among them.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	if set, ok := fieldSets.Load(t); ok {
		return set.(map[string]reflect.Type)
	}
	set, depths := map[string]reflect.Type{}, map[string]int{}
	for _, f := range reflect.VisibleFields(t) {
		name := schemas.JSONName(f)
		if name == "-" || !f.IsExported() || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if d, twice := depths[name]; !twice || len(f.Index) < d {
			set[name], depths[name] = f.Type, len(f.Index)
		}
	}
	fieldSets.Store(t, set)
	return set
}

var errTooLong = errors.New("handlers: body too long")

// capped reads at most left bytes, and fails where there are more.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errTooLong
	}
	return n, err
}
