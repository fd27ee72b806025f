package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
)

// ImportFile is one spreadsheet as it was given.
type ImportFile struct {
	Name    string
	Content []byte
}

// ImportOptions say how files are read.
type ImportOptions struct {
	Collection string // talents, teams or enterprises
	MatchBy    string // id, name, or "": by ID number where a row has one, else by name and organisation
	DryRun     bool
	Columns    map[string]string // header → field, beside what headers say themselves
	// Progress is told how many rows are done, and returns false to cancel.
	Progress func(done, total int) bool
}

// ImportReport says what became of every row: Rows = Created + Changed +
// Unchanged + Refused.
type ImportReport struct {
	schemas.Tally
	Batch   string              `json:"batch,omitempty"`
	DryRun  bool                `json:"dryRun,omitempty"`
	Files   []ImportedFile      `json:"files"`
	Results []schemas.RowResult `json:"results"`
}

// ImportedFile is what was found in one file.
type ImportedFile struct {
	Name    string          `json:"name"`
	Problem *sheets.Error   `json:"problem,omitempty"` // why the whole file is refused
	Sheets  []ImportedSheet `json:"sheets"`
	schemas.Tally
}

// ImportedSheet is what was found in one sheet. Skipped rows are no rows of
// the table: titles, totals, remarks.
type ImportedSheet struct {
	Name       string         `json:"name"`
	Hidden     bool           `json:"hidden,omitempty"`
	Problem    *sheets.Error  `json:"problem,omitempty"` // why the whole sheet is refused, or its rows from one on
	Mapping    sheets.Mapping `json:"mapping,omitempty"`
	Skipped    []sheets.Skip  `json:"skipped,omitempty"`
	ReportedBy string         `json:"reportedBy,omitempty"` // 填报单位
	ReportedOn schemas.Date   `json:"reportedOn,omitempty"` // 填报日期
	schemas.Tally
}

// Import reads spreadsheets into a collection. Every row of every table ends
// in the report; importing the same file again creates and changes nothing.
func (a *App) Import(ctx context.Context, files []ImportFile, o ImportOptions) (*ImportReport, error) {
	switch o.Collection {
	case "", schemas.Talents:
		return runImport(ctx, a, a.talents, talentImport, files, o)
	case schemas.Teams:
		return runImport(ctx, a, a.teams, teamImport, files, o)
	case schemas.Enterprises:
		return runImport(ctx, a, a.enterprises, enterpriseImport, files, o)
	}
	return nil, invalid("collection", "oneof", "talents teams enterprises")
}

// importing is how one noun is read from rows.
type importing[P any] struct {
	columns func() []importColumn[P]
	fresh   func() P
	// finish puts the parts of a row together.
	finish func(in *incoming[P])
	// keys are the identity keys of a row, the surest first; sure says that the
	// first identifies alone.
	keys func(a *App, doc P, matchBy string) (keys []string, sure bool)
	// namesake names the field in which two people of one name differ.
	namesake func(a *App, have, in P) string
	name     func(P) string
}

// person is one document that rows speak of.
type person[P any] struct {
	stored P // as it is in the store, opened; nil for a new one
	doc    P // as the rows make it
	rows   []*row[P]
	first  *row[P]
	prints map[string]bool // of the rows that made the stored one
	failed error           // why a new one was not stored
}

// row is one row on its way.
type row[P any] struct {
	in     *incoming[P]
	on     schemas.Date // of what has no day of its own: 填报日期, or the day of the import
	dated  bool         // 填报日期 is known
	result *schemas.RowResult
	who    *person[P]
	print  string // of what the row says
}

type importRun[T any, P schemas.Document[T]] struct {
	app     *App
	docs    *documents[T, P]
	kind    importing[P]
	options ImportOptions
	report  *ImportReport
	batch   string
	byKey   map[string]*person[P]
	people  []*person[P]
	rows    []*row[P]
}

func runImport[T any, P schemas.Document[T]](ctx context.Context, a *App, d *documents[T, P], kind importing[P], files []ImportFile, o ImportOptions) (*ImportReport, error) {
	r := &importRun[T, P]{app: a, docs: d, kind: kind, options: o, batch: a.newID(), byKey: map[string]*person[P]{}}
	r.report = &ImportReport{DryRun: o.DryRun, Files: []ImportedFile{}, Results: []schemas.RowResult{}}
	files = named(files)
	for _, f := range files {
		if err := r.file(ctx, f); err != nil {
			return nil, err
		}
	}
	write := r.commit
	if o.DryRun {
		write = r.rehearse
	}
	err := write(ctx)
	if o.DryRun && err != nil {
		return nil, err
	}
	state := "done"
	if err != nil {
		state = "failed"
		if errors.Is(err, context.Canceled) {
			state = "cancelled"
		}
		r.unwritten()
	}
	r.sum()
	if o.DryRun {
		return r.report, nil
	}
	return r.report, errors.Join(err, r.keep(context.WithoutCancel(ctx), state, files))
}

// named gives files of one name names of their own: every county sends 台账.xlsx.
func named(files []ImportFile) []ImportFile {
	out, seen := slices.Clone(files), map[string]int{}
	for i := range out {
		out[i].Name = cmp.Or(out[i].Name, "-")
		if seen[out[i].Name]++; seen[out[i].Name] > 1 {
			ending := path.Ext(out[i].Name)
			out[i].Name = strings.TrimSuffix(out[i].Name, ending) + " (" + itoa(seen[out[i].Name]) + ")" + ending
		}
	}
	return out
}

// file reads one file; one that cannot be read is refused by name.
func (r *importRun[T, P]) file(ctx context.Context, f ImportFile) error {
	out := ImportedFile{Name: f.Name, Sheets: []ImportedSheet{}}
	book, err := sheets.Open(f.Name, f.Content, sheets.Limits{})
	if err != nil {
		out.Problem = problemOf(err)
		r.report.Files = append(r.report.Files, out)
		return nil
	}
	columns := append(r.kind.columns(), customColumns[P](r.app, r.docs.shape.coll)...)
	cs := make([]sheets.Column, len(columns))
	for i := range columns {
		cs[i] = columns[i].Column
	}
	for header, field := range r.options.Columns {
		for i := range cs {
			if cs[i].Field == field {
				cs[i].Aliases = append(slices.Clone(cs[i].Aliases), header)
			}
		}
	}
	for _, s := range book.Sheets {
		sheet := ImportedSheet{Name: s.Name, Hidden: s.Hidden}
		if !s.Hidden {
			if err := r.sheet(ctx, f.Name, s, cs, columns, &sheet); err != nil {
				return err
			}
		}
		out.Sheets = append(out.Sheets, sheet)
	}
	r.report.Files = append(r.report.Files, out)
	return nil
}

func problemOf(err error) *sheets.Error {
	var e *sheets.Error
	if errors.As(err, &e) {
		return e
	}
	return &sheets.Error{Kind: sheets.KindBroken}
}

func (r *importRun[T, P]) sheet(ctx context.Context, file string, s *sheets.Sheet, cs []sheets.Column, columns []importColumn[P], out *ImportedSheet) error {
	table, err := s.Table(cs)
	if err != nil {
		out.Problem = problemOf(err)
		return nil
	}
	out.Mapping = sheets.Match(table.Headers, cs)
	if out.Mapping.Column("name") < 0 {
		out.Problem = &sheets.Error{Kind: sheets.KindNoHeader}
		return nil
	}
	out.ReportedBy = table.Meta["填报单位"]
	if d, err := table.ReportedOn(); err == nil && !d.IsZero() {
		out.ReportedOn = wholeDay(d)
	}
	on := cmp.Or(out.ReportedOn, r.app.Today())
	if on > r.app.Today() {
		on = r.app.Today()
	}
	byField := map[string]importColumn[P]{}
	for _, c := range columns {
		byField[c.Field] = c
	}
	for cells, err := range table.Rows() {
		if err != nil {
			out.Problem = problemOf(err)
			break
		}
		r.row(ctx, file, text.Clean(out.ReportedBy), on, out, byField, cells)
		if r.options.Progress != nil && len(r.rows)%200 == 0 && !r.options.Progress(0, len(r.rows)) {
			return context.Canceled
		}
	}
	out.Skipped = table.Skipped
	return nil
}

// sum counts the outcomes by sheet, file and all.
func (r *importRun[T, P]) sum() {
	at := map[string]*ImportedSheet{}
	for i := range r.report.Files {
		for j := range r.report.Files[i].Sheets {
			at[r.report.Files[i].Name+"/"+r.report.Files[i].Sheets[j].Name] = &r.report.Files[i].Sheets[j]
		}
	}
	for _, row := range r.rows {
		if row.result.Outcome == "unchanged" && row.who != nil && row.who.failed != nil {
			r.fail(row, row.who.failed) // what it repeats was refused
		}
		t := &at[row.result.File+"/"+row.result.Sheet].Tally
		t.Rows++
		switch row.result.Outcome {
		case "created":
			t.Created++
		case "changed":
			t.Changed++
		case "unchanged":
			t.Unchanged++
		default:
			t.Refused++
		}
		r.report.Results = append(r.report.Results, *row.result)
	}
	for i := range r.report.Files {
		f := &r.report.Files[i]
		for _, s := range f.Sheets {
			f.Tally = f.Tally.Add(s.Tally)
		}
		r.report.Tally = r.report.Tally.Add(f.Tally)
	}
}

// sortedKeys makes the order of maps no part of an outcome.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
