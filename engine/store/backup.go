package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	sqlite "modernc.org/sqlite"

	"cartwheel/engine"
)

const (
	backupName    = "cartwheel-20060102T150405Z.db" // sorts by time
	backupPattern = "cartwheel-*T*Z.db"
	partPattern   = ".cartwheel-*.part"

	backupPragmas = "_busy_timeout=5000&_defensive=1&_dqs=0&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)"
	copyPragmas   = "mode=ro&immutable=1&_query_only=1&_defensive=1&_dqs=0" // of a file that nobody writes to

	// Over this size pages are copied as they are: rebuilding the tables would keep the log from being cut off for too long.
	vacuumLimit = 1 << 30 // bytes
	pagesAtOnce = 64      // a quarter of a megabyte: it can be given up at any moment
)

// BackupOptions say what is copied, and where to.
type BackupOptions struct {
	Data string           // data folder
	To   string           // folder for the copy; made if need be
	Now  func() time.Time // names the file
	// Reached, if there is one, is told when the copy is written and has no name yet ("backup"); fault tests end the process there.
	Reached func(point string)
}

// Backup is a finished copy of a database.
type Backup struct {
	Path   string
	Bytes  int64
	Schema int64 // number of its last migration
}

// WriteBackup copies the database of a data folder while an engine may be working with it. The copy holds everything that
// was committed before the call. It appears under its name when it is on the disk, whole, and has been checked; a
// database of another release is copied as it is. The master key is not part of it. Errors: Invalid, Conflict (the name is taken), Temporary.
func WriteBackup(ctx context.Context, o BackupOptions) (Backup, error) {
	source, err := existing(o.Data)
	if err != nil {
		return Backup{}, err
	}
	if o.To, err = filepath.Abs(o.To); err == nil {
		err = os.MkdirAll(o.To, 0o700)
	}
	if err != nil {
		return Backup{}, folderFault(o.To, err)
	}
	b := Backup{Path: filepath.Join(o.To, o.Now().UTC().Format(backupName))}
	if _, err := os.Lstat(b.Path); !errors.Is(err, fs.ErrNotExist) {
		return Backup{}, engine.Errorf(engine.Conflict, "There is a file %s already. Nothing was overwritten; try again, or name another folder.", b.Path)
	}
	part, err := newPart(o.To)
	if err != nil {
		return Backup{}, err
	}
	defer os.Remove(part) //nolint:errcheck // it has been renamed when all went well
	if err := copyDatabase(ctx, source, part); err != nil {
		return Backup{}, backupFault("copy the database", err)
	}
	if o.Reached != nil {
		o.Reached("backup")
	}
	if b.Schema, err = nameCopy(ctx, part, b.Path); err != nil {
		return Backup{}, err
	}
	if info, err := os.Stat(b.Path); err == nil {
		b.Bytes = info.Size()
	}
	return b, nil
}

// existing is the database file of a data folder.
func existing(dir string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		e := engine.Errorf(engine.Invalid, "There is no database (%s) in the data folder %s. Name the folder with --data.", fileName, dir)
		e.Err = err
		return "", e
	}
	return path, nil
}

// newPart makes the empty file, readable by its owner only, into which a copy is written.
func newPart(dir string) (string, error) {
	f, err := os.CreateTemp(dir, partPattern)
	if err != nil {
		return "", folderFault(dir, err)
	}
	return f.Name(), f.Close()
}

// copyDatabase copies the database at from into the empty file at to, on a connection of its own. It reads one
// state of the data from beginning to end, and the writer goes on meanwhile.
func copyDatabase(ctx context.Context, from, to string) error {
	useFileLocks()
	db, err := openPool(from, "mode=rw&"+backupPragmas)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if foreign, err := isForeign(ctx, db); foreign || err != nil {
		return foreignDatabase(filepath.Dir(from), err)
	}
	info, err := os.Stat(from) // stat only: opening it could drop SQLite's locks
	if err != nil {
		return err
	}
	if info.Size() > vacuumLimit {
		return copyPages(ctx, db, to)
	}
	return rebuild(ctx, from, "mode=rw", to)
}

// rebuild writes the tables of the database at from anew, without the space that deleted rows have left, into the empty
// file at to. A database from before space was given back learns it here: the setting takes effect in the copy.
func rebuild(ctx context.Context, from, mode, to string) error {
	db, err := sql.Open("sqlite", "file::memory:?"+backupPragmas) // nothing is written at from, not even the setting
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	for _, step := range []struct {
		q    string
		args []any
	}{
		{"ATTACH $1 AS source", []any{fileURI(from) + "?" + mode}},
		{"PRAGMA main.auto_vacuum = INCREMENTAL", nil},
		{"VACUUM source INTO $1", []any{to}},
	} {
		if _, err := conn.ExecContext(ctx, step.q, step.args...); err != nil {
			return err
		}
	}
	return nil
}

func fileURI(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// copyPages copies page by page, some at a time so that ctx can end it. The open read transaction holds
// one state of the data: without it every commit of the engine would make the copy start again.
func copyPages(ctx context.Context, db *sql.DB, to string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") //nolint:errcheck // nothing was written
	var tables int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil { // the transaction begins by reading
		return err
	}
	return conn.Raw(func(c any) error {
		source, ok := c.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("this driver of SQLite cannot copy pages")
		}
		b, err := source.NewBackup(fileURI(to))
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if more, err = b.Step(pagesAtOnce); err == nil {
				err = ctx.Err()
			}
		}
		return errors.Join(err, b.Finish())
	})
}

// nameCopy checks the finished copy at part, makes it durable and gives it its name.
func nameCopy(ctx context.Context, part, name string) (schema int64, err error) {
	if schema, err = inspect(ctx, part); err != nil {
		return 0, err
	}
	if err := syncPath(part); err != nil {
		return 0, folderFault(filepath.Dir(part), err)
	}
	if err := os.Rename(part, name); err != nil {
		return 0, folderFault(filepath.Dir(part), err)
	}
	if err := syncPath(filepath.Dir(name)); err != nil {
		return 0, folderFault(filepath.Dir(part), err)
	}
	return schema, nil
}

// inspect reads the whole of a copy and returns the number of its schema. Errors: Invalid, when it is damaged or another program's.
func inspect(ctx context.Context, path string) (schema int64, err error) {
	db, err := openPool(path, copyPragmas)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	bad := func(err error) error {
		e := engine.Errorf(engine.Invalid, "The file %s is damaged, or no database of Cartwheel.", path)
		e.Err = err
		return e
	}
	if foreign, err := isForeign(ctx, db); foreign || err != nil {
		return 0, bad(err)
	}
	if err := integrityCheck(ctx, db); err != nil {
		return 0, bad(err)
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+goose.DefaultTablename+" WHERE is_applied = 1").Scan(&schema)
	if err != nil || schema == 0 {
		return 0, bad(err)
	}
	return schema, nil
}

// syncPath makes a file or the names in a folder durable.
func syncPath(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY, 0) //nolint:gosec // a copy or its folder, never the database at work
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// latestBackup is the newest backup in a folder; a path of a file is that file.
func latestBackup(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", folderFault(path, err)
	case info.Mode().IsRegular():
		return path, nil
	}
	found, err := filepath.Glob(filepath.Join(escapeGlob(path), backupPattern))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", engine.Errorf(engine.Invalid, "There is no backup in %s: no file called %s.", path, backupPattern)
	}
	return slices.Max(found), nil
}

// escapeGlob makes a path stand for itself in a pattern.
func escapeGlob(path string) string {
	var out []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

func backupFault(what string, err error) error {
	if failure := sqliteFailure(err); isOurs(failure) {
		return failure
	}
	return fmt.Errorf("%s: %w", what, err)
}

func folderFault(path string, err error) error {
	e := engine.Errorf(engine.Invalid, "%s cannot be used: check that it exists, can be written to and has space.", path)
	e.Err = err
	return e
}
