package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestDemoTellsTheStory(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("TMPDIR", t.TempDir())
	began := time.Now()
	c := spawn(t, "demo", "--addr", "127.0.0.1:0")
	story := c.out.waitFor(t, "Ctrl-C stops it")
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the story took %s, want at most 15 s", took)
	}
	for what, want := range map[string]string{
		"the webhook as it came":       `"data":{"type":"shipment"`,
		"that it was signed":           `(signed, webhook-id msg_`,
		"an API call":                  `GET /v2/orders/`,
		"a merge code with its value":  `BigCommerce | Order | currency_code                = "USD"`,
		"a decision for":               "yes Survey after shipment",
		"a decision against":           "no  Alert for a high-value order",
		"the reason against":           "which is not > 500.",
		"the reason of a missing mail": "BigCommerce | Cart | email was empty.",
		"once per order":               "(once per order)",
		"the mail's greeting":          "| Hi さくら,",
		"the survey's hidden values":   "https://survey.example.com/s3/1234567/After-shipment?country=",
		"the mail to the guest":        "to garden.friend@example.com",
		"the cart's items":             "your cart is still waiting for you:",
		"the call":                     "/orders\n",
		"the call's key":               "Idempotency-Key: ",
		"the call's body":              `"event": "Placed Order"`,
		"the alert":                    `"guest": true`,
		"an end":                       "Placed Order: succeeded",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("the story lacks %s: %q", what, want)
		}
	}
	for _, unwanted := range []string{"note ", "trouble", "failed", "\x1b["} {
		if strings.Contains(story, unwanted) {
			t.Errorf("the story has %q in it", unwanted)
		}
	}
	if t.Failed() {
		t.Logf("the story:\n%s", story)
	}
	checkDemoAPI(t, story)
	checkDemoDoor(t, story)
	checkDemoPages(t, story)
	c.stop()
	c.wantCode(t, exitOK)
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("the throw-away folder was left: %v", left)
	}
}

func checkDemoAPI(t *testing.T, story string) {
	t.Helper()
	base, token := partOf(t, story, `start page +(http://\S+)/\n`), partOf(t, story, `token +(cw_\S+)`)
	if status, body := look(t, base+"/api/v1/workflows", token); status != http.StatusOK || !strings.Contains(body, `"post-shipment-survey"`) {
		t.Errorf("the API with the printed token: %d %s", status, body)
	}
	if status, _ := look(t, base+"/api/v1/workflows", ""); status != http.StatusUnauthorized {
		t.Errorf("the API without a token: %d, want 401", status)
	}
	if status, body := look(t, base+"/api/docs", token); status != http.StatusOK {
		t.Errorf("the documentation: %d %s", status, body)
	}
}

// checkDemoDoor comes in by the link, once, and then with the password.
func checkDemoDoor(t *testing.T, story string) {
	t.Helper()
	link, password := partOf(t, story, `Open it in a browser: (http://\S+/first-run\?key=\S+)\n`), partOf(t, story, `demo@example.com with the password (\S+)\n`)
	base, key, _ := strings.Cut(link, "/first-run?key=")
	b, session := browser(t), base+"/api/v1/session"
	if status, page, _ := visit(t, b, "GET", link, nil); status != http.StatusOK || !strings.Contains(page, "Enter the demo") {
		t.Errorf("the link: %d\n%s", status, page)
	}
	visit(t, b, "POST", base+"/first-run", url.Values{"key": {key}})
	if status, body, _ := visit(t, b, "GET", session, nil); status != http.StatusOK || !strings.Contains(body, `"role":"admin"`) || !strings.Contains(body, `"demo":true`) {
		t.Errorf("who has come in by the link: %d %s", status, body)
	}
	b = browser(t)
	if status, _, _ := visit(t, b, "POST", base+"/first-run", url.Values{"key": {key}}); status != http.StatusGone {
		t.Errorf("the second time: %d", status)
	}
	visit(t, b, "POST", base+"/login", url.Values{"email": {demoOwner}, "password": {password}})
	if status, body, _ := visit(t, b, "GET", session, nil); status != http.StatusOK {
		t.Errorf("who has come in by the password: %d %s", status, body)
	}
}

func checkDemoPages(t *testing.T, story string) {
	t.Helper()
	base := partOf(t, story, `start page +(http://\S+)/\n`)
	for path, want := range map[string]string{
		"/":               "the terminal shows a link that signs in",
		"/demo/mailbox":   `<a href="/demo/mailbox/1">How was order #`,
		"/demo/mailbox/1": "&lt;p&gt;Hi さくら,&lt;/p&gt;",
		"/demo/inbox":     `<a href="/demo/inbox/1">POST http://127.0.0.1:`,
		"/demo/inbox/1":   "Authorization: ***",
		"/demo/events":    "was empty.",
	} {
		status, body := look(t, base+path, "")
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d without %q:\n%s", path, status, want, body)
		}
		if strings.Contains(body, "<script") {
			t.Errorf("%s holds a script", path)
		}
	}
	_, events := look(t, base+"/demo/events", "")
	event := partOf(t, events, `<a href="(/demo/events/[^"]+)"`)
	if status, body := look(t, base+event, ""); status != http.StatusOK || !strings.Contains(body, "BigCommerce | Cart | cart_amount") {
		t.Errorf("%s: %d %s", event, status, body)
	}
	for _, path := range []string{"/demo/mailbox/0", "/demo/mailbox/x", "/demo/inbox/9999", "/demo/events/none"} {
		if status, _ := look(t, base+path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, status)
		}
	}
	if status, _ := lookBy(t, http.MethodPost, base+"/demo/inbox", ""); status == http.StatusOK {
		t.Error("the pages answer POST")
	}
}

func TestDemoEndsAfterSoManyEvents(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("TMPDIR", t.TempDir())
	folder := filepath.Join(t.TempDir(), "kept")
	c := spawn(t, "demo", "--addr", "127.0.0.1:0", "--data", folder, "--events", "4", "--every", "10ms")
	c.wantCode(t, exitOK)
	_, after, _ := strings.Cut(c.out.String(), "4 more events follow")
	for _, want := range []string{"store/shipment/created order/", "store/order/created order/", "store/cart/converted ", "store/cart/abandoned "} {
		if !strings.Contains(after, want) {
			t.Errorf("after the story no line says %q:\n%s", want, after)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "master.key")); err != nil {
		t.Errorf("the named folder was not kept: %v", err)
	}
	again := spawn(t, "demo", "--addr", "127.0.0.1:0", "--data", folder, "--once")
	again.wantCode(t, exitUsage)
	if got := again.err.String(); !strings.Contains(got, "is not empty") || strings.Count(got, "\n") != 1 {
		t.Errorf("a folder that is not empty: %q", got)
	}
}

func TestDemoRefusesWhatCannotWork(t *testing.T) {
	taken, err := startLocal("127.0.0.1:0", http.NotFoundHandler(), (&Config{}).logger(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.stop()
	t.Setenv("TMPDIR", t.TempDir())
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"a port that is taken": {[]string{"--addr", strings.TrimPrefix(taken.url, "http://")}, "take another port with --addr 127.0.0.1:0"},
		"no address":           {[]string{"--addr", "8080"}, "--addr"},
		"a pace of nothing":    {[]string{"--every", "0s"}, "--every"},
		"a level that is none": {[]string{"--log-level", "loud"}, "--log-level"},
		"an argument":          {[]string{"now"}, `"now"`},
	} {
		cmd := spawn(t, append([]string{"demo", "--once"}, c.args...)...)
		cmd.wantCode(t, exitUsage)
		if got := cmd.err.String(); !strings.Contains(got, c.want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got %q, want one line with %q", name, got, c.want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("throw-away folders were left: %v", left)
	}
}

func TestDemoDataIsNotTakenFromTheEnvironment(t *testing.T) {
	precious := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("CARTWHEEL_DATA", precious)
	c := spawn(t, "demo", "--addr", "127.0.0.1:0", "--once")
	c.wantCode(t, exitOK)
	if left, _ := os.ReadDir(precious); len(left) > 0 {
		t.Errorf("the demo wrote into the folder of an installation: %v", left)
	}
}
