package app

import (
	"context"

	"qunxian/store"
)

// Every query that the product asks a database is made here, beside the index
// that serves it: lists, totals and facets come from memory, so these few are
// all. A test lets nobody make another, and holds each against the plan of the
// database: no scan of a table, no sort, few rows read for each one returned.

// Shape is one of the queries, for that test.
type Shape struct {
	Name  string
	Query store.Query
	Index string // the fields of the index that serves it
	Rows  int    // how many records it may read beside those it returns
}

// Shapes are all of them, with sample values.
func Shapes() []Shape {
	return []Shape{
		{"page of cards", byIDs([]string{"01A", "01B"}, store.StaffCard), "id", 0},
		{"by identity key", byKey("no:name|organisation"), "keys", 0},
		{"by operation", byOperation("user:key"), "opId", 0},
		{"texts after the last fold", slotsFrom(7), "slot", 0},
		{"first part of the whole", wholeFrom("", store.Codes), "id", 0},
		{"next part of the whole", wholeFrom("7Z", store.Codes), "id", 0}, // none: those before must not be read
	}
}

// byIDs reads records by their ids: the cards of a page, posting blocks.
func byIDs(ids []string, parts store.Part) store.Query {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return store.Query{Where: []store.Cond{store.In{Field: "id", Values: values}}, Parts: parts}
}

// byKey finds whom an identity key means: one, but for doubles that were
// archived and namesakes.
func byKey(key string) store.Query {
	return store.Query{Where: []store.Cond{store.Has{Field: "keys", Values: []string{key}}}, Limit: 20}
}

// byOperation finds what an operation made.
func byOperation(op string) store.Query {
	return store.Query{Where: []store.Cond{store.Eq{Field: "opId", Value: op}}, Limit: 1}
}

// slotsFrom reads the records whose text is not folded yet, at start.
func slotsFrom(slot int64) store.Query {
	return store.Query{Where: []store.Cond{store.Between{Field: "slot", From: slot}}, Sort: []store.Order{{Field: "slot"}}, Parts: store.Body | store.Codes}
}

// wholePage is how many records one step of a read of everything takes.
const wholePage = 2000

// wholeFrom reads the next records by id: a step of a read of everything, at
// start and for an export.
func wholeFrom(after string, parts store.Part) store.Query {
	q := store.Query{Sort: []store.Order{{Field: "id"}}, Limit: wholePage, Parts: parts}
	if after == "" {
		q.Where = []store.Cond{store.Between{Field: "id", From: ""}}
	} else { // two bounds, and SQLite may seek the wider one
		q.After = []any{after}
	}
	return q
}

// whole calls each for every record of a collection, in the order of ids.
func (a *App) whole(ctx context.Context, coll string, parts store.Part, each func(store.Record) error) error {
	for after := ""; ; {
		n := 0
		err := a.store.Find(ctx, coll, wholeFrom(after, parts), func(r store.Record) error {
			n++
			after = r.ID
			return each(r)
		})
		if err != nil || n < wholePage {
			return err
		}
	}
}
