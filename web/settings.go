package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// settingsEngine is what the operations on settings take.
type settingsEngine interface {
	Settings(ctx context.Context) (engine.Settings, error)
	SaveSettings(ctx context.Context, s engine.Settings) error
}

// settingsJSON is what an administrator chooses for the whole installation.
type settingsJSON struct {
	Alerts   alertsJSON   `json:"alerts"`
	Sending  *sendingJSON `json:"sending,omitempty" doc:"Left out in a change: it stays as it is."`
	TimeZone string       `json:"time_zone,omitempty" maxLength:"100" doc:"In which times are shown, like Europe/Berlin; left out: the store's own, else UTC."`
}

// alertsJSON says whom to tell by e-mail what needs attention: once per cause and day.
type alertsJSON struct {
	Enabled          bool   `json:"enabled"`
	AuthenticationID string `json:"authentication_id,omitempty" maxLength:"100" doc:"The mail server, an authentication of type smtp."`
	To               string `json:"to,omitempty" maxLength:"254" doc:"The owner's address."`
}

// sendingJSON says whether steps act, and how many mails may go out.
type sendingJSON struct {
	Stopped         bool `json:"stopped" doc:"No step sends anything: runs wait until this is false again."`
	PerRecipientDay int  `json:"per_recipient_day,omitempty" minimum:"0" maximum:"1000000" doc:"Mails to one address in 24 hours, if it comes from a merge code; left out or 0: 100. What is more is held."`
	PerWorkflowHour int  `json:"per_workflow_hour,omitempty" minimum:"0" maximum:"1000000" doc:"Mails of one workflow in an hour; left out or 0: 10,000. What is more waits."`
}

func (s *Server) mountSettings() {
	register(s, route{method: http.MethodGet, path: "/settings", role: engine.Admin, id: "getSettings",
		summary: "Show the settings"}, s.getSettings)
	register(s, route{method: http.MethodPut, path: "/settings", role: engine.Admin, id: "saveSettings",
		summary: "Change the settings", description: "Replaces all of them."}, s.saveSettings)
}

type settingsOutput struct{ Body settingsJSON }

func (s *Server) getSettings(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	got, err := s.Engine.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return &settingsOutput{settingsJSON{TimeZone: got.TimeZone, Sending: (*sendingJSON)(&got.Sending), Alerts: alertsJSON{Enabled: got.Alerts.Enabled,
		AuthenticationID: got.Alerts.AuthenticationID, To: got.Alerts.To}}}, nil
}

func (s *Server) saveSettings(ctx context.Context, in *struct{ Body settingsJSON }) (*settingsOutput, error) {
	a := in.Body.Alerts
	sending, err := s.sendingOf(ctx, in.Body.Sending)
	if err != nil {
		return nil, err
	}
	err = s.Engine.SaveSettings(ctx, engine.Settings{TimeZone: in.Body.TimeZone, Sending: sending,
		Alerts: engine.AlertSettings{Enabled: a.Enabled, AuthenticationID: a.AuthenticationID, To: a.To}})
	if err != nil {
		return nil, err
	}
	return s.getSettings(ctx, nil)
}

// sendingOf is what was chosen, else what is: whoever changes something else switches nothing on again.
func (s *Server) sendingOf(ctx context.Context, chosen *sendingJSON) (engine.SendingSettings, error) {
	if chosen != nil {
		return engine.SendingSettings(*chosen), nil
	}
	now, err := s.Engine.Settings(ctx)
	return now.Sending, err
}
