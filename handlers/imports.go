package handlers

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/schemas"
)

// The size of an upload, and how long reading it may take: at most a full sheet of rows a file.
const (
	importBytes = 64 << 20
	importFile  = 32 << 20
	importTime  = 5 * time.Minute
)

func (h *Handlers) importRoutes() []Route {
	upload := officer.limit("import").body(importBytes).takes(importTime)
	return []Route{
		{"POST", "/api/v1/imports", "importFiles", upload, "Reads spreadsheets: with dryRun=1 says what each row would do, else begins the import and names its job.", do(h.importFiles)},
		{"GET", "/api/v1/imports/:id", "getImport", officer, "Returns an import on its way, with its report once it is done.", do(h.getImport)},
		{"DELETE", "/api/v1/imports/:id", "cancelImport", officer, "Stops an import; the rows that are written stay.", do(h.cancelImport)},
		{"GET", "/api/v1/batches", "listBatches", officer.or(admin), "Lists the imports that were done, the newest first, without their rows.", do(h.listBatches)},
		{"GET", "/api/v1/batches/:id", "getBatch", officer.or(admin), "Returns an import that was done, with the rows that were refused.", do(h.getBatch)},

		{"GET", "/imports", "importsPage", officer, "The upload of spreadsheets, and the imports that were done.", page("batches", h.importsPage)},
		{"POST", "/imports", "postUpload", upload, "Keeps uploaded spreadsheets for a look at them.", formAgain("batches", h.postUpload, h.postUploadAgain)},
		{"GET", "/imports/check/:token", "importCheckPage", officer.takes(importTime), "What the uploaded rows would do; nothing is written.", page("import", h.checkPage)},
		{"POST", "/imports/check/:token", "postImport", officer.limit("import"), "Begins the import of what was looked at.", form(h.postImport)},
		{"GET", "/imports/jobs/:id", "importJobPage", officer, "How far an import is.", page("import_job", h.jobPage).swaps("job")},
		{"POST", "/imports/jobs/:id/cancel", "postCancelImport", officer, "Stops an import.", form(h.postCancelImport)},
		{"GET", "/imports/:id", "batchPage", officer.or(admin), "An import that was done.", page("batch", h.batchPage)},
	}
}

type (
	importOptions struct {
		DryRun     bool   `query:"dryRun"`
		Collection string `query:"collection"`
		Match      string `query:"match"`
	}
	importFiles struct {
		importOptions
		Upload *Upload `body:"multipart"`
	}
	postUpload struct {
		Collection string  `form:"collection"`
		Match      string  `form:"match"`
		None       string  `form:"files"` // what a browser sends where no file was chosen
		Upload     *Upload `body:"multipart"`
	}
)

// Batches is a page of the imports that were done, without their rows, and the cursor of the page after.
type Batches struct {
	Items []*schemas.Batch `json:"items"`
	Next  string           `json:"next,omitempty"`
}

type askBatches struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit"`
}

// Imported is the answer to an upload: the report of a dry run, or the job of an import that goes on.
type Imported struct {
	*app.ImportReport
	Job *app.ImportJob `json:"job,omitempty"`
}

// read takes the files of an upload. One that is too large, or none at all, refuses the whole.
func (u *Upload) read() ([]app.ImportFile, error) {
	u.Limit(importFile)
	var out []app.ImportFile
	for {
		part, err := u.Next()
		switch {
		case errors.Is(err, io.EOF) && len(out) == 0:
			return nil, schemas.InvalidField("files", "required", "")
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		out = append(out, app.ImportFile{Name: part.Name, Content: content})
	}
}

func checkImport(collection, match string) error {
	switch {
	case collection != "" && !slices.Contains(importable, collection):
		return schemas.InvalidField("collection", "oneof", strings.Join(importable, " "))
	case !slices.Contains([]string{"", "id", "name"}, match):
		return schemas.InvalidField("match", "oneof", "id name")
	}
	return nil
}

var importable = []string{schemas.Talents, schemas.Teams, schemas.Enterprises}

func (h *Handlers) importFiles(ctx context.Context, in *importFiles) (*Imported, error) {
	if err := checkImport(in.Collection, in.Match); err != nil {
		return nil, err
	}
	files, err := in.Upload.read()
	if err != nil {
		return nil, err
	}
	o := app.ImportOptions{Collection: in.Collection, MatchBy: in.Match, DryRun: in.DryRun}
	if in.DryRun {
		report, err := h.App.Import(ctx, files, o)
		if err != nil {
			return nil, err
		}
		return &Imported{ImportReport: report}, nil
	}
	job, err := h.App.StartImport(ctx, files, o)
	if err != nil {
		return nil, err
	}
	reply(ctx).accepted("/api/v1/imports/"+job.ID, 1)
	return &Imported{Job: &job}, nil
}

func (h *Handlers) getImport(ctx context.Context, in *oneRecord) (*app.ImportJob, error) {
	job, err := h.App.GetImportJob(ctx, in.ID)
	return &job, err
}

func (h *Handlers) cancelImport(ctx context.Context, in *oneRecord) (struct{}, error) {
	return struct{}{}, h.App.CancelImport(ctx, in.ID)
}

func (h *Handlers) listBatches(ctx context.Context, in *askBatches) (Batches, error) {
	if in.Limit < 0 || in.Limit > 200 {
		return Batches{}, schemas.InvalidField("limit", "max", "200")
	}
	page, next := h.App.ListBatches(ctx, in.Cursor, in.Limit)
	return Batches{page, next}, nil
}

func (h *Handlers) getBatch(ctx context.Context, in *oneRecord) (*schemas.Batch, error) {
	return h.App.GetBatch(ctx, in.ID)
}
