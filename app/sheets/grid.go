package sheets

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// lastRow is the last row number a spreadsheet can have.
const lastRow = 1 << 20

// rows streams the rows of one sheet in bounded memory. Whatever does not read
// to the end of a complete document is an error, so no row is cut off silently.
func (w *workbook) rows(f *zip.File, yield func(Row) bool) error {
	p, err := openPart(f)
	if err != nil {
		return err
	}
	defer p.Close()
	g := &grid{workbook: w, part: p}
	grids := 0
	for {
		t, err := p.next()
		switch {
		case errors.Is(err, io.EOF) && grids == 1:
			return nil
		case errors.Is(err, io.EOF):
			return broken("noContent")
		case err != nil:
			return g.at(err)
		}
		tag, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch tag.Name.Local {
		case "sheetData":
			if grids++; grids > 1 {
				return broken("twice")
			}
		case "row":
			row, err := g.row(tag)
			if err != nil {
				return g.at(err)
			}
			if !yield(row) {
				return nil
			}
		}
	}
}

// grid reads the rows of one sheet; number and column say where it is.
type grid struct {
	*workbook
	part           *part
	number, column int
}

// at puts the place on an error.
func (g *grid) at(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		kind := &Error{Kind: KindBroken, cause: err}
		if errors.Is(err, errToken) {
			kind = &Error{Kind: KindCell, Limit: int64(g.limits.CellBytes), cause: err}
		}
		e = kind
	}
	e.Row, e.Column = g.number, g.column
	return e
}

func (g *grid) row(tag xml.StartElement) (Row, error) {
	number, err := position(attr(tag, "r"), g.number)
	g.column = 0
	if err != nil || number > lastRow {
		return Row{}, broken("rowNumber")
	}
	g.number = number
	row := Row{Number: number, Hidden: isTrue(attr(tag, "hidden"))}
	for {
		t, err := g.part.next()
		if err != nil {
			return row, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				g.column = 0
				return row, nil
			}
		case xml.StartElement:
			if t.Name.Local == "row" {
				return row, broken("rowShape")
			}
			if t.Name.Local != "c" {
				continue
			}
			if g.column, err = position(columnOf(attr(t, "r"), number), g.column); err != nil {
				return row, broken("cellPlace")
			}
			cell, err := g.cell(t)
			if err != nil {
				return row, err
			}
			if cell == (Cell{}) {
				continue
			}
			if err := g.within(cell); err != nil {
				return row, err
			}
			for len(row.Cells) < g.column-1 {
				row.Cells = append(row.Cells, Cell{})
			}
			row.Cells = append(row.Cells, cell)
		}
	}
}

// within refuses a value beyond the limits; empty cells may lie anywhere.
func (g *grid) within(c Cell) error {
	switch {
	case g.number > g.limits.Rows:
		return &Error{Kind: KindRows, Limit: int64(g.limits.Rows)}
	case g.column > g.limits.Columns:
		return &Error{Kind: KindColumns, Limit: int64(g.limits.Columns)}
	case len(c.Text) > g.limits.CellBytes || len(c.Raw) > g.limits.CellBytes:
		return &Error{Kind: KindCell, Limit: int64(g.limits.CellBytes)}
	}
	return nil
}

// position reads a number that must grow; absent, it is the next one.
func position(s string, last int) (int, error) {
	if s == "" {
		return last + 1, nil
	}
	n, err := strconv.Atoi(s)
	if err == nil && n <= last {
		err = strconv.ErrRange
	}
	return n, err
}

// columnOf returns the column number in a cell's name such as AB12, as digits;
// a name of another row or no name at all gives what position refuses.
func columnOf(name string, row int) string {
	if name == "" {
		return ""
	}
	letters := strings.TrimRight(name, "0123456789")
	if len(letters) == 0 || len(letters) > 3 || name[len(letters):] != strconv.Itoa(row) {
		return "?"
	}
	n := 0
	for _, c := range strings.ToUpper(letters) {
		if c < 'A' || c > 'Z' {
			return "?"
		}
		n = n*26 + int(c-'A') + 1
	}
	return strconv.Itoa(n)
}

// cell reads one cell up to its closing tag.
func (g *grid) cell(tag xml.StartElement) (Cell, error) {
	var value, inline string
	var field string
	formula := false
	for {
		t, err := g.part.next()
		if err != nil {
			return Cell{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch field = t.Name.Local; field {
			case "f":
				formula = true
			case "is":
				text, err := g.part.text(nil, maxToken)
				if err != nil {
					return Cell{}, err
				}
				inline, field = string(text), ""
			case "c", "row":
				return Cell{}, broken("cellShape")
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				return g.valued(tag, value, inline, formula)
			}
			field = ""
		case xml.CharData:
			if field == "v" {
				if value += string(t); len(value) > maxToken {
					return Cell{}, errToken
				}
			}
		}
	}
}

// valued makes the cell of what was stored in it.
func (g *grid) valued(tag xml.StartElement, value, inline string, formula bool) (Cell, error) {
	kind := attr(tag, "t")
	switch {
	case kind == "inlineStr" || (inline != "" && value == ""):
		return textCell(inline), nil
	case value == "" && formula && kind != "str":
		return Cell{Note: NoResult}, nil
	case value == "":
		return Cell{}, nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		text, ok := g.shared.at(i)
		if err != nil || !ok {
			return Cell{}, broken("textRef")
		}
		return textCell(text), nil
	case "str":
		return textCell(unescape(value)), nil
	case "b":
		return Cell{Text: map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(value)], Raw: value, Kind: Bool}, nil
	case "e":
		return Cell{Raw: value, Note: ErrorValue}, nil
	case "d":
		text := strings.TrimSuffix(strings.Replace(value, "T", " ", 1), " 00:00:00")
		return Cell{Text: text, Raw: value, Kind: DateCell}, nil
	}
	return numberCell(strings.TrimSpace(value), g.style(tag), g.since1904), nil
}

func (g *grid) style(tag xml.StartElement) style {
	i, err := strconv.Atoi(attr(tag, "s"))
	if err != nil {
		i = 0
	}
	if i < 0 || i >= len(g.styles) {
		return style{}
	}
	return g.styles[i]
}
