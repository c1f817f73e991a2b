//go:build race

package store_test

// historyRuns is how long a long history is: under the race detector SQLite takes ten times as long to write it.
const historyRuns = 3_000
