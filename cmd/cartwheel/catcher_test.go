package main

import (
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMailCatcherReadsMails(t *testing.T) {
	defer goleak.VerifyNone(t)
	var told []any
	c, err := startMailCatcher(time.Now, func(x any) { told = append(told, x) }, (&Config{}).logger(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer c.stop()
	for name, m := range map[string]struct {
		content string
		want    caughtMail
	}{
		"both parts": {"From: Shop <shop@example.com>\r\nTo: =?utf-8?q?Zo=C3=AB?= <zoe@example.com>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <id@example.com>\r\n" +
			"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=9Cber\r\n" +
			"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p>\r\n--b--\r\n",
			caughtMail{From: "Shop <shop@example.com>", ShownTo: "Zoë <zoe@example.com>", Subject: "Grüße", MessageID: "id@example.com", Text: "Über", HTML: "<p>Hi</p>"}},
		"text alone":     {"Subject: x\r\n\r\nhello\r\n", caughtMail{Subject: "x", Text: "hello\n"}},
		"no such coding": {"Content-Transfer-Encoding: rot13\r\n\r\nhello\r\n", caughtMail{Problem: "the mail"}},
	} {
		if err := smtp.SendMail(fmt.Sprintf("127.0.0.1:%d", c.port), nil, "shop@example.com", []string{"zoe@example.com"}, []byte(m.content)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := c.mails.list()[0].Item
		if got.To != "zoe@example.com" || got.From != m.want.From || got.ShownTo != m.want.ShownTo || got.Subject != m.want.Subject || got.MessageID != m.want.MessageID ||
			got.Text != m.want.Text || got.HTML != m.want.HTML || !strings.HasPrefix(got.Problem, m.want.Problem) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, m.want)
		}
	}
	if len(told) != 3 {
		t.Errorf("told of %d mails, want 3", len(told))
	}
}

func TestInboxKeepsCallsWithoutTheirCredentials(t *testing.T) {
	defer goleak.VerifyNone(t)
	b, err := startInbox("right-token", time.Now, func(any) {}, (&Config{}).logger(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer b.stop()
	for token, want := range map[string]string{"": "none", "right-token": "right", "other-token": "wrong"} {
		if status, body := lookBy(t, http.MethodPut, b.url+"/a?b=c", token); status != http.StatusOK {
			t.Errorf("token %q: %d %s", token, status, body)
		}
		got := b.calls.list()[0].Item
		if got.Token != want || got.Method != http.MethodPut || got.URL != b.url+"/a?b=c" {
			t.Errorf("token %q: got %+v, want it judged %s", token, got, want)
		}
		if kept := fmt.Sprintf("%+v", got); token != "" && strings.Contains(kept, token) {
			t.Errorf("the token was kept: %s", kept)
		}
	}
}

func TestRecentKeepsTheLast(t *testing.T) {
	r := recent[string]{limit: 2}
	for _, s := range []string{"a", "b", "c"} {
		r.add(s)
	}
	if _, ok := r.get(1); ok {
		t.Error("the oldest was kept")
	}
	if got := r.list(); len(got) != 2 || got[0] != (numbered[string]{3, "c"}) || got[1] != (numbered[string]{2, "b"}) {
		t.Errorf("got %v, want c and b", got)
	}
}
