package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"cartwheel/engine"
)

// The migrations are forward only. The words in them are those that PostgreSQL
// has too, but for INTEGER, BLOB and STRICT, which are replaced for it while reading.
//
//go:embed migration/*.sql
var migrations embed.FS

// migrate brings the schema up to date, each step in one transaction that takes the
// write lock first. It refuses a schema newer than this program, and leaves the
// database of a running engine as it is. Around each step it calls at.
func migrate(ctx context.Context, db *sql.DB, f *folder, at func(point string)) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if foreign, err := isForeign(ctx, db); foreign || err != nil {
		return foreignDatabase(f.dir, err)
	}
	if f.held {
		if err := giveSpaceBack(ctx, db); err != nil {
			return foreignDatabase(f.dir, err)
		}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	has, wants, err := p.GetVersions(ctx)
	if err != nil {
		return foreignDatabase(f.dir, err)
	}
	switch {
	case has > wants:
		return engine.Errorf(engine.Conflict, "The database in %s was written by a newer Cartwheel (schema %d; this one knows %d). Install that version again.", f.dir, has, wants)
	case has == wants:
		return nil
	case !f.held:
		return engine.Errorf(engine.Temporary, "The Cartwheel that works in %s is starting or older than this one (schema %d; this one needs %d). Try again in a moment, or restart it with this version.", f.dir, has, wants)
	}
	for {
		at("migration")
		_, err := p.UpByOne(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("migrate the database in %s: %w", f.dir, err)
		}
	}
}

// isForeign tells whether the file is another program's: it has tables, but no list of our migrations.
func isForeign(ctx context.Context, db *sql.DB) (bool, error) {
	var foreign bool
	err := db.QueryRowContext(ctx, "SELECT count(*) > 0 AND count(*) FILTER (WHERE name = $1) = 0 FROM sqlite_schema WHERE type = 'table'",
		goose.DefaultTablename).Scan(&foreign)
	return foreign, err
}

func foreignDatabase(dir string, err error) error {
	if failure := sqliteFailure(err); isOurs(failure) {
		return failure
	}
	e := engine.Errorf(engine.Invalid, "The file %s in %s is no database of Cartwheel, or it is damaged. Choose another folder with --data, or restore a backup.", fileName, dir)
	e.Err = err
	return e
}

// quickCheck reads the whole file and returns what is wrong with it.
func quickCheck(ctx context.Context, db *sql.DB) error {
	return pragmaCheck(ctx, db, "quick_check(10)")
}

func pragmaCheck(ctx context.Context, db *sql.DB, check string) error {
	rows, err := db.QueryContext(ctx, "PRAGMA "+check)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what went wrong stands in rows.Err
	var wrong []error
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			wrong = append(wrong, errors.New(line))
		}
	}
	return errors.Join(append(wrong, rows.Err())...)
}

// newestSchema is the number of the last migration that this program knows.
func newestSchema() (int64, error) {
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	return goose.NumericComponent(files[len(files)-1])
}

// integrityCheck reads the whole file, indexes against their tables too, and returns what is wrong with it.
func integrityCheck(ctx context.Context, db *sql.DB) error {
	return pragmaCheck(ctx, db, "integrity_check(10)")
}
