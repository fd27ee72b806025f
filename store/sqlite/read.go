package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"qunxian/store"
)

// Get reads one record by its id.
func (d *DB) Get(ctx context.Context, coll, id string, p store.Part) (store.Record, error) {
	found := store.Record{}
	err := d.Find(ctx, coll, store.Query{Where: []store.Cond{store.Eq{Field: "id", Value: id}}, Limit: 1, Parts: p},
		func(r store.Record) error { found = r; return nil })
	if err == nil && found.ID == "" {
		err = store.ErrNotFound
	}
	return found, err
}

// Find runs the statements of the query within one view of the file.
func (d *DB) Find(ctx context.Context, coll string, q store.Query, each func(store.Record) error) error {
	t, err := d.usableTable(coll)
	if err != nil {
		return err
	}
	if err := t.CheckQuery(q); err != nil {
		return err
	}
	s, err := newSelector(t, q)
	if err != nil {
		return err
	}
	stmts := s.statements()
	if len(stmts) == 1 {
		_, err := d.run(ctx, nil, s, stmts[0], limit(q.Limit), each)
		return d.outcome(err)
	}
	tx, err := d.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return d.outcome(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	left := limit(q.Limit)
	for _, st := range stmts {
		n, err := d.run(ctx, tx, s, st, left, each)
		if err != nil {
			return d.outcome(err)
		}
		if left > 0 {
			if left -= n; left == 0 {
				break
			}
		}
	}
	return nil
}

// limit is what SQLite takes for none: below zero.
func limit(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

// run runs one statement and says how many records it had.
func (d *DB) run(ctx context.Context, tx *sql.Tx, s *selector, st statement, limit int, each func(store.Record) error) (int, error) {
	prepared, err := d.reads.get(ctx, st.sql)
	if err != nil {
		return 0, err
	}
	if tx != nil {
		prepared = tx.StmtContext(ctx, prepared)
	}
	rows, err := prepared.QueryContext(ctx, append(slices.Clip(st.args), limit)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		r, err := s.record(rows)
		if err != nil {
			return n, err
		}
		if err := ctx.Err(); err != nil {
			return n, err
		}
		if err := each(r); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// record reads the row that rows stands at.
func (s *selector) record(rows *sql.Rows) (store.Record, error) {
	var r store.Record
	to := []any{&r.ID, &r.Version}
	for i, part := range []*[]byte{&r.Body, &r.Cards.Staff, &r.Cards.Viewer, &r.Cards.Masked, &r.Codes} {
		if s.query.Parts&(1<<i) != 0 {
			to = append(to, part)
		}
	}
	with := make([]any, len(s.query.With))
	for i := range with {
		to = append(to, &with[i])
	}
	if err := rows.Scan(to...); err != nil {
		return r, err
	}
	for i, name := range s.query.With {
		if with[i] == nil {
			continue
		}
		if r.Fields == nil {
			r.Fields = store.Fields{}
		}
		if !slices.Contains(s.table.arrays, name) {
			r.Fields[name] = valueOf(with[i])
			continue
		}
		var list []string
		if err := json.Unmarshal([]byte(with[i].(string)), &list); err != nil {
			return r, fmt.Errorf("sqlite: field %s of %s: %w", name, r.ID, err)
		}
		r.Fields[name] = list
	}
	return r, nil
}

// History reads the entries of a record in the order in which they came.
func (d *DB) History(ctx context.Context, coll, id string) ([]json.RawMessage, error) {
	t, err := d.usableTable(coll)
	if err != nil || !t.History {
		return nil, err
	}
	prepared, err := d.reads.get(ctx, t.entries)
	if err != nil {
		return nil, d.outcome(err)
	}
	rows, err := prepared.QueryContext(ctx, id)
	if err != nil {
		return nil, d.outcome(err)
	}
	defer rows.Close()
	var out []json.RawMessage
	for rows.Next() {
		var entry []byte
		if err := rows.Scan(&entry); err != nil {
			return nil, d.outcome(err)
		}
		out = append(out, entry)
	}
	return out, d.outcome(rows.Err())
}

func (d *DB) usableTable(coll string) (*table, error) {
	if err := d.usable(); err != nil {
		return nil, err
	}
	return d.table(coll)
}
