package workbooks

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"qunxian/app/sheets"

	"github.com/xuri/excelize/v2"
)

// templateRows is how many rows of a template are formatted and have lists.
const templateRows = 2000

// The sheets of a template beside the one to fill in.
const (
	notesSheet   = "填表说明"
	optionsSheet = "选项"
)

// Field is one column of a template: its name, what to write in it, and the
// choices of its drop-down list, if any.
type Field struct {
	Title    string
	Note     string
	Options  []string
	Required bool
	Width    float64
}

// Template writes an empty xlsx to be filled in: a sheet of the given name with
// the columns, formatted as text so that no ID number loses digits, a sheet
// that explains them, and a hidden one with the lists of choices. A list warns
// of other values and lets them pass: the import judges them.
func Template(w io.Writer, name string, fields []Field) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	names := sheetNames([]Out{{Name: notesSheet}, {Name: optionsSheet}, {Name: name}})
	t := &template{file: f, sheet: names[2]}
	if err := t.write(fields); err != nil {
		return fmt.Errorf("workbooks: template %q: %w", name, err)
	}
	return f.Write(w)
}

type template struct {
	file  *excelize.File
	sheet string
}

func (t *template) write(fields []Field) error {
	f := t.file
	if err := f.SetSheetName("Sheet1", t.sheet); err != nil {
		return err
	}
	for _, s := range []string{notesSheet, optionsSheet} {
		if _, err := f.NewSheet(s); err != nil {
			return err
		}
	}
	bold, err := headerStyle(f)
	if err != nil {
		return err
	}
	asText, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	for i, field := range fields {
		if err := t.column(i+1, field, bold, asText); err != nil {
			return err
		}
	}
	if err := t.notes(fields, bold); err != nil {
		return err
	}
	freeze := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	return errors.Join(f.SetPanes(t.sheet, freeze), f.SetSheetVisible(optionsSheet, false))
}

// column makes one column to fill in, with its list.
func (t *template) column(n int, field Field, bold, asText int) error {
	f, col := t.file, sheets.ColumnName(n)
	title := field.Title
	if field.Required {
		title = "*" + title
	}
	width := field.Width
	if width == 0 {
		width = usualWidth
	}
	err := errors.Join(
		f.SetColWidth(t.sheet, col, col, width),
		f.SetColStyle(t.sheet, col, asText),
		f.SetCellStr(t.sheet, col+"1", title),
		f.SetCellStyle(t.sheet, col+"1", col+"1", bold),
	)
	if err != nil || len(field.Options) == 0 {
		return err
	}
	for i, option := range field.Options {
		if err := f.SetCellStr(optionsSheet, fmt.Sprintf("%s%d", col, i+1), sheets.Neutralise(option)); err != nil {
			return err
		}
	}
	list := excelize.NewDataValidation(true)
	list.Sqref = fmt.Sprintf("%s2:%s%d", col, col, templateRows)
	list.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", optionsSheet, col, col, len(field.Options)))
	list.SetError(excelize.DataValidationErrorStyleWarning, "不在选项中", "这一项建议从下拉列表中选择。")
	return f.AddDataValidation(t.sheet, list)
}

// notes explains the columns on a sheet of their own.
func (t *template) notes(fields []Field, bold int) error {
	f := t.file
	if err := f.SetSheetRow(notesSheet, "A1", &[]string{"栏目", "是否必填", "填写要求", "可选内容"}); err != nil {
		return err
	}
	for i, field := range fields {
		required := "选填"
		if field.Required {
			required = "必填"
		}
		options := strings.Join(field.Options, "、")
		if len([]rune(options)) > 500 {
			options = "见下拉列表"
		}
		row := []string{sheets.Neutralise(field.Title), required, sheets.Neutralise(field.Note), sheets.Neutralise(options)}
		if err := f.SetSheetRow(notesSheet, fmt.Sprintf("A%d", i+2), &row); err != nil {
			return err
		}
	}
	return errors.Join(
		f.SetCellStyle(notesSheet, "A1", "D1", bold),
		f.SetColWidth(notesSheet, "A", "B", 14),
		f.SetColWidth(notesSheet, "C", "D", 60),
	)
}
