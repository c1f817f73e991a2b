package bigcommerce_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/triggers/bigcommerce"
	"cartwheel/triggers/bigcommerce/bcsim"
)

func TestNormalizeFindsTheHash(t *testing.T) {
	const public = "https://api.bigcommerce.com"
	for _, tt := range []struct{ hash, base, wantHash, wantBase string }{
		{"k7mq2zt9ax", "", "k7mq2zt9ax", public},
		{"  K7MQ2zt9ax ", "", "k7mq2zt9ax", public},
		{"https://api.bigcommerce.com/stores/k7mq2zt9ax/v3/", "", "k7mq2zt9ax", public},
		{"stores/k7mq2zt9ax", "", "k7mq2zt9ax", public},
		{"/stores/k7mq2zt9ax/v2", "", "k7mq2zt9ax", public},
		{"https://store-k7mq2zt9ax.mybigcommerce.com/manage/settings", "", "k7mq2zt9ax", public},
		{"store-k7mq2zt9ax-1.mybigcommerce.com", "", "k7mq2zt9ax", public},
		{"http://127.0.0.1:9090/stores/k7mq2zt9ax/v3/", "", "k7mq2zt9ax", "http://127.0.0.1:9090"},
		{"k7mq2zt9ax", "https://API.bigcommerce.com/stores/k7mq2zt9ax/v3/", "k7mq2zt9ax", public},
		{"k7mq2zt9ax", "http://localhost:9090/", "k7mq2zt9ax", "http://localhost:9090"},
		{"k7mq2zt9ax", "http://sim:9090", "k7mq2zt9ax", "http://sim:9090"},
		{"k7mq2zt9ax", "https://proxy.example.com/bigcommerce/", "k7mq2zt9ax", "https://proxy.example.com/bigcommerce"},
	} {
		in, _ := json.Marshal(map[string]string{"store_hash": tt.hash, "api_base_url": tt.base})
		out, problems := bigcommerce.AuthType{}.Normalize(in)
		want := `{"store_hash":"` + tt.wantHash + `","api_base_url":"` + tt.wantBase + `","signature":"if_present"}`
		if string(out) != want || problems != nil {
			t.Errorf("%s: got %s, problems %v; want %s", in, out, problems, want)
		}
		if again, problems := (bigcommerce.AuthType{}).Normalize(out); string(again) != want || problems != nil {
			t.Errorf("%s: normalized again it is %s, %v", in, again, problems)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for config, want := range map[string]string{
		`{}`:                   "store_hash",
		`{"store_hash":"a b"}`: "store_hash",
		`{"store_hash":"https://larkspur.example.com"}`:                    "store_hash",
		`{"store_hash":"../../x"}`:                                         "store_hash",
		`{"store_hash":"abc123","api_base_url":"http://api.example.com"}`:  "api_base_url",
		`{"store_hash":"abc123","api_base_url":"http://203.0.113.9"}`:      "api_base_url",
		`{"store_hash":"abc123","api_base_url":"ftp://api.example.com"}`:   "api_base_url",
		`{"store_hash":"abc123","api_base_url":"https://a:b@example.com"}`: "api_base_url",
		`{"store_hash":"abc123","api_base_url":"https://example.com?x=1"}`: "api_base_url",
		`{"store_hash":"abc123","api_base_url":"nonsense"}`:                "api_base_url",
		`{"store_hash":"abc123","signature":"sometimes"}`:                  "signature",
		`{"store_hash":5}`: "",
	} {
		out, problems := bigcommerce.AuthType{}.Normalize(json.RawMessage(config))
		if len(problems) != 1 || problems[0].Location != want || out != nil {
			t.Errorf("%s: got %s, problems %v; want one at %q", config, out, problems, want)
		}
	}
}

func TestSpecListsTheSecrets(t *testing.T) {
	var secrets []string
	spec := bigcommerce.AuthType{}.Spec()
	for _, f := range spec.Fields {
		if f.Secret {
			secrets = append(secrets, f.Name)
		}
	}
	if diff := cmp.Diff([]string{"access_token", "client_id", "client_secret"}, secrets); diff != "" || spec.Type != "bigcommerce" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	if _, problems := (bigcommerce.AuthType{}).Normalize(spec.Example); problems != nil {
		t.Errorf("the example has problems: %v", problems)
	}
}

func checks(t *testing.T, s *sim) map[string]engine.Check {
	t.Helper()
	list, err := bigcommerce.NewAuthType(s.client).Test(context.Background(), s.auth)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]engine.Check{}
	for _, c := range list {
		out[c.Name] = c
	}
	return out
}

func TestTestSaysCheckByCheckWhatWorks(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	got := checks(t, s)
	for _, name := range []string{"Store", "Orders", "Customers", "Carts", "Channels", "Hooks"} {
		if !got[name].OK {
			t.Errorf("%s: got %+v", name, got[name])
		}
	}
	if !strings.Contains(got["Store"].Detail, "time zone") {
		t.Errorf("Store: got %q", got["Store"].Detail)
	}
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("the test wrote: %s %s", r.Method, r.Path)
		}
	}
}

func TestTestNamesMissingScopes(t *testing.T) {
	s := newSim(t, bcsim.Config{Scopes: []string{"store_v2_information_read_only", "store_v2_orders_read_only"}})
	got := checks(t, s)
	for name, want := range map[string]string{"Store": "", "Orders": "", "Hooks": "", "Customers": "Customers read-only", "Carts": "Carts read-only", "Channels": "Channel Settings read-only"} {
		if c := got[name]; c.OK != (want == "") || !strings.Contains(c.Detail, want) {
			t.Errorf("%s: got %+v, want %q", name, c, want)
		}
	}
}

func TestTestOfARevokedToken(t *testing.T) {
	s := newSim(t, bcsim.Config{AccessToken: "another"})
	for name, c := range checks(t, s) {
		if c.OK || strings.Contains(c.Detail, token) {
			t.Errorf("%s: got %+v", name, c)
		}
	}
	if n := len(s.Requests()); n != 1 {
		t.Errorf("got %d requests, want one", n)
	}
}

func TestTestOfRequiredSignaturesWithoutSecret(t *testing.T) {
	s := newSim(t, bcsim.Config{})
	config := strings.Replace(string(s.auth.Config), "{", `{"signature":"required",`, 1)
	s.auth = auth(config)
	if c := checks(t, s)["Signatures"]; c.OK || !strings.Contains(c.Detail, "client_secret") {
		t.Errorf("got %+v", c)
	}
	s.auth = auth(config, "client_secret", "x")
	if c := checks(t, s)["Signatures"]; !c.OK {
		t.Errorf("got %+v", c)
	}
}
