package sendemail_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cartwheel/actions/sendemail"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func TestATestMailGoesToTheTesterAlone(t *testing.T) {
	for _, c := range []struct {
		name, config, want, recipient string
	}{
		{"html", `{"authentication_id":"shop-mail","to":"Anna <anna@example.com>","subject":"Hi","html":"<p>Hello</p>","reply_to":"anna@example.com","from":"shop@example.com"}`,
			`{"authentication_id":"shop-mail","to":"tester@example.net","subject":"[Test] Hi","html":"<p><strong>This is a test. A live run would send this mail to Anna &lt;anna@example.com&gt;.</strong></p>\n<p>Hello</p>","reply_to":"","from":"shop@example.com"}`, "anna@example.com"},
		{"both parts", `{"to":"anna@example.com","subject":"Hi","html":"x","text":"y"}`,
			`{"to":"tester@example.net","subject":"[Test] Hi","html":"<p><strong>This is a test. A live run would send this mail to anna@example.com.</strong></p>\nx","text":"This is a test. A live run would send this mail to anna@example.com.\n\ny"}`, "anna@example.com"},
	} {
		got, recipient, err := newAction().Redirect(json.RawMessage(c.config), "tester@example.net")
		if err != nil || !sameJSON(t, got, c.want) || recipient != c.recipient {
			t.Errorf("%s: got %s, %q, %v\nwant %s", c.name, got, recipient, err, c.want)
		}
	}
	for name, config := range map[string]string{"no recipient": `{"to":" ","subject":"x","text":"x"}`, "two": `{"to":"a@example.com,b@example.com","subject":"x","text":"x"}`} {
		if _, _, err := newAction().Redirect(json.RawMessage(config), "tester@example.net"); engine.CodeOf(err) != engine.Rejected {
			t.Errorf("%s: %v: a live run would not send it either", name, err)
		}
	}
}

func sameJSON(t *testing.T, got json.RawMessage, want string) bool {
	t.Helper()
	var a, b any
	if err := errors.Join(json.Unmarshal(got, &a), json.Unmarshal([]byte(want), &b)); err != nil {
		t.Fatal(err)
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestATestMailSaysWhyItFailed(t *testing.T) {
	smtp := sendemail.NewSMTP(outbound.New(outbound.Options{}))
	local := engine.NewAuth("m", "M", "smtp", json.RawMessage(`{"host":"127.0.0.1","port":2525,"from":"shop@example.com","encryption":"none"}`), 1, nil)
	check := smtp.SendTestMail(t.Context(), local, "tester@example.net", func(context.Context) error {
		t.Error("begun, although nothing can be reached")
		return nil
	})
	if check.OK || check.Name != "Test mail" || !strings.Contains(check.Detail, "--allow-private") {
		t.Errorf("%+v", check)
	}
}
