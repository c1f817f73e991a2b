//go:build race

package main

// slower is how much more time and memory the race detector costs, at the worst and on a busy machine.
const slower = 10
