// Package sqlite keeps records in one SQLite file.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"

	"qunxian/store"
)

// Options of a file.
type Options struct{ OnFatal func(error) }

// DB is an opened file.
type DB struct {
	write, read *sql.DB
	lock        *os.File
	colls       map[string]store.Collection
	jobs        chan *job
	done        chan struct{}
	opt         Options
}

type job struct {
	ctx context.Context
	do  func(*sql.Tx) error
	err error
	end chan struct{}
}

// Open opens or makes the file and takes its lock.
func Open(ctx context.Context, file string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(file+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("%s is in use by another process", file)
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	f.Close()
	dsn := "file:" + file + "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=secure_delete(on)&_pragma=busy_timeout(5000)&_pragma=cache_size(-8000)&_txlock=immediate"
	w, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	r, err := sql.Open("sqlite", dsn+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	r.SetMaxOpenConns(4)
	r.SetMaxIdleConns(4)
	d := &DB{write: w, read: r, lock: lock, colls: map[string]store.Collection{}, jobs: make(chan *job, 256), done: make(chan struct{}), opt: o}
	if err := w.PingContext(ctx); err != nil {
		return nil, err
	}
	go d.writer()
	return d, nil
}

func (d *DB) writer() {
	defer close(d.done)
	for j := range d.jobs {
		batch := []*job{j}
	more:
		for len(batch) < 64 {
			select {
			case k, ok := <-d.jobs:
				if !ok {
					break more
				}
				batch = append(batch, k)
			default:
				break more
			}
		}
		d.run(batch)
	}
}

func (d *DB) run(batch []*job) {
	defer func() {
		for _, j := range batch {
			close(j.end)
		}
	}()
	tx, err := d.write.Begin()
	if err != nil {
		for _, j := range batch {
			j.err = err
		}
		return
	}
	for _, j := range batch {
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if _, err := tx.Exec("SAVEPOINT s"); err != nil {
			j.err = err
			continue
		}
		if j.err = j.do(tx); j.err != nil {
			tx.Exec("ROLLBACK TO s")
		}
		tx.Exec("RELEASE s")
	}
	if err := tx.Commit(); err != nil {
		for _, j := range batch {
			j.err = err
		}
	}
}

func (d *DB) do(ctx context.Context, f func(*sql.Tx) error) error {
	j := &job{ctx: ctx, do: f, end: make(chan struct{})}
	select {
	case d.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-j.end
	return j.err
}

func q(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (d *DB) Ensure(ctx context.Context, c store.Collection) error {
	d.colls[c.Name] = c
	cols := ""
	for _, f := range c.Fields {
		if !f.Array {
			cols += ", " + q("f_"+f.Name)
		}
	}
	stmts := []string{
		"CREATE TABLE IF NOT EXISTS " + q(c.Name) + " (id TEXT PRIMARY KEY, version INTEGER NOT NULL" + cols + ", staff BLOB, viewer BLOB, masked BLOB, codes BLOB, body BLOB)",
		"CREATE TABLE IF NOT EXISTS " + q(c.Name+"_values") + " (field TEXT, value TEXT, id TEXT, PRIMARY KEY(field, value, id)) WITHOUT ROWID",
		"CREATE INDEX IF NOT EXISTS " + q(c.Name+"_values_id") + " ON " + q(c.Name+"_values") + " (id)",
		"CREATE TABLE IF NOT EXISTS " + q(c.Name+"_history") + " (id TEXT, seq INTEGER, entry BLOB, PRIMARY KEY(id, seq)) WITHOUT ROWID",
	}
	arr := map[string]bool{}
	for _, f := range c.Fields {
		arr[f.Name] = f.Array
	}
	for _, ix := range c.Indexes {
		if arr[ix.Fields[0]] {
			continue
		}
		u, names := "", []string{}
		if ix.Unique {
			u = "UNIQUE "
		}
		for _, f := range ix.Fields {
			names = append(names, q("f_"+f))
		}
		stmts = append(stmts, "CREATE "+u+"INDEX IF NOT EXISTS "+q(c.Name+"_"+strings.Join(ix.Fields, "_"))+" ON "+q(c.Name)+" ("+strings.Join(names, ",")+")")
	}
	return d.do(ctx, func(tx *sql.Tx) error {
		for _, s := range stmts {
			if _, err := tx.Exec(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func parts(p store.Part) string {
	s := "id, version"
	for i, n := range []string{"body", "staff", "viewer", "masked", "codes"} {
		if p&(1<<i) != 0 {
			s += ", " + n
		} else {
			s += ", NULL"
		}
	}
	return s
}

func scan(rows interface{ Scan(...any) error }) (r store.Record, err error) {
	err = rows.Scan(&r.ID, &r.Version, &r.Body, &r.Cards.Staff, &r.Cards.Viewer, &r.Cards.Masked, &r.Codes)
	return r, err
}

func (d *DB) Get(ctx context.Context, coll, id string, p store.Part) (store.Record, error) {
	r, err := scan(d.read.QueryRowContext(ctx, "SELECT "+parts(p)+" FROM "+q(coll)+" WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, store.ErrNotFound
	}
	return r, err
}

func col(f string) string {
	if f == "id" {
		return "id"
	}
	return q("f_" + f)
}

func (d *DB) Find(ctx context.Context, coll string, query store.Query, each func(store.Record) error) error {
	where, args := []string{"1"}, []any{}
	for _, c := range query.Where {
		switch c := c.(type) {
		case store.Eq:
			where, args = append(where, col(c.Field)+" = ?"), append(args, c.Value)
		case store.In:
			where, args = append(where, col(c.Field)+" IN ("+strings.TrimSuffix(strings.Repeat("?,", len(c.Values)), ",")+")"), append(args, c.Values...)
		case store.Has:
			for _, v := range c.Values {
				where, args = append(where, "id IN (SELECT id FROM "+q(coll+"_values")+" WHERE field = ? AND value = ?)"), append(args, c.Field, v)
			}
		case store.Between:
			if c.From != nil {
				where, args = append(where, col(c.Field)+" >= ?"), append(args, c.From)
			}
			if c.To != nil {
				where, args = append(where, col(c.Field)+" <= ?"), append(args, c.To)
			}
		default:
			return fmt.Errorf("cond %T", c)
		}
	}
	if len(query.After) == 1 {
		where, args = append(where, "id > ?"), append(args, query.After[0])
	}
	s := "SELECT " + parts(query.Parts) + " FROM " + q(coll) + " WHERE " + strings.Join(where, " AND ") + " ORDER BY id"
	if query.Limit > 0 {
		s += fmt.Sprint(" LIMIT ", query.Limit)
	}
	rows, err := d.read.QueryContext(ctx, s, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return err
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func mapErr(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code() == 1555 || e.Code() == 2067) {
		return store.ErrExists
	}
	return err
}

func (d *DB) put(tx *sql.Tx, verb, coll string, r store.Record) error {
	c := d.colls[coll]
	cols, marks := "id, version, staff, viewer, masked, codes, body", "?,?,?,?,?,?,?"
	args := []any{r.ID, r.Version, r.Cards.Staff, r.Cards.Viewer, r.Cards.Masked, r.Codes, r.Body}
	for _, f := range c.Fields {
		if !f.Array {
			cols, marks = cols+", "+col(f.Name), marks+",?"
			args = append(args, r.Fields[f.Name])
		}
	}
	if _, err := tx.Exec(verb+" INTO "+q(coll)+" ("+cols+") VALUES ("+marks+")", args...); err != nil {
		return mapErr(err)
	}
	return d.side(tx, coll, r)
}

func (d *DB) side(tx *sql.Tx, coll string, r store.Record) error {
	for _, f := range d.colls[coll].Fields {
		if !f.Array {
			continue
		}
		vs, _ := r.Fields[f.Name].([]string)
		for _, v := range vs {
			if _, err := tx.Exec("INSERT OR IGNORE INTO "+q(coll+"_values")+" VALUES (?,?,?)", f.Name, v, r.ID); err != nil {
				return err
			}
		}
	}
	for i, e := range r.Entries {
		var seq struct{ Seq int64 }
		json.Unmarshal(e, &seq)
		_ = i
		if _, err := tx.Exec("INSERT INTO "+q(coll+"_history")+" VALUES (?,?,?)", r.ID, seq.Seq, []byte(e)); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) Insert(ctx context.Context, coll string, r store.Record) error {
	return d.do(ctx, func(tx *sql.Tx) error { return d.put(tx, "INSERT", coll, r) })
}

func (d *DB) InsertMany(ctx context.Context, coll string, rs []store.Record) []error {
	out := make([]error, len(rs))
	err := d.do(ctx, func(tx *sql.Tx) error {
		for i, r := range rs {
			tx.Exec("SAVEPOINT r")
			if out[i] = d.put(tx, "INSERT", coll, r); out[i] != nil {
				tx.Exec("ROLLBACK TO r")
			}
			tx.Exec("RELEASE r")
		}
		return nil
	})
	if err != nil {
		for i := range out {
			out[i] = err
		}
	}
	return out
}

func (d *DB) Update(ctx context.Context, coll string, version int64, r store.Record) error {
	return d.do(ctx, func(tx *sql.Tx) error {
		set, args := "version = ?, staff = ?, viewer = ?, masked = ?, codes = ?, body = ?", []any{version + 1, r.Cards.Staff, r.Cards.Viewer, r.Cards.Masked, r.Codes, r.Body}
		for _, f := range d.colls[coll].Fields {
			if !f.Array {
				set += ", " + col(f.Name) + " = ?"
				args = append(args, r.Fields[f.Name])
			}
		}
		res, err := tx.Exec("UPDATE "+q(coll)+" SET "+set+" WHERE id = ? AND version = ?", append(args, r.ID, version)...)
		if err != nil {
			return mapErr(err)
		}
		if n, _ := res.RowsAffected(); n == 0 {
			var one int
			if err := tx.QueryRow("SELECT 1 FROM "+q(coll)+" WHERE id = ?", r.ID).Scan(&one); errors.Is(err, sql.ErrNoRows) {
				return store.ErrNotFound
			}
			return store.ErrConflict
		}
		if _, err := tx.Exec("DELETE FROM "+q(coll+"_values")+" WHERE id = ?", r.ID); err != nil {
			return err
		}
		return d.side(tx, coll, r)
	})
}

func (d *DB) UpdateMany(ctx context.Context, coll string, rs []store.Record) []error {
	out := make([]error, len(rs))
	for i, r := range rs {
		out[i] = d.Update(ctx, coll, r.Version, r)
	}
	return out
}

func (d *DB) Put(ctx context.Context, coll string, rs []store.Record) error {
	return d.do(ctx, func(tx *sql.Tx) error {
		for _, r := range rs {
			if err := d.put(tx, "INSERT OR REPLACE", coll, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *DB) Delete(ctx context.Context, coll, id string, version int64) error {
	return d.do(ctx, func(tx *sql.Tx) error {
		res, err := tx.Exec("DELETE FROM "+q(coll)+" WHERE id = ? AND version = ?", id, version)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			var one int
			if err := tx.QueryRow("SELECT 1 FROM "+q(coll)+" WHERE id = ?", id).Scan(&one); errors.Is(err, sql.ErrNoRows) {
				return store.ErrNotFound
			}
			return store.ErrConflict
		}
		tx.Exec("DELETE FROM "+q(coll+"_values")+" WHERE id = ?", id)
		_, err = tx.Exec("DELETE FROM "+q(coll+"_history")+" WHERE id = ?", id)
		return err
	})
}

func (d *DB) History(ctx context.Context, coll, id string) ([]json.RawMessage, error) {
	rows, err := d.read.QueryContext(ctx, "SELECT entry FROM "+q(coll+"_history")+" WHERE id = ? ORDER BY seq", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []json.RawMessage
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

func (d *DB) Close() error {
	close(d.jobs)
	<-d.done
	return errors.Join(d.read.Close(), d.write.Close(), d.lock.Close())
}
