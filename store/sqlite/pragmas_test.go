package sqlite

import (
	"path/filepath"
	"testing"
)

// TestPragmas reads the settings on which durability and erasure stand, of the
// connections that are in use.
func TestPragmas(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "secure_delete": "1", "mmap_size": "0"} {
		var got string
		if err := d.readers.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("readers: %s = %s (%v), want %s", pragma, got, err, want)
		}
		if err := d.write(t.Context(), func(tx *txn) error {
			_, err := tx.row("PRAGMA "+pragma, nil, &got)
			return err
		}); err != nil || got != want {
			t.Errorf("writer: %s = %s (%v), want %s", pragma, got, err, want)
		}
	}
}
