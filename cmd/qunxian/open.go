package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qunxian/app"
	"qunxian/store"
	"qunxian/store/mongo"
	"qunxian/store/sqlite"
)

// open opens the database and the product on it. It takes the lock of the one
// serving process, so it fails while a server runs.
func (s *settings) open(ctx context.Context, log *slog.Logger, now func() time.Time) (*app.App, error) {
	backend, err := s.openStore(ctx, log)
	if err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Config{Store: backend, Keyring: s.Keyring, Now: now, Log: log})
	if err != nil {
		_ = backend.Close()
		return nil, err
	}
	return a, nil
}

func (s *settings) openStore(ctx context.Context, log *slog.Logger) (store.Backend, error) {
	if file, ok := strings.CutPrefix(s.DB, "file:"); ok && file != "" {
		return sqlite.Open(ctx, file, sqlite.Options{OnFatal: func(err error) {
			log.Error("the database file cannot be written any more", "error", err)
			os.Exit(1)
		}})
	}
	if strings.HasPrefix(s.DB, "mongodb://") || strings.HasPrefix(s.DB, "mongodb+srv://") {
		uri, err := s.mongoURI()
		if err != nil {
			return nil, err
		}
		b, warnings, err := mongo.Open(ctx, uri, mongo.Options{OnFatal: func(err error) {
			log.Error("this process no longer holds the database", "error", err)
			os.Exit(1)
		}})
		for _, w := range warnings {
			log.Warn(w)
		}
		return b, err
	}
	return nil, fmt.Errorf("--db %s: write file:PATH or mongodb://…", redacted(s.DB))
}

// mongoURI is the address with the password of --db-password-file in it.
func (s *settings) mongoURI() (string, error) {
	if s.DBPasswordFile == "" {
		return s.DB, nil
	}
	info, err := os.Stat(s.DBPasswordFile)
	if err != nil {
		return "", fmt.Errorf("--db-password-file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("--db-password-file %s can be read by others; run chmod 600 on it", s.DBPasswordFile)
	}
	b, err := os.ReadFile(s.DBPasswordFile)
	if err != nil {
		return "", fmt.Errorf("--db-password-file: %w", err)
	}
	u, err := url.Parse(s.DB)
	if err != nil || u.User == nil || u.User.Username() == "" {
		return "", errors.New("--db-password-file needs a user in --db, as in mongodb://qunxian@host/")
	}
	u.User = url.UserPassword(u.User.Username(), strings.TrimRight(string(b), "\r\n"))
	return u.String(), nil
}

// socket is where a running server of this database listens for subcommands.
func (s *settings) socket() string {
	if s.Socket != "" {
		return s.Socket
	}
	if file, ok := strings.CutPrefix(s.DB, "file:"); ok {
		return strings.TrimSuffix(file, filepath.Ext(file)) + ".sock"
	}
	return filepath.Join("data", "qunxian.sock")
}

// redacted hides the password of a database address.
func redacted(db string) string {
	scheme, rest, ok := strings.Cut(db, "://")
	if !ok {
		return db
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = "…" + rest[at:]
	}
	return scheme + "://" + rest
}

func (s *settings) logger(c console) *slog.Logger {
	if s.LogJSON {
		return slog.New(slog.NewJSONHandler(c.err, nil))
	}
	return slog.New(slog.NewTextHandler(c.err, nil))
}
