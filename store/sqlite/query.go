package sqlite

import (
	"fmt"
	"strings"

	"qunxian/store"
)

// clause is SQL with its arguments: conditions that are joined with AND.
type clause struct {
	sql  []string
	args []any
}

func (c clause) and(sql string, args ...any) clause {
	return clause{
		append(c.sql[:len(c.sql):len(c.sql)], sql),
		append(c.args[:len(c.args):len(c.args)], args...),
	}
}

// selector makes the statements of one query. Only names that were declared
// become SQL; every value is an argument.
type selector struct {
	table *table
	query store.Query
	from  string
	id    string // the column that the id is compared and sorted by
	where clause
	none  bool // no record can match
}

// statement is one SELECT; its last argument, the limit, is still to come.
type statement struct {
	sql  string
	args []any
}

func newSelector(t *table, q store.Query) (*selector, error) {
	s := &selector{table: t, query: q, from: t.name() + " AS m", id: "m.id"}
	for _, c := range q.Where {
		if err := s.add(c); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *selector) column(field string) string {
	if field == "id" {
		return s.id
	}
	return "m." + s.table.column(field)
}

func (s *selector) add(c store.Cond) error {
	switch c := c.(type) {
	case store.Eq:
		s.where = s.where.and(s.column(c.Field)+" = ?", value(c.Value))
	case store.In:
		s.none = s.none || len(c.Values) == 0
		s.where = s.where.and(s.column(c.Field)+" IN ("+marks(padded(len(c.Values)))+")", pad(c.Values)...)
	case store.Has:
		for _, v := range c.Values {
			s.has(c.Field, v)
		}
	case store.Between:
		s.between(c)
	case store.Exists:
		is := " IS NOT NULL"
		if c.Absent {
			is = " IS NULL"
		}
		s.where = s.where.and(s.column(c.Field) + is)
	default:
		return fmt.Errorf("sqlite: unknown condition %T", c)
	}
	return nil
}

// has asks for one value of an array. The first value leads: its rows are read
// in the order of ids, and each record is looked up from there.
func (s *selector) has(field, v string) {
	values := s.table.values()
	if s.id == "m.id" {
		s.id = "v.id"
		s.from = values + " AS v CROSS JOIN " + s.table.name() + " AS m ON m.id = v.id"
		s.where = s.where.and("v.field = ? AND v.value = ?", field, v)
		return
	}
	s.where = s.where.and("EXISTS (SELECT 1 FROM "+values+" AS w WHERE w.field = ? AND w.value = ? AND w.id = v.id)", field, v)
}

func (s *selector) between(c store.Between) {
	column := s.column(c.Field)
	if c.From != nil {
		s.where = s.where.and(column+" >= ?", value(c.From))
	}
	if c.To != nil {
		s.where = s.where.and(column+" <= ?", value(c.To))
	}
	if c.From == nil && c.To == nil {
		s.where = s.where.and(column + " IS NOT NULL")
	}
}

// statements answer the query one after the other. The first page is one. What
// comes after a cursor is several, each one range of an index: first the
// records equal to the cursor in all sort fields that have a later id, then
// those equal in all but the last, and so on. Absent values are a range of
// their own.
func (s *selector) statements() []statement {
	if s.none {
		return nil
	}
	fields, desc := s.query.Order()
	after := s.query.After
	if after == nil {
		return []statement{s.statement(s.where, fields, desc)}
	}
	beyond := " > ?"
	if desc {
		beyond = " < ?"
	}
	last := len(fields)
	out := []statement{s.statement(s.same(last).and(s.id+beyond, after[last]), nil, desc)}
	for k := last - 1; k >= 0; k-- {
		column := s.column(fields[k])
		switch {
		case after[k] != nil:
			out = append(out, s.statement(s.same(k).and(column+beyond, value(after[k])), fields[k:], desc))
			if desc {
				out = append(out, s.statement(s.same(k).and(column+" IS NULL"), fields[k+1:], desc))
			}
		case !desc:
			out = append(out, s.statement(s.same(k).and(column+" IS NOT NULL"), fields[k:], desc))
		}
	}
	return out
}

// same holds for the records that equal the cursor in the first k sort fields.
func (s *selector) same(k int) clause {
	c := s.where
	fields, _ := s.query.Order()
	for i, f := range fields[:k] {
		if v := s.query.After[i]; v != nil {
			c = c.and(s.column(f)+" = ?", value(v))
		} else {
			c = c.and(s.column(f) + " IS NULL")
		}
	}
	return c
}

func (s *selector) statement(where clause, sort []string, desc bool) statement {
	sql := "SELECT " + strings.Join(s.columns(), ", ") + " FROM " + s.from
	if len(where.sql) > 0 {
		sql += " WHERE " + strings.Join(where.sql, " AND ")
	}
	down := ""
	if desc {
		down = " DESC"
	}
	order := ""
	for _, f := range sort {
		order += s.column(f) + down + ", "
	}
	return statement{sql + " ORDER BY " + order + s.id + down + " LIMIT ?", where.args}
}

// parts are the columns behind each bit of store.Part.
var parts = []string{"body", "staff", "viewer", "masked", "codes"}

func (s *selector) columns() []string {
	out := []string{s.id, "m.version"}
	for i, name := range parts {
		if s.query.Parts&(1<<i) != 0 {
			out = append(out, "m."+name)
		}
	}
	for _, f := range s.query.With {
		out = append(out, s.column(f))
	}
	return out
}

// padded is the next power of two, so that lists of any length share a few
// prepared statements.
func padded(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// pad fills a list up with its last value, which changes nothing.
func pad(values []any) []any {
	out := make([]any, padded(len(values)))
	for i := range out {
		if len(values) > 0 {
			out[i] = value(values[min(i, len(values)-1)])
		}
	}
	return out
}

// value is a value as SQLite keeps it. A bool is a blob of one byte: it is no
// number, and is read back as what it was.
func value(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return []byte{1}
		}
		return []byte{0}
	case int:
		return int64(v)
	}
	return v
}

// valueOf is what value made v of.
func valueOf(v any) any {
	if b, ok := v.([]byte); ok {
		return len(b) == 1 && b[0] == 1
	}
	return v
}
