package engine_test

import "os"

// size is how much of a long test is done: the short form with every push, an eighth of it under the race detector, the
// long form with CARTWHEEL_SOAK=1.
func size(short, long int) int {
	switch {
	case os.Getenv("CARTWHEEL_SOAK") == "1":
		return long
	case underRace:
		return max(short/8, 1)
	default:
		return short
	}
}
