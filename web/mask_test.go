package web_test

import (
	"strings"
	"testing"

	"cartwheel/engine"
)

// What other systems answer may tell about anybody, so viewers read no more of it than its status.
func TestViewersReadNoAnswersInReasons(t *testing.T) {
	s := newSite(t)
	f := s.engine
	const why = "hooks.example.com answered 400 Bad Request: no Zoe, but Jane Roe of 5 Elm Street"
	f.run.Reason = "Step call: " + why
	f.run.Steps[0].Reason, f.run.Steps[0].Attempts[0].Error = why, why
	for _, target := range []string{"/api/v1/runs", "/api/v1/runs/run1"} {
		got := s.ask(engine.Viewer, "GET", target, "").body
		if strings.Contains(got, "Zoe") || strings.Contains(got, "Jane") || !strings.Contains(got, "hooks.example.com answered 400 Bad Request.") {
			t.Errorf("%s: got %s, want the status alone", target, got)
		}
		if got := s.ask(engine.Editor, "GET", target, "").body; !strings.Contains(got, why) {
			t.Errorf("%s: an editor got %s, want the whole answer", target, got)
		}
	}
}

func TestViewersReadNoPersonalValuesInAListOfRuns(t *testing.T) {
	s := newSite(t)
	s.engine.run.Reason = "Step mail: Zoe is no address."
	got := s.ask(engine.Viewer, "GET", "/api/v1/runs", "").body
	if strings.Contains(got, "Zoe") || !strings.Contains(got, "*** is no address.") {
		t.Errorf("got %s, want *** for the name", got)
	}
}
