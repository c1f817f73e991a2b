package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// nap waits more exactly than a Go timer, which an idle program rounds up to a millisecond.
func nap(d time.Duration) {
	if d <= 0 {
		return
	}
	rest := syscall.NsecToTimespec(int64(d))
	for errors.Is(syscall.Nanosleep(&rest, &rest), syscall.EINTR) {
	}
}

// clockTick is the unit of CPU times in /proc: 100 per second on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// cpuOf is the CPU time that a process has used, in user mode and in the kernel.
func cpuOf(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second member is the program's name in parentheses, which may hold anything.
	members := bytes.Fields(raw[bytes.LastIndexByte(raw, ')')+1:])
	if len(members) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat is too short", pid)
	}
	user, errUser := strconv.ParseInt(string(members[11]), 10, 64)
	system, errSystem := strconv.ParseInt(string(members[12]), 10, 64)
	return time.Duration(user+system) * clockTick, errors.Join(errUser, errSystem)
}

// memoryOf is the resident memory of a process in bytes: now, and the most so far.
func memoryOf(pid int) (now, peak int64, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
		switch {
		case err != nil:
		case name == "VmRSS":
			now = kib << 10
		case name == "VmHWM":
			peak = kib << 10
		}
	}
	return now, peak, nil
}
