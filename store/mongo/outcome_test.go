package mongo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"qunxian/store"
)

// TestOutcomes: only what is certain is told as certain.
func TestOutcomes(t *testing.T) {
	concern := &mongo.WriteConcernError{Code: 64, Message: "waiting for replication timed out"}
	one := func(code int) error { return mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: code}}} }
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"no error", nil, nil},
		{"a taken key", one(codeDuplicateKey), store.ErrExists},
		{"a taken key, told of the command", mongo.CommandError{Code: codeDuplicateKey}, store.ErrExists},
		{"a document too large", one(17419), store.ErrUnavailable},
		{"nested too deep", mongo.CommandError{Code: 15}, store.ErrUnavailable},
		{"unauthorized", mongo.CommandError{Code: 13}, store.ErrUnavailable},
		{"out of time inside the server", one(50), store.ErrUnknown},
		{"out of time inside the server, told of the command", mongo.CommandError{Code: 50}, store.ErrUnknown},
		{"no majority", mongo.WriteException{WriteConcernError: concern}, store.ErrUnknown},
		{"no majority for many, of which one key was taken", mongo.BulkWriteException{
			WriteConcernError: concern, WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: codeDuplicateKey}}},
		}, store.ErrUnknown},
		{"no primary any more", mongo.CommandError{Code: 10107}, store.ErrUnknown},
		{"primary stepped down", mongo.CommandError{Code: 189}, store.ErrUnknown},
		{"connection lost", mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: topology.ConnectionError{}}, store.ErrUnknown},
		{"connection refused", topology.ConnectionError{Wrapped: errors.New("connect: connection refused")}, store.ErrUnknown},
		{"deadline", context.DeadlineExceeded, store.ErrUnknown},
		{"cancelled", fmt.Errorf("write: %w", context.Canceled), store.ErrUnknown},
		{"no server to choose", topology.ServerSelectionError{Wrapped: context.DeadlineExceeded}, store.ErrUnavailable},
		{"no connection free", topology.WaitQueueTimeoutError{}, store.ErrUnavailable},
		{"too large to send", driver.ErrDocumentTooLarge, store.ErrUnavailable},
	} {
		got := outcome(c.err)
		if !errors.Is(got, c.want) || (c.want == nil) != (got == nil) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		for _, other := range []error{store.ErrExists, store.ErrUnavailable, store.ErrUnknown, store.ErrConflict, store.ErrNotFound} {
			if other != c.want && errors.Is(got, other) { //nolint:errorlint // the very one
				t.Errorf("%s is also %v", c.name, other)
			}
		}
	}
}

// TestDoubt: a lease is not given back soon after a write that may still
// arrive.
func TestDoubt(t *testing.T) {
	d := &DB{terms: defaultTerms}
	c := &collection{db: d}
	if err := c.writing(mongo.CommandError{Code: codeDuplicateKey}); !errors.Is(err, store.ErrExists) || !d.quiet() {
		t.Error("a certain answer leaves doubt")
	}
	if err := c.writing(context.DeadlineExceeded); !errors.Is(err, store.ErrUnknown) || d.quiet() {
		t.Error("an unknown outcome leaves no doubt")
	}
}
