package web_test

import (
	"testing"

	"cartwheel/engine"
	"cartwheel/web"
)

func TestTheAuditLogIsAskedForByWhatTheAddressSays(t *testing.T) {
	s := newSite(t)
	for query, want := range map[string]engine.AuditFilter{
		"":                              {},
		"?actor=ci":                     {Actor: "ci"},
		"?action=workflow.publish":      {Action: "workflow.publish"},
		"?object=workflow":              {ObjectKind: "workflow"},
		"?object=workflow%2Fask":        {ObjectKind: "workflow", ObjectID: "ask"},
		"?object=event/a/b&actor=a%20b": {ObjectKind: "event", ObjectID: "a/b", Actor: "a b"},
	} {
		if a := s.ask(engine.Admin, "GET", "/api/v1/audit"+query, ""); a.status != 200 || s.engine.audit != want {
			t.Errorf("%q: %d, asked for %+v, want %+v", query, a.status, s.engine.audit, want)
		}
	}
}

func TestWhoeverSignsInIsToldToTheEngine(t *testing.T) {
	const body = `{"name":"ci","role":"viewer","expires":"90d"}`
	behind := func(c *web.Config) { c.TrustedProxies = []string{"192.0.2.0/24"} }
	for _, tt := range []struct {
		name, want string
		change     []func(*web.Config)
	}{
		{"nobody is trusted", "192.0.2.1", nil},
		{"the socket is a trusted proxy's", "203.0.113.9", []func(*web.Config){behind}},
	} {
		s := newSite(t, tt.change...)
		a := s.ask(engine.Admin, "POST", "/api/v1/tokens", body, "X-Forwarded-For", "203.0.113.9")
		want := engine.Actor{Kind: engine.TokenActor, ID: "admin-token", Name: "token admin", Role: engine.Admin, IP: tt.want}
		if a.status != 201 || s.engine.actor != want {
			t.Errorf("%s: %d by %+v, want 201 by %+v", tt.name, a.status, s.engine.actor, want)
		}
		if s.engine.note != "ci" || s.engine.id != "viewer" || s.engine.expires != "90d" {
			t.Errorf("%s: asked for %q %q %q", tt.name, s.engine.note, s.engine.id, s.engine.expires)
		}
	}
}
