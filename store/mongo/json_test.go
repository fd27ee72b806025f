package mongo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// thereAndBack is a JSON text after it was BSON.
func thereAndBack(text string) (string, bson.Raw, error) {
	at, dst := bsoncore.AppendDocumentStart(nil)
	dst, err := appendJSON(dst, "v", []byte(text))
	if err != nil {
		return "", nil, err
	}
	if dst, err = bsoncore.AppendDocumentEnd(dst, at); err != nil {
		return "", nil, err
	}
	if err := bson.Raw(dst).Validate(); err != nil {
		return "", nil, err
	}
	back, err := appendText(nil, bson.Raw(dst).Lookup("v"))
	return string(back), dst, err
}

// TestJSON: what comes back is the same, byte for byte, where it was written
// plainly.
func TestJSON(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `null`, `true`, `""`, `0`, `-1`, `[[],{},[{}]]`,
		`{"z":1,"a":{"z":[1,"x",null,false],"b":2}}`,
		`{"":1}`, `{"a":1,"a":2}`,
		`{"$set":1,"a$b":2,"$":3,"$$":4,"a.b":5,".":6,"%":7,"%24":8,"%2E":9,"%00":10,"100%":11,"%number":"12","\u0000":13}`,
		`[9223372036854775807,-9223372036854775808,9007199254740993]`,
		`[9223372036854775808,-9223372036854775809,123456789012345678901234567890]`,
		`[0.1,-2.5,1e+300,5e-324,-0]`,
		`[0.12345678901234567890123456789,1e400,-1e-400,1e99999999999999999999]`,
		`{"n":{"m":18446744073709551615}}`,
		`"\u0000\u0001\t\n\"\\é𠮷"`,
	} {
		back, _, err := thereAndBack(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if back != text {
			t.Errorf("%s became %s", text, back)
		}
	}
	for text, want := range map[string]string{
		` { "a" : [ 1 , 2 ] } `: `{"a":[1,2]}`,
		`[1.0,1e3,-2.50,0e9]`:   `[1,1000,-2.5,0]`,
		`"\u00e9\/<"`:           `"é/\u003c"`,
		`"\ud800"`:              "\"\ufffd\"",
	} {
		if back, _, err := thereAndBack(text); err != nil || back != want {
			t.Errorf("%s became %s, want %s: %v", text, back, want, err)
		}
	}
	for _, text := range []string{``, `{`, `{"a"}`, `1 2`, `{}{}`, `nul`, `[1,]`, `{"a":1}]`, `01`, `NaN`} {
		if back, _, err := thereAndBack(text); err == nil {
			t.Errorf("%q was taken as %s", text, back)
		}
	}
}

// TestNumberKinds: whole numbers are int64, so that a shell shows and sums
// them; only what no kind holds is text.
func TestNumberKinds(t *testing.T) {
	for text, want := range map[string]bson.Type{
		`7`: bson.TypeInt64, `-0`: bson.TypeDouble, `7.0`: bson.TypeDouble, `0.1`: bson.TypeDouble, `100000000000000000000`: bson.TypeDouble,
		`9223372036854775809`: bson.TypeEmbeddedDocument, `0.30000000000000000001`: bson.TypeEmbeddedDocument,
	} {
		_, doc, err := thereAndBack(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Lookup("v").Type; got != want {
			t.Errorf("%s is a %s, want %s", text, got, want)
		}
	}
}

// TestKeys: no stored key is an operator, a path or cut at a NUL.
func TestKeys(t *testing.T) {
	for _, key := range []string{"$", "$set", "a.b", ".", "..", "%", "%24", "%2E", "%25", "\x00", "a\x00b", "$a.b%\x00", "plain", "名", ""} {
		stored := escapeKey(key)
		if strings.HasPrefix(stored, "$") || strings.ContainsAny(stored, ".\x00") {
			t.Errorf("%q is stored as %q", key, stored)
		}
		if back := unescapeKey(stored); back != key {
			t.Errorf("%q came back as %q", key, back)
		}
	}
}

func TestForeignValues(t *testing.T) {
	for _, v := range []any{bson.NewObjectID(), math.Inf(1), math.NaN(), bson.Regex{Pattern: "a"}, bson.Binary{Data: []byte{1}}} {
		doc, err := bson.Marshal(bson.D{{Key: "v", Value: v}})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := appendText(nil, bson.Raw(doc).Lookup("v")); err == nil {
			t.Errorf("%v became the JSON %s", v, text)
		}
	}
}

// exact are the tokens of a JSON text, numbers by their exact value.
func exact(t *testing.T, text string) []any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out []any
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if n, ok := tok.(json.Number); ok {
			v, ok := new(big.Rat).SetString(n.String())
			if !ok {
				t.Fatalf("%s is no number", n)
			}
			tok = v.RatString()
		}
		out = append(out, tok)
	}
}

// FuzzJSON: any JSON comes back with the same tokens in the same order.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,2.5,null,true,"x"]}`, `{"$a.b%\u0000":{"":-0}}`, `[12345678901234567890,1e-7]`, `"\ud83d\ude00"`} {
		f.Add(text)
	}
	endless := regexp.MustCompile(`[eE][+-]?\d{4}`) // more digits than can be compared
	f.Fuzz(func(t *testing.T, text string) {
		if endless.MatchString(text) {
			t.Skip()
		}
		back, doc, err := thereAndBack(text)
		if err != nil {
			if json.Valid([]byte(text)) {
				t.Fatalf("%s: %v", text, err)
			}
			return
		}
		if diff := cmp.Diff(exact(t, text), exact(t, back)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		again, doc2, err := thereAndBack(back)
		if err != nil || again != back || !bytes.Equal(doc, doc2) && !strings.ContainsAny(text, "eE.") {
			t.Fatalf("%s came back as %s, then as %s: %v", text, back, again, err)
		}
	})
}
