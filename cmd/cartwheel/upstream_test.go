package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// hostileMail are mail servers that do not stop talking, or do not talk SMTP. Each is given the connection and ends it.
var hostileMail = map[string]func(io.ReadWriter){
	"greets without an end":        func(c io.ReadWriter) { endless(c, "220 "+strings.Repeat("x", 4000)) },
	"greets in endless lines":      func(c io.ReadWriter) { endless(c, "220-hello"+strings.Repeat("!", 200)+"\r\n") },
	"greets in endless blank ones": func(c io.ReadWriter) { endless(c, strings.Repeat(" ", 200)+"\r\n") },
	"speaks HTTP": func(c io.ReadWriter) {
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	},
	"speaks bytes":          func(c io.ReadWriter) { _, _ = c.Write(bytes.Repeat([]byte{0, 255, 128}, 1000)) },
	"says nothing and goes": func(io.ReadWriter) {},
	"knows no such code":    func(c io.ReadWriter) { _, _ = io.WriteString(c, "999 what\r\n") },
	"offers endlessly much": func(c io.ReadWriter) {
		_, _ = io.WriteString(c, "220 mail.example.com\r\n")
		_, _ = c.Read(make([]byte, 512))
		endless(c, "250-X-"+strings.Repeat("Y", 500)+"\r\n")
	},
	"asks for the password again and again": func(c io.ReadWriter) {
		_, _ = io.WriteString(c, "220 mail.example.com\r\n")
		_, _ = c.Read(make([]byte, 512))
		_, _ = io.WriteString(c, "250-mail.example.com\r\n250 AUTH LOGIN\r\n")
		for n := 1; n > 0; {
			if n, _ = c.Read(make([]byte, 512)); n > 0 {
				_, _ = io.WriteString(c, "334 UGFzc3dvcmQ6\r\n")
			}
		}
	},
	"refuses with a book": func(c io.ReadWriter) {
		_, _ = io.WriteString(c, strings.Repeat("554-"+strings.Repeat("<script>alert(1)</script>", 20)+"\r\n", 100)+"554 so there\r\n")
	},
}

func endless(w io.Writer, text string) {
	block := []byte(strings.Repeat(text, 1+8000/len(text)))
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// newMailServer runs one of them and returns its address.
func newMailServer(t *testing.T, talk func(io.ReadWriter)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(patience))
			talk(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// tokenEndpoint answers with what is no token, in many ways.
func tokenEndpoint(t *testing.T) (address string, kinds []string) {
	t.Helper()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 32 {
		_, _ = z.Write(make([]byte, 1<<20)) // a buffer takes everything
	}
	_ = z.Close()
	answers := map[string]string{"page": "<html>", "number": "7", "nothing": "", "nulls": `{"access_token": null}`, "list": `{"access_token": ["x"]}`, "break": `{"access_token": "x\r\nX-Injected: 1"}`, "nul": `{"access_token": "x\u0000y"}`,
		"large": `{"access_token": "` + strings.Repeat("x", 40<<10) + `"}`, "deep": strings.Repeat(`{"a":`, 10_000), "other": `{"access_token": "x", "token_type": "mac"}`}
	for kind := range answers {
		kinds = append(kinds, kind)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch kind := strings.Trim(r.URL.Path, "/"); kind {
		case "endless":
			endless(w, `{"access_token": "x`)
		case "bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		default:
			_, _ = io.WriteString(w, answers[kind])
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, append(kinds, "endless", "bomb")
}

// Mail servers and token endpoints that answer without an end, or with something else, cost little and end with a reason.
func TestHostileMailServersAndTokenEndpointsAreCut(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	var steps []object
	step := func(kind, typ string, config object) {
		steps = append(steps, object{"id": fmt.Sprintf("step-%d", len(steps)), "name": kind, "type": typ, "on_error": "continue", "retry": object{"attempts": 1}, "config": config})
	}
	for kind, talk := range hostileMail {
		id := fmt.Sprintf("mail-%d", len(steps))
		host, port := hostPort(t, newMailServer(t, talk))
		p.must(201, "POST", "/api/v1/authentications", object{"id": id, "name": kind, "type": "smtp", "secrets": object{"password": "0123456789"},
			"config": object{"host": host, "port": json.Number(port), "from": "shop@example.com", "encryption": "none", "username": "shop"}})
		step(kind, "send_email", object{"authentication_id": id, "to": "a@example.com", "subject": "x", "text": "x"})
	}
	tokens, kinds := tokenEndpoint(t)
	for _, kind := range kinds {
		id := fmt.Sprintf("token-%d", len(steps))
		p.must(201, "POST", "/api/v1/authentications", object{"id": id, "name": kind, "type": "oauth2_client_credentials", "secrets": object{"client_secret": "0123456789"},
			"config": object{"token_url": tokens + "/" + kind, "client_id": "x", "allowed_hosts": []string{"127.0.0.1"}}})
		step(kind, "http_request", object{"authentication_id": id, "method": "GET", "url": p.inbox.URL})
	}
	var names []string
	for _, s := range steps {
		names = append(names, s["name"].(string))
		delete(s, "name")
	}
	p.publish("w", object{"name": "W", "trigger": trigger("shipment_created"), "steps": steps})
	before := residentMemory(t)
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	for i, s := range p.onlyRun("w")["steps"].([]any) {
		s := s.(object)
		if reason, _ := s["reason"].(string); s["status"] != "failed" || reason == "" || len(reason) > 1000 || strings.ContainsAny(reason, "\r\n\x00") {
			t.Errorf("%s: %v %.300q, want it failed with a reason", names[i], s["status"], reason)
		}
		test := p.call("POST", "/api/v1/authentications/"+steps[i]["config"].(object)["authentication_id"].(string)+"/test", nil)
		if test.status != 200 || !bytes.Contains(test.body, []byte(`"ok":false`)) {
			t.Errorf("the test of %s: %d %.300s, want not ok", names[i], test.status, test.body)
		}
	}
	if calls := p.calls.all(); len(calls) > 0 {
		t.Errorf("%d calls went out with what is no token: %v", len(calls), calls)
	}
	grown := residentMemory(t) - before
	if grown > maxGrown {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
	t.Logf("T18: %d mail servers and %d token endpoints, each in a step and a test, all cut; memory grew by %d KiB", len(hostileMail), len(kinds), grown>>10)
}

// A store that answers an event's reads without an end, or with something else, makes that event wait with a
// reason and holds up no other.
func TestHostileStoresAreCut(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.publish("reads", object{"name": "Reads", "trigger": trigger("order_updated"), "condition": "BigCommerce.Order.id > 0", "steps": []object{{"id": "end", "type": "stop"}}})
	kinds := map[string]bcsim.Fault{"an endless list": {Kind: bcsim.FaultEndless}, "a gzip bomb": {Kind: bcsim.FaultGzipBomb}, "a page with 200": {Kind: bcsim.FaultHTML}, "half an answer": {Kind: bcsim.FaultTruncate},
		"nothing": {Kind: bcsim.FaultEmpty}, "a reset": {Kind: bcsim.FaultReset}, "a text": {Kind: bcsim.FaultText, Status: 200, Body: "ok"}, "another order": {Status: 200, ContentType: "application/json", Body: `{"id": "x"`},
		"depth": {Status: 200, ContentType: "application/json", Body: strings.Repeat(`{"id":`, 20_000)}, "a list": {Status: 200, ContentType: "application/json", Body: `[[[]]]`}}
	orders, used, before := p.sim.Orders(), map[string]string{}, residentMemory(t)
	if len(orders) <= len(kinds) {
		t.Fatalf("%d orders for %d faults", len(orders), len(kinds))
	}
	for kind, f := range kinds {
		id := orders[len(used)].ID
		f.Path = fmt.Sprintf("/v2/orders/%d", id)
		p.sim.Fault(f)
		used[kind] = fmt.Sprintf("order/%d", id)
		p.sim.Emit("store/order/updated", object{"type": "order", "id": id})
	}
	last := orders[len(used)].ID
	p.sim.Emit("store/order/updated", object{"type": "order", "id": last})
	event := func(entity string) (e object) {
		if all := p.must(200, "GET", "/api/v1/events?entity="+entity, nil)["items"].([]any); len(all) > 0 {
			e = all[0].(object)
		}
		return e
	}
	p.waitFor("the other order is decided", func() bool { return event(fmt.Sprintf("order/%d", last))["status"] == "done" })
	for kind, entity := range used {
		p.waitFor("the event whose store answers "+kind+" waits", func() bool { e := event(entity); return e["reason"] != nil && e["reason"] != "" })
		if e := event(entity); e["status"] != "accepted" || e["next_attempt_at"] == nil {
			t.Errorf("a store that answers %s: the event is %v, %v, next attempt at %v; want it to wait", kind, e["status"], e["reason"], e["next_attempt_at"])
		}
	}
	grown := residentMemory(t) - before
	if grown > maxGrown {
		t.Errorf("the process has grown by %d MiB", grown>>20)
	}
	t.Logf("T18: %d answers of the store, each event waits with a reason; memory grew by %d KiB", len(kinds), grown>>10)
}
