package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
)

// hook is a webhook as the store sends it.
const hook = `{"scope":"store/shipment/created","data":{"type":"shipment","id":12,"orderId":251}}`

func TestIntakeAnswersAsPromised(t *testing.T) {
	broken := errors.New("disk on fire")
	tests := []struct {
		name, method, target, body string
		headers                    []string
		err                        error
		status                     int
		asked                      string // what the engine was asked
	}{
		{"accepted", "POST", "/hooks/bigcommerce/KEY", hook, nil, nil, 200, "Receive bigcommerce KEY"},
		{"accepted with a slash", "POST", "/hooks/bigcommerce/KEY/", hook, nil, nil, 200, "Receive bigcommerce KEY"},
		{"generic", "POST", "/hooks/in/KEY", hook, nil, nil, 200, "Receive in KEY"},
		{"generic with a slash", "POST", "/hooks/in/KEY/", hook, nil, nil, 200, "Receive in KEY"},
		{"type with parameters", "POST", "/hooks/in/KEY", hook, []string{"Content-Type", "application/json; charset=utf-8"}, nil, 200, "Receive in KEY"},
		{"names twice and in other letters", "POST", "/hooks/in/KEY", `{"a":1,"a":2,"A":3}`, nil, nil, 200, "Receive in KEY"},
		{"bad text is mended later", "POST", "/hooks/in/KEY", "{\"a\":\"\xff\\u0000\\ud800\"}", nil, nil, 200, "Receive in KEY"},
		{"a list", "POST", "/hooks/in/KEY", `[1]`, nil, nil, 200, "Receive in KEY"},
		{"unreadable parameters do not matter", "POST", "/hooks/in/KEY?%zz;", hook, nil, nil, 200, "Receive in KEY"},
		{"a browser's headers do not matter", "POST", "/hooks/in/KEY", hook, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://x.example.net"}, nil, 200, "Receive in KEY"},

		{"empty", "POST", "/hooks/in/KEY", "", nil, nil, 400, ""},
		{"not JSON", "POST", "/hooks/in/KEY", `scope=x`, nil, nil, 400, ""},
		{"cut off", "POST", "/hooks/in/KEY", hook[:40], nil, nil, 400, ""},
		{"two values", "POST", "/hooks/in/KEY", hook + hook, nil, nil, 400, ""},
		{"too deep", "POST", "/hooks/in/KEY", strings.Repeat("[", 65) + strings.Repeat("]", 65), nil, nil, 400, ""},
		{"not the JSON we know", "POST", "/hooks/bigcommerce/KEY", `{}`, nil, engine.Errorf(engine.Invalid, "There is no scope."), 400, "Receive bigcommerce KEY"},
		{"wrong secret", "POST", "/hooks/bigcommerce/KEY", hook, nil, engine.Errorf(engine.Denied, "Wrong secret."), 401, "Receive bigcommerce KEY"},
		{"unknown key", "POST", "/hooks/bigcommerce/KEY", hook, nil, engine.Errorf(engine.NotFound, "No."), 404, "Receive bigcommerce KEY"},
		{"endless key", "POST", "/hooks/in/" + strings.Repeat("k", 300), hook, nil, nil, 404, ""},
		{"unknown word", "POST", "/hooks/shopify/KEY", hook, nil, nil, 404, ""},
		{"no key", "POST", "/hooks/bigcommerce/", hook, nil, nil, 404, ""},
		{"GET", "GET", "/hooks/bigcommerce/KEY", "", nil, nil, 405, ""},
		{"too large", "POST", "/hooks/in/KEY", `"` + strings.Repeat("x", 1<<20) + `"`, nil, nil, 413, ""},
		{"no type", "POST", "/hooks/in/KEY", hook, []string{"Content-Type", ""}, nil, 415, ""},
		{"a form", "POST", "/hooks/in/KEY", hook, []string{"Content-Type", "multipart/form-data; boundary=x"}, nil, 415, ""},
		{"compressed", "POST", "/hooks/in/KEY", hook, []string{"Content-Encoding", "gzip"}, nil, 415, ""},
		{"database busy", "POST", "/hooks/in/KEY", hook, nil, &engine.Error{Code: engine.Temporary, Message: "Busy.", Wait: 1500 * time.Millisecond, Err: broken}, 503, "Receive in KEY"},
		{"our own failure", "POST", "/hooks/in/KEY", hook, nil, broken, 503, "Receive in KEY"},
	}
	for _, tt := range tests {
		s := newSite(t)
		s.engine.receive = func(context.Context, string, string, engine.Delivery) error { return tt.err }
		got := s.ask("", tt.method, tt.target, tt.body, append([]string{"Accept", "text/html"}, tt.headers...)...)
		if got.status != tt.status || strings.Join(s.engine.calls, ", ") != tt.asked {
			t.Errorf("%s: %d after %v, want %d after %q\n%.200s", tt.name, got.status, s.engine.calls, tt.status, tt.asked, got.body)
			continue
		}
		if tt.status == 200 && got.body != "" {
			t.Errorf("%s: the answer holds %q", tt.name, got.body)
		}
		if tt.status != 200 {
			got.problem(t)
		}
		if (tt.status == 503) != (got.header.Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q with %d", tt.name, got.header.Get("Retry-After"), got.status)
		}
		if strings.Contains(got.body, "disk on fire") || strings.Contains(s.log.String(), "KEY") {
			t.Errorf("%s leaks: %s\n%s", tt.name, got.body, s.log)
		}
	}
}

func TestDeliveriesReachTheEngineAsTheyCame(t *testing.T) {
	s := newSite(t)
	const body = " {\"a\":\"\xff\", \"A\":1.50}\n"
	var got engine.Delivery
	s.engine.receive = func(_ context.Context, _, _ string, d engine.Delivery) error {
		got = d
		return nil
	}
	s.ask("", "POST", "/hooks/in/KEY", body, "X-Secret", "s3cret")
	if string(got.Body) != body || got.Header.Get("X-Secret") != "s3cret" || !got.At.Equal(moment) {
		t.Errorf("got %q, %v, %v", got.Body, got.Header, got.At)
	}
}

func TestPanicAtIntakeAsksToSendAgain(t *testing.T) {
	s := newSite(t)
	s.engine.receive = func(context.Context, string, string, engine.Delivery) error { panic("secret-in-panic") }
	got := s.ask("", "POST", "/hooks/in/KEY", hook)
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || strings.Contains(got.body, "secret-in-panic") {
		t.Errorf("got %d %v %s", got.status, got.header, got.body)
	}
}
