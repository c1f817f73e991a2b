package cond

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// unknown reports a reference that the catalogue does not have.
func (c *compiler) unknown(o operand) {
	ref := o.ref
	if ref.parent != "" {
		if e, ok := o.shape.catalog.Lookup(ref.parent); ok && kindOf(e.Type) != isObject {
			c.noMembers(o.node, c.prefix(ref)+ref.parent.Path(), kindOf(e.Type))
			return
		}
	}
	path := ref.code.Path()
	var message string
	switch {
	case ref.origin == fromItem:
		message = "There is no ." + path + " in the items" + c.ofList() + "."
	case ref.origin == fromLocal:
		message = "There is no " + path + " in " + ref.name + "."
	case len(ref.steps) == 1:
		message = "There is no name " + path + " here; if it is a text, put it in quotes: \"" + ref.steps[0] + "\"."
	default:
		message = "There is no merge code " + path + " here; choose one that the trigger supplies."
	}
	c.problem(o.node, message, nearest(o.shape.catalog, ref.code, c.prefix(ref)))
}

// prefix is what stands before a path that starts at an item.
func (c *compiler) prefix(ref *reference) string {
	switch ref.origin {
	case fromItem:
		return "."
	case fromLocal:
		return ref.name + "."
	}
	return ""
}

// ofList names the list of the innermost loop.
func (c *compiler) ofList() string {
	if list := c.items[len(c.items)-1].of; list != "" {
		return " of " + list
	}
	return ""
}

// nearest are the likeliest codes of a catalogue, as paths.
func nearest(catalog *merge.Catalog, code merge.Code, prefix string) string {
	var paths []string
	for _, near := range catalog.Nearest(code, 3) {
		paths = append(paths, prefix+near.Path())
	}
	return strings.Join(paths, ", ")
}

// checkMembers refuses a member of what is known to have none.
func (c *compiler) checkMembers(x *ast.MemberNode, base operand) {
	if base.kind != untyped && base.kind != isObject {
		c.noMembers(x, c.text(x.Node), base.kind)
	}
}

func (c *compiler) noMembers(n ast.Node, base string, k kind) {
	if k == isList {
		c.problem(n, base+" is a list; ask for its items, as in any("+base+`, .name == "x").`, "")
		return
	}
	c.problem(n, base+" is "+k.String()+" and has no members; leave out what follows.", "")
}

// checkIndex refuses [i] where nothing can come of it.
func (c *compiler) checkIndex(x *ast.MemberNode, base, at operand) {
	switch {
	case base.kind != untyped && base.kind != isList && base.kind != isObject:
		c.problem(x, c.text(x.Node)+" is "+base.kind.String()+" and has no items; leave out the [ ].", "")
	case at.kind != untyped && at.kind != isNumber && at.kind != isText:
		c.problem(x.Property, "Between [ ] stands the number of an item, counted from 0, or a name.", "")
	case base.kind == isList && at.kind == isText:
		c.problem(x.Property, "The items of a list have numbers, counted from 0: [0].", "")
	case base.kind == isObject && at.kind == isNumber:
		c.problem(x.Property, "The members of an object have names, not numbers.", "")
	}
}

// unknownFunction says what to write instead of a function that is not there.
func unknownFunction(name string) string {
	for op := range operators {
		if len(op) > 2 && strings.EqualFold(op, name) {
			return op + " stands between two values: a " + op + " b."
		}
	}
	return "There is no function " + name + " here; the functions are " + functionNames() + "."
}

// functionNames lists every function, sorted.
func functionNames() string {
	names := make([]string, 0, len(functions)+len(loops))
	for name := range functions {
		names = append(names, name)
	}
	for name := range loops {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// nearestFunction is the function that was probably meant, or "".
func nearestFunction(name string) string {
	want := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	for _, known := range strings.Fields(functionNames()) {
		plain := strings.ReplaceAll(known, "_", "")
		if plain == want || len(want) > 2 && (strings.HasPrefix(plain, want) || strings.HasPrefix(want, plain)) {
			return known
		}
	}
	if len(want) < 4 {
		return "" // too short for a slip to be told from another word
	}
	var entries []merge.Entry
	for _, known := range strings.Fields(functionNames()) {
		entries = append(entries, merge.Entry{Code: merge.MakeCode(known)})
	}
	for _, near := range merge.NewCatalog("", entries...).Nearest(merge.MakeCode(name), 1) {
		return string(near)
	}
	return ""
}
