package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

var faulty = store.Collection{Name: "things", History: true, Fields: []store.Field{{Name: "name"}}, Indexes: []store.Index{{Fields: []string{"name"}, Unique: true}}}

// failure is the answer of a command that as a whole has failed.
func failure(code int, name string, labels ...string) bson.D {
	d := bson.D{{Key: "ok", Value: 0}, {Key: "errmsg", Value: name}, {Key: "code", Value: code}, {Key: "codeName", Value: name}}
	if len(labels) > 0 {
		d = append(d, bson.E{Key: "errorLabels", Value: labels})
	}
	return d
}

// refusal is the answer of a write whose only document is refused.
func refusal(code int, text string) bson.D {
	return bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "writeErrors", Value: bson.A{bson.D{{Key: "index", Value: 0}, {Key: "code", Value: code}, {Key: "errmsg", Value: text}}}}}
}

var concern = bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 1}, {Key: "nModified", Value: 1}, {Key: "writeConcernError", Value: bson.D{{Key: "code", Value: 64}, {Key: "codeName", Value: "WriteConcernFailed"}, {Key: "errmsg", Value: "waiting for replication timed out"}}}}

const retryable = "RetryableWriteError"

// TestFaults holds what a write answers when the server fails under it (safety
// A15). acked is that the write is reported as done: never, unless it was
// applied.
func TestFaults(t *testing.T) {
	entry := func(op string) json.RawMessage { return json.RawMessage(`{"seq":1,"opId":"` + op + `"}`) }
	first := store.Record{ID: "a", Version: 1, Body: []byte(`{"name":"甲"}`), Fields: store.Fields{"name": "甲"}, Entries: []json.RawMessage{entry("first")}}
	second := store.Record{ID: "a", Body: []byte(`{"name":"乙"}`), Fields: store.Fields{"name": "乙"}, Entries: []json.RawMessage{entry("second")}}
	insert := func(ctx context.Context, d *DB) error { return d.Insert(ctx, "things", first) }
	update := func(ctx context.Context, d *DB) error { return d.Update(ctx, "things", 1, second) }
	remove := func(ctx context.Context, d *DB) error { return d.Delete(ctx, "things", "a", 1) }
	at := func(version int64, op string) bson.D {
		return bson.D{{Key: "_id", Value: "a"}, {Key: "version", Value: version}, {Key: "history", Value: bson.A{bson.D{{Key: "seq", Value: int64(1)}, {Key: "opId", Value: op}}}}}
	}
	lost, gone := answer{drop: true}, answer{drop: true, ever: true}
	applied := answer{apply: true, drop: true}
	for _, c := range []struct {
		name    string
		stored  bson.D // before
		do      func(context.Context, *DB) error
		command string
		answers []answer
		look    []answer // of finds
		want    error    // nil is an acknowledgement
	}{
		{name: "insert, connection lost before it arrives", do: insert, command: "insert things", answers: []answer{gone}, want: store.ErrUnknown},
		{name: "insert, connection lost after it is applied", do: insert, command: "insert things", answers: []answer{applied, gone}},
		{name: "insert, lost once, the retry arrives", do: insert, command: "insert things", answers: []answer{lost, {apply: true}}},
		{name: "insert, another has the id meanwhile", do: insert, command: "insert things", answers: []answer{gone}, look: []answer{{find: []bson.D{at(1, "theirs")}}}, want: store.ErrExists},
		{name: "insert, lost, and the look fails", do: insert, command: "insert things", answers: []answer{applied, gone}, look: []answer{{ever: true, doc: failure(50, "MaxTimeMSExpired")}}, want: store.ErrUnknown},
		{name: "update, connection lost before it arrives", stored: at(1, "first"), do: update, command: "update things", answers: []answer{gone}, want: store.ErrUnknown},
		{name: "update, connection lost after it is applied", stored: at(1, "first"), do: update, command: "update things", answers: []answer{applied, gone}},
		{name: "update, another took the version meanwhile", stored: at(1, "first"), do: update, command: "update things", answers: []answer{gone}, look: []answer{{find: []bson.D{at(2, "theirs")}}}, want: store.ErrConflict},
		{name: "update, the primary steps down once", stored: at(1, "first"), do: update, command: "update things", answers: []answer{{doc: failure(10107, "NotWritablePrimary", retryable)}, {apply: true}}},
		{name: "update, there is no primary any more", stored: at(1, "first"), do: update, command: "update things", answers: []answer{{ever: true, doc: failure(10107, "NotWritablePrimary", retryable)}}, want: store.ErrUnknown},
		{name: "update, no majority in time, but then", stored: at(1, "first"), do: update, command: "update things", answers: []answer{{apply: true, doc: concern}}},
		{name: "update, no majority, not even for the look", stored: at(1, "first"), do: update, command: "update things", answers: []answer{{apply: true, doc: concern}}, look: []answer{{ever: true, doc: failure(50, "MaxTimeMSExpired")}}, want: store.ErrUnknown},
		{name: "update, stale version", stored: at(7, "theirs"), do: update, command: "update things", answers: []answer{{doc: bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "nModified", Value: 0}}}}, want: store.ErrConflict},
		{name: "update, no such record", do: update, command: "update things", answers: []answer{{doc: bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "nModified", Value: 0}}}}, want: store.ErrNotFound},
		{name: "insert, duplicate key", do: insert, command: "insert things", answers: []answer{{doc: refusal(11000, "E11000 duplicate key")}}, want: store.ErrExists},
		{name: "update, too large", stored: at(1, "first"), do: update, command: "update things", answers: []answer{{ever: true, doc: refusal(17419, "Resulting document after update is larger than 16777216")}}, want: store.ErrUnavailable},
		{name: "insert, not authorized", do: insert, command: "insert things", answers: []answer{{doc: failure(13, "Unauthorized")}}, want: store.ErrUnavailable},
		{name: "delete, connection lost after it is applied", stored: at(1, "first"), do: remove, command: "delete things", answers: []answer{applied, gone}},
		{name: "delete, connection lost before it arrives", stored: at(1, "first"), do: remove, command: "delete things", answers: []answer{gone}, want: store.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // the driver tries again until the context ends
			r := newResponder(t)
			d := openOn(t, r, "")
			r.stored = c.stored
			r.script(c.command, c.answers...)
			r.script("find things", c.look...)
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			err := c.do(ctx, d)
			for _, one := range []error{nil, store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrUnavailable, store.ErrUnknown} {
				if errors.Is(err, one) != (one == c.want) {
					t.Errorf("got %v, want %v alone", err, c.want)
				}
			}
			if n := r.unasked(c.command); n > 0 {
				t.Errorf("%d answers were not asked for: %v", n, r.asked)
			}
		})
	}
}

// TestFaultSlow holds that a write which outlives its context is looked for,
// and is acknowledged only where it is found.
func TestFaultSlow(t *testing.T) {
	for _, applied := range []bool{true, false} {
		r := newResponder(t)
		d := openOn(t, r, "")
		wait := make(chan struct{})
		r.script("insert things", answer{apply: applied, wait: wait, drop: true})
		ctx, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
		err := d.Insert(ctx, "things", store.Record{ID: "a", Version: 1, Body: []byte(`{}`), Entries: []json.RawMessage{[]byte(`{"seq":1,"opId":"x"}`)}})
		cancel()
		close(wait)
		if applied && err != nil || !applied && !errors.Is(err, store.ErrUnknown) {
			t.Errorf("applied %v: %v", applied, err)
		}
	}
}

// TestFaultGone holds that a write for which there is no server is known not to
// have been made.
func TestFaultGone(t *testing.T) {
	t.Parallel()
	r := newResponder(t)
	d := openOn(t, r, "")
	r.stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := d.Ping(ctx); !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ping: %v", err)
	}
	// By now the driver knows that there is no server.
	ctx, cancel = context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := d.Insert(ctx, "things", store.Record{ID: "b", Version: 1, Body: []byte(`{}`)}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("insert: %v", err)
	}
}

// TestWeakDeployments holds which deployments are refused, and which only make
// a warning (safety A16).
func TestWeakDeployments(t *testing.T) {
	version := func(v ...int) bson.D {
		text, array := "", bson.A{}
		for i, n := range v {
			if i > 0 {
				text += "."
			}
			text, array = text+strconv.Itoa(n), append(array, n)
		}
		return bson.D{{Key: "version", Value: text}, {Key: "versionArray", Value: append(array, 0)}}
	}
	for _, c := range []struct {
		name, options string
		hello         map[string]any // what differs; nil takes a key away
		build         bson.D
		refused       string
		warned        string
	}{
		{name: "good", build: version(8, 0, 21)},
		{name: "good 7", build: version(7, 0, 32)},
		{name: "standalone", hello: map[string]any{"setName": nil, "hosts": nil, "me": nil, "primary": nil, "setVersion": nil}, build: version(8, 0, 21), refused: "replica set"},
		{name: "w=1", options: "&w=1", build: version(8, 0, 21), refused: "w=1"},
		{name: "w=0", options: "&w=0", build: version(8, 0, 21), refused: "w=0"},
		{name: "no journal", options: "&journal=false", build: version(8, 0, 21), refused: "journal"},
		{name: "4.2", hello: map[string]any{"maxWireVersion": 8}, build: version(4, 2, 24), refused: "older than 4.4"},
		{name: "4.2 by its word alone", build: version(4, 2, 24), refused: "older than 4.4"},
		{name: "arbiter", hello: map[string]any{"arbiters": bson.A{"127.0.0.1:1"}}, build: version(8, 0, 21), warned: "arbiter"},
		{name: "below the floor", build: version(8, 0, 4), warned: "CVE-2025-14847"},
		{name: "below the floor of 7", build: version(7, 0, 20), warned: "CVE-2025-14847"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newResponder(t)
			for key, v := range c.hello {
				r.hello = set(r.hello, key, v)
			}
			r.build = c.build
			uri := r.uri(c.options)
			if c.name == "standalone" {
				uri = strings.Replace(uri, "replicaSet=rs0&", "", 1)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			d, warnings, err := Open(ctx, uri, Options{})
			if err == nil {
				_ = d.Close()
			}
			if refused := err != nil; refused != (c.refused != "") || refused && !strings.Contains(err.Error(), c.refused) {
				t.Errorf("refused with %v, want %q", err, c.refused)
			}
			if text := strings.Join(warnings, " "); (text != "") != (c.warned != "") || !strings.Contains(text, c.warned) {
				t.Errorf("warned %q, want %q", text, c.warned)
			}
		})
	}
}
