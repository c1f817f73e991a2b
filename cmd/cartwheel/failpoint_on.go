//go:build failpoint

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
)

// failpointVariable names the point at which the process ends itself, and after a colon at the how-many-th
// time that it is passed: "intake.committed:3".
const failpointVariable = "CARTWHEEL_FAILPOINT"

// reached is what the parts of the program call at their named points. This one, for fault tests, ends the
// process at the point that CARTWHEEL_FAILPOINT names, as kill -9 would.
func reached() func(point string) {
	name, times, counted := strings.Cut(os.Getenv(failpointVariable), ":")
	if name == "" {
		return nil
	}
	nth, err := strconv.ParseInt(times, 10, 64)
	if err != nil || !counted {
		nth = 1
	}
	var passed atomic.Int64
	return func(point string) {
		if point != name || passed.Add(1) != nth {
			return
		}
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err != nil {
			panic(fmt.Sprintf("the process cannot end itself: %v", err))
		}
		select {} // nothing may follow
	}
}
