package sheets

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// The names of encodings, as Book.Encoding has them.
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
)

// source is a text file: its bytes behind the byte order mark, and how to read
// them.
type source struct {
	content []byte
	name    string
}

// decode returns the text as UTF-8, read as a stream.
func (s source) decode() *bufio.Reader {
	var e encoding.Encoding
	switch s.name {
	case GB18030:
		e = simplifiedchinese.GB18030
	case UTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		return bufio.NewReaderSize(bytes.NewReader(s.content), 64<<10)
	}
	return bufio.NewReaderSize(e.NewDecoder().Reader(bytes.NewReader(s.content)), 64<<10)
}

// findEncoding tells the encoding of a text by its mark, else by its bytes, and
// reads it through once: a text that is broken, or of an encoding that this
// package does not read, is refused with the line.
func findEncoding(content []byte) (source, error) {
	for _, m := range []struct{ mark, name string }{
		{"\xff\xfe\x00\x00", ""},
		{"\x00\x00\xfe\xff", ""},
		{"\xef\xbb\xbf", UTF8},
		{"\xff\xfe", UTF16LE},
		{"\xfe\xff", UTF16BE},
	} {
		if !bytes.HasPrefix(content, []byte(m.mark)) {
			continue
		}
		if m.name == "" {
			return source{}, &Error{Kind: KindEncoding, Detail: "UTF-32"}
		}
		return source{content[len(m.mark):], m.name}.checked()
	}
	switch {
	case bytes.IndexByte(content, 0) >= 0:
		return plainUTF16(content)
	case utf8.Valid(content):
		if isHZ(content) {
			return source{}, &Error{Kind: KindEncoding, Detail: "HZ-GB-2312"}
		}
		return source{content, UTF8}.checked()
	case mostlyUTF8(content):
		// Its bytes would read as GB18030, but as nonsense.
		return source{content, UTF8}.checked()
	case !likelyChinese(content):
		return source{}, &Error{Kind: KindEncoding, Detail: "notGB18030"}
	}
	return source{content, GB18030}.checked()
}

// plainUTF16 tells the byte order of UTF-16 without a mark: only one order
// gives a clean text with a line end or a delimiter in it.
func plainUTF16(content []byte) (source, error) {
	var found []source
	for _, name := range []string{UTF16LE, UTF16BE} {
		s := source{content, name}
		if len(content)%2 != 0 {
			break
		}
		at := map[string]int{UTF16LE: 0, UTF16BE: 1}[name]
		plain := 0
		for i := 0; i+1 < len(content); i += 2 {
			if b := content[i+at]; content[i+1-at] == 0 && (b == ',' || b == '\t' || b == ';' || b == '\n') {
				plain++
			}
		}
		if _, err := s.checked(); err == nil && plain > 0 {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return source{}, &Error{Kind: KindEncoding, Detail: "nul"}
	}
	return found[0], nil
}

// checked reads the text through and refuses characters that no text has.
func (s source) checked() (source, error) {
	if (s.name == UTF16LE || s.name == UTF16BE) && len(s.content)%2 != 0 {
		return s, &Error{Kind: KindEncoding, Detail: s.name}
	}
	r := s.decode()
	line := 1
	for {
		c, size, err := r.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return s, &Error{Kind: KindEncoding, Row: line, Detail: s.name, cause: err}
		case c == '\n':
			line++
		case (c == utf8.RuneError && (size == 1 || s.name != UTF8)) || c == 0xFFFE || c == 0xFFFF || (c < ' ' && c != '\t' && c != '\r'):
			return s, &Error{Kind: KindEncoding, Row: line, Detail: s.name}
		}
	}
}

// isHZ reports the escapes of HZ (RFC 1843), which is ASCII throughout.
func isHZ(content []byte) bool {
	open := bytes.Count(content, []byte("~{"))
	return open > 0 && open == bytes.Count(content, []byte("~}"))
}

// mostlyUTF8 reports that nine tenths of the bytes beyond ASCII form UTF-8.
func mostlyUTF8(content []byte) bool {
	good, bad := 0, 0
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good += size
		}
		content = content[size:]
	}
	return good > 9*bad
}

// likelyChinese reports that most two-byte characters lie in the plane of
// GB 2312, where nearly all modern text does. Other double-byte encodings read
// as GB18030 do not: they fall into its extensions.
func likelyChinese(content []byte) bool {
	common, other := 0, 0
	for i := 0; i < len(content); i++ {
		if content[i] < 0x81 {
			continue
		}
		if i+1 == len(content) {
			return false
		}
		switch a, b := content[i], content[i+1]; {
		case b >= 0x30 && b <= 0x39:
			i += 2
		case a >= 0xA1 && a <= 0xF7 && b >= 0xA1:
			common++
		default:
			other++
		}
		i++
	}
	return other <= 3 || common > other
}
