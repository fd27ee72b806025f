package sheets

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
)

// Bounds of one XML part. A cell holds at most 32,767 characters, so an honest
// tag or text stays far below maxToken bytes.
const (
	maxToken = 256 << 10
	maxDepth = 64
)

var (
	errToken = errors.New("xml: token too long")
	errDepth = errors.New("xml: nested too deep")
	errDTD   = errors.New("xml: document type declared")
)

// part walks the XML of one file of a zip with bounded memory.
type part struct {
	io.Closer
	dec   *xml.Decoder
	in    *meter
	depth int
}

// meter is a reader that fails when one token takes too many bytes.
type meter struct {
	*bufio.Reader
	left int
}

func (m *meter) ReadByte() (byte, error) {
	if m.left--; m.left < 0 {
		return 0, errToken
	}
	return m.Reader.ReadByte()
}

func openPart(f *zip.File) (*part, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	in := &meter{Reader: bufio.NewReaderSize(r, 32<<10)}
	return &part{Closer: r, dec: xml.NewDecoder(in), in: in}, nil
}

// next returns the next tag or text, or io.EOF after a complete document.
func (p *part) next() (xml.Token, error) {
	for {
		p.in.left = maxToken
		t, err := p.dec.Token()
		if p.in.left < 0 {
			return nil, errToken // the decoder may call it bad UTF-8, where the text was cut
		}
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement:
			if p.depth++; p.depth > maxDepth {
				return nil, errDepth
			}
		case xml.EndElement:
			p.depth--
		case xml.Directive:
			// Entities and external files have no place in a spreadsheet.
			return nil, errDTD
		case xml.CharData:
		default:
			continue
		}
		return t, nil
	}
}

// tags calls do for every opening tag of a part, with the tag around it.
func tags(f *zip.File, do func(around string, tag xml.StartElement) error) error {
	p, err := openPart(f)
	if err != nil {
		return err
	}
	defer p.Close()
	var open []string
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			around := ""
			if len(open) > 0 {
				around = open[len(open)-1]
			}
			if err := do(around, t); err != nil {
				return err
			}
			open = append(open, t.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// attr returns the value of an attribute by its local name, or "".
func attr(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }
