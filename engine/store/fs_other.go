//go:build !linux

package store

// networkDrive cannot tell on this system.
func networkDrive(string) string { return "" }
