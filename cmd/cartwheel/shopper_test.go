package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// shopperText is what bcsim's hostile shopper writes into every field.
const shopperText = "\"><script>alert(1)</script>\r\nBcc: x@example.com\r\n{{ BigCommerce | Order | id }}"

const firstName = "{{ BigCommerce | Order | billing_address | first_name }}"

// everyCode is a JSON object and an HTML page with all merge codes of a trigger in them, at every kind of place.
func (p *program) everyCode(t *testing.T, trigger string) (asJSON, asHTML, asText string) {
	t.Helper()
	var j, h, x strings.Builder
	for i, c := range p.must(200, "GET", "/api/v1/triggers/"+trigger, nil)["merge_codes"].([]any) {
		code := c.(object)["code"].(string)
		if i > 0 {
			j.WriteString(",\n")
		}
		fmt.Fprintf(&j, `"q%d": "{{ %s }}", "u%d": {{ %s }}`, i, code, i, code)
		fmt.Fprintf(&h, `<p title="{{ %s }}">{{ %s }}</p><a href="{{ %s }}">x</a><img src="{{ %s }}" alt=""><a href="https://shop.example.com/?q={{ %s }}">y</a>`, code, code, code, code, code)
		fmt.Fprintf(&x, "{{ %s }}\n", code)
	}
	return "{" + j.String() + `, "name": "` + firstName + `"}`, h.String(), x.String()
}

// A shopper with markup, line breaks and merge codes in every field changes nothing but what people read.
func TestAHostileShopperIsOnlyText(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	asJSON, asHTML, asText := p.everyCode(t, "bigcommerce.shipment_created")
	email := "{{ BigCommerce | Order | billing_address | email }}"
	request := object{"method": "POST", "url": p.inbox.URL + "/json?fixed=1", "authentication_id": "hooks", "query": object{"name": firstName},
		"headers": object{"X-Name": firstName, "X-Note": "a " + firstName + " b"}, "body_type": "json", "body": asJSON}
	form := object{"method": "POST", "url": p.inbox.URL + "/form/" + firstName, "body_type": "form", "form": object{"name": firstName, "other": "1"}}
	p.publish("shopper", object{"name": "Shopper", "trigger": trigger("shipment_created"), "once_per": "customer",
		"condition": `BigCommerce.Order.billing_address.first_name contains "script" and "x@example.com" != BigCommerce.Customer.first_name`,
		"steps": []object{
			{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": email, "subject": "For " + firstName, "html": asHTML, "text": asText}},
			{"id": "named", "type": "send_email", "on_error": "continue", "config": object{"authentication_id": "sender", "to": firstName + " <" + email + ">", "reply_to": email, "subject": "x", "text": "x"}},
			{"id": "ask", "type": "send_survey", "config": object{"authentication_id": "sender", "to": email, "subject": firstName, "message": asHTML,
				"survey_url": "https://survey.example.com/s/1?a=1", "hidden": object{"name": firstName, "all": asText}, "link_text": firstName}},
			{"id": "call", "type": "http_request", "config": request},
			{"id": "form", "type": "http_request", "config": form},
			{"id": "away", "type": "http_request", "on_error": "continue", "config": object{"method": "GET", "url": firstName}},
			{"id": "replies", "type": "send_email", "on_error": "continue", "config": object{"authentication_id": "sender", "to": firstName, "subject": "x", "text": "x"}},
		}})
	order := p.sim.AddHostileOrderFor("shopper@example.com")
	if _, err := p.sim.Ship(order); err != nil {
		t.Fatal(err)
	}
	run := p.onlyRun("shopper")
	for _, s := range run["steps"].([]any) {
		s := s.(object)
		failed := slices.Contains([]string{"named", "away", "replies"}, s["id"].(string))
		if want := map[bool]string{true: "failed", false: "succeeded"}[failed]; s["status"] != want {
			t.Errorf("step %v: %v %v, want %s", s["id"], s["status"], s["reason"], want)
		}
	}
	mails := p.mail.all()
	if len(mails) != 2 {
		t.Fatalf("%d mails, want 2", len(mails))
	}
	for _, m := range mails {
		checkHostileMail(t, m)
	}
	p.checkHostileCalls(t)
	event := run["event_id"].(string)
	test := p.must(200, "POST", "/api/v1/workflows/shopper/test", object{"event_id": event})["steps"].([]any)
	config := test[3].(object)["config"].(object)
	if calls := p.calls.all(); config["body"] != calls[0].Body {
		t.Errorf("the test shows another body than was sent")
	}
	unix := strings.NewReplacer("\r\n", "\n")
	if got := test[0].(object)["config"].(object)["html"].(string); !strings.Contains(unix.Replace(mails[0].HTML), unix.Replace(got)) {
		t.Errorf("the test shows another mail than was sent: %.300q\n%.300q", got, mails[0].HTML)
	}
}

// checkHostileMail looks at headers, recipients and markup of a mail.
func checkHostileMail(t *testing.T, m letter) {
	t.Helper()
	if len(m.To) != 1 || m.To[0] != "shopper@example.com" || m.From != "shop@example.com" {
		t.Errorf("mail from %s to %v", m.From, m.To)
	}
	known := []string{"From", "To", "Subject", "Date", "Message-Id", "Message-ID", "Mime-Version", "MIME-Version", "Content-Type", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress"}
	for f := m.Header.Fields(); f.Next(); {
		if !slices.Contains(known, f.Key()) {
			t.Errorf("a header that nobody wrote: %s: %q", f.Key(), f.Value())
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n") || !strings.Contains(m.Subject, "{{ BigCommerce | Order | id }}") {
		t.Errorf("subject %q", m.Subject)
	}
	if !strings.Contains(m.Text, "<script>") && !strings.Contains(m.Text, "alert(1)") {
		t.Errorf("text %.200q", m.Text)
	}
	checkMarkup(t, m.HTML)
}

// checkMarkup finds what a template with p, a and img did not hold.
func checkMarkup(t *testing.T, source string) {
	t.Helper()
	if strings.Count(source, "{{ BigCommerce | Order | id }}") == 0 {
		t.Errorf("the merge code in a value is gone: %.300s", source)
	}
	for _, problem := range markupProblems(source) {
		t.Errorf("%s", problem)
	}
}

func markupProblems(source string) (problems []string) {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return problems
		}
		tag := z.Token()
		if kind == html.CommentToken || kind == html.DoctypeToken && tag.Data != "html" {
			problems = append(problems, "a comment: "+tag.String())
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		if !slices.Contains([]string{"p", "a", "img", "html", "body", "head", "meta"}, tag.Data) {
			problems = append(problems, "an element that nobody wrote: "+tag.String())
		}
		for _, a := range tag.Attr {
			if !slices.Contains([]string{"href", "src", "title", "alt", "charset"}, a.Key) {
				problems = append(problems, "an attribute that nobody wrote: "+tag.String())
			}
			if (a.Key == "href" || a.Key == "src") && !harmless(a.Val) {
				problems = append(problems, "a link that a browser runs or that leads away: "+tag.String())
			}
		}
	}
}

// harmless reads a link as browsers do: without control characters, in any case.
func harmless(link string) bool {
	link = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, link))
	return link == "" || link == "#" || strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://")
}

func (p *program) checkHostileCalls(t *testing.T) {
	t.Helper()
	calls := p.calls.all()
	if len(calls) != 2 {
		t.Fatalf("%d calls, want 2: %+v", len(calls), calls)
	}
	line := `"><script>alert(1)</script> Bcc: x@example.com {{ BigCommerce | Order | id }}`
	known := []string{"Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Idempotency-Key", "User-Agent", "X-Cartwheel-Depth", "X-Name", "X-Note"}
	for name := range calls[0].Header {
		if !slices.Contains(known, name) {
			t.Errorf("a header that nobody wrote: %s: %q", name, calls[0].Header[name])
		}
	}
	if got := calls[0].Header["X-Name"]; len(got) != 1 || got[0] != line {
		t.Errorf("X-Name %q, want %q", got, line)
	}
	if got := calls[0].Header.Get("X-Note"); got != "a "+line+" b" {
		t.Errorf("X-Note %q", got)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(calls[0].Body), &body); err != nil || body["name"] != shopperText {
		t.Errorf("body: %v, name %q\n%.500s", err, body["name"], calls[0].Body)
	}
	query, err := url.ParseQuery(calls[0].Query)
	if err != nil || len(query) != 2 || query.Get("name") != shopperText || query.Get("fixed") != "1" {
		t.Errorf("query %s", calls[0].Query)
	}
	form, err := url.ParseQuery(calls[1].Body)
	if err != nil || len(form) != 2 || form.Get("name") != shopperText || calls[1].Path != "/form/"+shopperText {
		t.Errorf("form %s at %q", calls[1].Body, calls[1].Path)
	}
}

// A hostile cart ends as a harmless reminder, and a hostile address as no mail at all.
func TestAHostileCartAndAHostileAddress(t *testing.T) {
	p := startProgram(t, nil)
	p.connect()
	asJSON, asHTML, _ := p.everyCode(t, "bigcommerce.cart_abandoned")
	asJSON = strings.Replace(asJSON, firstName, `{{#each BigCommerce | Cart_items}}{{ item | name }};{{/each}}`, 1)
	p.publish("cart", object{"name": "Cart", "trigger": trigger("cart_abandoned"), "steps": []object{
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Cart | email }}",
			"subject": "{{#each BigCommerce | Cart_items}}{{ item | name }}{{/each}}", "html": asHTML + "{{#each BigCommerce | Cart_items}}<p>{{ item | name }}</p><a href=\"{{ item | url }}\">x</a>{{/each}}"}},
		{"id": "call", "type": "http_request", "config": object{"method": "POST", "url": p.inbox.URL + "/cart", "body_type": "json", "body": asJSON}}}})
	p.publish("order", object{"name": "Order", "trigger": trigger("order_status_updated"), "steps": []object{
		{"id": "mail", "type": "send_email", "config": object{"authentication_id": "sender", "to": "{{ BigCommerce | Order | billing_address | email }}", "subject": "x", "text": "x"}}}})
	if err := p.sim.AbandonCart(p.sim.AddHostileCart("shopper@example.com")); err != nil {
		t.Fatal(err)
	}
	p.onlyRun("cart")
	calls, mails := p.calls.all(), p.mail.all()
	if len(calls) != 1 || !json.Valid([]byte(calls[0].Body)) {
		t.Fatalf("calls %+v", calls)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(calls[0].Body), &body); err != nil || body["name"] != strings.Repeat(shopperText+";", 2) {
		t.Errorf("%v, items %q", err, body["name"])
	}
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	checkHostileMail(t, mails[0])
	if err := p.sim.SetStatus(p.sim.AddHostileOrder(), 2); err != nil {
		t.Fatal(err)
	}
	if run := p.onlyRun("order"); run["status"] != "failed" || !strings.Contains(fmt.Sprint(run["reason"]), "address") {
		t.Errorf("the run with a hostile address: %v %v", run["status"], run["reason"])
	}
	if n := len(p.mail.all()); n != 1 {
		t.Errorf("%d mails, want none to a hostile address", n-1)
	}
}

// shopperTexts are what else a shopper may write.
func shopperTexts() []string {
	texts := []string{shopperText, "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)",
		"\u0001javascript:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "javascript%3Aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd",
		"//elsewhere.example.com/", `\\elsewhere.example.com`, "/relative", "?x=1", "#x", "https:javascript:alert(1)", "https://ok.example.com/\" onclick=\"alert(1)", "https://ok.example.com/'><script>",
		"' onmouseover='alert(1)", "\" onmouseover=\"alert(1)", "` onmouseover=`alert(1)", "</p></title></textarea></style></script><script>alert(1)</script>", "<!--", "-->", "<![CDATA[", "]]>", "<svg/onload=alert(1)>",
		"{{ BigCommerce | Order | id }}", "{{#if true}}", "{{/each}}", `\{{`, "}}", "{{= 1 + 1 }}", "${7*7}", "%7B%7B", `\`, `\\`, `\"`, `"`, `\u0022`, "\u2028\u2029", "\u202e\u200b\ufeff", "\u007f\u0085",
		"\r\nBcc: x@example.com\r\n\r\nbody", "a\rb\nc", "&amp;&lt;", "%0d%0aX: y", "a&b=c;d#e", "'; DROP TABLE event; --", "=1+1", "null", "true", "1e999", strings.Repeat("<", 5000), "日本語 🌊 é é"}
	return texts
}

func TestShopperTextsAreInertInPreviews(t *testing.T) {
	p := startProgram(t, nil)
	const note = "{{ BigCommerce | Order | customer_message }}"
	for _, text := range shopperTexts() {
		preview := func(format, template string) string {
			t.Helper()
			out := p.must(200, "POST", "/api/v1/merge/preview", object{"template": template, "format": format, "trigger": object{"type": "bigcommerce.order_created"},
				"payload": object{"BigCommerce": object{"Order": object{"id": 424242, "customer_message": text}}}})
			if problems, _ := out["problems"].([]any); len(problems) > 0 {
				t.Errorf("%.80q as %s: %v", text, format, problems)
			}
			return out["output"].(string)
		}
		if got := preview("text", note); got != text {
			t.Errorf("text %.80q: got %.80q", text, got)
		}
		page := preview("html", `<p title="`+note+`">`+note+`</p><a href="`+note+`">x</a><img src="`+note+`" alt=""><a href="https://shop.example.com/?q=`+note+`&amp;b=1">y</a>`)
		if problems := markupProblems(page); len(problems) > 0 {
			t.Errorf("html %.80q: %v\n%.300s", text, problems, page)
		}
		if got := html.UnescapeString(cutBetween(page, `">`, "</p>")); got != text {
			t.Errorf("html %.80q: people read %.80q", text, got)
		}
		var decoded struct{ A, B, C string }
		if err := json.Unmarshal([]byte(preview("json", `{"a": "`+note+`", "b": `+note+`, "c": "x`+note+`y"}`)), &decoded); err != nil ||
			decoded.A != text || decoded.B != text || decoded.C != "x"+text+"y" {
			t.Errorf("json %.80q: %v, %.80q", text, err, decoded)
		}
		u, err := url.Parse(preview("url", "https://example.com/p/"+note+"/?q="+note+"&b=1#"+note))
		if err != nil || u.Host != "example.com" || u.Query().Get("q") != text || u.Query().Get("b") != "1" || len(u.Query()) != 2 || u.Path != "/p/"+text+"/" || u.Fragment != text {
			t.Errorf("url %.80q: %v, %v", text, err, u)
		}
	}
}

func cutBetween(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}
