package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"

	"qunxian/store"
)

// Plan is how SQLite runs a query, for tests and benchmarks that hold queries
// to their indexes: of each of its statements the steps, then how many rows it
// visits for those that it returns.
func (d *DB) Plan(ctx context.Context, coll string, q store.Query) ([]string, error) {
	t, err := d.usableTable(coll)
	if err != nil {
		return nil, err
	}
	if err := t.CheckQuery(q); err != nil {
		return nil, err
	}
	s, err := newSelector(t, q)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, st := range s.statements() {
		steps, err := d.explain(ctx, st, limit(q.Limit))
		if err != nil {
			return nil, err
		}
		visited, returned, err := d.count(ctx, s, st, limit(q.Limit))
		if err != nil {
			return nil, err
		}
		out = append(append(out, steps...), fmt.Sprintf("%d keys, %d documents for %d", visited, visited, returned))
	}
	return out, nil
}

func (d *DB) explain(ctx context.Context, st statement, limit int) (steps []string, err error) {
	rows, err := d.readers.QueryContext(ctx, "EXPLAIN QUERY PLAN "+st.sql, append(slices.Clip(st.args), limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		steps = append(steps, strings.TrimSpace(step))
	}
	return steps, rows.Err()
}

// visits are the counters of statements that call visited. SQLite has no figure
// for the rows that a statement reads, but it calls a function that stands first
// among the conditions for each of them.
var visits = func() *sync.Map {
	var counters sync.Map // of *atomic.Int64 by number
	sqlite.MustRegisterScalarFunction("visited", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		if c, ok := counters.Load(args[0]); ok {
			c.(*atomic.Int64).Add(1)
		}
		return int64(1), nil
	})
	return &counters
}()

var lastVisit atomic.Int64

// count runs a statement to its end.
func (d *DB) count(ctx context.Context, s *selector, st statement, limit int) (visited, returned int64, err error) {
	number, counter := lastVisit.Add(1), new(atomic.Int64)
	visits.Store(number, counter)
	defer visits.Delete(number)
	plain := "SELECT 1" + st.sql[strings.Index(st.sql, " FROM "):]
	counting := strings.Replace(plain, " WHERE ", " WHERE visited("+strconv.FormatInt(number, 10)+", "+s.id+") AND ", 1)
	rows, err := d.readers.QueryContext(ctx, counting, append(slices.Clip(st.args), limit)...)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		returned++
	}
	return counter.Load(), returned, rows.Err()
}
