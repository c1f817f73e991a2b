package httprequest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// The authentication types of this package.
const (
	bearer = "http_bearer"
	basic  = "http_basic"
	header = "http_header"
	oauth  = "oauth2_client_credentials"
)

// credential is one header of a request; the zero credential is none.
type credential struct {
	name, value string
	token       string // an access token, which may be renewed
	renew       bool
	auth, sent  engine.Auth // what redacts: the secrets, and what they became on the wire
}

// authConfig is the config of all four types.
type authConfig struct {
	Username     string   `json:"username,omitempty"`
	Header       string   `json:"header,omitempty"`
	TokenURL     string   `json:"token_url,omitempty"`
	ClientID     string   `json:"client_id,omitempty"`
	Scopes       string   `json:"scopes,omitempty"`
	AllowedHosts []string `json:"allowed_hosts,omitempty"`
}

func readAuth(a engine.Auth) (authConfig, error) {
	var c authConfig
	if err := json.Unmarshal(a.Config, &c); err != nil {
		return c, &engine.Error{Code: engine.Rejected, Op: "httprequest", Err: err,
			Message: "The authentication " + outbound.Quote(a.Name, 80) + " cannot be read. Save it again."}
	}
	return c, nil
}

// credential makes the header that a gives o. Whether a may be sent to o's host at all comes first, so that nothing
// is fetched or opened for a wrong one.
func (a *Action) credential(ctx context.Context, auth engine.Auth, o *order) (credential, error) {
	if auth.IsZero() {
		return credential{}, nil
	}
	c, err := readAuth(auth)
	if err != nil {
		return credential{}, err
	}
	host := o.url.Hostname()
	if !c.allows(host) {
		return credential{}, engine.Errorf(engine.Rejected, "The authentication %s may not be sent to %s. Add the host to its allowed hosts, or use another authentication. Nothing was sent.", outbound.Quote(auth.Name, 80), host)
	}
	cred, err := a.current(ctx, auth, c)
	if err != nil {
		return credential{}, err
	}
	return a.lately.kept(cred), nil
}

// current is the credential as auth now is.
func (a *Action) current(ctx context.Context, auth engine.Auth, c authConfig) (credential, error) {
	if auth.Type != oauth {
		return fixed(auth, c)
	}
	token, err := a.tokens.get(ctx, auth, c)
	if err != nil {
		return credential{}, err
	}
	return newCredential(auth, "Authorization", "Bearer "+token, token)
}

// fixed is the credential of a type that needs no call.
func fixed(auth engine.Auth, c authConfig) (credential, error) {
	name, err := credentialHeader(auth)
	if err != nil {
		return credential{}, err
	}
	secret := auth.Secret(secretName(auth.Type))
	if secret == "" {
		return credential{}, engine.Errorf(engine.Rejected, "The authentication %s has no %s. Add it.", outbound.Quote(auth.Name, 80), secretName(auth.Type))
	}
	value := secret
	switch auth.Type {
	case bearer:
		value = "Bearer " + secret
	case basic:
		value = "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+secret))
	}
	return newCredential(auth, name, value, "")
}

// credentialHeader is the name of the header that an authentication of this type sends.
func credentialHeader(auth engine.Auth) (string, error) {
	switch auth.Type {
	case bearer, basic, oauth:
		return "Authorization", nil
	case header:
		c, err := readAuth(auth)
		if err == nil && !httpguts.ValidHeaderFieldName(c.Header) {
			err = engine.Errorf(engine.Rejected, "The authentication %s has no valid header name. Save it again.", outbound.Quote(auth.Name, 80))
		}
		return c.Header, err
	default:
		return "", engine.Errorf(engine.Rejected, "An authentication of type %s cannot be used for an HTTP request. Choose %s, %s, %s or %s.", auth.Type, bearer, basic, header, oauth)
	}
}

func secretName(typ string) string {
	switch typ {
	case bearer:
		return "token"
	case basic:
		return "password"
	case header:
		return "value"
	default:
		return "client_secret"
	}
}

func newCredential(auth engine.Auth, name, value, token string) (credential, error) {
	if !httpguts.ValidHeaderFieldValue(value) {
		return credential{}, engine.Errorf(engine.Rejected, "The secret of the authentication %s contains a line break or another control character. Enter it again.", outbound.Quote(auth.Name, 80))
	}
	_, last, _ := strings.Cut(value, " ")
	sent := engine.NewAuth("", "", "", nil, 0, map[string]string{"value": value, "last": last, "token": token})
	return credential{name: name, value: value, token: token, renew: token != "", auth: auth, sent: sent}, nil
}

// redact takes the credential out of s, in every form in which it was sent or may be echoed.
func (c credential) redact(s string) string { return c.sent.Redact(c.auth.Redact(s)) }

// longest is more than any form of the credential takes: one quote is &#039; in HTML, and that \u0026#039; in JSON.
func (c credential) longest() int {
	if c.name == "" {
		return 0
	}
	return min(redactSlack, 12*max(len(c.value), len(c.auth.Secret(secretName(c.auth.Type))))+64)
}

// redactValue is redact for every text of a JSON value.
func (c credential) redactValue(v any) any { return c.sent.RedactValue(c.auth.RedactValue(v)) }

// redactHeader is redact for a header's value, which may be a secret too short to look for elsewhere.
func (c credential) redactHeader(s string) string {
	if c.name != "" && (s == c.value || s == c.auth.Secret(secretName(c.auth.Type))) {
		return "***"
	}
	return c.redact(s)
}
