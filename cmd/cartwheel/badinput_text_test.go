package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// strangeValue is what stands under the ith strange name.
func strangeValue(i int) string { return fmt.Sprintf("value-%d;", i) }

// B6: values under strange names are found by a template and by an expression, each its own; as codes that a trigger
// does not have, as names of headers, parameters and fields, and as ids of steps they are problems with their place.
func TestB6Names(t *testing.T) {
	names := enginetest.StrangeNames()
	if len(names) != 80 {
		t.Fatalf("%d names, want 80", len(names))
	}
	p := badInputProgram(t)
	b := newBadInput(t, p, "B6")
	told, template, expression := map[string]string{}, "", ""
	for i, name := range names {
		told[name] = strangeValue(i)
		code := merge.MakeCode("Steps", "fetch", "body", name)
		template += "{{ " + string(code) + " }}"
		if len(name) < 1000 { // an expression has 4 KiB
			expression += "{{= " + code.Path() + " }}"
		}
		b.tryName(i, name)
	}
	raw, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	p.publish("names", object{"name": "Names", "trigger": trigger("shipment_created"), "steps": []object{
		{"id": "fetch", "type": "http_request", "config": object{"method": "GET", "url": newAnswering(t, string(raw))}},
		{"id": "codes", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/codes", "body_type": "text", "body": template}},
		{"id": "paths", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/paths", "body_type": "text", "body": expression}}}})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	run := p.onlyRun("names")
	if run["status"] != "succeeded" {
		t.Fatalf("the run: %v", run)
	}
	var codes, paths string
	for _, c := range p.calls.all() {
		switch c.Path {
		case "/codes":
			codes = c.Body
		case "/paths":
			paths = c.Body
		}
	}
	for i, name := range names {
		if !strings.Contains(codes, strangeValue(i)) {
			t.Errorf("%.40q has no value in a template", name)
		}
		if len(name) < 1000 && !strings.Contains(paths, strangeValue(i)) {
			t.Errorf("%.40q has no value in an expression", name)
		}
	}
}

// tryName puts a name wherever a person can.
func (b *badInput) tryName(i int, name string) {
	b.t.Helper()
	trig := object{"type": "bigcommerce.shipment_created", "authentication_id": "shop"}
	code := merge.MakeCode("BigCommerce", "Order", name)
	payload := object{"BigCommerce": object{"Order": object{name: strangeValue(i)}}}
	try := func(what, method, path string, in any) answer {
		raw, err := json.Marshal(in)
		if err != nil {
			b.t.Fatal(err)
		}
		return b.try(badCase{name: fmt.Sprintf("%s %.40q", what, name), method: method, path: path, body: string(raw), want: []int{200, 201, 422}, location: "body"})
	}
	for what, template := range map[string]string{"quoted": "{{ " + string(code) + " }}", "bare": "{{ BigCommerce | Order | " + name + " }}", "alone": "{{ " + name + " }}", "in an expression": "{{= " + code.Path() + " }}",
		"as a format": "{{ BigCommerce | Order | id :: " + name + " }}", "as a fallback": "{{ BigCommerce | Order | customer_message ?? " + name + " }}", "in a loop": "{{#each BigCommerce | Products}}{{ item | " + name + " }}{{/each}}"} {
		b.checkProblems(what, try(what, "POST", "/api/v1/merge/preview", object{"template": template, "trigger": trig, "payload": payload}))
	}
	for what, condition := range map[string]string{"a path": code.Path() + ` == "x"`, "a bare name": "BigCommerce.Order." + name + " == 1", "a text": "BigCommerce.Order.status == " + jsonText(name)} {
		b.checkProblems(what, try(what, "POST", "/api/v1/conditions/check", object{"condition": condition, "trigger": trig, "payload": payload}))
	}
	step := func(id string, config object) object {
		return object{"name": "Names", "trigger": trig, "steps": []object{{"id": id, "type": "http_request", "config": config}}}
	}
	url := "https://hooks.example.com/"
	for what, w := range map[string]object{"a header": step("a", object{"method": "GET", "url": url, "headers": object{name: "x"}}), "a parameter": step("a", object{"method": "GET", "url": url, "query": object{name: "x"}}),
		"a field": step("a", object{"method": "POST", "url": url, "body_type": "form", "form": object{name: "x"}}), "a setting": step("a", object{"method": "GET", "url": url, name: "x"}), "a step": step(name, object{"method": "GET", "url": url}),
		"a branch": {"name": "Names", "trigger": trig, "steps": []object{{"id": "a", "type": "branch", "branches": []object{{"name": name, "condition": "true", "steps": []object{}}}, "otherwise": []object{}}}}} {
		saved := try(what, "PUT", "/api/v1/workflows/named", w)
		if saved.status < 300 && (what == "a step" || what == "a header") {
			b.checkDraft(fmt.Sprintf("%s %.40q", what, name), saved)
		}
	}
}

// checkProblems wants words and a place of each problem of a preview or a check.
func (b *badInput) checkProblems(what string, a answer) (problems int) {
	b.t.Helper()
	var out struct {
		OK       bool
		Problems []struct {
			Message      string
			Line, Column int
		}
	}
	if a.status != 200 {
		return 1
	}
	if err := json.Unmarshal(a.body, &out); err != nil {
		b.t.Errorf("%s %s: %v", b.line, what, err)
	}
	for _, problem := range out.Problems {
		if problem.Message == "" || problem.Line < 1 || problem.Column < 1 || len(problem.Message) > 5000 {
			b.t.Errorf("%s %s: a problem without words or place: %+.300v", b.line, what, problem)
		}
	}
	return len(out.Problems)
}

// B7: hostile, malformed and mutated conditions are refused with their place or decide, at once.
func TestB7Conditions(t *testing.T) {
	hostile, malformed, mutated := hostileCorpus(t), enginetest.MalformedConditions(), enginetest.MutatedConditions(size(1000, 20_000), 11)
	if len(hostile) < 17 || len(malformed) != 200 || len(mutated) < 1000 {
		t.Fatalf("%d hostile, %d malformed, %d mutated conditions; want 17, 200, 1,000", len(hostile), len(malformed), len(mutated))
	}
	p := badInputProgram(t)
	b := newBadInput(t, p, "B7")
	check := func(name, condition string) int {
		raw, err := json.Marshal(object{"condition": condition, "trigger": object{"type": "bigcommerce.shipment_created"}})
		if err != nil {
			t.Fatal(err)
		}
		want := []int{200}
		if strings.ContainsRune(condition, 0) {
			want = []int{422}
		}
		if len(raw) > 1<<20 {
			want = []int{413}
		}
		return b.checkProblems(name, b.try(badCase{name: name, method: "POST", path: "/api/v1/conditions/check", body: string(raw), want: want, location: "body.condition"}))
	}
	for _, h := range hostile {
		check("hostile "+h.Name, h.about(hugeOrder)) // whether it is stopped, too, see TestHostileExpressionsHarmNobodyElse
	}
	for _, src := range enginetest.HonestConditions() {
		if check("honest", src) > 0 {
			t.Errorf("%s has problems; the malformed ones are made of it", src)
		}
	}
	for _, src := range malformed {
		if check(fmt.Sprintf("malformed %.60q", src), src) == 0 {
			t.Errorf("%q has no problem", src)
		}
	}
	for _, src := range mutated {
		check(fmt.Sprintf("mutated %.60q", src), src)
	}
}

// csvCells are 20 texts that a spreadsheet would run. No route writes CSV yet: until one does they are held to what every
// other output promises, to come out as they went in.
func csvCells() []string {
	return []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", `=HYPERLINK("https://elsewhere.example.net","x")`, `=IMPORTXML("https://elsewhere.example.net","//a")`, "=WEBSERVICE(\"https://elsewhere.example.net\")",
		"+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@import", " =1", "'=1", `"=1"`, "=1,=2", "=1\n=2", "\uff1d1+1", ";=1"}
}

// B8: whatever a template or a value looks like, a preview answers with output or with problems that have a place, and
// values come out as they went in. What becomes of them in mail and markup is in TestMailGoesToOneRecipientWithOurHeadersOnly
// and TestScriptsInEveryMergeCodeAreInert; here is seen that their corpora do not shrink.
func TestB8TemplatesAndValues(t *testing.T) {
	templates, cells := enginetest.StrangeTemplates(), csvCells()
	if len(templates) != 60 || len(cells) != 20 || len(mailTexts()) < 40 || len(scriptTexts()) < 60 {
		t.Fatalf("%d templates, %d cells, %d texts for mail headers, %d scripts; want 60, 20, 40, 60", len(templates), len(cells), len(mailTexts()), len(scriptTexts()))
	}
	p := badInputProgram(t)
	b := newBadInput(t, p, "B8")
	trig := object{"type": "bigcommerce.shipment_created"}
	for _, text := range templates {
		for _, format := range []string{"text", "html", "json", "url"} {
			raw, err := json.Marshal(object{"template": text, "format": format, "trigger": trig})
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%.60q as %s", text, format)
			b.checkProblems(name, b.try(badCase{name: name, method: "POST", path: "/api/v1/merge/preview", body: string(raw), want: []int{200}}))
		}
		saved := b.try(badCase{name: fmt.Sprintf("%.60q in a step", text), method: "PUT", path: "/api/v1/workflows/templates", want: []int{200, 201}, body: merge.JSON(merge.FromGo(object{
			"name": "Templates", "trigger": trigger("shipment_created"), "steps": []any{object{"id": "a", "type": "http_request", "config": object{"method": "POST", "url": "https://hooks.example.com/", "body_type": "form", "form": object{"a": text}}}}}))})
		b.checkDraft(fmt.Sprintf("%.60q in a step", text), saved)
	}
	const code = "{{ BigCommerce | Order | customer_message }}"
	for _, cell := range append(cells, mailTexts()...) {
		payload := object{"BigCommerce": object{"Order": object{"customer_message": cell}}}
		var out struct{ Output string }
		for format, template := range map[string]string{"text": code, "json": `["` + code + `",` + code + `]`} {
			in, err := json.Marshal(object{"template": template, "format": format, "trigger": trig, "payload": payload})
			if err != nil {
				t.Fatal(err)
			}
			status := 200
			if strings.ContainsRune(cell, 0) {
				status = 422
			}
			a := b.try(badCase{name: fmt.Sprintf("%.60q as %s", cell, format), method: "POST", path: "/api/v1/merge/preview", body: string(in), want: []int{status}, location: "body.payload"})
			if status != 200 {
				continue
			}
			if err := json.Unmarshal(a.body, &out); err != nil {
				t.Fatal(err)
			}
			got := []string{out.Output, out.Output}
			if format == "json" && json.Unmarshal([]byte(out.Output), &got) != nil || len(got) != 2 || got[0] != cell || got[1] != cell {
				t.Errorf("%q as %s comes out as %q", cell, format, out.Output)
			}
		}
	}
}
