// Package databases opens databases for the tests of the product: SQLite files,
// or databases of a real MongoDB where QUNXIAN_TEST_STORE is mongodb.
package databases

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"qunxian/store"
	"qunxian/store/mongo"
	"qunxian/store/mongo/mongotest"
	"qunxian/store/sqlite"
)

const which = "QUNXIAN_TEST_STORE"

// OnMongoDB says that tests run on MongoDB.
func OnMongoDB() bool { return os.Getenv(which) == "mongodb" }

// Database is where a test keeps its documents; it may be opened again after it
// has been closed.
type Database struct {
	t    testing.TB
	file string // of SQLite
	uri  string // of MongoDB
}

// New returns an empty database, which goes when the test ends.
func New(t testing.TB) Database {
	t.Helper()
	if OnMongoDB() {
		return Database{t: t, uri: mongotest.Database(t)}
	}
	return Database{t: t, file: filepath.Join(t.TempDir(), "data", "qunxian.db")}
}

// Open opens the database; the caller closes it.
func (d Database) Open() (store.Backend, error) {
	if d.uri != "" {
		b, _, err := mongo.Open(context.Background(), d.uri, mongo.Options{})
		if err != nil {
			return nil, err
		}
		return b, nil
	}
	b, err := sqlite.Open(context.Background(), d.file, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Open opens an empty database, which is closed when the test ends.
func Open(t testing.TB) store.Backend {
	t.Helper()
	b, err := New(t).Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// Killed returns what the database would be if its process were killed now: it
// need not be closed. Nothing may write meanwhile.
func (d Database) Killed() Database {
	d.t.Helper()
	if d.uri != "" {
		return Database{t: d.t, uri: mongotest.Copy(d.t, d.uri)}
	}
	to := Database{t: d.t, file: filepath.Join(d.t.TempDir(), "qunxian.db")}
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(d.file + end)
		if err != nil && !(end != "" && os.IsNotExist(err)) {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(to.file+end, b, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	return to
}

// Content is all that the database holds, as it is stored: the files of
// SQLite's folder, or the documents of MongoDB.
func (d Database) Content() []byte {
	d.t.Helper()
	if d.uri != "" {
		return mongotest.Content(d.t, d.uri)
	}
	var all []byte
	files, err := os.ReadDir(filepath.Dir(d.file))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(d.file), f.Name()))
		if err != nil {
			d.t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// Again runs the tests of a package once more, on MongoDB, where there is one.
func Again(t *testing.T) {
	uri := mongotest.Server(t)
	if OnMongoDB() {
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-test.skip=^" + t.Name() + "$"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	if end, ok := t.Deadline(); ok { // it ends before this process is ended
		args = append(args, "-test.timeout="+time.Until(end.Add(-5*time.Second)).String())
	}
	again := exec.CommandContext(t.Context(), self, args...)
	again.Env = append(os.Environ(), which+"=mongodb", "TEST_MONGO_URI="+uri)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("on MongoDB: %v\n%s", err, out)
	}
}
