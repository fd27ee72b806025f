package mongo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// terms are the times of a lease. The server's clock ends it after until. Its
// holder begins writes no longer than valid after it asked, and gives each up
// halfway between the two, so that a write which is under way has time to
// arrive before another process takes over. One that arrives later still is
// refused by the version of its record.
type terms struct{ until, valid, renew time.Duration }

// defaultTerms outlive the election of a primary.
var defaultTerms = terms{until: 30 * time.Second, valid: 20 * time.Second, renew: 4 * time.Second}

// lease is the right to serve a database: one document whose token rises with
// every holder.
type lease struct {
	docs   *mongo.Collection
	holder string
	token  int64
	terms  terms
	asked  atomic.Pointer[time.Time] // when the term that runs was asked for
	quit   context.CancelFunc
	ctx    context.Context
	done   chan struct{}
}

const leaseID = "serving"

// takeLease waits while a lease runs out that nobody renews, as after a crash,
// and refuses at once while its holder renews it.
func (d *DB) takeLease(ctx context.Context) (*lease, error) {
	host, _ := os.Hostname()
	l := &lease{
		docs: d.db.Collection("_lease"), terms: d.terms, done: make(chan struct{}),
		holder: fmt.Sprintf("%s process %d %s", host, os.Getpid(), rand.Text()[:8]),
	}
	l.ctx, l.quit = context.WithCancel(context.Background())
	_, err := l.docs.InsertOne(ctx, bson.D{{Key: "_id", Value: leaseID}, {Key: "token", Value: int64(0)}, {Key: "until", Value: time.UnixMilli(0)}})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return nil, err
	}
	var seen time.Time
	for {
		other, until, err := l.try(ctx)
		if err != nil {
			return nil, err
		}
		if other == "" {
			return l, nil
		}
		if !seen.IsZero() && until.After(seen) {
			return nil, fmt.Errorf("the database is served by %s", other)
		}
		seen = until
		select {
		case <-time.After(d.terms.renew + d.terms.renew/2):
		case <-ctx.Done():
			return nil, fmt.Errorf("the database is served by %s: %w", other, ctx.Err())
		}
	}
}

// lasting sets the end of the lease by the server's clock.
func (l *lease) lasting() bson.D {
	return bson.D{{Key: "$add", Value: bson.A{"$$NOW", l.terms.until.Milliseconds()}}}
}

// try takes the lease if it has run out, and else says who has it until when.
func (l *lease) try(ctx context.Context) (other string, until time.Time, err error) {
	asked := time.Now()
	free := bson.D{{Key: "_id", Value: leaseID}, {Key: "$expr", Value: bson.D{{Key: "$lt", Value: bson.A{"$until", "$$NOW"}}}}}
	take := mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "holder", Value: bson.D{{Key: "$literal", Value: l.holder}}},
		{Key: "token", Value: bson.D{{Key: "$add", Value: bson.A{"$token", int64(1)}}}},
		{Key: "until", Value: l.lasting()},
	}}}}
	var doc struct {
		Holder string    `bson:"holder"`
		Token  int64     `bson:"token"`
		Until  time.Time `bson:"until"`
	}
	err = l.docs.FindOneAndUpdate(ctx, free, take, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		err = l.docs.FindOne(ctx, bson.D{{Key: "_id", Value: leaseID}}).Decode(&doc)
		if err == nil && doc.Holder == l.holder { // the answer to our own taking was lost
			l.token = doc.Token
			l.extend(asked)
			return "", time.Time{}, nil
		}
		return doc.Holder, doc.Until, err
	}
	if err != nil {
		return "", time.Time{}, err
	}
	l.token = doc.Token
	l.extend(asked)
	return "", time.Time{}, nil
}

// extend counts from when the server was asked, which is before it answered.
func (l *lease) extend(asked time.Time) { l.asked.Store(&asked) }

// age is how long ago the term was asked for, by the monotonic clock or by the
// wall clock, whichever says more: the first stands still while a machine
// sleeps.
func (l *lease) age() time.Duration {
	asked, now := *l.asked.Load(), time.Now()
	return max(now.Sub(asked), now.Round(0).Sub(asked))
}

func (l *lease) held() bool { return l.age() < l.terms.valid }

// within ends a write before another process can have the lease.
func (l *lease) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, (l.terms.valid+l.terms.until)/2-l.age())
}

func (l *lease) mine() bson.D {
	return bson.D{{Key: "_id", Value: leaseID}, {Key: "token", Value: l.token}, {Key: "holder", Value: l.holder}}
}

// keep renews the lease until it is stopped, and fails when another process has
// it.
func (l *lease) keep() error {
	defer close(l.done)
	tick := time.NewTicker(l.terms.renew)
	defer tick.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := l.renew(); err != nil {
			return err
		}
	}
}

// renew fails only when the lease is known to be another's. While the server
// does not answer it stays ours as long as nobody takes it.
func (l *lease) renew() error {
	ctx, cancel := context.WithTimeout(l.ctx, l.terms.valid)
	defer cancel()
	asked := time.Now()
	res, err := l.docs.UpdateOne(ctx, l.mine(), mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "until", Value: l.lasting()}}}}})
	switch {
	case err != nil:
		return nil
	case res.MatchedCount == 0:
		return errors.New("another process has taken the database over")
	}
	l.extend(asked)
	return nil
}

// stop ends the renewal.
func (l *lease) stop() {
	l.quit()
	<-l.done
}

// giveBack ends the lease now.
func (l *lease) giveBack() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_, err := l.docs.UpdateOne(ctx, l.mine(), bson.D{{Key: "$set", Value: bson.D{{Key: "until", Value: time.UnixMilli(0)}}}})
	return err
}
