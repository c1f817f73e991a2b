package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cartwheel/merge"
)

// Settings are what an administrator chooses for the whole installation.
type Settings struct {
	Alerts   AlertSettings   `json:"alerts"`
	TimeZone string          `json:"time_zone,omitempty"` // for what people see; "": the store's own, else UTC
	Sending  SendingSettings `json:"sending,omitzero"`
}

// AlertSettings say whom to tell by e-mail what needs attention.
type AlertSettings struct {
	Enabled          bool   `json:"enabled"`
	AuthenticationID string `json:"authentication_id"` // of type smtp
	To               string `json:"to"`
}

const settingsName = "settings"

// mailAuthType is the type of the authentications that mail goes out through.
const mailAuthType = "smtp"

// Settings returns what was chosen, with the limits that hold.
func (e *Engine) Settings(ctx context.Context) (Settings, error) {
	s, err := e.chosenSettings(ctx)
	s.Sending = s.Sending.withDefaults()
	return s, err
}

func (e *Engine) chosenSettings(ctx context.Context) (Settings, error) {
	var s Settings
	text, err := e.Store.Setting(ctx, settingsName)
	if CodeOf(err) == NotFound {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("read the settings: %w", err)
	}
	return s, nil
}

// SaveSettings replaces what was chosen. Errors: Invalid.
func (e *Engine) SaveSettings(ctx context.Context, s Settings) error {
	s.Alerts.To = strings.TrimSpace(s.Alerts.To)
	problems, err := e.checkSettings(ctx, s)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &Error{Code: Invalid, Message: "The settings cannot be accepted.", Problems: problems}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	e.sending.saving.Lock()
	defer e.sending.saving.Unlock()
	if err := e.Store.SetSetting(ctx, settingsName, string(text)); err != nil {
		return err
	}
	if e.sending.set(s.Sending) {
		e.tellSwitched(ctx)
	}
	return nil
}

func (e *Engine) checkSettings(ctx context.Context, s Settings) ([]merge.Problem, error) {
	var problems []merge.Problem
	problem := func(location, message string) {
		problems = append(problems, merge.Problem{Location: location, Message: message})
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "Local" {
		problem("body.time_zone", fmt.Sprintf("There is no time zone %q. Write one like Europe/Berlin or America/Chicago, or leave it out.", s.TimeZone))
	}
	problems = append(problems, s.Sending.problems()...)
	a := s.Alerts
	if (a.To != "" || a.Enabled) && !IsAddress(a.To) {
		problem("body.alerts.to", "Write one e-mail address, like owner@example.com.")
	}
	if a.AuthenticationID == "" {
		if a.Enabled {
			problem("body.alerts.authentication_id", "Choose the mail server that the alerts go out through.")
		}
		return problems, nil
	}
	auth, err := e.Store.Authentication(ctx, a.AuthenticationID)
	switch {
	case CodeOf(err) == NotFound:
		problem("body.alerts.authentication_id", fmt.Sprintf("There is no authentication %q.", a.AuthenticationID))
	case err != nil:
		return nil, err
	case auth.Type != mailAuthType:
		problem("body.alerts.authentication_id", fmt.Sprintf("The authentication %q is of type %s; here it must be %s.", auth.ID, auth.Type, mailAuthType))
	}
	return problems, nil
}
