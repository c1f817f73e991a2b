package cond_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/parser/operator"
	"github.com/google/go-cmp/cmp"

	"cartwheel/engine/cond"
)

// allowed tells whether src compiles in the scope of the tests.
func allowed(src string) bool {
	_, problems := cond.Compile(src, scope())
	return len(problems) == 0
}

// never stands for what the parser never makes.
const never = ""

// The tables name everything that this version of Expr has. When one of the
// tests says that something is missing or new, a person decides about it first.

func TestEveryOperatorOfExprIsAllowedOrRefused(t *testing.T) {
	binary := map[string]struct {
		src  string
		want bool
	}{
		"|": {`"a" | len() == 1`, false}, "..": {"1 in 1..2", false}, "**": {"2 ** 2 == 4", false}, "^": {"2 ^ 2 == 4", false},
		"or": {"true or false", true}, "||": {"true || false", true}, "and": {"true and true", true}, "&&": {"true && true", true},
		"==": {"1 == 1", true}, "!=": {"1 != 1", true}, "<": {"1 < 1", true}, ">": {"1 > 1", true}, "<=": {"1 <= 1", true}, ">=": {"1 >= 1", true},
		"in": {"1 in [1]", true}, "matches": {`"a" matches "a"`, true}, "contains": {`"a" contains "a"`, true},
		"startsWith": {`"a" startsWith "a"`, true}, "endsWith": {`"a" endsWith "a"`, true},
		"+": {"1 + 1 == 2", true}, "-": {"1 - 1 == 0", true}, "*": {"1 * 1 == 1", true}, "/": {"1 / 1 == 1", true}, "%": {"1 % 1 == 0", true},
		"??": {"nil ?? true", true},
	}
	sameKeys(t, "binary operators", slices.Collect(maps.Keys(operator.Binary)), slices.Collect(maps.Keys(binary)))
	for op, tt := range binary {
		if got := allowed(tt.src); got != tt.want {
			t.Errorf("%s: %s: allowed %v, want %v", op, tt.src, got, tt.want)
		}
	}
	unary := map[string]string{"not": "not true", "!": "!true", "-": "-1 < 0", "+": "+1 > 0"}
	sameKeys(t, "unary operators", slices.Collect(maps.Keys(operator.Unary)), slices.Collect(maps.Keys(unary)))
	for op, src := range unary {
		if !allowed(src) {
			t.Errorf("%s: %s is refused", op, src)
		}
	}
}

func TestEveryFunctionOfExprIsOursOrRefused(t *testing.T) {
	ours := map[string]string{
		"all": "all([true], #)", "any": "any([true], #)", "none": "none([true], #)", "one": "one([true], #)",
		"filter": "len(filter([1], true)) == 1", "find": "find([true], #)", "count": "count([true], #) == 1", "map": "len(map([1], #)) == 1", "sum": "sum([1], #) == 1",
		"len": `len("a") == 1`, "lower": `lower("A") == "a"`, "upper": `upper("a") == "A"`, "trim": `trim("a") == "a"`, "abs": "abs(1) == 1", "round": "round(1) == 1",
		"date": `date("2026-01-01") < now()`, "now": "now() == now()", "duration": `duration("1h") == "60m"`,
	}
	refused := strings.Fields(`findIndex findLast findLastIndex groupBy sortBy reduce
		type ceil floor int float string trimPrefix trimSuffix split splitAfter replace repeat join indexOf lastIndexOf hasPrefix hasSuffix
		max min mean median toJSON fromJSON toBase64 fromBase64 timezone first last get take keys values toPairs fromPairs reverse uniq concat flatten sort
		bitand bitor bitxor bitnand bitnot bitshl bitshr bitushr`)
	sameKeys(t, "functions", builtin.Names, append(slices.Collect(maps.Keys(ours)), refused...))
	for name, src := range ours {
		if !allowed(src) {
			t.Errorf("%s: %s is refused", name, src)
		}
	}
	for _, name := range refused {
		for _, src := range []string{name + "([1], #) == 1", name + "([1], 1) == 1", name + "([1]) == 1", name + `("a", "b", "c")`} {
			if allowed(src) {
				t.Errorf("%s is allowed", src)
			}
		}
	}
}

func TestEveryNodeOfExprIsAllowedOrRefused(t *testing.T) {
	nodes := map[string]struct {
		src  string
		want bool
	}{
		"NilNode": {"nil == nil", true}, "IdentifierNode": {"has(Event)", true}, "IntegerNode": {"1 == 1", true}, "FloatNode": {"1.5 == 1.5", true},
		"BoolNode": {"true", true}, "StringNode": {`"a" == "a"`, true}, "UnaryNode": {"not true", true}, "BinaryNode": {"1 == 1", true},
		"MemberNode": {`Event.id == "1"`, true}, "CallNode": {"has(1)", true}, "BuiltinNode": {"any([1], true)", true},
		"PredicateNode": {"any([1], true)", true}, "PointerNode": {"any([1], # == 1)", true}, "ConditionalNode": {"true ? true : false", true},
		"ArrayNode": {"is_empty([])", true}, "MapNode": {"is_empty({})", true}, "PairNode": {"has({a: 1})", true},
		"BytesNode": {`has(b"a")`, false}, "ChainNode": {`Event?.id == "1"`, false}, "SliceNode": {"has([1][0:1])", false},
		"VariableDeclaratorNode": {"let a = 1; a == 1", false}, "SequenceNode": {"true; true", false},
		"ConstantNode": {never, false}, // made by Expr's optimizer, which is not used
	}
	sameKeys(t, "nodes", nodeKinds(t), slices.Collect(maps.Keys(nodes)))
	for kind, tt := range nodes {
		if tt.src != never && allowed(tt.src) != tt.want {
			t.Errorf("%s: %s: allowed %v, want %v", kind, tt.src, !tt.want, tt.want)
		}
	}
	for _, src := range []string{
		"if true { true } else { false }", `Event.id.lower() == "a"`, "true ?: false", "1 < 2 < 3", "any([1], {true; true})", "any([1], let a = 1; true)",
		"$env", "has($env)", "__get(1)", "::len(1) == 1", "any([1], #acc == 1)", "[1][:1] == 1", `Event?.["id"] == "1"`, "reduce([1], #acc + #, 0) == 1",
		"any([1, 2], true; false)", "has(1)(2)", "# == 1", ".a == 1",
	} {
		if allowed(src) {
			t.Errorf("%s is allowed", src)
		}
	}
}

// nodeKinds reads the kinds of nodes from Expr's source: the structs with a base.
func nodeKinds(t *testing.T) (kinds []string) {
	t.Helper()
	pkg, err := build.Import("github.com/expr-lang/expr/ast", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, "node.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				if id, ok := f.Type.(*ast.Ident); ok && len(f.Names) == 0 && id.Name == "base" {
					kinds = append(kinds, spec.Name.Name)
				}
			}
		}
		return false
	})
	return kinds
}

func sameKeys(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-in the table, +in Expr):\n%s", what, diff)
	}
}
