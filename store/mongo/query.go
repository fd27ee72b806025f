package mongo

import (
	"fmt"
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// path is where a field stands in a document.
func path(field string) string {
	if field == "id" {
		return "_id"
	}
	return "f." + field
}

func is(field, operator string, v any) bson.D {
	return bson.D{{Key: path(field), Value: bson.D{{Key: operator, Value: v}}}}
}

// absent matches documents without the field, since no field holds a null. An
// index has them as its first values.
func absent(field string) bson.D { return is(field, "$eq", nil) }

// filters are the conditions of a query as filters that all must hold. Values
// stand only where an operator of ours takes a value, and only kinds that
// Collection.CheckQuery lets through: a user's text can be no operator.
func filters(conds []store.Cond) (all bson.A, none bool, err error) {
	for _, c := range conds {
		switch c := c.(type) {
		case store.Eq:
			all = append(all, is(c.Field, "$eq", c.Value))
		case store.In:
			none = none || len(c.Values) == 0
			all = append(all, is(c.Field, "$in", bson.A(c.Values)))
		case store.Has:
			if len(c.Values) > 0 {
				all = append(all, is(c.Field, "$all", c.Values))
			}
		case store.Between:
			if c.From != nil {
				all = append(all, is(c.Field, "$gte", c.From))
			}
			if c.To != nil {
				all = append(all, is(c.Field, "$lte", c.To))
			}
			if c.From == nil && c.To == nil {
				all = append(all, is(c.Field, "$exists", true))
			}
		case store.Exists:
			all = append(all, is(c.Field, "$exists", !c.Absent))
		default:
			return nil, false, fmt.Errorf("mongo: unknown condition %T", c)
		}
	}
	return all, none, nil
}

// selection is one find; the finds of a query follow one another.
type selection struct {
	filter bson.D
	sort   bson.D
}

// selections answer a query. The first page is one find. What comes after a
// cursor is several, each one range of an index: the records equal to the
// cursor in all sort fields that have a later id, then those equal in all but
// the last, and so on. Absent values are a range of their own, and what is
// present is a range for each kind that values have.
func selections(c store.Collection, q store.Query) ([]selection, error) {
	all, none, err := filters(q.Where)
	if none || err != nil {
		return nil, err
	}
	fields, desc := q.Order()
	one := func(extra bson.A, sort []string) selection {
		return selection{and(append(all[:len(all):len(all)], extra...)), sorting(sort, desc)}
	}
	if q.After == nil {
		if atMostOne(c, q.Where) {
			return []selection{{and(all), bson.D{}}}, nil
		}
		return []selection{one(nil, fields)}, nil
	}
	beyond := "$gt"
	if desc {
		beyond = "$lt"
	}
	last := len(fields)
	if last == 1 && q.After[0] != nil {
		out := []selection{one(bson.A{beside(fields[0], q.After[0], q.After[1], desc)}, fields)}
		if desc {
			out = append(out, one(bson.A{absent(fields[0])}, nil))
		}
		return out, nil
	}
	out := []selection{one(append(same(q, last), is("id", beyond, q.After[last])), nil)}
	for k := last - 1; k >= 0; k-- {
		prefix := same(q, k)
		with := func(d bson.D) bson.A { return append(prefix[:k:k], d) }
		switch {
		case q.After[k] != nil:
			out = append(out, one(with(is(fields[k], beyond, q.After[k])), fields[k:]))
			if desc {
				out = append(out, one(with(absent(fields[k])), fields[k+1:]))
			}
		case !desc:
			for _, kind := range kinds(fields[k]) {
				out = append(out, one(with(kind), fields[k:]))
			}
		}
	}
	return out, nil
}

// atMostOne says that the conditions give every field of a unique index a
// value. The id is not in such an index, so MongoDB would sort what it finds.
func atMostOne(c store.Collection, conds []store.Cond) bool {
	given := func(field string) bool {
		return slices.ContainsFunc(conds, func(c store.Cond) bool { eq, ok := c.(store.Eq); return ok && eq.Field == field })
	}
	return slices.ContainsFunc(c.Indexes, func(ix store.Index) bool {
		return ix.Unique && !slices.ContainsFunc(ix.Fields, func(f string) bool { return !given(f) })
	})
}

// beside is the page after a cursor in one field, ties and what lies behind
// them in one find: the planner reads it as one range of the index.
func beside(field string, v, id any, desc bool) bson.D {
	beyond, from := "$gt", "$gte"
	if desc {
		beyond, from = "$lt", "$lte"
	}
	tie := bson.D{{Key: path(field), Value: v}, {Key: "_id", Value: bson.D{{Key: beyond, Value: id}}}}
	return append(is(field, from, v), bson.E{Key: "$or", Value: bson.A{is(field, beyond, v), tie}})
}

// same holds for the documents that equal the cursor in the first k fields.
func same(q store.Query, k int) bson.A {
	out := bson.A{}
	fields, _ := q.Order()
	for i, f := range fields[:k] {
		if q.After[i] == nil {
			out = append(out, absent(f))
		} else {
			out = append(out, is(f, "$eq", q.After[i]))
		}
	}
	return out
}

// kinds are the ranges of all numbers, all text and all truth values, in the
// order in which MongoDB sorts them.
func kinds(field string) []bson.D {
	return []bson.D{is(field, "$gte", math.Inf(-1)), is(field, "$gte", ""), is(field, "$gte", false)}
}

func and(all bson.A) bson.D {
	if len(all) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: all}}
}

func sorting(fields []string, desc bool) bson.D {
	direction := 1
	if desc {
		direction = -1
	}
	out := bson.D{}
	for _, f := range fields {
		out = append(out, bson.E{Key: path(f), Value: direction})
	}
	return append(out, bson.E{Key: "_id", Value: direction})
}
