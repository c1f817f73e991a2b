package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
	"cartwheel/merge"
)

// sessionEngine is what the operations on one's own session take.
type sessionEngine interface {
	SignIn(ctx context.Context, email, password string) (token string, who engine.Actor, err error)
	SignOut(ctx context.Context) error
	SignOutEverywhere(ctx context.Context) error
	ChangePassword(ctx context.Context, current, next string) error
	// StoreZone is the time zone of the store, UTC while none is known.
	StoreZone(ctx context.Context) (string, error)
	// NeedsStart reports whether no store is connected yet.
	NeedsStart(ctx context.Context) (bool, error)
	// SendingStopped reports whether steps are kept from acting.
	SendingStopped() bool
}

// sessionJSON is who asks, and what their program should know.
type sessionJSON struct {
	ID         string   `json:"id" doc:"Of the user or of the token."`
	Kind       string   `json:"kind" enum:"user,token"`
	Name       string   `json:"name"`
	Email      string   `json:"email,omitempty" doc:"Of a user."`
	Role       string   `json:"role" enum:"viewer,editor,integration_manager,admin"`
	Can        []string `json:"can" enum:"edit,manage_integrations,administer" doc:"What the role allows beyond reading."`
	Version    string   `json:"version" doc:"Of Cartwheel."`
	TimeZone   string   `json:"time_zone" doc:"Of the store; UTC while none is known."`
	PublicURL  string   `json:"public_url"`
	Demo       bool     `json:"demo"`
	NeedsSetup bool     `json:"needs_setup" doc:"No store is connected yet."`
	// SendingStopped is for every page: nobody should wonder why nothing goes out.
	SendingStopped bool `json:"sending_stopped" doc:"No step sends anything until an administrator starts sending again."`
}

type sessionOutput struct {
	SetCookie string `header:"Set-Cookie"`
	Body      sessionJSON
}

// cookieOutput is an answer without a body that takes the cookie away.
type cookieOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

func (s *Server) mountSession() {
	const path = "/session"
	register(s, route{method: http.MethodPost, path: path, public: true, id: "signIn", status: http.StatusOK,
		summary: "Sign in", description: "Sets the session cookie. 401: the address or the password is wrong. 429: too many wrong ones; Retry-After says when."}, s.signIn)
	register(s, route{method: http.MethodGet, path: path, role: engine.Viewer, id: "getSession",
		summary: "Show who you are", description: "For a token, too."}, s.getSession)
	register(s, route{method: http.MethodDelete, path: path, role: engine.Viewer, id: "signOut",
		summary: "Sign out", description: "Ends this session."}, s.signOut)
	register(s, route{method: http.MethodDelete, path: "/sessions", role: engine.Viewer, id: "signOutEverywhere",
		summary: "Sign out everywhere", description: "Ends all your sessions, this one too."}, s.signOutEverywhere)
	register(s, route{method: http.MethodPost, path: path + "/password", role: engine.Viewer, id: "changePassword", status: http.StatusNoContent,
		summary: "Change your password", description: "Ends all your other sessions."}, s.changePassword)
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" minLength:"1" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	} `nameHint:"SignInRequest"`
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	token, actor, err := s.begin(ctx, func(ctx context.Context) (string, engine.Actor, error) {
		return s.Engine.SignIn(ctx, in.Body.Email, in.Body.Password)
	})
	if engine.CodeOf(err) == engine.Denied {
		return nil, unauthorized(`Bearer realm="cartwheel"`, engine.MessageOf(err)).with([]merge.Problem{
			{Location: "body.password", Message: engine.MessageOf(err)}})
	}
	if err != nil {
		return nil, err
	}
	body, err := s.sessionOf(engine.WithActor(ctx, actor), actor)
	return &sessionOutput{s.sessionCookie(token), body}, err
}

// begin signs somebody in. A session that the browser had before ends: one browser is one person.
func (s *Server) begin(ctx context.Context, signIn func(context.Context) (string, engine.Actor, error)) (string, engine.Actor, error) {
	q := inquiryOf(ctx)
	before := engine.ActorOf(ctx)
	before.IP = q.client
	token, actor, err := signIn(engine.WithActor(ctx, before))
	if err != nil {
		return "", engine.Actor{}, err
	}
	q.actor = actor // for the log of requests
	if q.cookie != "" {
		s.endOld(ctx, q)
	}
	return token, actor, nil
}

// endOld ends the session that the browser has sent. Whoever signs in is not kept out when that fails.
func (s *Server) endOld(ctx context.Context, q *inquiry) {
	old, err := s.Engine.AuthenticateSession(ctx, q.cookie)
	if err == nil {
		old.IP = q.client
		err = s.Engine.SignOut(engine.WithActor(ctx, old))
	}
	if err != nil && engine.CodeOf(err) != engine.Denied {
		s.Logger.Warn("an old session was not ended", "request_id", q.id(), "error", causeOf(err))
	}
}

func (s *Server) getSession(ctx context.Context, _ *struct{}) (*struct{ Body sessionJSON }, error) {
	body, err := s.sessionOf(ctx, actorOf(ctx))
	return &struct{ Body sessionJSON }{body}, err
}

func (s *Server) sessionOf(ctx context.Context, a engine.Actor) (sessionJSON, error) {
	zone, err := s.Engine.StoreZone(ctx)
	if err != nil {
		return sessionJSON{}, err
	}
	fresh, err := s.Engine.NeedsStart(ctx)
	if err != nil {
		return sessionJSON{}, err
	}
	j := sessionJSON{ID: a.ID, Kind: string(a.Kind), Name: a.Name, Role: string(a.Role), Can: []string{}, Version: s.Version,
		TimeZone: zone, PublicURL: s.PublicURL, Demo: s.Demo, NeedsSetup: fresh, SendingStopped: s.Engine.SendingStopped()}
	if a.Kind == engine.UserActor {
		j.Email = a.Name
	}
	for _, able := range []struct {
		need engine.Role
		word string
	}{{engine.Editor, "edit"}, {engine.IntegrationManager, "manage_integrations"}, {engine.Admin, "administer"}} {
		if a.Role.Allows(able.need) {
			j.Can = append(j.Can, able.word)
		}
	}
	return j, nil
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	return &cookieOutput{s.sessionCookie("")}, s.Engine.SignOut(ctx)
}

func (s *Server) signOutEverywhere(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	return &cookieOutput{s.sessionCookie("")}, s.Engine.SignOutEverywhere(ctx)
}

type passwordInput struct {
	Body struct {
		Current string `json:"current" minLength:"1" maxLength:"1024"`
		New     string `json:"new" minLength:"12" maxLength:"1024"`
	} `nameHint:"PasswordRequest"`
}

func (s *Server) changePassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	return nil, s.Engine.ChangePassword(ctx, in.Body.Current, in.Body.New)
}
