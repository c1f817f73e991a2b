package cond

import (
	"fmt"
	"runtime"

	"cartwheel/merge"
)

// Language is the expression language of templates: {{#if ...}} and {{= ...}}.
type Language struct{}

var _ merge.Language = Language{}

// Compile checks and compiles src; see [merge.Language]. The same guard, limits
// and meaning as for conditions.
func (Language) Compile(src string, at merge.Position, s *merge.Scope, boolean bool) (merge.Program, []merge.Problem) {
	p, problems := compile(src, at, s, boolean)
	if len(problems) > 0 {
		return nil, problems
	}
	return p, nil
}

// program is a compiled expression: a test or a value.
type program struct {
	test   *test    // a yes-or-no expression was asked for
	value  *operand // any expression was asked for
	leaves []leaf   // the tests to explain
	codes  []merge.Code
}

// Codes are the merge codes that the expression reads.
func (p *program) Codes() []merge.Code { return p.codes }

// Eval computes the value; see [merge.Program]. Computed numbers are json.Number.
func (p *program) Eval(env merge.Env) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, fault(r)
		}
	}()
	f := newFrame(env)
	if p.test != nil {
		result = p.test.eval(f)
	} else {
		result = f.export(p.value.eval(f))
	}
	if f.err != nil {
		return nil, f.err
	}
	return result, nil
}

// fault turns a panic into an error. Only what the Go runtime says is kept: it
// never holds a value of the event.
func fault(r any) error {
	if e, ok := r.(runtime.Error); ok {
		return fmt.Errorf("%w: %w", errInternal, e)
	}
	return errInternal
}
