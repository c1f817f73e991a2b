package outbound_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

// deliver sends m and returns what the server got.
func deliver(t *testing.T, m outbound.Mail) (*mailServer, error) {
	t.Helper()
	server := &mailServer{}
	now := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	count := 0
	_, err := newGuard(t, outbound.Options{Now: now}, "127.0.0.1/32").Send(t.Context(), server.start(t), m, begun(&count))
	return server, err
}

func TestAMailAsItGoes(t *testing.T) {
	m := outbound.Mail{From: `"Müller, Shop" <shop@example.com>`, To: "Anna <anna@müller.example.com>", ReplyTo: "help@example.com",
		Subject: "Wie war’s?", HTML: "<p>Hallo Änne</p>", MessageID: "run.ask@example.com", Headers: map[string]string{"X-Depth": "1"}}
	server, err := deliver(t, m)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	if got := server.heard("RCPT"); len(got) != 1 || got[0] != "RCPT TO:<anna@xn--mller-kva.example.com>" {
		t.Errorf("RCPT: got %q, want the one recipient with its domain in ASCII", got)
	}
	parsed, err := mail.ReadMessage(strings.NewReader(server.mails()[0]))
	if err != nil {
		t.Fatalf("read the mail: %v\n%s", err, server.mails()[0])
	}
	decoder := &mime.WordDecoder{}
	for name, want := range map[string]string{"From": `"Müller, Shop" <shop@example.com>`, "To": `"Anna" <anna@xn--mller-kva.example.com>`, "Reply-To": "<help@example.com>",
		"Subject": "Wie war’s?", "Message-Id": "<run.ask@example.com>", "Date": "Sun, 01 Mar 2026 12:00:00 +0000", "X-Depth": "1", "User-Agent": "", "X-Mailer": ""} {
		if got, _ := decoder.DecodeHeader(parsed.Header.Get(name)); got != want && !strings.HasPrefix(name, "From") {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if from, err := parsed.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Name != "Müller, Shop" {
		t.Errorf("From: got %v, %v; want Müller, Shop", from, err)
	}
	if got, want := strings.Join(parts(t, parsed), "|"), "text/plain: Hallo Änne|text/html: <p>Hallo Änne</p>"; got != want {
		t.Errorf("parts: got %s, want %s", got, want)
	}
}

func parts(t *testing.T, m *mail.Message) []string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatalf("content type: %v", err)
	}
	var out []string
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err != nil {
			return out
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		text, _ := io.ReadAll(quotedprintable.NewReader(p))
		out = append(out, kind+": "+strings.TrimSpace(string(text)))
	}
}

func TestEqualMailsAreEqualBytes(t *testing.T) {
	first, _ := deliver(t, sampleMail())
	second, _ := deliver(t, sampleMail())
	if a, b := first.mails()[0], second.mails()[0]; a != b {
		t.Errorf("got two different mails:\n%s\n---\n%s", a, b)
	}
}

// hostileAddresses try for a second recipient, a new header or a broken command.
var hostileAddresses = []string{
	"", " ", "anna", "@example.com", "anna@", "anna@@example.com", "anna@example.com,eve@example.com", "anna@example.com, eve@example.com",
	"anna@example.com;eve@example.com", "anna@example.com eve@example.com", "anna@example.com\r\nBcc: eve@example.com",
	"anna@example.com\nRCPT TO:<eve@example.com>", "anna@example.com\rX: y", "anna@example.com\x00", "anna\x00@example.com",
	"anna@example.com>\r\nRCPT TO:<eve@example.com", "anna@example.com> SIZE=1", "<anna@example.com><eve@example.com>",
	"eve@example.com <anna@example.com>", "eve@example.com, Anna <anna@example.com>", "Anna <anna@example.com>, Eve <eve@example.com>",
	"Anna <anna@example.com> Eve <eve@example.com>", `"eve@example.com" <anna@example.com>`, `"Anna <eve@example.com>," <anna@example.com>`,
	`"anna eve"@example.com`, `"anna,eve"@example.com`, `"anna\r\n"@example.com`, `"anna>"@example.com`, "anna(comment)@example.com",
	"friends: anna@example.com, eve@example.com;", "friends: anna@example.com;", "undisclosed-recipients:;", "anna@[127.0.0.1]", "anna@[IPv6:::1]",
	"anna@exa mple.com", "anna@-example.com", "anna@example-.com", "anna@.example.com", "anna@example..com", "anna@" + strings.Repeat("a", 64) + ".com",
	".anna@example.com", "anna.@example.com", "an..na@example.com", "anna\u2028@example.com", "anna@example.com\u2029Bcc: eve@example.com",
	"anna\u200b@example.com", "\u202eanna@example.com", "anna\u00a0@example.com", "anna@exam\u00adple.com ", "anna\ufffd@example.com", "anna\xff@example.com",
	strings.Repeat("a", 65) + "@example.com", "anna@" + strings.Repeat("a.", 130) + "com", strings.Repeat("a", 998) + "@example.com", strings.Repeat("x", 100_000),
	"=?utf-8?q?anna=40example.com=2C?= eve", "anna%0d%0aBcc:eve@example.com@example.com", "anna\\@example.com@example.com", "mailto:anna@example.com",
	"anna@example.com?bcc=eve@example.com", "anna＠example.com", "anna@example。com,eve@example.com", "anna@example.com/", "ANNA <anna@example.com", "anna@example.com>", "<anna@example.com",
	"Anna [x] <anna@example.com>", "Anna: <anna@example.com>", "\tanna\t@example.com", "anna@\texample.com",
}

func TestHostileAddressesReachNobody(t *testing.T) {
	if len(hostileAddresses) < 60 {
		t.Fatalf("there are %d payloads, want at least 60", len(hostileAddresses))
	}
	server := &mailServer{}
	smtp := server.start(t)
	g := newGuard(t, outbound.Options{}, "127.0.0.1/32")
	for _, a := range hostileAddresses {
		m := sampleMail()
		m.To = a
		count := 0
		_, err := g.Send(t.Context(), smtp, m, begun(&count))
		wantCode(t, fmt.Sprintf("to %.80q", a), err, engine.Rejected)
		if msg := engine.MessageOf(err); strings.ContainsAny(msg, "\r\n\x00") || len(msg) > 600 {
			t.Errorf("to %.80q: the message is %q", a, msg)
		}
		m = sampleMail()
		m.From = a
		if _, err := g.Send(t.Context(), smtp, m, begun(&count)); engine.CodeOf(err) != engine.Rejected {
			t.Errorf("from %.80q: got %v, want it rejected", a, err)
		}
	}
	if got := server.heard(""); got != nil {
		t.Errorf("the server heard %q, want nothing", got)
	}
}

func TestHostileSubjectsAddNoHeader(t *testing.T) {
	for _, subject := range []string{"a\r\nBcc: eve@example.com", "a\nX: y", "a\rb", "a\x00b", "a\u2028b", strings.Repeat("ä", 2000), strings.Repeat("a", 5000), "=?utf-8?q?=0d=0aBcc:?=", "\r\n\r\nbody"} {
		m := sampleMail()
		m.Subject = subject
		m.Headers = map[string]string{"X-Note": subject}
		server, err := deliver(t, m)
		if err != nil {
			t.Errorf("%.40q: %v", subject, err)
			continue
		}
		parsed, err := mail.ReadMessage(strings.NewReader(server.mails()[0]))
		if err != nil || parsed.Header.Get("Bcc") != "" || parsed.Header.Get("X") != "" || len(server.heard("RCPT")) != 1 {
			t.Errorf("%.40q: got %v, %v and %q, want no new header and one recipient", subject, parsed, err, server.heard("RCPT"))
		}
		for _, line := range strings.Split(server.mails()[0], "\r\n") {
			if len(line) > 998 {
				t.Errorf("%.40q: a line of %d bytes, want at most 998", subject, len(line))
			}
		}
	}
}

func TestParseAddressKeepsWhatIsGood(t *testing.T) {
	for in, want := range map[string]string{
		"anna@example.com": "anna@example.com", "  anna@example.com\r\n": "anna@example.com", "<anna@example.com>": "anna@example.com",
		"Anna <anna@example.com>": "Anna <anna@example.com>", `"Anna" <anna@example.com>`: "Anna <anna@example.com>",
		"Doe, Anna (VIP) <anna@example.com>": `"Doe, Anna (VIP)" <anna@example.com>`, `Anna "Annie" Doe <anna@example.com>`: "Anna Annie Doe <anna@example.com>",
		`"Doe, Anna" <anna@example.com>`: `"Doe, Anna" <anna@example.com>`, "Änne O'Neil <anna+x@example.com>": "Änne O'Neil <anna+x@example.com>",
		"anna@MÜLLER.example.com": "anna@xn--mller-kva.example.com", "änne@example.com": "änne@example.com", "o'neil_1-x@localhost": "o'neil_1-x@localhost",
	} {
		a, err := outbound.ParseAddress("to", in)
		if err != nil || a.String() != want {
			t.Errorf("%q: got %v, %v; want %s", in, a, err, want)
			continue
		}
		if again, err := outbound.ParseAddress("to", a.String()); err != nil || again != a {
			t.Errorf("%q read again: got %v, %v; want %v", a.String(), again, err, a)
		}
	}
}

func TestANonASCIIAddressNeedsAServerThatTakesIt(t *testing.T) {
	for _, c := range []struct {
		ehlo []string
		code engine.Code
	}{{nil, engine.Rejected}, {[]string{"SMTPUTF8", "8BITMIME"}, ""}} {
		server := &mailServer{ehlo: c.ehlo}
		m := sampleMail()
		m.To = "änne@example.com"
		count := 0
		_, err := newGuard(t, outbound.Options{}, "127.0.0.1/32").Send(t.Context(), server.start(t), m, begun(&count))
		wantCode(t, c.ehlo, err, c.code)
	}
}

func TestComposeTakesServerSenderAndIDFromTheStep(t *testing.T) {
	config := json.RawMessage(`{"host": "smtp.example.com", "username": "shop", "from": "Shop <shop@mail.example.com>", "encryption": "tls"}`)
	auth := engine.NewAuth("m", "Mail", "smtp", config, 1, map[string]string{"password": "canary-password-1"})
	r := engine.Request{Key: "01890a5d-ac96-774b-bcce-b302099a8057-ask_now", Auth: auth}
	server, m, err := outbound.Compose(r, outbound.Mail{To: " anna@example.com ", Subject: "a\nb", Text: "hi"})
	if err != nil {
		t.Fatalf("compose: %v", err)
	}
	if server.Port != 465 || server.Password != "canary-password-1" || m.From != "Shop <shop@mail.example.com>" || m.To != "anna@example.com" || m.Subject != "a b" ||
		m.MessageID != "01890a5d-ac96-774b-bcce-b302099a8057.ask_now@mail.example.com" {
		t.Errorf("got %+v and %+v", server, m)
	}
	if s := fmt.Sprintf("%v %+v %#v", server, server, server); strings.Contains(s, "canary") {
		t.Errorf("the server prints its password: %s", s)
	}
	_, _, err = outbound.Compose(engine.Request{Auth: engine.NewAuth("x", "", "http_bearer", nil, 1, nil)}, m)
	wantCode(t, "another authentication type", err, engine.Rejected)
}

func TestTextOf(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"paragraphs", "<p>Hi  Anna,</p>\n<p>how\nare you?</p>", "Hi Anna,\n\nhow are you?"},
		{"breaks", "a<br>b<br/>c", "a\nb\nc"},
		{"link", `See <a href="https://example.com/a?b=1&amp;c=2">your order</a>.`, "See your order (https://example.com/a?b=1&c=2)."},
		{"link that is its text", `<a href="https://example.com">https://example.com</a>`, "https://example.com"},
		{"mailto", `<a href="mailto:help@example.com">help@example.com</a>`, "help@example.com"},
		{"list", "<ul><li>one</li><li>two</li></ul>end", "- one\n- two\nend"},
		{"entities", "Fish &amp; Chips &lt;3 &euro;5&nbsp;now &amp;amp;", "Fish & Chips <3 €5\u00a0now &amp;"},
		{"scripts and styles", "<head><title>T</title><style>p{}</style></head><body>a<script>alert(1)</script>b</body>", "ab"},
		{"inline", "<b>bold</b>er <i>it</i>", "bolder it"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"image", `<img src="x" alt="Logo">text`, "Logo text"},
		{"broken", "<p>a<b>b<p>c", "ab\n\nc"},
		{"nothing", "", ""},
		{"head that nobody closed", "<head><style>x</style><body>seen", "seen"},
	} {
		if got := outbound.TextOf(c.html); got != c.want {
			t.Errorf("%s: got %q, want %q, from %q", c.name, got, c.want, c.html)
		}
	}
}
