package sqlite

import (
	"context"
	"fmt"
)

// applicationID marks a file as ours: "QXDB".
const applicationID = 0x51584442

// migrations bring a file from the version of their place to the next. Tables
// of collections are not made here but by Ensure, from their declarations.
var migrations = []func(*txn) error{
	func(t *txn) error {
		_, err := t.exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
		return err
	},
}

// migrate runs the migrations that the file has not seen, each in one
// transaction with the number it leaves behind. A file of another program, or
// of a newer version of this one, is refused.
func (d *DB) migrate(ctx context.Context) error {
	t := d.writer
	var version, application, tables int
	for query, to := range map[string]*int{
		"PRAGMA user_version": &version, "PRAGMA application_id": &application, "SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := t.conn.QueryRowContext(ctx, query).Scan(to); err != nil {
			return err
		}
	}
	if tables > 0 && application != applicationID {
		return fmt.Errorf("the file belongs to another program")
	}
	if version > len(migrations) {
		return fmt.Errorf("the file is of version %d, newer than this program, which knows %d", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		if err := t.whole(func() error {
			if err := migrations[version](t); err != nil {
				return err
			}
			_, err := t.exec(fmt.Sprintf("PRAGMA user_version = %d", version+1))
			return err
		}); err != nil {
			return fmt.Errorf("migration to version %d: %w", version+1, err)
		}
	}
	return nil
}
