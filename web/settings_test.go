package web_test

import (
	"net/http"
	"testing"

	"cartwheel/engine"
)

func TestSendingIsStoppedAndLimitedInTheSettings(t *testing.T) {
	s := newSite(t)
	s.engine.settings.Sending = engine.SendingSettings{PerRecipientDay: 20, PerWorkflowHour: 1000}
	for _, c := range []struct {
		name, body string
		want       engine.SendingSettings
	}{
		{"stop", `{"alerts":{"enabled":false},"sending":{"stopped":true,"per_recipient_day":3,"per_workflow_hour":50}}`,
			engine.SendingSettings{Stopped: true, PerRecipientDay: 3, PerWorkflowHour: 50}},
		{"something else", `{"alerts":{"enabled":true}}`, engine.SendingSettings{Stopped: true, PerRecipientDay: 3, PerWorkflowHour: 50}},
		{"start, with the defaults", `{"alerts":{"enabled":false},"sending":{"stopped":false}}`, engine.SendingSettings{}},
	} {
		a := s.ask(engine.Admin, http.MethodPut, "/api/v1/settings", c.body)
		if a.status != http.StatusOK || s.engine.settings.Sending != c.want {
			t.Errorf("%s: got %d %s and %+v, want %+v", c.name, a.status, a.body, s.engine.settings.Sending, c.want)
		}
		var session struct {
			SendingStopped bool `json:"sending_stopped"`
		}
		if s.ask(engine.Viewer, http.MethodGet, "/api/v1/session", "").decode(t, &session); session.SendingStopped != c.want.Stopped {
			t.Errorf("%s: the session says stopped %v", c.name, session.SendingStopped)
		}
	}
}

func TestTheLimitsOfSendingHaveBounds(t *testing.T) {
	s := newSite(t)
	for _, field := range []string{"per_recipient_day", "per_workflow_hour"} {
		for _, n := range []string{"-1", "1000001", `"20"`, "1.5"} {
			a := s.ask(engine.Admin, http.MethodPut, "/api/v1/settings", `{"alerts":{"enabled":false},"sending":{"stopped":false,"`+field+`":`+n+`}}`)
			if got := a.problem(t).locations(); a.status != http.StatusUnprocessableEntity || got != "body.sending."+field {
				t.Errorf("%s: %s: got %d at %q", field, n, a.status, got)
			}
		}
	}
}
