package mongo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// JSON becomes BSON and comes back: keys keep their order, whole numbers are
// int64, other numbers double, and a number that neither would give back is the
// document {"%number": its text}. A key that MongoDB may take for an operator or
// a path is written with its odd bytes as %xx: a leading $, every dot, NUL and
// the percent sign itself, so that %number is no key of ours.

const numberKey = "%number"

var keyEscapes = strings.NewReplacer("%", "%25", ".", "%2E", "\x00", "%00")

var keyUnescapes = strings.NewReplacer("%24", "$", "%25", "%", "%2E", ".", "%00", "\x00")

func escapeKey(key string) string {
	if !strings.ContainsAny(key, "%.$\x00") {
		return key
	}
	key = keyEscapes.Replace(key)
	if strings.HasPrefix(key, "$") {
		key = "%24" + key[1:]
	}
	return key
}

func unescapeKey(key string) string {
	if !strings.Contains(key, "%") {
		return key
	}
	return keyUnescapes.Replace(key)
}

// appendJSON appends an element that holds what a JSON text says.
func appendJSON(dst []byte, key string, text []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	tok, err := d.Token()
	if err != nil {
		return dst, fmt.Errorf("mongo: JSON: %w", err)
	}
	if dst, err = appendToken(dst, key, d, tok); err != nil {
		return dst, fmt.Errorf("mongo: JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return dst, errors.New("mongo: JSON: more than one value")
	}
	return dst, nil
}

// appendToken appends the value that begins with tok.
func appendToken(dst []byte, key string, d *json.Decoder, tok json.Token) ([]byte, error) {
	switch v := tok.(type) {
	case json.Delim:
		return appendNested(dst, key, d, v == '{')
	case string:
		return bsoncore.AppendStringElement(dst, key, v), nil
	case bool:
		return bsoncore.AppendBooleanElement(dst, key, v), nil
	case json.Number:
		return appendNumber(dst, key, v), nil
	}
	return bsoncore.AppendNullElement(dst, key), nil
}

func appendNumber(dst []byte, key string, v json.Number) []byte {
	if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil && v != "-0" {
		return bsoncore.AppendInt64Element(dst, key, n)
	}
	if f, err := v.Float64(); err == nil && decimal(formatted(f)) == decimal(v.String()) {
		return bsoncore.AppendDoubleElement(dst, key, f)
	}
	return bsoncore.BuildDocumentElement(dst, key, bsoncore.AppendStringElement(nil, numberKey, v.String()))
}

func formatted(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// decimal is the one spelling of all that mean the same number: its digits
// without zeros at either end, and the power of ten of the last.
func decimal(number string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	power, _ := strconv.Atoi(exponent) // none is 0
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	long := strings.TrimLeft(whole+fraction, "0")
	digits := strings.TrimRight(long, "0")
	if power += len(long) - len(digits) - len(fraction); digits == "" {
		power = 0
	}
	return fmt.Sprintf("%t %se%d", negative, digits, power)
}

// appendNested appends an object or an array, whose bracket has been read.
func appendNested(dst []byte, key string, d *json.Decoder, object bool) ([]byte, error) {
	var at int32
	if object {
		at, dst = bsoncore.AppendDocumentElementStart(dst, key)
	} else {
		at, dst = bsoncore.AppendArrayElementStart(dst, key)
	}
	for i := 0; ; i++ {
		tok, err := d.Token()
		if err != nil {
			return dst, err
		}
		if end, ok := tok.(json.Delim); ok && (end == '}' || end == ']') {
			return bsoncore.AppendDocumentEnd(dst, at)
		}
		name := strconv.Itoa(i)
		if object {
			name = escapeKey(tok.(string))
			if tok, err = d.Token(); err != nil {
				return dst, err
			}
		}
		if dst, err = appendToken(dst, name, d, tok); err != nil {
			return dst, err
		}
	}
}

// appendText appends a BSON value as JSON text.
func appendText(dst []byte, v bson.RawValue) ([]byte, error) {
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		return appendElements(dst, v.Document(), '{', '}')
	case bson.TypeArray:
		return appendElements(dst, bson.Raw(v.Array()), '[', ']')
	case bson.TypeString:
		return appendString(dst, v.StringValue()), nil
	case bson.TypeInt64:
		return strconv.AppendInt(dst, v.Int64(), 10), nil
	case bson.TypeInt32:
		return strconv.AppendInt(dst, int64(v.Int32()), 10), nil
	case bson.TypeBoolean:
		return strconv.AppendBool(dst, v.Boolean()), nil
	case bson.TypeNull:
		return append(dst, "null"...), nil
	case bson.TypeDouble:
		if f := v.Double(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return append(dst, formatted(f)...), nil
		}
	}
	return dst, fmt.Errorf("mongo: a BSON %s where JSON was kept", v.Type)
}

func appendElements(dst []byte, doc bson.Raw, open, end byte) ([]byte, error) {
	elems, err := doc.Elements()
	if err != nil {
		return dst, fmt.Errorf("mongo: %w", err)
	}
	if len(elems) == 1 && open == '{' && elems[0].Key() == numberKey {
		return append(dst, elems[0].Value().StringValue()...), nil
	}
	dst = append(dst, open)
	for i, e := range elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		if open == '{' {
			dst = append(appendString(dst, unescapeKey(e.Key())), ':')
		}
		if dst, err = appendText(dst, e.Value()); err != nil {
			return dst, err
		}
	}
	return append(dst, end), nil
}

// appendString appends a JSON string.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x80 {
			b, _ := json.Marshal(s) // fails for no string
			return append(dst, b...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
