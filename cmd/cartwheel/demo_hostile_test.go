package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// skeleton is a page without its texts and the values of its attributes.
func skeleton(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		if kind == html.TextToken {
			continue
		}
		tag := z.Token()
		b.WriteString(kind.String() + " " + tag.Data)
		for _, a := range tag.Attr {
			b.WriteString(" " + a.Key)
		}
		b.WriteByte('\n')
	}
}

// The pages of the demo, the one face that shows mails and calls so far, show them as text whatever is in them.
func TestTheDemosPagesShowHostileTextsAsText(t *testing.T) {
	shown := func(text string) (pages map[string]string) {
		d := &demo{mail: &mailCatcher{}, inbox: &inbox{}}
		d.mail.mails.limit, d.inbox.calls.limit = 1, 1
		d.mail.mails.add(caughtMail{To: text, From: text, ShownTo: text, Subject: text, MessageID: text, Text: text, HTML: text, Problem: text})
		d.inbox.calls.add(caughtCall{Method: text, URL: text, Headers: []string{text}, Body: text, Key: text, Token: text})
		pages = map[string]string{}
		for path, handler := range (demoPages{d}).handlers() {
			for _, at := range []string{path, path + "/1"} {
				if strings.HasPrefix(path, "/demo/events") { // these need an engine
					continue
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil))
				if w.Code != http.StatusOK {
					t.Fatalf("%s: %d", at, w.Code)
				}
				pages[at] = w.Body.String()
			}
		}
		return pages
	}
	harmlessPages := shown("x")
	for _, text := range append(scriptTexts(), mailTexts()...) {
		for path, page := range shown(text) {
			if got, want := skeleton(page), skeleton(harmlessPages[path]); got != want {
				t.Errorf("%s with %.80q has other elements:\n%s\nwant:\n%s", path, text, got, want)
			}
		}
	}
	t.Logf("T14: %d texts on %d pages, all shown as text", len(scriptTexts())+len(mailTexts()), len(harmlessPages))
}
