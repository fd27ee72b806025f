package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/storetest/databases"
)

// morning is when tests begin: Monday 2026-11-23, ten o'clock in Shanghai.
var morning = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// clock is a clock that only tests move.
type clock struct{ ms atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) set(t time.Time)         { c.ms.Store(t.UnixMilli()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// office is an App over a database of its own, with a clock that stands still.
type office struct {
	*App
	t     testing.TB
	clock *clock
	db    databases.Database
	ring  string // the keyring's file
}

// TestOnMongoDB runs these tests again on a real MongoDB.
func TestOnMongoDB(t *testing.T) { databases.Again(t) }

// openApp opens an App over an empty database; the test's end closes it.
func openApp(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, clock: new(clock), db: databases.New(t), ring: filepath.Join(t.TempDir(), "keys", "ring")}
	o.clock.set(morning)
	o.open()
	t.Cleanup(func() { o.close() })
	return o
}

func (o *office) open() {
	o.t.Helper()
	a, err := o.tryOpen()
	if err != nil {
		o.t.Fatal(err)
	}
	o.App = a
}

func (o *office) tryOpen() (*App, error) {
	backend, err := o.db.Open()
	if err != nil {
		return nil, err
	}
	a, err := Open(context.Background(), Config{Store: backend, Keyring: o.ring, Now: o.clock.now})
	if err != nil {
		return nil, errors.Join(err, backend.Close())
	}
	return a, nil
}

func (o *office) close() {
	o.t.Helper()
	if o.App == nil {
		return
	}
	if err := o.Close(); err != nil {
		o.t.Error(err)
	}
	o.App = nil
}

// reopen stops and starts again.
func (o *office) reopen() {
	o.t.Helper()
	o.close()
	o.open()
}

// killed is what starts after a kill: the database as it is now, while this
// office still has it open.
func (o *office) killed() *office {
	o.t.Helper()
	k := &office{t: o.t, clock: o.clock, db: o.db.Killed(), ring: o.ring}
	k.open()
	o.t.Cleanup(func() { k.close() })
	return k
}

// as is a context in which a user with these fields acts.
func as(id string, f schemas.UserFields) context.Context {
	return WithActor(context.Background(), Actor{User: &schemas.User{Meta: schemas.Meta{ID: id}, UserFields: f}})
}

// bg acts as the operator at the machine.
var bg = WithActor(context.Background(), Actor{Local: true})

// must returns v, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// talent registers a talent.
func (o *office) talent(f schemas.TalentFields, on ...schemas.Date) *schemas.Talent {
	o.t.Helper()
	how := How{}
	if len(on) > 0 {
		how.On = on[0]
	}
	return must(o.CreateTalent(bg, f, how))(o.t)
}

// someone is a talent of a name at an organisation.
func someone(name, organisation string) schemas.TalentFields {
	return schemas.TalentFields{Name: name, Affiliation: schemas.Affiliation{Organisation: organisation}}
}

// edit edits a talent as it is now.
func (o *office) edit(id string, how How, edit func(*schemas.TalentFields)) (*schemas.Talent, error) {
	return o.UpdateTalent(bg, id, 0, how, func(f *schemas.TalentFields) error { edit(f); return nil })
}

// refused fails the test unless err is an Error of this code that names the
// field and the rule; "" is any.
func refused(t testing.TB, err error, code schemas.Code, field, rule string) {
	t.Helper()
	var e *schemas.Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v, want one of code %s", err, code)
	}
	named := field == "" && rule == "" || slices.ContainsFunc(e.Fields, func(f schemas.FieldError) bool {
		return (field == "" || f.Field == field) && (rule == "" || f.Rule == rule)
	})
	if e.Code != code || !named {
		t.Fatalf("err = %v, want %s of field %q and rule %q", e, code, field, rule)
	}
}

// names are the names of a list's cards, in their order.
func names(t testing.TB, l *List) []string {
	t.Helper()
	out := make([]string, len(l.Cards))
	for i, card := range l.Cards {
		var c struct{ Name string }
		if err := json.Unmarshal(card, &c); err != nil {
			t.Fatal(err)
		}
		out[i] = c.Name
	}
	return out
}

// found are the names of the talents that a list finds.
func (o *office) found(ctx context.Context, q ListQuery) []string {
	o.t.Helper()
	q.On = schemas.Staff
	return names(o.t, must(o.ListTalents(ctx, q))(o.t))
}

// demo fills the office with the demo city as of the test's day.
func (o *office) demo() {
	o.t.Helper()
	if err := o.FillSample(bg, sample.Demo(1, o.Today())); err != nil {
		o.t.Fatal(err)
	}
}

// beside is a file of the reference folder that may stand beside the checkout;
// without it the test is skipped.
func beside(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !strings.HasSuffix(dir, string(filepath.Separator)) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			file := filepath.Join(filepath.Dir(dir), "shared", path)
			if _, err := os.Stat(file); err != nil {
				t.Skipf("no reference folder beside the checkout: %v", err)
			}
			return file
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("no go.mod above the test")
	return ""
}

func readBeside(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(beside(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestClockStands shows that an office's time moves only when a test moves it.
func TestClockStands(t *testing.T) {
	o := openApp(t)
	a := o.talent(someone("甲", "一"))
	b := o.talent(someone("乙", "一"))
	if !a.CreatedAt.Equal(b.CreatedAt.Time) || a.ID >= b.ID {
		t.Errorf("made at %s and %s, ids %s %s: want one instant, rising ids", a.CreatedAt, b.CreatedAt, a.ID, b.ID)
	}
	o.clock.advance(14 * time.Hour)
	if o.Today() != "2026-11-24" {
		t.Errorf("today = %s: the business day is Shanghai's", o.Today())
	}
}

// allIDs are the ids of a collection's records, as the store has them.
func (o *office) allIDs(coll string) []string {
	o.t.Helper()
	var ids []string
	if err := o.store.Find(bg, coll, store.Query{}, func(r store.Record) error { ids = append(ids, r.ID); return nil }); err != nil {
		o.t.Fatal(err)
	}
	return ids
}
