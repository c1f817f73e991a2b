package httprequest

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// probe sends the credential to host with HEAD, which changes nothing. Everything but 401 and 403 counts: no more can be
// known of an API. A host that speaks no TLS is tried without, which reaches only addresses given with --allow-private.
func (t *AuthType) probe(ctx context.Context, host string, cred credential) engine.Check {
	check := engine.Check{Name: host}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	out := t.out.WithoutBreaker() // whoever asks wants to know now
	status, err := t.head(ctx, out.Client(tokenTimeout), t.base("https", host), cred)
	if err != nil {
		if plain, plainErr := t.head(ctx, out.PlainClient(tokenTimeout), t.base("http", host), cred); plainErr == nil {
			status, err = plain, nil
		}
	}
	switch {
	case err != nil:
		check.Detail = engine.MessageOf(outbound.Classify(err, check.Name, false))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		check.Detail = fmt.Sprintf("%s refused the credential: %s. Check it.", check.Name, statusLine(status))
	default:
		check.OK, check.Detail = true, fmt.Sprintf("%s answered %s and did not refuse the credential.", check.Name, statusLine(status))
	}
	return check
}

func (t *AuthType) head(ctx context.Context, client *http.Client, url string, cred credential) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return 0, &engine.Error{Code: engine.Invalid, Op: "httprequest.Test", Err: err, Message: "The first allowed host cannot be called. Check it."}
	}
	req.Header.Set("User-Agent", "Cartwheel")
	req.Header.Set(cred.name, cred.value)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if _, _, err := outbound.ReadBody(resp, 0); err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}
