package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// securityHeaders stand on every answer, whatever it says.
var securityHeaders = map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
	"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Server": "", "X-Powered-By": "", "Access-Control-Allow-Origin": "", "Set-Cookie": ""}

// missingHeaders is what an answer lacks, or tells although it should not.
func missingHeaders(h http.Header) (problems []string) {
	policy := h.Get("Content-Security-Policy")
	parts := []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"}
	switch page := strings.HasPrefix(h.Get("Content-Type"), "text/html"); {
	case page && strings.Contains(policy, "form-action 'self'") && strings.Contains(policy, "base-uri 'self'"): // the app's
		parts = []string{"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "style-src 'self' 'nonce-"}
	case page && strings.Contains(policy, "form-action 'self'"): // of the pages with a form
		parts[3] = "form-action 'self'"
	}
	for _, part := range parts {
		if !strings.Contains(policy, part) {
			problems = append(problems, "the policy "+policy+" lacks "+part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") || len(h.Values("Content-Security-Policy")) != 1 {
		problems = append(problems, fmt.Sprintf("the policies %q let scripts in", h.Values("Content-Security-Policy")))
	}
	for name, want := range securityHeaders {
		if got := h.Get(name); got != want {
			problems = append(problems, fmt.Sprintf("%s is %q, want %q", name, got, want))
		}
	}
	return problems
}

// Every route and every kind of refusal has them: 2xx, 400, 401, 403, 404, 405, 413, 415, 422.
func TestEveryAnswerOfTheProgramHasTheSecurityHeaders(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": []object{{"id": "end", "type": "stop"}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	run := p.onlyRun("w")
	fill := strings.NewReplacer("/triggers/{type}", "/triggers/bigcommerce.order_created", "/actions/{type}", "/actions/send_email", "/authentications/{id}", "/authentications/hooks",
		"/workflows/{id}", "/workflows/w", "{version}", "1", "/events/{id}", "/events/"+run["event_id"].(string), "/runs/{id}", "/runs/"+run["id"].(string),
		"/hooks/bigcommerce/{key}", p.postman("store/shipment/created").path)
	statuses, checked := map[int]int{}, 0
	check := func(method, path string, token string, body string, change func(http.Header)) {
		t.Helper()
		admin := p.token
		p.token = token
		a := p.request(t, method, path, body, change)
		p.token = admin
		checked++
		statuses[a.status]++
		for _, problem := range missingHeaders(a.header) {
			t.Errorf("%s %s with %d bytes: %d, %s", method, path, len(body), a.status, problem)
		}
	}
	typed := func(h http.Header) { h.Set("Content-Type", "text/plain") }
	foreign := func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") }
	page := func(h http.Header) { h.Set("Accept", "text/html") }
	large := strings.Repeat(" ", 1<<20+1)
	var rows []string
	for row := range rights {
		rows = append(rows, row)
	}
	for row := range open {
		rows = append(rows, row)
	}
	for _, row := range rows {
		method, path, _ := strings.Cut(row, " ")
		path = fill.Replace(path)
		check(method, path, p.token, "", page)
		check(method, path, "nobody", "", nil)
		check("TRACE", path, p.token, "", nil)
		check(method, path+"/nothing", p.token, "", page)
		check(method, path+"?%zz", p.token, "", nil)
		if method == http.MethodGet || method == http.MethodHead {
			continue
		}
		check(method, path, p.token, "{", nil)
		check(method, path, p.token, `{"no such": 1}`, nil)
		check(method, path, p.token, "x", typed)
		check(method, path, p.token, "{}", foreign)
		check(method, path, p.token, large, nil)
	}
	for _, path := range []string{"/api/v1/%00", "/%ff", "//", "/..%2f..%2fetc/passwd", "/favicon.ico", "/robots.txt"} {
		check("GET", path, p.token, "", page)
	}
	check("GET", "/api/v1/workflows/w", p.token, "", func(h http.Header) { h.Set("If-None-Match", "*") })
	check("PUT", "/api/v1/workflows/w", p.token, `{"name": "W"}`, func(h http.Header) { h.Set("If-Match", `"stale"`) })
	for _, status := range []int{200, 400, 401, 403, 404, 405, 413, 415, 422} {
		if statuses[status] == 0 {
			t.Errorf("no answer was a %d, so it was not tried: %v", status, statuses)
		}
	}
	t.Logf("S8: %d answers, by status %v, each with its security headers", checked, statuses)
}
