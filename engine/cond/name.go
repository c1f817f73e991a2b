package cond

import (
	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// shape is what the catalogue tells of a value's members or items. The zero
// shape lets anything pass.
type shape struct {
	catalog *merge.Catalog
	code    merge.Code    // of the value within catalog
	items   []merge.Entry // the members of a list's items
	element *item         // overrides items: of lists that an expression makes
}

// item is what is known of the items of a list.
type item struct {
	kind  kind
	shape shape
	of    string // the list, as written
}

// origin is where a reference starts.
type origin uint8

const (
	fromRoot  origin = iota // a merge code
	fromLocal               // a loop variable of a template
	fromItem                // # in any(...)
)

// reference is a chain of names: BigCommerce.Order.id, item.name, #.name.
type reference struct {
	origin  origin
	name    string // of the local
	code    merge.Code
	steps   []string // members to follow from the origin
	unknown bool     // not in the catalogue
	parent  merge.Code
	label   string
}

// members describes values that have the members entries; none: anything goes.
func members(entries []merge.Entry) shape {
	if len(entries) == 0 {
		return shape{}
	}
	catalog := merge.NewCatalog("", entries...)
	return shape{catalog: &catalog}
}

// elements is what is known of the items of o.
func (o operand) elements() item {
	if o.shape.element != nil {
		return *o.shape.element
	}
	if len(o.shape.items) > 0 {
		return item{kind: isObject, shape: members(o.shape.items)}
	}
	return item{}
}

// reference compiles a name or a member without counting it as used: the whole
// chain is, not its beginnings.
func (c *compiler) reference(n ast.Node) operand {
	switch x := n.(type) {
	case *ast.IdentifierNode:
		return c.identifier(x.Value)
	case *ast.PointerNode:
		return c.pointer(x)
	case *ast.MemberNode:
		var base operand
		switch x.Node.(type) {
		case *ast.IdentifierNode, *ast.PointerNode, *ast.MemberNode:
			base = c.reference(x.Node)
			base.node = x.Node
		default:
			base = c.expr(x.Node)
		}
		if name, ok := x.Property.(*ast.StringNode); ok {
			return c.member(x, base, name.Value)
		}
		return c.index(x, base)
	}
	return c.expr(n)
}

func (c *compiler) identifier(name string) operand {
	if local, ok := c.scope.Locals[name]; ok {
		return chain(local.Entry.Type, localShape(local.Entry), &reference{origin: fromLocal, name: name, label: name})
	}
	code := merge.MakeCode(name)
	return c.catalogued(&c.scope.Catalog, code, &reference{code: code, steps: []string{name}, label: string(code)})
}

func localShape(e merge.Entry) shape {
	if e.Type == merge.List {
		return shape{items: e.Items}
	}
	return members(e.Items)
}

// catalogued compiles a chain whose code must be in the catalogue.
func (c *compiler) catalogued(catalog *merge.Catalog, code merge.Code, ref *reference) operand {
	e, ok := catalog.Lookup(code)
	ref.unknown = !ok
	return chain(e.Type, shape{catalog: catalog, code: code, items: e.Items}, ref)
}

// chain makes the operand of a reference.
func chain(t merge.Type, s shape, ref *reference) operand {
	k := kindOf(t)
	r := *ref
	return operand{kind: k, shape: s, ref: ref, eval: func(f *frame) value { return f.follow(&r, k) }}
}

// follow walks a reference down.
func (f *frame) follow(r *reference, k kind) value {
	if !f.charge(max(len(r.steps), 1)) {
		return value{}
	}
	var v any
	switch r.origin {
	case fromRoot:
		v = f.root
	case fromLocal:
		v = f.locals[r.name]
	case fromItem:
		if len(r.steps) == 0 {
			return f.item
		}
		v = f.item.v
	}
	for _, step := range r.steps {
		o, ok := v.(merge.Object)
		if !ok {
			v = nil
			break
		}
		v, _ = o.Get(step)
	}
	if v == nil {
		f.miss(r.label)
	}
	return value{v, k}
}

func (c *compiler) pointer(x *ast.PointerNode) operand {
	if x.Name == "index" {
		return operand{kind: isNumber, eval: func(f *frame) value { return numberValue(decimal{coef: int64(f.index)}) }}
	}
	it := c.items[len(c.items)-1]
	o := chain(merge.Any, it.shape, &reference{origin: fromItem})
	o.kind = it.kind
	return o
}

// member compiles base.name.
func (c *compiler) member(x *ast.MemberNode, base operand, name string) operand {
	if base.ref == nil {
		return c.memberOfMade(x, base, name)
	}
	ref := *base.ref
	ref.steps = append(ref.steps[:len(ref.steps):len(ref.steps)], name)
	ref.parent = ref.code
	ref.code = ref.code.Child(name)
	switch ref.origin {
	case fromRoot:
		ref.label = string(ref.code)
	case fromLocal:
		ref.label = string(merge.MakeCode(ref.name)) + " | " + string(ref.code)
	}
	if ref.unknown {
		ref.parent = base.ref.parent
		return chain(merge.Any, base.shape, &ref)
	}
	if base.shape.catalog == nil {
		c.checkMembers(x, base)
		return chain(merge.Any, shape{}, &ref)
	}
	return c.catalogued(base.shape.catalog, base.shape.code.Child(name), &ref)
}

// memberOfMade compiles a member of an expression's value: items[0].name.
func (c *compiler) memberOfMade(x *ast.MemberNode, base operand, name string) operand {
	c.checkMembers(x, base)
	o := operand{}
	if base.shape.catalog != nil {
		code := base.shape.code.Child(name)
		e, ok := base.shape.catalog.Lookup(code)
		if !ok {
			message := "There is no ." + code.Path() + " in the items of " + c.text(x.Node) + "."
			c.problem(x, message, nearest(base.shape.catalog, code, "."))
			return operand{eval: func(*frame) value { return value{} }}
		}
		o.kind, o.shape = kindOf(e.Type), shape{catalog: base.shape.catalog, code: code, items: e.Items}
	}
	label, k := c.text(x), o.kind
	o.eval = func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		parent := base.eval(f)
		object, _ := parent.object()
		v, _ := object.Get(name)
		if v == nil && parent.v != nil {
			f.miss(label)
		}
		return value{v, k}
	}
	return o
}

// index compiles base[i] and base[key].
func (c *compiler) index(x *ast.MemberNode, base operand) operand {
	c.use(base)
	at := c.expr(x.Property)
	c.checkIndex(x, base, at)
	o := operand{}
	if at.kind == isNumber {
		it := base.elements()
		o.kind, o.shape = it.kind, it.shape
	}
	label, element := c.text(x), base.elements().kind
	o.eval = func(f *frame) value {
		if !f.charge(1) {
			return value{}
		}
		parent := base.eval(f)
		v := f.pick(parent, at.eval(f), element)
		if v.v == nil && parent.v != nil {
			f.miss(label)
		}
		return v
	}
	return o
}

// pick is the item or the member of v that key names; -1 is the last item.
func (f *frame) pick(v, key value, element kind) value {
	if o, ok := v.object(); ok {
		name, isString := key.v.(string)
		if !isString || !f.chargeText(len(name)) {
			return value{}
		}
		member, _ := o.Get(name)
		return value{v: member}
	}
	list := v.items(element)
	n, ok := key.number()
	if !ok {
		return value{}
	}
	i, ok := n.integer()
	if i < 0 {
		i += list.len()
	}
	if !ok || i < 0 || i >= list.len() {
		return value{}
	}
	return list.at(i)
}

// use counts a reference as used, or says that there is no such thing.
func (c *compiler) use(o operand) {
	ref := o.ref
	switch {
	case ref == nil:
	case ref.unknown:
		c.unknown(o)
	case ref.origin == fromRoot && !c.used[ref.code]:
		c.used[ref.code] = true
		c.codes = append(c.codes, ref.code)
	}
}
