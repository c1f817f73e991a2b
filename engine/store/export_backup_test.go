package store

import "context"

// CopyPages copies a database as one larger than a gigabyte is copied.
func CopyPages(ctx context.Context, from, to string) error {
	db, err := openPool(from, "mode=rw&"+backupPragmas)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return copyPages(ctx, db, to)
}
