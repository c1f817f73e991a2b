package merge_test

import (
	"strings"
	"testing"

	"cartwheel/merge"
)

func TestProblemsSayWhatAndWhere(t *testing.T) {
	for _, c := range []struct {
		name, src    string
		line, column int
		message      string // a part of it
		suggestion   string
		lives        bool // there is a template nevertheless
	}{
		{"unknown code", "Hi\nä {{ BigCommerce | Order | frist_name }}", 2, 6, "no merge code BigCommerce | Order | frist_name",
			"BigCommerce | Order | billing_address | first_name, BigCommerce | Customer | first_name", true},
		{"unknown root", "{{ Weather }}", 1, 4, "no merge code Weather", "", true},
		{"condition notation", "{{ BigCommerce.Order.id }}", 1, 4, "no merge code", "BigCommerce | Order | id", true},
		{"unknown fallback", "{{ Webhook | x ?? BigCommerce | Order | ids }}", 1, 19, "no merge code", "BigCommerce | Order | id", true},
		{"member of a list", "{{ BigCommerce | Products | name }}", 1, 4, "is a list: write {{#each BigCommerce | Products}}{{ item | name }}{{/each}}", "", true},
		{"unknown member", "{{#each BigCommerce | Products}}{{ item | mame }}{{/each}}", 1, 36, "entries of BigCommerce | Products have no mame", "item | name", true},
		{"unknown inner member", "{{#each BigCommerce | Products}}{{#each item | product_options}}{{ item | nam }}{{/each}}{{/each}}", 1, 68,
			"entries of BigCommerce | Products | product_options have no nam", "item | name", true},
		{"item outside a loop", "{{ item | name }}", 1, 4, "no merge code item | name", "*", true},
		{"loop over a number", "{{#each BigCommerce | Order | id}}x{{/each}}", 1, 9, "is a number, not a list", "", true},
		{"loop over an object", "{{#each BigCommerce | Order}}x{{/each}}", 1, 9, "is an object, not a list", "", true},
		{"loop over nothing known", "{{#each BigCommerce | Product}}x{{/each}}", 1, 9, "no merge code", "BigCommerce | Products", true},
		{"loop with a fallback", `{{#each BigCommerce | Tags ?? "x"}}x{{/each}}`, 1, 28, "nothing else", "", false},
		{"loop without a list", "{{#each}}x{{/each}}", 1, 1, "needs the merge code of a list", "", false},
		{"open braces", "a {{ BigCommerce | Order | id", 1, 3, "not closed", "", false},
		{"open braces before others", "a {{ BigCommerce | Order | id and {{ BigCommerce | Order | id }}", 1, 3, "not closed", "", false},
		{"three braces", "{{{ BigCommerce | Order | id }}}", 1, 3, "two braces, not three", "", false},
		{"empty braces", "a {{ }}", 1, 3, "braces are empty", "", false},
		{"open quotes", `a {{ Webhook | x ?? "there }}`, 1, 21, "quotes are not closed", "", false},
		{"quotes closed by others", `{{ Webhook | x ?? "there }} and {{ Webhook | y ?? "b" }}`, 1, 19, "quotes are not closed", "", false},
		{"text behind quotes", `{{ Webhook | x ?? "there" you }}`, 1, 27, `"y" does not belong here`, "", false},
		{"quotes inside a name", `{{ Webhook | x"y" }}`, 1, 15, "double quotes", "", false},
		{"no name", "{{ Webhook | | x }}", 1, 14, "name of a merge code", "", false},
		{"no fallback", "{{ Webhook | x ?? }}", 1, 18, "name of a merge code", "", false},
		{"no format", "{{ Webhook | x :: }}", 1, 18, "a format follows ::", "", false},
		{"open if", "a\n{{#if true}}b", 2, 1, "{{#if ...}} is not closed: put {{/if}}", "", false},
		{"open each", "{{#each BigCommerce | Tags}}b", 1, 1, "put {{/each}}", "", false},
		{"if open inside each", "{{#each BigCommerce | Tags}}{{#if true}}b{{/each}}", 1, 29, "put {{/if}}", "", false},
		{"stray end", "a {{/if}}", 1, 3, "{{/if}} closes nothing", "", false},
		{"wrong end", "{{#if true}}a{{/each}}{{/if}}", 1, 14, "{{/each}} closes nothing", "", false},
		{"stray else", "a {{else}}", 1, 3, "belongs between", "", false},
		{"else in each", "{{#each BigCommerce | Tags}}a{{else}}b{{/each}}", 1, 30, "belongs between", "", false},
		{"else twice", "{{#if true}}a{{else}}b{{else}}c{{/if}}", 1, 23, "already", "", false},
		{"else if", "{{#if true}}a{{else if true}}b{{/if}}", 1, 21, "does not exist", "", false},
		{"text behind an end", "{{#if true}}a{{/if true}}", 1, 20, "Nothing may stand behind", "", false},
		{"empty if", "{{#if }}a{{/if}}", 1, 1, "needs an expression", "", false},
		{"empty expression", "{{=}}", 1, 1, "needs an expression", "", false},
		{"format without expression", "{{= :: upper}}", 1, 5, "before the format", "", false},
		{"unknown block", "{{#iff true}}", 1, 3, "There is no block #iff", "#if", false},
		{"bad expression", "äö {{= BigCommerce.Order.nope }}", 1, 8, "Unknown BigCommerce.Order.nope", "", true},
		{"bad condition", "{{#if  ??}}a{{/if}}", 1, 8, "no expression", "", true},
		{"unknown format", "{{ Webhook | x :: uper }}", 1, 19, "There is no format uper", "upper", true},
		{"argument too many", "{{ Webhook | x :: upper 3 }}", 1, 25, "stands alone", "", true},
		{"argument missing", "{{ Webhook | x :: truncate }}", 1, 19, "needs one whole number", "", true},
		{"wrong argument", `{{ Webhook | x :: number "2" }}`, 1, 26, "needs one whole number from 0 to 20", "", true},
		{"number too large", "{{ Webhook | x :: number 21 }}", 1, 26, "from 0 to 20", "", true},
		{"fraction", "{{ Webhook | x :: truncate 1.5 }}", 1, 28, "whole number", "", true},
		{"two numbers", "{{ Webhook | x :: truncate 1 2 }}", 1, 28, "one whole number", "", true},
		{"bare argument", "{{ Webhook | x :: default none }}", 1, 27, "double quotes", "", false},
		{"no default", "{{ Webhook | x :: default }}", 1, 19, "needs a text", "", true},
		{"no layout", "{{ Webhook | x :: date }}", 1, 19, `:: date "2 Jan 2006" "Europe/Berlin"`, "", true},
		{"nonsense layout", `{{ Webhook | x :: date "today" }}`, 1, 24, "no date layout", "", true},
		{"foreign layout", `{{ Webhook | x :: date "DD/MM/2006" }}`, 1, 24, "no date layout", "", true},
		{"strftime layout", `{{ Webhook | x :: date "%d.%m 2006" }}`, 1, 24, "no date layout", "", true},
		{"unknown zone", `{{ Webhook | x :: date "2006" "Mars/Phobos" }}`, 1, 31, "no time zone", "", true},
		{"machine's zone", `{{ Webhook | x :: date "2006" "Local" }}`, 1, 31, "no time zone", "", true},
		{"date with too much", `{{ Webhook | x :: date "2006" "UTC" "x" }}`, 1, 37, "too much", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, merge.PlaceText, scope(), language{})
			if len(problems) == 0 {
				t.Fatalf("Parse(%s) found no problem", c.src)
			}
			p := problems[0]
			if p.Line != c.line || p.Column != c.column || !strings.Contains(p.Message, c.message) {
				t.Errorf("%s\n got %d:%d %s\nwant %d:%d …%s…", c.src, p.Line, p.Column, p.Message, c.line, c.column, c.message)
			}
			if c.suggestion != "*" && !strings.HasPrefix(p.Suggestion, c.suggestion) || c.suggestion == "" && p.Suggestion != "" {
				t.Errorf("%s\n got suggestion %q\nwant %q", c.src, p.Suggestion, c.suggestion)
			}
			if (tmpl != nil) != c.lives {
				t.Errorf("%s: template = %v, problems = %v", c.src, tmpl, problems)
			}
		})
	}
}

func TestAllProblemsAreListedInOrder(t *testing.T) {
	const src = "{{#if true}}{{ BigCommerce | Order | nope }}\n{{ }}\n{{ Webhook | x :: uper }}"
	_, problems := merge.Parse(src, merge.PlaceText, scope(), language{})
	var got []int
	for _, p := range problems {
		got = append(got, p.Line*100+p.Column)
	}
	want := []int{101, 116, 201, 319}
	if len(got) != len(want) {
		t.Fatalf("problems at %v, want %v: %v", got, want, problems)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("problems at %v, want %v", got, want)
		}
	}
}

func TestWithoutCatalogueOrLanguage(t *testing.T) {
	tmpl, problems := merge.Parse("{{ A | b }}{{= 1 }}", merge.PlaceText, nil, nil)
	if tmpl == nil || len(problems) != 2 {
		t.Fatalf("Parse = %v, %v", tmpl, problems)
	}
	if out, err := tmpl.Render(merge.Env{}); out != "" || err != nil {
		t.Errorf("Render = %q, %v", out, err)
	}
}
