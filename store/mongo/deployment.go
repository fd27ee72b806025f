package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// oldestWire is the wire version of MongoDB 4.4, the first that is served.
const oldestWire = 9

// checkConcern refuses an address that asks for writes which a failing primary
// loses: with w=1, 61 of 63,379 acknowledged writes were lost in five
// failovers, with w=majority none.
func checkConcern(wc *writeconcern.WriteConcern) error {
	if wc == nil {
		return nil
	}
	if n, ok := wc.W.(int); ok && n < 2 {
		return fmt.Errorf("w=%d in the address would lose acknowledged writes when the primary fails: remove it, writes wait for the majority", n)
	}
	if wc.Journal != nil && !*wc.Journal {
		return errors.New("journal=false in the address would lose acknowledged writes when the power fails: remove it")
	}
	return nil
}

// examine refuses a deployment that cannot keep what it acknowledges, or that
// is older than the driver knows, and names weaknesses.
func examine(ctx context.Context, admin *mongo.Database) (warnings []string, err error) {
	var hello struct {
		SetName  string   `bson:"setName"`
		Message  string   `bson:"msg"`
		MaxWire  int      `bson:"maxWireVersion"`
		Hosts    []string `bson:"hosts"`
		Arbiters []string `bson:"arbiters"`
	}
	err = admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if hasCode(err, codeCommandNotFound) { // hello came with 4.4.2
		err = admin.RunCommand(ctx, bson.D{{Key: "isMaster", Value: 1}}).Decode(&hello)
	}
	if err != nil {
		return nil, tooOld(err)
	}
	var build struct {
		Version  string `bson:"version"`
		Versions []int  `bson:"versionArray"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return nil, err
	}
	sharded := hello.Message == "isdbgrid"
	switch {
	case hello.MaxWire < oldestWire || older(build.Versions, 4, 4, 0):
		return nil, fmt.Errorf("MongoDB %s is older than 4.4", build.Version)
	case hello.SetName == "" && !sharded:
		return nil, errors.New("the server is no member of a replica set: start it with --replSet and run rs.initiate(), one member is enough")
	}
	if len(hello.Arbiters) > 0 && len(hello.Hosts) < 3 {
		warnings = append(warnings, fmt.Sprintf("the replica set has an arbiter and %d members with data: while one is down no write reaches a majority", len(hello.Hosts)))
	}
	if unsafeVersion(build.Versions) {
		warnings = append(warnings, fmt.Sprintf("MongoDB %s has known holes (CVE-2025-14847, CVE-2026-6914): use 8.0.21, 7.0.32 or newer", build.Version))
	}
	return warnings, nil
}

// tooOld says so where the driver refuses to speak to a server; the driver has
// no type for it.
func tooOld(err error) error {
	if strings.Contains(err.Error(), "this version of the Go driver requires") {
		return fmt.Errorf("MongoDB is older than 4.4: %w", err)
	}
	return err
}

// unsafeVersion tells versions below the fixed ones of their line.
func unsafeVersion(v []int) bool {
	if len(v) > 0 && v[0] == 7 {
		return older(v, 7, 0, 32)
	}
	return older(v, 8, 0, 21)
}

// older compares the first three numbers of a version.
func older(v []int, floor ...int) bool {
	for i, n := range floor {
		if i >= len(v) {
			return false
		}
		if v[i] != n {
			return v[i] < n
		}
	}
	return false
}
