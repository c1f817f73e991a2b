//go:build !race

package bigcommerce_test

// underRace: see fault_race_test.go.
const underRace = false
