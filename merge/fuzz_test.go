package merge_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

// What a shopper may type into every field.
var hostile = []string{
	`"><script>alert(1)</script>`, "a\r\nBcc: x@example.com", "{{ Webhook | v }}", `\`, `"`, "\x00\xff\u2028", "javascript:alert(1)",
	"</style><!--", "' onmouseover='x", "]]>", "{{#each Webhook}}", `\u0022`, "\u202egnp", "1e400", "&lt;", "``${x}",
}

func FuzzFlatten(f *testing.F) {
	for _, name := range []string{"v2_order.json", "v2_order_guest.json", "v3_cart_signed_in.json"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, s := range []string{`{"a":{"b":{}},"a|b":{"":1}}`, `{"\ud800":1e400}`, "{\"\xff\":-0}", `{"a":1,"a":{"b":2}}`, `[1]`, `{"{{":"\u0000"}`} {
		f.Add([]byte(s))
	}
	for _, name := range enginetest.StrangeNames() {
		f.Add([]byte(merge.JSON(merge.FromGo(map[string]any{name: map[string]any{name: "v", "": []any{name}}}))))
	}
	for _, depth := range []int{63, 64, 65, 10_001} {
		f.Add([]byte(strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		defer atOnce(t, raw)()
		o, err := merge.DecodeObject(raw)
		if err != nil {
			return
		}
		if !json.Valid(raw) {
			t.Fatalf("DecodeObject took what is no JSON: %q", raw)
		}
		out, err := o.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := merge.DecodeObject(out)
		if err != nil || !again.Equal(o) {
			t.Fatalf("%q became %s, then %s, %v", raw, out, merge.JSON(again), err)
		}
		var rebuilt merge.Object
		seen := map[merge.Code]bool{}
		for _, field := range merge.Flatten(o) {
			if seen[field.Code] {
				t.Fatalf("%s has two fields %s", out, field.Code)
			}
			seen[field.Code] = true
			checkField(t, o, field)
			rebuilt.Put(field.Code, field.Value)
		}
		if !rebuilt.Equal(o) {
			t.Fatalf("%s came back from its fields as %s", out, merge.JSON(rebuilt))
		}
	})
}

// atOnce fails for what takes longer than ten times what a webhook's answer may.
func atOnce(t *testing.T, in any) func() {
	start := time.Now()
	return func() {
		if took := time.Since(start); took > time.Second {
			t.Errorf("%.200q took %s", in, took)
		}
	}
}

func checkField(t *testing.T, o merge.Object, field merge.Field) {
	t.Helper()
	if v, ok := o.Lookup(field.Code); !ok || merge.JSON(v) != merge.JSON(field.Value) {
		t.Fatalf("%s is %s, Lookup says %s", field.Code, merge.JSON(field.Value), merge.JSON(v))
	}
	if code, err := merge.ParseCode(string(field.Code)); err != nil || code != field.Code {
		t.Fatalf("ParseCode(%q) = %q, %v", field.Code, code, err)
	}
	if code, err := merge.ParsePath(field.Code.Path()); err != nil || code != field.Code {
		t.Fatalf("ParsePath(%q) = %q, %v, want %q", field.Code.Path(), code, err, field.Code)
	}
}

func FuzzMergeParse(f *testing.F) {
	for _, s := range []string{
		`{{ BigCommerce | Customer | first_name ?? "there" :: upper }}`, `{{#each BigCommerce | Products}}{{ item | name }}{{/each}}`,
		`{{#if BigCommerce.Order.id == "1"}}a{{else}}b{{/if}}`, `{{= upper(BigCommerce.Order.status) :: truncate 3 }}`, `\{{ {{{ }} {{`,
		`{{ Webhook | "a | b" :: date "2 Jan 2006" "Europe/Berlin" }}`, `<a href="{{ Webhook | x }}" title='{{ Webhook | y }}'><!-- -->`,
		`{"a":"{{ Webhook | x }}","b":{{ Webhook | y }}}`, "{{ ä\n|", `{{ "`, "{{/each}}{{else}}",
	} {
		f.Add(s)
	}
	for _, s := range enginetest.StrangeTemplates() {
		f.Add(s)
	}
	places := []merge.Place{merge.PlaceText, merge.PlaceHTML, merge.PlaceJSON, merge.PlaceURL, merge.PlaceHeader}
	f.Fuzz(func(t *testing.T, src string) {
		defer atOnce(t, src)()
		lines := strings.Split(src, "\n")
		for _, place := range places {
			tmpl, problems := merge.Parse(src, place, scope(), language{})
			for _, p := range problems {
				if p.Message == "" || p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
					t.Fatalf("Parse(%q, %s) gave a problem nowhere: %#v", src, place, p)
				}
			}
			if tmpl == nil && len(problems) == 0 {
				t.Fatalf("Parse(%q, %s) gave neither template nor problem", src, place)
			}
			if tmpl != nil {
				out, err := tmpl.Render(merge.Env{Root: event(t)})
				if err != nil && !errors.Is(err, merge.ErrLimit) {
					t.Fatalf("Render(%q, %s): %v", src, place, err)
				}
				if len(out) > 1<<20 || utf8.ValidString(src) && !utf8.ValidString(out) {
					t.Fatalf("Render(%q, %s) gave %d bytes of bad text: %.100q", src, place, len(out), out)
				}
				if place == merge.PlaceJSON && len(problems) == 0 && err == nil && json.Valid([]byte(src)) && !json.Valid([]byte(out)) {
					t.Fatalf("Render(%q) made no JSON of JSON: %q", src, out)
				}
			}
		}
	})
}

func FuzzRender(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s)
	}
	f.Add("http://example.com", "")
	html := parse(f, `<p title='{{ Webhook | a }}'>{{ Webhook | b }}</p><a href="{{ Webhook | a }}{{ Webhook | b }}" style="x:{{ Webhook | b }}">`, merge.PlaceHTML)
	body := parse(f, `{"a":"{{ Webhook | a }}","b":{{ Webhook | b }},"{{ Webhook | b }}":[{{ Webhook | a :: number 2 }}]}`, merge.PlaceJSON)
	header := parse(f, "{{ Webhook | a }}{{ Webhook | b :: truncate 20 }}", merge.PlaceHeader)
	url := parse(f, "https://example.com/{{ Webhook | a }}?b={{ Webhook | b }}", merge.PlaceURL)
	f.Fuzz(func(t *testing.T, a, b string) {
		var w merge.Object
		w.Set("a", a)
		w.Set("b", b)
		var root merge.Object
		root.Set("Webhook", w)
		checkHTML(t, fill(t, html, root), a, b)
		if out := fill(t, body, root); !json.Valid([]byte(out)) {
			t.Errorf("%q and %q gave bad JSON: %s", a, b, out)
		}
		if out := fill(t, header, root); strings.ContainsFunc(out, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
			t.Errorf("%q and %q gave a header with control characters: %q", a, b, out)
		}
		if out := fill(t, url, root); strings.Trim(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%:/?=") != "" || strings.Count(out, "/") != 3 {
			t.Errorf("%q and %q gave the URL %q", a, b, out)
		}
	})
}

func parse(f *testing.F, src string, place merge.Place) *merge.Template {
	f.Helper()
	tmpl, problems := merge.Parse(src, place, scope(), language{})
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	return tmpl
}

func fill(t *testing.T, tmpl *merge.Template, root merge.Object) string {
	t.Helper()
	out, err := tmpl.Render(merge.Env{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.ValidString(out) {
		t.Errorf("%s gave bad UTF-8: %q", merge.JSON(root), out)
	}
	return out
}

// checkHTML expects the template's own tags and quotes and none beside them.
func checkHTML(t *testing.T, out, a, b string) {
	t.Helper()
	if strings.Count(out, "<") != 3 || strings.Count(out, ">") != 3 || strings.Count(out, `"`) != 4 || strings.Count(out, "'") != 2 {
		t.Errorf("%q and %q changed the HTML: %s", a, b, out)
	}
	_, href, _ := strings.Cut(out, `href="`)
	href, _, _ = strings.Cut(strings.ToLower(href), `"`)
	if href != "" && !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		t.Errorf("%q and %q gave the link %q", a, b, href)
	}
}
