package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// scriptTexts are what else a shopper may write to have something run; see also shopperTexts.
func scriptTexts() []string {
	return append(shopperTexts(), "<script>alert(1)</script>", "<ScRiPt src=//x.example.net>", "<img src=x onerror=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=javascript:alert(1)>",
		"<embed src=javascript:alert(1)>", "<base href=//x.example.net>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<link rel=stylesheet href=//x.example.net>", "<style>@import'//x.example.net'</style>",
		"<form action=//x.example.net><input name=a>", "<math><mtext><script>alert(1)</script>", "<details open ontoggle=alert(1)>", "<body onload=alert(1)>", "<a href=javascript&colon;alert(1)>x", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
		"\" autofocus onfocus=alert(1) x=\"", "'-alert(1)-'", "\\\";alert(1)//", "</script><script>alert(1)</script>", "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
		"jav&#x09;ascript:alert(1)", "\u00a0javascript:alert(1)", "\u2028javascript:alert(1)", "feed:javascript:alert(1)", "blob:https://x.example.net/1", "data:image/svg+xml,<svg onload=alert(1)>", "http:javascript:alert(1)", "https://x.example.net@127.0.0.1/", "<!--[if IE]><script>alert(1)</script><![endif]-->")
}

// nested makes the payload of a preview in which every merge code has this value.
func (p *program) nested(t *testing.T, trigger, value string) (payload object, codes int) {
	t.Helper()
	payload = object{}
	for _, c := range p.must(200, "GET", "/api/v1/triggers/"+trigger, nil)["merge_codes"].([]any) {
		c := c.(object)
		segments, at := strings.Split(c["code"].(string), " | "), payload
		if segments[0] == "Event" {
			continue
		}
		for _, s := range segments[:len(segments)-1] {
			if _, ok := at[s].(object); !ok {
				at[s] = object{}
			}
			at = at[s].(object)
		}
		last := segments[len(segments)-1]
		if _, taken := at[last]; taken {
			continue
		}
		codes++
		at[last] = any(value)
		if c["type"] == "list" {
			at[last] = []any{value, object{"name": value}}
		}
	}
	return payload, codes
}

// Whatever stands in whichever merge code: no element, no attribute and no link that the template did not have, and
// JSON stays JSON.
func TestScriptsInEveryMergeCodeAreInert(t *testing.T) {
	p := startProgram(t, nil)
	previews, codes, texts := 0, 0, map[string]bool{}
	for _, name := range []string{"bigcommerce.shipment_created", "bigcommerce.cart_abandoned"} {
		asJSON, asHTML, _ := p.everyCode(t, name)
		if name == "bigcommerce.cart_abandoned" {
			asJSON = strings.Replace(asJSON, firstName, "x", 1)
		}
		for i, text := range scriptTexts() {
			if i%size(2, 1) != 0 { // the short form tries every other one in all codes; TestShopperTextsAreInertInPreviews all in one
				continue
			}
			text = strings.ToValidUTF8(text[:min(len(text), 200)], "") // in so many codes the longest make a body too large
			payload, n := p.nested(t, name, text)
			codes, texts[text] = max(codes, n), true
			for format, template := range map[string]string{"html": asHTML, "json": asJSON} {
				previews++
				out := p.must(200, "POST", "/api/v1/merge/preview", object{"template": template, "format": format, "trigger": object{"type": name}, "payload": payload})
				if problems, _ := out["problems"].([]any); len(problems) > 0 {
					t.Fatalf("%.80q as %s: %v", text, format, problems[0])
				}
				output := out["output"].(string)
				if format == "json" && !json.Valid([]byte(output)) {
					t.Errorf("%.80q makes no JSON: %.500s", text, output)
				}
				if format == "html" {
					for _, problem := range markupProblems(output) {
						t.Errorf("%.80q: %s", text, problem)
					}
				}
			}
		}
	}
	t.Logf("T14: %d texts in %d merge codes, %d previews, all inert", len(texts), codes, previews)
}

// mailTexts are what a shopper may write to reach others or to write headers.
func mailTexts() []string {
	const eve = "eve@example.com"
	var texts []string
	for _, line := range []string{"\r\n", "\n", "\r", "\n\r", "\r\n ", "\r\n\t", "\x00", "\u2028", "\u2029", "\u0085", "\v", "\f", "%0d%0a", "%0A", "\\r\\n", "&#13;&#10;", "=0D=0A", "=?utf-8?q?=0d=0a?=", "=?utf-8?b?DQo=?=", "嘊嘍"} {
		texts = append(texts, "Anna"+line+"Bcc: "+eve, line+"To: "+eve+line+line+"body")
	}
	return append(texts, "anna@example.com, "+eve, "anna@example.com;"+eve, "anna@example.com "+eve, "<anna@example.com><"+eve+">", "anna@example.com> RCPT TO:<"+eve, "anna@example.com>\r\nRCPT TO:<"+eve+">",
		"\""+eve+"\" <anna@example.com>", eve+" <anna@example.com>", "friends: anna@example.com, "+eve+";", "@relay.example.com:"+eve, "anna("+eve+")@example.com", "anna@example.com\x00"+eve, "anna@[127.0.0.1]",
		"\"anna@example.com\n\"@example.com", "anna@example.com,", ",", ">", "<", "\"", "'", "(", "Anna <"+eve+">, Bob", strings.Repeat("a", 998)+"@example.com", strings.Repeat("a@example.com,", 200), "anna@xn--a.example.com", "аnna@example.com", "anna＠example.com",
		"anna@example.com\r\n.\r\nMAIL FROM:<"+eve+">", "\r\n.\r\n", "?bcc="+eve)
}

// Every mail goes to the one address that its workflow names, with the headers that Cartwheel writes.
func TestMailGoesToOneRecipientWithOurHeadersOnly(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	texts := mailTexts()
	told := object{}
	steps := []object{{"id": "fetch", "type": "http_request", "config": object{"method": "GET"}}}
	for i, text := range texts {
		told[fmt.Sprintf("t%d", i)] = text
		code := fmt.Sprintf("{{ Steps | fetch | body | t%d }}", i)
		mail := func(id string, config object) {
			steps = append(steps, object{"id": fmt.Sprintf("%s-%d", id, i), "type": "send_email", "on_error": "continue", "retry": object{"attempts": 1},
				"config": merged(object{"authentication_id": "sender", "to": fmt.Sprintf("anna-%d@example.com", i), "subject": "x", "text": "x"}, config)})
		}
		switch i % 2 { // the names and addresses are tried with all of them in engine/outbound
		case 0:
			mail("named", object{"to": code + fmt.Sprintf(" <anna-%d@example.com>", i), "from": code + " <shop@example.com>"})
		default:
			mail("replies", object{"reply_to": code})
		}
		mail("subject", object{"subject": code, "text": code, "html": "<p>" + code + "</p>"})
	}
	raw, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	steps[0]["config"].(object)["url"] = newAnswering(t, string(raw))
	p.publish("mails", object{"name": "Mails", "trigger": trigger("shipment_created"), "steps": steps})
	p.publish("bare", object{"name": "Bare", "trigger": trigger("shipment_created"), "steps": append(slices.Clone(steps[:1]), bareRecipients(len(texts))...)})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	sent := 0
	for id, all := range map[string]object{"mails": p.onlyRun("mails"), "bare": p.onlyRun("bare")} {
		for _, s := range all["steps"].([]any)[1:] {
			s := s.(object)
			if s["status"] == "succeeded" {
				sent++
			} else if reason, _ := s["reason"].(string); s["status"] != "failed" || reason == "" || strings.HasPrefix(s["id"].(string), "subject") && !strings.Contains(reason, "at most 1000") {
				t.Errorf("%s, step %v: %v %q", id, s["id"], s["status"], reason)
			}
		}
	}
	mails := p.mail.all()
	for _, m := range mails {
		checkOneRecipient(t, m)
	}
	if len(mails) != sent || sent < len(texts) {
		t.Errorf("%d mails from %d steps that succeeded, want as many, and at least %d", len(mails), sent, len(texts))
	}
	t.Logf("T13: %d texts as recipient, name, sender, Reply-To, subject and body in %d steps: %d mails, each to 1 recipient, 0 new headers", len(texts), len(steps)-1+len(texts), len(mails))
}

// Every run of line breaks and control characters in a value becomes one space: the call has the headers, the
// query and the form fields that its step names, and no more.
func TestCallsHaveTheHeadersOfTheirStepOnly(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	texts, told := append(mailTexts(), "x\r\nX-Injected: 1", "x\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n", "x\r\nTransfer-Encoding: chunked", "x\r\nContent-Length: 0", "x\nHost: evil.example.net", "\x7f", "x\r\nX-Cartwheel-Depth: 0"), object{}
	steps := []object{{"id": "fetch", "type": "http_request", "config": object{"method": "GET"}}}
	for i, text := range texts {
		told[fmt.Sprintf("t%d", i)] = text
		code := fmt.Sprintf("{{ Steps | fetch | body | t%d }}", i)
		steps = append(steps, object{"id": fmt.Sprintf("call-%d", i), "type": "http_request", "on_error": "continue", "retry": object{"attempts": 1}, "config": object{"method": "POST", "authentication_id": "hooks",
			"url": p.inbox.URL + "/" + code + "?a=" + code, "query": object{"b": code}, "headers": object{"X-Note": "a " + code + " b"}, "body_type": "form", "form": object{"c": code}}})
	}
	raw, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	steps[0]["config"].(object)["url"] = newAnswering(t, string(raw))
	p.publish("calls", object{"name": "Calls", "trigger": trigger("shipment_created"), "steps": steps})
	p.sim.Emit("store/shipment/created", object{"type": "shipment", "id": 903, "orderId": 4127})
	sent := 0
	for _, s := range p.onlyRun("calls")["steps"].([]any)[1:] {
		if s := s.(object); s["status"] == "succeeded" {
			sent++
		} else if reason, _ := s["reason"].(string); reason == "" || !strings.Contains(reason, "at most") {
			t.Errorf("step %v: %v %q", s["id"], s["status"], reason)
		}
	}
	calls := p.calls.all()
	if len(calls) != sent || sent < len(texts)-2 {
		t.Errorf("%d calls from %d steps that succeeded, want as many, and nearly all of %d", len(calls), sent, len(texts))
	}
	known := []string{"Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Idempotency-Key", "User-Agent", "X-Cartwheel-Depth", "X-Note"}
	for _, c := range calls {
		for name, values := range c.Header {
			if !slices.Contains(known, name) || len(values) != 1 || strings.ContainsFunc(values[0], unicode.IsControl) {
				t.Errorf("a header that nobody wrote: %s: %q", name, values)
			}
		}
		query, err := url.ParseQuery(c.Query)
		if form, formErr := url.ParseQuery(c.Body); err != nil || formErr != nil || len(query) != 2 || len(form) != 1 || query.Get("a") != form.Get("c") || query.Get("b") != form.Get("c") || c.Path != "/"+form.Get("c") {
			t.Errorf("path %q, query %q, form %q are not the one text", c.Path, c.Query, c.Body)
		}
	}
	t.Logf("T15: %d texts in the path, the query, a header and a form: %d calls, 0 new headers", len(texts), len(calls))
}

// bareRecipients are steps that send to whatever the other side says.
func bareRecipients(n int) (steps []object) {
	for i := range n {
		steps = append(steps, object{"id": fmt.Sprintf("bare-%d", i), "type": "send_email", "on_error": "continue", "retry": object{"attempts": 1},
			"config": object{"authentication_id": "sender", "to": fmt.Sprintf("{{ Steps | fetch | body | t%d }}", i), "subject": "x", "text": "x"}})
	}
	return steps
}

func checkOneRecipient(t *testing.T, m letter) {
	t.Helper()
	if len(m.To) != 1 || m.To[0] == "eve@example.com" || strings.ContainsAny(m.To[0], " ,;<>\r\n") || m.From != "shop@example.com" {
		t.Errorf("a mail from %q to %q", m.From, m.To)
	}
	head, _, _ := strings.Cut(m.Raw, "\r\n\r\n")
	var seen []string
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("a line of %d bytes in the headers: %.100q", len(line), line)
		}
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			continue
		}
		name, _, _ := strings.Cut(line, ":")
		known := []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress"}
		if !slices.Contains(known, name) || slices.Contains(seen, name) {
			t.Errorf("a header that nobody wrote, or twice: %.100q", line)
		}
		seen = append(seen, name)
	}
	if got, err := m.Header.AddressList("To"); err != nil || len(got) != 1 || got[0].Address != m.To[0] && !strings.Contains(got[0].Address, "@") {
		t.Errorf("the header To is read as %v, %v; the mail went to %q", got, err, m.To)
	}
	if got, err := m.Header.AddressList("From"); err != nil || len(got) != 1 || got[0].Address != "shop@example.com" {
		t.Errorf("the header From is read as %v, %v", got, err)
	}
	if m.Header.Get("Bcc") != "" || m.Header.Get("Cc") != "" {
		t.Errorf("a copy goes to %q %q", m.Header.Get("Bcc"), m.Header.Get("Cc"))
	}
}
