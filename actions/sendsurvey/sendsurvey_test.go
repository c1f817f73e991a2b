package sendsurvey_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cartwheel/actions/sendsurvey"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

var update = flag.Bool("update", false, "write the golden files")

const key = "01890a5d-ac96-774b-bcce-b302099a8057-ask"

func newAction() *sendsurvey.Action { return sendsurvey.New(outbound.New(outbound.Options{})) }

func auth() engine.Auth {
	return engine.NewAuth("shop-mail", "Shop mail", "smtp", json.RawMessage(`{"host": "smtp.example.com", "from": "Shop <shop@example.com>"}`), 1, nil)
}

func preview(t *testing.T, config map[string]any) (string, error) {
	t.Helper()
	raw, err := json.Marshal(config)
	if err != nil {
		t.Fatalf("config: %v", err)
	}
	return newAction().Preview(engine.Request{Key: key, Config: raw, Auth: auth()})
}

func config(survey string, hidden map[string]string) map[string]any {
	return map[string]any{"to": "anna@example.com", "subject": "How was it?", "message": "<p>Hi</p>", "survey_url": survey, "hidden": hidden}
}

// TestTheExampleAsItGoes is the form of an Alchemer link with URL variables.
func TestTheExampleAsItGoes(t *testing.T) {
	got, err := newAction().Preview(engine.Request{Key: key, Config: newAction().Spec().Example, Auth: auth()})
	if err != nil {
		t.Fatalf("preview: %v", err)
	}
	golden := filepath.Join("testdata", "example.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("got\n%s\nwant\n%s\n%v", got, want, err)
	}
}

func TestTheLinkCarriesTheHiddenValues(t *testing.T) {
	for _, c := range []struct {
		name, survey string
		hidden       map[string]string
		want         string
	}{
		{"in the order of their names", "https://survey.example.com/s/1", map[string]string{"order": "100", "email": "anna@example.com"}, "https://survey.example.com/s/1?email=anna%40example.com&order=100"},
		{"none", "https://survey.example.com/s/1", nil, "https://survey.example.com/s/1"},
		{"its own stay as they are written", "https://survey.example.com/s/1?b=%20x&a", map[string]string{"c": "3"}, "https://survey.example.com/s/1?b=%20x&a&c=3"},
		{"its own win", "https://survey.example.com/s/1?order=7&x%79=1", map[string]string{"order": "100", "xy": "2", "z": "3"}, "https://survey.example.com/s/1?order=7&x%79=1&z=3"},
		{"before the fragment", "https://survey.example.com/s/1#start", map[string]string{"a": "1"}, "https://survey.example.com/s/1?a=1#start"},
		{"after an open query", "https://survey.example.com/s/1?", map[string]string{"a": "1"}, "https://survey.example.com/s/1?a=1"},
		{"after an open ampersand", "https://survey.example.com/s/1?b=2&", map[string]string{"a": "1", "c": "3"}, "https://survey.example.com/s/1?b=2&a=1&c=3"},
		{"encoded", "https://survey.example.com", map[string]string{"a b": `x&y=#?/"<>+ ä`}, "https://survey.example.com?a%20b=x%26y%3D%23%3F%2F%22%3C%3E%2B%20%C3%A4"},
		{"empty values stay", "https://survey.example.com/", map[string]string{"a": ""}, "https://survey.example.com/?a="},
		{"nameless values go", "https://survey.example.com/", map[string]string{"": "x"}, "https://survey.example.com/"},
	} {
		text, err := preview(t, config(c.survey, c.hidden))
		if err != nil || !strings.Contains(text, "Start the survey ("+c.want+")\n") {
			t.Errorf("%s: got\n%s\n%v\nwant the link %s", c.name, text, err, c.want)
		}
	}
}

func TestTheLinkStandsInTheMessage(t *testing.T) {
	for _, c := range []struct{ message, linkText, want string }{
		{"<p>Hi</p>", "Tell <us>", "<p>Hi</p>\n<p><a href=\"https://s.example.com/?a=1&amp;b=%22\">Tell &lt;us&gt;</a></p>\n"},
		{"<html><BODY><p>Hi</p></BODY></html>", "", "<p>Hi</p><p><a href=\"https://s.example.com/?a=1&amp;b=%22\">Start the survey</a></p></BODY></html>\n"},
		{"", "Go", "\n<p><a href=\"https://s.example.com/?a=1&amp;b=%22\">Go</a></p>\n"},
	} {
		conf := config("https://s.example.com/", map[string]string{"a": "1", "b": `"`})
		conf["message"], conf["link_text"] = c.message, c.linkText
		text, err := preview(t, conf)
		if err != nil || !strings.HasSuffix(text, c.want) {
			t.Errorf("%q: got\n%s\n%v\nwant it to end with\n%s", c.message, text, err, c.want)
		}
	}
}

func TestWhatCannotBeSentIsRefused(t *testing.T) {
	for _, c := range []struct{ name, survey, to string }{
		{"script", "javascript:alert(1)", "anna@example.com"},
		{"no link", "", "anna@example.com"},
		{"password in the link", "https://a:b@survey.example.com", "anna@example.com"},
		{"no recipient", "https://survey.example.com", ""},
		{"two recipients", "https://survey.example.com", "anna@example.com, eve@example.com"},
	} {
		conf := config(c.survey, nil)
		conf["to"] = c.to
		raw, _ := json.Marshal(conf)
		_, err := newAction().Do(t.Context(), engine.Request{Key: key, Config: raw, Auth: auth(), Begin: func(context.Context) error {
			t.Errorf("%s: begun", c.name)
			return nil
		}})
		if code := engine.CodeOf(err); code != engine.Rejected && code != engine.Invalid {
			t.Errorf("%s: got %v, want it refused", c.name, err)
		}
	}
}

func TestCheckConfig(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{`{"to": "{{ a }}", "survey_url": "{{ b }}"}`, ""},
		{`{"to": "anna", "from": "x", "reply_to": "y@", "survey_url": "example.com", "hidden": {"": "x"}}`, "to from reply_to survey_url hidden"},
	} {
		var places []string
		for _, p := range newAction().CheckConfig(json.RawMessage(c.config)) {
			places = append(places, p.Location)
		}
		if got := strings.Join(places, " "); got != c.want {
			t.Errorf("%s: got problems at %q, want %q", c.config, got, c.want)
		}
	}
}
