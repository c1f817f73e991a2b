package cond_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cartwheel/engine/cond"
	"cartwheel/merge"
)

// ruleMaker draws trees in normal form: what FormatRules writes and ParseRules reads back as it was.
type ruleMaker struct {
	t     *rapid.T
	names []string          // of members
	kinds map[string]string // by name: text number bool date list
	path  func(name string) string
	depth int
}

func orderMaker(t *rapid.T) *ruleMaker {
	return &ruleMaker{t: t, names: []string{"id", "total", "status", "note", "paid", "created", "my field"},
		kinds: map[string]string{"id": "number", "total": "number", "status": "text", "note": "text", "my field": "text", "paid": "bool", "created": "date"},
		path:  func(name string) string { return merge.MakeCode("BigCommerce", "Order", name).Path() }}
}

func (m *ruleMaker) inList() *ruleMaker {
	return &ruleMaker{t: m.t, names: []string{"sku", "quantity", "price", "made", "a | b"}, depth: m.depth + 1,
		kinds: map[string]string{"sku": "text", "a | b": "text", "quantity": "number", "price": "number", "made": "date"},
		path:  func(name string) string { return "." + merge.MakeCode(name).Path() }}
}

func (m *ruleMaker) chance(label string) bool { return rapid.Bool().Draw(m.t, label) }
func (m *ruleMaker) one(of ...string) string  { return rapid.SampledFrom(of).Draw(m.t, "word") }
func (m *ruleMaker) number(low, high int) int { return rapid.IntRange(low, high).Draw(m.t, "number") }
func (m *ruleMaker) text() string             { return rapid.StringN(0, 6, -1).Draw(m.t, "text") }
func (m *ruleMaker) day() string              { return m.one("2026-01-31", "2026-02-28T10:00:00Z", "2026-03-04") }
func (m *ruleMaker) amount() any              { return num(m.one("0", "7", "-3", "12.5", "0.001", "1000000")) }
func (m *ruleMaker) scalar(kind string) any {
	if kind == "number" {
		return m.amount()
	}
	return m.text()
}

// outer is the root, or the test of a list.
func (m *ruleMaker) outer() cond.Node {
	switch m.number(0, 3) {
	case 0:
		return group("and", m.leaf(m.pick()))
	case 1:
		return m.negated("")
	}
	return m.many(m.one("and", "or"))
}

func (m *ruleMaker) pick() string { return rapid.SampledFrom(m.names).Draw(m.t, "name") }

// many has two rows or more, about different members: neighbours about one might be joined.
func (m *ruleMaker) many(combinator string) cond.Node {
	g := group(combinator)
	m.depth++
	defer func() { m.depth-- }()
	for _, name := range rapid.Permutation(m.names).Draw(m.t, "names")[:m.number(2, 4)] {
		switch {
		case m.depth < 3 && m.number(0, 4) == 0:
			g.Rules = append(g.Rules, m.inner(combinator))
		default:
			g.Rules = append(g.Rules, m.leaf(name))
		}
	}
	return g
}

// inner is a group within a group of combinator.
func (m *ruleMaker) inner(combinator string) cond.Node {
	if m.chance("negated") {
		return m.negated(combinator)
	}
	return m.many(map[string]string{"and": "or", "or": "and"}[combinator])
}

func (m *ruleMaker) negated(string) cond.Node {
	if m.chance("many") {
		return not(m.many(m.one("and", "or")))
	}
	if m.depth < 3 && m.chance("twice") {
		m.depth++
		defer func() { m.depth-- }()
		return not(group("and", m.negated("")))
	}
	row := m.leaf(m.pick())
	plain := []string{"contains", "starts_with", "ends_with", "matches", "in"}
	if row.Kind == cond.RuleNode && (!row.OrMissing && slices.Contains(plain, row.Operator) || slices.Contains([]string{"empty", "missing", "present"}, row.Operator)) {
		row = cond.Node{Kind: cond.RuleNode, Code: row.Code, Operator: "eq", Value: "x"}
	}
	return not(group("and", row))
}

// leaf is one row about a member.
func (m *ruleMaker) leaf(name string) cond.Node {
	outside := m.path("x")[0] != '.'
	switch n := m.number(0, 9); {
	case n == 0 && outside:
		return raw(m.one(`len(BigCommerce.Order.note) > 3`, `BigCommerce.Order.id == BigCommerce.Order.total`, `true`, `BigCommerce.Order.paid ?? true`,
			`BigCommerce.Order.id > 1 ? BigCommerce.Order.paid : true`, `lower(BigCommerce.Order.note) == "x"`, `(BigCommerce.Order.note ?? "x") == "y"`))
	case n == 0:
		return raw(m.one(`.quantity * 2 > 3`, `len(.sku) > 2`, `#index == 0`))
	case n == 1 && outside:
		q := m.one("any", "all", "none", "at_least", "at_most", "exactly")
		count := 0
		if strings.HasPrefix(q, "at_") || q == "exactly" {
			count = m.number(0, 3)
		}
		return list(q, count, m.inList().outer())
	case n == 2 && outside:
		return cond.Node{Kind: cond.SumNode, Code: "BigCommerce.Products", Item: m.one("", ".quantity", ".quantity * .price"), Operator: m.one("eq", "ne", "lt", "ge"), Value: m.amount()}
	}
	row := m.about(name)
	row.Kind, row.Code = cond.RuleNode, m.path(name)
	if row.Operator != "missing" && row.Operator != "present" && row.Operator != "empty" {
		row.OrMissing = m.chance("or missing")
	}
	return row
}

func (m *ruleMaker) about(name string) cond.Node {
	kind := m.kinds[name]
	if m.number(0, 4) == 0 {
		return cond.Node{Operator: m.one("missing", "present", "empty", "not_empty")}
	}
	if m.number(0, 4) == 0 && kind != "bool" && kind != "date" {
		values := []any{}
		for range m.number(0, 3) {
			values = append(values, m.scalar(kind))
		}
		return cond.Node{Operator: m.one("in", "not_in"), Value: values}
	}
	switch kind {
	case "bool":
		return cond.Node{Operator: m.one("is_true", "is_false")}
	case "date":
		if op := m.one("before", "after", "within", "between", "ge"); op == "within" {
			return cond.Node{Operator: op, Value: m.one("7d", "36h")}
		} else if op == "between" {
			return cond.Node{Operator: op, Value: []any{m.day(), m.day()}}
		} else {
			return cond.Node{Operator: op, Value: m.day()}
		}
	case "number":
		if op := m.one("eq", "ne", "lt", "le", "gt", "ge", "between"); op == "between" {
			return cond.Node{Operator: op, Value: []any{m.amount(), m.amount()}}
		} else {
			return cond.Node{Operator: op, Value: m.amount()}
		}
	}
	op := m.one("eq", "ne", "contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with", "matches", "not_matches")
	if strings.HasSuffix(op, "matches") {
		return cond.Node{Operator: op, Value: m.one("^a", `\d+`, "x$")}
	}
	return cond.Node{Operator: op, Value: m.text()}
}

// tooLong tells whether a drawn condition has more parts or bytes than one may have.
func tooLong(problems []merge.Problem) bool {
	return slices.ContainsFunc(problems, func(p merge.Problem) bool { return strings.Contains(p.Message, "split it into several") })
}

func TestFormattedRulesAreReadBackAsTheyWere(t *testing.T) {
	s := rulesScope()
	rapid.Check(t, func(t *rapid.T) {
		tree := orderMaker(t).outer()
		text, problems, ok := cond.FormatRules(tree, s)
		if !ok {
			t.Fatalf("not formatted: %v\n%s", problems, show(tree))
		}
		if tooLong(problems) {
			t.Skip("longer than a condition may be")
		}
		got, _ := cond.ParseRules(text, s)
		if !reflect.DeepEqual(got.Root, tree) {
			t.Fatalf("%s\nread back %s\nwas       %s", text, show(got.Root), show(tree))
		}
	})
}

// payloads draws values with missing parts.
func drawPayload(t *rapid.T) merge.Object {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	var b strings.Builder
	member := func(name string, of ...string) {
		if v := pick(name, append(of, "", "null")...); v != "" {
			if !strings.HasSuffix(b.String(), "{") {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(name) + ":" + v)
		}
	}
	b.WriteString(`{"BigCommerce":{`)
	b.WriteString(`"Order":{`)
	member("id", "7", "0", `"12"`)
	member("total", `"12.5000"`, "7", `"x"`)
	member("status", `"x"`, `"abc"`, `""`)
	member("note", `"x"`, `"yx"`)
	member("my field", `"a"`)
	member("paid", "true", "false", `"true"`)
	member("created", `"2026-02-01T00:00:00Z"`, `"2026-03-04"`, `"soon"`)
	member("channels", "[1,2]", "[]")
	b.WriteString("}")
	if rapid.Bool().Draw(t, "products") {
		b.WriteString(`,"Products":[`)
		for i := range rapid.IntRange(0, 3).Draw(t, "items") {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('{')
			member("sku", `"TEE-1"`, `"x"`)
			member("quantity", "1", "7")
			member("price", `"12.5"`, "0")
			member("made", `"2026-01-31"`)
			b.WriteByte('}')
		}
		b.WriteByte(']')
	}
	b.WriteString("}}")
	o, err := merge.DecodeObject([]byte(b.String()))
	if err != nil {
		t.Fatalf("%s: %v", b.String(), err)
	}
	return o
}

// drawText draws a condition as a person might type it.
func drawText(t *rapid.T, depth int) string {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "part") }
	if depth > 0 {
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0, 1:
			return drawText(t, depth-1) + pick(" and ", " && ", " or ", " || ", "\nand /* x */ ") + drawText(t, depth-1)
		case 2:
			return "(" + drawText(t, depth-1) + ")"
		case 3:
			return pick("not ", "!", "not") + "(" + drawText(t, depth-1) + ")"
		case 4:
			return "(" + drawText(t, depth-1) + " ? " + drawText(t, depth-1) + " : " + drawText(t, depth-1) + ")"
		}
	}
	return long(pick(`o.id == 7`, `o.id != 7`, `7 < o.id`, `o.id in [7, 0]`, `o.id not in [7]`, `o.total >= 1`, `o.total <= 12.5`, `o.total == nil`, `nil != o.total`,
		`o.status == "x"`, `o.status != "x"`, `o.status == nil`, `o.status contains "b"`, `not (o.status contains "b")`, `o.status != nil`, `o.note matches "x$"`, `!(o.note startsWith "x")`,
		`o.paid`, `not o.paid`, `o.paid == false`, `o.paid != true`, `has(o.note)`, `not has(o.note)`, `is_empty(o.status)`, `not is_empty(o["my field"])`,
		`o.created < "2026-02-15"`, `o.created >= date("2026-02-15")`, `within(o.created, "30d")`, `o.created != "2026-03-04"`, `1 in o.channels`, `len(o.status) > 1`,
		`any(P, .sku startsWith "T" and .quantity > 0)`, `all(P, .price >= 1 or .sku == nil)`, `none(P, not (.sku contains "x"))`, `one(P, .quantity == 1)`,
		`count(P, .quantity > 0) > 1`, `2 <= count(P, .price == nil)`, `count(P, .sku != "x") < 2`, `count(P, .sku == "x") != 1`, `sum(P, .quantity) > 5`, `8 == sum(P, .quantity)`,
		`any(P, #.sku == "x" && not (.quantity in [1]))`, `lower(o.status) == "abc"`, `(o.note ?? o.status) == "x"`, `true`, `o.id == o.total`, `(o.paid ?? true)`))
}

// decisions of two texts on one payload; the same failure counts as the same.
func sameDecision(t interface{ Fatalf(string, ...any) }, a, b string, root merge.Object) {
	s := rulesScope()
	env := merge.Env{Root: root, Now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	x, problems := cond.Compile(a, s)
	y, more := cond.Compile(b, s)
	if len(problems) > 0 || len(more) > 0 {
		t.Fatalf("%s\n%s\nproblems %v %v", a, b, problems, more)
		return
	}
	v, err := x.Decide(env)
	w, err2 := y.Decide(env)
	if v.Result != w.Result || (err == nil) != (err2 == nil) {
		t.Fatalf("%s\nis %v (%v), but written as\n%s\nit is %v (%v) for %s", a, v.Result, err, b, w.Result, err2, merge.JSON(root))
	}
}

func TestFormattedTextsDecideAlike(t *testing.T) {
	s := rulesScope()
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t, 3)
		tree, problems := cond.ParseRules(text, s)
		formatted, more, ok := cond.FormatRules(tree.Root, s)
		if tooLong(append(problems, more...)) {
			t.Skip("longer than a condition may be")
		}
		problems = append(problems, more...)
		if !ok || len(problems) > 0 {
			t.Fatalf("%s: %v", text, problems)
		}
		for range 3 {
			sameDecision(t, text, formatted, drawPayload(t))
		}
		again, _ := cond.ParseRules(formatted, s)
		if !reflect.DeepEqual(again.Root, tree.Root) {
			t.Fatalf("%s\nread   %s\nagain  %s", formatted, show(tree.Root), show(again.Root))
		}
	})
}

// Rows as a form may send them, in no normal form: what is written means what the rows say.
func TestAnyRowsMeanTheSameWhenReadBack(t *testing.T) {
	s := rulesScope()
	rapid.Check(t, func(t *rapid.T) {
		m := orderMaker(t)
		var any func(depth int) cond.Node
		any = func(depth int) cond.Node {
			if depth == 0 || m.chance("leaf") {
				return m.leaf(m.pick())
			}
			g := group(m.one("and", "or"))
			g.Not = m.chance("not")
			for range m.number(1, 3) {
				g.Rules = append(g.Rules, any(depth-1))
			}
			return g
		}
		root := group(m.one("and", "or"), any(3), any(2))
		text, problems, ok := cond.FormatRules(root, s)
		if !ok {
			t.Fatal(problems)
		}
		if len(problems) > 0 {
			t.Skip("the values do not fit the types")
		}
		tree, _ := cond.ParseRules(text, s)
		again, problems, ok := cond.FormatRules(tree.Root, s)
		if tooLong(problems) {
			t.Skip("longer than a condition may be")
		}
		if !ok || len(problems) > 0 {
			t.Fatalf("%s\n%s: %v", text, show(tree.Root), problems)
		}
		sameDecision(t, text, again, drawPayload(t))
	})
}

func FuzzConditionRules(f *testing.F) {
	for _, tt := range canonical {
		f.Add(long(tt.text))
	}
	for _, text := range []string{`o.id ==`, `((`, `let x = 1; x`, `"\u0000" in o.channels`, `not not not o.paid`, "o.id == 1 //", `a ?? b`, `any(P, any(.options, # == #))`, `-(-1) < o.id`} {
		f.Add(long(text))
	}
	payload, _ := merge.DecodeObject([]byte(`{"BigCommerce":{"Order":{"id":7,"total":"12.5","status":"x","paid":true,"created":"2026-03-01"},"Products":[{"sku":"x","quantity":2},{"price":"1"}]}}`))
	f.Fuzz(func(t *testing.T, text string) {
		s := rulesScope()
		tree, problems := cond.ParseRules(text, s)
		formatted, more, ok := cond.FormatRules(tree.Root, s)
		if len(problems) > 0 || len(text) > 500 { // longer ones may grow beyond the limits of a condition
			return
		}
		if !ok || len(more) > 0 {
			t.Fatalf("%q\n%s: %v", text, show(tree.Root), more)
		}
		for _, root := range []merge.Object{payload, {}} {
			sameDecision(t, text, formatted, root)
		}
	})
}
