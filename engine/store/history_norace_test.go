//go:build !race

package store_test

// historyRuns is how long a long history is.
const historyRuns = 100_000
