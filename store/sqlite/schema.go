package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qunxian/store"
)

// table is a collection as SQLite has it, with the text of its statements.
//
//	coll          id, version, a column of no affinity for each field, cards,
//	              codes, body. Small columns come first: what a list reads does
//	              not lie behind the body
//	coll_values   one row for each value of an array field
//	coll_history  one row for each history entry
type table struct {
	store.Collection
	scalars, arrays []string

	insert, put, update, remove, arraysOf, arraysAt, versionOf string
	addValue, dropValue                                        string
	firstEntry, addEntry, dropEntries, entries                 string
}

// quote makes an identifier of a name that Collection.Check has let pass.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// column is the column of a field. An array's column holds it as JSON text.
func (t *table) column(field string) string {
	if field == "id" {
		return "id"
	}
	if slices.Contains(t.arrays, field) {
		return quote("a_" + field)
	}
	return quote("f_" + field)
}

func (t *table) name() string    { return quote(t.Name) }
func (t *table) values() string  { return quote(t.Name + "_values") }
func (t *table) history() string { return quote(t.Name + "_history") }

// fixed are the columns of every collection that a write fills after those of
// the fields.
var fixed = []string{"staff", "viewer", "masked", "codes", "body"}

func newTable(c store.Collection) *table {
	t := &table{Collection: c}
	for _, f := range c.Fields {
		if f.Array {
			t.arrays = append(t.arrays, f.Name)
		} else {
			t.scalars = append(t.scalars, f.Name)
		}
	}
	columns := append(t.fieldColumns(), fixed...)
	var set, excluded []string
	for _, c := range columns {
		set = append(set, c+" = ?")
		excluded = append(excluded, c+" = excluded."+c)
	}
	t.insert = "INSERT INTO " + t.name() + " (id, version, " + strings.Join(columns, ", ") + ") VALUES (" + marks(len(columns)+2) + ")"
	t.put = t.insert + " ON CONFLICT (id) DO UPDATE SET version = excluded.version, " + strings.Join(excluded, ", ")
	t.update = "UPDATE " + t.name() + " SET " + strings.Join(set, ", ") + ", version = version + ? WHERE id = ? AND version = ?"
	t.remove = "DELETE FROM " + t.name() + " WHERE id = ? AND version = ?"
	t.versionOf = "SELECT version FROM " + t.name() + " WHERE id = ?"
	if len(t.arrays) > 0 {
		t.arraysOf = "SELECT " + strings.Join(t.fieldColumns()[len(t.scalars):], ", ") + " FROM " + t.name() + " WHERE id = ?"
		t.arraysAt = t.arraysOf + " AND version = ?"
	}
	t.addValue = "INSERT OR IGNORE INTO " + t.values() + " (field, value, id) VALUES (?, ?, ?)"
	t.dropValue = "DELETE FROM " + t.values() + " WHERE field = ? AND value = ? AND id = ?"
	t.firstEntry = "INSERT INTO " + t.history() + " (id, seq, entry) VALUES (?, ?, ?)"
	t.addEntry = "INSERT INTO " + t.history() + " (id, seq, entry) SELECT ?1, coalesce(max(seq), 0) + 1, ?2 FROM " + t.history() + " WHERE id = ?1"
	t.dropEntries = "DELETE FROM " + t.history() + " WHERE id = ?"
	t.entries = "SELECT entry FROM " + t.history() + " WHERE id = ? ORDER BY seq"
	return t
}

// fieldColumns are the columns of the fields, scalars first.
func (t *table) fieldColumns() []string {
	var out []string
	for _, f := range slices.Concat(t.scalars, t.arrays) {
		out = append(out, t.column(f))
	}
	return out
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// Ensure makes the tables of a collection, adds columns that were declared
// since, and brings the indexes to what is declared.
func (d *DB) Ensure(ctx context.Context, c store.Collection) error {
	if err := c.Check(); err != nil {
		return err
	}
	t := newTable(c)
	if err := d.write(ctx, t.ensure); err != nil {
		return fmt.Errorf("ensure %s: %w", c.Name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tables[c.Name] = t
	return nil
}

func (t *table) ensure(tx *txn) error {
	columns := ""
	for _, c := range t.fieldColumns() {
		columns += c + ", "
	}
	stmts := []string{"CREATE TABLE IF NOT EXISTS " + t.name() + " (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, " + columns +
		"staff BLOB, viewer BLOB, masked BLOB, codes BLOB, body BLOB)"}
	if len(t.arrays) > 0 {
		stmts = append(stmts, "CREATE TABLE IF NOT EXISTS "+t.values()+
			" (field TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (field, value, id)) WITHOUT ROWID")
	}
	if t.History {
		stmts = append(stmts, "CREATE TABLE IF NOT EXISTS "+t.history()+
			" (id TEXT NOT NULL, seq INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (id, seq)) WITHOUT ROWID")
	}
	for _, s := range stmts {
		if _, err := tx.exec(s); err != nil {
			return err
		}
	}
	for _, c := range t.fieldColumns() {
		there, err := tx.row("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", []any{t.Name, strings.Trim(c, `"`)}, new(int))
		if err != nil {
			return err
		}
		if !there {
			if _, err := tx.exec("ALTER TABLE " + t.name() + " ADD COLUMN " + c); err != nil {
				return err
			}
		}
	}
	return t.ensureIndexes(tx)
}

// ensureIndexes makes the declared indexes and drops the others. The name of
// an index says all that it is.
func (t *table) ensureIndexes(tx *txn) error {
	wanted := map[string]string{}
	for _, ix := range t.Indexes {
		if slices.Contains(t.arrays, ix.Fields[0]) {
			continue // the primary key of the values serves it
		}
		name, stmt := t.index(ix)
		wanted[name] = stmt
	}
	old, err := tx.column("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", t.Name)
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, ok := wanted[name]; ok {
			delete(wanted, name)
		} else if _, err := tx.exec("DROP INDEX " + quote(name)); err != nil {
			return err
		}
	}
	for _, stmt := range wanted {
		if _, err := tx.exec(stmt); err != nil {
			return err
		}
	}
	return nil
}

// index is the name and the statement of an index. A unique one leaves out the
// records that lack a field, which may be most.
func (t *table) index(ix store.Index) (name, stmt string) {
	var columns, present []string
	for _, f := range ix.Fields {
		columns = append(columns, t.column(f))
		present = append(present, t.column(f)+" IS NOT NULL")
	}
	kind, where := "INDEX", ""
	name = t.Name + "_by_" + strings.Join(ix.Fields, "_")
	if ix.Unique {
		kind, where, name = "UNIQUE INDEX", " WHERE "+strings.Join(present, " AND "), t.Name+"_one_"+strings.Join(ix.Fields, "_")
	} else {
		columns = append(columns, "id")
	}
	return name, "CREATE " + kind + " " + quote(name) + " ON " + t.name() + " (" + strings.Join(columns, ", ") + ")" + where
}
