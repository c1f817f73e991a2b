package cond

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
	"github.com/expr-lang/expr/parser/operator"

	"cartwheel/merge"
)

// refusedTokens is what Expr's grammar offers and conditions do not, or what
// people write who know another language, with a hint.
var refusedTokens = map[string]string{
	"=":   "Write == to compare.",
	"&":   "Write and (or &&).",
	";":   "One expression only, without semicolons; combine tests with and, or.",
	"..":  "Ranges (a..b) are not allowed; use in with a list, or compare with >= and <=.",
	"**":  "Powers are not allowed; write x * x.",
	"^":   "Powers are not allowed; write x * x.",
	"?.":  "Write a dot alone: a missing value gives nil anyway.",
	"::":  "Formats (::) belong to merge codes in texts, not to expressions.",
	"let": "Names cannot be given with let; write the expression out.",
	"if":  "Write a ? b : c instead of if.",
}

// checkTokens refuses tokens before parsing, where the place is known best.
func (s *source) checkTokens() bool {
	for i, t := range s.tokens {
		switch {
		case t.Kind == lexer.Bytes:
			s.problem(t.From, `Write a text as "...", without the b.`, "")
		case t.Kind != lexer.Operator || i > 0 && s.tokens[i-1].Is(lexer.Operator, "."):
			continue // a member may be called let
		case t.Value == "|":
			s.pipe(i)
		case t.Value == ">" && i > 0 && s.tokens[i-1].Is(lexer.Operator, "<") && s.tokens[i-1].To == t.From:
			s.problem(s.tokens[i-1].From, "Write != for unequal.", "")
		case t.Value == ":" && i > 0 && s.tokens[i-1].Is(lexer.Operator, "?"):
			s.problem(s.tokens[i-1].From, "Write a ?? b for b when a is missing.", "")
		case refusedTokens[t.Value] != "":
			s.problem(t.From, refusedTokens[t.Value], "")
		default:
			continue
		}
		return false
	}
	return true
}

// pipe refuses the | at token i: somebody typed a label or thinks of Expr's pipes.
func (s *source) pipe(i int) {
	if path := s.labelAsPath(i); path != "" {
		s.problem(s.tokens[i-1].From, "In a condition a merge code is written with dots.", path)
		return
	}
	s.problem(s.tokens[i].From, "The sign | does not belong here; write or between two tests, and lower(x) for a function.", "")
}

// labelAsPath turns a label typed as in a template (BigCommerce | Order | id),
// whose first | is token i, into a path; "" if it is none.
func (s *source) labelAsPath(i int) string {
	if i == 0 || s.tokens[i-1].Kind != lexer.Identifier || i > 1 && s.tokens[i-2].Is(lexer.Operator, ".") {
		return ""
	}
	segments := []string{s.tokens[i-1].Value}
	for ; i+1 < len(s.tokens) && s.tokens[i].Is(lexer.Operator, "|"); i += 2 {
		next := s.tokens[i+1]
		if next.Kind != lexer.Identifier && next.Kind != lexer.String || i+2 < len(s.tokens) && s.tokens[i+2].Is(lexer.Bracket, "(") {
			return ""
		}
		segments = append(segments, next.Value)
	}
	return merge.MakeCode(segments...).Path()
}

// syntaxError says what Expr's parser stumbled over, in our words: its own are
// about tokens and differ from release to release.
func (s *source) syntaxError(src string, err error) {
	var located *file.Error
	if !errors.As(err, &located) {
		s.problem(0, "This cannot be read as a condition.", "")
		return
	}
	if _, err := parser.ParseWithConfig(src, config(maxSource)); err == nil {
		s.problem(0, fmt.Sprintf("This has more than %d parts; split it into several.", maxNodes), "")
		return
	}
	last := s.tokens[len(s.tokens)-1]
	if located.To >= last.To && last.Kind == lexer.Operator && last.Value != "#" {
		s.problem(last.From, "Something is missing after "+s.quoted(last)+".", "")
		return
	}
	message, at := s.unexpected(s.tokenAt(located.From))
	s.problem(s.tokens[at].From, message, "")
}

// unexpected explains why token i cannot stand where it is.
func (s *source) unexpected(i int) (message string, at int) {
	t := s.tokens[i]
	typed := s.quoted(t)
	switch {
	case i > 0 && s.tokens[i-1].Kind == lexer.Number && len(s.tokens[i-1].Value) > maxScale:
		return "This number is too long; put it in quotes.", i - 1
	case t.Kind == lexer.Number && len(t.Value) > maxScale:
		return "This number is too long; put it in quotes.", i
	case t.Is(lexer.Operator, "#", ".") && s.wantsOperand(i):
		return "# and .name stand for the item inside any(list, .name == ...), all, none, one, filter, find, count, map or sum only.", i
	case s.afterFallback(i):
		return "Put round brackets around the ?? and its two sides: (a ?? b) == c.", i
	case t.Is(lexer.Bracket, ")"):
		if name := s.loopAround(i); name != "" {
			return name + " wants a list and a test: " + name + "(list, .name == \"x\").", i
		}
		return "Something is missing before this ).", i
	case t.Kind == lexer.Identifier && wordOperator(t.Value):
		return "Write " + strings.ToLower(t.Value) + " in small letters.", i
	case i > 0 && s.tokens[i-1].Kind == lexer.Identifier && wordOperator(s.tokens[i-1].Value):
		return "Write " + strings.ToLower(s.tokens[i-1].Value) + " in small letters.", i - 1
	case s.wantsOperand(i):
		return typed + " is not expected here; a value is missing before it.", i
	}
	return typed + " is not expected here; an operator such as == or \"and\" is missing before it.", i
}

// quoted is a token as typed, in quotes.
func (s *source) quoted(t lexer.Token) string {
	typed := s.text(t.From, t.To)
	if t.Kind == lexer.String {
		return cut(typed)
	}
	return `"` + cut(typed) + `"`
}

// wantsOperand tells whether a value would have to stand at token i.
func (s *source) wantsOperand(i int) bool {
	if i == 0 {
		return true
	}
	before := s.tokens[i-1]
	return opens(before) || before.Kind == lexer.Operator
}

// afterFallback tells whether token i is an operator right behind a ?? b.
func (s *source) afterFallback(i int) bool {
	if _, ok := operator.Binary[s.tokens[i].Value]; !ok || s.tokens[i].Kind != lexer.Operator {
		return false
	}
	depth := 0
	for i--; i >= 0; i-- {
		t := s.tokens[i]
		_, binary := operator.Binary[t.Value]
		switch {
		case closes(t):
			depth++
		case opens(t):
			depth--
		case depth == 0 && t.Kind == lexer.Operator && binary:
			return t.Value == "??"
		}
		if depth < 0 {
			break
		}
	}
	return false
}

// loopAround is the name of the loop whose brackets end at token i.
func (s *source) loopAround(i int) string {
	depth := 0
	for i--; i > 0; i-- {
		switch t := s.tokens[i]; {
		case closes(t):
			depth++
		case opens(t) && depth > 0:
			depth--
		case opens(t):
			if _, ok := loops[s.tokens[i-1].Value]; ok {
				return s.tokens[i-1].Value
			}
			return ""
		}
	}
	return ""
}

func wordOperator(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not", "in", "contains", "matches":
		return true
	}
	return false
}
