package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cartwheel/engine"
)

// RestoreOptions say which backup is put back, and where.
type RestoreOptions struct {
	From  string           // folder with backups, of which the newest is taken, or the file of one
	Data  string           // data folder
	Force bool             // a database that is there is moved aside
	Now   func() time.Time // names what is moved aside
	// CheckKey is given the check of the master key that is kept in the backup, "" if it has none, before anything is changed.
	CheckKey func(check string) error
}

// Restored is what a restore has done.
type Restored struct {
	From   string // the backup's file
	Path   string // of the database
	Schema int64  // number of its last migration
	Moved  string // where the database that was there is now; "": there was none
}

// Restore puts a backup into a data folder that no engine works in. The backup is checked first, and the folder has
// at each moment the database of before or the restored one. Errors: Invalid (backup, folder, key), Conflict (an engine works there, there is a database).
func Restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	if r.From, err = latestBackup(o.From); err != nil {
		return r, err
	}
	if r.Schema, err = inspect(ctx, r.From); err != nil {
		return r, err
	}
	if newest, err := newestSchema(); err != nil || r.Schema > newest {
		return r, errors.Join(err, engine.Errorf(engine.Conflict, "The backup %s was written by a newer Cartwheel (schema %d; this one knows %d). Restore it with that version.", r.From, r.Schema, newest))
	}
	check, err := keptSetting(ctx, r.From, "key_check")
	if err != nil {
		return r, backupFault("read the backup", err)
	}
	if err := o.CheckKey(check); err != nil {
		return r, err
	}
	folder, err := openFolder(ctx, o.Data, true)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, folder.close(true)) }()
	r.Path = filepath.Join(folder.dir, fileName)
	return r, r.replace(ctx, o)
}

// replace puts a copy of the backup beside the database and then in its place.
func (r *Restored) replace(ctx context.Context, o RestoreOptions) error {
	_, err := os.Lstat(r.Path)
	there := !errors.Is(err, fs.ErrNotExist)
	if there && !o.Force {
		return engine.Errorf(engine.Conflict, "There is a database in the data folder %s. Name another folder with --data, or move this one aside with --force.", filepath.Dir(r.Path))
	}
	part, err := newPart(filepath.Dir(r.Path))
	if err != nil {
		return err
	}
	defer os.Remove(part) //nolint:errcheck // it has been renamed when all went well
	if err := rebuild(ctx, r.From, "mode=ro&immutable=1", part); err != nil {
		return backupFault("copy the backup", err)
	}
	if there {
		if err := r.moveAside(ctx, o.Now()); err != nil {
			return folderFault(filepath.Dir(r.Path), err)
		}
	}
	_, err = nameCopy(ctx, part, r.Path)
	return err
}

// moveAside keeps the database that is there under another name. It stays under its own, too, until the restored one
// takes that: an engine that is started after a crash in between must not begin with an empty one.
func (r *Restored) moveAside(ctx context.Context, now time.Time) error {
	mergeLog(ctx, r.Path)
	r.Moved = r.Path + ".before-" + now.UTC().Format("20060102T150405Z")
	for _, end := range []string{"-wal", "-shm"} { // left where the log could not be merged: they belong to the old one alone
		if err := os.Rename(r.Path+end, r.Moved+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Link(r.Path, r.Moved); err != nil {
		return os.Rename(r.Path, r.Moved) // a file system without links
	}
	return nil
}

// mergeLog moves what the log of a database holds into it, if the database still can do that.
func mergeLog(ctx context.Context, path string) {
	db, err := openPool(path, "mode=rw&"+backupPragmas)
	if err != nil {
		return
	}
	_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // a damaged one is kept as it is, log and all
	_ = db.Close()
}

// keptSetting reads a setting from a backup, "" when it is not there.
func keptSetting(ctx context.Context, path, name string) (value string, err error) {
	db, err := openPool(path, copyPragmas)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(value), '') FROM setting WHERE name = $1", name).Scan(&value)
	return value, err
}
