package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cartwheel/engine"
)

// sqliteFailure makes what SQLite says an [engine.Error] where trying again may
// help. Other errors come back as they are.
func sqliteFailure(err error) error {
	if isOurs(err) {
		return err
	}
	temporary := func(message string) error {
		return &engine.Error{Code: engine.Temporary, Message: message, Wait: time.Second, Err: err}
	}
	switch resultCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return temporary("The database is locked by another program. Try again in a moment.")
	case sqlite3.SQLITE_FULL:
		return temporary("The disk is full: nothing can be stored. Free some space in the data folder.")
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return temporary("The database file cannot be read or written. Check the disk of the data folder.")
	case sqlite3.SQLITE_INTERRUPT:
		return temporary("The database took too long. Try again in a moment.")
	}
	switch {
	case errors.Is(err, errClosed), errors.Is(err, sql.ErrConnDone), errors.Is(err, driver.ErrBadConn):
		return temporary("The database is closed: Cartwheel is stopping.")
	case errors.Is(err, context.DeadlineExceeded):
		return temporary("The database took too long. Try again in a moment.")
	case errors.Is(err, context.Canceled):
		return temporary("The request was given up before the database was done with it.")
	}
	return err
}

// resultCode is SQLite's primary result code, 0 for an error that is not its own.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool { return resultCode(err) == sqlite3.SQLITE_BUSY }
