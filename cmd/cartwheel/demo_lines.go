package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"cartwheel/engine"
	"cartwheel/merge"
)

// callLines are the calls to the store's API that an event cost.
func callLines(x engine.Expanded) []string {
	if len(x.Calls) == 0 {
		return []string{"none"}
	}
	lines := make([]string, len(x.Calls))
	for i, c := range x.Calls {
		took := fmt.Sprintf("%d ms", c.Millis)
		if c.Millis == 0 {
			took = "under 1 ms"
		}
		lines[i] = fmt.Sprintf("%s %s  %d, %s", c.Method, c.Path, c.Status, took)
	}
	return lines
}

// codeLines are a handful of the merge codes that were fetched.
func codeLines(values merge.Object) []string {
	const most = 6
	var names, lines []string
	width := 0
	for _, code := range tellingCodes() {
		if value, ok := values.Lookup(code); ok && len(names) < most {
			name := string(code)
			names, lines = append(names, name), append(lines, shownValue(value))
			width = max(width, utf8.RuneCountInString(name))
		}
	}
	for i, name := range names {
		lines[i] = fmt.Sprintf("%-*s = %s", width, name, lines[i])
	}
	if all := len(merge.Flatten(values)); all > len(names) {
		lines = append(lines, fmt.Sprintf("… and %d more", all-len(names)))
	}
	return lines
}

// tellingCodes are the merge codes that the story shows, the first six that were fetched.
func tellingCodes() []merge.Code {
	return []merge.Code{
		merge.MakeCode("BigCommerce", "Shipment", "tracking_number"),
		merge.MakeCode("BigCommerce", "Order", "id"),
		merge.MakeCode("BigCommerce", "Order", "total_inc_tax"),
		merge.MakeCode("BigCommerce", "Order", "currency_code"),
		merge.MakeCode("BigCommerce", "Customer", "first_name"),
		merge.MakeCode("BigCommerce", "Order", "billing_address", "first_name"),
		merge.MakeCode("BigCommerce", "Order", "billing_address", "city"),
		merge.MakeCode("BigCommerce", "Cart", "email"),
		merge.MakeCode("BigCommerce", "Cart", "cart_amount"),
		merge.MakeCode("BigCommerce", "Cart", "currency", "code"),
		merge.MakeCode("BigCommerce", "Cart", "customer_id"),
	}
}

// shownValue is a value as the store sent it, texts in quotes.
func shownValue(v any) string {
	if s, ok := v.(string); ok {
		return `"` + oneLine(s, 80) + `"`
	}
	return oneLine(merge.JSON(v), 80)
}

// opening says what has been started.
func (t *teller) opening(d *demo) {
	t.print(span{bold, "Cartwheel " + version() + ", the demo"})
	t.line("A simulated store, a mail catcher and an inbox for HTTP calls run beside it; nothing leaves this machine.")
	t.line("Five workflows were published, and Cartwheel has registered its webhooks at the store:")
	for _, h := range d.shop.Hooks() {
		t.line("  " + h.Scope)
	}
	if d.door != "" {
		t.line("")
		t.print(span{bold, "Open it in a browser: "}, span{cyan, d.door})
		t.line("The link works once; after that sign in as " + demoOwner + " with the password " + d.password)
	}
}

// scene begins a scene.
func (t *teller) scene(number int, s scene) {
	const width = 90
	title := fmt.Sprintf("%d. %s ", number, s.title)
	t.line("")
	t.print(span{bold, title + strings.Repeat("─", max(3, width-utf8.RuneCountInString(title)))})
	t.line("  " + s.text)
}

// remark is a word about the story itself.
func (t *teller) remark(s string) { t.label("note", span{red, s}) }

// closing says where to look and what happens next.
func (t *teller) closing(d *demo, o demoOptions) {
	url := d.url()
	t.line("")
	t.print(span{bold, "Look around " + strings.Repeat("─", 78)})
	if d.door != "" {
		t.fact("come in", d.door+" (once; then "+demoOwner+", "+d.password+")")
	}
	for _, place := range [][2]string{
		{"start page", url + "/"},
		{"mailbox", url + "/demo/mailbox"},
		{"inbox", url + "/demo/inbox"},
		{"events", url + "/demo/events"},
		{"API", url + "/api/v1, its documentation at " + url + "/api/docs (with the token)"},
		{"store", d.api.url + d.shop.BasePath()},
		{"token", d.token},
		{"try", d.apiExample()},
	} {
		t.fact(place[0], place[1])
	}
	t.line("")
	switch {
	case o.events == 0:
	case o.events > 0:
		t.line(fmt.Sprintf("%d more events follow, one every %s.", o.events, o.every.Round(time.Millisecond)))
	default:
		t.line(fmt.Sprintf("It goes on with an event every %s. Ctrl-C stops it; %s.", o.every.Round(time.Millisecond), d.fate))
	}
}
