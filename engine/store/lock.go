package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"cartwheel/engine"
)

const (
	lockName = "cartwheel.pid"
	// A short command holds the lock while it makes a new database: wait for it.
	lockPatience = time.Second
	lockRetry    = 25 * time.Millisecond
)

// folder is the data folder. One engine at a time holds the lock on its pid
// file; the file names the process while it works, and is emptied when it ends well.
type folder struct {
	dir       string
	exclusive bool
	lock      *flock.Flock
	held      bool
	unclean   bool // the engine before did not end well
}

// openFolder makes the folder, refuses network drives and, for an engine, takes
// the lock. A short command takes it only if it is free, until settled.
func openFolder(ctx context.Context, dir string, exclusive bool) (*folder, error) {
	if dir == "" {
		return nil, engine.Errorf(engine.Invalid, "No data folder is given.")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, folderError(dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(dir, err)
	}
	if name := networkDrive(dir); name != "" {
		return nil, engine.Errorf(engine.Invalid, "The data folder %s is on a network drive (%s), where files cannot be locked safely. Choose a folder on a local disk.", dir, name)
	}
	f := &folder{dir: dir, exclusive: exclusive, lock: flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))}
	if err := f.take(ctx); err != nil {
		return nil, errors.Join(err, f.lock.Close())
	}
	return f, nil
}

func (f *folder) take(ctx context.Context) error {
	var err error
	if !f.exclusive {
		if f.held, err = f.lock.TryLock(); err != nil {
			return folderError(f.dir, err)
		}
		return nil
	}
	patience, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	f.held, err = f.lock.TryLockContext(patience, lockRetry)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return engine.Errorf(engine.Conflict, "Another Cartwheel (process %s) works in the data folder %s. Stop it first, or choose another folder with --data.", f.holder(), f.dir)
	case err != nil:
		return folderError(f.dir, err)
	}
	f.unclean = f.holder() != unknownHolder
	return f.write(strconv.Itoa(os.Getpid()) + "\n")
}

const unknownHolder = "unknown"

// holder is what the pid file says.
func (f *folder) holder() string {
	text, err := os.ReadFile(f.lock.Path())
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return pid
	}
	return unknownHolder
}

func (f *folder) write(text string) error {
	if err := os.WriteFile(f.lock.Path(), []byte(text), 0o600); err != nil {
		return folderError(f.dir, err)
	}
	return nil
}

// settled lets a short command's lock go: the database is there and migrated.
func (f *folder) settled() {
	if !f.exclusive && f.held {
		f.held = false
		_ = f.lock.Unlock() // closing does it otherwise
	}
}

// close gives the lock back. clean says that the database was closed in order.
func (f *folder) close(clean bool) error {
	var err error
	if f.exclusive && clean {
		err = f.write("")
	}
	return errors.Join(err, f.lock.Close())
}

// folderError says what to do about a data folder that cannot be used.
func folderError(dir string, err error) error {
	e := engine.Errorf(engine.Invalid, "The data folder %s cannot be used. Check that it exists, is yours and can be written to.", dir)
	if errors.Is(err, os.ErrPermission) {
		e.Message = "There is no permission to use the data folder " + dir + ". Give it to the user that runs Cartwheel, or choose another one with --data."
	}
	e.Err = err
	return e
}
