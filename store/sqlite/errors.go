package sqlite

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"qunxian/store"
)

// Result codes of SQLite, https://www.sqlite.org/rescode.html.
const (
	codeError            = 1
	codeIOError          = 10
	codeFull             = 13
	codeIOErrorRead      = codeIOError | 1<<8
	codeIOErrorShortRead = codeIOError | 2<<8
	codeIOErrorShmSize   = codeIOError | 19<<8
	codePrimaryKey       = 19 | 6<<8
	codeUnique           = 19 | 8<<8
)

// resultCode is SQLite's extended result code, 0 where err is not SQLite's.
func resultCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// refused says that a write failed by itself, and leaves those that share its
// transaction alone.
func refused(err error) bool {
	return errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound)
}

// taken turns the refusal of an id or a unique field into ErrExists.
func taken(err error) error {
	if c := resultCode(err); c == codePrimaryKey || c == codeUnique {
		return store.ErrExists
	}
	return err
}

// full says that the disk has no room: for the file, or for the index of the
// log in memory shared with the readers.
func full(err error) bool {
	c := resultCode(err)
	return c&0xff == codeFull || c == codeIOErrorShmSize
}

// lost says that the disk has failed to keep something. What a failed sync has
// left behind nobody knows, so nothing may be built upon it.
func lost(err error) bool {
	c := resultCode(err)
	return c&0xff == codeIOError && !full(err) && c != codeIOErrorRead && c != codeIOErrorShortRead
}

// unapplied says that a write has not happened.
func unapplied(err error) error {
	switch {
	case err == nil || refused(err):
		return err
	case full(err):
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}

// outcome is the error of a read, told as the contract wants it.
func (d *DB) outcome(err error) error {
	if err == nil || refused(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if resultCode(err) != 0 {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}
