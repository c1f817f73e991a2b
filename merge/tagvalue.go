package merge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// value reads {{ code ?? fallback :: format }}.
func (p *parser) value(t *tag, s *Scope) []node {
	n, used := &valueNode{}, len(p.t.uses)
	sc := scanner{src: p.src, pos: t.from, end: t.to}
	first, bad := p.operand(&sc, s, true)
	for bad == nil {
		n.operands = append(n.operands, first)
		if !sc.take("??") {
			break
		}
		first, bad = p.operand(&sc, s, false)
	}
	if bad == nil {
		bad = p.formats(&sc, n)
	}
	if bad != nil {
		p.fail(t.meant(bad))
		return nil
	}
	if len(p.t.uses) == used+1 && len(n.operands) == 1 && len(p.open) == 0 {
		p.t.uses[used].Bare = !slices.ContainsFunc(n.formats, func(f format) bool { return f.name == "default" })
	}
	return p.place(t, n)
}

// meant blames quotes that swallowed the end of the tag for what came of it.
func (t *tag) meant(bad *mishap) *mishap {
	if t.quote > 0 && bad.at > t.quote {
		return &mishap{at: t.quote, message: openQuotes}
	}
	return bad
}

// operand reads a code or, as a fallback, a text or a number.
func (p *parser) operand(sc *scanner, s *Scope, first bool) (operand, *mishap) {
	sc.blanks()
	start := sc.pos
	if !first {
		if number, ok := sc.number(); ok {
			return operand{fixed: json.Number(number)}, nil
		}
		if sc.at(`"`) {
			text, bad := sc.quoted()
			if bad != nil {
				return operand{}, bad
			}
			if sc.blanks(); !sc.at("|") {
				return operand{fixed: text}, nil
			}
			sc.pos = start
		}
	}
	segments, bad := sc.code()
	if bad != nil {
		return operand{}, bad
	}
	return p.resolve(segments, start, s), nil
}

// formats reads :: name argument argument :: name ...
func (p *parser) formats(sc *scanner, n *valueNode) *mishap {
	for sc.take("::") {
		sc.blanks()
		start := sc.pos
		name := sc.word()
		if name == "" {
			return sc.unexpected("a format follows ::, one of " + strings.Join(formatNames(), ", "))
		}
		args, bad := arguments(sc)
		if bad != nil {
			return bad
		}
		f, bad := newFormat(name, start, args)
		if bad != nil {
			p.report(bad)
			continue
		}
		n.formats = append(n.formats, f)
		p.needs(f, n)
	}
	if sc.done() {
		return nil
	}
	if p.src[sc.pos] == ':' {
		return sc.unexpected("a format follows two colons, such as :: upper")
	}
	return sc.unexpected("a merge code goes on with |, ?? and a fallback, :: and a format, or }}")
}

// needs notes the codes that a format reads.
func (p *parser) needs(f format, n *valueNode) {
	switch {
	case f.name == "money":
		for i, o := range n.operands {
			if o.currency == nil && i > 0 { // a fixed amount is in the currency of the code it stands for
				n.operands[i].currency = n.operands[0].currency
			}
			if o.currency != nil && !o.currency.local {
				if code := MakeCode(o.currency.segments...); p.knows(code) {
					p.need(code)
				}
			}
		}
	case f.name == "date" && f.zone == nil && p.catalog.Zone() != "":
		p.need(p.catalog.Zone())
		p.t.zone = &ref{segments: p.catalog.Zone().Segments()}
	}
}

// argument is what stands behind a format's name.
type argument struct {
	text   string
	number bool
	at     int
}

func arguments(sc *scanner) (args []argument, bad *mishap) {
	for !sc.done() && !sc.at("::") {
		a := argument{at: sc.pos}
		if number, ok := sc.number(); ok {
			a.text, a.number = number, true
		} else if sc.at(`"`) {
			if a.text, bad = sc.quoted(); bad != nil {
				return nil, bad
			}
		} else {
			return nil, sc.unexpected(`what a format needs is a number or stands in double quotes; another format follows ::`)
		}
		args = append(args, a)
	}
	return args, nil
}

// expression reads {{= expr :: format }}.
func (p *parser) expression(t *tag, s *Scope) []node {
	to := formatsStart(p.src, t.from, t.to)
	end := t.from + len(strings.TrimRight(p.src[t.from:to], " \t\r\n"))
	if end == t.from {
		p.fail(&mishap{at: t.from, message: fmt.Sprintf("{{=}} needs an expression before the format, for example {{%s}}.", exampleOf(tagExpression))})
		return nil
	}
	program := p.compile(t, t.from, end, s, false)
	o := operand{program: program, expression: true}
	if program != nil {
		o.currency = p.currencyOf(program.Codes())
	}
	n := &valueNode{operands: []operand{o}}
	sc := scanner{src: p.src, pos: to, end: t.to}
	if bad := p.formats(&sc, n); bad != nil {
		p.fail(t.meant(bad))
		return nil
	}
	return p.place(t, n)
}

// formatsStart finds the first :: outside quotes and brackets, or to.
func formatsStart(src string, from, to int) int {
	depth := 0
	for i := from; i < to; i++ {
		switch src[i] {
		case '"', '\'', '`':
			if n := quotedLength(src[i:to]); n > 0 {
				i += n - 1
			}
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ':':
			if depth <= 0 && i+1 < to && src[i+1] == ':' {
				return i
			}
		}
	}
	return to
}

// place settles how the value is escaped where it stands.
func (p *parser) place(t *tag, n *valueNode) []node {
	n.escape = p.state.escape()
	if last := len(n.formats) - 1; p.t.place == PlaceURL && last >= 0 && n.formats[last].name == "url" {
		n.formats, n.escape = n.formats[:last], asPercent // once is enough, and asked for even at the beginning
	}
	if message := p.state.complaint(); message != "" {
		p.report(&mishap{at: t.start, message: message})
		n.escape = asNothing
	}
	p.state.value()
	p.pieces = append(p.pieces, piece{at: t.start, value: true})
	return []node{n}
}
