package merge

import (
	"fmt"
	"strings"
)

const maxSuggestions = 3

// itemName is the loop variable.
const itemName = "item"

// resolve finds what segments name; what is unknown is reported and reads as missing.
func (p *parser) resolve(segments []string, at int, s *Scope) operand {
	code := MakeCode(segments...)
	if local, ok := s.Locals[segments[0]]; ok {
		return p.resolveLocal(local, segments, at)
	}
	entry, known := p.catalog.Lookup(code)
	p.use(code, at, known)
	if !known {
		p.unknown(code, at)
	}
	o := operand{ref: &ref{segments: segments}, entry: entry}
	if entry.Currency != "" {
		o.currency = &ref{segments: entry.Currency.Segments()}
	}
	return o
}

func (p *parser) resolveLocal(local Local, segments []string, at int) operand {
	o := operand{ref: &ref{segments: segments, local: true}, entry: local.Entry}
	if len(segments) == 1 {
		return o
	}
	member := MakeCode(segments[1:]...)
	entry, known := local.Entry.Member(member)
	if !known {
		p.unknownMember(local, segments[0], member, at)
	}
	o.entry = entry
	if entry.Currency == "" {
		return o
	}
	o.currency = &ref{segments: entry.Currency.Segments()}
	if !p.knows(entry.Currency) { // then it stands beside the amount
		o.currency = &ref{segments: append([]string{segments[0]}, o.currency.segments...), local: true}
	}
	return o
}

func (p *parser) use(code Code, at int, known bool) {
	p.t.uses = append(p.t.uses, Use{Code: code, Position: p.loc.position(at), Known: known})
	p.need(code)
}

func (p *parser) need(code Code) {
	if !p.needed[code] {
		p.needed[code] = true
		p.t.codes = append(p.t.codes, code)
	}
}

func (p *parser) knows(code Code) bool {
	_, known := p.catalog.Lookup(code)
	return known
}

func (p *parser) unknown(code Code, at int) {
	if len(p.problems) >= maxProblems {
		return // looking for names that are near costs time
	}
	if list, rest := p.listAbove(code); list != "" {
		p.report(&mishap{at: at, message: fmt.Sprintf(
			"%s is a list: write {{#each %s}}{{ item | %s }}{{/each}} for its entries.", clip(string(list)), clip(string(list)), clip(string(rest)))})
		return
	}
	near := p.catalog.Nearest(code, maxSuggestions)
	if asPath, err := ParsePath(strings.TrimSpace(string(code))); err == nil && asPath != code {
		if p.knows(asPath) { // BigCommerce.Order.id: the notation of conditions
			near = []Code{asPath}
		}
	}
	p.report(&mishap{
		at:         at,
		message:    fmt.Sprintf("This trigger has no merge code %s.", clip(string(code))),
		suggestion: join(near),
	})
}

// listAbove finds the list that code tries to look into.
func (p *parser) listAbove(code Code) (list, rest Code) {
	for list, rest := range code.prefixes() {
		if e, ok := p.catalog.Lookup(list); ok && e.Type == List {
			return list, rest
		}
	}
	return "", ""
}

func (p *parser) unknownMember(local Local, name string, member Code, at int) {
	if len(p.problems) >= maxProblems {
		return
	}
	m := &mishap{at: at, message: fmt.Sprintf("The entries of this list have no %s.", clip(string(member)))}
	if local.List != "" {
		m.message = fmt.Sprintf("The entries of %s have no %s.", clip(string(local.List)), clip(string(member)))
	}
	candidates := make([]Code, len(local.Entry.Items))
	for i, e := range local.Entry.Items {
		candidates[i] = e.Code
	}
	near := nearest(member, candidates, maxSuggestions)
	for i, c := range near {
		near[i] = MakeCode(name) + separator + c
	}
	m.suggestion = join(near)
	p.report(m)
}

func join(codes []Code) string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = string(c)
	}
	return strings.Join(texts, ", ")
}

// loop reads the head of {{#each code}}. The list is nil if it cannot be read.
func (p *parser) loop(t *tag, s *Scope) (*ref, *Scope) {
	sc := scanner{src: p.src, pos: t.from, end: t.to}
	segments, bad := sc.code()
	if bad == nil && !sc.done() {
		bad = sc.unexpected("{{#each}} takes the merge code of a list and nothing else")
	}
	if bad != nil {
		p.fail(t.meant(bad))
		return nil, p.inside(s, Local{})
	}
	reported := len(p.problems)
	o := p.resolve(segments, t.from, s)
	if o.entry.Type != List && o.entry.Type != Any && len(p.problems) == reported {
		p.report(&mishap{
			at:      t.from,
			message: fmt.Sprintf("%s is %s, not a list: {{#each}} goes through lists only.", clip(p.src[t.from:t.to]), nounOf(o.entry.Type)),
		})
	}
	code := MakeCode(segments...)
	if outer, ok := s.Locals[segments[0]]; ok && outer.List != "" {
		code = outer.List
		for _, segment := range segments[1:] {
			code = code.Child(segment)
		}
	}
	return o.ref, p.inside(s, Local{Entry: o.entry.Element(), List: code})
}

// inside is s with the loop variable; inner loops hide the outer one's.
func (p *parser) inside(s *Scope, item Local) *Scope {
	inner := &Scope{Catalog: s.Catalog, Locals: make(map[string]Local, len(s.Locals)+1)}
	for name, local := range s.Locals {
		inner.Locals[name] = local
	}
	inner.Locals[itemName] = item
	return inner
}

func nounOf(t Type) string {
	switch t {
	case Integer, Number, Decimal:
		return "a number"
	case Boolean:
		return "true or false"
	case Datetime:
		return "a date"
	case ObjectOf:
		return "an object"
	default:
		return "a text"
	}
}

// compile hands the expression between from and to to the language.
func (p *parser) compile(t *tag, from, to int, s *Scope, boolean bool) Program {
	at := p.loc.position(from)
	if p.lang == nil {
		p.report(&mishap{at: t.start, message: "Expressions cannot be used here: write a merge code such as {{ BigCommerce | Order | id }}."})
		return nil
	}
	program, problems := p.lang.Compile(p.src[from:to], at, s, boolean)
	for _, problem := range problems {
		if len(p.problems) < maxProblems {
			p.problems = append(p.problems, problem)
		}
	}
	if len(problems) > 0 || program == nil {
		return nil
	}
	for _, code := range program.Codes() {
		p.use(code, from, p.knows(code))
	}
	return program
}

// currencyOf is the currency of an amount computed from codes, if they agree on one.
func (p *parser) currencyOf(codes []Code) *ref {
	var currency Code
	for _, code := range codes {
		entry, _ := p.catalog.Lookup(code)
		for _, e := range append([]Entry{entry}, entry.Items...) {
			if e.Currency == "" || e.Currency == currency {
				continue
			}
			if currency != "" {
				return nil
			}
			currency = e.Currency
		}
	}
	if currency == "" || !p.knows(currency) {
		return nil
	}
	return &ref{segments: currency.Segments()}
}
