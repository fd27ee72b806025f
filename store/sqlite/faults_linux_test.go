package sqlite_test

import (
	"errors"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"qunxian/store"
	"qunxian/store/sqlite"
)

// TestDiskFull fills a disk of 8 MB: what does not fit is refused as ErrFull,
// what was accepted is read, and writing goes on when there is room again.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("skipped, a small disk cannot be mounted here: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	fatal := error(nil)
	d, err := sqlite.Open(ctx, filepath.Join(dir, "q.db"), sqlite.Options{OnFatal: func(err error) { fatal = err }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ensure(t, d, people)
	accepted := 0
	for err = nil; err == nil; {
		if err = d.Insert(ctx, "people", person(accepted)); err == nil {
			accepted++
		}
	}
	if !errors.Is(err, store.ErrFull) || fatal != nil {
		t.Fatalf("on a full disk: %v, fatal %v", err, fatal)
	}
	for i := range accepted {
		if _, err := d.Get(ctx, "people", person(i).ID, store.Body); err != nil {
			t.Errorf("record %d of %d on a full disk: %v", i, accepted, err)
		}
	}
	if _, err := d.Get(ctx, "people", person(accepted).ID, 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the refused record: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := d.Insert(ctx, "people", person(accepted+i)); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	t.Logf("%d records accepted on 5 MB, 0 lost, writing goes on", accepted)
}

// TestDiskFails has the system refuse writes beyond a size, in a process of
// its own: the file is given up at once, reads and writes alike, and the next
// process finds all that was accepted.
func TestDiskFails(t *testing.T) {
	if file := os.Getenv("FAILING_FILE"); file != "" {
		failing(t, file)
		return
	}
	file := filepath.Join(t.TempDir(), "q.db")
	out, err := child(t, "TestDiskFails", "FAILING_FILE="+file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ensure(t, d, people)
	n := strings.Count(out, "accepted\n")
	if n == 0 {
		t.Fatalf("nothing was accepted:\n%s", out)
	}
	for i := range n {
		if _, err := d.Get(ctx, "people", person(i).ID, store.Body); err != nil {
			t.Errorf("record %d of %d accepted: %v", i, n, err)
		}
	}
	t.Logf("%d records accepted, 0 lost", n)
}

func failing(t *testing.T, file string) {
	signal.Ignore(syscall.SIGXFSZ)
	fatal := 0
	d, err := sqlite.Open(ctx, file, sqlite.Options{OnFatal: func(error) { fatal++ }})
	if err != nil {
		t.Fatal(err)
	}
	ensure(t, d, people)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: math.MaxUint64}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for err = nil; err == nil; n++ {
		if err = d.Insert(ctx, "people", person(n)); err == nil {
			os.Stdout.WriteString("accepted\n")
		}
	}
	if fatal != 1 || !errors.Is(err, store.ErrUnknown) && !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("OnFatal %d times, %v", fatal, err)
	}
	for name, err := range map[string]error{
		"insert": d.Insert(ctx, "people", person(n+1)), "ping": d.Ping(ctx), "checkpoint": d.Checkpoint(ctx),
		"find": d.Find(ctx, "people", store.Query{}, func(store.Record) error { return nil }),
	} {
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
	if fatal != 1 {
		t.Errorf("OnFatal %d times", fatal)
	}
}
