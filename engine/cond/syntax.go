package cond

import (
	"errors"
	"fmt"
	"io"
	"unicode"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// parse makes the syntax tree, or adds problems and returns nil.
func (s *source) parse(src string) ast.Node {
	if len(src) > maxSource {
		s.problem(0, fmt.Sprintf("This is %d bytes long and may have %d; split it into several.", len(src), maxSource), "")
		return nil
	}
	if isBlank(src) {
		s.problem(0, "An expression is missing here.", "")
		return nil
	}
	if !s.scan(src) {
		return nil
	}
	if len(s.tokens) == 0 { // a comment alone
		s.problem(0, "An expression is missing here.", "")
		return nil
	}
	if !s.checkTokens() || !s.checkBrackets() {
		return nil
	}
	tree, err := parser.ParseWithConfig(src, config(maxNodes))
	if err != nil {
		s.syntaxError(src, err)
		return nil
	}
	return tree.Node
}

// config makes Expr's parser treat every function but its loops as ours.
func config(nodes uint) *conf.Config {
	c := &conf.Config{MaxNodes: nodes, Disabled: make(map[string]bool, len(builtin.Builtins))}
	for _, f := range builtin.Builtins {
		c.Disabled[f.Name] = true
	}
	return c
}

// scan cuts src into tokens.
func (s *source) scan(src string) bool {
	l := lexer.New()
	l.Reset(file.NewSource(src))
	for {
		token, err := l.Next()
		switch {
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			s.scanError(err)
			return false
		case token.Kind != lexer.EOF:
			s.tokens = append(s.tokens, token)
		}
	}
}

// scanError explains what cannot be cut into tokens by what stands there.
func (s *source) scanError(err error) {
	start := 0
	if n := len(s.tokens); n > 0 {
		start = s.tokens[n-1].To
	}
	for start < len(s.runes)-1 && unicode.IsSpace(s.runes[start]) {
		start++
	}
	end := len(s.runes)
	var located *file.Error
	if errors.As(err, &located) {
		end = min(located.To, end)
	}
	switch r := s.runes[start]; {
	case r == '"' || r == '\'' || r == '`':
		if end < len(s.runes) && s.runes[end-1] != '\n' {
			s.problem(end-1, `This \ sequence is not known; write \\ for a backslash, \" for a quote.`, "")
			return
		}
		s.problem(start, "The text that begins here has no closing quote.", "")
	case r >= '0' && r <= '9':
		s.problem(start, "This is no number; write digits with a point, as in 12.50.", "")
	case r == '/':
		s.problem(start, "The comment that begins here is not closed; end it with */.", "")
	default:
		s.strangeCharacter(max(end-1, 0))
	}
}

func (s *source) strangeCharacter(at int) {
	switch r := s.runes[at]; r {
	case '“', '”', '„', '‘', '’', '«', '»':
		s.problem(at, `Use straight quotes: "text".`, "")
	default:
		s.problem(at, fmt.Sprintf("The character %q has no meaning here; a text stands in quotes.", r), "")
	}
}

// checkBrackets finds the bracket that has no partner.
func (s *source) checkBrackets() bool {
	partner := map[string]string{")": "(", "]": "[", "}": "{"}
	var open []lexer.Token
	for _, t := range s.tokens {
		switch {
		case opens(t):
			open = append(open, t)
		case !closes(t):
		case len(open) == 0 || open[len(open)-1].Value != partner[t.Value]:
			s.problem(t.From, "This "+t.Value+" closes nothing; remove it or open it before.", "")
			return false
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t := open[len(open)-1]
		s.problem(t.From, "This "+t.Value+" is never closed.", "")
	}
	return len(open) == 0
}
