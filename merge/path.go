package merge

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Path is c as it stands in a condition: BigCommerce.Order.id. A segment that is
// no identifier ([A-Za-z_][A-Za-z0-9_]*) is written ["such a name"].
func (c Code) Path() string {
	var b strings.Builder
	for i, s := range c.Segments() {
		switch {
		case !isIdentifier(s):
			b.WriteString(`[` + quotePath(s) + `]`)
		case i > 0:
			b.WriteString("." + s)
		default:
			b.WriteString(s)
		}
	}
	return b.String()
}

// ParsePath reads a path such as BigCommerce.Order["such a name"].city.
// The error is a [Problem] with line and column.
func ParsePath(path string) (Code, error) {
	p := pathParser{src: path}
	segments, bad := p.parse()
	if bad != nil {
		l := locator{src: path}
		return "", bad.problem(&l)
	}
	return MakeCode(segments...), nil
}

type pathParser struct {
	src string
	pos int
}

func (p *pathParser) parse() (segments []string, bad *mishap) {
	for p.pos < len(p.src) || len(segments) == 0 {
		s, bad := p.segment(len(segments) == 0)
		if bad != nil {
			return nil, bad
		}
		segments = append(segments, s)
	}
	return segments, nil
}

func (p *pathParser) segment(first bool) (string, *mishap) {
	if strings.HasPrefix(p.src[p.pos:], "[") {
		return p.bracket()
	}
	if !first {
		if p.src[p.pos] != '.' {
			return "", p.fail(`A path goes on with a dot or with ["a name"].`)
		}
		p.pos++
	}
	start := p.pos
	for p.pos < len(p.src) && isWord(p.src[p.pos]) {
		p.pos++
	}
	name := p.src[start:p.pos]
	if !isIdentifier(name) {
		p.pos = start
		return "", p.fail(`A name is missing here: letters, digits and _ stand as they are, any other name is written ["such a name"].`)
	}
	return name, nil
}

// bracket reads ["a name"] or ['a name'].
func (p *pathParser) bracket() (string, *mishap) {
	open := p.pos
	p.pos++
	if p.pos >= len(p.src) || p.src[p.pos] != '"' && p.src[p.pos] != '\'' {
		return "", p.fail(`A merge code has names only: write ["a name"] with quotes. Positions such as [0] stand in conditions only.`)
	}
	quote := p.src[p.pos]
	text := p.src[p.pos+1:]
	var b []byte
	for len(text) > 0 && text[0] != quote {
		r, _, rest, err := strconv.UnquoteChar(text, quote)
		if err != nil {
			p.pos = len(p.src) - len(text)
			return "", p.fail(`After \ comes the quote, another \, n, r, t or u with four hexadecimal digits.`)
		}
		b = utf8.AppendRune(b, r)
		text = rest
	}
	if len(text) < 2 || text[1] != ']' {
		p.pos = open
		return "", p.fail(`This bracket is not closed: write ["a name"].`)
	}
	p.pos = len(p.src) - len(text) + 2
	return validUTF8(string(b)), nil
}

func (p *pathParser) fail(message string) *mishap { return &mishap{at: p.pos, message: message} }

func isWord(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

func isIdentifier(s string) bool {
	if s == "" || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
	}
	return true
}

// quotePath quotes s so that the expression language reads the same text.
func quotePath(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			b.WriteString(`\u` + hex4(r))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex4(r rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}
