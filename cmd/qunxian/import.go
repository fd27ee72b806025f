package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qunxian/app"
	"qunxian/app/sheets"
	"qunxian/handlers"
	"qunxian/schemas"
)

type importCmd struct {
	Files      []string `arg:"" type:"existingfile" placeholder:"FILE" help:"xlsx or CSV files, all their sheets; or one .jsonl of export."`
	Collection string   `default:"talents" enum:"talents,teams,enterprises" help:"What the rows are: ${enum}."`
	Match      string   `default:"" enum:",id,name" help:"What tells that a row is somebody known: id, name (with organisation), or by default the ID number where a row has one, else the name."`
	DryRun     bool     `name:"dry-run" help:"Say what would happen and change nothing."`
	JSON       bool     `name:"json" help:"Print one JSON object: rows, created, changed, unchanged, refused."`
}

type importArgs struct {
	Collection, Match string
	DryRun, JSON      bool
}

func init() { workers["import"] = importWork }

func (i *importCmd) Run(ctx context.Context, s *settings, c console) error {
	files := make([]app.ImportFile, 0, len(i.Files))
	for _, name := range i.Files {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, app.ImportFile{Name: filepath.Base(name), Content: b})
	}
	return s.do(ctx, c, "import", importArgs{i.Collection, i.Match, i.DryRun, i.JSON}, files)
}

func importWork(ctx context.Context, a *app.App, j job, out io.Writer) error {
	var args importArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	if len(j.files) == 1 && strings.HasSuffix(strings.ToLower(j.files[0].Name), ".jsonl") {
		return restore(ctx, a, j.files[0], args, out)
	}
	report, err := a.Import(ctx, j.files, app.ImportOptions{Collection: args.Collection, MatchBy: args.Match, DryRun: args.DryRun})
	if err != nil {
		return err
	}
	refused := 0
	for _, f := range report.Files {
		if unread(f) {
			refused++
		}
	}
	if args.JSON {
		err = json.NewEncoder(out).Encode(report)
	} else {
		err = printReport(out, report)
	}
	if err == nil && refused > 0 {
		err = fmt.Errorf("%d of %d files could not be read", refused, len(report.Files))
	}
	return err
}

// unread reports whether a file could not be read, or not to the end: a sheet without names of columns, such as notes,
// may stand beside others.
func unread(f app.ImportedFile) bool {
	return f.Problem != nil ||
		slices.ContainsFunc(f.Sheets, func(s app.ImportedSheet) bool { return s.Problem != nil && s.Problem.Kind != sheets.KindNoHeader }) ||
		len(f.Sheets) > 0 && !slices.ContainsFunc(f.Sheets, func(s app.ImportedSheet) bool { return s.Problem == nil && !s.Hidden })
}

func printReport(out io.Writer, r *app.ImportReport) error {
	w := &bytes.Buffer{}
	for _, f := range r.Files {
		if f.Problem != nil {
			fmt.Fprintf(w, "%s: %s\n", f.Name, handlers.Refused("en", f.Problem))
			continue
		}
		for _, s := range f.Sheets {
			switch {
			case s.Hidden:
				fmt.Fprintf(w, "%s / %s: hidden, not read\n", f.Name, s.Name)
			case s.Problem != nil:
				fmt.Fprintf(w, "%s / %s: %s\n", f.Name, s.Name, handlers.Refused("en", s.Problem))
			default:
				fmt.Fprintf(w, "%s / %s: %s\n", f.Name, s.Name, tallyText(s.Tally))
			}
		}
	}
	for _, row := range r.Results {
		if row.Outcome == "refused" {
			fmt.Fprintf(w, "  %s / %s row %d %s:", row.File, row.Sheet, row.Row, row.Name)
			for _, f := range row.Reasons {
				fmt.Fprintf(w, " %s;", reason(f))
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintln(w, tallyText(r.Tally))
	_, err := w.WriteTo(out)
	return err
}

func tallyText(t schemas.Tally) string {
	return fmt.Sprintf("%d rows = %d created + %d changed + %d unchanged + %d refused", t.Rows, t.Created, t.Changed, t.Unchanged, t.Refused)
}

func restore(ctx context.Context, a *app.App, f app.ImportFile, args importArgs, out io.Writer) error {
	if args.DryRun {
		return fmt.Errorf("%s: a file of export is read whole or not at all; --dry-run is for spreadsheets", f.Name)
	}
	tally, refused, err := a.Restore(ctx, bytes.NewReader(f.Content))
	if err != nil {
		return err
	}
	if args.JSON {
		return json.NewEncoder(out).Encode(struct {
			schemas.Tally
			Results []schemas.RowResult `json:"results"`
		}{tally, refused})
	}
	for _, r := range refused {
		fmt.Fprintf(out, "  line %d: %s\n", r.Row, reason(r.Reasons[0]))
	}
	_, err = fmt.Fprintln(out, tallyText(tally))
	return err
}

type exportCmd struct {
	File string `arg:"" placeholder:"FILE.jsonl" help:"Where to write; - is standard output."`
}

func init() { workers["export"] = exportWork }

func (e *exportCmd) Run(ctx context.Context, s *settings, c console) error {
	if e.File == "-" {
		return s.do(ctx, c, "export", nil, nil)
	}
	tmp := e.File + ".part"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = s.do(ctx, console{c.in, f, c.err}, "export", nil, nil)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(tmp)
		return err
	}
	return os.Rename(tmp, e.File)
}

func exportWork(ctx context.Context, a *app.App, _ job, out io.Writer) error {
	_, err := a.Export(ctx, out)
	return err
}
