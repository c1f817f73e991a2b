package engine_test

import (
	"testing"
	"time"

	"cartwheel/engine"
)

func TestDurations(t *testing.T) {
	day := 24 * time.Hour
	for text, want := range map[string]time.Duration{"90s": 90 * time.Second, "15m": 15 * time.Minute, "36h": 36 * time.Hour, "3d": 3 * day, "2w": 14 * day, "1d12h": 36 * time.Hour, " 5m ": 5 * time.Minute, "0s": 0} {
		if got, err := engine.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "5", "m", "5 m", "-5m", "1.5h", "5y", "99999999999s", "400d", "5M", "９m"} {
		if got, err := engine.ParseDuration(text); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%q is %s, %v; want invalid", text, got, err)
		}
	}
}

func TestRolesIncludeTheWeakerOnes(t *testing.T) {
	roles := engine.Roles()
	for i, r := range roles {
		for j, need := range roles {
			if got := r.Allows(need); got != (i >= j) {
				t.Errorf("%s allows %s: %v", r, need, got)
			}
		}
	}
	if engine.Role("owner").Allows(engine.Viewer) || engine.Role("").Allows("") {
		t.Error("an unknown role may do nothing")
	}
}
