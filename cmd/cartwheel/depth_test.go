package main

import (
	"fmt"
	"strings"
	"testing"
)

// maxCalls is how many workflows may call one another in a row.
const maxCalls = 5

// A workflow that calls its own hook goes round five times. The sixth call is taken, since its sender must
// not send it for ever, but starts nothing and says why.
func TestAWorkflowThatCallsItselfStops(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	p.must(200, "PATCH", "/api/v1/authentications/shop", object{"config": object{"store_hash": p.sim.Config().StoreHash, "api_base_url": p.api.URL, "signature": "if_present"}})
	p.publish("first", object{"name": "First", "trigger": trigger("shipment_created"), "condition": "false", "steps": []object{{"id": "end", "type": "stop"}}})
	m := p.postman("store/shipment/created")
	p.publish("round", object{"name": "Round", "trigger": trigger("shipment_created"), "steps": []object{{"id": "again", "type": "http_request",
		"config": object{"method": "POST", "url": p.app.URL() + m.path, "headers": object{"X-Webhook-Secret": m.header.Get("X-Webhook-Secret")}, "body_type": "json",
			"body": `{"scope": "store/shipment/created", "producer": "stores/` + m.storeHash + `", "hash": "{{ Event | id }}", "data": {"type": "shipment", "id": 903, "orderId": 4127}}`}}}})
	if a := m.send(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127}), nil); a.status != 200 {
		t.Fatalf("delivery: %d %s", a.status, a.body)
	}
	var events []any
	p.waitFor("an event fails", func() bool {
		events = p.must(200, "GET", "/api/v1/events", nil)["items"].([]any)
		if len(events) > 4*maxCalls {
			t.Fatalf("%d events: the workflow calls itself for ever", len(events))
		}
		return len(events) > 0 && events[0].(object)["status"] == "failed"
	})
	if reason := fmt.Sprint(events[0].(object)["reason"]); !strings.Contains(reason, "loop") || len(events) != maxCalls+2 {
		t.Errorf("%d events, the last failed with %q; want %d and a reason", len(events), reason, maxCalls+2)
	}
	p.waitFor("all runs have ended", func() bool {
		return len(p.must(200, "GET", "/api/v1/runs?status=succeeded", nil)["items"].([]any)) == maxCalls+1
	})
	if runs := p.must(200, "GET", "/api/v1/runs", nil)["items"].([]any); len(runs) != maxCalls+1 {
		t.Errorf("%d runs, want %d", len(runs), maxCalls+1)
	}
	for header, want := range map[string]string{"-1": "done", "x": "done", "0x9": "done", "5": "done", "6": "failed", "99": "failed"} {
		if got := p.depthOf(m, header); got != want {
			t.Errorf("a webhook with the depth %q: %s, want %s", header, got, want)
		}
	}
	t.Logf("T19: a workflow that calls itself ended after %d calls", maxCalls+1)
}

// depthOf pauses the round, sends a webhook with this depth and returns what became of it.
func (p *program) depthOf(m *postman, depth string) (status string) {
	p.t.Helper()
	if p.must(200, "GET", "/api/v1/workflows/round", nil)["status"] == "live" {
		p.must(200, "POST", "/api/v1/workflows/round/pause", nil)
	}
	before := p.eventCount()
	m.header.Set("X-Cartwheel-Depth", depth)
	if a := m.send(m.envelope(object{"type": "shipment", "id": 903, "orderId": 4127}), nil); a.status != 200 {
		p.t.Fatalf("depth %s: %d %s", depth, a.status, a.body)
	}
	p.waitFor("the event has ended", func() bool {
		events := p.must(200, "GET", "/api/v1/events", nil)["items"].([]any)
		status, _ = events[0].(object)["status"].(string)
		return len(events) == before+1 && status != "accepted"
	})
	return status
}
