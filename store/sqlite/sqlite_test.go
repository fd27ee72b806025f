package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"qunxian/store"
	"qunxian/store/sqlite"
)

// child runs a test of this program in a process of its own, with one more
// variable in its environment, and returns what it printed.
func child(t *testing.T, test, variable string) (string, error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.v")
	cmd.Env = append(os.Environ(), variable)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestSecondProcess starts the same file twice: the second process is told who
// has it, and writes nothing.
func TestSecondProcess(t *testing.T) {
	if file := os.Getenv("SECOND_FILE"); file != "" {
		d, err := sqlite.Open(ctx, file, sqlite.Options{})
		if err == nil {
			d.Close()
			t.Skip("opened")
		}
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "q.db")
	d, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := child(t, "TestSecondProcess", "SECOND_FILE="+file)
	if err == nil || !strings.Contains(out, "in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("the second process: %v\n%s", err, out)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := child(t, "TestSecondProcess", "SECOND_FILE="+file); err != nil || !strings.Contains(out, "opened") {
		t.Errorf("after the first has closed: %v\n%s", err, out)
	}
}

// TestFiles: what is made may be read by its owner alone, and names with odd
// characters are names.
func TestFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b", "c?mode=memory&x=#%20 d")
	file := filepath.Join(dir, "群贤 100%.db")
	d, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fillOne(t, d)
	for name, want := range map[string]os.FileMode{dir: 0o700, file: 0o600, file + "-wal": 0o600, file + "-shm": 0o600, file + ".lock": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

func fillOne(t testing.TB, d store.Backend) {
	t.Helper()
	ensure(t, d, people)
	if err := d.Insert(ctx, "people", person(1)); err != nil {
		t.Fatal(err)
	}
}

// TestOtherFiles: a newer file, another program's and no database at all are
// refused and left as they are.
func TestOtherFiles(t *testing.T) {
	for name, spoil := range map[string]string{
		"newer than this program": "PRAGMA user_version = 99",
		"another program":         "PRAGMA application_id = 7",
		"not a database":          "",
	} {
		file := filepath.Join(t.TempDir(), "q.db")
		d, err := sqlite.Open(ctx, file, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		fillOne(t, d)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if spoil == "" {
			err = os.WriteFile(file, bytes.Repeat([]byte("x"), 8192), 0o600)
		} else {
			err = execute(file, spoil)
		}
		if err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = sqlite.Open(ctx, file, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func execute(file, statement string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	_, err = db.Exec(statement)
	return errors.Join(err, db.Close())
}

// TestReopen: everything is there after a close, and after a start from the
// files as a kill leaves them.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "q.db")
	d, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fillOne(t, d)
	killed := filepath.Join(dir, "killed.db")
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(file + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+end, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Insert(ctx, "people", person(2)); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a write after Close: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
	for _, name := range []string{file, killed} {
		d, err := sqlite.Open(ctx, name, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ensure(t, d, people)
		if _, err := d.Get(ctx, "people", person(1).ID, store.Body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestErased: what was overwritten or deleted is nowhere in the files once the
// log is emptied. The control finds it before.
func TestErased(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "q.db")
	d, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ensure(t, d, people)
	for i := range 200 {
		r := person(i)
		r.Body = fmt.Appendf(nil, `{"idNumber":"320102199001%06d"}`, i)
		r.Fields["keys"] = []string{fmt.Sprintf("320102199001%06d", i)}
		if err := d.Insert(ctx, "people", r); err != nil {
			t.Fatal(err)
		}
	}
	count := func() (n int) {
		for _, end := range []string{"", "-wal"} {
			b, err := os.ReadFile(file + end)
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(b, []byte("320102199001"))
		}
		return n
	}
	if count() == 0 {
		t.Fatal("the numbers are not there to begin with")
	}
	for i := range 200 {
		if i%2 == 0 {
			err = d.Update(ctx, "people", 1, person(i))
		} else {
			err = d.Delete(ctx, "people", person(i).ID, 1)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d copies of an ID number are left", n)
	}
}

// TestGroupCommit: writers that come together share commits, and one that is
// refused takes no other with it.
func TestGroupCommit(t *testing.T) {
	d := open(t)
	ensure(t, d, people)
	var wg sync.WaitGroup
	errs := make([]error, 300)
	for i := range errs {
		wg.Go(func() {
			r := person(i)
			if i%3 == 0 {
				r.Fields["idKey"] = "taken"
			}
			errs[i] = d.Insert(ctx, "people", r)
		})
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil && i%3 == 0:
			won++
		case i%3 != 0 && err != nil, i%3 == 0 && !errors.Is(err, store.ErrExists):
			t.Errorf("%d: %v", i, err)
		}
		_, found := d.Get(ctx, "people", person(i).ID, 0)
		if (found == nil) != (err == nil) {
			t.Errorf("%d: told %v, found %v", i, err, found)
		}
	}
	if won != 1 {
		t.Errorf("%d records took one key", won)
	}
}

// TestGivenUp: a write whose context ends while it waits never happens.
func TestGivenUp(t *testing.T) {
	d := open(t)
	ensure(t, d, people)
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(ctx)
			go cancel()
			err := d.Insert(ctx, "people", person(i))
			_, found := d.Get(context.Background(), "people", person(i).ID, 0)
			switch {
			case err == nil && found != nil:
				t.Errorf("%d: accepted and lost: %v", i, found)
			case err != nil && !(errors.Is(err, context.Canceled) && errors.Is(err, store.ErrUnavailable)):
				t.Errorf("%d: %v", i, err)
			case err != nil && found == nil:
				t.Errorf("%d: given up and written", i)
			}
		})
	}
	wg.Wait()
}
