package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"qunxian/app/progress"
	"qunxian/app/sheets"
	"qunxian/app/text"
	"qunxian/schemas"
	"qunxian/store"
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
	Problem string          `json:"problem,omitempty"` // why the whole file is refused
	Sheets  []ImportedSheet `json:"sheets"`
	schemas.Tally
}

// ImportedSheet is what was found in one sheet. Skipped rows are no rows of
// the table: titles, totals, remarks.
type ImportedSheet struct {
	Name       string         `json:"name"`
	Hidden     bool           `json:"hidden,omitempty"`
	Problem    string         `json:"problem,omitempty"` // why the whole sheet is refused
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
	on     schemas.Date
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
		out.Problem = err.Error()
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

func (r *importRun[T, P]) sheet(ctx context.Context, file string, s *sheets.Sheet, cs []sheets.Column, columns []importColumn[P], out *ImportedSheet) error {
	table, err := s.Table(cs)
	if err != nil {
		out.Problem = err.Error()
		return nil
	}
	out.Mapping = sheets.Match(table.Headers, cs)
	if out.Mapping.Column("name") < 0 {
		out.Problem = (&sheets.Error{Kind: sheets.KindNoHeader, File: file, Sheet: s.Name}).Error()
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
			out.Problem = err.Error()
			break
		}
		r.row(ctx, file, s.Name, text.Clean(out.ReportedBy), on, out.Mapping, byField, cells)
		if r.options.Progress != nil && len(r.rows)%200 == 0 && !r.options.Progress(0, len(r.rows)) {
			return context.Canceled
		}
	}
	out.Skipped = table.Skipped
	return nil
}

// row reads one row, finds whom it speaks of, and settles its outcome.
func (r *importRun[T, P]) row(ctx context.Context, file, sheet, by string, on schemas.Date, mapping sheets.Mapping, columns map[string]importColumn[P], cells sheets.Row) {
	in := &incoming[P]{app: r.app, doc: r.kind.fresh()}
	res := &schemas.RowResult{ID: strings.Join([]string{file, sheet, itoa(cells.Number)}, "/"), File: file, Sheet: sheet, Row: cells.Number}
	this := &row[P]{in: in, on: on, result: res}
	r.rows = append(r.rows, this)
	sum := sha256.New()
	for i, m := range mapping {
		cell := cells.Cell(i)
		if m.Field == "" || strings.TrimSpace(cell.Text) == "" {
			continue
		}
		fmt.Fprintf(sum, "%s=%q;", m.Field, strings.TrimSpace(cell.Text))
		if rule, param := columns[m.Field].set(in, cell); rule != "" {
			in.reason = append(in.reason, schemas.FieldError{Field: m.Field, Rule: rule, Param: param})
		}
	}
	this.print = r.app.keys.Blind("row", hex.EncodeToString(sum.Sum(nil)))[:16] // keyed, for cells may be personal
	r.kind.finish(in)
	if unit := unitOf(in.doc); unit != nil && *unit == "" {
		*unit = by // 填报单位 above the header is that of every row
	}
	for _, m := range in.moves {
		if m.On > r.app.Today() {
			in.reason = append(in.reason, schemas.FieldError{Field: m.Stage, Rule: "future", Param: string(r.app.Today())})
		}
	}
	slices.SortStableFunc(in.moves, func(x, y Move) int { return cmp.Compare(cmp.Or(x.On, on), cmp.Or(y.On, on)) })
	res.Name = r.kind.name(in.doc)
	if res.Name == "" {
		in.reason = append(in.reason, schemas.FieldError{Field: "name", Rule: "required"})
	}
	if len(in.reason) > 0 {
		r.refuse(this, in.reason...)
		return
	}
	who, err := r.find(ctx, in.doc)
	if err != nil {
		var e *schemas.Error
		if errors.As(err, &e) {
			r.refuse(this, e.Fields...)
		} else {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
		}
		return
	}
	r.place(ctx, this, who)
}

func unitOf(doc any) *string {
	switch x := doc.(type) {
	case *schemas.Talent:
		return &x.Unit
	case *schemas.Team:
		return &x.Unit
	case *schemas.Enterprise:
		return &x.Unit
	}
	return nil
}

func (r *importRun[T, P]) refuse(this *row[P], reasons ...schemas.FieldError) {
	this.result.Outcome, this.result.Reasons = "refused", reasons
}

// find is whom a row speaks of: someone of these files, someone stored, or
// nobody yet.
func (r *importRun[T, P]) find(ctx context.Context, doc P) (*person[P], error) {
	keys, sure := r.kind.keys(r.app, doc, r.options.MatchBy)
	for i, k := range keys {
		who := r.byKey[k]
		if who == nil {
			stored, err := r.lookUp(ctx, k)
			if err != nil {
				return nil, err
			}
			if stored == nil {
				continue
			}
			if who = r.byKey["doc:"+stored.DocMeta().ID]; who == nil {
				who = &person[P]{stored: stored}
				if who.doc, err = copyOf[T](stored); err != nil {
					return nil, err
				}
				r.byKey["doc:"+stored.DocMeta().ID] = who
				r.people = append(r.people, who)
			}
		}
		if sure && i == 0 && who.doc != nil && !knownAs(who.doc, r.kind.name(doc)) {
			return nil, invalid("name", "othername", r.kind.name(who.doc))
		}
		if !(sure && i == 0) && who.doc != nil {
			if field := r.kind.namesake(r.app, who.doc, doc); field != "" {
				return nil, invalid(field, "namesake", r.kind.name(who.doc))
			}
		}
		r.remember(who, keys)
		return who, nil
	}
	who := &person[P]{}
	r.people = append(r.people, who)
	r.remember(who, keys)
	return who, nil
}

// knownAs reports whether somebody is or was called so, or may be.
func knownAs(doc any, name string) bool {
	t, ok := doc.(*schemas.Talent)
	if !ok {
		return true
	}
	return slices.ContainsFunc(slices.Concat([]string{t.Name}, t.Aliases, t.FormerNames), func(s string) bool { return squeeze(s) == squeeze(name) })
}

func (r *importRun[T, P]) remember(who *person[P], keys []string) {
	for _, k := range keys {
		if r.byKey[k] == nil {
			r.byKey[k] = who
		}
	}
}

// lookUp finds the one stored document with an identity key. Two make the row
// a question for a person, and one out of scope says only that it is there.
func (r *importRun[T, P]) lookUp(ctx context.Context, key string) (P, error) {
	var ids []string
	err := r.app.store.Find(ctx, r.docs.shape.coll, byKey(key),
		func(rec store.Record) error { ids = append(ids, rec.ID); return nil })
	switch {
	case err != nil:
		return nil, known(err)
	case len(ids) == 0:
		return nil, nil
	case len(ids) > 1:
		return nil, invalid("name", "several", strings.Join(ids, " "))
	}
	doc, err := r.docs.get(ctx, ids[0])
	if err != nil {
		return nil, invalid("name", "elsewhere", "")
	}
	return r.docs.opened(doc)
}

// place settles what a row adds to whom it speaks of. A row that would break a
// rule is refused and changes nothing.
func (r *importRun[T, P]) place(ctx context.Context, this *row[P], who *person[P]) {
	next := r.kind.fresh()
	isNew := who.doc == nil
	if !isNew {
		var err error
		if next, err = copyOf[T](who.doc); err != nil {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
			return
		}
	}
	before, err := schemas.Flatten(next)
	if err == nil {
		err = r.apply(ctx, next, this)
	}
	if err != nil {
		var e *schemas.Error
		if errors.As(err, &e) && len(e.Fields) > 0 {
			r.refuse(this, e.Fields...)
		} else {
			r.refuse(this, schemas.FieldError{Field: "name", Rule: "failed"})
		}
		return
	}
	after, _ := schemas.Flatten(next)
	switch {
	case isNew:
		this.result.Outcome = "created"
		who.first = this
	case len(r.docs.changes(before, after)) == 0 || r.readBefore(ctx, who, this):
		this.result.Outcome = "unchanged"
		this.who = who
		return
	default:
		this.result.Outcome = "changed"
	}
	who.doc, this.who = next, who
	who.rows = append(who.rows, this)
}

// readBefore reports whether a row's very words were imported before: what has
// been said since stays.
func (r *importRun[T, P]) readBefore(ctx context.Context, who *person[P], this *row[P]) bool {
	if who.stored == nil {
		return false
	}
	if who.prints == nil {
		who.prints = map[string]bool{}
		entries, err := r.docs.history(ctx, who.stored.DocMeta().ID)
		if err != nil {
			return false
		}
		for _, e := range progress.Live(entries, schemas.Time{}) {
			who.prints[e.Details["print"]] = true
		}
	}
	return who.prints[this.print]
}

// apply makes the edit of a row on an opened document.
func (r *importRun[T, P]) apply(ctx context.Context, doc P, this *row[P]) error {
	r.merge(doc, this)
	if err := r.docs.clean(ctx, doc); err != nil {
		return err
	}
	for _, m := range this.in.moves {
		if err := r.app.setStage(doc, m); err != nil {
			return err
		}
	}
	if err := r.app.check(ctx, doc); err != nil {
		return err
	}
	return r.app.mayWrite(ctx, r.docs.shape.coll, doc)
}

func (r *importRun[T, P]) merge(doc P, this *row[P]) {
	absorb(reflect.ValueOf(doc).Elem(), reflect.ValueOf(this.in.doc).Elem())
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
