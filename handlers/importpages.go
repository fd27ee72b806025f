package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/app/sheets"
	"qunxian/schemas"
	"qunxian/web"
)

// ImportsPage is the upload of spreadsheets and the imports that were done.
type ImportsPage struct {
	Collection, Match    string
	Collections, Matches []web.Option
	Rows                 []BatchRow
	Older                string // leads to the imports before
}

// BatchRow is one import that was done.
type BatchRow struct {
	Href, Files, Kind, By string
	At                    time.Time
	schemas.Tally
}

func (h *Handlers) importsPage(ctx context.Context, in *askBatches) (ImportsPage, error) {
	w, err := h.wording(ctx, talentNoun)
	if err != nil {
		return ImportsPage{}, err
	}
	page := ImportsPage{Collection: schemas.Talents}
	for _, c := range importable {
		page.Collections = append(page.Collections, web.Option{Value: c, Label: w.t("nav." + c)})
	}
	for _, m := range []string{"", "id", "name"} {
		page.Matches = append(page.Matches, web.Option{Value: m, Label: w.t("import.match." + cmp.Or(m, "usual"))})
	}
	batches, next := h.App.ListBatches(ctx, in.Cursor, in.Limit)
	if next != "" {
		page.Older = addressOf("/imports", map[string]string{"cursor": next})
	}
	for _, b := range batches {
		row := BatchRow{Href: "/imports/" + b.ID, Kind: w.t("nav." + b.Collection), By: w.person(b.CreatedBy), At: b.CreatedAt.Time, Tally: b.Tally}
		var names []string
		for _, f := range b.Files {
			names = append(names, f.Name)
		}
		row.Files = w.join(names)
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// postUpload keeps the files and leads to a look at what they would do.
func (h *Handlers) postUpload(ctx context.Context, in *postUpload) (string, error) {
	if err := checkImport(in.Collection, in.Match); err != nil {
		return "", err
	}
	files, err := in.Upload.read()
	if err != nil {
		return "", err
	}
	token, err := h.App.HoldUpload(ctx, files)
	if err != nil {
		return "", err
	}
	return addressOf("/imports/check/"+token, map[string]string{"collection": in.Collection, "match": in.Match}), nil
}

func (h *Handlers) postUploadAgain(ctx context.Context, in *postUpload) (ImportsPage, error) {
	page, err := h.importsPage(ctx, &askBatches{})
	page.Collection, page.Match = cmp.Or(in.Collection, page.Collection), in.Match
	return page, err
}

// CheckPage is a dry run: what was found in each file, and what each row would do.
type CheckPage struct {
	Path, Collection, Match, Kind string
	Crumbs                        []web.Crumb
	Files                         []FileReport
	schemas.Tally
	Unreadable int // files
	Tabs       []web.Tab
	Outcome    string
	Rows       []RowReport
	From, Of   int // the rows shown begin with From, of so many of the outcome
	Prev, Next string
}

// FileReport is what was found in one file.
type FileReport struct {
	Name, Problem string
	Sheets        []SheetReport
	schemas.Tally
}

// SheetReport is what was found in one sheet.
type SheetReport struct {
	Name, Problem, By, On string
	Hidden                bool
	Columns               []ColumnReport
	Lost                  int // columns that go nowhere
	Skipped               []SkipReport
	schemas.Tally
}

// ColumnReport is a header and the field that it fills; Unsure is a guess to look at.
type ColumnReport struct {
	Header, Field string
	Unsure        bool
}

// SkipReport is rows that are none of the table, such as titles and totals.
type SkipReport struct{ Rows, Reason, Text string }

// RowReport is what became of one row.
type RowReport struct {
	Place, Name, Outcome, Tone, Href string
	Reasons                          []string
}

type (
	askCheck struct {
		Token      string `path:"token"`
		Collection string `query:"collection"`
		Match      string `query:"match"`
		Outcome    string `query:"outcome"`
		From       int    `query:"from"`
	}
	postCheck struct {
		Token      string `path:"token"`
		Collection string `form:"collection"`
		Match      string `form:"match"`
	}
)

// reportRows is how many rows a page of a report shows.
const reportRows = 100

// outcomes of rows, those first that a person must look at.
var outcomes = []string{"refused", "created", "changed", "unchanged"}

func (h *Handlers) checkPage(ctx context.Context, in *askCheck) (CheckPage, error) {
	if err := checkImport(in.Collection, in.Match); err != nil {
		return CheckPage{}, err
	}
	files, err := h.App.HeldUpload(ctx, in.Token)
	if err != nil {
		return CheckPage{}, err
	}
	report, err := h.App.Import(ctx, files, app.ImportOptions{Collection: in.Collection, MatchBy: in.Match, DryRun: true})
	if err != nil {
		return CheckPage{}, err
	}
	coll := cmp.Or(in.Collection, schemas.Talents)
	w, err := h.wording(ctx, nounOf(coll))
	if err != nil {
		return CheckPage{}, err
	}
	page := CheckPage{
		Path: "/imports/check/" + in.Token, Collection: coll, Match: in.Match, Kind: w.t("nav." + coll), Tally: report.Tally, Outcome: in.Outcome,
		Crumbs: []web.Crumb{{Label: w.t("nav.imports"), Href: "/imports"}, {Label: w.t("import.check")}},
	}
	for _, f := range report.Files {
		page.Files = append(page.Files, w.fileReport(f))
		if f.Problem != nil {
			page.Unreadable++
		}
	}
	href := func(outcome string, from int) string {
		start := ""
		if from > 0 {
			start = strconv.Itoa(from)
		}
		return addressOf(page.Path, map[string]string{"collection": coll, "match": in.Match, "outcome": outcome, "from": start})
	}
	page.Tabs = w.outcomeTabs(report.Tally, in.Outcome, func(o string) string { return href(o, 0) + "#rows" })
	rows := slices.DeleteFunc(slices.Clone(report.Results), func(r schemas.RowResult) bool { return in.Outcome != "" && r.Outcome != in.Outcome })
	if in.Outcome == "" {
		slices.SortStableFunc(rows, func(a, b schemas.RowResult) int {
			return cmp.Compare(slices.Index(outcomes, a.Outcome), slices.Index(outcomes, b.Outcome))
		})
	}
	page.Of = len(rows)
	from := min(max(in.From, 0), len(rows))
	to := min(from+reportRows, len(rows))
	page.From = from + 1
	if from > 0 {
		page.Prev = href(in.Outcome, max(0, from-reportRows)) + "#rows"
	}
	if to < len(rows) {
		page.Next = href(in.Outcome, to) + "#rows"
	}
	for _, r := range rows[from:to] {
		page.Rows = append(page.Rows, w.rowReport(r, len(report.Files) > 1))
	}
	return page, nil
}

func (w *wording) outcomeTabs(t schemas.Tally, current string, href func(string) string) []web.Tab {
	n := map[string]int{"refused": t.Refused, "created": t.Created, "changed": t.Changed, "unchanged": t.Unchanged}
	out := []web.Tab{{Label: w.t("import.outcome.all"), Href: href(""), Count: web.Number(t.Rows), Current: current == ""}}
	for _, o := range outcomes {
		out = append(out, web.Tab{Label: w.t("import.outcome." + o), Href: href(o), Count: web.Number(n[o]), Current: current == o})
	}
	return out
}

// Refused says why a file or a sheet cannot be read, and where, in a language; "" where it can.
func Refused(lang string, e *sheets.Error) string {
	if e == nil {
		return ""
	}
	limit := e.Limit
	if e.Kind == sheets.KindUnpacked {
		limit >>= 20
	}
	var args []any
	if limit > 0 {
		args = append(args, limit)
	}
	out := web.Text(lang, "import.refused."+string(e.Kind), args...)
	if e.Detail != "" {
		detail := e.Detail
		if key := "import.detail." + e.Detail; web.HasText(key) {
			detail = web.Text(lang, key)
		}
		out = web.Text(lang, "import.refused.detail", out, detail)
	}
	var at []string
	if e.Row > 0 {
		at = append(at, web.Text(lang, "import.refused.row", strconv.Itoa(e.Row)))
	}
	if e.Column > 0 {
		at = append(at, web.Text(lang, "import.refused.column", sheets.ColumnName(e.Column)))
	}
	if len(at) > 0 {
		out = web.Text(lang, "import.refused.at", strings.Join(at, " "), out)
	}
	return out
}

func (w *wording) fileReport(f app.ImportedFile) FileReport {
	out := FileReport{Name: f.Name, Problem: Refused(w.frame.Lang, f.Problem), Tally: f.Tally}
	for _, s := range f.Sheets {
		sheet := SheetReport{Name: s.Name, Problem: Refused(w.frame.Lang, s.Problem), By: s.ReportedBy, Hidden: s.Hidden, Tally: s.Tally}
		if s.ReportedOn != "" {
			sheet.On = w.frame.Day(s.ReportedOn)
		}
		for _, m := range s.Mapping {
			switch {
			case m.Header == "":
			case m.Field == "":
				sheet.Lost++
				sheet.Columns = append(sheet.Columns, ColumnReport{Header: m.Header})
			default:
				sheet.Columns = append(sheet.Columns, ColumnReport{m.Header, w.columnName(m.Field), !m.Sure})
			}
		}
		for _, skip := range s.Skipped {
			if skip.Reason == "empty" {
				continue
			}
			rows := web.Number(skip.Row)
			if skip.Last > skip.Row {
				rows += "–" + web.Number(skip.Last)
			}
			sheet.Skipped = append(sheet.Skipped, SkipReport{rows, w.t("import.skip." + string(skip.Reason)), short(skip.Text)})
		}
		out.Sheets = append(out.Sheets, sheet)
	}
	return out
}

// columnName is what a field of an import is called: by its own name, else as the catalogue's field.
func (w *wording) columnName(field string) string {
	for _, key := range []string{"import.field." + w.noun.coll + "." + field, "import.field." + field} {
		if web.HasText(key) {
			return w.t(key)
		}
	}
	if f := w.noun.rows.Named(field); f != nil || web.HasText("field."+field) {
		return w.label(field)
	}
	return w.fieldAt(field)
}

// fieldAt is what a path such as affiliation/position or agreements/0/days is called, or the path itself.
func (w *wording) fieldAt(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if _, err := strconv.Atoi(part); err == nil {
			parts[i] = "-"
		}
	}
	if f := w.noun.rows.At(strings.Join(parts, "/")); f != nil {
		return w.place(f.Name)
	}
	return path
}

// rowReport is a row in words; its file is named where there are several.
func (w *wording) rowReport(r schemas.RowResult, several bool) RowReport {
	out := RowReport{Name: r.Name, Outcome: w.t("import.outcome." + r.Outcome), Tone: outcomeTones[r.Outcome]}
	out.Place = w.t("import.row", r.Sheet, r.Row)
	if several {
		out.Place = r.File + " · " + out.Place
	}
	if r.Doc != "" {
		out.Href = w.noun.path() + "/" + r.Doc
	}
	for _, f := range r.Reasons {
		out.Reasons = append(out.Reasons, w.reason(f))
	}
	return out
}

var outcomeTones = map[string]string{"refused": "red", "created": "teal", "changed": "blue", "unchanged": "slate"}

// reason is why a row is refused, in words: the field and the rule, with what stood in the cell where that helps.
func (w *wording) reason(f schemas.FieldError) string {
	param := f.Param
	switch f.Rule {
	case "term":
		param = ""
		if t := w.taxonomy(f.Param); t != nil {
			param = w.taxonomyName(t)
		}
		if param != "" {
			return w.columnName(f.Field) + w.t("form.colon") + w.t("import.reason.term", param)
		}
	case "move":
		if step := strings.Split(param, " "); len(step) == 3 {
			return w.t("error.move", cmp.Or(w.app.CodeName(w.frame.Lang, "stage", step[0]), w.t("registry.move.start")), w.app.CodeName(w.frame.Lang, "stage", step[1]), w.frame.Day(step[2]))
		}
	case "several":
		param = web.Number(len(strings.Fields(param)))
	case "namesake":
		return w.t("import.reason.namesake", w.columnName(f.Field))
	case "failed":
		return w.t("import.reason.failed")
	}
	key := "rule." + f.Rule
	if own := "import.reason." + f.Rule; web.HasText(own) {
		key = own
	}
	if !web.HasText(key) {
		return w.columnName(f.Field) + w.t("form.colon") + w.t("rule.other", f.Rule)
	}
	text := w.t(key)
	if strings.Contains(text, "%") {
		text = w.t(key, param)
	}
	return w.columnName(f.Field) + w.t("form.colon") + text
}

func (h *Handlers) postImport(ctx context.Context, in *postCheck) (string, error) {
	if err := checkImport(in.Collection, in.Match); err != nil {
		return "", err
	}
	files, err := h.App.HeldUpload(ctx, in.Token)
	if err != nil {
		return "", err
	}
	job, err := h.App.StartImport(ctx, files, app.ImportOptions{Collection: in.Collection, MatchBy: in.Match})
	if err == nil {
		h.App.DropUpload(in.Token)
	}
	return "/imports/jobs/" + job.ID, err
}

// JobPage is an import on its way, or at its end.
type JobPage struct {
	ID, Path, State, Href, Problem string
	Crumbs                         []web.Crumb
	Done, Total                    int
	Running                        bool
	schemas.Tally
}

func (h *Handlers) jobPage(ctx context.Context, in *oneRecord) (JobPage, error) {
	job, err := h.App.GetImportJob(ctx, in.ID)
	if err != nil {
		return JobPage{}, err
	}
	f := web.Frame{Lang: langOf(ctx)}
	page := JobPage{
		ID: job.ID, Path: "/imports/jobs/" + job.ID, State: job.State, Done: job.Done, Total: job.Total, Running: job.State == "waiting" || job.State == "running",
		Crumbs: []web.Crumb{{Label: f.T("nav.imports"), Href: "/imports"}, {Label: f.T("import.job")}},
	}
	if job.Report != nil {
		page.Href, page.Tally = "/imports/"+job.Report.Batch, job.Report.Tally
	}
	return page, nil
}

func (h *Handlers) postCancelImport(ctx context.Context, in *oneRecord) (string, error) {
	return "/imports/jobs/" + in.ID, h.App.CancelImport(ctx, in.ID)
}

// BatchPage is an import that was done.
type BatchPage struct {
	ID, Kind, Match, By string
	Crumbs              []web.Crumb
	At                  time.Time
	schemas.Tally
	Files []schemas.BatchFile
	Rows  []RowReport
	Href  string // the registry that it went into
}

func (h *Handlers) batchPage(ctx context.Context, in *oneRecord) (BatchPage, error) {
	b, err := h.App.GetBatch(ctx, in.ID)
	if err != nil {
		return BatchPage{}, err
	}
	w, err := h.wording(ctx, nounOf(b.Collection))
	if err != nil {
		return BatchPage{}, err
	}
	page := BatchPage{
		ID: b.ID, Kind: w.t("nav." + b.Collection), Match: w.t("import.match." + cmp.Or(b.MatchBy, "usual")), By: w.person(b.CreatedBy), At: b.CreatedAt.Time,
		Tally: b.Tally, Files: b.Files, Href: "/" + b.Collection, Crumbs: []web.Crumb{{Label: w.t("nav.imports"), Href: "/imports"}, {Label: w.t("import.batch")}},
	}
	for _, r := range b.Results {
		page.Rows = append(page.Rows, w.rowReport(r, len(b.Files) > 1))
	}
	return page, nil
}

// Writes is how many rows would write something.
func (p CheckPage) Writes() int { return p.Created + p.Changed }
