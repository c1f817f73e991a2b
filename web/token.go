package web

import (
	"context"
	"net/http"

	"cartwheel/engine"
)

// tokenEngine is what the operations on API tokens take.
type tokenEngine interface {
	IssueToken(ctx context.Context, name string, role engine.Role, expires string) (engine.Token, string, error)
	Tokens(ctx context.Context, p engine.Page) ([]engine.Token, string, error)
	RevokeToken(ctx context.Context, id string) error
}

// tokenJSON is an API token as it is listed.
type tokenJSON struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Role       string  `json:"role" enum:"viewer,editor,integration_manager,admin"`
	CreatedAt  string  `json:"created_at" format:"date-time"`
	ExpiresAt  *string `json:"expires_at" format:"date-time" doc:"null: never."`
	RevokedAt  *string `json:"revoked_at" format:"date-time"`
	LastUsedAt *string `json:"last_used_at" format:"date-time" doc:"To the minute."`
}

// newTokenJSON is a token that was just made.
type newTokenJSON struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Role      string  `json:"role" enum:"viewer,editor,integration_manager,admin"`
	CreatedAt string  `json:"created_at" format:"date-time"`
	ExpiresAt *string `json:"expires_at" format:"date-time" doc:"null: never."`
	Token     string  `json:"token" doc:"To be sent as Authorization: Bearer TOKEN. It is shown only here, only now."`
}

func (s *Server) mountTokens() {
	const path = "/tokens"
	register(s, route{method: http.MethodGet, path: path, role: engine.Admin, id: "listTokens",
		summary: "List API tokens", description: "Expired and revoked ones included; never the token itself."}, s.listTokens)
	register(s, route{method: http.MethodPost, path: path, role: engine.Admin, id: "createToken", status: http.StatusCreated,
		summary: "Make an API token", description: "The answer shows it, once."}, s.createToken)
	register(s, route{method: http.MethodDelete, path: path + "/{id}", role: engine.Admin, id: "revokeToken",
		summary: "Revoke an API token", description: "From the next request on it is worth nothing."}, s.revokeToken)
}

func (s *Server) listTokens(ctx context.Context, in *struct{ Paging }) (*listOutput[tokenJSON], error) {
	items, next, err := s.Engine.Tokens(ctx, in.page())
	return listOf(items, next, err, func(t engine.Token) tokenJSON {
		return tokenJSON{ID: t.ID, Name: t.Name, Role: string(t.Role), CreatedAt: stamp(t.CreatedAt),
			ExpiresAt: stampOf(t.ExpiresAt), RevokedAt: stampOf(t.RevokedAt), LastUsedAt: stampOf(t.LastUsedAt)}
	})
}

type createTokenInput struct {
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"200" doc:"What it is for."`
		Role    string `json:"role" enum:"viewer,editor,integration_manager,admin"`
		Expires string `json:"expires,omitempty" maxLength:"40" doc:"How long it is valid, such as 90d; without it for ever."`
	} `nameHint:"TokenRequest"`
}

func (s *Server) createToken(ctx context.Context, in *createTokenInput) (*struct{ Body newTokenJSON }, error) {
	t, token, err := s.Engine.IssueToken(ctx, in.Body.Name, engine.Role(in.Body.Role), in.Body.Expires)
	if err != nil {
		return nil, err
	}
	return &struct{ Body newTokenJSON }{newTokenJSON{ID: t.ID, Name: t.Name, Role: string(t.Role), CreatedAt: stamp(t.CreatedAt),
		ExpiresAt: stampOf(t.ExpiresAt), Token: token}}, nil
}

func (s *Server) revokeToken(ctx context.Context, in *oneInput) (*struct{}, error) {
	return nil, s.Engine.RevokeToken(ctx, in.ID)
}
