package outbound_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

func sampleMail() outbound.Mail {
	return outbound.Mail{From: "Shop <shop@example.com>", To: "anna@example.com", Subject: "Hello", HTML: "<p>Hi</p>", MessageID: "run.step@example.com"}
}

// begun is a begin that counts.
func begun(n *int) func(context.Context) error {
	return func(context.Context) error { *n++; return nil }
}

func TestWhatAFailureAtEachStageMeans(t *testing.T) {
	for _, c := range []struct {
		stage, reply string
		code         engine.Code
		begun        int
		says         string
	}{
		{atGreeting, "421 busy", engine.Temporary, 0, "answered 421 busy."},
		{atGreeting, "554 go away", engine.Rejected, 0, "answered 554 go away."},
		{atGreeting, cut, engine.Temporary, 0, "closed the connection"},
		{atEHLO, cut, engine.Temporary, 0, "closed the connection"},
		{atAuth, "535 5.7.8 bad credentials", engine.Denied, 0, "refused the sign-in: 535 5.7.8 bad credentials. Check the user name"},
		{atAuth, "454 4.7.0 try later", engine.Temporary, 0, "454 4.7.0 try later"},
		{atAuth, cut, engine.Temporary, 0, "closed the connection"},
		{atMail, "451 4.3.0 later", engine.Temporary, 1, "451 4.3.0 later"},
		{atMail, "550 5.7.1 not you", engine.Rejected, 1, "550 5.7.1 not you"},
		{atMail, "530 5.7.0 authentication required", engine.Denied, 1, "Check the user name"},
		{atMail, cut, engine.Temporary, 1, "closed the connection"},
		{atRcpt, "450 4.2.1 mailbox busy", engine.Temporary, 1, "450 4.2.1 mailbox busy"},
		{atRcpt, "550 5.1.1 no such user", engine.Rejected, 1, "550 5.1.1 no such user"},
		{atRcpt, cut, engine.Temporary, 1, "closed the connection"},
		{atData, "451 later", engine.Temporary, 1, "451 later"},
		{atData, "554 no", engine.Rejected, 1, "554 no"},
		{atData, cut, engine.Temporary, 1, "closed the connection"},
		{inContent, cut, engine.UnknownOutcome, 1, "may have taken effect"},
		{afterDot, "451 4.3.0 later", engine.Temporary, 1, "451 4.3.0 later"},
		{afterDot, "552 5.3.4 too big", engine.Rejected, 1, "552 5.3.4 too big"},
		{afterDot, "550 " + strings.Repeat("x", 5000), engine.Rejected, 1, "…"},
		{afterDot, cut, engine.UnknownOutcome, 1, "may have taken effect"},
	} {
		t.Run(c.stage+" "+c.reply[:3], func(t *testing.T) {
			server := &mailServer{script: map[string]string{c.stage: c.reply}, ehlo: []string{"AUTH PLAIN"}}
			smtp := server.start(t)
			smtp.Username, smtp.Password = "shop", "canary-password-1"
			count := 0
			_, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), smtp, sampleMail(), begun(&count))
			wantCode(t, c.stage+" "+c.reply, err, c.code)
			if m := engine.MessageOf(err); !strings.Contains(m, c.says) || len(m) > 500 {
				t.Errorf("message: got %q, want %q in it, and at most 500 bytes", m, c.says)
			}
			if count != c.begun {
				t.Errorf("begin was called %d times, want %d", count, c.begun)
			}
		})
	}
}

func TestAServerThatRepeatsTheSignInIsNotRepeated(t *testing.T) {
	const password = "canary-password-1"
	inHex := hex.EncodeToString([]byte(password))
	signIn := base64.StdEncoding.EncodeToString([]byte("\x00shop\x00" + password))
	// The last one is cut in the message.
	for _, said := range []string{password, signIn, inHex, base64.StdEncoding.EncodeToString([]byte(password)), strings.Repeat("x", 170) + " " + signIn} {
		for stage, code := range map[string]string{atAuth: "535 ", atRcpt: "550 ", afterDot: "250 "} {
			server := &mailServer{script: map[string]string{stage: code + said}, ehlo: []string{"AUTH PLAIN"}}
			smtp := server.start(t)
			smtp.Username, smtp.Password = "shop", password
			accepted, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), smtp, sampleMail(), begun(new(int)))
			shown := accepted + engine.MessageOf(err)
			if !strings.Contains(shown, "***") || strings.Contains(shown, password[:6]) || strings.Contains(shown, signIn[:6]) || strings.Contains(shown, inHex[:6]) {
				t.Errorf("%s answered %q: shown as %q", stage, code+said, shown)
			}
		}
	}
}

func TestAMailThatWasTakenSaysSo(t *testing.T) {
	server := &mailServer{ehlo: []string{"AUTH LOGIN PLAIN", "SMTPUTF8", "8BITMIME"}}
	smtp := server.start(t)
	smtp.Username, smtp.Password = "shop", "canary-password-1"
	count := 0
	accepted, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), smtp, sampleMail(), begun(&count))
	if err != nil || accepted != "250 2.0.0 queued as 4711" || count != 1 {
		t.Errorf("got %q, %v, begin %d times; want 250 2.0.0 queued as 4711, no error, once", accepted, err, count)
	}
	if got := server.heard("EHLO"); len(got) != 1 || got[0] != "EHLO [127.0.0.1]" {
		t.Errorf("EHLO: got %q, want the address literal", got)
	}
	if got := server.heard("MAIL"); len(got) != 1 || strings.Contains(got[0], "SMTPUTF8") {
		t.Errorf("MAIL: got %q, want one without SMTPUTF8", got)
	}
}

func TestWithoutBeginNothingIsSent(t *testing.T) {
	server := &mailServer{}
	smtp := server.start(t)
	_, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), smtp, sampleMail(), func(context.Context) error {
		return engine.Errorf(engine.Conflict, "The run was cancelled.")
	})
	wantCode(t, "begin fails", err, engine.Conflict)
	if got := server.heard("MAIL"); got != nil {
		t.Errorf("got %q, want no MAIL", got)
	}
}

func TestASignalEndsAConversation(t *testing.T) {
	for stage, want := range map[string]engine.Code{atGreeting: engine.Temporary, atAuth: engine.Temporary, atRcpt: engine.Temporary, afterDot: engine.UnknownOutcome} {
		t.Run(stage, func(t *testing.T) {
			server := &mailServer{script: map[string]string{stage: hang}, ehlo: []string{"AUTH PLAIN"}}
			smtp := server.start(t)
			smtp.Username, smtp.Password = "shop", "canary-password-1"
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-server.reached; cancel() }()
			count := 0
			_, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(ctx, smtp, sampleMail(), begun(&count))
			wantCode(t, stage, err, want)
			if !strings.Contains(engine.MessageOf(err), "was stopped") {
				t.Errorf("got %q, want it to say that the call was stopped", engine.MessageOf(err))
			}
		})
	}
}

func TestAServerThatNeverStopsTalkingIsLeft(t *testing.T) {
	server := &mailServer{script: map[string]string{atGreeting: "220-" + strings.Repeat("x", 2<<20)}}
	count := 0
	_, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), server.start(t), sampleMail(), begun(&count))
	wantCode(t, "endless greeting", err, engine.Temporary)
}

func TestEncryption(t *testing.T) {
	secure, roots := testTLS(t)
	for _, c := range []struct {
		name    string
		server  *mailServer
		encrypt outbound.Encryption
		trusted bool
		code    engine.Code
		says    string
	}{
		{"starttls", &mailServer{secure: secure, ehlo: []string{"STARTTLS", "AUTH PLAIN"}}, outbound.EncryptSTARTTLS, true, "", ""},
		{"starttls by default", &mailServer{secure: secure, ehlo: []string{"STARTTLS", "AUTH PLAIN"}}, "", true, "", ""},
		{"starttls not offered", &mailServer{ehlo: []string{"AUTH PLAIN"}}, outbound.EncryptSTARTTLS, true, engine.Rejected, "does not offer STARTTLS"},
		{"starttls, unknown authority", &mailServer{secure: secure, ehlo: []string{"STARTTLS", "AUTH PLAIN"}}, outbound.EncryptSTARTTLS, false, engine.Temporary, "not trusted"},
		{"tls", &mailServer{secure: secure, fromByte: true, ehlo: []string{"AUTH PLAIN"}}, outbound.EncryptTLS, true, "", ""},
		{"tls, unknown authority", &mailServer{secure: secure, fromByte: true}, outbound.EncryptTLS, false, engine.Temporary, "not trusted"},
		{"tls on a plain port", &mailServer{}, outbound.EncryptTLS, true, engine.Temporary, "does not speak TLS"},
		{"no way to sign in", &mailServer{}, outbound.EncryptNone, true, engine.Rejected, "no way to sign in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			smtp := c.server.start(t)
			smtp.Encryption, smtp.Username, smtp.Password = c.encrypt, "shop", "canary-password-1"
			o := outbound.Options{}
			if c.trusted {
				o.RootCAs = roots
			}
			count := 0
			_, err := newGuard(t, o, "127.0.0.1/32").Send(t.Context(), smtp, sampleMail(), begun(&count))
			wantCode(t, c.name, err, c.code)
			if !strings.Contains(engine.MessageOf(err), c.says) && err != nil {
				t.Errorf("got %q, want %q in it", engine.MessageOf(err), c.says)
			}
			if auth := c.server.heard("AUTH"); err != nil && len(auth) != 0 {
				t.Errorf("the password went out although the connection was refused: %q", auth)
			}
		})
	}
}

func TestUnencryptedMailStaysWithinAllowPrivate(t *testing.T) {
	internal := newInternal(t, "127.0.0.1:0")
	count := 0
	for _, c := range []struct{ host, allowed string }{{"127.0.0.1", "10.0.0.0/8"}, {"8.8.8.8", "127.0.0.1/32"}} {
		smtp := outbound.SMTP{Host: c.host, Port: 25, Encryption: outbound.EncryptNone}
		if c.host == "127.0.0.1" {
			smtp.Port, _ = strconv.Atoi(internal.port())
		}
		_, err := newGuard(t, outbound.Options{}, c.allowed).Send(t.Context(), smtp, sampleMail(), begun(&count))
		wantCode(t, c.host, err, engine.Rejected)
	}
	if count != 0 {
		t.Errorf("begin was called %d times, want 0", count)
	}
}

func TestCheckSMTPNamesWhatFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		server *mailServer
		from   string
		want   string // names of the checks, the failed one with a !
	}{
		{"all well", &mailServer{ehlo: []string{"AUTH PLAIN"}}, "shop@example.com", "Sender Connection Encryption Sign-in"},
		{"bad sender", &mailServer{}, "nobody", "!Sender"},
		{"no greeting", &mailServer{script: map[string]string{atGreeting: cut}}, "shop@example.com", "Sender !Connection"},
		{"refused", &mailServer{ehlo: []string{"AUTH PLAIN"}, script: map[string]string{atAuth: "535 no"}}, "shop@example.com", "Sender Connection Encryption !Sign-in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			smtp := c.server.start(t)
			smtp.From, smtp.Username, smtp.Password = c.from, "shop", "canary-password-1"
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var names []string
			for _, check := range newGuard(t, outbound.Options{}, "127.0.0.1/32").CheckSMTP(ctx, smtp) {
				names = append(names, map[bool]string{true: "", false: "!"}[check.OK]+check.Name)
				if check.Detail == "" || strings.Contains(check.Detail, "canary") {
					t.Errorf("%s: detail %q, want one without the password", check.Name, check.Detail)
				}
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := c.server.heard("MAIL"); got != nil {
				t.Errorf("a test sent %q", got)
			}
		})
	}
}
