package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/app/workbooks"
	"qunxian/schemas"
)

// importRows is how many rows an import has.
const importRows = 20_000

// imports measures both parts of an import into an empty registry: what the
// batches of an import reach once the rows are read, and the whole command.
func (b *bench) imports(ctx context.Context, c *city) error {
	dir := filepath.Join(benchDir, "import")
	var book bytes.Buffer
	var written, whole []float64
	for range b.rounds {
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
			return err
		}
		rate, err := b.imported(ctx, c, dir, &book)
		if err != nil {
			return err
		}
		written = append(written, rate)
		if rate, err = commanded(ctx, dir, book.Bytes()); err != nil {
			return err
		}
		whole = append(whole, rate)
	}
	b.least("import into the store, batches of 500, until searchable", median(written), "talents/s", 5000)
	b.least("qunxian import of "+thousands(importRows)+" rows of xlsx", median(whole), "rows/s", 1000)
	return os.RemoveAll(dir)
}

// commanded imports the workbook by the command, and says how many rows it
// takes in a second.
func commanded(ctx context.Context, dir string, book []byte) (float64, error) {
	file := filepath.Join(dir, "talents.xlsx")
	if err := os.WriteFile(file, book, 0o600); err != nil {
		return 0, err
	}
	began := time.Now()
	text, err := cli(ctx, "", "import", file, "--json", "--db", "file:"+filepath.Join(dir, "command.db"), "--keyring", filepath.Join(dir, "command.json"))
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	var report struct{ Rows, Created, Changed, Unchanged, Refused int }
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		return 0, err
	}
	if report.Rows != importRows || report.Refused > 0 {
		return 0, fmt.Errorf("%d rows were read of %d, and %d refused", report.Rows, importRows, report.Refused)
	}
	return importRows / took.Seconds(), nil
}

// imported imports the workbook in this process, to tell the reading of the
// rows from the writing of the talents, and says how many talents are written
// in a second. An empty workbook is filled first.
func (b *bench) imported(ctx context.Context, c *city, dir string, book *bytes.Buffer) (rate float64, err error) {
	_, a, err := openApp(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if book.Len() == 0 {
		others := c.options
		others.Seed, others.Talents, others.Bench = c.options.Seed+2, 2*importRows, false
		if err := workbooks.Write(book, []workbooks.Out{{Name: "人才", Headers: headers(), Rows: rowsOf(a, others)}}); err != nil {
			return 0, err
		}
	}
	ctx = app.WithActor(ctx, app.Actor{Local: true})
	var read, written time.Time
	o := app.ImportOptions{Collection: schemas.Talents, Progress: func(done, _ int) bool {
		if written = time.Now(); done == 0 {
			read = written
		}
		return true
	}}
	var report *app.ImportReport
	err = b.profiled("import", func() error {
		report, err = a.Import(ctx, []app.ImportFile{{Name: "talents.xlsx", Content: book.Bytes()}}, o)
		return err
	})
	if err == nil {
		err = allRead(report)
	}
	if err == nil {
		err = found(ctx, a, report.Created)
	}
	if err != nil {
		return 0, err
	}
	return float64(report.Created) / written.Sub(read).Seconds(), nil
}

func allRead(r *app.ImportReport) error {
	for _, row := range r.Results {
		if row.Outcome == "refused" {
			return fmt.Errorf("row %d was refused: %v", row.Row, row.Reasons)
		}
	}
	if r.Rows != importRows || r.Created < importRows*9/10 {
		return fmt.Errorf("%d rows, %d created", r.Rows, r.Created)
	}
	return nil
}

// found looks for what was imported: all of it carries the tag.
func found(ctx context.Context, a *app.App, n int) error {
	l, err := a.ListTalents(ctx, app.ListQuery{Q: sample.Tag, Limit: 1, On: schemas.Staff})
	if err == nil && l.Total != n {
		err = fmt.Errorf("%d of %d are found", l.Total, n)
	}
	return err
}

// sheetColumn is a column of the office's list.
type sheetColumn struct {
	header string
	cell   func(say func(taxonomy, code string) string, f *schemas.TalentFields) string
}

var sheetColumns = []sheetColumn{
	{"姓名", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Name }},
	{"性别", func(say func(string, string) string, f *schemas.TalentFields) string {
		return say(schemas.TaxGender, f.Gender)
	}},
	{"工作单位", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Affiliation.Organisation }},
	{"部门", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Affiliation.Department }},
	{"职务", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Affiliation.Position }},
	{"职称", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.RankWritten }},
	{"用人单位", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Employer.Name }},
	{"县区", func(say func(string, string) string, f *schemas.TalentFields) string {
		return say(schemas.TaxRegion, f.Region)
	}},
	{"产业领域", func(say func(string, string) string, f *schemas.TalentFields) string {
		return say(schemas.TaxIndustry, f.Industry)
	}},
	{"人才层次", func(say func(string, string) string, f *schemas.TalentFields) string {
		return say(schemas.TaxTier, f.Tier)
	}},
	{"引育类型", func(say func(string, string) string, f *schemas.TalentFields) string {
		return say(schemas.TaxTrack, f.Track)
	}},
	{"专业特长", func(_ func(string, string) string, f *schemas.TalentFields) string {
		return strings.Join(f.Specialties, "；")
	}},
	{"毕业院校", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Education[0].School }},
	{"所学专业", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Education[0].Major }},
	{"个人简介", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Bio }},
	{"标签", func(_ func(string, string) string, f *schemas.TalentFields) string {
		return strings.Join(f.Tags, "；")
	}},
	{"来源", func(_ func(string, string) string, f *schemas.TalentFields) string { return f.Source }},
}

func headers() []string {
	var out []string
	for _, c := range sheetColumns {
		out = append(out, c.header)
	}
	return out
}

// rowsOf are generated people as an office lists them, no two of one name and
// place of work: a
// namesake would be a question for a person.
func rowsOf(a *app.App, o sample.Options) iter.Seq[[]string] {
	say := func(taxonomy, code string) string {
		if code == "" {
			return ""
		}
		return a.CodeName("zh-CN", taxonomy, code)
	}
	return func(yield func([]string) bool) {
		had := map[string]bool{}
		for p := range sample.Talents(o) {
			if who := p.Fields.Name + "|" + p.Fields.Affiliation.Organisation; had[who] || len(had) == importRows {
				continue
			} else {
				had[who] = true
			}
			row := make([]string, len(sheetColumns))
			for i, c := range sheetColumns {
				row[i] = c.cell(say, &p.Fields)
			}
			if !yield(row) {
				return
			}
		}
	}
}
