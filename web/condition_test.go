package web_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"cartwheel/engine"
	"cartwheel/web"
)

const treeText = `{"kind":"group","combinator":"and","not":false,"rules":[` +
	`{"kind":"rule","code":"BigCommerce.Order.id","operator":"eq","value":9007199254740993,"or_missing":true},` +
	`{"kind":"rule","code":"BigCommerce.Order.status","operator":"in","value":["Shipped",1.50,true],"or_missing":false},` +
	`{"kind":"list","code":"BigCommerce.Products","quantifier":"at_least","count":2,"rules":{"kind":"group","combinator":"or","not":true,"rules":[` +
	`{"kind":"rule","code":".sku","operator":"starts_with","value":"TEE-","or_missing":false}]}},` +
	`{"kind":"sum","code":"BigCommerce.Products","item":".quantity","operator":"gt","value":5},` +
	`{"kind":"raw","text":"len(x) \u003e 3"}]}`

func TestConditionsTravelAsRows(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Editor, "POST", "/api/v1/conditions/parse", `{"condition":"x","trigger":{"type":"t"}}`)
	var answer struct {
		Rules    json.RawMessage `json:"rules"`
		Visual   string          `json:"visual"`
		Comments bool            `json:"comments"`
		Problems []any           `json:"problems"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || string(answer.Rules) != treeText || answer.Visual != "partial" || !answer.Comments || len(answer.Problems) != 1 {
		t.Errorf("%d %v\n got %s\nwant %s", got.status, err, got.body, treeText)
	}
	back := s.ask(engine.Editor, "POST", "/api/v1/conditions/format", `{"rules":`+treeText+`,"trigger":{"type":"t"}}`)
	if back.status != 200 || !reflect.DeepEqual(s.engine.root, sampleTree()) || !strings.Contains(back.body, `"condition":"true"`) {
		t.Errorf("%d %s\nread %+v", back.status, back.body, s.engine.root)
	}
}

func TestRowsAreChecked(t *testing.T) {
	s := newSite(t)
	in := func(row string) string {
		return `{"rules":{"kind":"group","combinator":"and","rules":[` + row + `]},"trigger":{"type":"t"}}`
	}
	tests := []struct{ name, body, location string }{
		{"no kind", in(`{"code":"x"}`), "body.rules.rules[0].kind"},
		{"strange kind", in(`{"kind":"poem"}`), "body.rules.rules[0]"},
		{"no text", in(`{"kind":"raw"}`), "body.rules.rules[0].text"},
		{"strange operator", in(`{"kind":"rule","code":"x","operator":"sounds_like"}`), "body.rules.rules[0].operator"},
		{"unknown field", in(`{"kind":"raw","text":"x","size":1}`), "body.rules.rules[0].size"},
		{"within a list", in(`{"kind":"list","code":"x","quantifier":"any","rules":{"kind":"group","combinator":"xor","rules":[]}}`), "body.rules.rules[0].rules.combinator"},
		{"negative count", in(`{"kind":"list","code":"x","quantifier":"any","count":-1,"rules":{"kind":"group","combinator":"or","rules":[]}}`), "body.rules.rules[0].count"},
		{"no group", `{"rules":{"kind":"rule","code":"x","operator":"eq"},"trigger":{"type":"t"}}`, ""},
	}
	for _, tt := range tests {
		s.engine.calls = nil
		got := s.ask(engine.Editor, "POST", "/api/v1/conditions/format", tt.body)
		if p := got.problem(t); got.status != 422 || !strings.Contains(p.locations(), tt.location) || len(s.engine.calls) > 0 {
			t.Errorf("%s: %d at %q, want 422 at %s", tt.name, got.status, p.locations(), tt.location)
		}
	}
	if got := s.ask(engine.Editor, "POST", "/api/v1/conditions/format", in(`{"kind":"rule","code":"x","operator":"missing"}`)); got.status != 200 {
		t.Errorf("what may be left out: %d %s", got.status, got.body)
	}
}

func TestFillRatesAndWhatIsNotThere(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Viewer, "GET", "/api/v1/triggers/bigcommerce.order_created/fill?authentication_id=store", "")
	if want := `{"events":200,"codes":{"BigCommerce | Order | id":{"seen":200,"filled":199}}}`; strings.TrimSpace(got.body) != want || s.engine.id != "bigcommerce.order_created" || s.engine.note != "store" {
		t.Errorf("%d %s, asked for %s of %s", got.status, got.body, s.engine.id, s.engine.note)
	}
	trigger := s.ask(engine.Viewer, "GET", "/api/v1/triggers/x", "").body
	for _, want := range []string{`"group":"Order"`, `"group":"Products"`, `"unavailable":[{"root":"BigCommerce | Cart","group":"Cart","reason":"It is gone.","codes":["BigCommerce | Cart | id"]}]`} {
		if !strings.Contains(trigger, want) {
			t.Errorf("the trigger lacks %s: %s", want, trigger)
		}
	}
}

func TestTemplatesAreListed(t *testing.T) {
	s := newSite(t, func(c *web.Config) {
		c.Templates = []web.Template{{ID: "ask", Title: "Ask", Summary: "Asks.", Needs: []string{"smtp"}, Workflow: engine.Definition{Name: "Ask",
			Trigger: engine.TriggerRef{Type: "bigcommerce.order_created"}, Condition: "true",
			Steps: []engine.Step{{ID: "a", Type: "stop", Disabled: true}}}}}
	})
	got := s.ask(engine.Viewer, "GET", "/api/v1/templates", "")
	for _, want := range []string{`"id":"ask"`, `"needs":["smtp"]`, `"once_per":"event"`, `"disabled":true`, `"type":"bigcommerce.order_created"`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%d: no %s in %s", got.status, want, got.body)
		}
	}
	if none := newSite(t).ask(engine.Viewer, "GET", "/api/v1/templates", ""); strings.TrimSpace(none.body) != `{"items":[]}` {
		t.Errorf("without any: %s", none.body)
	}
}

func TestDisabledStepsReachTheEngine(t *testing.T) {
	s := newSite(t)
	s.ask(engine.Editor, "POST", "/api/v1/workflows", `{"name":"x","steps":[{"id":"a","type":"stop","disabled":true},{"id":"b","type":"stop"}]}`)
	if steps := s.engine.definition.Steps; len(steps) != 2 || !steps[0].Disabled || steps[1].Disabled {
		t.Errorf("%+v", steps)
	}
}
