package merge_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/merge"
)

func TestTemplateGrammar(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"code", `No. {{ BigCommerce | Order | id }}.`, "No. 4127."},
		{"free blanks", "{{BigCommerce|Order|\n  id}}", "4127"},
		{"wire text", "{{ BigCommerce | Order | total_inc_tax }}", "1234.5000"},
		{"boolean", "{{ BigCommerce | Order | is_deleted }}", "false"},
		{"null", "[{{ BigCommerce | Order | nothing }}]", "[]"},
		{"object never fetched", "[{{ BigCommerce | Customer | first_name }}]", "[]"},
		{"list as JSON", "{{ BigCommerce | Tags }}", `["a","b\"c"]`},
		{"object as JSON", "{{ Steps | tell | body }}", `{"n":45.0,"t":"x","deep":[1,{"a":null}]}`},
		{"fallback for missing", `Hi {{ BigCommerce | Customer | first_name ?? "there" }}!`, "Hi there!"},
		{"fallback for empty", `{{ BigCommerce | Order | note ?? "none" }}`, "none"},
		{"fallback for an empty list", `{{ BigCommerce | Empty ?? "none" }}`, "none"},
		{"fallback not needed", `{{ BigCommerce | Order | status ?? "none" }}`, "Shipped"},
		{"fallback false is a value", `{{ BigCommerce | Order | is_deleted ?? "none" }}`, "false"},
		{"fallback number", `{{ BigCommerce | Order | note ?? -1.50 }}`, "-1.50"},
		{"fallback code", `{{ BigCommerce | Order | note ?? BigCommerce | Order | id }}`, "4127"},
		{"fallback chain", `{{ BigCommerce | Order | note ?? BigCommerce | Order | nothing ?? "end" }}`, "end"},
		{"fallback code with quotes", `{{ BigCommerce | Order | note ?? Webhook | "a | b" }}`, "piped"},
		{"fallback that holds everything", `{{ BigCommerce | Order | note ?? "a \"b\" \\ }} :: | ?? {{" }}`, `a "b" \ }} :: | ?? {{`},
		{"quoted segment", `{{ Webhook | "a | b" }}`, "piped"},
		{"quotes in a segment", `{{ Webhook | "say \"hi\"" }}`, "quoted"},
		{"blank in a segment", `{{ Webhook | first name }}`, "blank"},
		{"format after fallback", `{{ BigCommerce | Order | note ?? "abc" :: upper }}`, "ABC"},
		{"several formats", `{{ BigCommerce | Order | billing_address | first_name :: trim :: upper :: truncate 3 }}`, "ANN"},
		{"loop", "{{#each BigCommerce | Products}}{{ item | name :: truncate 3 }} x {{ item | quantity }};{{/each}}", "Mug x 2;Tea x 1;"},
		{"loop over texts", "{{#each BigCommerce | Tags}}<{{ item }}>{{/each}}", `<a><b"c>`},
		{"loop over nothing", "a{{#each BigCommerce | Empty}}x{{/each}}b", "ab"},
		{"loop over something else", "a{{#each Steps | tell | body}}x{{/each}}b", "ab"},
		{"inner loop hides item", "{{#each BigCommerce | Products}}{{#each item | product_options}}{{ item | name }},{{/each}}{{ item | quantity }};{{/each}}", "red,big,2;1;"},
		{"untyped loop", "{{#each Steps | tell | body | deep}}[{{ item | a }}]{{/each}}", "[][]"},
		{"condition", `{{#if BigCommerce.Order.status == "Shipped"}}yes{{else}}no{{/if}}`, "yes"},
		{"else", `{{#if BigCommerce.Order.status == "Lost"}}yes{{else}}no{{/if}}`, "no"},
		{"no else", `a{{#if BigCommerce.Order.status == "Lost"}}yes{{/if}}b`, "ab"},
		{"condition in a loop", `{{#each BigCommerce | Products}}{{#if item.quantity == "2"}}{{ item | name }}{{/if}}{{/each}}`, "Mug"},
		{"only true is true", `{{#if BigCommerce.Order.id}}yes{{/if}}`, ""},
		{"blanks in blocks", "{{ #if true }}yes{{ else }}no{{ /if }}", "yes"},
		{"expression", `{{= upper(BigCommerce.Order.status) }}`, "SHIPPED"},
		{"expression with a format", `{{= BigCommerce.Order.status :: lower :: truncate 4 }}`, "ship"},
		{"expression with :: in quotes", `{{= "a :: b" :: upper }}`, "A :: B"},
		{"expression with braces", `{{= {"a": {"b": "}}"}} }}|`, `{"a":{"b":"}}"}}|`},
		{"expression that ends in braces", `{{={"a":{}}}}|`, `{"a":{}}|`},
		{"literal braces", `\{{ BigCommerce | Order | id }} {{ BigCommerce | Order | id }}`, "{{ BigCommerce | Order | id }} 4127"},
		{"literal braces inside text", `a\{{b\{{{c`, `a{{b{{{c`},
		{"a code right behind literal braces", `\{{{{ BigCommerce | Order | id }}}}`, `{{4127}}`},
		{"closing braces are text", "}} }", "}} }"},
		{"backslash elsewhere", `\ \{ \n {{ BigCommerce | Order | id }}`, `\ \{ \n 4127`},
		{"values are not expanded", "{{ Webhook | tmpl }}", "{{ BigCommerce | Order | id }}"},
		{"no codes", "just text", "just text"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := render(t, c.src, merge.PlaceText); got != c.want {
				t.Errorf("%s\n got %q\nwant %q", c.src, got, c.want)
			}
		})
	}
}

func TestUsesAndCodes(t *testing.T) {
	const src = "{{ BigCommerce | Order | id }}\n" +
		"ä {{ Webhook | x ?? BigCommerce | Order | nope }}{{ BigCommerce | Order | id }}\n" +
		"{{= upper(BigCommerce.Order.status) }}{{#each BigCommerce | Products}}{{ item | price :: money }}{{/each}}\n" +
		`{{ BigCommerce | Order | total_inc_tax :: money }}{{ BigCommerce | Order | date_created :: date "2 Jan" }}`
	tmpl, problems := merge.Parse(src, merge.PlaceText, scope(), language{})
	if tmpl == nil || len(problems) != 1 {
		t.Fatalf("Parse = %v, %v", tmpl, problems)
	}
	use := func(code merge.Code, line, column int, known, bare bool) merge.Use {
		return merge.Use{Code: code, Position: merge.Position{Line: line, Column: column}, Known: known, Bare: bare}
	}
	want := []merge.Use{
		use("BigCommerce | Order | id", 1, 4, true, true),
		use("Webhook | x", 2, 6, true, false),
		use("BigCommerce | Order | nope", 2, 21, false, false),
		use("BigCommerce | Order | id", 2, 53, true, true),
		use("BigCommerce | Order | status", 3, 5, true, false),
		use("BigCommerce | Products", 3, 47, true, false),
		use("BigCommerce | Order | total_inc_tax", 4, 4, true, true),
		use("BigCommerce | Order | date_created", 4, 54, true, true),
	}
	if diff := cmp.Diff(want, tmpl.Uses()); diff != "" {
		t.Errorf("Uses (-want +got):\n%s", diff)
	}
	codes := []merge.Code{
		"BigCommerce | Order | id", "Webhook | x", "BigCommerce | Order | nope", "BigCommerce | Order | status", "BigCommerce | Products",
		"BigCommerce | Order | currency_code", "BigCommerce | Order | total_inc_tax", "BigCommerce | Order | date_created", "BigCommerce | Store | zone",
	}
	slices.Sort(codes)
	got := slices.Sorted(slices.Values(tmpl.Codes()))
	if diff := cmp.Diff(codes, got); diff != "" {
		t.Errorf("Codes (-want +got):\n%s", diff)
	}
}

func TestBareUsesPrintNothingWhenTheirCodeIsEmpty(t *testing.T) {
	tests := []struct {
		src        string
		bare, only bool
	}{
		{"{{ Webhook | x }}", true, true},
		{"{{ Webhook | x :: upper }}", true, true},
		{"a{{ Webhook | x }}", true, false},
		{`{{ Webhook | x ?? "y" }}`, false, true},
		{`{{ Webhook | x :: default "y" }}`, false, true},
		{`{{#if true}}{{ Webhook | x }}{{/if}}`, false, false},
		{`{{= Webhook.x }}`, false, true},
	}
	for _, place := range []merge.Place{merge.PlaceText, merge.PlaceHeader, merge.PlaceHTML, merge.PlaceURL} {
		for _, tt := range tests {
			tmpl, problems := merge.Parse(tt.src, place, scope(), language{})
			if len(problems) > 0 || len(tmpl.Uses()) != 1 {
				t.Fatalf("%s: %v", tt.src, problems)
			}
			if u := tmpl.Uses()[0]; u.Bare != tt.bare || tmpl.Only(u) != tt.only {
				t.Errorf("%s in %s: bare %v, only %v", tt.src, place, u.Bare, tmpl.Only(u))
			}
		}
	}
}

func TestLiteral(t *testing.T) {
	for src, want := range map[string]bool{"": true, "text": true, `\{{ text`: true, "{{ Webhook | x }}": false, "a{{#if true}}b{{/if}}": false} {
		tmpl, _ := merge.Parse(src, merge.PlaceText, scope(), language{})
		text, ok := merge.Literal(tmpl)
		if ok != want || ok && text != render(t, src, merge.PlaceText) {
			t.Errorf("Literal(%q) = %q, %v", src, text, ok)
		}
	}
	if _, ok := merge.Literal(nil); ok {
		t.Error("Literal(nil) is a text")
	}
}

func TestPreviewsShowWhatTheyCan(t *testing.T) {
	for _, c := range []struct {
		name  string
		place merge.Place
		src   string
		want  string
	}{
		{"unknown code", merge.PlaceText, "a{{ BigCommerce | Order | nope }}b", "ab"},
		{"unknown code with a fallback", merge.PlaceText, `{{ BigCommerce | Order | nope ?? "x" }}`, "x"},
		{"unknown member", merge.PlaceText, "{{#each BigCommerce | Products}}[{{ item | mame }}]{{/each}}", "[][]"},
		{"unknown format", merge.PlaceText, "{{ BigCommerce | Order | id :: uper }}", "4127"},
		{"bad condition", merge.PlaceText, "{{#if nonsense}}a{{else}}b{{/if}}", "b"},
		{"code in a script", merge.PlaceHTML, "<script>{{ BigCommerce | Order | id }}</script>", "<script></script>"},
		{"line break in a header", merge.PlaceHeader, "a\r\nb {{ BigCommerce | Order | id }}", "a b 4127"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, c.place, scope(), language{})
			if tmpl == nil || len(problems) != 1 {
				t.Fatalf("Parse(%s) = %v, %v", c.src, tmpl, problems)
			}
			if got, err := tmpl.Render(merge.Env{Root: event(t)}); got != c.want || err != nil {
				t.Errorf("Render(%s) = %q, %v, want %q", c.src, got, err, c.want)
			}
		})
	}
}
