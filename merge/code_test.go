package merge_test

import (
	"errors"
	"slices"
	"testing"

	"cartwheel/merge"
)

func TestLabelAndPathAreOneThing(t *testing.T) {
	for _, c := range []struct {
		name, label, canonical, path string
		segments                     []string
	}{
		{"plain", "BigCommerce | Order | id", "BigCommerce | Order | id", "BigCommerce.Order.id", []string{"BigCommerce", "Order", "id"}},
		{"free blanks", " BigCommerce|Order |\tid\u00a0", "BigCommerce | Order | id", "BigCommerce.Order.id", []string{"BigCommerce", "Order", "id"}},
		{"inner blanks", "Webhook | such a name", "Webhook | such a name", `Webhook["such a name"]`, []string{"Webhook", "such a name"}},
		{"pipe", `Webhook | "a | b"`, `Webhook | "a | b"`, `Webhook["a | b"]`, []string{"Webhook", "a | b"}},
		{"quotes", `Webhook | "say \"hi\" \\"`, `Webhook | "say \"hi\" \\"`, `Webhook["say \"hi\" \\"]`, []string{"Webhook", `say "hi" \`}},
		{"needless quotes", `"Webhook" | "x"`, "Webhook | x", "Webhook.x", []string{"Webhook", "x"}},
		{"braces", `Webhook | "{{x}}"`, `Webhook | "{{x}}"`, `Webhook["{{x}}"]`, []string{"Webhook", "{{x}}"}},
		{"outer blanks", `Webhook | " x "`, `Webhook | " x "`, `Webhook[" x "]`, []string{"Webhook", " x "}},
		{"empty name", `Webhook | ""`, `Webhook | ""`, `Webhook[""]`, []string{"Webhook", ""}},
		{"operators", `Webhook | "a ?? b" | "c::d"`, `Webhook | "a ?? b" | "c::d"`, `Webhook["a ?? b"]["c::d"]`, []string{"Webhook", "a ?? b", "c::d"}},
		{"dash and dot", "Steps | my-step | a.b", "Steps | my-step | a.b", `Steps["my-step"]["a.b"]`, []string{"Steps", "my-step", "a.b"}},
		{"digits", "Webhook | 1st | _2", "Webhook | 1st | _2", `Webhook["1st"]._2`, []string{"Webhook", "1st", "_2"}},
		{"other scripts", "Webhook | Größe | 名前", "Webhook | Größe | 名前", `Webhook["Größe"]["名前"]`, []string{"Webhook", "Größe", "名前"}},
		{"strange root", `"a b" | c`, "a b | c", `["a b"].c`, []string{"a b", "c"}},
		{"line break", "Webhook | \"a\nb\"", "Webhook | a\nb", `Webhook["a\u000ab"]`, []string{"Webhook", "a\nb"}},
		{"block sign", `Webhook | "#each"`, `Webhook | "#each"`, `Webhook["#each"]`, []string{"Webhook", "#each"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, err := merge.ParseCode(c.label)
			if err != nil || string(code) != c.canonical {
				t.Fatalf("ParseCode(%s) = %s, %v, want %s", c.label, code, err, c.canonical)
			}
			if got := code.Segments(); !slices.Equal(got, c.segments) {
				t.Errorf("Segments(%s) = %q, want %q", code, got, c.segments)
			}
			if got := merge.MakeCode(c.segments...); got != code {
				t.Errorf("MakeCode(%q) = %s, want %s", c.segments, got, code)
			}
			if got := code.Path(); got != c.path {
				t.Errorf("Path(%s) = %s, want %s", code, got, c.path)
			}
			if got, err := merge.ParsePath(c.path); err != nil || got != code {
				t.Errorf("ParsePath(%s) = %s, %v, want %s", c.path, got, err, code)
			}
			if got, err := merge.ParseCode(string(code)); err != nil || got != code {
				t.Errorf("ParseCode(%s) = %s, %v", code, got, err)
			}
		})
	}
}

func TestBadLabelsAndPathsSayWhere(t *testing.T) {
	for _, c := range []struct {
		name   string
		parse  func(string) (merge.Code, error)
		text   string
		column int
	}{
		{"empty label", merge.ParseCode, "", 1},
		{"blank label", merge.ParseCode, "  ", 3},
		{"two pipes", merge.ParseCode, "ä || b", 4},
		{"pipe at the end", merge.ParseCode, "a | ", 5},
		{"quote inside", merge.ParseCode, `a | b"c`, 6},
		{"brace", merge.ParseCode, "a | {b", 5},
		{"unclosed quote", merge.ParseCode, `a | "b`, 5},
		{"text behind quotes", merge.ParseCode, `a | "b" c`, 9},
		{"fallback", merge.ParseCode, "a ?? b", 3},
		{"empty path", merge.ParsePath, "", 1},
		{"two dots", merge.ParsePath, "a..b", 3},
		{"dot at the end", merge.ParsePath, "a.", 3},
		{"position", merge.ParsePath, "a.b[0]", 5},
		{"unclosed bracket", merge.ParsePath, `a["b"`, 2},
		{"unclosed quote in a path", merge.ParsePath, `a["b`, 2},
		{"blank in a path", merge.ParsePath, "a b", 2},
		{"bad escape", merge.ParsePath, `a["\z"]`, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, err := c.parse(c.text)
			var p merge.Problem
			if !errors.As(err, &p) || p.Line != 1 || p.Column != c.column || p.Message == "" {
				t.Errorf("%q gave %q, %#v, want a problem in column %d", c.text, code, err, c.column)
			}
		})
	}
}

func TestCodeRelations(t *testing.T) {
	code := merge.Code("BigCommerce | Order | id")
	for prefix, want := range map[merge.Code]bool{
		"": true, "BigCommerce": true, "BigCommerce | Order": true, code: true,
		"BigCommerce | Ord": false, "Big": false, "Order": false, code + " | x": false,
	} {
		if got := code.Under(prefix); got != want {
			t.Errorf("(%s).Under(%q) = %v", code, prefix, got)
		}
	}
	if got := code.Root(); got != "BigCommerce" {
		t.Errorf("Root = %q", got)
	}
	if got := merge.Code("").Child("a|b").Child("c"); got != `"a|b" | c` || got.Root() != "a|b" {
		t.Errorf("Child = %s, Root = %q", got, got.Root())
	}
	if got := merge.Code("").Segments(); got != nil {
		t.Errorf("Segments of nothing = %q", got)
	}
}
