package merge

import (
	"strings"
	"unicode/utf8"
)

// mishap is a Problem whose place is still a byte offset.
type mishap struct {
	at                  int
	message, suggestion string
}

func (m *mishap) problem(l *locator) Problem {
	p := l.position(m.at)
	return Problem{Message: m.message, Suggestion: m.suggestion, Line: p.Line, Column: p.Column}
}

// locator turns byte offsets into lines and columns. It remembers where it was,
// because the offsets nearly always grow.
type locator struct {
	src               string
	off, line, column int // zero line: at the start
}

func (l *locator) position(off int) Position {
	off = min(off, len(l.src))
	if l.line == 0 || off < l.off {
		l.off, l.line, l.column = 0, 1, 1
	}
	passed := l.src[l.off:off]
	if n := strings.Count(passed, "\n"); n > 0 {
		l.line += n
		l.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	l.column += utf8.RuneCountInString(passed)
	l.off = off
	return Position{l.line, l.column}
}
