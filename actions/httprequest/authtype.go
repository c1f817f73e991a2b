package httprequest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

// AuthType is one of the four authentication types for HTTP.
type AuthType struct {
	spec   engine.Spec
	out    *outbound.Guard
	tokens *tokens // its own, unused between tests: a test always asks anew
	base   func(scheme, host string) string
}

var _ engine.AuthType = (*AuthType)(nil)

// AuthTypes lists http_bearer, http_basic, http_header and oauth2_client_credentials.
func AuthTypes(out *outbound.Guard, now func() time.Time) []engine.AuthType {
	var all []engine.AuthType
	for _, spec := range authSpecs() {
		all = append(all, &AuthType{spec: spec, out: out, tokens: newTokens(out, now),
			base: func(scheme, host string) string { return scheme + "://" + host + "/" }})
	}
	return all
}

func authSpecs() []engine.Spec {
	hosts := engine.Field{Name: "allowed_hosts", Label: "Allowed hosts", Type: engine.ListField, Required: true,
		Help: "The hosts to which the credential may be sent: api.example.com, or *.example.com for all hosts below it. Without a port."}
	more := hosts
	more.Required, more.Help = false, "The hosts to which the access token may be sent, besides that of the token URL."
	secret := func(name, label string) engine.Field {
		return engine.Field{Name: name, Label: label, Type: engine.TextField, Required: true, Secret: true, Max: 16 << 10}
	}
	text := func(name, label, help string) engine.Field {
		return engine.Field{Name: name, Label: label, Type: engine.TextField, Required: true, Max: 1000, Help: help}
	}
	scopes := text("scopes", "Scopes", "Blanks between them. Leave it empty if the API asks for none.")
	scopes.Required = false
	return []engine.Spec{
		{Type: bearer, Title: "Bearer token", Summary: "Sends a token in the header Authorization.",
			Fields:  []engine.Field{hosts, secret("token", "Token")},
			Example: json.RawMessage(`{"allowed_hosts": ["api.example.com"]}`)},
		{Type: basic, Title: "User name and password", Summary: "Sends a user name and a password in the header Authorization.",
			Fields:  []engine.Field{text("username", "User name", ""), hosts, secret("password", "Password")},
			Example: json.RawMessage(`{"username": "shop", "allowed_hosts": ["api.example.com"]}`)},
		{Type: header, Title: "Header", Summary: "Sends a secret in a header of your choice.",
			Fields:  []engine.Field{text("header", "Header", "X-Api-Key, for example."), hosts, secret("value", "Value")},
			Example: json.RawMessage(`{"header": "X-Api-Key", "allowed_hosts": ["api.example.com"]}`)},
		{Type: oauth, Title: "OAuth 2.0 client", Summary: "Fetches access tokens with a client id and a client secret, and sends them.",
			Fields: []engine.Field{text("token_url", "Token URL", "https://login.example.com/oauth2/token"), text("client_id", "Client id", ""),
				scopes, more, secret("client_secret", "Client secret")},
			Example: json.RawMessage(`{"token_url": "https://login.example.com/oauth2/token", "client_id": "cartwheel", "scopes": "orders.read", "allowed_hosts": ["api.example.com"]}`)},
	}
}

// Spec describes the type.
func (t *AuthType) Spec() engine.Spec { return t.spec }

// Normalize writes hosts as they are compared, and checks the header's name and the token URL.
func (t *AuthType) Normalize(raw json.RawMessage) (json.RawMessage, []merge.Problem) {
	var c authConfig
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, []merge.Problem{{Message: "The config must be an object; allowed_hosts is a list of texts, everything else a text."}}
	}
	var problems []merge.Problem
	c.AllowedHosts, problems = normalHosts(c.AllowedHosts)
	if len(c.AllowedHosts) == 0 && len(problems) == 0 && t.spec.Type != oauth {
		problems = append(problems, merge.Problem{Location: "allowed_hosts", Message: "Name at least one host to which the credential may be sent, like api.example.com."})
	}
	switch t.spec.Type {
	case basic:
		if strings.Contains(c.Username, ":") { // RFC 7617, 2
			problems = append(problems, merge.Problem{Location: "username", Message: "The user name may not contain a colon."})
		}
	case header:
		problems = append(problems, checkName(c.Header)...)
		c.Header = http.CanonicalHeaderKey(c.Header)
	case oauth:
		u, err := outbound.CheckURL(c.TokenURL)
		if err != nil {
			problems = append(problems, merge.Problem{Location: "token_url", Message: engine.MessageOf(err)})
		} else {
			c.TokenURL = u.String()
		}
		c.Scopes = outbound.OneLine(c.Scopes)
	}
	if problems != nil {
		return nil, problems
	}
	normal, err := json.Marshal(c)
	if err != nil { // texts only: our own mistake
		return nil, []merge.Problem{{Message: "The config cannot be written."}}
	}
	return normal, nil
}

func checkName(name string) []merge.Problem {
	canonical := http.CanonicalHeaderKey(name)
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return []merge.Problem{{Location: "header", Message: "This is no name of a header. Use letters, digits and hyphens, like X-Api-Key."}}
	case slices.Contains(ourHeaders, canonical), canonical == "Content-Type", canonical == "User-Agent":
		return []merge.Problem{{Location: "header", Message: "The header " + canonical + " cannot carry a credential. Use another one."}}
	default:
		return nil
	}
}

// Test sends the credential to the first allowed host that is no pattern; the OAuth client asks for a token instead.
func (t *AuthType) Test(ctx context.Context, a engine.Auth) ([]engine.Check, error) {
	c, err := readAuth(a)
	if err != nil {
		return nil, err
	}
	if t.spec.Type == oauth {
		check := engine.Check{Name: "Access token", OK: true, Detail: hostOf(c.TokenURL) + " gave an access token."}
		if _, _, err := t.tokens.fetch(ctx, a, c); err != nil {
			check.OK, check.Detail = false, engine.MessageOf(err)
		}
		return []engine.Check{check}, nil
	}
	cred, err := fixed(a, c)
	if err != nil {
		return []engine.Check{{Name: "Credential", Detail: engine.MessageOf(err)}}, nil
	}
	for _, host := range c.AllowedHosts {
		if !strings.HasPrefix(host, "*.") {
			return []engine.Check{t.probe(ctx, host, cred)}, nil
		}
	}
	return []engine.Check{{Name: "Credential", OK: true, Detail: "All allowed hosts are patterns, so there is none to try. The settings are complete."}}, nil
}
