package app

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"qunxian/schemas"
)

// Uploads wait in memory between the dry run that was read and the commit that
// was asked for: an hour, and no more than so many bytes in all.
const (
	uploadLife = time.Hour
	uploadMost = 256 << 20
)

type uploads struct {
	mu   sync.Mutex
	held map[string]upload
}

type upload struct {
	owner string
	files []ImportFile
	bytes int
	until time.Time
}

// HoldUpload keeps files for a later commit and returns their token.
func (a *App) HoldUpload(ctx context.Context, files []ImportFile) (string, error) {
	a.uploads.mu.Lock()
	defer a.uploads.mu.Unlock()
	now, total := a.Now(), 0
	for token, u := range a.uploads.held {
		if !now.Before(u.until) {
			delete(a.uploads.held, token)
			continue
		}
		total += u.bytes
	}
	bytes := 0
	for _, f := range files {
		bytes += len(f.Content)
	}
	if total+bytes > uploadMost {
		return "", &schemas.Error{Code: schemas.Unavailable, Message: "error.busy", Retry: 60}
	}
	if a.uploads.held == nil {
		a.uploads.held = map[string]upload{}
	}
	token := rand.Text()
	a.uploads.held[token] = upload{actorName(ctx), files, bytes, now.Add(uploadLife)}
	return token, nil
}

// DropUpload lets go of files that were committed.
func (a *App) DropUpload(token string) {
	a.uploads.mu.Lock()
	defer a.uploads.mu.Unlock()
	delete(a.uploads.held, token)
}

// HeldUpload returns the files of a token to whom they belong.
func (a *App) HeldUpload(ctx context.Context, token string) ([]ImportFile, error) {
	a.uploads.mu.Lock()
	defer a.uploads.mu.Unlock()
	u, ok := a.uploads.held[token]
	if !ok || u.owner != actorName(ctx) || !a.Now().Before(u.until) {
		return nil, notFound()
	}
	return u.files, nil
}
