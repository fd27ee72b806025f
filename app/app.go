// Package app holds what may happen: one method for each thing a user can do,
// over any store. It knows no HTTP, no SQL and no BSON.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/oklog/ulid/v2"

	"qunxian/schemas"
	"qunxian/store"
)

// App is the product without a network.
type App struct {
	Now      func() time.Time
	store    store.Backend
	keys     *Keyring
	log      *slog.Logger
	validate *validator.Validate
	hasher   *hasher
	throttle *throttle
	entropy  *ulid.MonotonicEntropy
	entropyL sync.Mutex

	talents      *documents[schemas.Talent, *schemas.Talent]
	teams        *documents[schemas.Team, *schemas.Team]
	enterprises  *documents[schemas.Enterprise, *schemas.Enterprise]
	institutions *documents[schemas.Institution, *schemas.Institution]
	taxonomies   *documents[schemas.Taxonomy, *schemas.Taxonomy]
	fields       *documents[schemas.FieldDef, *schemas.FieldDef]
	targets      *documents[schemas.Target, *schemas.Target]
	rules        *documents[schemas.Rule, *schemas.Rule]
	users        *documents[schemas.User, *schemas.User]
	sessions     *documents[schemas.Session, *schemas.Session]
	apikeys      *documents[schemas.APIKey, *schemas.APIKey]
	batches      *documents[schemas.Batch, *schemas.Batch]
	settings     *documents[schemas.Setting, *schemas.Setting]

	named    institutionNames
	memo     memo
	matchers matchers
	setup    setupToken
	uploads  uploads
	jobs     importJobs
	life     context.Context // of background work: ends with Close
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// Config is what an App needs.
type Config struct {
	Store   store.Backend
	Keyring string // the keyring's file; made at the first start of an empty database
	Now     func() time.Time
	Log     *slog.Logger
}

// Open makes the collections, seeds an empty database, loads what lives in
// memory and starts the background work. Close ends it.
func Open(ctx context.Context, c Config) (*App, error) {
	a := &App{Now: c.Now, store: c.Store, log: c.Log, hasher: newHasher(), throttle: newThrottle(), entropy: ulid.Monotonic(rand.Reader, 0)}
	if a.Now == nil {
		a.Now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.validate = newValidator(func(taxonomy, code string) bool { return a.term(taxonomy, code) != nil })
	a.life, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	a.declare()
	for _, c := range Collections {
		if err := a.store.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	if err := a.openKeyring(ctx, c.Keyring); err != nil {
		return nil, err
	}
	if err := a.loadSmall(ctx); err != nil {
		return nil, err
	}
	if err := a.seed(ctx); err != nil {
		return nil, err
	}
	if err := a.loadLarge(ctx); err != nil {
		return nil, err
	}
	a.goDo("fold", a.foldSometimes)
	return a, nil
}

// Close ends the background work and lets the store go.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
	}
	a.done.Wait()
	return a.store.Close()
}

// Ready reports whether the database answers.
func (a *App) Ready(ctx context.Context) error { return a.store.Ping(ctx) }

func (a *App) now() schemas.Time { return schemas.At(a.Now()) }

// Today is the business day.
func (a *App) Today() schemas.Date { return schemas.DateOf(a.Now()) }

// newID makes a ULID: ids sort by their making, also within a millisecond.
func (a *App) newID() string {
	a.entropyL.Lock()
	defer a.entropyL.Unlock()
	id, err := ulid.New(ulid.Timestamp(a.Now()), a.entropy)
	if err != nil { // the millisecond is full: begin anew
		a.entropy = ulid.Monotonic(rand.Reader, 0)
		id = ulid.MustNew(ulid.Timestamp(a.Now()), a.entropy)
	}
	return id.String()
}

const (
	canaryID   = "canary"
	canaryText = "群贤"
)

// openKeyring reads the keyring, or makes one for an empty database. A
// database that was sealed with another keyring is refused, and nothing is
// written.
func (a *App) openKeyring(ctx context.Context, file string) error {
	rec, err := a.store.Get(ctx, keyringColl, canaryID, store.Body)
	empty := errors.Is(err, store.ErrNotFound)
	if err != nil && !empty {
		return err
	}
	a.keys, err = ReadKeyring(file)
	switch {
	case errors.Is(err, os.ErrNotExist) && empty:
		a.keys = NewKeyring()
		if err := a.keys.Write(file); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if empty {
		sealed := a.keys.Seal(keyringColl, canaryID, "text", canaryText)
		return a.store.Insert(ctx, keyringColl, store.Record{ID: canaryID, Version: 1, Body: []byte(`{"text":"` + string(sealed) + `"}`)})
	}
	sealed, err := canaryOf(rec.Body)
	if err != nil {
		return err
	}
	if got, err := a.keys.Open(keyringColl, canaryID, "text", sealed); err != nil || got != canaryText {
		return fmt.Errorf("%w: %s does not belong to this database", ErrKeyring, file)
	}
	return nil
}
