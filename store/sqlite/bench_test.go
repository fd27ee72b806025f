package sqlite_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"qunxian/store"
)

// people is a collection with the indexes of a registry.
var people = store.Collection{
	Name: "people", History: true,
	Fields: []store.Field{{Name: "slot"}, {Name: "idKey"}, {Name: "nameKey"}, {Name: "opId"}, {Name: "keys", Array: true}},
	Indexes: []store.Index{
		{Fields: []string{"slot"}},
		{Fields: []string{"idKey"}, Unique: true},
		{Fields: []string{"nameKey"}, Unique: true},
		{Fields: []string{"opId"}, Unique: true},
		{Fields: []string{"keys"}},
	},
}

var ctx = context.Background()

// person is a record of about 6 KB with one entry of history.
func person(n int) store.Record {
	text := make([]byte, 0, 4096)
	for r := rand.New(rand.NewPCG(1, uint64(n))); len(text) < 3600; {
		text = fmt.Appendf(text, "%x", r.Uint64())
	}
	return store.Record{
		ID: fmt.Sprintf("01JD%022d", n), Version: 1,
		Body:  []byte(`{"name":"张三","note":"` + string(text) + `"}`),
		Cards: store.Cards{Staff: text[:600], Viewer: text[:400], Masked: text[:400]},
		Codes: text[:300],
		Fields: store.Fields{
			"slot": int64(n), "idKey": fmt.Sprintf("k%d", n*7919%1000003),
			"keys": []string{fmt.Sprintf("no:%d", n*31), fmt.Sprintf("phone:%d", n*17)},
		},
		Entries: []json.RawMessage{json.RawMessage(`{"seq":1,"opId":"x","changes":"` + string(text[:500]) + `"}`)},
	}
}

func fill(b *testing.B, d store.Backend, n int) {
	b.Helper()
	ensure(b, d, people)
	var rs []store.Record
	for i := range n {
		rs = append(rs, person(i))
	}
	for _, err := range d.InsertMany(ctx, "people", rs) {
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	d := open(b)
	fill(b, d, 5000)
	for b.Loop() {
		if _, err := d.Get(ctx, "people", person(0).ID, store.Body|store.Codes); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCards reads a page: the cards of twenty records by their ids.
func BenchmarkCards(b *testing.B) {
	d := open(b)
	fill(b, d, 5000)
	var in []any
	for i := range 20 {
		in = append(in, person(i*241).ID)
	}
	q := store.Query{Where: []store.Cond{store.In{Field: "id", Values: in}}, Parts: store.StaffCard}
	for b.Loop() {
		n := 0
		if err := d.Find(ctx, "people", q, func(store.Record) error { n++; return nil }); err != nil || n != 20 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkInsert(b *testing.B) {
	d := open(b)
	ensure(b, d, people)
	n := 0
	for b.Loop() {
		n++
		if err := d.Insert(ctx, "people", person(n)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInsertTogether(b *testing.B) {
	d := open(b)
	fill(b, d, 1)
	b.SetParallelism(8)
	next := make(chan store.Record)
	go func() {
		for n := 1; ; n++ {
			select {
			case next <- person(n):
			case <-b.Context().Done():
				return
			}
		}
	}()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := d.Insert(ctx, "people", <-next); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	d := open(b)
	fill(b, d, 5000)
	version := make([]int64, 5000)
	n := 0
	for b.Loop() {
		i := n % 5000
		n++
		if err := d.Update(ctx, "people", version[i]+1, person(i)); err != nil {
			b.Fatal(err)
		}
		version[i]++
	}
}

// BenchmarkInsertMany adds 500 records of 6 KB a call.
func BenchmarkInsertMany(b *testing.B) {
	d := open(b)
	ensure(b, d, people)
	n := 0
	for b.Loop() {
		b.StopTimer()
		rs := make([]store.Record, 500)
		for i := range rs {
			n++
			rs[i] = person(n)
		}
		b.StartTimer()
		for _, err := range d.InsertMany(ctx, "people", rs) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkCodes reads what memory needs of every record, as at start.
func BenchmarkCodes(b *testing.B) {
	const n = 20000
	d := open(b)
	fill(b, d, n)
	for b.Loop() {
		q := store.Query{Sort: []store.Order{{Field: "id"}}, Parts: store.Codes}
		if err := d.Find(ctx, "people", q, func(store.Record) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
