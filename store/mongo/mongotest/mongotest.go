// Package mongotest gives tests empty databases on a real MongoDB: the replica
// set that TEST_MONGO_URI names, or one member of its own where a mongod is on
// the PATH.
package mongotest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// required says that tests must not go without a MongoDB.
func required() bool {
	return os.Getenv("QUNXIAN_REQUIRE_MONGO") == "1" || os.Getenv("QUNXIAN_TEST_STORE") == "mongodb"
}

var errNone = errors.New("MongoDB: TEST_MONGO_URI names no replica set, and no mongod is on the PATH")

// server is the address of the replica set, the same for all tests of a
// package.
var server = sync.OnceValues(func() (string, error) {
	if uri := os.Getenv("TEST_MONGO_URI"); uri != "" {
		return uri, nil
	}
	mongod, err := exec.LookPath("mongod")
	if err != nil {
		return "", errNone
	}
	return start(mongod)
})

// Server returns the address of the replica set. Where there is none it skips
// the test, or fails it if there must be one.
func Server(t testing.TB) string {
	t.Helper()
	uri, err := server()
	switch {
	case errors.Is(err, errNone) && !required():
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	return uri
}

// Database returns the address of an empty database, which is dropped when the
// test ends.
func Database(t testing.TB) string {
	t.Helper()
	name := "qunxian_test_" + strings.ToLower(rand.Text()[:12])
	uri := within(Server(t), name)
	t.Cleanup(func() {
		do(t, uri, func(ctx context.Context, c *mongo.Client) error { return c.Database(name).Drop(ctx) })
	})
	return uri
}

// Copy returns the address of a copy of a database, without its lease: what
// starts on it is as after a crash, but need not wait. Nothing may write
// meanwhile.
func Copy(t testing.TB, uri string) string {
	t.Helper()
	to := Database(t)
	each(t, uri, func(ctx context.Context, from *mongo.Collection) error {
		out := bson.D{{Key: "$out", Value: bson.D{{Key: "db", Value: nameIn(to)}, {Key: "coll", Value: from.Name()}}}}
		_, err := from.Aggregate(ctx, mongo.Pipeline{{{Key: "$match", Value: bson.D{}}}, out})
		return err
	})
	return to
}

// Content is every document of a database as it is stored, without the lease.
func Content(t testing.TB, uri string) []byte {
	t.Helper()
	var all []byte
	each(t, uri, func(ctx context.Context, c *mongo.Collection) error {
		all = append(all, c.Name()...)
		cur, err := c.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			return err
		}
		defer cur.Close(ctx) //nolint:errcheck // it is read to its end
		for cur.Next(ctx) {
			all = append(all, cur.Current...)
		}
		return cur.Err()
	})
	return all
}

// each calls work for the collections of a database, in the order of their
// names.
func each(t testing.TB, uri string, work func(context.Context, *mongo.Collection) error) {
	t.Helper()
	do(t, uri, func(ctx context.Context, c *mongo.Client) error {
		db := c.Database(nameIn(uri))
		names, err := db.ListCollectionNames(ctx, bson.D{{Key: "name", Value: bson.D{{Key: "$ne", Value: "_lease"}}}})
		slices.Sort(names)
		for _, name := range names {
			err = errors.Join(err, work(ctx, db.Collection(name)))
		}
		return err
	})
}

func do(t testing.TB, uri string, work func(context.Context, *mongo.Client) error) {
	t.Helper()
	if err := connected(uri, work); err != nil {
		t.Errorf("MongoDB: %v", err)
	}
}

// connected runs work with a client of its own, for a minute at most.
func connected(uri string, work func(context.Context, *mongo.Client) error) error {
	c, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(work(ctx, c), c.Disconnect(ctx))
}

// within puts the name of a database into an address. Whoever signs in goes on
// doing so where he did: at authSource, the database of the address, or admin.
func within(uri, name string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	rest, query, _ := strings.Cut(rest, "?")
	hosts, database, _ := strings.Cut(rest, "/")
	var asked []string
	if query != "" {
		asked = append(asked, query)
	}
	if strings.Contains(hosts, "@") && !strings.Contains(strings.ToLower(query), "authsource=") {
		asked = append(asked, "authSource="+cmp.Or(database, "admin"))
	}
	out := scheme + "://" + hosts + "/" + name
	if len(asked) > 0 {
		out += "?" + strings.Join(asked, "&")
	}
	return out
}

// nameIn is the database of an address that within has made.
func nameIn(uri string) string {
	uri, _, _ = strings.Cut(uri, "?")
	return uri[strings.LastIndex(uri, "/")+1:]
}
