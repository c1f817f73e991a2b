package store

import (
	"bytes"
	"context"
	"strings"
	"time"

	"cartwheel/engine"
)

// This file says what of each kind of thing stands in the audit log. Secrets never do.

// secretState stands for a secret: that it is set, and whether it is another one than before.
type secretState struct {
	Set     bool `json:"set"`
	Changed bool `json:"changed,omitempty"`
}

// workflowMembers are the state of a workflow; nil when there is none of that id.
func workflowMembers(ctx context.Context, t tx, id string) (members, error) {
	w, err := workflow(ctx, t, id)
	if engine.CodeOf(err) == engine.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return membersOf(struct {
		engine.Definition
		Status      engine.WorkflowStatus `json:"status"`
		LiveVersion int                   `json:"live_version"`
	}{w.Draft, w.Status, w.LiveVersion})
}

// noteWorkflow notes what has become of a workflow since before.
func noteWorkflow(ctx context.Context, t tx, now time.Time, action, id string, before members) error {
	after, err := workflowMembers(ctx, t, id)
	if err != nil {
		return err
	}
	return note(ctx, t, now, deed{action: action, id: id, before: before, after: after})
}

// authenticationMembers are the state of an authentication. old is what it was before, nil if it is new.
func authenticationMembers(a engine.Authentication, old *engine.Authentication) (members, error) {
	secrets := map[string]secretState{}
	for name, sealed := range a.Sealed {
		if !strings.HasPrefix(name, "_") { // those are the engine's own
			secrets[name] = secretState{Set: true, Changed: old != nil && !bytes.Equal(sealed, old.Sealed[name])}
		}
	}
	m, err := membersOf(map[string]any{"name": a.Name, "type": a.Type, "secrets": secrets})
	if err == nil && len(a.Config) > 0 {
		m["config"] = a.Config
	}
	return m, err
}

// noteAuthentication notes a change; before or after is nil for one that was made or deleted.
func noteAuthentication(ctx context.Context, t tx, now time.Time, action, id string, before, after *engine.Authentication) error {
	d := deed{action: action, id: id}
	var err error
	if before != nil {
		if d.before, err = authenticationMembers(*before, nil); err != nil {
			return err
		}
	}
	if after != nil {
		if d.after, err = authenticationMembers(*after, before); err != nil {
			return err
		}
	}
	return note(ctx, t, now, d)
}

func userMembers(u engine.User) (members, error) {
	return membersOf(map[string]any{"email": strings.ToLower(u.Email), "role": u.Role, "password": secretState{Set: u.PasswordHash != ""}})
}

func tokenMembers(k engine.Token) (members, error) {
	return membersOf(struct {
		Name      string      `json:"name"`
		Role      engine.Role `json:"role"`
		ExpiresAt *time.Time  `json:"expires_at"`
		RevokedAt *time.Time  `json:"revoked_at"`
	}{k.Name, k.Role, k.ExpiresAt, k.RevokedAt})
}

// noteRun notes that a person has a run retried or cancelled. It is called before the change is made.
func noteRun(ctx context.Context, t tx, now time.Time, c engine.RunChange) error {
	type state struct {
		Status string `json:"status"`
		Step   string `json:"step,omitempty"`
	}
	var was state
	var found bool
	if err := t.query(ctx, one(&found, &was.Status), `SELECT status FROM run WHERE id = $1`, c.RunID); err != nil {
		return err
	}
	d, is := deed{action: "run.retry", id: c.RunID}, state{Status: string(c.Status)}
	if c.Status == engine.RunCancelled {
		d.action = "run.cancel"
	}
	if len(c.Steps) == 1 {
		is.Step = c.Steps[0].StepID
	}
	var err error
	if d.before, err = membersOf(was); err != nil {
		return err
	}
	if d.after, err = membersOf(is); err != nil {
		return err
	}
	return note(ctx, t, now, d)
}

// noteReplay notes that a person has an event run again, as e.
func noteReplay(ctx context.Context, t tx, now time.Time, e engine.Event) error {
	after, err := membersOf(map[string]string{"event_id": e.ID, "trigger": e.Trigger})
	if err != nil {
		return err
	}
	return note(ctx, t, now, deed{action: "event.replay", id: e.ReplayOf, after: after})
}
