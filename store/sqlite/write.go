package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"qunxian/store"
)

// maxRecords is how many records one transaction takes of a call that writes
// many, so that others get their turn.
const maxRecords = 1000

// Insert adds one record.
func (d *DB) Insert(ctx context.Context, coll string, r store.Record) error {
	return d.one(ctx, coll, r, (*table).add)
}

// InsertMany adds records, many in one transaction.
func (d *DB) InsertMany(ctx context.Context, coll string, rs []store.Record) []error {
	return d.many(ctx, coll, rs, (*table).add)
}

// Update stores a new state of a record.
func (d *DB) Update(ctx context.Context, coll string, version int64, r store.Record) error {
	r.Version = version
	return d.one(ctx, coll, r, (*table).change)
}

// UpdateMany stores new states of records, many in one transaction.
func (d *DB) UpdateMany(ctx context.Context, coll string, rs []store.Record) []error {
	return d.many(ctx, coll, rs, (*table).change)
}

// Put stores derived records; where one is refused, none of its thousand is
// stored.
func (d *DB) Put(ctx context.Context, coll string, rs []store.Record) error {
	t, err := d.writable(coll, rs...)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(rs, maxRecords) {
		if err := d.write(ctx, func(tx *txn) error {
			for _, r := range chunk {
				if err := t.replace(tx, r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Delete removes a record with its values and its history.
func (d *DB) Delete(ctx context.Context, coll, id string, version int64) error {
	t, err := d.usableTable(coll)
	if err != nil {
		return err
	}
	return d.write(ctx, func(tx *txn) error {
		old, err := t.valuesAt(tx, id, version)
		if err != nil {
			return err
		}
		n, err := tx.exec(t.remove, id, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return t.whyNot(tx, id)
		}
		if t.History {
			if _, err := tx.exec(t.dropEntries, id); err != nil {
				return err
			}
		}
		return t.revalue(tx, id, old, nil)
	})
}

// writable is the table of a collection that can keep these records.
func (d *DB) writable(coll string, rs ...store.Record) (*table, error) {
	t, err := d.usableTable(coll)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		if err := t.CheckRecord(r); err != nil {
			return nil, fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
	}
	return t, nil
}

func (d *DB) one(ctx context.Context, coll string, r store.Record, do func(*table, *txn, store.Record) error) error {
	t, err := d.writable(coll, r)
	if err != nil {
		return err
	}
	return d.write(ctx, func(tx *txn) error { return do(t, tx, r) })
}

// many runs do for each record and answers for each. A record that is refused
// has changed nothing: the statement that can be refused is its first.
func (d *DB) many(ctx context.Context, coll string, rs []store.Record, do func(*table, *txn, store.Record) error) []error {
	errs := make([]error, len(rs))
	t, err := d.usableTable(coll)
	if err != nil {
		return fill(errs, err)
	}
	for start := 0; start < len(rs); start += maxRecords {
		end := min(start+maxRecords, len(rs))
		chunk, out := rs[start:end], errs[start:end]
		err := d.write(ctx, func(tx *txn) error {
			for i, r := range chunk {
				if out[i] = t.CheckRecord(r); out[i] != nil {
					continue
				}
				if out[i] = do(t, tx, r); out[i] != nil && !refused(out[i]) {
					return out[i]
				}
			}
			return nil
		})
		if err != nil {
			fill(out, err)
		}
	}
	return errs
}

func fill(errs []error, err error) []error {
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// add inserts a record, its values and its entries.
func (t *table) add(tx *txn, r store.Record) error {
	if _, err := tx.exec(t.insert, t.row(r, r.ID, max(r.Version, 1))...); err != nil {
		return taken(err)
	}
	return t.begin(tx, r)
}

// replace inserts or overwrites a record; its history stays.
func (t *table) replace(tx *txn, r store.Record) error {
	old, err := t.valuesOf(tx, r.ID)
	if err != nil {
		return err
	}
	if _, err := tx.exec(t.put, t.row(r, r.ID, max(r.Version, 1))...); err != nil {
		return taken(err)
	}
	return t.revalue(tx, r.ID, old, r.Fields)
}

// change overwrites a record that is still at r.Version.
func (t *table) change(tx *txn, r store.Record) error {
	old, err := t.valuesAt(tx, r.ID, r.Version)
	if err != nil {
		return err
	}
	n, err := tx.exec(t.update, append(t.row(r), r.Grows(), r.ID, r.Version)...)
	if err != nil {
		return taken(err)
	}
	if n == 0 {
		return t.whyNot(tx, r.ID)
	}
	return t.follow(tx, r, old)
}

// begin writes what stands beside a new row.
func (t *table) begin(tx *txn, r store.Record) error {
	for i, e := range r.Entries {
		if _, err := tx.exec(t.firstEntry, r.ID, int64(i+1), []byte(e)); err != nil {
			return err
		}
	}
	return t.revalue(tx, r.ID, nil, r.Fields)
}

// follow writes what stands beside a row that is written again.
func (t *table) follow(tx *txn, r store.Record, old store.Fields) error {
	for _, e := range r.Entries {
		if _, err := tx.exec(t.addEntry, r.ID, []byte(e)); err != nil {
			return err
		}
	}
	return t.revalue(tx, r.ID, old, r.Fields)
}

// whyNot says why no row has an id and a version.
func (t *table) whyNot(tx *txn, id string) error {
	found, err := tx.row(t.versionOf, []any{id}, new(int64))
	switch {
	case err != nil:
		return err
	case found:
		return store.ErrConflict
	}
	return store.ErrNotFound
}

// row are the arguments of a statement that writes r: first, then the fields
// and the fixed columns.
func (t *table) row(r store.Record, first ...any) []any {
	args := slices.Grow(first, len(t.Fields)+len(fixed)+2)
	for _, name := range t.scalars {
		args = append(args, value(r.Fields[name]))
	}
	for _, name := range t.arrays {
		args = append(args, listText(r.Fields[name]))
	}
	return append(args, r.Cards.Staff, r.Cards.Viewer, r.Cards.Masked, r.Codes, r.Body)
}

// listText is an array as its column holds it, nil where it is empty.
func listText(v any) any {
	list, _ := v.([]string)
	if len(list) == 0 {
		return nil
	}
	b, _ := json.Marshal(list)
	return string(b)
}

func (t *table) valuesOf(tx *txn, id string) (store.Fields, error) {
	return t.readValues(tx, t.arraysOf, id)
}

func (t *table) valuesAt(tx *txn, id string, version int64) (store.Fields, error) {
	return t.readValues(tx, t.arraysAt, id, version)
}

// readValues reads the arrays of a record as they are before a write.
func (t *table) readValues(tx *txn, query string, args ...any) (store.Fields, error) {
	if len(t.arrays) == 0 {
		return nil, nil
	}
	texts, to := make([]*string, len(t.arrays)), []any{}
	for i := range texts {
		to = append(to, &texts[i])
	}
	if found, err := tx.row(query, args, to...); err != nil || !found {
		return nil, err
	}
	old := store.Fields{}
	for i, name := range t.arrays {
		if texts[i] == nil {
			continue
		}
		var list []string
		if err := json.Unmarshal([]byte(*texts[i]), &list); err != nil {
			return nil, err
		}
		old[name] = list
	}
	return old, nil
}

// revalue brings the value rows of a record from old to now.
func (t *table) revalue(tx *txn, id string, old, now store.Fields) error {
	for _, name := range t.arrays {
		was, _ := old[name].([]string)
		is, _ := now[name].([]string)
		for _, v := range was {
			if !slices.Contains(is, v) {
				if _, err := tx.exec(t.dropValue, name, v, id); err != nil {
					return err
				}
			}
		}
		for _, v := range is {
			if !slices.Contains(was, v) {
				if _, err := tx.exec(t.addValue, name, v, id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
