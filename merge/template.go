package merge

import (
	"slices"
	"sync/atomic"
)

// Place is where a template's output lands. It decides how values are escaped.
type Place string

// The places.
const (
	PlaceText   Place = "text"   // as it is
	PlaceHTML   Place = "html"   // escaped; whole URLs in href and src are http or https
	PlaceJSON   Place = "json"   // escaped inside quotes, outside with its wire type
	PlaceURL    Place = "url"    // percent-encoded, but a value that begins the field is a whole URL
	PlaceHeader Place = "header" // one line: control characters become one space
)

// Limits of one template.
const (
	MaxSource = 64 << 10 // bytes of a template
	MaxOutput = 1 << 20  // bytes that Render makes
	MaxBlocks = 8        // blocks within one another
)

// Template is a parsed template: parse once, render many times, from any goroutine.
type Template struct {
	place Place
	nodes []node
	uses  []Use
	codes []Code
	zone  *ref                     // the zone for dates without one
	size  int                      // a guess at the output's length
	last  atomic.Pointer[zoneName] // the zone that was last loaded
}

// Use is one place where a template names a merge code.
type Use struct {
	Code     Code
	Position Position // of the code; for an expression that reads it, of the expression
	Known    bool     // the catalogue has it
	// Bare: its value is printed as it is, in any case: no fallback, no default, no block around it.
	Bare bool
}

// Uses lists every merge code that t names, expressions included, in order.
// Members of a loop variable (item | name) are not listed; the loop's list is.
func (t *Template) Uses() []Use { return t.uses }

// Codes are the distinct codes that rendering needs: the uses, the currency of
// an amount formatted as money, and the store's zone for dates without one.
func (t *Template) Codes() []Code { return t.codes }

// Only tells whether t prints nothing but u, so that it is empty when u is.
func (t *Template) Only(u Use) bool {
	if len(t.nodes) != 1 || len(t.uses) != 1 {
		return false
	}
	_, isValue := t.nodes[0].(*valueNode)
	return isValue && t.uses[0] == u
}

// Literal returns the text of a template without any {{ }}; ok is false if it has some.
func Literal(t *Template) (text string, ok bool) {
	if t == nil || len(t.nodes) > 1 {
		return "", false
	}
	for _, n := range t.nodes { // neighbouring literals were joined
		s, isLiteral := n.(literal)
		return string(s), isLiteral
	}
	return "", true
}

// Parse compiles src for place. s says which codes there are, lang understands
// the expressions; nil for either means there are none.
//
// Everything that is wrong is a Problem with line and column, in their order.
// The Template is nil only if the syntax is broken (or src exceeds MaxSource).
// Otherwise it renders what it can, for previews: an unknown code prints as
// missing, an unknown format is left out, a code where no value may stand prints nothing.
func Parse(src string, place Place, s *Scope, lang Language) (*Template, []Problem) {
	if len(src) > MaxSource {
		return nil, []Problem{{Message: "This text is longer than 64 KiB. Shorten it.", Line: 1, Column: 1}}
	}
	if s == nil {
		s = &Scope{}
	}
	p := &parser{
		src: src, lang: lang, catalog: s.Catalog, loc: locator{src: src},
		state: newState(place), needed: map[Code]bool{}, t: &Template{place: place},
	}
	nodes := p.document(s)
	p.checkJSON()
	slices.SortStableFunc(p.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if p.broken {
		return nil, p.problems
	}
	p.t.nodes = nodes
	p.t.size = len(src) + len(src)/2
	return p.t, p.problems
}
