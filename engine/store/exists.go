package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cartwheel/engine"
)

// Exists returns nil when the folder dir holds a database. Commands that only look ask first: [Open] would make one.
// Errors: NotFound, Invalid.
func Exists(dir string) error {
	_, err := os.Stat(filepath.Join(dir, fileName))
	if errors.Is(err, fs.ErrNotExist) {
		return engine.Errorf(engine.NotFound, "There is no database of Cartwheel in %s. Name the folder with --data.", dir)
	}
	if err != nil {
		return folderError(dir, err)
	}
	return nil
}
