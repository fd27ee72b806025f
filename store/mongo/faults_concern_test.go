package mongo

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// TestFaultConcerns holds what the answers of TestFaults are worth: every write
// waits for the disks of a majority, and the look after a write of unknown
// outcome sees what a majority has. With w: 1 a real replica set lost 61 of
// 63,379 acknowledged writes in five failovers.
func TestFaultConcerns(t *testing.T) {
	r := newResponder(t)
	d := openOn(t, r, "&w=3&journal=true&readConcernLevel=available&retryWrites=false")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	a := store.Record{ID: "a", Version: 1, Body: []byte(`{}`), Entries: []json.RawMessage{[]byte(`{"seq":1}`)}}
	r.script("insert things", answer{apply: true, doc: concern})
	for what, err := range map[string]error{
		"insert":      d.Insert(ctx, "things", a),
		"insert many": d.InsertMany(ctx, "things", []store.Record{{ID: "b", Version: 1, Body: []byte(`{}`)}})[0],
		"update":      d.Update(ctx, "things", 1, a),
		"put":         d.Put(ctx, "things", []store.Record{a}),
		"delete":      d.Delete(ctx, "things", "a", 1),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for command, n := range map[string]int{
		"insert _lease":        1,
		"findAndModify _lease": 1,
		"insert things":        2,
		"update things":        2,
		"delete things":        1,
	} {
		all := r.all(command)
		if len(all) != n {
			t.Errorf("%s: asked %d times, want %d", command, len(all), n)
		}
		for _, c := range all {
			if w, _ := value(c, "writeConcern").(bson.D); value(w, "w") != "majority" || value(w, "j") != true {
				t.Errorf("%s waits for %v", command, w)
			}
			if value(c, "txnNumber") == nil {
				t.Errorf("%s cannot be tried again", command)
			}
		}
	}
	looks := r.all("find things")
	if len(looks) == 0 {
		t.Fatal("the write without a majority was not looked for")
	}
	if c, _ := value(looks[0], "readConcern").(bson.D); value(c, "level") != "linearizable" {
		t.Errorf("the look sees %v", c)
	}
}
