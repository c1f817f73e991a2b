package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// Each ready-made workflow becomes a draft without a problem or a warning, once
// the connections are filled in, and a test run of it with the trigger's sample
// would do what it is for.
func TestReadyMadeWorkflowsWork(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	items, _ := p.must(200, "GET", "/api/v1/templates", nil)["items"].([]any)
	if len(items) != 6 {
		t.Fatalf("%d templates, want 6", len(items))
	}
	for _, item := range items {
		template, _ := item.(object)
		id, _ := template["id"].(string)
		raw, err := json.Marshal(template["workflow"])
		if err != nil {
			t.Fatal(err)
		}
		if sends := strings.Contains(string(raw), `"authentication_id":""`); sends != slices.Contains(template["needs"].([]any), any("smtp")) {
			t.Errorf("%s: needs %v", id, template["needs"])
		}
		trigger := template["workflow"].(object)["trigger"].(object)
		if trigger["authentication_id"] != nil && trigger["authentication_id"] != "" {
			t.Errorf("%s names an authentication: %v", id, trigger["authentication_id"])
		}
		trigger["authentication_id"] = "shop"
		steps, _ := template["workflow"].(object)["steps"].([]any)
		for _, step := range steps {
			config, _ := step.(object)["config"].(object)
			if given, ok := config["authentication_id"]; ok && given == "" {
				config["authentication_id"] = "sender"
			}
		}
		w := p.must(201, "PUT", "/api/v1/workflows/"+id, template["workflow"])
		if problems, warnings := w["problems"].([]any), w["warnings"].([]any); len(problems)+len(warnings) > 0 {
			t.Errorf("%s: problems %v, warnings %v", id, problems, warnings)
		}
		tree := p.must(200, "POST", "/api/v1/conditions/parse", object{"condition": w["condition"], "trigger": w["trigger"]})
		if tree["visual"] != "full" || tree["comments"] != false {
			t.Errorf("%s: the condition has no visual form: %v", id, tree)
		}
		run := p.must(200, "POST", "/api/v1/workflows/"+id+"/test", object{})
		for _, step := range run["steps"].([]any) {
			s := step.(object)
			if request, _ := s["request"].(string); strings.Contains(request, "{{") || s["status"] == "failed" {
				t.Errorf("%s, step %v: %v\n%s", id, s["id"], s["reason"], request)
			}
		}
	}
}

// What only other triggers have is told with its reason, and codes are found by other words.
func TestTriggersTellWhatTheyLack(t *testing.T) {
	p := startProgram(t, nil)
	cart := p.must(200, "GET", "/api/v1/triggers/bigcommerce.cart_abandoned", nil)
	lacking := map[string]object{}
	for _, item := range cart["unavailable"].([]any) {
		lacking[item.(object)["root"].(string)] = item.(object)
	}
	order := lacking["BigCommerce | Order"]
	if order["group"] != "Order" || !strings.Contains(order["reason"].(string), "has not become an order") || !slices.Contains(order["codes"].([]any), any("BigCommerce | Order | id")) {
		t.Errorf("the order: %v", order)
	}
	if _, lacks := lacking["BigCommerce | Cart"]; lacks || lacking["BigCommerce | Shipment"] == nil || lacking["BigCommerce | Products"] == nil || len(lacking) != 5 {
		t.Errorf("a cart lacks %d objects: %v", len(lacking), lacking)
	}
	for _, item := range p.must(200, "GET", "/api/v1/triggers/bigcommerce.order_created", nil)["merge_codes"].([]any) {
		code := item.(object)
		if code["code"] == "BigCommerce | Order | billing_address | zip" && (code["group"] != "Order" || !slices.Contains(code["synonyms"].([]any), any("postcode"))) {
			t.Errorf("%v", code)
		}
	}
}
