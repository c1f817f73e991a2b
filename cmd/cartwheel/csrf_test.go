package main

import (
	"net/http"
	"strings"
	"testing"

	"cartwheel/engine"
)

// strange is a request as another site's page can have a browser send it, with the visitor's credentials.
type strange struct {
	name   string
	want   int
	change func(http.Header)
}

func strangeRequests(own string) []strange {
	set := func(pairs ...string) func(http.Header) {
		return func(h http.Header) {
			for i := 0; i < len(pairs); i += 2 {
				h.Set(pairs[i], pairs[i+1])
			}
		}
	}
	return []strange{
		{"cross-site", 403, set("Sec-Fetch-Site", "cross-site")},
		{"same-site", 403, set("Sec-Fetch-Site", "same-site")},
		{"cross-site that names our origin", 403, set("Sec-Fetch-Site", "cross-site", "Origin", own)},
		{"a form of another site", 403, set("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Content-Type", "application/x-www-form-urlencoded")},
		{"a foreign origin", 403, set("Origin", "https://elsewhere.example.net")},
		{"a foreign origin with our name in it", 403, set("Origin", strings.Replace(own, "127.0.0.1", "127.0.0.1.example.net", 1))},
		{"another port of this machine", 403, set("Origin", "http://127.0.0.1:1")},
		{"an origin that is null", 403, set("Origin", "null")},
		{"a foreign origin by name of the method", 403, set("Origin", "https://elsewhere.example.net", "X-HTTP-Method-Override", "GET")},
		{"text", 415, set("Content-Type", "text/plain")},
		{"JSON as text", 415, set("Content-Type", "text/plain; application/json")},
		{"a form", 415, set("Content-Type", "application/x-www-form-urlencoded")},
		{"multipart", 415, set("Content-Type", "multipart/form-data; boundary=x")},
		{"text, from our own page", 415, set("Content-Type", "text/plain", "Sec-Fetch-Site", "same-origin")},
		{"no type", 415, func(h http.Header) { h.Del("Content-Type") }},
		{"an empty type", 415, set("Content-Type", "")},
	}
}

// What another site's page can send is refused at every address that changes something, even with the credentials
// of an administrator, and changes nothing.
func TestOtherSitesChangeNothing(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	run := p.onlyRun("w")
	fill := strings.NewReplacer("/triggers/{type}", "/triggers/bigcommerce.order_created", "/authentications/{id}", "/authentications/hooks",
		"/workflows/{id}", "/workflows/w", "{version}", "1", "/events/{id}", "/events/"+run["event_id"].(string), "/runs/{id}", "/runs/"+run["id"].(string))
	everything, cookie, tried, routes := p.state(t, fill), p.sessionOf(t, engine.Admin), 0, 0
	for _, o := range p.operations(t) {
		if o.method == http.MethodGet {
			continue
		}
		routes++
		for _, s := range strangeRequests(p.app.URL()) {
			tried++
			body := `{"name": "changed", "trigger": {"type": "bigcommerce.order_created"}, "template": "x", "condition": "true"}`
			if a := p.request(t, o.method, fill.Replace(o.path), body, s.change); a.status != s.want {
				t.Errorf("%s %s as %s: %d, want %d\n%s", o.method, o.path, s.name, a.status, s.want, a.body)
			}
			if s.want != 403 {
				continue
			}
			tried++ // with the cookie of a person's browser, which it adds by itself
			if a := p.request(t, o.method, fill.Replace(o.path), body, func(h http.Header) {
				s.change(h)
				h.Del("Authorization")
				h.Set("Cookie", cookie)
			}); a.status != s.want {
				t.Errorf("%s %s with a session as %s: %d, want %d\n%s", o.method, o.path, s.name, a.status, s.want, a.body)
			}
			tried++ // what a page can send without a body
			if a := p.request(t, o.method, fill.Replace(o.path), "", s.change); a.status != s.want {
				t.Errorf("%s %s without a body as %s: %d, want %d\n%s", o.method, o.path, s.name, a.status, s.want, a.body)
			}
		}
		a := p.request(t, http.MethodOptions, fill.Replace(o.path), "", func(h http.Header) {
			h.Set("Origin", "https://elsewhere.example.net")
			h.Set("Access-Control-Request-Method", o.method)
		})
		tried++
		for name := range a.header {
			if a.status < 400 || strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("a preflight for %s %s: %d with %s", o.method, o.path, a.status, name)
			}
		}
	}
	if now := p.state(t, fill); now != everything {
		t.Errorf("another site has changed something:\n%s\nbefore:\n%s", now, everything)
	}
	t.Logf("S3: %d requests to %d routes that change something, 0 changes", tried, routes)
}

// request is call with an administrator's token and other headers.
func (p *program) request(t testing.TB, method, path, body string, change func(http.Header)) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(shortContext(t), method, p.app.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(req.Header)
	}
	return exchange(t, req)
}
