package app

import (
	"context"

	"qunxian/schemas"
)

// Actor is who acts: a user as they are now, and through which door.
type Actor struct {
	User    *schemas.User
	Session string   // the session's id, or ""
	KeyID   string   // the API key's id, or ""
	Scopes  []string // of the API key
	IP      string
	Local   bool // the operator at the machine, through the socket or the command line
}

type actorKey struct{}

// WithActor returns a context that acts as a.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who acts, and whether anybody does.
func ActorOf(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}

// actorName is what history and Meta record.
func actorName(ctx context.Context) string {
	a, ok := ActorOf(ctx)
	switch {
	case ok && a.User != nil:
		return a.User.ID
	case ok && a.Local:
		return "local"
	}
	return "system"
}
