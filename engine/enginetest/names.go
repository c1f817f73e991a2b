package enginetest

import (
	"fmt"
	"strings"
)

// StrangeNames are 80 names that a merge code may have because somebody's JSON
// has them. No two are the same bytes; some look the same.
func StrangeNames() []string {
	names := []string{
		// what the language itself is made of
		"", " ", "  ", "|", " | ", "a|b", "a | b", "||", "| |", `"`, `""`, `"a"`, `a"b`, `\`, `\\`, `a\"b`, `'`, "`", ".", "a.b", "..", "[", "]", `["x"]`, "[0]", "0", "-1", "1e400",
		"{{", "}}", "{{ x }}", `\{{`, "??", "::", ":: upper", `?? "x"`, "#if", "/each", "=", "#", "?.",
		// names that mean something elsewhere
		"__proto__", "constructor", "prototype", "$env", "__get", "this", "nil", "null", "true", "not", "in", "item", "Event", "Steps", "len", "any",
		// characters that look like others, or like nothing
		"\u00e9", "e\u0301", "\u212b", "\u00c5", "\u0430", "\u202egnp", "\u200b", "\u200d", "\ufeff", "\u2028", "\u00a0", "\U0001f600", "\U0001f469\u200d\U0001f4bb", "\u05e9\u05dc\u05d5\u05dd", "\t", "a\nb", "\r\n", "\u007f", "\u0001", "<b>", "&amp;",
	}
	names = append(names, strings.Repeat("x", 10_000), strings.Repeat("\u0301", 1000))
	return names
}

// StrangeTemplates are 60 texts that look like templates, more or less.
func StrangeTemplates() []string {
	const code = "BigCommerce | Order | id"
	texts := []string{
		"{{", "}}", "{{}}", "{{ }}", "{{{", "{{{ " + code + " }}}", "{{{{" + code + "}}}}", "{{ {{ " + code + " }} }}", `\{{`, `\\{{ ` + code + ` }}`, "{{ " + code, code + " }}", "{ { " + code + " } }", "{{ | }}", "{{ a | }}", "{{ | a }}", "{{ a || b }}",
		`{{ "`, `{{ "a }}`, `{{ "a" }}`, `{{ BigCommerce | "Order | id }}`, "{{ " + code + " ?? }}", "{{ " + code + ` ?? "x }}`, "{{ " + code + " ?? ?? 1 }}", "{{ " + code + " :: }}", "{{ " + code + " :: nothing }}", "{{ " + code + " :: truncate }}",
		"{{ " + code + " :: truncate -1 }}", "{{ " + code + " :: truncate 99999999999999999999 }}", "{{ " + code + " :: number 1000000 }}", "{{ " + code + ` :: date "` + strings.Repeat("2006", 1000) + `" }}`, "{{ " + code + ` :: date "x" "../../../etc/passwd" }}`,
		"{{ " + code + strings.Repeat(" :: upper", 1000) + " }}", "{{ " + code + strings.Repeat(` ?? "x"`, 1000) + " }}", "{{#each " + code + "}}{{/each}}", "{{#each BigCommerce | Products}}", "{{/each}}", "{{#each}}{{/each}}", "{{#each BigCommerce | Products}}{{/if}}",
		strings.Repeat("{{#each BigCommerce | Products}}", 9) + "x" + strings.Repeat("{{/each}}", 9), strings.Repeat("{{#each BigCommerce | Products}}", 5000), "{{#if}}x{{/if}}", "{{#if true}}", "{{else}}", "{{/if}}", "{{#if true}}a{{else}}b{{else}}c{{/if}}", strings.Repeat("{{#if true}}", 10_000),
		"{{#if 1}}x{{/if}}", "{{#unless x}}{{/unless}}", "{{> partial }}", "{{! comment }}", "{{= }}", "{{= 1 + }}", "{{= reduce([1], #) }}", "{{= $env }}", "{{= " + strings.Repeat("(", 5000) + " }}", strings.Repeat("{{ "+code+" }}", 10_000), strings.Repeat("{", 100_000), "{{ \u202e" + code + " }}",
	}
	return append(texts, fmt.Sprintf("{{ %s }}", strings.Repeat("a | ", 20_000)))
}
