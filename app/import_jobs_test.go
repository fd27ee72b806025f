package app

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"qunxian/schemas"
)

// roster is a table of n people.
func roster(n int) ImportFile {
	lines := []string{"姓名|工作单位|签约时间"}
	for i := range n {
		lines = append(lines, fmt.Sprintf("甲%04d|%d厂|2026.3", i, i%7))
	}
	return table("名册.csv", lines...)
}

// TestCancelledImport stops while batches are on their way: those are written
// whole, what is written stays, and the same file read again adds the rest.
func TestCancelledImport(t *testing.T) {
	const people = 12 * importBatch
	o := openApp(t)
	file := roster(people)
	_, err := o.Import(bg, []ImportFile{file}, ImportOptions{Progress: func(done, _ int) bool { return done < importBatch }})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("err = %v", err)
	}
	l := must(o.ListTalents(bg, ListQuery{}))(t)
	if l.Total < importBatch || l.Total > people/2 || l.Total%importBatch != 0 {
		t.Errorf("%d of %d written before the cancel", l.Total, people)
	}
	batch := onlyBatch(o)
	if batch.State != "cancelled" || batch.Tally.Created != l.Total || batch.Tally.Refused != people-l.Total {
		t.Errorf("the batch says %s, %+v; %d are written", batch.State, batch.Tally, l.Total)
	}
	r := o.read(ImportOptions{}, file)
	if r.Created != people-l.Total || r.Unchanged != l.Total {
		t.Errorf("%d were written; the rest: %+v", l.Total, r.Tally)
	}
}

// onlyBatch is the one batch of an office.
func onlyBatch(o *office) *schemas.Batch {
	o.t.Helper()
	page, next := o.ListBatches(bg, "", 0)
	if len(page) != 1 || next != "" {
		o.t.Fatalf("%d batches, next %q", len(page), next)
	}
	return page[0]
}

// TestBatchesByPages walks the imports from the newest to the oldest.
func TestBatchesByPages(t *testing.T) {
	o := openApp(t)
	var want []string
	for i := range 5 {
		r := o.read(ImportOptions{}, table("名单.csv", "姓名|工作单位", fmt.Sprintf("甲%d|甲校", i), "|甲校"))
		want = append([]string{r.Batch}, want...)
	}
	var got []string
	for after := ""; ; {
		page, next := o.ListBatches(bg, after, 2)
		for _, b := range page {
			if got = append(got, b.ID); b.Results != nil || b.Tally.Refused != 1 {
				t.Errorf("%+v", b)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("walked %v, want %v", got, want)
	}
	if b := must(o.GetBatch(bg, want[0]))(t); len(b.Results) != 1 {
		t.Errorf("one batch has %d rows", len(b.Results))
	}
}

// TestImportJob runs an import in the background: its owner alone sees it, and
// it ends with the report.
func TestImportJob(t *testing.T) {
	o := openApp(t)
	owner := as("u1", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}})
	other := as("u2", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}})
	job := must(o.StartImport(owner, []ImportFile{roster(300)}, ImportOptions{}))(t)
	refused(t, second(o.GetImportJob(other, job.ID)), schemas.NotFound, "", "")
	refused(t, o.CancelImport(other, job.ID), schemas.NotFound, "", "")
	deadline := time.Now().Add(30 * time.Second)
	for job.State == "waiting" || job.State == "running" {
		if time.Now().After(deadline) {
			t.Fatalf("still %s: %d of %d", job.State, job.Done, job.Total)
		}
		runtime.Gosched()
		job = must(o.GetImportJob(owner, job.ID))(t)
	}
	if job.State != "done" || job.Error != "" || job.Report.Created != 300 || job.Done != job.Total || job.Total != 300 {
		t.Errorf("job %+v", job)
	}
	batch := must(o.GetBatch(bg, job.Report.Batch))(t)
	if batch.State != "done" || batch.Tally.Created != 300 || len(batch.Files) != 1 || batch.CreatedBy != "u1" {
		t.Errorf("batch %+v", batch)
	}
}

// TestHeldUpload keeps files for an hour, for whom they belong to.
func TestHeldUpload(t *testing.T) {
	o := openApp(t)
	owner, other := as("u1", schemas.UserFields{}), as("u2", schemas.UserFields{})
	token := must(o.HoldUpload(owner, []ImportFile{roster(1)}))(t)
	if got := must(o.HeldUpload(owner, token))(t); len(got) != 1 {
		t.Errorf("%d files", len(got))
	}
	refused(t, second(o.HeldUpload(other, token)), schemas.NotFound, "", "")
	refused(t, second(o.HeldUpload(owner, "another")), schemas.NotFound, "", "")
	_, err := o.HoldUpload(owner, []ImportFile{{"groß", make([]byte, uploadMost)}})
	refused(t, err, schemas.Unavailable, "", "")
	o.clock.advance(uploadLife)
	refused(t, second(o.HeldUpload(owner, token)), schemas.NotFound, "", "")
}

// TestImportPanics: a row on which the program fails is refused, and the others are imported, by a call and by a job.
func TestImportPanics(t *testing.T) {
	o := openApp(t)
	usual := o.talents.normalise
	o.talents.normalise = func(ctx context.Context, talent *schemas.Talent) []schemas.FieldError {
		if strings.HasPrefix(talent.Name, "毁") && talent.ID != "" {
			panic("on purpose")
		}
		return usual(ctx, talent)
	}
	file := table("名单.csv", "姓名|工作单位", "好一|甲校", "毁一|甲校", "好二|甲校")
	if r := o.read(ImportOptions{}, file); r.Created != 2 || r.Refused != 1 || r.Results[1].Outcome != "refused" {
		t.Errorf("%+v %q", r.Tally, outcomes(r))
	}
	owner := as("u1", schemas.UserFields{Roles: []schemas.Role{schemas.Officer}})
	job := must(o.StartImport(owner, []ImportFile{table("二.csv", "姓名|工作单位", "毁二|甲校", "好三|甲校")}, ImportOptions{}))(t)
	for deadline := time.Now().Add(30 * time.Second); job.State == "waiting" || job.State == "running"; {
		if time.Now().After(deadline) {
			t.Fatalf("still %s", job.State)
		}
		runtime.Gosched()
		job = must(o.GetImportJob(owner, job.ID))(t)
	}
	if job.State != "done" || job.Report.Created != 1 || job.Report.Refused != 1 {
		t.Errorf("the job is %s: %+v", job.State, job.Report)
	}
}
