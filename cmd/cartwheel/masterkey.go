package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cartwheel/engine/secret"
)

// loadKey reads the master key. A missing file is created, but only for a new
// installation: with another key nothing that is sealed could be opened again.
// The errors are usage errors.
func loadKey(path string, fresh bool) (*secret.Box, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names it
	switch {
	case errors.Is(err, fs.ErrNotExist) && fresh:
		return createKey(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError{fmt.Errorf("the master key file %s is missing, and the data is sealed with it; put it back, or name it with --master-key-file", path)}
	case err != nil:
		return nil, usageError{fmt.Errorf("the master key file cannot be read: %w", err)}
	}
	box, err := secret.ParseKeys(string(raw))
	if err != nil {
		return nil, usageError{fmt.Errorf("the master key file %s cannot be used: %w", path, err)}
	}
	return box, nil
}

// checkKey returns what is wrong with the master key's file, if there is one.
func checkKey(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err := loadKey(path, false)
	return err
}

func createKey(path string) (*secret.Box, error) {
	key := secret.NewKey()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if err != nil {
		return nil, usageError{fmt.Errorf("the master key file cannot be created: %w", err)}
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, usageError{fmt.Errorf("the master key file cannot be written: %w", err)}
	}
	return secret.ParseKeys(key)
}
