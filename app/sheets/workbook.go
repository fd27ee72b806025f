package sheets

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// Bounds of the shared strings of a workbook, which are held in memory.
const (
	maxShared      = 800_000
	maxSharedBytes = 24 << 20
)

// workbook is what the rows of an xlsx need beside the sheets themselves.
type workbook struct {
	limits    Limits
	parts     map[string]*zip.File
	since1904 bool
	styles    []style
	shared    sharedStrings
}

func openWorkbook(book *Book, content []byte, limits Limits) error {
	parts, err := prewalk(content, limits)
	if err != nil {
		return err
	}
	w := &workbook{limits: limits, parts: parts}
	root, err := w.relations("")
	if err != nil {
		return err
	}
	main := root.first("/officeDocument")
	if main == "" {
		main = "xl/workbook.xml"
	}
	if parts[main] == nil {
		return &Error{Kind: KindOther}
	}
	links, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.readSheets(book, main, links); err != nil {
		return err
	}
	if p := orPart(links.first("/styles"), "xl/styles.xml"); parts[p] != nil {
		if w.styles, err = readStyles(parts[p]); err != nil {
			return err
		}
	}
	if p := orPart(links.first("/sharedStrings"), "xl/sharedstrings.xml"); parts[p] != nil {
		return w.shared.read(parts[p])
	}
	return nil
}

func orPart(found, usual string) string {
	if found != "" {
		return found
	}
	return usual
}

// readSheets lists the sheets that the workbook names.
func (w *workbook) readSheets(book *Book, main string, links relations) error {
	isBook := false
	err := tags(w.parts[main], func(around string, tag xml.StartElement) error {
		switch tag.Name.Local {
		case "workbook":
			isBook = true
		case "workbookPr":
			w.since1904 = isTrue(attr(tag, "date1904"))
		case "sheet":
			if around != "sheets" {
				return nil
			}
			if len(book.Sheets) >= w.limits.Entries {
				return &Error{Kind: KindEntries, Limit: int64(w.limits.Entries)}
			}
			s := &Sheet{Name: attr(tag, "name"), Hidden: strings.HasSuffix(strings.ToLower(attr(tag, "state")), "hidden")}
			link, ok := links[attr(tag, "id")]
			if !ok || w.parts[link.part] == nil {
				return &Error{Kind: KindBroken, Sheet: s.Name, Detail: "noSheetPart"}
			}
			s.scan = func(yield func(Row) bool) error { return w.rows(w.parts[link.part], yield) }
			if !strings.HasSuffix(link.kind, "/worksheet") {
				s.scan = func(func(Row) bool) error { return nil } // a sheet that is one chart has no rows
			}
			book.Sheets = append(book.Sheets, s)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !isBook:
		return &Error{Kind: KindOther}
	case len(book.Sheets) == 0:
		return broken("noSheets")
	}
	return nil
}

// relations are the links of a part to others, by id.
type relations map[string]relation

type relation struct{ kind, part string }

// first returns the first part by name that a relation of the kind points to,
// or "".
func (r relations) first(kind string) string {
	found := ""
	for _, link := range r {
		if strings.HasSuffix(link.kind, kind) && (found == "" || link.part < found) {
			found = link.part
		}
	}
	return found
}

// relations reads the links of a part; "" is the package itself.
func (w *workbook) relations(of string) (relations, error) {
	dir, file := path.Split(of)
	f := w.parts[dir+"_rels/"+file+".rels"]
	links := relations{}
	if f == nil {
		return links, nil
	}
	err := tags(f, func(_ string, tag xml.StartElement) error {
		if tag.Name.Local != "Relationship" || attr(tag, "TargetMode") == "External" {
			return nil
		}
		target := strings.ToLower(strings.ReplaceAll(attr(tag, "Target"), `\`, "/"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		links[attr(tag, "Id")] = relation{kind: attr(tag, "Type"), part: strings.TrimPrefix(path.Clean(target), "/")}
		return nil
	})
	return links, err
}

// sharedStrings are the texts that cells point to, one after another.
type sharedStrings struct {
	text []byte
	ends []uint32
}

func (s *sharedStrings) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	start := uint32(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return string(s.text[start:s.ends[i]]), true
}

func (s *sharedStrings) read(f *zip.File) error {
	p, err := openPart(f)
	if err != nil {
		return err
	}
	defer p.Close()
	s.text = make([]byte, 0, min(f.UncompressedSize64, maxSharedBytes))
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Error{Kind: KindBroken, Detail: "sharedTexts", cause: err}
		}
		if tag, ok := t.(xml.StartElement); ok && tag.Name.Local == "si" {
			if s.text, err = p.text(s.text, maxSharedBytes); err != nil {
				return err
			}
			if s.ends = append(s.ends, uint32(len(s.text))); len(s.ends) > maxShared {
				return &Error{Kind: KindUnpacked, Limit: maxSharedBytes, Detail: "manyTexts"}
			}
		}
	}
}

// text appends to buf the texts inside the element that was just opened, until
// it ends. The phonetic runs that East Asian input leaves are not text.
func (p *part) text(buf []byte, limit int) ([]byte, error) {
	outer := p.depth
	inText, phonetic := false, 0
	start := len(buf)
	for {
		t, err := p.next()
		if err != nil {
			return nil, &Error{Kind: KindBroken, Detail: "textCut", cause: err}
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "rPh":
				if phonetic == 0 {
					phonetic = p.depth
				}
			case "t":
				inText = phonetic == 0
			}
		case xml.EndElement:
			if p.depth < outer {
				return append(buf[:start], unescape(string(buf[start:]))...), nil
			}
			inText = false
			if t.Name.Local == "rPh" && p.depth < phonetic {
				phonetic = 0
			}
		case xml.CharData:
			if inText {
				if buf = append(buf, t...); len(buf) > limit {
					return nil, &Error{Kind: KindUnpacked, Limit: int64(limit), Detail: "manyTexts"}
				}
			}
		}
	}
}

// unescape decodes _xHHHH_, by which a workbook writes characters that XML
// lacks (ECMA-376 part 1, 22.9.2.19 ST_Xstring).
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' || (n >= 0xD800 && n < 0xE000) {
			b.WriteString("_x")
			s = s[i+2:]
			continue
		}
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
