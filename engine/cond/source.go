package cond

import (
	"cmp"
	"slices"
	"unicode"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"

	"cartwheel/merge"
)

// source is an expression's text with its tokens. Offsets count characters, as
// Expr's do.
type source struct {
	runes    []rune
	tokens   []lexer.Token // without the one for the end
	base     merge.Position
	problems []merge.Problem
}

func newSource(src string, at merge.Position) *source {
	return &source{runes: []rune(src), base: at}
}

// position is where in the surrounding text the character at offset stands.
func (s *source) position(offset int) merge.Position {
	p := s.base
	for _, r := range s.runes[:min(offset, len(s.runes))] {
		p.Column++
		if r == '\n' {
			p.Line, p.Column = p.Line+1, 1
		}
	}
	return p
}

// problem adds a problem at offset.
func (s *source) problem(offset int, message, suggestion string) {
	p := s.position(offset)
	s.problems = append(s.problems, merge.Problem{
		Message: message, Line: p.Line, Column: p.Column, Suggestion: suggestion,
	})
}

// sorted are the problems in the order of the source.
func (s *source) sorted() []merge.Problem {
	slices.SortStableFunc(s.problems, func(a, b merge.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return s.problems
}

// text is the source between two offsets.
func (s *source) text(from, to int) string { return string(s.runes[from:to]) }

// span is the part of the source that n was made of. Expr keeps only one token
// per node, so the outermost tokens are widened until their brackets balance.
func (s *source) span(n ast.Node) (from, to int) {
	from, to = extent(n)
	first := s.tokenAt(from)
	last := s.tokenAt(to - 1)
	if s.calls(last) {
		last++ // now(): the brackets are no node
	}
	open, closed := 0, 0
	for _, t := range s.tokens[first:min(last+1, len(s.tokens))] {
		open, closed = balance(t, open, closed)
	}
	for ; open > 0 && last+1 < len(s.tokens); last++ {
		open, _ = balance(s.tokens[last+1], open, 0)
	}
	for closed > 0 && first > 0 {
		first--
		switch {
		case opens(s.tokens[first]):
			closed--
		case closes(s.tokens[first]):
			closed++
		}
	}
	return s.tokens[first].From, s.tokens[min(last, len(s.tokens)-1)].To
}

// balance counts a token: open brackets, and closing ones without an opening.
func balance(t lexer.Token, open, closed int) (int, int) {
	switch {
	case opens(t):
		open++
	case closes(t) && open > 0:
		open--
	case closes(t):
		closed++
	}
	return open, closed
}

func opens(t lexer.Token) bool  { return t.Is(lexer.Bracket, "(", "[", "{") }
func closes(t lexer.Token) bool { return t.Is(lexer.Bracket, ")", "]", "}") }

// calls tells whether the token i is the name of a function that is called.
func (s *source) calls(i int) bool {
	return i+1 < len(s.tokens) && s.tokens[i].Is(lexer.Identifier) && s.tokens[i+1].Is(lexer.Bracket, "(")
}

// tokenAt is the index of the token that covers offset, or of the next one.
func (s *source) tokenAt(offset int) int {
	i, _ := slices.BinarySearchFunc(s.tokens, offset, func(t lexer.Token, offset int) int {
		return cmp.Compare(t.To-1, offset)
	})
	return min(i, len(s.tokens)-1)
}

// extent covers the tokens that Expr remembers of n and what is below it.
func extent(n ast.Node) (from, to int) {
	location := n.Location()
	from, to = location.From, location.To
	if _, ok := n.(*ast.ConditionalNode); ok { // Expr puts these behind their end
		from, to = extent(n.(*ast.ConditionalNode).Cond)
	}
	for _, child := range children(n) {
		a, b := extent(child)
		from, to = min(from, a), max(to, b)
	}
	return from, to
}

func isBlank(src string) bool {
	for _, r := range src {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}
