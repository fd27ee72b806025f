package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"qunxian/store"
)

// TestWriterSurvivesPanics: what panics while it writes fails alone, and the writer goes on.
func TestWriterSurvivesPanics(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Ensure(t.Context(), store.Collection{Name: "things"}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if i%4 == 0 {
				if err := d.write(t.Context(), func(*txn) error { panic("on purpose") }); err == nil || !strings.Contains(err.Error(), "on purpose") {
					t.Errorf("the panic is %v", err)
				}
			} else if err := d.Insert(t.Context(), "things", store.Record{ID: fmt.Sprint(i), Body: []byte("{}")}); err != nil {
				t.Error(i, err)
			}
		})
	}
	wg.Wait()
	n := 0
	if err := d.Find(context.Background(), "things", store.Query{}, func(store.Record) error { n++; return nil }); err != nil || n != 30 {
		t.Errorf("%d records, %v", n, err)
	}
}
