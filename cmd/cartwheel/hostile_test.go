package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// hostileText is one text of the corpus of engine/cond: written out or made by a rule.
type hostileText struct {
	Name, Expr, Expect string
	Around             [2]string
	Repeat             *struct {
		Text  string
		Times int
	}
	Double *struct {
		First, Next, Last string
		Times             int
	}
	Nest *struct {
		Inner  string
		Around [2]string
		Times  int
	}
}

func (h hostileText) source() string {
	switch {
	case h.Repeat != nil:
		return strings.Repeat(h.Repeat.Text, h.Repeat.Times)
	case h.Double != nil:
		src := h.Double.First
		for i := 2; i <= h.Double.Times; i++ {
			src += strings.NewReplacer("N", strconv.Itoa(i), "M", strconv.Itoa(i-1)).Replace(h.Double.Next)
		}
		return src + strings.ReplaceAll(h.Double.Last, "N", strconv.Itoa(h.Double.Times))
	case h.Nest != nil:
		return h.Around[0] + strings.Repeat(h.Nest.Around[0], h.Nest.Times) + h.Nest.Inner + strings.Repeat(h.Nest.Around[1], h.Nest.Times) + h.Around[1]
	}
	return h.Expr
}

// about writes the corpus's names as merge codes: those of an order that is as large as they come, and of a step's answer.
func (h hostileText) about(names map[string]string) string {
	src := h.source()
	if len(src) > 100_000 {
		return src
	}
	return regexp.MustCompile(`(^|[^.\w"$])(items|huge|long|s|name|power|root|digits)\b`).ReplaceAllStringFunc(src, func(m string) string {
		at := strings.IndexFunc(m, func(r rune) bool { return r >= 'a' && r <= 'z' })
		return m[:at] + names[m[at:]]
	})
}

var hugeOrder = map[string]string{
	"items": "map(BigCommerce.Products, .name)", "huge": "BigCommerce.Order.form_fields", "long": "BigCommerce.Order.staff_notes",
	"s": "BigCommerce.Order.customer_message", "name": "BigCommerce.Order.billing_address.first_name",
	"power": "BigCommerce.Order.items_total", "digits": "BigCommerce.Order.items_shipped", "root": "BigCommerce.Order.billing_address",
}

func hugeAnswer() map[string]string {
	names := map[string]string{}
	for name := range hugeOrder {
		names[name] = "Steps.fetch.body." + name
	}
	return names
}

func hostileCorpus(t *testing.T) (corpus []hostileText) {
	t.Helper()
	raw, err := os.ReadFile("../../engine/cond/testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &corpus); err != nil || len(corpus) < 17 {
		t.Fatalf("%d texts, %v", len(corpus), err)
	}
	return corpus
}

// serveHugeOrder makes the store answer with an order of 1 MB.
func serveHugeOrder(p *program) {
	ints, products := make([]int, 100_000), make([]object, 200)
	for i := range ints {
		ints[i] = i
	}
	for i := range products {
		products[i] = object{"id": i + 1, "name": strings.Repeat("a", 1000)}
	}
	order, _ := json.Marshal(object{"id": 4127, "customer_id": 0, "status": "Shipped", "customer_message": strings.Repeat("a", 30),
		"staff_notes": strings.Repeat("x", 1<<18), "form_fields": ints, "items_total": json.Number("1e900"),
		"items_shipped": json.Number(strings.Repeat("7", 1000)), "billing_address": object{"first_name": "Jane", "email": "jane@example.com"}})
	list, _ := json.Marshal(products)
	p.sim.Fault(bcsim.Fault{Path: "/v2/orders/4127", Status: 200, Body: string(order), ContentType: "application/json"})
	p.sim.Fault(bcsim.Fault{Path: "/v2/orders/4127/products", Status: 200, Body: string(list), ContentType: "application/json"})
}

// hugeJSON is an HTTP answer of nearly the 256 KiB that later steps may read.
func hugeJSON(t *testing.T) string {
	t.Helper()
	items, ints := make([]string, 100), make([]int, 20_000)
	for i := range items {
		items[i] = strings.Repeat("a", 1000)
	}
	for i := range ints {
		ints[i] = i % 1000
	}
	raw, err := json.Marshal(object{"items": items, "huge": ints, "long": strings.Repeat("x", 50_000), "s": strings.Repeat("a", 30), "name": "Jane",
		"power": json.Number("1e900"), "digits": json.Number(strings.Repeat("7", 1000)), "root": object{"k": "v"}})
	if err != nil || len(raw) > 256<<10 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	return string(raw)
}

// Whatever an editor writes into conditions and templates is refused, or stopped
// with a reason, while other workflows on the same event go on.
func TestHostileExpressionsHarmNobodyElse(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	big := newAnswering(t, hugeJSON(t))
	serveHugeOrder(p)
	p.publish("honest", object{"name": "Honest", "trigger": trigger("shipment_created"),
		"condition": `any(BigCommerce.Products, len(.name) > 5) and len(BigCommerce.Order.staff_notes) == 262144`,
		"steps": []object{{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/honest", "body_type": "text",
			"body": "{{ BigCommerce | Order | id }}"}}}})
	conditions, steps := map[string]bool{}, map[string]bool{}
	corpus := hostileCorpus(t)
	for _, h := range corpus {
		if p.offer(h.Name+"-condition", h, hostileCondition(p, h)) {
			conditions[h.Name+"-condition"] = true
		}
		if p.offer(h.Name+"-steps", h, hostileSteps(h, big)) {
			steps[h.Name+"-steps"] = true
		}
	}
	if len(conditions) < 5 || len(steps) < 10 {
		t.Errorf("only %d conditions and %d workflows with steps are stopped in the run, the others are refused before; the names do not fit", len(conditions), len(steps))
	}
	var event string
	for n := range 3 {
		p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127}, bcsim.Hash(fmt.Sprint("event ", n)))
		event = p.expanded(n + 1)
		p.calls.wait(t, "the honest workflow's call", count[inboxCall](n+1))
	}
	decided := map[string]object{}
	var shown struct{ Decisions []object } // the values hold numbers that are none for Go
	if err := json.Unmarshal(p.call("GET", "/api/v1/events/"+event, nil).body, &shown); err != nil {
		t.Fatal(err)
	}
	for _, d := range shown.Decisions {
		decided[d["workflow_id"].(string)] = d
	}
	for id := range conditions {
		if d := decided[id]; d["matched"] != false || !strings.Contains(fmt.Sprint(d["reason"]), "too much work") {
			t.Errorf("%s: decision %v, want it stopped with the reason", id, d)
		}
		p.waitFor(id+" is paused", func() bool { return p.must(200, "GET", "/api/v1/workflows/"+id, nil)["status"] == "paused" })
	}
	stopped := 0
	for id := range steps {
		stopped += p.stoppedSteps(t, id)
	}
	if stopped < len(steps) {
		t.Errorf("%d steps of %d workflows were stopped; most of them have three", stopped, len(steps))
	}
	p.previewHostile(t, corpus, event)
}

// offer saves and publishes a workflow, and tells whether it was taken.
func (p *program) offer(id string, h hostileText, w object) bool {
	p.t.Helper()
	started := time.Now()
	saved := p.call("PUT", "/api/v1/workflows/"+id, w)
	if saved.status == http.StatusRequestEntityTooLarge && len(h.source()) > 1<<20 {
		return false
	}
	var c object
	if err := json.Unmarshal(saved.body, &c); err != nil || saved.status != http.StatusCreated {
		p.t.Errorf("%s: %d %.300s, want it saved as a draft", id, saved.status, saved.body)
		return false
	}
	problems, _ := c["problems"].([]any)
	for _, problem := range problems {
		if pr := problem.(object); pr["message"] == "" || pr["location"] == "" {
			p.t.Errorf("%s: a problem without words or place: %v", id, pr)
		}
	}
	published := p.call("POST", "/api/v1/workflows/"+id+"/publish", object{})
	if want := map[bool]int{true: 200, false: 422}[len(problems) == 0]; published.status != want {
		p.t.Errorf("%s with %d problems: publish %d, want %d", id, len(problems), published.status, want)
	}
	if h.Expect == "reject" && len(problems) == 0 {
		p.t.Errorf("%s: published, want it refused: %.100s", id, h.source())
	}
	if took := time.Since(started); took > 5*time.Second {
		p.t.Errorf("%s: saving and publishing took %s", id, took)
	}
	return len(problems) == 0
}

func hostileCondition(p *program, h hostileText) object {
	return object{"name": h.Name, "trigger": trigger("shipment_created"), "condition": h.about(hugeOrder),
		"steps": []object{{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/hostile"}}}}
}

// hostileSteps has the expression in {{= }}, {{#if}} and a branch, over a step's answer, which no catalogue knows.
func hostileSteps(h hostileText, big string) object {
	src := h.about(hugeAnswer())
	body := func(text string) object {
		return object{"method": "POST", "url": big, "body_type": "text", "body": text}
	}
	return object{"name": h.Name, "trigger": trigger("shipment_created"), "steps": []object{
		{"id": "fetch", "type": "http_request", "config": object{"method": "GET", "url": big}},
		{"id": "print", "type": "http_request", "on_error": "continue", "config": body("{{= " + src + " }}")},
		{"id": "if", "type": "http_request", "on_error": "continue", "config": body("{{#if " + src + "}}x{{/if}}")},
		{"id": "branch", "type": "branch", "branches": []object{{"name": "a", "condition": src, "steps": []object{{"id": "end", "type": "stop"}}}}, "otherwise": []object{}},
	}}
}

// stoppedSteps waits for the end of the first run and counts the steps that were stopped for their work.
func (p *program) stoppedSteps(t *testing.T, id string) (stopped int) {
	t.Helper()
	var r struct {
		FinishedAt *string `json:"finished_at"`
		Steps      []struct{ ID, Status, Reason string }
	}
	p.waitFor(id+" has run", func() bool {
		runs := p.must(200, "GET", "/api/v1/runs?workflow_id="+id, nil)["items"].([]any)
		if len(runs) == 0 {
			return false
		}
		a := p.call("GET", "/api/v1/runs/"+runs[len(runs)-1].(object)["id"].(string), nil)
		if err := json.Unmarshal(a.body, &r); err != nil {
			t.Fatal(err)
		}
		return r.FinishedAt != nil
	})
	for _, s := range r.Steps {
		limited := strings.Contains(s.Reason, "too much work")
		if s.Status == "failed" && !limited {
			t.Errorf("%s, step %s: failed with %q", id, s.ID, s.Reason)
		}
		if limited {
			stopped++
		}
	}
	return stopped
}

// previewHostile has every text checked and rendered over the large event.
func (p *program) previewHostile(t *testing.T, corpus []hostileText, event string) {
	t.Helper()
	for _, h := range corpus {
		src := h.about(hugeOrder)
		for path, in := range map[string]object{
			"/conditions/check": {"condition": src},
			"/merge/preview":    {"template": "{{= " + src + " }}"},
			"/merge/preview#if": {"template": "{{#if " + src + "}}x{{else}}y{{/if}}", "format": "html"},
		} {
			in["trigger"], in["event_id"] = object{"type": "bigcommerce.shipment_created"}, event
			started := time.Now()
			a := p.call("POST", "/api/v1"+strings.TrimSuffix(path, "#if"), in)
			var out struct {
				OK       bool
				Output   string
				Problems []object
			}
			switch err := json.Unmarshal(a.body, &out); {
			case a.status == http.StatusRequestEntityTooLarge && len(src) > 1<<20:
			case err != nil || a.status != http.StatusOK:
				t.Errorf("%s %s: %d %.200s", path, h.Name, a.status, a.body)
			case out.OK || len(out.Problems) == 0:
				t.Errorf("%s %s: no problem, output %.100q", path, h.Name, out.Output)
			}
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("%s %s: took %s", path, h.Name, took)
			}
		}
	}
}
