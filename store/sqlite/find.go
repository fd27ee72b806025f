package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"qunxian/store"
)

// Get returns the parts of one record.
func (d *DB) Get(ctx context.Context, coll, id string, parts store.Part) (store.Record, error) {
	found := store.Record{}
	ok := false
	err := d.Find(ctx, coll, store.Query{Where: []store.Cond{store.Eq{Field: "id", Value: id}}, Limit: 1, Parts: parts}, func(r store.Record) error {
		found, ok = r, true
		return nil
	})
	if err == nil && !ok {
		err = store.ErrNotFound
	}
	return found, err
}

// Find calls each for the records that match q, in its order.
func (d *DB) Find(ctx context.Context, coll string, q store.Query, each func(store.Record) error) error {
	k := d.collection(coll)
	text, args, err := k.render(q)
	if err != nil {
		return err
	}
	rows, err := d.query(ctx, text, args...)
	if err != nil {
		return d.known(err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scan(rows, q)
		if err != nil {
			return d.known(err)
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return d.known(rows.Err())
}

// Plan is how SQLite would answer a query: its EXPLAIN QUERY PLAN, a line each.
func (d *DB) Plan(ctx context.Context, coll string, q store.Query) ([]string, error) {
	text, args, err := d.collection(coll).render(q)
	if err != nil {
		return nil, err
	}
	rows, err := d.read.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		return nil, d.known(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

var partColumns = []struct {
	part   store.Part
	column string
}{
	{store.Body, "body"}, {store.StaffCard, "staff"}, {store.ViewerCard, "viewer"}, {store.MaskedCard, "masked"}, {store.Codes, "codes"},
}

func scan(rows *sql.Rows, q store.Query) (store.Record, error) {
	var r store.Record
	to := []any{&r.ID, &r.Version}
	for _, p := range partColumns {
		if q.Parts&p.part == 0 {
			continue
		}
		to = append(to, map[store.Part]*[]byte{
			store.Body: &r.Body, store.StaffCard: &r.Cards.Staff, store.ViewerCard: &r.Cards.Viewer, store.MaskedCard: &r.Cards.Masked, store.Codes: &r.Codes,
		}[p.part])
	}
	with := make([]any, len(q.With))
	for i := range with {
		to = append(to, &with[i])
	}
	if err := rows.Scan(to...); err != nil {
		return r, err
	}
	for i, f := range q.With {
		if with[i] == nil {
			continue
		}
		if r.Fields == nil {
			r.Fields = store.Fields{}
		}
		if r.Fields[f] = with[i]; f == "id" {
			delete(r.Fields, f)
		}
	}
	return r, nil
}

// render is the SQL of a query. Values are arguments, never text.
func (k *collection) render(q store.Query) (string, []any, error) {
	b := builder{k: k}
	b.text.WriteString("SELECT t.id, t.version")
	for _, p := range partColumns {
		if q.Parts&p.part != 0 {
			b.text.WriteString(", t." + p.column)
		}
	}
	for _, f := range q.With {
		b.text.WriteString(", " + b.scalar(f))
	}
	from, where := " FROM "+quote(k.Name)+" t", []string{}
	driven := false // by a value of an array field
	for _, c := range q.Where {
		if has, ok := c.(store.Has); ok && len(has.Values) > 0 && !driven {
			driven = true
			b.array(has.Field)
			from = " FROM " + quote(k.Name+"_values") + " v CROSS JOIN " + quote(k.Name) + " t ON t.id = v.id"
			where = append(where, "v.field = ? AND v.value = ?")
			b.args = append(b.args, has.Field, has.Values[0])
			c = store.Has{Field: has.Field, Values: has.Values[1:]}
		}
		if s := b.cond(c); s != "" {
			where = append(where, s)
		}
	}
	order, desc, err := b.order(q.Sort, driven)
	if err != nil {
		return "", nil, err
	}
	if len(q.After) > 0 {
		where = append(where, b.after(q, desc))
	}
	b.text.WriteString(from)
	if len(where) > 0 {
		b.text.WriteString(" WHERE " + strings.Join(where, " AND "))
	}
	b.text.WriteString(" ORDER BY " + order)
	if q.Limit > 0 {
		b.text.WriteString(" LIMIT ?")
		b.args = append(b.args, q.Limit)
	}
	return b.text.String(), b.args, b.err
}

// builder writes one query.
type builder struct {
	k    *collection
	text strings.Builder
	args []any
	err  error
}

func (b *builder) scalar(field string) string {
	if field != "id" && !slices.Contains(b.k.scalars, field) {
		b.err = fmt.Errorf("sqlite: %s has no scalar field %q", b.k.Name, field)
		return "NULL"
	}
	return column(field)
}

func (b *builder) array(field string) {
	if !slices.Contains(b.k.arrays, field) {
		b.err = fmt.Errorf("sqlite: %s has no array field %q", b.k.Name, field)
	}
}

func (b *builder) add(text string, args ...any) string {
	for _, a := range args {
		b.args = append(b.args, scalar(a))
	}
	return text
}

// inSizes are the lengths of IN lists, so that few statements are prepared;
// the last value fills up.
var inSizes = []int{1, 2, 5, 10, 20, 50, 100, 200, 500}

func (b *builder) cond(c store.Cond) string {
	switch c := c.(type) {
	case store.Eq:
		return b.add(b.scalar(c.Field)+" = ?", c.Value)
	case store.In:
		if len(c.Values) == 0 {
			return "FALSE"
		}
		n := len(c.Values)
		for _, size := range inSizes {
			if size >= n {
				n = size
				break
			}
		}
		field := b.scalar(c.Field)
		for i := range n {
			b.add("", c.Values[min(i, len(c.Values)-1)])
		}
		return field + " IN (" + strings.TrimSuffix(strings.Repeat("?, ", n), ", ") + ")"
	case store.Has:
		b.array(c.Field)
		var all []string
		for _, v := range c.Values {
			all = append(all, b.add("EXISTS (SELECT 1 FROM "+quote(b.k.Name+"_values")+" w WHERE w.field = ? AND w.value = ? AND w.id = t.id)", c.Field, v))
		}
		return strings.Join(all, " AND ")
	case store.Between:
		field := b.scalar(c.Field)
		switch {
		case c.From != nil && c.To != nil:
			return b.add(field+" >= ? AND "+field+" <= ?", c.From, c.To)
		case c.From != nil:
			return b.add(field+" >= ?", c.From)
		case c.To != nil:
			return b.add(field+" <= ?", c.To)
		}
		return field + " IS NOT NULL"
	case store.Exists:
		not := ""
		if slices.Contains(b.k.arrays, c.Field) {
			if c.Absent {
				not = "NOT "
			}
			return b.add(not+"EXISTS (SELECT 1 FROM "+quote(b.k.Name+"_values")+" w WHERE w.field = ? AND w.id = t.id)", c.Field)
		}
		if !c.Absent {
			not = "NOT "
		}
		return b.scalar(c.Field) + " IS " + not + "NULL"
	}
	b.err = fmt.Errorf("sqlite: unknown condition %T", c)
	return "FALSE"
}

// order is the ORDER BY of a query, with the id at its end.
func (b *builder) order(sort []store.Order, driven bool) (text string, desc bool, err error) {
	var parts []string
	id := "t.id"
	if driven {
		id = "v.id" // the same, and in the order of the values' key
	}
	for i, o := range sort {
		if i > 0 && o.Desc != desc {
			return "", false, fmt.Errorf("sqlite: a query sorts in one direction")
		}
		desc = o.Desc
		field := b.scalar(o.Field)
		if o.Field == "id" {
			field = id
		}
		parts = append(parts, field)
	}
	if len(sort) == 0 || sort[len(sort)-1].Field != "id" {
		parts = append(parts, id)
	}
	if desc {
		return strings.Join(parts, " DESC, ") + " DESC", true, nil
	}
	return strings.Join(parts, ", "), false, nil
}

// after is the condition of the records behind a page: they follow its last
// one in the order. NULL comes before all values.
func (b *builder) after(q store.Query, desc bool) string {
	var fields []string
	for _, o := range q.Sort {
		fields = append(fields, o.Field)
	}
	if len(fields) == 0 || fields[len(fields)-1] != "id" {
		fields = append(fields, "id")
	}
	if len(q.After) != len(fields) {
		b.err = fmt.Errorf("sqlite: a page begins after %d values, not %d", len(fields), len(q.After))
		return "FALSE"
	}
	if len(fields) == 1 {
		op := " > ?"
		if desc {
			op = " < ?"
		}
		return b.add(column(fields[0])+op, q.After[0])
	}
	var ways []string
	bound := ""
	if q.After[0] != nil && !desc { // lets the index of the first field begin at the right place
		bound = b.add(b.scalar(fields[0])+" >= ?", q.After[0]) + " AND "
	}
	for i := range fields {
		var way []string
		for j := range i {
			way = append(way, b.add(b.scalar(fields[j])+" IS ?", q.After[j]))
		}
		field, v := b.scalar(fields[i]), q.After[i]
		switch {
		case v == nil && desc:
			continue // nothing comes after NULL
		case v == nil:
			way = append(way, field+" IS NOT NULL")
		case desc && fields[i] != "id":
			way = append(way, b.add("("+field+" < ? OR "+field+" IS NULL)", v))
		case desc:
			way = append(way, b.add(field+" < ?", v))
		default:
			way = append(way, b.add(field+" > ?", v))
		}
		ways = append(ways, "("+strings.Join(way, " AND ")+")")
	}
	if len(ways) == 0 {
		return "FALSE"
	}
	return bound + "(" + strings.Join(ways, " OR ") + ")"
}
