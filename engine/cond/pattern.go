package cond

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
)

// pattern is a compiled regular expression and its price.
type pattern struct {
	expr  *regexp.Regexp
	price int // instructions
}

// compilePattern compiles src if its program and those of the patterns before
// (spent instructions) stay within maxPattern. The size is estimated before
// anything is compiled: a{1000} is short to write and long to run.
func compilePattern(src string, spent int) (pattern, error) {
	parsed, err := syntax.Parse(src, syntax.Perl)
	if err != nil {
		return pattern{}, invalidPattern(err)
	}
	price := estimate(parsed, maxPattern+1)
	if spent+price > maxPattern {
		return pattern{}, errPatternSize
	}
	compiled, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return pattern{}, invalidPattern(err)
	}
	if price = len(compiled.Inst); spent+price > maxPattern {
		return pattern{}, errPatternSize
	}
	expr, err := regexp.Compile(src)
	if err != nil {
		return pattern{}, invalidPattern(err)
	}
	return pattern{expr: expr, price: price}, nil
}

// invalidPattern keeps what is wrong and leaves out the text, which is in view.
func invalidPattern(err error) error {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return fmt.Errorf("the regular expression is not valid: %s", bad.Code)
	}
	return fmt.Errorf("the regular expression is not valid: %w", err)
}

var errPatternSize = fmt.Errorf(
	"the regular expressions of a condition may have %d steps together, and these have more; shorten them or their {repetitions}", maxPattern)

// estimate is roughly the number of instructions of re, at most limit.
func estimate(re *syntax.Regexp, limit int) int {
	n := 0
	for _, sub := range re.Sub {
		if n += estimate(sub, limit); n >= limit {
			return limit
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		n = len(re.Rune)
	case syntax.OpAlternate:
		n += len(re.Sub) - 1
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest:
		n++
	case syntax.OpCapture:
		n += 2
	case syntax.OpRepeat:
		times := max(re.Max, re.Min+1)
		if re.Max == re.Min {
			times = re.Min
		}
		n = max(n, 1)*max(times, 1) + times - re.Min
	default:
		n = max(n, 1)
	}
	return min(n, limit)
}

// match applies the pattern to a text; anything else does not match.
func (f *frame) match(p pattern, v value) bool {
	s, ok := v.text()
	return ok && f.charge(1+len(s)*p.price/64) && p.expr.MatchString(s)
}
