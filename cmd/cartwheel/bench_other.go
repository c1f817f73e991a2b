//go:build !linux

package main

import (
	"errors"
	"time"
)

func nap(d time.Duration) { time.Sleep(d) }

func cpuOf(int) (time.Duration, error) { return 0, errors.ErrUnsupported }

func memoryOf(int) (now, peak int64, err error) { return 0, 0, errors.ErrUnsupported }
