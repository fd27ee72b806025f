package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// txn runs statements on the writer's connection, each prepared once. Only
// the writer uses it.
type txn struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newTxn(conn *sql.Conn) *txn { return &txn{conn: conn, prepared: map[string]*sql.Stmt{}} }

func (t *txn) close() error {
	for _, s := range t.prepared {
		_ = s.Close()
	}
	return t.conn.Close()
}

func (t *txn) statement(query string) (*sql.Stmt, error) {
	if s, ok := t.prepared[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err == nil {
		t.prepared[query] = s
	}
	return s, err
}

// exec runs a statement and says how many rows it changed.
func (t *txn) exec(query string, args ...any) (int64, error) {
	s, err := t.statement(query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// row reads the first row of a query, and says whether there was one.
func (t *txn) row(query string, args []any, to ...any) (bool, error) {
	s, err := t.statement(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRow(args...).Scan(to...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// column reads the first column of every row of a query.
func (t *txn) column(query string, args ...any) (out []string, err error) {
	rows, err := t.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// whole runs do as one transaction.
func (t *txn) whole(do func() error) error {
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return errors.Join(err, t.rollback())
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return errors.Join(err, t.rollback())
	}
	return nil
}

// rollback ends a transaction, if SQLite has not done so by itself.
func (t *txn) rollback() error {
	_, err := t.exec("ROLLBACK")
	if resultCode(err) == codeError {
		return nil
	}
	return err
}

// statements keeps the prepared statements of the readers.
type statements struct {
	db  *sql.DB
	mu  sync.Mutex
	all map[string]*sql.Stmt
}

// maxStatements is far above the number of shapes of query that a program
// has.
const maxStatements = 512

func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, ok := s.all[query]; ok {
		return st, nil
	}
	st, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if len(s.all) >= maxStatements || s.all == nil {
		s.empty()
		s.all = map[string]*sql.Stmt{}
	}
	s.all[query] = st
	return st, nil
}

func (s *statements) empty() {
	for _, st := range s.all {
		_ = st.Close()
	}
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.empty()
	s.all = nil
}
