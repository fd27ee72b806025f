package sqlite

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"qunxian/store"
)

// namePattern is what names of collections and fields are made of; they come
// from code alone.
var namePattern = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9._-]{0,60}$`)

func quote(name string) string {
	if !namePattern.MatchString(name) {
		panic("sqlite: bad name " + name)
	}
	return `"` + name + `"`
}

// column is a declared scalar field's column.
func column(field string) string {
	if field == "id" {
		return "t.id"
	}
	return "t." + quote("f_"+field)
}

// Ensure makes the collection's tables, its columns and its indexes, and takes
// away indexes that are no longer declared.
func (d *DB) Ensure(ctx context.Context, c store.Collection) error {
	k := &collection{Collection: c}
	for _, f := range c.Fields {
		if f.Array {
			k.arrays = append(k.arrays, f.Name)
		} else {
			k.scalars = append(k.scalars, f.Name)
		}
	}
	k.statements()
	err := d.writes.do(ctx, func(w *session) error {
		// Cards stand before the body: a list reads them without its pages.
		table := "CREATE TABLE IF NOT EXISTS " + quote(c.Name) + " (id TEXT PRIMARY KEY, version INTEGER NOT NULL, staff BLOB, viewer BLOB, masked BLOB, codes BLOB, body BLOB)"
		values := "CREATE TABLE IF NOT EXISTS " + quote(c.Name+"_values") + " (field TEXT, value TEXT, id TEXT, PRIMARY KEY (field, value, id)) WITHOUT ROWID"
		byID := "CREATE INDEX IF NOT EXISTS " + quote(c.Name+"_values_id") + " ON " + quote(c.Name+"_values") + " (id)"
		history := "CREATE TABLE IF NOT EXISTS " + quote(c.Name+"_history") + " (id TEXT, n INTEGER, entry BLOB, PRIMARY KEY (id, n)) WITHOUT ROWID"
		for _, s := range []string{table, values, byID, history} {
			if err := w.exec(ctx, s); err != nil {
				return err
			}
		}
		if err := w.addColumns(ctx, k); err != nil {
			return err
		}
		return w.indexes(ctx, k)
	})
	if err != nil {
		return d.known(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.colls[c.Name] = k
	return nil
}

func (w *session) addColumns(ctx context.Context, k *collection) error {
	have, err := w.strings(ctx, "SELECT name FROM pragma_table_info(?)", k.Name)
	if err != nil {
		return err
	}
	for _, f := range k.scalars {
		if slices.Contains(have, "f_"+f) {
			continue
		}
		if err := w.exec(ctx, "ALTER TABLE "+quote(k.Name)+" ADD COLUMN "+quote("f_"+f)); err != nil {
			return err
		}
	}
	return nil
}

func (w *session) indexes(ctx context.Context, k *collection) error {
	have, err := w.strings(ctx, "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", k.Name)
	if err != nil {
		return err
	}
	var want []string
	for _, ix := range k.Indexes {
		if slices.Contains(k.arrays, ix.Fields[0]) {
			continue // the values' primary key serves it
		}
		name, unique, cols := k.Name+"_"+strings.Join(ix.Fields, "_"), "", []string{}
		if ix.Unique {
			name, unique = name+"_unique", "UNIQUE "
		}
		for _, f := range ix.Fields {
			cols = append(cols, quote("f_"+f))
		}
		if !ix.Unique {
			cols = append(cols, "id")
		}
		want = append(want, name)
		if err := w.exec(ctx, fmt.Sprintf("CREATE %sINDEX IF NOT EXISTS %s ON %s (%s)", unique, quote(name), quote(k.Name), strings.Join(cols, ", "))); err != nil {
			return err
		}
	}
	for _, name := range have {
		if !slices.Contains(want, name) {
			if err := w.exec(ctx, "DROP INDEX "+quote(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// statements writes the collection's insert and update once.
func (k *collection) statements() {
	cols, sets := "id, version, staff, viewer, masked, codes, body", "version = ?, staff = ?, viewer = ?, masked = ?, codes = ?, body = ?"
	marks := "?, ?, ?, ?, ?, ?, ?"
	for _, f := range k.scalars {
		cols, sets, marks = cols+", "+quote("f_"+f), sets+", "+quote("f_"+f)+" = ?", marks+", ?"
	}
	k.insert = "INSERT INTO " + quote(k.Name) + " (" + cols + ") VALUES (" + marks + ")"
	k.replace = "INSERT OR REPLACE INTO " + quote(k.Name) + " (" + cols + ") VALUES (" + marks + ")"
	k.update = "UPDATE " + quote(k.Name) + " SET " + sets + " WHERE id = ? AND version = ?"
}

func (d *DB) collection(name string) *collection {
	d.mu.RLock()
	defer d.mu.RUnlock()
	k := d.colls[name]
	if k == nil {
		panic("sqlite: collection " + name + " was not ensured")
	}
	return k
}
