//go:build race

package engine_test

// underRace: the race detector makes the database some fifteen times slower, so that tests of many events take fewer.
const underRace = true
