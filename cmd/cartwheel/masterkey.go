package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"cartwheel/engine/secret"
)

// loadKey reads the master key. A missing file is created, but only for a new
// installation: with another key nothing that is sealed could be opened again.
// reached, which may be nil, is told when it is written and has no name yet ("master-key"). The errors are usage errors.
func loadKey(path string, fresh bool, reached func(point string)) (*secret.Box, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names it
	switch {
	case errors.Is(err, fs.ErrNotExist) && fresh:
		return createKey(path, reached)
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError{fmt.Errorf("the master key file %s is missing, and the data is sealed with it; put it back, or name it with --master-key-file", path)}
	case err != nil:
		return nil, usageError{fmt.Errorf("the master key file cannot be read: %w", err)}
	}
	box, err := secret.ParseKeys(string(raw))
	if err != nil {
		return nil, usageError{fmt.Errorf("the master key file %s cannot be used: %w; put the right one back, or remove it if nothing was stored yet", path, err)}
	}
	return box, nil
}

// checkKey returns what is wrong with the master key's file, if there is one.
func checkKey(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err := loadKey(path, false, nil)
	return err
}

// createKey makes a key's file, whole or not at all: a part of a key would keep every later start from the data.
func createKey(path string, reached func(point string)) (*secret.Box, error) {
	key, part := secret.NewKey(), path+".part"
	if err := writeKey(part, key); err != nil {
		return nil, usageError{fmt.Errorf("the master key file cannot be written: %w", err)}
	}
	if reached != nil {
		reached("master-key")
	}
	if err := nameKey(part, path); err != nil {
		_ = os.Remove(part) // it is nobody's key
		return nil, usageError{fmt.Errorf("the master key file %s cannot be created: %w", path, err)}
	}
	return secret.ParseKeys(key)
}

// writeKey writes over what an earlier start may have left of the same name.
func writeKey(part, key string) error {
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	_, err = f.WriteString(key + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// nameKey gives the file its name for good, never that of another.
func nameKey(part, path string) error {
	err := os.Link(part, path)
	switch {
	case err == nil:
		err = os.Remove(part)
	case errors.Is(err, fs.ErrExist):
		return errors.New("there is something of this name that cannot be read, such as a link that leads nowhere")
	default:
		err = os.Rename(part, path) // a file system without links
	}
	if err != nil || runtime.GOOS == "windows" { // where folders cannot be synced
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
