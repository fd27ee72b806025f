package mongo_test

import (
	"context"
	"testing"

	"qunxian/store"
	"qunxian/store/mongo"
	"qunxian/store/mongo/mongotest"
	"qunxian/store/storetest"
)

// TestContract holds the adapter to the contract on a real replica set.
func TestContract(t *testing.T) {
	mongotest.Server(t)
	storetest.Run(t, func(t testing.TB) store.Backend {
		b, _, err := mongo.Open(context.Background(), mongotest.Database(t), mongo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		return b
	})
}
