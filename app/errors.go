package app

import (
	"errors"

	"qunxian/schemas"
	"qunxian/store"
)

// known turns what the store says into what a reader may see; other errors
// stay as they are and become an internal error.
func known(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return notFound()
	case errors.Is(err, store.ErrExists):
		return &schemas.Error{Code: schemas.Conflict, Message: "error.exists"}
	case errors.Is(err, store.ErrConflict):
		return &schemas.Error{Code: schemas.Precondition, Message: "error.changed"}
	case errors.Is(err, store.ErrUnknown):
		return errors.Join(&schemas.Error{Code: schemas.Unavailable, Message: "error.unknown_outcome", Retry: 5}, err)
	case errors.Is(err, store.ErrUnavailable):
		return errors.Join(&schemas.Error{Code: schemas.Unavailable, Message: "error.unavailable", Retry: 5}, err)
	case errors.Is(err, store.ErrFull):
		return errors.Join(&schemas.Error{Code: schemas.StorageFull, Message: "error.storage_full"}, err)
	}
	return err
}

// notFound is the one answer for what is not there and what is not yours.
func notFound() error { return &schemas.Error{Code: schemas.NotFound, Message: "error.not_found"} }

func invalid(field, rule, param string) error { return schemas.InvalidField(field, rule, param) }
