package sendemail_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"cartwheel/actions/sendemail"
	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

const key = "01890a5d-ac96-774b-bcce-b302099a8057-mail"

func auth() engine.Auth {
	return engine.NewAuth("shop-mail", "Shop mail", "smtp", json.RawMessage(`{"host": "smtp.example.com", "from": "Shop <shop@example.com>"}`), 1, nil)
}

func newAction() *sendemail.Action { return sendemail.New(outbound.New(outbound.Options{})) }

func TestAMailIsPreviewedAsItGoes(t *testing.T) {
	for _, c := range []struct {
		name, config, want string
		auth               engine.Auth
	}{
		{"html", `{"to": "Anna <anna@example.com>", "subject": "Hi\nthere", "html": "<p>Hello</p>", "reply_to": "help@example.com"}`,
			"From: Shop <shop@example.com>\nTo: Anna <anna@example.com>\nReply-To: help@example.com\nSubject: Hi there\nMessage-ID: <01890a5d-ac96-774b-bcce-b302099a8057.mail@example.com>\n\nHello\n\n--- HTML ---\n<p>Hello</p>\n", auth()},
		{"text and sender", `{"to": "anna@example.com", "subject": "Hi", "text": "Hello", "from": "Other <other@mail.example.net>"}`,
			"From: Other <other@mail.example.net>\nTo: anna@example.com\nSubject: Hi\nMessage-ID: <01890a5d-ac96-774b-bcce-b302099a8057.mail@mail.example.net>\n\nHello\n", auth()},
		{"without authentication", `{"to": "anna@example.com", "subject": "Hi", "text": "Hello"}`, "To: anna@example.com\nSubject: Hi\n\nHello\n", engine.Auth{}},
	} {
		got, err := newAction().Preview(engine.Request{Key: key, Config: json.RawMessage(c.config), Auth: c.auth})
		if err != nil || got != c.want {
			t.Errorf("%s: got\n%s\n%v\nwant\n%s", c.name, got, err, c.want)
		}
	}
}

func TestWhatCannotBeSentIsRefused(t *testing.T) {
	for _, c := range []struct{ name, config, says string }{
		{"no recipient", `{"to": " ", "subject": "x", "text": "x"}`, "has no recipient: the value of to was empty"},
		{"two recipients", `{"to": "anna@example.com,eve@example.com", "subject": "x", "text": "x"}`, "must be one e-mail address"},
		{"a line break", `{"to": "anna@example.com\r\nBcc: eve@example.com", "subject": "x", "text": "x"}`, "must be one e-mail address"},
		{"reply to two", `{"to": "anna@example.com", "reply_to": "a@example.com b@example.com", "subject": "x", "text": "x"}`, "reply_to must be one"},
		{"nothing to read", `{"to": "anna@example.com", "subject": "x"}`, "The mail is empty"},
		{"a list for a text", `{"to": ["anna@example.com"], "subject": "x", "text": "x"}`, "Save the workflow again"},
		{"a path for a text", `{"to": {"path": "/etc/passwd"}, "subject": "x", "text": "x"}`, "Save the workflow again"},
	} {
		_, err := newAction().Do(t.Context(), engine.Request{Key: key, Config: json.RawMessage(c.config), Auth: auth(), Begin: func(context.Context) error {
			t.Errorf("%s: begun", c.name)
			return nil
		}})
		if code := engine.CodeOf(err); code != engine.Rejected && code != engine.Invalid || !strings.Contains(engine.MessageOf(err), c.says) {
			t.Errorf("%s: got %q %v, want a refusal with %q", c.name, code, err, c.says)
		}
	}
}

func TestAMailIsNotRepeated(t *testing.T) {
	if _, repeats := any(newAction()).(engine.Repeater); repeats {
		t.Error("send_email is a Repeater; a mail server cannot tell a repetition")
	}
}

func TestCheckConfig(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{`{"to": "{{ BigCommerce | Customer | email }}", "html": "x"}`, ""},
		{`{"to": "anna", "from": "x", "reply_to": "y@"}`, "to from reply_to html"},
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

func TestNormalizeAMailServer(t *testing.T) {
	for _, c := range []struct{ name, config, want string }{ // want: the config, or where the problems are
		{"defaults", `{"host": "SMTP.Example.com.", "from": " Shop  <shop@example.com> "}`, `{"host":"smtp.example.com","port":587,"from":"Shop \u003cshop@example.com\u003e","encryption":"starttls"}`},
		{"tls", `{"host": "smtp.example.com", "username": "u", "from": "shop@example.com", "encryption": "tls"}`, `{"host":"smtp.example.com","port":465,"username":"u","from":"shop@example.com","encryption":"tls"}`},
		{"none", `{"host": "127.0.0.1", "from": "shop@example.com", "encryption": "none"}`, `{"host":"127.0.0.1","port":25,"from":"shop@example.com","encryption":"none"}`},
		{"none to a public address", `{"host": "203.0.113.5", "from": "shop@example.com", "encryption": "none"}`, "encryption"},
		{"none to an allowed network", `{"host": "10.1.2.3", "from": "shop@example.com", "encryption": "none"}`, `{"host":"10.1.2.3","port":25,"from":"shop@example.com","encryption":"none"}`},
		{"own port", `{"host": "smtp.example.com", "port": 2525, "from": "shop@example.com"}`, `{"host":"smtp.example.com","port":2525,"from":"shop@example.com","encryption":"starttls"}`},
		{"everything wrong", `{"host": "smtp.example.com:25", "port": 70000, "from": "shop", "encryption": "ssl"}`, "host encryption port from"},
		{"port as a text", `{"host": "smtp.example.com", "port": "25"}`, "?"},
	} {
		guard := outbound.New(outbound.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
		normal, problems := sendemail.NewSMTP(guard).Normalize(json.RawMessage(c.config))
		var places []string
		for _, p := range problems {
			if p.Location == "" {
				p.Location = "?"
			}
			places = append(places, p.Location)
		}
		if got := string(normal) + strings.Join(places, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
