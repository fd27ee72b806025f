package sqlite

import (
	"context"
	"errors"
	"fmt"

	"qunxian/store"
)

// Insert adds a record as version 1.
func (d *DB) Insert(ctx context.Context, coll string, r store.Record) error {
	k := d.collection(coll)
	return d.known(d.writes.do(ctx, func(s *session) error { return s.put(k, k.insert, r) }))
}

// InsertMany adds records in one commit; those that fail do not stop the others.
func (d *DB) InsertMany(ctx context.Context, coll string, rs []store.Record) []error {
	k := d.collection(coll)
	return d.many(ctx, len(rs), func(s *session, i int) error { return s.put(k, k.insert, rs[i]) })
}

// Update stores r as version+1 if the stored version is still version.
func (d *DB) Update(ctx context.Context, coll string, version int64, r store.Record) error {
	k := d.collection(coll)
	return d.known(d.writes.do(ctx, func(s *session) error { return s.update(k, version, r) }))
}

// UpdateMany updates records in one commit, each from its own version.
func (d *DB) UpdateMany(ctx context.Context, coll string, rs []store.Record) []error {
	k := d.collection(coll)
	return d.many(ctx, len(rs), func(s *session, i int) error { return s.update(k, rs[i].Version, rs[i]) })
}

// many runs n writes in one commit, each in a savepoint of its own.
func (d *DB) many(ctx context.Context, n int, work func(*session, int) error) []error {
	errs := make([]error, n)
	err := d.writes.do(ctx, func(s *session) error {
		for i := range n {
			errs[i] = s.guarded(func(s *session) error { return work(s, i) })
			if gone(errs[i]) {
				return errs[i]
			}
		}
		return nil
	})
	for i := range errs {
		if err != nil {
			errs[i] = err
		}
		errs[i] = d.known(errs[i])
	}
	return errs
}

// Put stores derived records whole, in one commit.
func (d *DB) Put(ctx context.Context, coll string, rs []store.Record) error {
	k := d.collection(coll)
	return d.known(d.writes.do(ctx, func(s *session) error {
		for _, r := range rs {
			if err := s.forget(k, r.ID, false); err != nil {
				return err
			}
			r.Entries = nil
			if err := s.put(k, k.replace, r); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Delete removes a record and its history if the version is still version.
func (d *DB) Delete(ctx context.Context, coll, id string, version int64) error {
	k := d.collection(coll)
	return d.known(d.writes.do(ctx, func(s *session) error {
		n, err := s.change(background, "DELETE FROM "+quote(coll)+" WHERE id = ? AND version = ?", id, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return s.why(k, id)
		}
		return s.forget(k, id, true)
	}))
}

// put stores a new record, its values and its entries.
func (s *session) put(k *collection, text string, r store.Record) error {
	if r.Version == 0 {
		r.Version = 1
	}
	args := make([]any, 0, 7+len(k.scalars))
	args = append(args, r.ID, r.Version, r.Cards.Staff, r.Cards.Viewer, r.Cards.Masked, r.Codes, r.Body)
	args, err := k.fields(args, r)
	if err != nil {
		return err
	}
	if err := s.exec(background, text, args...); err != nil {
		return err
	}
	if err := s.addValues(k, r); err != nil {
		return err
	}
	return s.addEntries(k, r, 0)
}

func (s *session) update(k *collection, version int64, r store.Record) error {
	args := make([]any, 0, 8+len(k.scalars))
	args = append(args, version+1, r.Cards.Staff, r.Cards.Viewer, r.Cards.Masked, r.Codes, r.Body)
	args, err := k.fields(args, r)
	if err != nil {
		return err
	}
	n, err := s.change(background, k.update, append(args, r.ID, version)...)
	if err != nil {
		return err
	}
	if n == 0 {
		return s.why(k, r.ID)
	}
	if err := s.sameValues(k, r); err != nil {
		return err
	}
	var last int64
	if k.History && len(r.Entries) > 0 {
		st, err := s.stmt(background, "SELECT coalesce(max(n), 0) FROM "+quote(k.Name+"_history")+" WHERE id = ?")
		if err != nil {
			return err
		}
		if err := st.QueryRowContext(background, r.ID).Scan(&last); err != nil {
			return err
		}
	}
	return s.addEntries(k, r, last)
}

// why says why a write met no record of its version.
func (s *session) why(k *collection, id string) error {
	have, err := s.strings(background, "SELECT id FROM "+quote(k.Name)+" WHERE id = ?", id)
	switch {
	case err != nil:
		return err
	case len(have) == 0:
		return store.ErrNotFound
	}
	return store.ErrConflict
}

// fields appends the column values of a record, absent ones as NULL.
func (k *collection) fields(args []any, r store.Record) ([]any, error) {
	known := 0
	for _, f := range k.scalars {
		v, ok := r.Fields[f]
		if ok {
			known++
		}
		args = append(args, scalar(v))
	}
	for _, f := range k.arrays {
		if v, ok := r.Fields[f]; ok {
			known++
			if _, ok := v.([]string); !ok {
				return nil, fmt.Errorf("sqlite: field %s of %s is no list", f, k.Name)
			}
		}
	}
	if known != len(r.Fields) {
		return nil, fmt.Errorf("sqlite: %s has a field that is not declared: %v", k.Name, r.Fields)
	}
	return args, nil
}

func scalar(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

func (s *session) addValues(k *collection, r store.Record) error {
	for _, f := range k.arrays {
		values, _ := r.Fields[f].([]string)
		for _, v := range values {
			if err := s.exec(background, "INSERT OR IGNORE INTO "+quote(k.Name+"_values")+" VALUES (?, ?, ?)", f, v, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameValues makes the stored values those of r, touching only what differs.
func (s *session) sameValues(k *collection, r store.Record) error {
	if len(k.arrays) == 0 {
		return nil
	}
	type value struct{ field, value string }
	want := map[value]bool{}
	for _, f := range k.arrays {
		values, _ := r.Fields[f].([]string)
		for _, v := range values {
			want[value{f, v}] = true
		}
	}
	st, err := s.stmt(background, "SELECT field, value FROM "+quote(k.Name+"_values")+" WHERE id = ?")
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(background, r.ID)
	if err != nil {
		return err
	}
	var gone []value
	for rows.Next() {
		var v value
		if err := rows.Scan(&v.field, &v.value); err != nil {
			return errors.Join(err, rows.Close())
		}
		if want[v] {
			delete(want, v)
		} else {
			gone = append(gone, v)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, v := range gone {
		if err := s.exec(background, "DELETE FROM "+quote(k.Name+"_values")+" WHERE field = ? AND value = ? AND id = ?", v.field, v.value, r.ID); err != nil {
			return err
		}
	}
	for v := range want {
		if err := s.exec(background, "INSERT INTO "+quote(k.Name+"_values")+" VALUES (?, ?, ?)", v.field, v.value, r.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) addEntries(k *collection, r store.Record, last int64) error {
	for i, e := range r.Entries {
		if err := s.exec(background, "INSERT INTO "+quote(k.Name+"_history")+" VALUES (?, ?, ?)", r.ID, last+int64(i)+1, []byte(e)); err != nil {
			return err
		}
	}
	return nil
}

// forget removes the values of a record, and its history too.
func (s *session) forget(k *collection, id string, history bool) error {
	if len(k.arrays) > 0 {
		if err := s.exec(background, "DELETE FROM "+quote(k.Name+"_values")+" WHERE id = ?", id); err != nil {
			return err
		}
	}
	if !history {
		return nil
	}
	return s.exec(background, "DELETE FROM "+quote(k.Name+"_history")+" WHERE id = ?", id)
}
