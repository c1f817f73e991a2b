package cond_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// rulesScope has one merge code of every type.
func rulesScope() *merge.Scope {
	entry := func(name string, t merge.Type, items ...merge.Entry) merge.Entry {
		return merge.Entry{Code: merge.MakeCode("BigCommerce", "Order", name), Type: t, Items: items}
	}
	return &merge.Scope{Catalog: merge.NewCatalog("",
		entry("id", merge.Integer), entry("total", merge.Decimal), entry("status", merge.String), entry("note", merge.String),
		entry("paid", merge.Boolean), entry("created", merge.Datetime), entry("channels", merge.List), entry("my field", merge.String),
		merge.Entry{Code: "BigCommerce | Products", Type: merge.List, Items: []merge.Entry{
			{Code: "sku", Type: merge.String}, {Code: "quantity", Type: merge.Integer}, {Code: "price", Type: merge.Decimal},
			{Code: "made", Type: merge.Datetime}, {Code: "a | b", Type: merge.String},
			{Code: "options", Type: merge.List, Items: []merge.Entry{{Code: "name", Type: merge.String}}}}},
	).WithOpen("Steps")}
}

const orderPath = "BigCommerce.Order."

// rule is a row about a member of the order.
func rule(name, operator string, value any) cond.Node {
	return cond.Node{Kind: cond.RuleNode, Code: orderPath + name, Operator: operator, Value: value}
}

func orMissing(n cond.Node) cond.Node {
	n.OrMissing = true
	return n
}

func group(combinator string, rows ...cond.Node) cond.Node {
	return cond.Node{Kind: cond.GroupNode, Combinator: combinator, Rules: append([]cond.Node{}, rows...)}
}

func not(n cond.Node) cond.Node {
	n.Not = true
	return n
}

func list(quantifier string, count int, body cond.Node) cond.Node {
	return cond.Node{Kind: cond.ListNode, Code: "BigCommerce.Products", Quantifier: quantifier, Count: count, Body: &body}
}

func item(name, operator string, value any) cond.Node {
	return cond.Node{Kind: cond.RuleNode, Code: "." + name, Operator: operator, Value: value}
}

func raw(text string) cond.Node { return cond.Node{Kind: cond.RawNode, Text: text} }

func num(s string) json.Number { return json.Number(s) }

// short writes paths as they stand in these tables: o.id for BigCommerce.Order.id, P for BigCommerce.Products.
func long(s string) string {
	return strings.NewReplacer("o.", orderPath, "o[", "BigCommerce.Order[", "P", "BigCommerce.Products").Replace(s)
}

// canonical texts and their trees, both ways.
var canonical = []struct {
	text string
	want cond.Node
}{
	{``, group("and")},
	{`o.status == "x"`, group("and", rule("status", "eq", "x"))},
	{`o.status != "x"`, group("and", rule("status", "ne", "x"))},
	{`o.status != "x" or o.status == nil`, group("and", orMissing(rule("status", "ne", "x")))},
	{`o.id == 5 and (o.status != "x" or o.status == nil)`, group("and", rule("id", "eq", num("5")), orMissing(rule("status", "ne", "x")))},
	{`o.id == 5 or o.status != "x" or o.status == nil`, group("or", rule("id", "eq", num("5")), orMissing(rule("status", "ne", "x")))},
	{`o.total >= 1 and o.total <= 5.5`, group("and", rule("total", "between", []any{num("1"), num("5.5")}))},
	{`o.id == 1 or o.total >= 1 and o.total <= 5`, group("or", rule("id", "eq", num("1")), rule("total", "between", []any{num("1"), num("5")}))},
	{`o.total >= 1 and o.total <= 5 or o.total == nil`, group("and", orMissing(rule("total", "between", []any{num("1"), num("5")})))},
	{`not (o.total >= 1 and o.total <= 5)`, not(group("and", rule("total", "between", []any{num("1"), num("5")})))},
	{`o.total > -5`, group("and", rule("total", "gt", num("-5")))},
	{`o.total < 12.5 and o.id <= 9`, group("and", rule("total", "lt", num("12.5")), rule("id", "le", num("9")))},
	{`o.total >= "12.50"`, group("and", rule("total", "ge", "12.50"))},
	{`o.status contains "x"`, group("and", rule("status", "contains", "x"))},
	{`not (o.status contains "x")`, group("and", orMissing(rule("status", "not_contains", "x")))},
	{`o.status != nil and not (o.status contains "x")`, group("and", rule("status", "not_contains", "x"))},
	{`o.status startsWith "x" and not (o.note endsWith "y")`, group("and", rule("status", "starts_with", "x"), orMissing(rule("note", "not_ends_with", "y")))},
	{`o.status matches "^a\\.b$"`, group("and", rule("status", "matches", `^a\.b$`))},
	{`o.status in ["a", "b"]`, group("and", rule("status", "in", []any{"a", "b"}))},
	{`not (o.id in [1, 2])`, group("and", orMissing(rule("id", "not_in", []any{num("1"), num("2")})))},
	{`o.id != nil and not (o.id in [1])`, group("and", rule("id", "not_in", []any{num("1")}))},
	{`o.id in []`, group("and", rule("id", "in", []any{}))},
	{`o.created < date("2026-01-31")`, group("and", rule("created", "before", "2026-01-31"))},
	{`o.created > date("2026-01-31T10:00:00Z")`, group("and", rule("created", "after", "2026-01-31T10:00:00Z"))},
	{`o.created >= "2026-01-01" and o.created <= "2026-01-31"`, group("and", rule("created", "between", []any{"2026-01-01", "2026-01-31"}))},
	{`within(o.created, "7d")`, group("and", rule("created", "within", "7d"))},
	{`within(o.created, "7d") or o.created == nil`, group("and", orMissing(rule("created", "within", "7d")))},
	{`not within(o.created, "7d")`, not(group("and", rule("created", "within", "7d")))},
	{`o.paid == true`, group("and", rule("paid", "is_true", nil))},
	{`o.paid == false or o.paid == nil`, group("and", orMissing(rule("paid", "is_false", nil)))},
	{`o.paid != true`, group("and", rule("paid", "ne", true))},
	{`o.note == nil`, group("and", rule("note", "missing", nil))},
	{`o.note != nil`, group("and", rule("note", "present", nil))},
	{`is_empty(o.note) or not is_empty(o.status)`, group("or", rule("note", "empty", nil), rule("status", "not_empty", nil))},
	{`not (o.status == "x")`, not(group("and", rule("status", "eq", "x")))},
	{`not (o.id == 1 or o.id == 2)`, not(group("or", rule("id", "eq", num("1")), rule("id", "eq", num("2"))))},
	{`o.id == 1 and not (o.id == 2 and o.total > 3)`, group("and", rule("id", "eq", num("1")), not(group("and", rule("id", "eq", num("2")), rule("total", "gt", num("3")))))},
	{`not (not (o.status contains "x"))`, not(group("and", orMissing(rule("status", "not_contains", "x"))))},
	{`(o.id == 1 or o.id == 2) and (o.id == 3 or o.id == 4)`, group("and", group("or", rule("id", "eq", num("1")), rule("id", "eq", num("2"))),
		group("or", rule("id", "eq", num("3")), rule("id", "eq", num("4"))))},
	{`o.id == 1 and o.id == 2 or o.id == 3`, group("or", group("and", rule("id", "eq", num("1")), rule("id", "eq", num("2"))), rule("id", "eq", num("3")))},
	{`o["my field"] == "x"`, group("and", cond.Node{Kind: cond.RuleNode, Code: `BigCommerce.Order["my field"]`, Operator: "eq", Value: "x"})},
	{`o.status == "a\"b\\c\nd\u0001ü"`, group("and", rule("status", "eq", "a\"b\\c\nd\x01ü"))},
	{`any(P, .sku startsWith "TEE-" and .quantity > 1)`, group("and", list("any", 0, group("and", item("sku", "starts_with", "TEE-"), item("quantity", "gt", num("1")))))},
	{`all(P, .price >= 1 or .sku == nil)`, group("and", list("all", 0, group("or", item("price", "ge", num("1")), item("sku", "missing", nil))))},
	{`none(P, not (.sku contains "x"))`, group("and", list("none", 0, group("and", orMissing(item("sku", "not_contains", "x")))))},
	{`not any(P, not (.sku == "x" or .sku == "y"))`, not(group("and", list("any", 0, not(group("or", item("sku", "eq", "x"), item("sku", "eq", "y"))))))},
	{`count(P, .sku == "x") >= 2`, group("and", list("at_least", 2, group("and", item("sku", "eq", "x"))))},
	{`count(P, .sku == "x") <= 0`, group("and", list("at_most", 0, group("and", item("sku", "eq", "x"))))},
	{`count(P, .sku == "x") == 3`, group("and", list("exactly", 3, group("and", item("sku", "eq", "x"))))},
	{`any(P, any(.options, .name == "Size") and BigCommerce.Order.id > 5)`, group("and", list("any", 0, group("and",
		cond.Node{Kind: cond.ListNode, Code: ".options", Quantifier: "any", Body: new(group("and", item("name", "eq", "Size")))}, rule("id", "gt", num("5")))))},
	{`any(o.channels, # == 1)`, group("and", cond.Node{Kind: cond.ListNode, Code: orderPath + "channels", Quantifier: "any",
		Body: new(group("and", item("", "eq", num("1"))))})},
	{`any(P, .made < date("2026-01-31"))`, group("and", list("any", 0, group("and", item("made", "before", "2026-01-31"))))},
	{`sum(P, .quantity) > 5`, group("and", cond.Node{Kind: cond.SumNode, Code: "BigCommerce.Products", Item: ".quantity", Operator: "gt", Value: num("5")})},
	{`sum(P, .quantity * .price) <= 99.5`, group("and", cond.Node{Kind: cond.SumNode, Code: "BigCommerce.Products", Item: ".quantity * .price", Operator: "le", Value: num("99.5")})},
	{`o.channels contains 1`, group("and", rule("channels", "contains", num("1")))},
	{`len(o.note) > 3`, group("and", raw("len("+orderPath+"note) > 3"))},
	{`o.id == 1 and lower(o.note) == "x"`, group("and", rule("id", "eq", num("1")), raw("lower("+orderPath+`note) == "x"`))},
	{`(o.id > 1 ? o.paid : true) and o.id == 2`, group("and", raw(orderPath+"id > 1 ? "+orderPath+"paid : true"), rule("id", "eq", num("2")))},
	{`not (o.id == o.total)`, not(group("and", raw(orderPath+"id == "+orderPath+"total")))},
	{`true`, group("and", raw("true"))},
	{`any(P, .quantity * 2 > 3)`, group("and", list("any", 0, group("and", raw(".quantity * 2 > 3"))))},
}

func TestRulesAreTheTextBothWays(t *testing.T) {
	s := rulesScope()
	for _, tt := range canonical {
		text := long(tt.text)
		tree, problems := cond.ParseRules(text, s)
		if len(problems) > 0 || !reflect.DeepEqual(tree.Root, tt.want) {
			t.Errorf("%s\nparsed  %s %v\nwant    %s", text, show(tree.Root), problems, show(tt.want))
		}
		got, problems, ok := cond.FormatRules(tt.want, s)
		if !ok || got != text || len(problems) > 0 {
			t.Errorf("formatted %q %v, want %q", got, problems, text)
		}
		if full := !strings.Contains(show(tt.want), `"raw"`); tree.Full != full {
			t.Errorf("%s: full is %v", text, tree.Full)
		}
	}
}

func show(n cond.Node) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func TestOtherTextsOfTheSameRules(t *testing.T) {
	s := rulesScope()
	tests := []struct{ text, want string }{
		{`50 < o.total && "x" == o.status`, `o.total > 50 and o.status == "x"`},
		{`!(o.status contains 'x')`, `not (o.status contains "x")`},
		{`o.status not in ["a"]`, `not (o.status in ["a"])`},
		{`"1" in o.channels`, `o.channels contains "1"`},
		{`o.paid and not o.paid`, `o.paid == true and not (o.paid == true)`},
		{`has(o.note) or not has(o.status)`, `o.note != nil or o.status == nil`},
		{`not (o.note != nil)`, `o.note == nil`},
		{`((o.id == 1) and ((o.id == 2)))`, `o.id == 1 and o.id == 2`},
		{`o.id == 1 and (o.id == 2 and o.id == 3)`, `o.id == 1 and o.id == 2 and o.id == 3`},
		{`o.created < "2026-01-31"`, `o.created < date("2026-01-31")`},
		{`o.created >= date("2026-01-31")`, `o.created >= "2026-01-31"`},
		{`nil == o.note`, `o.note == nil`},
		{`one(P, .sku == "x")`, `count(P, .sku == "x") == 1`},
		{`count(P, .sku == "x") > 1 or count(P, .sku == "x") < 1`, `count(P, .sku == "x") >= 2 or count(P, .sku == "x") <= 0`},
		{`any(P, #.sku == "x")`, `any(P, .sku == "x")`},
		{`any(P, {.sku == "x"})`, `any(P, .sku == "x")`},
		{`o.id == 0x1F or o.id == 1_000 or o.total == 0.10`, `o.id == 31 or o.id == 1000 or o.total == 0.1`},
		{"o.id == 1 // one\n and len(o.note) > /* more */ 3", `o.id == 1 and len(o.note) > 3`},
		{`(o.status == "a" or o.status == nil) and o.id == 1`, `(o.status == "a" or o.status == nil) and o.id == 1`},
	}
	for _, tt := range tests {
		tree, problems := cond.ParseRules(long(tt.text), s)
		got, more, ok := cond.FormatRules(tree.Root, s)
		if len(problems)+len(more) > 0 || !ok || got != long(tt.want) {
			t.Errorf("%s\ngave %s %v %v\nwant %s", long(tt.text), got, problems, more, long(tt.want))
		}
		if comments := strings.Contains(tt.text, "//"); tree.Comments != comments {
			t.Errorf("%s: comments is %v", tt.text, tree.Comments)
		}
	}
}

// Nothing of a text is lost that cannot be read or may not be said.
func TestUnreadableTextsAreOneRawRow(t *testing.T) {
	for _, text := range []string{`o.id ==`, `a && (`, `let x = 1; x`, `1 < o.id < 5`, `o.id?.x == 1`, "\x00", `// only a comment`, strings.Repeat("x", 5000)} {
		tree, problems := cond.ParseRules(text, rulesScope())
		if want := group("and", raw(text)); len(problems) == 0 || tree.Full || !reflect.DeepEqual(tree.Root, want) {
			t.Errorf("%.40q: %s with %v", text, show(tree.Root), problems)
		}
	}
	tree, problems := cond.ParseRules(`BigCommerce.Order.nothing == 1`, rulesScope())
	if len(problems) != 1 || !tree.Full || tree.Root.Rules[0].Code != "BigCommerce.Order.nothing" {
		t.Errorf("an unknown code: %s, %v", show(tree.Root), problems)
	}
}

func TestIncompleteRowsSayWhatIsMissing(t *testing.T) {
	long := cond.Node{Kind: cond.RuleNode, Code: "a", Operator: "eq", Value: num("1")}
	many := group("or")
	for range 500 {
		many.Rules = append(many.Rules, long)
	}
	tests := []struct {
		name           string
		row            cond.Node
		location, says string
	}{
		{"no value", rule("id", "eq", nil), "rules[0].value", "A value is missing."},
		{"no code", cond.Node{Kind: cond.RuleNode, Operator: "eq", Value: "x"}, "rules[0].code", "Choose a merge code."},
		{"no operator", rule("id", "", nil), "rules[0].operator", "Choose an operator."},
		{"strange operator", rule("id", "sounds_like", "x"), "rules[0].operator", "There is no operator sounds_like"},
		{"strange code", cond.Node{Kind: cond.RuleNode, Code: `a == 1 or b`, Operator: "eq", Value: "x"}, "rules[0].code", "A path goes on"},
		{"code that is a call", cond.Node{Kind: cond.RuleNode, Code: `["a b"]`, Operator: "eq", Value: "x"}, "rules[0].code", "begins with a name"},
		{"item outside a list", item("sku", "eq", "x"), "rules[0].code", "inside a list only"},
		{"one bound", rule("id", "between", []any{num("1")}), "rules[0].value", "Two values are missing"},
		{"no list", rule("id", "in", "x"), "rules[0].value", "A list of values is missing"},
		{"no date", rule("created", "before", num("1")), "rules[0].value", "A date is missing"},
		{"no span", rule("created", "within", nil), "rules[0].value", "A length of time is missing"},
		{"object as value", rule("id", "eq", map[string]any{}), "rules[0].value", "A value is a text"},
		{"number that is none", rule("id", "eq", num("1) or (1")), "rules[0].value", "This number cannot be read"},
		{"empty group", group("or"), "rules[0]", "This group is empty"},
		{"no combinator", group("xor", rule("id", "eq", num("1"))), "rules[0].combinator", "The combinator is"},
		{"no kind", cond.Node{}, "rules[0].kind", "The kind of a row"},
		{"list without test", cond.Node{Kind: cond.ListNode, Code: "x", Quantifier: "any"}, "rules[0].rules", "The test of the items"},
		{"list with an empty test", list("any", 0, group("and")), "rules[0].rules", "This group is empty"},
		{"strange quantifier", list("most", 0, group("and", item("sku", "eq", "x"))), "rules[0].quantifier", "The quantifier is"},
		{"negative count", list("at_least", -1, group("and", item("sku", "eq", "x"))), "rules[0].count", "0 or more"},
		{"inside a list", list("any", 0, group("and", item("sku", "eq", nil))), "rules[0].rules.rules[0].value", "A value is missing."},
		{"sum of text operator", cond.Node{Kind: cond.SumNode, Code: "x", Operator: "contains", Value: "x"}, "rules[0].operator", "The operator of a sum"},
		{"sum that breaks out", cond.Node{Kind: cond.SumNode, Code: "x", Item: ".a) > 1 or sum(x, .b", Operator: "gt", Value: num("1")}, "rules[0].item", "cannot be read as one expression"},
		{"empty raw", raw(" "), "rules[0].text", "An expression is missing"},
		{"raw that breaks out", raw("true) or (true"), "rules[0].text", "closes nothing"},
		{"raw item outside a list", raw(".sku == 1"), "rules[0].text", "#"},
		{"raw that breaks out of a list", list("any", 0, group("and", raw("true), (true"))), "rules[0].rules.rules[0].text", ""},
		{"too many", many, "rules[0].rules[398]", "more than 400 parts"},
	}
	for _, tt := range tests {
		text, problems, ok := cond.FormatRules(group("and", tt.row), rulesScope())
		if ok || text != "" || len(problems) == 0 || problems[0].Location != tt.location || !strings.Contains(problems[0].Message, tt.says) {
			t.Errorf("%s: %q %v %v, want %q at %s", tt.name, text, ok, problems, tt.says, tt.location)
		}
	}
}

// What the text has for problems is told at the row that it comes from.
func TestProblemsOfTheTextStandAtTheirRow(t *testing.T) {
	tree := group("and", rule("id", "eq", num("1")), group("or", rule("status", "eq", "ü"), rule("nothing", "eq", "x")),
		list("any", 0, group("and", item("sku", "eq", "x"), item("nix", "eq", "y"))), rule("status", "gt", num("5")))
	text, problems, ok := cond.FormatRules(tree, rulesScope())
	var at []string
	for _, p := range problems {
		at = append(at, p.Location)
	}
	want := []string{"rules[1].rules[1]", "rules[2].rules.rules[1]", "rules[3]"}
	if !ok || text == "" || !reflect.DeepEqual(at, want) {
		t.Errorf("%q %v: %v, want problems at %v", text, ok, problems, want)
	}
}

func TestResultsOfEveryRule(t *testing.T) {
	s := rulesScope()
	root, _ := merge.DecodeObject([]byte(`{"BigCommerce":{"Order":{"id":7,"total":"30.0000","status":"Shipped","note":null,"created":"2026-03-01T10:00:00Z"},
		"Products":[{"sku":"TEE-1","quantity":2,"price":"5.00"},{"sku":"HAT","quantity":1,"price":"9.00"}]}}`))
	src := long(`o.id == 8 and (o.status == "Shipped" or o.note == "x") and any(P, .sku == "HAT") and count(P, .quantity > 0) >= 3
		and sum(P, .quantity) == 3 and (o.note != "x" or o.note == nil) and o.total >= 10 and o.total <= 20 and len(o.status) > 3 and not (o.note contains "x")
		and lower(o.status) == "x" and upper(o.note) == "y"`)
	tree, problems := cond.ParseRules(src, s)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := tree.Results(merge.Env{Root: root, Now: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)}, s)
	type row struct {
		id, value string
		result    bool
		missing   int
	}
	want := []row{{"0", "7", false, 0}, {"1.0", `"Shipped"`, true, 0}, {"1.1", "null", false, 1}, {"2", "2", true, 0}, {"3", "2", false, 0}, {"4", "3", true, 0},
		{"5", "null", true, 1}, {"6", `"30.0000"`, false, 0}, {"7", "7", true, 0}, {"8", "null", true, 1}, {"9", `"shipped"`, false, 0}, {"10", "null", false, 1}}
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Result == nil || g.ID != w.id || *g.Result != w.result || merge.JSON(merge.FromGo(g.Value)) != w.value || len(g.Missing) != w.missing {
			t.Errorf("row %s: %+v %s, want %+v", g.ID, g, merge.JSON(merge.FromGo(g.Value)), w)
		}
	}
}

// A request may be nested 64 deep; what was read must be fit to be sent back.
func TestDeepConditionsStayWithinWhatARequestMayBeNested(t *testing.T) {
	for name, layer := range map[string][2]string{
		"groups": {"o.id == 1 and (o.id == 2 or ", ")"}, "nots": {"not (not (", "))"}, "lists": {"any(P, ", ")"}, "raw": {"(o.paid ? true : ", ")"},
	} {
		text := long(strings.Repeat(layer[0], 20) + "o.id == 3" + strings.Repeat(layer[1], 20))
		tree, problems := cond.ParseRules(text, rulesScope())
		deepest, depth := 0, 0
		for _, c := range show(tree.Root) {
			switch c {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			deepest = max(deepest, depth)
		}
		if deepest > 62 || tree.Full {
			t.Errorf("%s: %d deep, full %v", name, deepest, tree.Full)
		}
		if got, more, ok := cond.FormatRules(tree.Root, rulesScope()); !ok || len(problems) > 0 || len(more) > 0 {
			t.Errorf("%s: %q %v %v", name, got, problems, more)
		}
	}
}
