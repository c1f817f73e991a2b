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
	Alerts   alertsJSON `json:"alerts"`
	TimeZone string     `json:"time_zone,omitempty" maxLength:"100" doc:"In which times are shown, like Europe/Berlin; left out: the store's own, else UTC."`
}

// alertsJSON says whom to tell by e-mail what needs attention: once per cause and day.
type alertsJSON struct {
	Enabled          bool   `json:"enabled"`
	AuthenticationID string `json:"authentication_id,omitempty" maxLength:"100" doc:"The mail server, an authentication of type smtp."`
	To               string `json:"to,omitempty" maxLength:"254" doc:"The owner's address."`
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
	return &settingsOutput{settingsJSON{TimeZone: got.TimeZone, Alerts: alertsJSON{Enabled: got.Alerts.Enabled,
		AuthenticationID: got.Alerts.AuthenticationID, To: got.Alerts.To}}}, nil
}

func (s *Server) saveSettings(ctx context.Context, in *struct{ Body settingsJSON }) (*settingsOutput, error) {
	a := in.Body.Alerts
	err := s.Engine.SaveSettings(ctx, engine.Settings{TimeZone: in.Body.TimeZone,
		Alerts: engine.AlertSettings{Enabled: a.Enabled, AuthenticationID: a.AuthenticationID, To: a.To}})
	if err != nil {
		return nil, err
	}
	return s.getSettings(ctx, nil)
}
