package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

func TestErrorsBecomeProblems(t *testing.T) {
	tests := []struct {
		code engine.Code
		want int
	}{
		{engine.Invalid, 422}, {engine.NotFound, 404}, {engine.Gone, 410}, {engine.Conflict, 409}, {engine.Stale, 412}, {engine.Denied, 403},
		{engine.Rejected, 422}, {engine.Temporary, 503}, {engine.UnknownOutcome, 500}, {engine.Internal, 500},
	}
	for _, tt := range tests {
		s := newSite(t)
		s.engine.err = fmt.Errorf("wrapped: %w", &engine.Error{Code: tt.code, Message: "What it is.", Err: fmt.Errorf("the cause"),
			Problems: []merge.Problem{{Location: "body.steps[0].config.url", Message: "Wrong.", Line: 2, Column: 3, Suggestion: "x"}}})
		got := s.ask(engine.Admin, "GET", "/api/v1/workflows/ask", "")
		f := got.problem(t)
		if got.status != tt.want || strings.Contains(got.body, "the cause") {
			t.Errorf("%s: %d, want %d\n%s", tt.code, got.status, tt.want, got.body)
		}
		if tt.want != 500 && (f.Detail != "What it is." || f.locations() != "body.steps[0].config.url" || f.Errors[0].Line != 2 || f.Errors[0].Suggestion != "x") {
			t.Errorf("%s: %s", tt.code, got.body)
		}
		if tt.want == 500 && (!strings.Contains(s.log.String(), "the cause") || strings.Contains(got.body, "What it is")) {
			t.Errorf("%s: answer %s, log %s", tt.code, got.body, s.log)
		}
	}
}

func TestPublishIsRefusedWithEveryProblem(t *testing.T) {
	s := newSite(t)
	s.engine.err = &engine.Error{Code: engine.Invalid, Message: "The draft has problems.", Problems: []merge.Problem{{Location: "body.a"}, {Location: "body.b"}}}
	if f := s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/publish", "").problem(t); f.Status != 422 || f.locations() != "body.a body.b" {
		t.Errorf("got %+v", f)
	}
}

func TestAStoresRefusalIsNotTheCallersRole(t *testing.T) {
	s := newSite(t)
	s.engine.err = engine.Errorf(engine.Denied, "The store refused the token.")
	got := s.ask(engine.Editor, "POST", "/api/v1/triggers/t/sample", `{"authentication_id":"store","id":"251"}`)
	if f := got.problem(t); f.Status != 422 || f.Detail != "The store refused the token." {
		t.Errorf("got %+v", f)
	}
}

func TestPreconditions(t *testing.T) {
	tests := []struct {
		name, method, target, ifMatch string
		missing                       bool
		status                        int
		revision                      int64
	}{
		{"none", "PUT", "/api/v1/workflows/ask", "", false, 200, 0},
		{"current", "PUT", "/api/v1/workflows/ask", `"7"`, false, 200, 7},
		{"weak", "PUT", "/api/v1/workflows/ask", `W/"7"`, false, 200, 7},
		{"stale", "PUT", "/api/v1/workflows/ask", `"6"`, false, 412, 6},
		{"any", "PUT", "/api/v1/workflows/ask", `*`, false, 200, 0},
		{"any, but nothing is there", "PUT", "/api/v1/workflows/ask", `*`, true, 412, 0},
		{"one, but nothing is there", "PUT", "/api/v1/workflows/ask", `"7"`, true, 412, 0},
		{"zero is nobody's", "PUT", "/api/v1/workflows/ask", `"0"`, false, 412, 0},
		{"negative", "PUT", "/api/v1/workflows/ask", `"-7"`, false, 412, 0},
		{"not ours", "PUT", "/api/v1/workflows/ask", `"abc"`, false, 412, 0},
		{"no quotes", "PUT", "/api/v1/workflows/ask", `7`, false, 422, 0},
		{"several", "PUT", "/api/v1/workflows/ask", `"6", "7"`, false, 422, 0},
		{"delete", "DELETE", "/api/v1/workflows/ask", `"7"`, false, 204, 7},
		{"delete, not ours", "DELETE", "/api/v1/workflows/ask", `"x"`, false, 412, 0},
		{"publish", "POST", "/api/v1/workflows/ask/publish", `"7"`, false, 200, 7},
		{"pause, current", "POST", "/api/v1/workflows/ask/pause", `"7"`, false, 200, 0},
		{"pause, stale", "POST", "/api/v1/workflows/ask/pause", `"6"`, false, 412, 0},
		{"retry, current", "POST", "/api/v1/runs/run1/retry", `"9"`, false, 200, 0},
		{"retry, stale", "POST", "/api/v1/runs/run1/retry", `"8"`, false, 412, 0},
		{"patch", "PATCH", "/api/v1/authentications/store", `"3"`, false, 200, 3},
		{"delete authentication", "DELETE", "/api/v1/authentications/store", `"3"`, false, 204, 3},
	}
	for _, tt := range tests {
		s := newSite(t)
		s.engine.missing = tt.missing
		body := ""
		if tt.method == "PUT" || tt.method == "PATCH" {
			body = `{"name":"a"}`
		}
		got := s.ask(engine.Admin, tt.method, tt.target, body, "If-Match", tt.ifMatch)
		if got.status != tt.status || s.engine.revision != tt.revision {
			t.Errorf("%s: %d with revision %d, want %d with %d\n%s", tt.name, got.status, s.engine.revision, tt.status, tt.revision, got.body)
		}
		if tt.status == 412 && (strings.Contains(strings.Join(s.engine.calls, " "), "PauseWorkflow") || strings.Contains(strings.Join(s.engine.calls, " "), "RetryRun")) {
			t.Errorf("%s: done all the same: %v", tt.name, s.engine.calls)
		}
	}
}

func TestPutAnswers201ForANewWorkflow(t *testing.T) {
	s := newSite(t)
	s.engine.created = true
	got := s.ask(engine.Editor, "PUT", "/api/v1/workflows/ask", `{"name":"Ask","id":"elsewhere"}`)
	if got.status != 201 || got.header.Get("Location") != "/api/v1/workflows/ask" || s.engine.id != "ask" {
		t.Errorf("got %d %q for %q", got.status, got.header.Get("Location"), s.engine.id)
	}
}

func TestListsArePaged(t *testing.T) {
	s := newSite(t)
	s.engine.next = "abc"
	got := s.ask(engine.Viewer, "GET", "/api/v1/runs?limit=7&cursor=xyz", "")
	if !strings.Contains(got.body, `"next_cursor":"abc"`) || s.engine.page != (engine.Page{Limit: 7, Cursor: "xyz"}) {
		t.Errorf("page %+v gave %s", s.engine.page, got.body)
	}
	s.ask(engine.Viewer, "GET", "/api/v1/events", "")
	if s.engine.page.Limit != 50 {
		t.Errorf("limit %d without one, want 50", s.engine.page.Limit)
	}
	first := s.ask(engine.Viewer, "GET", "/api/v1/triggers?limit=1", "")
	if !strings.Contains(first.body, `"next_cursor":"bigcommerce.order_created"`) || strings.Contains(first.body, "cart_abandoned") {
		t.Errorf("first page of triggers: %s", first.body)
	}
	second := s.ask(engine.Viewer, "GET", "/api/v1/triggers?limit=1&cursor=bigcommerce.order_created", "")
	if !strings.Contains(second.body, `"next_cursor":null`) || !strings.Contains(second.body, "cart_abandoned") {
		t.Errorf("second page of triggers: %s", second.body)
	}
}

func TestParametersAreChecked(t *testing.T) {
	tests := map[string]string{
		"/api/v1/runs?limit=0":                            "query.limit",
		"/api/v1/runs?limit=201":                          "query.limit",
		"/api/v1/runs?limit=-1":                           "query.limit",
		"/api/v1/runs?limit=many":                         "query.limit",
		"/api/v1/runs?limit=1e2":                          "query.limit",
		"/api/v1/runs?status=dead":                        "query.status",
		"/api/v1/workflows?status=x":                      "query.status",
		"/api/v1/events?stauts=done":                      "query.stauts",
		"/api/v1/triggers?cursor=nothing":                 "query.cursor",
		"/api/v1/workflows/a/versions/x":                  "path.version",
		"/api/v1/workflows/a/versions/0":                  "path.version",
		"/api/v1/runs?cursor=" + strings.Repeat("x", 501): "query.cursor",
	}
	s := newSite(t)
	for target, want := range tests {
		if f := s.ask(engine.Viewer, "GET", target, "").problem(t); f.Status != 422 || f.locations() != want {
			t.Errorf("%.60s: %d at %q, want 422 at %q", target, f.Status, f.locations(), want)
		}
	}
	s.engine.err = engine.Errorf(engine.Invalid, "bad cursor")
	if f := s.ask(engine.Viewer, "GET", "/api/v1/runs?cursor=x", "").problem(t); f.Status != 422 || f.locations() != "query.cursor" {
		t.Errorf("a cursor that the engine refuses: %+v", f)
	}
}

func TestFiltersReachTheEngine(t *testing.T) {
	s := newSite(t)
	s.ask(engine.Viewer, "GET", "/api/v1/workflows?status=live&authentication_id=store&q=as", "")
	s.ask(engine.Viewer, "GET", "/api/v1/events?trigger=t&entity=order/251&email=a@example.com&status=done&authentication_id=store", "")
	s.ask(engine.Viewer, "GET", "/api/v1/runs?workflow_id=w&status=failed&event_id=e&email=a@example.com&authentication_id=store", "")
	if diff := cmp.Diff(engine.WorkflowFilter{Status: "live", AuthenticationID: "store", Query: "as"}, s.engine.workflows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(engine.EventFilter{Trigger: "t", Entity: "order/251", Email: "a@example.com", AuthenticationID: "store", Status: "done"}, s.engine.events); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(engine.RunFilter{WorkflowID: "w", EventID: "e", Email: "a@example.com", AuthenticationID: "store", Status: "failed"}, s.engine.runs); diff != "" {
		t.Error(diff)
	}
}

func TestDefinitionsReachTheEngineWhole(t *testing.T) {
	s := newSite(t)
	s.ask(engine.Editor, "POST", "/api/v1/workflows", `{"id":"mine","name":"A","trigger":{"type":"t","authentication_id":"s","config":{"n":1.50}},"once_per":"order","condition":"true",
		"steps":[{"id":"b","type":"branch","branches":[{"name":"x","condition":"false","steps":[{"id":"c","type":"stop"}]}],"otherwise":[{"id":"d","type":"delay","config":{"for":"3d"}}],
		"on_error":"continue","on_unknown":"hold","retry":{"attempts":2,"backoff":"constant","first":"1s","max":"2s"}}]}`)
	want := engine.Definition{Name: "A", Trigger: engine.TriggerRef{Type: "t", AuthenticationID: "s", Config: []byte(`{"n":1.50}`)}, OncePer: "order", Condition: "true",
		Steps: []engine.Step{{ID: "b", Type: "branch", OnError: "continue", OnUnknown: "hold", Retry: &engine.Retry{Attempts: 2, Backoff: "constant", First: "1s", Max: "2s"},
			Branches:  []engine.Branch{{Name: "x", Condition: "false", Steps: []engine.Step{{ID: "c", Type: "stop"}}}},
			Otherwise: []engine.Step{{ID: "d", Type: "delay", Config: []byte(`{"for":"3d"}`)}}}}}
	if diff := cmp.Diff(want, s.engine.definition); diff != "" || s.engine.id != "mine" {
		t.Errorf("id %q\n%s", s.engine.id, diff)
	}
}

func TestPublishTellsWhoAndWhy(t *testing.T) {
	s := newSite(t)
	s.ask(engine.Editor, "POST", "/api/v1/workflows/ask/publish", `{"note":"spring"}`)
	if s.engine.note != "spring" || s.engine.actor != (engine.Actor{Kind: engine.TokenActor, ID: "editor-token", Name: "token editor", Role: engine.Editor, IP: "192.0.2.1"}) {
		t.Errorf("note %q by %+v", s.engine.note, s.engine.actor)
	}
}

func TestSecretsStayUnlessTheyAreNamed(t *testing.T) {
	s := newSite(t)
	got := s.ask(engine.Admin, "PATCH", "/api/v1/authentications/store", `{"secrets":{"access_token":"new-token","client_secret":null,"client_id":{"set":true,"last4":"x"}}}`)
	if got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	p := s.engine.patch
	if removed, named := p.Secrets["client_secret"]; len(p.Secrets) != 2 || *p.Secrets["access_token"] != "new-token" || !named || removed != nil || p.Name != nil || p.Config != nil {
		t.Errorf("got %+v", p)
	}
	for body, want := range map[string]string{`{"secrets":{"access_token":5}}`: "body.secrets.access_token", `{"secrets":{"access_token":{"value":"x"}}}`: "body.secrets.access_token", `{"type":"smtp"}`: "body.type", `{"name":""}`: "body.name"} {
		if f := s.ask(engine.Admin, "PATCH", "/api/v1/authentications/store", body).problem(t); f.Status != 422 || f.locations() != want {
			t.Errorf("%s: %d at %q, want 422 at %q", body, f.Status, f.locations(), want)
		}
	}
}

func TestPreviewsTakeAnEventOrAPayload(t *testing.T) {
	s := newSite(t)
	const payload = `{"BigCommerce":{"Order":{"id":9007199254740993,"total":"30.0000","Id":1e400}}}`
	tests := []struct{ target, rest string }{
		{"/api/v1/merge/preview", `"template":"x","trigger":{"type":"t"}`},
		{"/api/v1/conditions/check", `"condition":"x","trigger":{"type":"t"}`},
		{"/api/v1/workflows/ask/test", ""},
	}
	for _, tt := range tests {
		join := func(extra string) string { return "{" + strings.Trim(tt.rest+","+extra, ",") + "}" }
		s.ask(engine.Editor, "POST", tt.target, join(`"payload":`+payload))
		if got := s.engine.source.Payload; got == nil || merge.JSON(*got) != payload {
			t.Errorf("%s: payload %v", tt.target, got)
		}
		s.ask(engine.Editor, "POST", tt.target, join(`"event_id":"ev1"`))
		if s.engine.source.EventID != "ev1" || s.engine.source.Payload != nil {
			t.Errorf("%s: source %+v", tt.target, s.engine.source)
		}
		if got := s.ask(engine.Editor, "POST", tt.target, join("")); got.status != 200 || s.engine.source != (engine.Source{}) {
			t.Errorf("%s: neither: %d, %+v", tt.target, got.status, s.engine.source)
		}
		if f := s.ask(engine.Editor, "POST", tt.target, join(`"event_id":"ev1","payload":{}`)).problem(t); f.Status != 422 || f.locations() != "body.payload" {
			t.Errorf("%s: both: %+v", tt.target, f)
		}
		if f := s.ask(engine.Editor, "POST", tt.target, join(`"payload":[]`)).problem(t); f.Status != 422 || f.locations() != "body.payload" {
			t.Errorf("%s: a list: %+v", tt.target, f)
		}
	}
	if f := s.ask(engine.Editor, "POST", "/api/v1/merge/preview", `{"template":"x","format":"pdf","trigger":{"type":"t"}}`).problem(t); f.locations() != "body.format" {
		t.Errorf("unknown format: %+v", f)
	}
}

func TestSampleIdsAreTextsOrNumbers(t *testing.T) {
	s := newSite(t)
	for id, want := range map[string]string{`251`: "251", `"251"`: "251", `"0f1e-cart"`: "0f1e-cart"} {
		s.ask(engine.Editor, "POST", "/api/v1/triggers/t/sample", `{"authentication_id":"store","id":`+id+`}`)
		if s.engine.id != "t/store/"+want {
			t.Errorf("id %s became %q", id, s.engine.id)
		}
	}
	for _, id := range []string{`null`, `""`, `{}`, `1.5`, `true`} {
		if got := s.ask(engine.Editor, "POST", "/api/v1/triggers/t/sample", `{"authentication_id":"store","id":`+id+`}`); got.status != 422 {
			t.Errorf("id %s: %d, want 422", id, got.status)
		}
	}
}
