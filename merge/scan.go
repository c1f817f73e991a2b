package merge

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner reads merge codes, texts and numbers between pos and end of src.
type scanner struct {
	src      string
	pos, end int
}

func (s *scanner) blanks() {
	for s.pos < s.end {
		r, n := utf8.DecodeRuneInString(s.src[s.pos:s.end])
		if !unicode.IsSpace(r) {
			return
		}
		s.pos += n
	}
}

// at tells whether token comes next.
func (s *scanner) at(token string) bool { return strings.HasPrefix(s.src[s.pos:s.end], token) }

// take skips blanks, then token if it comes next.
func (s *scanner) take(token string) bool {
	s.blanks()
	if !s.at(token) {
		return false
	}
	s.pos += len(token)
	return true
}

func (s *scanner) done() bool {
	s.blanks()
	return s.pos >= s.end
}

func (s *scanner) unexpected(rule string) *mishap {
	if s.pos >= s.end {
		return &mishap{at: s.pos, message: "Something is missing here: " + rule + "."}
	}
	r, _ := utf8.DecodeRuneInString(s.src[s.pos:])
	return &mishap{at: s.pos, message: fmt.Sprintf("%q does not belong here: %s.", string(r), rule)}
}

// code reads segments separated by |, up to whatever cannot belong to them.
func (s *scanner) code() (segments []string, bad *mishap) {
	for {
		segment, bad := s.segment()
		if bad != nil {
			return nil, bad
		}
		segments = append(segments, segment)
		if !s.take("|") {
			return segments, nil
		}
		if len(segments) == MaxDepth {
			return nil, s.unexpected(fmt.Sprintf("a merge code has at most %d names", MaxDepth))
		}
	}
}

func (s *scanner) segment() (string, *mishap) {
	s.blanks()
	if s.at(`"`) {
		return s.quoted()
	}
	start := s.pos
	for s.pos < s.end && !s.at("|") && !s.at("??") && !s.at("::") {
		if c := s.src[s.pos]; c == '"' || c == '{' || c == '}' {
			return "", s.unexpected(`a name that holds quotes or braces stands in double quotes, with \" and \\ inside`)
		}
		s.pos++
	}
	name := strings.TrimFunc(s.src[start:s.pos], unicode.IsSpace)
	if name == "" {
		s.pos = start
		return "", s.unexpected("the name of a merge code should stand here, such as BigCommerce | Order | id")
	}
	return name, nil
}

// quoted reads "text" with \" and \\ inside.
func (s *scanner) quoted() (string, *mishap) {
	n := quotedLength(s.src[s.pos:s.end])
	if n == 0 {
		return "", &mishap{at: s.pos, message: openQuotes}
	}
	text, _ := unquote(s.src[s.pos : s.pos+n])
	s.pos += n
	return text, nil
}

// number reads digits as JSON writes them; ok is false if none stand here as a word of their own.
func (s *scanner) number() (text string, ok bool) {
	rest := s.src[s.pos:s.end]
	n := numberLength(rest)
	if n == 0 {
		return "", false
	}
	if next, _ := utf8.DecodeRuneInString(rest[n:]); n < len(rest) && (unicode.IsLetter(next) || next == '_' || next == '.') {
		return "", false
	}
	s.pos += n
	return rest[:n], true
}

// word reads letters, digits and _.
func (s *scanner) word() string {
	start := s.pos
	for s.pos < s.end && isWord(s.src[s.pos]) {
		s.pos++
	}
	return s.src[start:s.pos]
}

// quotedLength is the length of the quoted text at the start of s, 0: not closed.
// The quote is s[0]; in backquotes nothing is escaped.
func quotedLength(s string) int {
	quote := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i + 1
		case s[i] == '\\' && quote != '`':
			i++
		}
	}
	return 0
}
