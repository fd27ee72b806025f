package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	a.jobs.forget()
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
		var report *ImportReport
		err := guarded(func() (err error) {
			report, err = a.Import(run, files, o)
			return err
		})
		a.jobs.set(func() {
			job.Report = report
			switch {
			case errors.Is(err, context.Canceled):
				job.State = "cancelled"
			case err != nil:
				job.State, job.Error = "failed", "internal"
				a.log.Error("import failed", "job", job.ID, "error", err)
			default:
				job.State, job.Done, job.Total = "done", report.Rows, report.Rows
			}
		})
	})
	return first, nil
}

// guarded turns a panic into an error: what one file holds must not end the
// process.
func guarded(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("app: panic: %v", p)
		}
	}()
	return work()
}

// jobsKept is how many imports are remembered that have ended; what they did is
// in their batches.
const jobsKept = 50

func (j *importJobs) forget() {
	ids := slices.Sorted(maps.Keys(j.states))
	for _, id := range ids[:max(len(ids)-jobsKept, 0)] {
		if state := j.states[id].State; state != "waiting" && state != "running" {
			delete(j.states, id)
		}
	}
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
