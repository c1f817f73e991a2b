package merge

import (
	"fmt"
	"strings"
)

const maxProblems = 50 // of one template; more help nobody

// parser reads one template from front to back.
type parser struct {
	src     string
	pos     int
	lang    Language
	catalog Catalog
	loc     locator
	state   state // what the literal text so far has opened: a tag, a JSON string
	t       *Template

	needed   map[Code]bool // the codes in t.codes
	open     []*tag        // blocks that are not closed yet
	pieces   []piece
	blocks   bool // there was a block
	problems []Problem
	broken   bool
}

// piece is one stretch of literal text or one value, for the check of JSON.
type piece struct {
	text  string
	at    int // offset in the source
	value bool
}

// report adds a problem and lets the template live.
func (p *parser) report(m *mishap) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, m.problem(&p.loc))
	}
}

// fail adds a problem after which there is no template.
func (p *parser) fail(m *mishap) {
	p.report(m)
	p.broken = true
}

// document reads everything; a closing tag that comes back here closes nothing.
func (p *parser) document(s *Scope) []node {
	var nodes []node
	for {
		more, end := p.nodes(s)
		nodes = append(nodes, more...)
		if end == nil {
			return nodes
		}
		p.stray(end)
	}
}

func (p *parser) stray(end *tag) {
	message := fmt.Sprintf("{{%s}} closes nothing: remove it, or put {{#%s ...}} before it.", end.kind, strings.TrimPrefix(end.kind, "/"))
	if end.kind == tagElse {
		message = "{{else}} belongs between {{#if ...}} and {{/if}}: remove it, or put {{#if ...}} before it."
	}
	p.fail(&mishap{at: end.start, message: message})
}

// nodes reads up to the end or to a tag that ends a block or an arm, which it returns.
func (p *parser) nodes(s *Scope) (nodes []node, end *tag) {
	for p.pos < len(p.src) {
		nodes = p.text(nodes)
		if p.pos >= len(p.src) {
			break
		}
		t, bad := p.tag()
		if bad != nil {
			p.fail(bad)
			continue
		}
		switch t.kind {
		case tagElse, tagEndIf, tagEndEach:
			return nodes, t
		case tagIf:
			nodes = append(nodes, p.ifBlock(t, s)...)
		case tagEach:
			nodes = append(nodes, p.eachBlock(t, s)...)
		case tagExpression:
			nodes = append(nodes, p.expression(t, s)...)
		default:
			nodes = append(nodes, p.value(t, s)...)
		}
	}
	return nodes, nil
}

// text reads literal text up to the next {{.
func (p *parser) text(nodes []node) []node {
	start := p.pos
	for p.pos < len(p.src) {
		i := strings.Index(p.src[p.pos:], "{{")
		if i < 0 {
			p.pos = len(p.src)
			break
		}
		at := p.pos + i
		if at == start || p.src[at-1] != '\\' {
			p.pos = p.braces(at)
			break
		}
		nodes = p.literal(nodes, p.src[start:at-1], start)
		p.pos = at + 2
		start = at // the escaped braces begin the next stretch
	}
	return p.literal(nodes, p.src[start:p.pos], start)
}

// braces finds where the tag begins in a run of braces. JSON may open an object
// right before it: {{{#if ...}}"a": 1{{/if}}}.
func (p *parser) braces(at int) int {
	if p.t.place == PlaceJSON {
		for strings.HasPrefix(p.src[at+2:], "{") {
			at++
		}
	}
	return at
}

func (p *parser) literal(nodes []node, text string, at int) []node {
	if text == "" {
		return nodes
	}
	if p.t.place == PlaceHeader {
		text = p.oneLine(text, at)
	}
	p.state.advance(text)
	p.pieces = append(p.pieces, piece{text: text, at: at})
	if n := len(nodes); n > 0 {
		if before, ok := nodes[n-1].(literal); ok {
			nodes[n-1] = before + literal(text)
			return nodes
		}
	}
	return append(nodes, literal(text))
}

// oneLine reports the first line break or control character in a header's own text.
func (p *parser) oneLine(text string, at int) string {
	i := strings.IndexFunc(text, isControl)
	if i < 0 {
		return text
	}
	p.report(&mishap{at: at + i, message: "A line break or control character cannot stand in a header: write everything on one line."})
	return string(appendHeader(nil, text))
}

// body reads the inside of a block or arm, up to a tag that is its own.
// nil means that the block is not closed.
func (p *parser) body(open *tag, s *Scope) (nodes []node, end *tag) {
	for {
		more, end := p.nodes(s)
		nodes = append(nodes, more...)
		switch {
		case end == nil:
			return nodes, nil
		case end.kind == "/"+open.kind[1:], end.kind == tagElse && open.kind == tagIf:
			return nodes, end
		case p.closesOuter(end):
			p.pos = end.start // let the block it closes find it again
			return nodes, nil
		}
		p.stray(end)
	}
}

func (p *parser) closesOuter(end *tag) bool {
	for _, t := range p.open[:len(p.open)-1] {
		if end.kind == "/"+t.kind[1:] {
			return true
		}
	}
	return false
}

// enter counts a block; leave must follow.
func (p *parser) enter(t *tag) {
	p.blocks = true
	p.open = append(p.open, t)
	if len(p.open) == MaxBlocks+1 {
		p.fail(&mishap{at: t.start, message: fmt.Sprintf("More than %d blocks stand within one another here. Use fewer.", MaxBlocks)})
	}
}

func (p *parser) leave() { p.open = p.open[:len(p.open)-1] }

func (p *parser) unclosed(t *tag) {
	p.fail(&mishap{at: t.start, message: fmt.Sprintf("{{%s ...}} is not closed: put {{/%s}} where it ends.", t.kind, t.kind[1:])})
}

// differ reports a block whose parts leave the text in different states.
func (p *parser) differ(t *tag, a, b state) {
	if message := a.differs(b, t.kind); message != "" {
		p.report(&mishap{at: t.start, message: message})
	}
}

func (p *parser) ifBlock(t *tag, s *Scope) []node {
	p.enter(t)
	defer p.leave()
	n := &ifNode{program: p.compile(t, t.from, t.to, s, true)}
	before := p.state
	var end *tag
	n.then, end = p.body(t, s)
	after := p.state
	p.state = before
	if end != nil && end.kind == tagElse {
		n.otherwise, end = p.body(t, s)
		for end != nil && end.kind == tagElse {
			p.fail(&mishap{at: end.start, message: "This {{#if}} has an {{else}} already: remove one of the two."})
			_, end = p.body(t, s)
		}
	}
	if end == nil {
		p.unclosed(t)
	}
	p.differ(t, after, p.state)
	p.state = after.join(p.state)
	return []node{n}
}

func (p *parser) eachBlock(t *tag, s *Scope) []node {
	p.enter(t)
	defer p.leave()
	list, inner := p.loop(t, s)
	before := p.state
	body, end := p.body(t, inner)
	if end == nil {
		p.unclosed(t)
	}
	p.differ(t, before, p.state)
	p.state = before.join(p.state)
	if list == nil {
		return nil
	}
	return []node{&eachNode{list: *list, body: body}}
}
