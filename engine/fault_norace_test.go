//go:build !race

package engine_test

// underRace: see fault_race_test.go.
const underRace = false
