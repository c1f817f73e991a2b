package engine

import (
	"strconv"
	"strings"
	"time"
)

// maxDuration is the longest wait a workflow may ask for.
const maxDuration = 366 * 24 * time.Hour

// ParseDuration reads 90s, 15m, 36h, 3d or 2w, or several of them in a row (1d12h).
// A day is 24 hours. Errors are Invalid.
func ParseDuration(s string) (time.Duration, error) {
	wrong := Errorf(Invalid, "%q is no duration: write a whole number and a unit, such as 90s, 15m, 36h, 3d or 2w.", s)
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	rest, total := strings.TrimSpace(s), time.Duration(0)
	if rest == "" {
		return 0, wrong
	}
	for rest != "" {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits > 9 || digits == len(rest) {
			return 0, wrong
		}
		n, err := strconv.Atoi(rest[:digits])
		unit, known := units[rest[digits]]
		if err != nil || !known {
			return 0, wrong
		}
		if time.Duration(n) > maxDuration/unit || total+time.Duration(n)*unit > maxDuration {
			return 0, Errorf(Invalid, "%q is longer than 366 days.", s)
		}
		total += time.Duration(n) * unit
		rest = rest[digits+1:]
	}
	return total, nil
}
