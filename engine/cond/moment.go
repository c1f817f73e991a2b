package cond

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// parseSpan reads lengths of time as the settings of steps write them, 90s 15m
// 36h 3d 2w, also one after the other (1h30m).
func parseSpan(s string) (time.Duration, bool) {
	if s == "" || len(s) > 64 {
		return 0, false
	}
	var total time.Duration
	for s != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 || n > 9 || n == len(s) {
			return 0, false
		}
		count := time.Duration(0)
		for _, c := range s[:n] {
			count = count*10 + time.Duration(c-'0')
		}
		unit, ok := unitOf(s[n])
		if !ok || count > (math.MaxInt64-total)/unit {
			return 0, false
		}
		total += count * unit
		s = s[n+1:]
	}
	return total, true
}

func unitOf(c byte) (time.Duration, bool) {
	switch c {
	case 's':
		return time.Second, true
	case 'm':
		return time.Minute, true
	case 'h':
		return time.Hour, true
	case 'd':
		return day, true
	case 'w':
		return 7 * day, true
	}
	return 0, false
}

// spanText writes d as parseSpan reads it, leaving out parts of a second.
func spanText(d time.Duration) string {
	d = d.Truncate(time.Second)
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
	}
	for _, unit := range []struct {
		length time.Duration
		sign   byte
	}{{day, 'd'}, {time.Hour, 'h'}, {time.Minute, 'm'}, {time.Second, 's'}} {
		if n := d / unit.length; n != 0 {
			b.WriteString(strconv.FormatInt(max(int64(n), -int64(n)), 10))
			b.WriteByte(unit.sign)
			d -= n * unit.length
		}
	}
	return b.String()
}

// within tells whether t lies in the last d before now; the future does not.
func within(t, now time.Time, d time.Duration) bool {
	return !t.After(now) && !t.Before(now.Add(-d))
}

// daysSince is the number of whole days from t to now, negative in the future.
func daysSince(t, now time.Time) int64 {
	passed := now.Sub(t)
	days := int64(passed / day)
	if passed < 0 && passed%day != 0 {
		days-- // downwards, also below zero
	}
	return days
}
