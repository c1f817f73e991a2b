package httprequest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cartwheel/actions/httprequest"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

func auth(typ, config string, secrets ...string) engine.Auth {
	m := map[string]string{}
	for i := 0; i+1 < len(secrets); i += 2 {
		m[secrets[i]] = secrets[i+1]
	}
	return engine.NewAuth("auth-1", "My API", typ, json.RawMessage(config), 1, m)
}

func bearerFor(hosts string) engine.Auth {
	return auth("http_bearer", `{"allowed_hosts": [`+hosts+`]}`, "token", secret)
}

func TestEachTypeSendsItsHeader(t *testing.T) {
	a := newAction(t)
	for _, c := range []struct {
		auth        engine.Auth
		name, value string
	}{
		{bearerFor(`"127.0.0.1"`), "Authorization", "Bearer " + secret},
		{auth("http_basic", `{"username": "shop", "allowed_hosts": ["127.0.0.1"]}`, "password", "pass:word ü"), "Authorization", "Basic c2hvcDpwYXNzOndvcmQgw7w="},
		{auth("http_header", `{"header": "X-Api-Key", "allowed_hosts": ["127.0.0.1"]}`, "value", secret), "X-Api-Key", secret},
	} {
		url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
		result, err := a.Do(t.Context(), request(url, `{"url": "{URL}", "headers": {"Authorization": "mine", "X-Api-Key": "mine"}}`, c.auth))
		if err != nil {
			t.Errorf("%s: %v", c.auth.Type, err)
			continue
		}
		if g := <-seen; g.header.Get(c.name) != c.value || len(g.header.Values(c.name)) != 1 {
			t.Errorf("%s: got %q, want %q once", c.auth.Type, g.header.Values(c.name), c.value)
		}
		if !strings.Contains(result.Request, c.name+": ***\n") {
			t.Errorf("%s: the request for people reads %q, want ***", c.auth.Type, result.Request)
		}
	}
}

func TestACredentialStaysWithItsHosts(t *testing.T) {
	for _, c := range []struct {
		hosts, url string
		allowed    bool
	}{
		{`"api.example.com"`, "https://api.example.com/x", true},
		{`"api.example.com"`, "https://API.example.com.:8443/x", true},
		{`"api.example.com"`, "https://example.com/", false},
		{`"api.example.com"`, "https://api.example.com.evil.example.net/", false},
		{`"api.example.com"`, "https://evil.example.net/?api.example.com", false},
		{`"api.example.com"`, "https://evil.example.net#api.example.com", false},
		{`"*.example.com"`, "https://a.b.example.com/", true},
		{`"*.example.com"`, "https://example.com/", false},
		{`"*.example.com"`, "https://evilexample.com/", false},
		{`"xn--mller-kva.example.com"`, "https://müller.example.com/", true},
		{`"*"`, "https://api.example.com/", false},
		{`""`, "https://api.example.com/", false},
		{``, "https://api.example.com/", false},
	} {
		// The guard allows nothing here, so an allowed host ends at the DNS or the guard: no request leaves.
		began := false
		r := request("", `{"url": "`+c.url+`", "timeout": "1s"}`, bearerFor(c.hosts))
		stop := engine.Errorf(engine.Conflict, "stop here")
		r.Begin = beginThat(&began, stop)
		_, err := newAction(t).Do(t.Context(), r)
		if began != c.allowed {
			t.Errorf("%s to %s: got began %v (%v), want %v", c.hosts, c.url, began, err, c.allowed)
		}
		if !c.allowed && engine.CodeOf(err) != engine.Rejected {
			t.Errorf("%s to %s: got %v, want it rejected", c.hosts, c.url, err)
		}
	}
}

func TestACredentialGoesOverPlainHTTPOnlyWhereAllowed(t *testing.T) {
	_, err := newAction(t).Do(t.Context(), request("", `{"url": "http://8.8.8.8/"}`, bearerFor(`"8.8.8.8"`)))
	if engine.CodeOf(err) != engine.Rejected || !strings.Contains(engine.MessageOf(err), "unencrypted") {
		t.Errorf("got %v, want it rejected as unencrypted", err)
	}
}

func TestAnEchoedCredentialIsRedacted(t *testing.T) {
	a := newAction(t)
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Get("Authorization") + r.Header.Get("X-Api-Key")
		w.Header().Set("X-Echo", sent)
		w.WriteHeader(http.StatusBadRequest)
		// The secret lies over the edge of what is kept.
		_, _ = io.WriteString(w, sent+strings.Repeat("x", 256<<10-len(sent)-5)+sent)
	})
	for _, c := range []struct {
		auth   engine.Auth
		secret string
	}{
		{bearerFor(`"127.0.0.1"`), secret},
		{auth("http_header", `{"header": "X-Api-Key", "allowed_hosts": ["127.0.0.1"]}`, "value", secret), secret},
	} {
		result, err := a.Do(t.Context(), request(url, `{"url": "{URL}"}`, c.auth))
		text := result.Request + result.Response + merge.JSON(result.Output) + engine.MessageOf(err)
		if strings.Contains(text, c.secret) || strings.Contains(text, c.secret[:5]) {
			t.Errorf("%s: the secret, or its beginning, came back", c.auth.Type)
		}
	}
	for name, c := range map[string][2]string{ // content type, body
		"so many that three stars for each are less than what is kept": {"text/plain", strings.Repeat(secret+" ", 600_000/len(secret))},
		"JSON that writes a letter by its number":                      {"application/json", `{"said": ["` + secret[:3] + fmt.Sprintf(`\u%04x`, secret[3]) + secret[4:] + `"]}`},
		"JSON in JSON": {"application/json", `{"said": "{\"a\": \"` + secret + `\"}"}`},
	} {
		url, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c[0])
			_, _ = io.WriteString(w, c[1])
		})
		result, err := a.Do(t.Context(), request(url, `{"url": "{URL}"}`, bearerFor(`"127.0.0.1"`)))
		text := result.Response + merge.JSON(merge.FromGo(result.Output))
		if err != nil || !strings.Contains(text, "***") || strings.Contains(text, secret[4:]) || strings.Contains(text, secret[:5]) {
			t.Errorf("%s: %v, the secret, or a part of it, came back: %.200s", name, err, text[max(0, len(text)-200):])
		}
	}
	short := auth("http_header", `{"header": "X-Api-Key", "allowed_hosts": ["127.0.0.1"]}`, "value", "k7")
	result, _ := a.Do(t.Context(), request(url, `{"url": "{URL}"}`, short))
	if headers := result.Output["headers"].(map[string]any); headers["x-echo"] != "***" {
		t.Errorf("a short secret as a whole header: got %q, want ***", headers["x-echo"])
	}
}

func TestABrokenAuthenticationSendsNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		auth engine.Auth
	}{
		{"no secret", auth("http_bearer", `{"allowed_hosts": ["127.0.0.1"]}`)},
		{"line break in the secret", auth("http_bearer", `{"allowed_hosts": ["127.0.0.1"]}`, "token", "abc\r\nX: "+secret)},
		{"wrong type", auth("smtp", `{"allowed_hosts": ["127.0.0.1"]}`, "password", secret)},
		{"bad header name", auth("http_header", `{"header": "X Y", "allowed_hosts": ["127.0.0.1"]}`, "value", secret)},
		{"unreadable", auth("http_bearer", `[]`, "token", secret)},
	} {
		url, seen := serve(t, func(http.ResponseWriter, *http.Request) {})
		_, err := newAction(t).Do(t.Context(), request(url, `{"url": "{URL}"}`, c.auth))
		if engine.CodeOf(err) != engine.Rejected || len(seen) != 0 || strings.Contains(engine.MessageOf(err), secret) {
			t.Errorf("%s: got %v and %d requests, want it rejected and none", c.name, err, len(seen))
		}
	}
}

func TestNormalize(t *testing.T) {
	types := map[string]engine.AuthType{}
	for _, typ := range httprequest.AuthTypes(outbound.New(outbound.Options{}), time.Now) {
		types[typ.Spec().Type] = typ
	}
	for _, c := range []struct{ typ, config, want string }{ // want: the config, or where the problems are
		{"http_bearer", `{"allowed_hosts": [" API.Example.com. ", "*.Example.com", "müller.example.com", "[::1]"]}`, `{"allowed_hosts":["api.example.com","*.example.com","xn--mller-kva.example.com","::1"]}`},
		{"http_bearer", `{"allowed_hosts": []}`, "allowed_hosts"},
		{"http_bearer", `{}`, "allowed_hosts"},
		{"http_bearer", `{"allowed_hosts": ["https://x.example.com", "x.example.com:8443", "x.example.com/a", "*.com", "*", "a.*.com", "", "*.127.0.0.1"]}`,
			"allowed_hosts[0] allowed_hosts[1] allowed_hosts[2] allowed_hosts[3] allowed_hosts[4] allowed_hosts[5] allowed_hosts[6] allowed_hosts[7]"},
		{"http_bearer", `{"allowed_hosts": "x"}`, "?"},
		{"http_basic", `{"username": "a:b", "allowed_hosts": ["x.example.com"]}`, "username"},
		{"http_header", `{"header": "x-api-key", "allowed_hosts": ["x.example.com"]}`, `{"header":"X-Api-Key","allowed_hosts":["x.example.com"]}`},
		{"http_header", `{"header": "Host", "allowed_hosts": ["x.example.com"]}`, "header"},
		{"http_header", `{"header": "a b", "allowed_hosts": ["x.example.com"]}`, "header"},
		{"oauth2_client_credentials", `{"token_url": "https://Login.example.com/t", "client_id": "c", "scopes": " a  b "}`, `{"token_url":"https://login.example.com/t","client_id":"c","scopes":"a b"}`},
		{"oauth2_client_credentials", `{"token_url": "login", "client_id": "c"}`, "token_url"},
	} {
		normal, problems := types[c.typ].Normalize(json.RawMessage(c.config))
		got := string(normal)
		for i, p := range problems {
			if got += map[bool]string{true: " "}[i > 0] + p.Location; p.Location == "" {
				got += "?"
			}
		}
		if got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.typ, c.config, got, c.want)
		}
	}
}

func TestTheTestOfACredentialAsksTheFirstHost(t *testing.T) {
	status := new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.Header.Get("Authorization") != "Bearer "+secret {
			t.Errorf("got %s with %q, want HEAD with the credential", r.Method, r.Header.Get("Authorization"))
		}
		w.WriteHeader(int(status.Load()))
	}))
	defer s.Close()
	g := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer g.CloseIdle()
	typ := httprequest.AuthTypes(g, time.Now)[0].(*httprequest.AuthType)
	typ.ProbeAt(func(scheme, _ string) string { return strings.Replace(s.URL, "http", scheme, 1) })
	for code, want := range map[int]bool{200: true, 404: true, 500: true, 401: false, 403: false, 301: true} {
		status.Store(int32(code))
		checks, err := typ.Test(t.Context(), bearerFor(`"*.example.com", "127.0.0.1"`))
		if err != nil || len(checks) != 1 || checks[0].OK != want || strings.Contains(fmt.Sprint(checks), secret) {
			t.Errorf("%d: got %+v, %v; want one check, ok %v", code, checks, err, want)
		}
	}
	if checks, err := typ.Test(t.Context(), bearerFor(`"*.example.com"`)); err != nil || len(checks) != 1 || !checks[0].OK {
		t.Errorf("patterns only: got %+v, %v; want one check that is ok", checks, err)
	}
}
