package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/app/sample"
	"qunxian/schemas"
	"qunxian/store"
	"qunxian/store/sqlite"
)

const seed = 1

// queries is how many of each kind of question are drawn.
const queries = 200

// city is a stored city: its database, opened in this process where a section
// asks for it, and what is asked of it.
type city struct {
	n       int
	dir     string
	options sample.Options
	ask     sample.Queries
	ids     []string // of the talents
	store   *sqlite.DB
	app     *app.App
}

// stamp says of what a stored city was made.
type stamp struct {
	Program string // the sum of the sources that write records
	Seed    uint64
	Today   schemas.Date
}

func database(dir string) string { return filepath.Join(dir, "qunxian.db") }
func keyring(dir string) string  { return filepath.Join(dir, "keyring.json") }

// city finds the stored city of n talents, or makes it.
func (b *bench) city(ctx context.Context, n int) (*city, error) {
	sum, err := sources("schemas", "store", "app")
	if err != nil {
		return nil, err
	}
	c := &city{n: n, dir: filepath.Join(benchDir, strconv.Itoa(n))}
	stampFile := filepath.Join(c.dir, "stamp.json")
	want := stamp{Program: sum, Seed: seed, Today: schemas.DateOf(time.Now())}
	had, found := readStamp(stampFile)
	fits := found && had.Seed == seed && (had.Program == sum || b.keep)
	if fits {
		want = had // the city ends on the day it was made
	}
	c.options = sample.Bench(seed, want.Today, n)
	c.ask = sample.AskOf(c.options, queries)
	if fits {
		b.say("the city of %s talents is there already", thousands(n))
		return c, nil
	}
	if err := errors.Join(os.RemoveAll(c.dir), os.MkdirAll(c.dir, 0o700)); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	err = b.profiled("seed", func() error {
		return c.app.FillSample(app.WithActor(ctx, app.Actor{Local: true}), c.options)
	})
	if err = errors.Join(err, c.close()); err != nil {
		return nil, err
	}
	took := time.Since(began)
	b.say("the city of %s talents was made in %.1f s: %s talents/s, each with its history", thousands(n), took.Seconds(), number(float64(n)/took.Seconds()))
	text, err := json.Marshal(want)
	if err != nil {
		return nil, err
	}
	return c, os.WriteFile(stampFile, text, 0o600)
}

func readStamp(file string) (stamp, bool) {
	var s stamp
	text, err := os.ReadFile(file)
	return s, err == nil && json.Unmarshal(text, &s) == nil
}

// sources is a sum over the Go files of folders, tests aside.
func sources(dirs ...string) (string, error) {
	sum := sha256.New()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return err
			}
			text, err := os.ReadFile(file)
			fmt.Fprintf(sum, "%s %d\n%s", file, len(text), text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// open opens the city in this process, once.
func (c *city) open(ctx context.Context) error {
	if c.app != nil {
		return nil
	}
	var err error
	c.store, c.app, err = openApp(ctx, c.dir)
	return err
}

// close lets the database go, so that another process can have it.
func (c *city) close() error {
	if c.app == nil {
		return nil
	}
	err := c.app.Close()
	c.app, c.store = nil, nil
	return err
}

func openApp(ctx context.Context, dir string) (*sqlite.DB, *app.App, error) {
	db, err := sqlite.Open(ctx, database(dir), sqlite.Options{})
	if err != nil {
		return nil, nil, err
	}
	a, err := app.Open(ctx, app.Config{Store: db, Keyring: keyring(dir), Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, a, nil
}

// talents reads the ids of the city's talents, once.
func (c *city) talents(ctx context.Context) ([]string, error) {
	if c.ids != nil {
		return c.ids, nil
	}
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	for after := ""; ; {
		q := store.Query{Where: []store.Cond{store.Between{Field: "id", From: ""}}, Sort: []store.Order{{Field: "id"}}, Limit: 5000}
		if after != "" {
			q.After = []any{after}
		}
		had := len(c.ids)
		err := c.store.Find(ctx, schemas.Talents, q, func(r store.Record) error {
			c.ids, after = append(c.ids, r.ID), r.ID
			return nil
		})
		if err != nil || len(c.ids)-had < q.Limit {
			return c.ids, err
		}
	}
}

// copied makes a copy of the city's files for a run that writes.
func (c *city) copied() (dir string, err error) {
	if err := c.close(); err != nil {
		return "", err
	}
	dir = filepath.Join(benchDir, "run")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return "", err
	}
	for _, name := range []string{database(c.dir), database(c.dir) + "-wal", keyring(c.dir)} {
		if err := copyFile(filepath.Join(dir, filepath.Base(name)), name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return dir, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = out.ReadFrom(in)
	return errors.Join(err, out.Close())
}
