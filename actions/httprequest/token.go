package httprequest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

const (
	tokenTimeout  = 10 * time.Second
	tokenEarly    = 60 * time.Second // a token is renewed so long before its end
	tokenLifetime = 5 * time.Minute  // when the answer names none
	maxLifetime   = 24 * time.Hour
	maxTokenBody  = 64 << 10
	maxToken      = 16 << 10
)

// tokens keeps the access tokens of oauth2_client_credentials (RFC 6749, 4.4), one per authentication.
type tokens struct {
	out *outbound.Guard
	now func() time.Time

	mu    sync.Mutex
	slots map[string]*slot // by authentication id: there are never more than authentications
}

// slot is one authentication's token. Who holds turn may use the rest; so one refreshes while the others wait.
type slot struct {
	turn     chan struct{}
	revision int64
	token    string
	until    time.Time
}

func newTokens(out *outbound.Guard, now func() time.Time) *tokens {
	return &tokens{out: out, now: now, slots: map[string]*slot{}}
}

// get returns a token that is good for a while, from the cache or fetched.
func (t *tokens) get(ctx context.Context, a engine.Auth, c authConfig) (string, error) {
	s := t.slot(a.ID)
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", outbound.Classify(ctx.Err(), hostOf(c.TokenURL), false)
	}
	if s.token != "" && s.revision == a.Revision && t.now().Before(s.until) {
		return s.token, nil
	}
	token, lifetime, err := t.fetch(ctx, a, c)
	if err != nil {
		return "", err
	}
	s.token, s.revision, s.until = token, a.Revision, t.now().Add(lifetime-tokenEarly)
	return token, nil
}

// drop forgets token, unless it has been replaced meanwhile.
func (t *tokens) drop(ctx context.Context, a engine.Auth, token string) {
	s := t.slot(a.ID)
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return // the next attempt gets the same 401, and drops it
	}
	if s.token == token {
		s.token = ""
	}
}

func (t *tokens) slot(id string) *slot {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.slots[id]
	if !ok {
		s = &slot{turn: make(chan struct{}, 1)}
		t.slots[id] = s
	}
	return s
}

// fetch asks for a token: the client in the header as every server must take it (RFC 6749, 2.3.1), and in the body for
// those that take it only there.
func (t *tokens) fetch(ctx context.Context, a engine.Auth, c authConfig) (token string, lifetime time.Duration, err error) {
	u, err := outbound.CheckURL(c.TokenURL)
	if err != nil {
		return "", 0, err
	}
	if a.Secret("client_secret") == "" {
		return "", 0, engine.Errorf(engine.Rejected, "The authentication %s has no client_secret. Add it.", outbound.Quote(a.Name, 80))
	}
	reply, err := t.ask(ctx, u, a, c, false)
	if err == nil && reply.refusesClient() {
		reply, err = t.ask(ctx, u, a, c, true)
	}
	if err != nil {
		return "", 0, err
	}
	return reply.token(u.Hostname(), t.now())
}

// ask makes one call to the token endpoint.
func (t *tokens) ask(ctx context.Context, u *url.URL, a engine.Auth, c authConfig, inBody bool) (*tokenReply, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if c.Scopes != "" {
		form.Set("scope", c.Scopes)
	}
	if inBody {
		form.Set("client_id", c.ClientID)
		form.Set("client_secret", a.Secret("client_secret"))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Op: "httprequest.token", Err: err, Message: "The token URL cannot be called. Check it."}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Cartwheel")
	if !inBody {
		req.SetBasicAuth(url.QueryEscape(c.ClientID), url.QueryEscape(a.Secret("client_secret")))
	}
	client := t.out.Client(tokenTimeout)
	if u.Scheme == "http" {
		client = t.out.PlainClient(tokenTimeout)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, outbound.Classify(err, u.Hostname(), false) // asking for a token changes nothing
	}
	defer resp.Body.Close()
	body, _, err := outbound.ReadBody(resp, maxTokenBody)
	if err != nil {
		return nil, outbound.Classify(err, u.Hostname(), false)
	}
	reply := &tokenReply{status: resp.StatusCode, header: resp.Header}
	_ = json.Unmarshal(body, &reply.said) // what is no JSON has no token
	return reply, nil
}

// tokenReply is an answer of a token endpoint (RFC 6749, 5.1 and 5.2).
type tokenReply struct {
	status int
	header http.Header
	said   struct {
		AccessToken string          `json:"access_token"`
		TokenType   string          `json:"token_type"`
		ExpiresIn   json.RawMessage `json:"expires_in"` // a number; some send a text
		Error       string          `json:"error"`
	}
}

func (r *tokenReply) refusesClient() bool {
	return r.status == http.StatusUnauthorized || r.status == http.StatusBadRequest && r.said.Error == "invalid_client"
}

func (r *tokenReply) token(host string, now time.Time) (string, time.Duration, error) {
	token := r.said.AccessToken
	switch {
	case temporary(r.status):
		return "", 0, &engine.Error{Code: engine.Temporary, Op: "httprequest.token", Wait: outbound.RetryAfter(r.header, now),
			Message: fmt.Sprintf("%s, asked for an access token, answered %s.", host, statusLine(r.status))}
	case r.status/100 == 4:
		return "", 0, engine.Errorf(engine.Denied, "%s, asked for an access token, answered %s%s. Check the client id, the client secret and the scopes of the authentication.",
			host, statusLine(r.status), r.reason())
	case r.status/100 != 2:
		return "", 0, engine.Errorf(engine.Rejected, "%s, asked for an access token, answered %s. Check the token URL.", host, statusLine(r.status))
	case token == "" || len(token) > maxToken || !httpguts.ValidHeaderFieldValue(token):
		return "", 0, engine.Errorf(engine.Rejected, "%s answered without an access token that can be used. Check the token URL.", host)
	case r.said.TokenType != "" && !strings.EqualFold(r.said.TokenType, "bearer"):
		return "", 0, engine.Errorf(engine.Rejected, "%s gives access tokens of a kind other than bearer, which Cartwheel cannot use.", host)
	}
	return token, r.lifetime(), nil
}

// reason is the error code, if it is one: other text could repeat what was sent.
func (r *tokenReply) reason() string {
	switch r.said.Error {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "access_denied":
		return " (" + r.said.Error + ")"
	default:
		return ""
	}
}

func (r *tokenReply) lifetime() time.Duration {
	seconds, err := strconv.ParseFloat(strings.Trim(string(r.said.ExpiresIn), `"`), 64)
	switch {
	case err != nil || !(seconds > 0): // NaN too
		return tokenLifetime
	case seconds > maxLifetime.Seconds():
		return maxLifetime
	default:
		return time.Duration(seconds * float64(time.Second))
	}
}

func hostOf(raw string) string {
	u, err := outbound.CheckURL(raw)
	if err != nil {
		return "the token URL"
	}
	return u.Hostname()
}
