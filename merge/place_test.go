package merge_test

import (
	"strings"
	"testing"

	"cartwheel/merge"
)

func TestHTML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"text", "<p>{{ Webhook | v }}</p>", "<p>&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&amp;</p>"},
		{"double quotes", `<p title="{{ Webhook | v }}">`, `<p title="&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&amp;">`},
		{"single quotes", `<p title='{{ Webhook | v }}'>`, `<p title='&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&amp;'>`},
		{"title element", "<title>{{ Webhook | v }}</title>", "<title>&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&amp;</title>"},
		{"fallback", `{{ Webhook | none ?? "<b>" }}`, "&lt;b&gt;"},
		{"expression", `{{= Webhook.v :: truncate 3 }}`, "&#34;&gt;&lt;"},
		{"list", "{{ Webhook | list }}", "[&#34;&lt;&#34;]"},
		{"whole URL", `<a href="{{ Webhook | url }}">`, `<a href="https://example.com/?a=1&amp;b=%20x">`},
		{"whole URL, upper case", `<IMG SRC='{{ Webhook | upper }}'>`, `<IMG SRC='HTTP://example.com'>`},
		{"blanks before it", `<a href=" &#32;{{ Webhook | js }}">`, `<a href=" &#32;#">`},
		{"script URL", `<a href="{{ Webhook | js }}">`, `<a href="#">`},
		{"script URL with a line break", `<a href="{{ Webhook | js2 }}">`, `<a href="#">`},
		{"data URL", `<img src="{{ Webhook | data }}">`, `<img src="#">`},
		{"relative URL", `<a href="{{ Webhook | relative }}">`, `<a href="#">`},
		{"missing URL", `<a href="{{ Webhook | none }}">`, `<a href="">`},
		{"script behind a missing code", `<a href="{{ Webhook | none }}{{ Webhook | js }}">`, `<a href="#">`},
		{"script in an arm", `<a href="{{#if true}}{{ Webhook | js }}{{else}}{{ Webhook | url }}{{/if}}">`, `<a href="#">`},
		{"script behind an empty loop", `<a href='{{#each Webhook | none}}x{{/each}}{{ Webhook | js }}'>`, `<a href='#'>`},
		{"part of a URL", `<a href="https://example.com/{{ Webhook | js }}">`, `<a href="https://example.com/javascript:alert(1)">`},
		{"mailto", `<a href="mailto:{{ Webhook | js }}">`, `<a href="mailto:javascript:alert(1)">`},
		{"percent-encoded part", `<a href="https://example.com/?q={{ Webhook | v :: url }}">`, `<a href="https://example.com/?q=%22%3E%3Cscript%3Ealert%28%27x%27%29%26">`},
		{"style keeps a value", `<i style="color: {{ Webhook | css }}">`, `<i style="color: redbackgroundurlhttpsexample.com">`},
		{"style keeps a length", `<i style="width: {{ Webhook | width }}">`, `<i style="width: 12.5%">`},
		{"less-than sign", "1 < 2 {{ Webhook | width }}", "1 < 2 12.5%"},
		{"behind a comment", "<!-- <a href= --><b>{{ Webhook | width }}</b>", "<!-- <a href= --><b>12.5%</b>"},
		{"behind an empty comment", "<!-->{{ Webhook | width }}", "<!-->12.5%"},
		{"behind a script", `<script>if (a < "</b>") {}</SCRIPT >{{ Webhook | width }}`, `<script>if (a < "</b>") {}</SCRIPT >12.5%`},
		{"behind a doctype", "<!DOCTYPE html>{{ Webhook | width }}", "<!DOCTYPE html>12.5%"},
		{"block over a tag", `<td{{#if true}} class="{{ Webhook | width }}"{{/if}}>`, ""},
		{"block with attributes", `<td {{#if true}}class="{{ Webhook | width }}"{{/if}}>`, `<td class="12.5%">`},
		{"block in an attribute", `<td class="a{{#if true}} b{{/if}}">{{ Webhook | width }}`, `<td class="a b">12.5%`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := merge.FromGo(map[string]any{"Webhook": map[string]any{
				"v": `"><script>alert('x')&`, "js": "javascript:alert(1)", "js2": " java\nscript:alert(1)", "data": "data:text/html,x",
				"url": " https://example.com/?a=1&b= x\n", "upper": "HTTP://example.com", "relative": "/a",
				"css": "red;background:url(https://example.com)", "width": "12.5%", "list": []any{"<"},
			}}).(merge.Object)
			if c.want == "" {
				_, problems := merge.Parse(c.src, merge.PlaceHTML, scope(), language{})
				if len(problems) != 1 {
					t.Errorf("Parse(%s) = %v", c.src, problems)
				}
				return
			}
			if got := renderWith(t, c.src, merge.PlaceHTML, root); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestHTMLPlacesForNoValue(t *testing.T) {
	const code = "{{ Webhook | v }}"
	for _, c := range []struct{ name, src, message string }{
		{"unquoted attribute", "<a title=" + code + ">", "put quotes round"},
		{"in an unquoted attribute", "<a title=x" + code + ">", "put quotes round"},
		{"tag name", "<" + code + ">", "right behind <"},
		{"in a tag name", "<b" + code + ">", "name of a tag"},
		{"attribute name", "<b " + code + "=1>", "name of a tag or attribute"},
		{"behind a name", "<b title " + code + ">", "name of a tag or attribute"},
		{"end tag", "</" + code + ">", "right behind <"},
		{"script", "<script>x = '" + code + "'</script>", "inside <script>"},
		{"script with a tag inside", "<script>'</b>' + " + code + "</script>", "inside <script>"},
		{"style", "<STYLE>" + code, "inside <style>"},
		{"comment", "<!-- " + code + " -->", "inside a comment"},
		{"comment with dashes", "<!-- a > -- b> " + code, "inside a comment"},
		{"doctype", "<!DOCTYPE " + code + ">", "inside a comment"},
		{"event attribute", `<a onclick="x('` + code + `')">`, "holds a program"},
		{"srcdoc", `<iframe srcdoc="` + code + `">`, "holds a program"},
		{"javascript", `<a href="JavaScript:x(` + code + `)">`, "javascript:"},
		{"hidden javascript", `<a href="java&#115;cript&colon;x(` + code + `)">`, "javascript:"},
		{"data", `<iframe src="data:text/html,` + code + `">`, "data:"},
		{"arms", `<a {{#if true}}title="{{else}}title="x" {{/if}}">`, "Both arms"},
		{"arms with other tags", `{{#if true}}<script {{else}}<b {{/if}}>`, "Both arms"},
		{"loop", `<a {{#each BigCommerce | Tags}}title="{{/each}}>`, "inside this {{#each}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, merge.PlaceHTML, scope(), language{})
			if len(problems) == 0 || !strings.Contains(problems[0].Message, c.message) {
				t.Fatalf("Parse(%s) = %v, want …%s…", c.src, problems, c.message)
			}
			root := merge.FromGo(map[string]any{"Webhook": map[string]any{"v": "INTRUDER"}}).(merge.Object)
			if got, err := tmpl.Render(merge.Env{Root: root}); err != nil || strings.Contains(got, "INTRUDER") {
				t.Errorf("Render(%s) = %q, %v", c.src, got, err)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"inside quotes", `{"a":"x {{ BigCommerce | Order | customer_message }}"}`, `{"a":"x <b>5 > 3 & \"quotes\"</b>"}`},
		{"inside quotes, list", `{"a":"{{ BigCommerce | Tags }}"}`, `{"a":"[\"a\",\"b\\\"c\"]"}`},
		{"inside quotes, missing", `{"a":"{{ BigCommerce | Order | nothing }}"}`, `{"a":""}`},
		{"inside quotes, number", `{"a":"{{ BigCommerce | Order | id }}"}`, `{"a":"4127"}`},
		{"old line ends", `"{{#each BigCommerce | Products}}{{ item | name }}{{/each}}"`, `"MugTea \u2028 & more"`},
		{"number", `{"a":{{ BigCommerce | Order | id }}}`, `{"a":4127}`},
		{"money text", `{"a":{{ BigCommerce | Order | total_inc_tax }}}`, `{"a":"1234.5000"}`},
		{"money as a number", `{"a":{{ BigCommerce | Order | total_inc_tax :: number 2 }}}`, `{"a":1234.50}`},
		{"formatted money", `[{{ BigCommerce | Order | total_inc_tax :: money }}]`, `["$1,234.50"]`},
		{"other format", `[{{ BigCommerce | Order | id :: truncate 9 }}]`, `["4127"]`},
		{"default", `[{{ BigCommerce | Order | nothing :: default "x" }}]`, `["x"]`},
		{"number that is none", `[{{ BigCommerce | Order | status :: number 2 }}]`, `["Shipped"]`},
		{"boolean", `[{{ BigCommerce | Order | is_deleted }}]`, `[false]`},
		{"missing", `[{{ BigCommerce | Customer | first_name }},{{ BigCommerce | Order | nothing :: number 2 }},{{ Webhook | x :: upper }},{{ Webhook | x :: json }}]`, `[null,null,null,null]`},
		{"empty text", `[{{ BigCommerce | Order | note }}]`, `[""]`},
		{"list", `{"a":{{ BigCommerce | Tags }}}`, `{"a":["a","b\"c"]}`},
		{"object", `{"a":{{ Steps | tell | body }}}`, `{"a":{"n":45.0,"t":"x","deep":[1,{"a":null}]}}`},
		{"fallback number", `[{{ BigCommerce | Order | note ?? 0 }}]`, `[0]`},
		{"fallback text", `[{{ BigCommerce | Order | note ?? "0" }}]`, `["0"]`},
		{"expression", `[{{= BigCommerce.Order.id }},{{= true }},{{= upper(BigCommerce.Order.status) }}]`, `[4127,true,"SHIPPED"]`},
		{"JSON inside JSON", `{"a":"{{ BigCommerce | Tags :: json }}"}`, `{"a":"[\"a\",\"b\\\"c\"]"}`},
		{"if outside", `{"a":{{#if true}}"x"{{else}}1{{/if}}}`, `{"a":"x"}`},
		{"if inside", `{"a":"{{#if true}}x{{else}}y{{/if}}"}`, `{"a":"x"}`},
		{"loop", `[{{#each BigCommerce | Products}}{"n":"{{ item | name }}","q":{{ item | quantity }}},{{/each}}0]`, `[{"n":"Mug","q":2},{"n":"Tea \u2028 & more","q":1},0]`},
		{"if right behind a brace", `{{{#if true}}"a":1{{/if}}}`, `{"a":1}`},
		{"escaped quotes", `["\"{{ BigCommerce | Order | id }}\"", {{ BigCommerce | Order | id }}]`, `["\"4127\"", 4127]`},
		{"escaped backslash", `["\\", {{ BigCommerce | Order | status }}]`, `["\\", "Shipped"]`},
		{"unicode escape", `["\u00e4", {{ BigCommerce | Order | status }}]`, `["\u00e4", "Shipped"]`},
		{"empty", " ", " "},
		{"values are not expanded", `[{{ Webhook | tmpl }}]`, `["{{ BigCommerce | Order | id }}"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := render(t, c.src, merge.PlaceJSON)
			if got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
			}
			if _, err := merge.Decode([]byte(got)); err != nil && strings.TrimSpace(got) != "" {
				t.Errorf("%s gave bad JSON %s: %v", c.src, got, err)
			}
		})
	}
}

func TestJSONProblems(t *testing.T) {
	for _, c := range []struct {
		name, src    string
		line, column int
		message      string
	}{
		{"arms differ", `{"a":{{#if true}}"x{{else}}"y"{{/if}}}`, 1, 6, "Both arms"},
		{"no else", `{"a":"{{#if true}}x"{{/if}}}`, 1, 7, "Both arms"},
		{"loop", `[{{#each BigCommerce | Tags}}"{{/each}}]`, 1, 2, "inside this {{#each}}"},
		{"in an escape", `["\u00{{ BigCommerce | Order | id }}"]`, 1, 7, "escape sequence"},
		{"missing comma", "{\"ä\": {{ BigCommerce | Order | id }}\n  \"b\": 1}", 2, 3, "not valid JSON: a comma or }"},
		{"trailing comma", `{"a":"\{{", "b":{{ BigCommerce | Order | id }},}`, 1, 48, "not valid JSON: a member's name"},
		{"bare name", `{ {{ BigCommerce | Order | id }}: 1}`, 1, 3, "member's name in double quotes"},
		{"digits before a value", `[1{{ BigCommerce | Order | status }}] x`, 1, 39, "nothing may follow"},
		{"open text", `{"a": "{{ BigCommerce | Order | id }}}`, 1, 7, "not closed"},
		{"line break in a text", "{\"a\": \"x\ny{{ BigCommerce | Order | id }}\"}", 1, 9, "line break"},
		{"not closed", `{"a": {{ BigCommerce | Order | id }}`, 1, 37, "the end of the text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, merge.PlaceJSON, scope(), language{})
			if tmpl == nil || len(problems) == 0 {
				t.Fatalf("Parse(%s) = %v, %v", c.src, tmpl, problems)
			}
			if p := problems[0]; p.Line != c.line || p.Column != c.column || !strings.Contains(p.Message, c.message) {
				t.Errorf("%s\n got %v\nwant %d:%d …%s…", c.src, p, c.line, c.column, c.message)
			}
		})
	}
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"part", "https://example.com/{{ Webhook | v }}?q={{ Webhook | v }}", "https://example.com/a%2F%C3%A4%20%26%3D~-._%0A?q=a%2F%C3%A4%20%26%3D~-._%0A"},
		{"whole", "{{ Webhook | url }}", "https://example.com/a%20b?x=1&y=%20"},
		{"whole with a tail", " {{ Webhook | url }}&z={{ Webhook | v :: truncate 3 }}", " https://example.com/a%20b?x=1&y=%20&z=a%2F%C3%A4"},
		{"whole in an arm", "{{#if true}}{{ Webhook | url }}{{else}}{{ Webhook | v }}{{/if}}/{{ Webhook | v :: truncate 2 }}", "https://example.com/a%20b?x=1&y=%20/a%2F"},
		{"second code is a part", "{{ Webhook | none }}{{ Webhook | url :: trim :: truncate 8 }}", "https%3A%2F%2F"},
		{"url format is applied once", "https://example.com/{{ Webhook | slash :: url }}", "https://example.com/a%2Fb"},
		{"url format at the beginning", "{{ Webhook | slash :: url }}", "a%2Fb"},
		{"fallback", `{{ Webhook | none ?? "https://example.com/" }}`, "https://example.com/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := merge.FromGo(map[string]any{"Webhook": map[string]any{
				"v": "a/ä &=~-._\n", "url": "\r\n https://example.com/a b?x=1&y=%20\x00", "slash": "a/b",
			}}).(merge.Object)
			if got := renderWith(t, c.src, merge.PlaceURL, root); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	for in, want := range map[string]string{
		"plain ä":                        "plain ä",
		"a\r\nBcc: x@example.com":        "a Bcc: x@example.com",
		"a\x00\x85\u0085\u2028\u2029\tb": "a \uFFFD b", // a lone \x85 byte is no character
		" a \n\n b\x7f":                  " a   b ",
		"\u009fa":                        " a",
	} {
		root := merge.FromGo(map[string]any{"Webhook": map[string]any{"v": in}}).(merge.Object)
		if got := renderWith(t, "{{ Webhook | v }}", merge.PlaceHeader, root); got != want {
			t.Errorf("header value %q = %q, want %q", in, got, want)
		}
	}
	_, problems := merge.Parse("ä\nb", merge.PlaceHeader, scope(), language{})
	if len(problems) != 1 || problems[0].Line != 1 || problems[0].Column != 2 {
		t.Errorf("a line break in a header gave %v", problems)
	}
}
