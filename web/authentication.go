package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"cartwheel/engine"
	"cartwheel/merge"
)

// authenticationEngine is what the operations on authentications take.
type authenticationEngine interface {
	CreateAuthentication(ctx context.Context, in engine.AuthenticationInput) (engine.AuthenticationView, error)
	UpdateAuthentication(ctx context.Context, id string, revision int64, p engine.AuthenticationPatch) (engine.AuthenticationView, error)
	Authentication(ctx context.Context, id string) (engine.AuthenticationView, error)
	Authentications(ctx context.Context, p engine.Page) ([]engine.AuthenticationView, string, error)
	DeleteAuthentication(ctx context.Context, id string, revision int64) error
	TestAuthentication(ctx context.Context, id string) ([]engine.Check, error)
	SendTestMail(ctx context.Context, id, to string) ([]engine.Check, error)
}

func (s *Server) mountAuthentications() {
	const path = "/authentications"
	const one = path + "/{id}"
	register(s, route{method: http.MethodGet, path: path, role: engine.Viewer, id: "listAuthentications",
		summary: "List authentications", description: "Editors and viewers see no config."}, s.listAuthentications)
	register(s, route{method: http.MethodPost, path: path, role: engine.IntegrationManager, id: "createAuthentication", status: http.StatusCreated,
		summary: "Make an authentication", description: "Its secrets are sealed and never shown again. The config is checked now."}, s.createAuthentication)
	register(s, route{method: http.MethodGet, path: one, role: engine.Viewer, id: "getAuthentication",
		summary: "Show an authentication", description: "Editors and viewers see no config."}, s.getAuthentication)
	register(s, route{method: http.MethodPatch, path: one, role: engine.IntegrationManager, id: "updateAuthentication",
		summary: "Change an authentication", description: "What is left out stays. A secret or a member of config that is null is removed."}, s.updateAuthentication)
	register(s, route{method: http.MethodDelete, path: one, role: engine.IntegrationManager, id: "deleteAuthentication",
		summary: "Delete an authentication", description: "Refused (409) while a workflow uses it."}, s.deleteAuthentication)
	register(s, route{method: http.MethodPost, path: one + "/test", role: engine.IntegrationManager, id: "testAuthentication",
		summary: "Try an authentication", description: "Really connects, and changes nothing. A mail server sends a test mail, too, when mail_to says where to."}, s.testAuthentication)
}

type authenticationOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     authenticationJSON
}

func (s *Server) listAuthentications(ctx context.Context, in *struct{ Paging }) (*listOutput[authenticationJSON], error) {
	items, next, err := s.Engine.Authentications(ctx, in.page())
	return listOf(items, next, err, func(v engine.AuthenticationView) authenticationJSON { return s.showAuthentication(ctx, v) })
}

func (s *Server) createAuthentication(ctx context.Context, in *struct{ Body authenticationInputJSON }) (*authenticationOutput, error) {
	secrets := map[string]string{}
	for name, v := range in.Body.Secrets {
		if v.value != nil {
			secrets[name] = *v.value
		}
	}
	view, err := s.Engine.CreateAuthentication(ctx, engine.AuthenticationInput{ID: in.Body.ID, Name: in.Body.Name,
		Type: in.Body.Type, Config: json.RawMessage(in.Body.Config), Secrets: secrets})
	out, err := s.authenticationAnswer(ctx, view, err)
	if err == nil {
		out.Location = locationOf("authentications", view.ID)
	}
	return out, err
}

type oneInput struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) getAuthentication(ctx context.Context, in *oneInput) (*authenticationOutput, error) {
	view, err := s.Engine.Authentication(ctx, in.ID)
	return s.authenticationAnswer(ctx, view, err)
}

type authenticationPatchInput struct {
	ID string `path:"id" maxLength:"100"`
	Match
	Body authenticationPatchJSON
}

func (s *Server) updateAuthentication(ctx context.Context, in *authenticationPatchInput) (*authenticationOutput, error) {
	revision, _, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.sameType(ctx, in.ID, in.Body.Type); err != nil {
		return nil, err
	}
	patch := engine.AuthenticationPatch{Name: in.Body.Name, Config: json.RawMessage(in.Body.Config), Secrets: map[string]*string{}}
	for name, v := range in.Body.Secrets {
		if !v.unchanged {
			patch.Secrets[name] = v.value
		}
	}
	view, err := s.Engine.UpdateAuthentication(ctx, in.ID, revision, patch)
	return s.authenticationAnswer(ctx, view, err)
}

// sameType refuses to ignore a type that differs: who sends it means something else than what would happen.
func (s *Server) sameType(ctx context.Context, id, typ string) error {
	if typ == "" {
		return nil
	}
	view, err := s.Engine.Authentication(ctx, id)
	if err != nil || view.Type == typ {
		return err
	}
	return invalid(merge.Problem{Location: "body.type", Message: "The type of an authentication cannot be changed. Make a new one."})
}

type changeInput struct {
	ID string `path:"id" maxLength:"100"`
	Match
}

func (s *Server) deleteAuthentication(ctx context.Context, in *changeInput) (*struct{}, error) {
	revision, _, err := in.revision()
	if err != nil {
		return nil, err
	}
	return nil, s.Engine.DeleteAuthentication(ctx, in.ID, revision)
}

// testJSON is what trying an authentication showed.
type testJSON struct {
	OK     bool           `json:"ok"`
	Checks []engine.Check `json:"checks"`
}

type authenticationTestInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body *struct {
		MailTo string `json:"mail_to,omitempty" maxLength:"254" doc:"Of a mail server: a test mail really goes to this address."`
	} `nameHint:"AuthenticationTestRequest"`
}

func (s *Server) testAuthentication(ctx context.Context, in *authenticationTestInput) (*struct{ Body testJSON }, error) {
	var checks []engine.Check
	var err error
	if in.Body != nil && in.Body.MailTo != "" {
		checks, err = s.Engine.SendTestMail(ctx, in.ID, in.Body.MailTo)
	} else {
		checks, err = s.Engine.TestAuthentication(ctx, in.ID)
	}
	if err != nil {
		return nil, err
	}
	result := testJSON{OK: true, Checks: present(checks)}
	for _, c := range checks {
		result.OK = result.OK && c.OK
	}
	return &struct{ Body testJSON }{result}, nil
}

func (s *Server) authenticationAnswer(ctx context.Context, v engine.AuthenticationView, err error) (*authenticationOutput, error) {
	if err != nil {
		return nil, err
	}
	return &authenticationOutput{ETag: etag(v.Revision), Body: s.showAuthentication(ctx, v)}, nil
}

// showAuthentication leaves out what the asker may not see.
func (s *Server) showAuthentication(ctx context.Context, v engine.AuthenticationView) authenticationJSON {
	a := authenticationJSON{ID: v.ID, Name: v.Name, Type: v.Type, Secrets: s.secretsOf(v.Authentication),
		UsedBy: present(v.UsedBy), CreatedAt: stamp(v.CreatedAt), UpdatedAt: stamp(v.UpdatedAt)}
	a.Health, a.Tested = showHealth(v, maskFor(ctx, nil))
	if v.Intake != nil {
		a.Hooks = &hooksJSON{State: v.Hooks.State, Reason: v.Hooks.Reason, Hooks: present(v.Hooks.Hooks), CheckedAt: stampOf(&v.Hooks.CheckedAt)}
	}
	if actorOf(ctx).Role.Allows(engine.IntegrationManager) {
		a.Config, a.WebhookURL = shown(v.Config), v.WebhookURL
		return a
	}
	for name, secret := range a.Secrets {
		secret.Last4 = ""
		a.Secrets[name] = secret
	}
	return a
}

// secretsOf tells which secrets are set; names that begin with _ are the engine's own.
func (s *Server) secretsOf(a engine.Authentication) map[string]secretJSON {
	secrets := map[string]secretJSON{}
	for _, spec := range s.Engine.AuthTypes() {
		for _, f := range spec.Fields {
			if spec.Type == a.Type && f.Secret {
				secrets[f.Name] = secretJSON{}
			}
		}
	}
	for name := range a.Sealed {
		if !strings.HasPrefix(name, "_") {
			secrets[name] = secretJSON{Set: true, Last4: a.Last4[name]}
		}
	}
	return secrets
}

// locationOf is the address of something that was made.
func locationOf(segments ...string) string {
	address := apiBase
	for _, segment := range segments {
		address += "/" + url.PathEscape(segment)
	}
	return address
}
