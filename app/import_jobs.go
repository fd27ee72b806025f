package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// importJobs are the imports that run: one at a time, the others wait.
type importJobs struct {
	mu     sync.Mutex
	turn   sync.Mutex
	states map[string]*ImportJob
}

// ImportJob is an import on its way.
type ImportJob struct {
	ID     string        `json:"id"`
	State  string        `json:"state"` // waiting, running, done, cancelled, failed
	Done   int           `json:"done"`
	Total  int           `json:"total"`
	Error  string        `json:"error,omitempty"`
	Report *ImportReport `json:"report,omitempty"`
	owner  string
	cancel context.CancelFunc
}

// StartImport commits files in the background and returns its job.
func (a *App) StartImport(ctx context.Context, files []ImportFile, o ImportOptions) (ImportJob, error) {
	actor, _ := ActorOf(ctx)
	run, cancel := context.WithCancel(WithActor(a.life, actor))
	job := &ImportJob{ID: a.newID(), State: "waiting", owner: actorName(ctx), cancel: cancel}
	a.jobs.mu.Lock()
	if a.jobs.states == nil {
		a.jobs.states = map[string]*ImportJob{}
	}
	a.jobs.states[job.ID] = job
	first := *job
	a.jobs.mu.Unlock()
	o.DryRun = false
	o.Progress = func(done, total int) bool {
		a.jobs.set(func() { job.Done, job.Total = done, total })
		return run.Err() == nil
	}
	a.goDo("import", func() {
		defer cancel()
		a.jobs.turn.Lock()
		defer a.jobs.turn.Unlock()
		a.jobs.set(func() { job.State = "running" })
		report, err := a.importGuarded(run, files, o)
		a.jobs.set(func() {
			switch {
			case errors.Is(err, context.Canceled):
				job.State = "cancelled"
			case err != nil:
				job.State, job.Error = "failed", err.Error()
			default:
				job.State, job.Report, job.Done, job.Total = "done", report, report.Rows, report.Rows
			}
		})
	})
	return first, nil
}

// importGuarded turns a panic of a reader into an error of this import.
func (a *App) importGuarded(ctx context.Context, files []ImportFile, o ImportOptions) (r *ImportReport, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("app: import: %v", p)
		}
	}()
	return a.Import(ctx, files, o)
}

func (j *importJobs) set(change func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change()
}

// GetImportJob returns an import on its way, or one that has ended since the
// start of the program, to whom it belongs.
func (a *App) GetImportJob(ctx context.Context, id string) (ImportJob, error) {
	a.jobs.mu.Lock()
	defer a.jobs.mu.Unlock()
	job := a.jobs.states[id]
	if job == nil || job.owner != actorName(ctx) {
		return ImportJob{}, notFound()
	}
	return *job, nil
}

// CancelImport stops an import: the rows that are written stay.
func (a *App) CancelImport(ctx context.Context, id string) error {
	a.jobs.mu.Lock()
	defer a.jobs.mu.Unlock()
	job := a.jobs.states[id]
	if job == nil || job.owner != actorName(ctx) {
		return notFound()
	}
	job.cancel()
	return nil
}

// goDo runs background work that must not end the process by a panic.
func (a *App) goDo(name string, work func()) {
	a.done.Add(1)
	go func() {
		defer a.done.Done()
		defer func() {
			if p := recover(); p != nil {
				a.log.Error("background work failed", "work", name, "panic", fmt.Sprint(p))
			}
		}()
		work()
	}()
}
