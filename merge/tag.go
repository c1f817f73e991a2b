package merge

import (
	"fmt"
	"strings"
)

// The kinds of tags, as they are written.
const (
	tagValue      = ""
	tagExpression = "="
	tagIf         = "#if"
	tagElse       = "else"
	tagEndIf      = "/if"
	tagEach       = "#each"
	tagEndEach    = "/each"
)

// tag is one {{ }}.
type tag struct {
	kind     string
	start    int // offset of {{
	from, to int // offsets of what stands inside, without kind and blanks
	quote    int // offset of quotes that hold }}, which were probably meant to end before it; 0: none
}

// tag reads the tag that begins at pos and moves behind it.
func (p *parser) tag() (*tag, *mishap) {
	t := &tag{start: p.pos}
	s := scanner{src: p.src, pos: p.pos + 2, end: len(p.src)}
	if s.at("{") {
		p.skip(t)
		return nil, &mishap{at: t.start + 2, message: `A merge code stands in two braces, not three. For a brace in the text itself put a blank between.`}
	}
	s.blanks()
	t.kind = readKind(&s)
	s.blanks()
	t.from = s.pos
	if bad := p.findEnd(t); bad != nil {
		return nil, bad
	}
	return t, p.checkKind(t)
}

const openQuotes = "These quotes are not closed: write the same quote at the end of the text."

// skip moves behind what looks like the end of a tag that cannot be read.
func (p *parser) skip(t *tag) {
	p.pos = len(p.src)
	if i := strings.Index(p.src[t.start:], "}}"); i >= 0 {
		p.pos = t.start + i + 2
		for strings.HasPrefix(p.src[p.pos:], "}") {
			p.pos++
		}
	}
}

func readKind(s *scanner) string {
	for _, kind := range [...]string{tagExpression, tagIf, tagEach, tagEndIf, tagEndEach, tagElse} {
		if !s.at(kind) {
			continue
		}
		rest := s.src[s.pos+len(kind) : s.end]
		if kind != tagExpression && rest != "" && isWord(rest[0]) {
			continue
		}
		if kind == tagElse && !strings.HasPrefix(strings.TrimSpace(rest), "}}") && !strings.HasPrefix(strings.TrimSpace(rest), "if") {
			continue // a merge code that begins so
		}
		s.pos += len(kind)
		return kind
	}
	return tagValue
}

// findEnd looks for the }} of t. In expressions braces come in pairs and all
// three kinds of quotes count; elsewhere only double quotes do.
func (p *parser) findEnd(t *tag) *mishap {
	quotes, pairs := `"`, false
	if t.kind == tagExpression || t.kind == tagIf {
		quotes, pairs = "\"'`", true
	}
	depth := 0
	for i := t.from; i < len(p.src); i++ {
		c := p.src[i]
		switch {
		case strings.IndexByte(quotes, c) >= 0:
			n := quotedLength(p.src[i:])
			if n == 0 {
				p.pos = len(p.src)
				return t.meant(&mishap{at: i, message: openQuotes})
			}
			if t.quote == 0 && strings.Contains(p.src[i:i+n], "}}") {
				t.quote = i
			}
			i += n - 1
		case c == '}' && depth > 0:
			depth--
		case strings.HasPrefix(p.src[i:], "}}"):
			t.to = len(strings.TrimRight(p.src[:i], " \t\r\n"))
			t.to = max(t.to, t.from)
			p.pos = i + 2
			return nil
		case strings.HasPrefix(p.src[i:], "{{"):
			p.pos = i
			return p.notClosed(t)
		case c == '{' && pairs:
			depth++
		}
	}
	p.pos = len(p.src)
	return p.notClosed(t)
}

func (p *parser) notClosed(t *tag) *mishap {
	if t.quote > 0 {
		return &mishap{at: t.quote, message: openQuotes}
	}
	return &mishap{at: t.start, message: `This {{ is not closed: write }} where it ends, or \{{ for braces in the text itself.`}
}

// checkKind complains about tags that hold too much or too little.
func (p *parser) checkKind(t *tag) *mishap {
	inside := p.src[t.from:t.to]
	switch t.kind {
	case tagElse:
		if strings.HasPrefix(inside, "if") {
			return &mishap{at: t.from, message: "{{else if}} does not exist: put {{#if ...}} ... {{/if}} behind {{else}}."}
		}
	case tagEndIf, tagEndEach:
		if inside != "" {
			// It ends the block all the same.
			p.fail(&mishap{at: t.from, message: fmt.Sprintf("Nothing may stand behind the name: write {{%s}}.", t.kind)})
		}
	case tagIf, tagExpression:
		if inside == "" {
			return &mishap{at: t.start, message: fmt.Sprintf("{{%s}} needs an expression, for example {{%s}}.", t.kind, exampleOf(t.kind))}
		}
	case tagEach:
		if inside == "" {
			return &mishap{at: t.start, message: "{{#each}} needs the merge code of a list, for example {{#each BigCommerce | Products}}."}
		}
	default:
		return p.checkValueTag(t, inside)
	}
	return nil
}

func exampleOf(kind string) string {
	if kind == tagIf {
		return "#if BigCommerce.Order.items_total > 1"
	}
	return "= upper(BigCommerce.Order.status)"
}

func (p *parser) checkValueTag(t *tag, inside string) *mishap {
	switch {
	case inside == "":
		return &mishap{at: t.start, message: "These braces are empty: put a merge code between them, such as {{ BigCommerce | Order | id }}."}
	case inside[0] == '#' || inside[0] == '/':
		s := scanner{src: p.src, pos: t.from + 1, end: t.to}
		name := s.word()
		m := &mishap{at: t.from, message: fmt.Sprintf("There is no block %s: blocks are {{#if}} ... {{/if}} and {{#each}} ... {{/each}}.", clip(inside[:1]+name))}
		if near := nearestName(name, []string{"if", "each"}); near != "" {
			m.suggestion = inside[:1] + near
		}
		return m
	default:
		return nil
	}
}

// clip shortens a name for a message.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
