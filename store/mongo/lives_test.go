package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"qunxian/store"
)

// count is how often a command has been asked.
func (r *responder) count(command string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.asked {
		if c == command {
			n++
		}
	}
	return n
}

var noMatch = answer{doc: bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "nModified", Value: 0}}}

// TestFatal: when the lease is another's the process is told once, may close
// there and then, and writes and reads nothing more.
func TestFatal(t *testing.T) {
	r := newResponder(t)
	told := make(chan error, 2)
	opened := make(chan *DB, 1)
	fatal := func(err error) {
		d := <-opened
		told <- errors.Join(err, d.Close())
	}
	d, _, err := open(t.Context(), r.uri(""), Options{OnFatal: fatal}, terms{until: 3 * time.Second, valid: 2 * time.Second, renew: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Ensure(t.Context(), faulty); err != nil {
		t.Fatal(err)
	}
	taken := noMatch
	taken.ever = true
	r.script("update _lease", taken)
	opened <- d
	select {
	case err := <-told:
		if err == nil || !strings.Contains(err.Error(), "taken the database over") {
			t.Errorf("told %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("not told, or Close inside OnFatal never ended")
	}
	if err := d.Insert(t.Context(), "things", store.Record{ID: "a"}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("insert: %v", err)
	}
	if _, err := d.Get(t.Context(), "things", "a", store.Body); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("get: %v", err)
	}
	if len(told) > 0 || d.Close() != nil {
		t.Error("told or closed twice")
	}
}

// TestGivingBack: Close gives the lease back, but not where a write may still
// arrive.
func TestGivingBack(t *testing.T) {
	for _, doubt := range []bool{false, true} {
		r := newResponder(t)
		d := openOn(t, r, "")
		if doubt {
			r.script("insert things", answer{doc: failure(50, "MaxTimeMSExpired")})
			r.script("find things", answer{doc: failure(50, "MaxTimeMSExpired")})
		}
		err := d.Insert(t.Context(), "things", store.Record{ID: "a"})
		if doubt != errors.Is(err, store.ErrUnknown) {
			t.Fatal(err)
		}
		before := r.count("update _lease")
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if given := r.count("update _lease") > before; given == doubt {
			t.Errorf("in doubt: %t, given back: %t", doubt, given)
		}
	}
}

// TestLeaseRefused: a second process is told who serves the database, as soon
// as it has seen that one renew the lease.
func TestLeaseRefused(t *testing.T) {
	r := newResponder(t)
	theirs := func(end time.Duration) answer {
		return answer{find: []bson.D{{{Key: "_id", Value: leaseID}, {Key: "holder", Value: "host-a process 7"}, {Key: "token", Value: int64(3)}, {Key: "until", Value: time.UnixMilli(1e12).Add(end)}}}}
	}
	r.script("findAndModify _lease", answer{ever: true, doc: bson.D{{Key: "ok", Value: 1}, {Key: "value", Value: nil}}})
	r.script("find _lease", theirs(0), theirs(0), theirs(time.Second))
	_, _, err := open(t.Context(), r.uri(""), Options{}, terms{until: time.Second, valid: time.Second, renew: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "host-a process 7") {
		t.Errorf("opened with %v", err)
	}
	if n := r.unasked("find _lease"); n != 0 {
		t.Errorf("gave up %d looks early", n)
	}
}

// TestOldHello: servers before 4.4.2 know only isMaster.
func TestOldHello(t *testing.T) {
	r := newResponder(t)
	r.hello = set(r.hello, "helloOk", nil)
	r.script("hello", answer{ever: true, doc: failure(59, "CommandNotFound")})
	openOn(t, r, "")
	if r.count("hello") == 0 {
		t.Error("hello was not tried")
	}
}

// TestFaultMany: each record of a call has its own answer, whatever became of
// the command.
func TestFaultMany(t *testing.T) {
	record := func(id string) store.Record {
		return store.Record{ID: id, Entries: []json.RawMessage{json.RawMessage(`{"opId":"` + id + `"}`)}}
	}
	taken := bson.E{Key: "writeErrors", Value: bson.A{bson.D{{Key: "index", Value: 1}, {Key: "code", Value: 11000}, {Key: "errmsg", Value: "E11000 duplicate key"}}}}
	there := bson.D{{Key: "_id", Value: "a"}, {Key: "version", Value: int64(1)}, {Key: "history", Value: bson.A{bson.D{{Key: "opId", Value: "a"}}}}}
	broken := answer{ever: true, doc: failure(50, "MaxTimeMSExpired")}
	for _, c := range []struct {
		name   string
		answer bson.D
		look   answer
		want   []error
	}{
		{"stored", bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 2}}, broken, []error{nil, nil}},
		{"one taken", bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 1}, taken}, broken, []error{nil, store.ErrExists}},
		{"one taken, no majority for the other, but then", append(slices.Clone(concern), taken), answer{find: []bson.D{there}, ever: true}, []error{nil, store.ErrExists}},
		{"one taken, no majority for the other", append(slices.Clone(concern), taken), broken, []error{store.ErrUnknown, store.ErrExists}},
		{"not authorized", failure(13, "Unauthorized"), broken, []error{store.ErrUnavailable, store.ErrUnavailable}},
	} {
		r := newResponder(t)
		d := openOn(t, r, "")
		r.script("insert things", answer{doc: c.answer})
		r.script("find things", c.look)
		for i, err := range d.InsertMany(t.Context(), "things", []store.Record{record("a"), record("b")}) {
			if !errors.Is(err, c.want[i]) {
				t.Errorf("%s: record %d: %v, want %v", c.name, i, err, c.want[i])
			}
		}
	}
}

// TestFaultMoved: an update of unknown outcome is found also where its entry
// has moved into a segment since.
func TestFaultMoved(t *testing.T) {
	entry := func(op string) bson.D { return bson.D{{Key: "opId", Value: op}} }
	for op, want := range map[string]error{"ours": nil, "other": store.ErrConflict} {
		r := newResponder(t)
		d := openOn(t, r, "")
		r.script("update things", answer{doc: failure(50, "MaxTimeMSExpired")})
		r.script("find things", answer{find: []bson.D{{
			{Key: "_id", Value: "a"},
			{Key: "version", Value: int64(9)},
			{Key: "history", Value: bson.A{entry("last")}},
			{Key: "past", Value: bson.D{{Key: "segments", Value: bson.A{"+a/000000/x"}}}},
		}}})
		r.script("find things.history", answer{find: []bson.D{{{Key: "_id", Value: "+a/000000/x"}, {Key: "h", Value: "a"}, {Key: "entries", Value: bson.A{entry("first"), entry(op)}}}}})
		err := d.Update(t.Context(), "things", 3, store.Record{ID: "a", Entries: []json.RawMessage{json.RawMessage(`{"opId":"ours"}`)}})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", op, err, want)
		}
	}
}

// TestFaultSegments: a history with a hole is no history.
func TestFaultSegments(t *testing.T) {
	r := newResponder(t)
	d := openOn(t, r, "")
	doc := bson.D{{Key: "_id", Value: "a"}, {Key: "past", Value: bson.D{{Key: "segments", Value: bson.A{"+a/000000/x", "+a/000001/x"}}}}}
	r.script("find things", answer{find: []bson.D{doc}}, answer{find: []bson.D{doc}})
	r.script("find things.history", answer{find: []bson.D{{{Key: "_id", Value: "+a/000001/x"}, {Key: "entries", Value: bson.A{}}}}})
	if h, err := d.History(context.Background(), "things", "a"); err == nil {
		t.Errorf("history %s", h)
	}
}
