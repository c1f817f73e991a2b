package main

import "os"

// size is how much a test does: the short form, or with CARTWHEEL_SOAK=1 the long one.
func size(short, long int) int {
	if os.Getenv("CARTWHEEL_SOAK") == "1" {
		return long
	}
	return short
}
