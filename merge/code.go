package merge

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Code names one value of an event. It is the canonical label: segments joined
// by " | ", a segment that holds |, quotes, braces or outer blanks in double quotes with \" and \\ inside.
// Codes compare with ==. "BigCommerce | Order | id" is the path BigCommerce.Order.id.
type Code string

const separator = " | "

// MakeCode joins segments into a Code, quoting where needed.
func MakeCode(segments ...string) Code {
	if len(segments) == 1 {
		return Code(quoteSegment(segments[0]))
	}
	quoted := make([]string, len(segments))
	for i, s := range segments {
		quoted[i] = quoteSegment(s)
	}
	return Code(strings.Join(quoted, separator))
}

// ParseCode reads a label as people type it: blanks around | are free.
// The error is a [Problem] with line and column.
func ParseCode(label string) (Code, error) {
	s := scanner{src: label, end: len(label)}
	segments, bad := s.code()
	if bad == nil {
		if s.blanks(); s.pos < s.end {
			bad = s.unexpected("a merge code goes on with | or ends")
		}
	}
	if bad != nil {
		l := locator{src: label}
		return "", bad.problem(&l)
	}
	return MakeCode(segments...), nil
}

// Segments are the names that c consists of, without quotes.
func (c Code) Segments() []string {
	if c == "" {
		return nil
	}
	segments := make([]string, 0, 1+strings.Count(string(c), separator))
	for c != "" {
		var s string
		s, c = c.cut()
		segments = append(segments, s)
	}
	return segments
}

// Child is the code of the member called segment below c.
func (c Code) Child(segment string) Code {
	if c == "" {
		return MakeCode(segment)
	}
	return c + separator + Code(quoteSegment(segment))
}

// Under tells whether c is prefix or lies below it. Everything is under "".
func (c Code) Under(prefix Code) bool {
	if prefix == "" || c == prefix {
		return true
	}
	return len(c) > len(prefix) && c[:len(prefix)] == prefix && strings.HasPrefix(string(c[len(prefix):]), separator)
}

// Root is the first segment: "BigCommerce", "Steps", "Event".
func (c Code) Root() string {
	root, _ := c.cut()
	return root
}

// cut takes the first segment off. The rest is empty at the end.
func (c Code) cut() (segment string, rest Code) {
	if !strings.HasPrefix(string(c), `"`) {
		first, after, _ := strings.Cut(string(c), separator)
		return first, Code(after)
	}
	segment, n := unquote(string(c))
	return segment, Code(strings.TrimPrefix(string(c[n:]), separator))
}

// prefixes are the codes of the objects that c lies in, each with the rest of c.
func (c Code) prefixes() iter.Seq2[Code, Code] {
	return func(yield func(prefix, rest Code) bool) {
		_, rest := c.cut()
		for rest != "" && yield(c[:max(0, len(c)-len(rest)-len(separator))], rest) {
			_, rest = rest.cut()
		}
	}
}

// unquote reads the quoted segment at the start of s and tells how long it is there.
func unquote(s string) (text string, n int) {
	if end := strings.IndexAny(s[1:], `"\`); end >= 0 && s[1+end] == '"' {
		return s[1 : 1+end], end + 2
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i + 1
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), len(s)
}

var segmentQuoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func quoteSegment(s string) string {
	if isPlain(s) {
		return s
	}
	return `"` + segmentQuoter.Replace(s) + `"`
}

// isPlain tells whether s may stand without quotes: nothing in it means
// anything to the template grammar.
func isPlain(s string) bool {
	if s == "" || strings.ContainsAny(s, `|"{}`) || strings.Contains(s, "??") || strings.Contains(s, "::") {
		return false
	}
	if s[0] == '#' || s[0] == '/' || s[0] == '=' {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return !unicode.IsSpace(first) && !unicode.IsSpace(last)
}
