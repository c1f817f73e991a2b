package web_test

import (
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
)

func TestListsAreNarrowedByTimeAndThing(t *testing.T) {
	s := newSite(t)
	const period = "from=2026-03-01T00:00:00Z&to=2026-03-02T01:00:00%2B01:00"
	from, to := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	s.ask(engine.Viewer, "GET", "/api/v1/runs?entity=customer%2F7&version=3&"+period, "")
	if f := s.engine.runs; f.Entity != "customer/7" || f.Version != 3 || !f.From.Equal(from) || !f.To.Equal(to) {
		t.Errorf("runs: %+v", f)
	}
	s.ask(engine.Viewer, "GET", "/api/v1/events?entity=order%2F7&"+period, "")
	if f := s.engine.events; f.Entity != "order/7" || !f.From.Equal(from) || !f.To.Equal(to) {
		t.Errorf("events: %+v", f)
	}
	s.ask(engine.Viewer, "GET", "/api/v1/overview?hours=48", "")
	if s.engine.page.Limit != 48 {
		t.Errorf("the overview looks back %d hours", s.engine.page.Limit)
	}
	for query, location := range map[string]string{"runs?from=yesterday": "query.from", "events?to=2026-03-01": "query.to", "runs?version=0": "query.version",
		"overview?hours=23": "query.hours", "overview?hours=169": "query.hours"} {
		if a := s.ask(engine.Viewer, "GET", "/api/v1/"+query, ""); a.status != 422 || a.problem(t).locations() != location {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

func TestABodyIsShownAsItCame(t *testing.T) {
	s := newSite(t)
	for body, want := range map[string]string{`{"id":9007199254740993}`: `"body":{"id":9007199254740993}`, "": `"body":null`, "no JSON \xff": "\"body\":\"no JSON \uFFFD\""} {
		s.engine.event.Body = []byte(body)
		if a := s.ask(engine.Editor, "GET", "/api/v1/events/ev1", ""); a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%q: %d %s", body, a.status, a.body)
		}
		if a := s.ask(engine.Viewer, "GET", "/api/v1/events/ev1", ""); !strings.Contains(a.body, `"body":null`) {
			t.Errorf("%q for a viewer: %s", body, a.body)
		}
	}
}

func TestRunsOfAVersionAreCancelled(t *testing.T) {
	s := newSite(t)
	if a := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/cancel-runs", `{"version":2}`); a.status != 200 || s.engine.revision != 2 {
		t.Errorf("%d %s for version %d", a.status, a.body, s.engine.revision)
	}
	if a := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/cancel-runs", `{"version":-1}`); a.status != 422 || a.problem(t).locations() != "body.version" {
		t.Errorf("version -1: %d %s", a.status, a.body)
	}
	calls := len(s.engine.calls)
	if a := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/cancel-runs", "", "If-Match", `"6"`); a.status != 412 || strings.Contains(strings.Join(s.engine.calls[calls:], " "), "CancelRuns") {
		t.Errorf("an old state: %d %v", a.status, s.engine.calls[calls:])
	}
}

// What is shown may be sent back.
func TestAnAuthenticationWithItsHealthMayBeSentBack(t *testing.T) {
	s := newSite(t)
	body := s.ask(engine.Admin, "GET", "/api/v1/authentications/store", "").body
	if a := s.ask(engine.Admin, "PATCH", "/api/v1/authentications/store", body); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	body = s.ask(engine.Admin, "GET", "/api/v1/workflows/ask", "").body
	if a := s.ask(engine.Admin, "PUT", "/api/v1/workflows/ask", body); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}
