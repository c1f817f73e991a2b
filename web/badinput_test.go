package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/web"
)

// importer is a server on a real engine and a real database, which imports workflows.
type importer struct {
	handler http.Handler
	token   string
}

func newImporter(t testing.TB) *importer {
	t.Helper()
	h := enginetest.New(t)
	server, err := web.New(web.Config{Engine: h.Engine, Loopback: true, Now: h.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	token, err := engine.CreateToken(t.Context(), h.Store, h.Clock.Now(), "importer", engine.Admin, 0)
	if err != nil {
		t.Fatal(err)
	}
	return &importer{handler: server.Handler(), token: token}
}

func (s *importer) ask(method, path string, body []byte) (int, []byte) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	r := httptest.NewRequest(method, "/api/v1/workflows"+path, reader)
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// imported is what a definition consists of, and what was found wrong with it.
type imported struct {
	Name      string          `json:"name"`
	Trigger   json.RawMessage `json:"trigger"`
	OncePer   string          `json:"once_per"`
	Condition string          `json:"condition"`
	Steps     json.RawMessage `json:"steps"`
	Problems  []place         `json:"problems"`
	Version   int             `json:"version"`
}

type place struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// read decodes an answer that must have the status.
func (s *importer) read(t *testing.T, want int, method, path string, body []byte) (out imported) {
	t.Helper()
	status, raw := s.ask(method, path, body)
	if status != want {
		t.Fatalf("%s %s: %d, want %d\n%q\n%s", method, path, status, want, body, raw)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
	}
	return out
}

// refused checks an answer that refuses what was sent: words, and a place for each error.
func refused(t *testing.T, status int, raw, body []byte) {
	t.Helper()
	var p struct {
		Detail string
		Errors []place
	}
	if err := json.Unmarshal(raw, &p); err != nil || status != 400 && status != 413 && status != 422 || p.Detail == "" || status != 413 && len(p.Errors) == 0 {
		t.Fatalf("%d for %q\n%s", status, body, raw)
	}
	placed(t, p.Errors, body)
}

func placed(t *testing.T, problems []place, body []byte) {
	t.Helper()
	for _, p := range problems {
		if p.Message == "" || p.Location != "body" && !strings.HasPrefix(p.Location, "body.") && !strings.HasPrefix(p.Location, "body[") {
			t.Errorf("a problem without words or place: %+v for %q", p, body)
		}
	}
}

// tryImport sends one text as a workflow. It is refused with places, or a draft; a draft comes back as it went in,
// can be tested, and is published when it has no problems: then the version is what the draft was.
func (s *importer) tryImport(t *testing.T, body []byte) (status int) {
	t.Helper()
	start := time.Now()
	status, raw := s.ask(http.MethodPut, "/imported", body)
	if status != 200 && status != 201 {
		refused(t, status, raw, body)
		return status
	}
	draft := s.read(t, 200, http.MethodGet, "/imported", nil)
	placed(t, draft.Problems, body)
	_, whole := s.ask(http.MethodGet, "/imported", nil)
	again := s.read(t, 200, http.MethodPut, "/imported", whole)
	same(t, "sent back as it was read", draft, again, body)
	if status, raw := s.ask(http.MethodPost, "/imported/test", []byte("{}")); status != 200 {
		t.Errorf("the test: %d for %q\n%s", status, body, raw)
	}
	if len(draft.Problems) > 0 {
		status, raw := s.ask(http.MethodPost, "/imported/publish", nil)
		if status != 422 {
			t.Fatalf("published with problems %v: %d for %q", draft.Problems, status, body)
		}
		refused(t, status, raw, body)
	} else {
		live := s.read(t, 200, http.MethodPost, "/imported/publish", nil)
		same(t, "published", draft, s.read(t, 200, http.MethodGet, fmt.Sprintf("/imported/versions/%d", live.Version), nil), body)
	}
	if status, raw := s.ask(http.MethodDelete, "/imported", nil); status != 204 {
		t.Fatalf("delete: %d %s", status, raw)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%.300q took %s", body, took)
	}
	return status
}

// same compares definitions: what was asked for, not what was found.
func same(t *testing.T, what string, a, b imported, body []byte) {
	t.Helper()
	a.Problems, b.Problems, a.Version, b.Version = nil, nil, 0, 0
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("%s: another definition (-before +after):\n%s\nof %q", what, diff, body)
	}
}

// importSeeds are workflows with all that they may have, and not quite.
func importSeeds() (all []string) {
	all = []string{
		`{"name":"a"}`, `{"name":"a","trigger":{"type":"test.happened","authentication_id":"test-source"},"steps":[{"id":"x","type":"test_act","config":{"text":"{{ Test | id }}"}}]}`,
		`{"name":"Full","id":"other","trigger":{"type":"test.happened","authentication_id":"test-source","config":{}},"once_per":"order","condition":"Test.amount >= 5 and any(Test.items, .quantity > 1)","steps":[
		 {"id":"b","type":"branch","branches":[{"name":"x","condition":"Test.id > 2","steps":[{"id":"end","type":"stop"}]},{"condition":"true","steps":[]}],"otherwise":[{"id":"d","type":"delay","config":{"for":"3d"}}]},
		 {"id":"c","type":"test_act","on_error":"continue","on_unknown":"hold","retry":{"attempts":5,"backoff":"constant","first":"5s","max":"1h"},"config":{"text":"{{#each Test | items}}{{ item | name }}{{/each}} {{ Steps | c | text }}"}}]}`,
		`{"name":"a","steps":[{"config":{"x":1e400,"y":[-0,9007199254740993]}}],"problems":1,"status":"x"}`, `{"name":"a","steps":[{"id":"a","type":"test_act","config":null},{"id":"a","branches":[{}],"otherwise":[{}]}]}`,
		`{"name":" ","trigger":null}`, `{"name":"a","trigger":{"config":{"a":{"a":{}}}}}`, `{"name":"a","steps":[{"retry":{}}]}`, `{"name":"a","steps":[{"retry":{"attempts":1.0}}]}`, `{"name":"a","steps":[{"id":"s","type":"stop","config":{"x":1}}]}`,
		"{\"name\":\"\u202e\u0000\"}", `{"name":"\ud800"}`, `{"name":"a","NAME":"b"}`, `[]`, `null`, `{`, "", `{"name":"` + strings.Repeat("é", 200) + `"}`, `{"name":"a","steps":[{"id":"x","type":"branch","branches":[{"steps":[{"id":"y","type":"branch","branches":[{"steps":null}],"otherwise":null}]}]}]}`,
	}
	return all
}

// B5: a workflow with every value of another kind is refused with places, or a draft that comes back as it went in.
func TestImportedWorkflowsOfOtherKinds(t *testing.T) {
	s, statuses := newImporter(t), map[int]int{}
	for _, seed := range importSeeds() {
		statuses[s.tryImport(t, []byte(seed))]++
	}
	for _, spoiled := range enginetest.Spoil(t, importSeeds()[2]) {
		statuses[s.tryImport(t, []byte(spoiled.JSON))]++
	}
	for _, condition := range enginetest.MalformedConditions()[:40] {
		raw, err := json.Marshal(map[string]any{"name": "a", "condition": condition})
		if err != nil {
			t.Fatal(err)
		}
		statuses[s.tryImport(t, raw)]++
	}
	if statuses[201] < 50 || statuses[422] < 50 {
		t.Errorf("answers %v, want many of both kinds", statuses)
	}
	t.Logf("imports: %v", statuses)
}

// FuzzWorkflowImport: whatever is sent as a workflow is refused with places or becomes a draft that the database,
// the compiler and publishing agree about. text takes the place of every "@" in body, so that what is mutated as
// text stays within JSON.
func FuzzWorkflowImport(f *testing.F) {
	for _, seed := range importSeeds() {
		f.Add([]byte(seed), "x")
	}
	const texts = `{"name":"@","trigger":{"type":"test.happened","authentication_id":"test-source"},"condition":"@","steps":[{"id":"x","type":"test_act","config":{"text":"@"}}]}`
	const places = `{"id":"@","name":"a","once_per":"@","steps":[{"id":"@","type":"@","config":{"@":"@"},"on_error":"@","retry":{"first":"@","max":"@","backoff":"@"},"branches":[{"name":"@","condition":"@"}]},{"id":"d","type":"delay","config":{"for":"@"}}]}`
	for _, text := range append(append(enginetest.HonestConditions()[:2], enginetest.MalformedConditions()[90:110]...), enginetest.StrangeTemplates()[:30]...) {
		f.Add([]byte(texts), text)
	}
	for _, text := range append(enginetest.StrangeNames()[:78], "3d", "order", "branch", "continue") {
		f.Add([]byte(places), text)
	}
	s := newImporter(f)
	f.Fuzz(func(t *testing.T, body []byte, text string) {
		inside, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		s.tryImport(t, append([]byte{}, bytes.ReplaceAll(body, []byte(`"@"`), inside)...))
	})
}
