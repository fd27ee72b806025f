// Package mongo keeps records in MongoDB.
package mongo

import (
	"context"
	"errors"

	"qunxian/store"
)

// Options of a connection.
type Options struct{ OnFatal func(error) }

// Open connects.
func Open(context.Context, string, Options) (store.Backend, []string, error) {
	return nil, nil, errors.New("mongo: not built yet")
}
