// Package httprequest calls an HTTP API, and brings the authentication types for it: http_bearer, http_basic, http_header
// and oauth2_client_credentials.
//
// Every call carries an Idempotency-Key that is equal over all attempts of a step, with an equal
// body, so that the other side can tell a repetition. That is why an attempt whose outcome is
// unknown is simply repeated. It also carries X-Cartwheel-Depth, by which workflows that call one another in a
// circle come to an end. A credential leaves only for the hosts that its authentication names, and
// unencrypted only for addresses that the operator has allowed.
package httprequest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const (
	defaultTimeout = 15 * time.Second
	maxTimeout     = 30 * time.Second
)

// Action is http_request.
type Action struct {
	out    *outbound.Guard
	now    func() time.Time
	tokens *tokens
	lately lately
}

var (
	_ engine.Action        = (*Action)(nil)
	_ engine.Repeater      = (*Action)(nil)
	_ engine.Previewer     = (*Action)(nil)
	_ engine.ConfigChecker = (*Action)(nil)
)

// New makes the action. Calls go out through out; now is the clock by which tokens expire.
func New(out *outbound.Guard, now func() time.Time) *Action {
	return &Action{out: out, now: now, tokens: newTokens(out, now)}
}

// Spec describes http_request.
func (*Action) Spec() engine.Spec {
	return engine.Spec{
		Type:    "http_request",
		Title:   "HTTP request",
		Summary: "Calls an HTTP API and keeps its answer for later steps.",
		Auth:    []string{bearer, basic, header, oauth},
		Fields: []engine.Field{
			{Name: "method", Label: "Method", Type: engine.SelectField, Default: http.MethodPost,
				Options: []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}},
			{Name: "url", Label: "URL", Type: engine.URLField, Required: true, Merge: true, Max: 8 << 10, Example: "https://api.example.com/orders",
				Help: "https://api.example.com/orders. Redirects are not followed."},
			{Name: "query", Label: "Query", Type: engine.MapField, Of: engine.TextField, Merge: true, Advanced: true,
				Help: "Parameters that are added to the URL."},
			{Name: "headers", Label: "Headers", Type: engine.MapField, Of: engine.HeaderField, Merge: true, Advanced: true},
			{Name: "body_type", Label: "Body", Type: engine.SelectField, Default: bodyNone,
				Options: []string{bodyJSON, bodyForm, bodyText, bodyNone}},
			{Name: "body", Label: "Content", Type: engine.TextField, TypeFrom: "body_type", Merge: true,
				When: &engine.FieldWhen{Field: "body_type", Values: []string{bodyJSON, bodyText}},
				Help: "For the body types json and text."},
			{Name: "form", Label: "Form", Type: engine.MapField, Of: engine.TextField, Merge: true,
				When: &engine.FieldWhen{Field: "body_type", Values: []string{bodyForm}},
				Help: "For the body type form."},
			{Name: "authentication_id", Label: "Authentication", Type: engine.AuthenticationField},
			{Name: "timeout", Label: "Time-out", Type: engine.DurationField, Default: "15s", Advanced: true,
				Help: "For the whole call, at most 30s. The answer must begin within 10s."},
		},
		Example: json.RawMessage(`{
			"method": "POST",
			"url": "https://hooks.example.com/vip",
			"headers": {"X-Source": "cartwheel"},
			"body_type": "json",
			"body": "{\"order\": 100, \"city\": \"Springfield\"}"
		}`),
		Outputs: []engine.Output{
			{Name: "status", Type: merge.Integer, Description: "The status of the answer, such as 200."},
			{Name: "headers", Type: merge.ObjectOf, Description: "The headers of the answer, by their names in lower case."},
			{Name: "body", Type: merge.Any, Description: "The body of the answer: JSON as it is, anything else as text."},
		},
	}
}

// Repeats is true: the Idempotency-Key tells a repetition.
func (*Action) Repeats() bool { return true }

// Preview shows the request that Do would send, secrets as ***.
func (a *Action) Preview(r engine.Request) (string, error) {
	c, err := parse(r.Config)
	if err != nil {
		return "", err
	}
	o, err := c.order(r)
	if err != nil {
		return "", err
	}
	if !r.Auth.IsZero() {
		name, err := credentialHeader(r.Auth)
		if err != nil {
			return "", err
		}
		o.header.Set(name, "***")
	}
	return r.Auth.Redact(o.describe()), nil
}

// Do makes the call. Output: status, headers (lower-case names, several values joined), body (JSON as it is, else text; null when empty).
func (a *Action) Do(ctx context.Context, r engine.Request) (engine.Result, error) {
	c, err := parse(r.Config)
	if err != nil {
		return engine.Result{}, err
	}
	o, err := c.order(r)
	if err != nil {
		return engine.Result{}, err
	}
	cred, err := a.credential(ctx, r.Auth, o)
	if err != nil {
		return engine.Result{}, err
	}
	if err := r.Begin(ctx); err != nil {
		return engine.Result{}, err
	}
	answer, err := a.send(ctx, o, cred)
	if cred.renew && answer != nil && answer.status == http.StatusUnauthorized {
		// The token may have been withdrawn before its time: a new one, once. The 401 says that nothing happened.
		a.tokens.drop(ctx, r.Auth, cred.token)
		if cred, err = a.credential(ctx, r.Auth, o); err != nil {
			return engine.Result{Request: o.describe()}, err
		}
		answer, err = a.send(ctx, o, cred)
	}
	result := engine.Result{Request: cred.redact(o.describe())}
	if err != nil {
		return result, err
	}
	answer.redact(cred)
	result.Response = answer.describe()
	result.Output = answer.output()
	return result, answer.judge(o.url.Hostname(), a.now())
}

// send makes one HTTP call. The error is an engine.Error.
func (a *Action) send(ctx context.Context, o *order, cred credential) (*answer, error) {
	var wrote atomic.Bool // the trace may be called from another goroutine
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	req, err := o.request(ctx)
	if err != nil {
		return nil, err
	}
	exchange := a.out.Exchange
	if cred.name != "" {
		req.Header.Set(cred.name, cred.value)
		o.header.Set(cred.name, "***")
		if req.URL.Scheme == "http" {
			exchange = a.out.PlainExchange
		}
	}
	resp, err := exchange(req, o.timeout)
	if err != nil {
		return nil, outbound.Classify(err, o.url.Hostname(), wrote.Load())
	}
	defer resp.Body.Close()
	return read(resp)
}
