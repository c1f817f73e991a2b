package cond

import (
	"github.com/expr-lang/expr/ast"

	"cartwheel/merge"
)

// path is the path that n is, if it is one.
func (r *ruleReader) path(n ast.Node) (code string, ok bool) {
	segments, item, ok := segmentsOf(n)
	if !ok {
		return "", false
	}
	path := merge.MakeCode(segments...).Path()
	if item {
		return "." + path, true
	}
	return path, true
}

// segmentsOf takes a chain of names apart; item: it begins at the item of a loop.
func segmentsOf(n ast.Node) (segments []string, item, ok bool) {
	switch x := n.(type) {
	case *ast.IdentifierNode:
		return []string{x.Value}, false, true
	case *ast.PointerNode:
		return nil, true, x.Name == ""
	case *ast.MemberNode:
		name, isName := x.Property.(*ast.StringNode)
		segments, item, ok = segmentsOf(x.Node)
		if !isName || !ok || x.Optional {
			return nil, false, false
		}
		return append(segments, name.Value), item, true
	}
	return nil, false, false
}

// entry is what the catalogue says of a path; the zero Entry: nothing.
func (r *ruleReader) entry(path string) merge.Entry {
	inItem := path[0] == '.'
	if inItem {
		path = path[1:]
	}
	code, err := merge.ParsePath(path)
	switch {
	case inItem && len(r.items) == 0:
		return merge.Entry{}
	case inItem && path == "":
		return r.items[len(r.items)-1]
	case err != nil:
		return merge.Entry{}
	case inItem:
		e, _ := r.items[len(r.items)-1].Member(code)
		return e
	}
	e, _ := r.catalog.Lookup(code)
	return e
}

func (r *ruleReader) typeOf(path string) merge.Type { return r.entry(path).Type }
