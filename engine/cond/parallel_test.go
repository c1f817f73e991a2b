package cond_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/engine/cond"
	"cartwheel/engine/enginetest"
	"cartwheel/merge"
)

const ordinary = `BigCommerce.Order.total_inc_tax >= 50 && BigCommerce.Order.billing_address.country_iso2 in ["US", "CA"] ` +
	`&& not BigCommerce.Order.is_deleted && any(BigCommerce.Products, .quantity > 1)`

func TestAConditionServesSeveralGoroutines(t *testing.T) {
	c := mustCompile(t, ordinary, scope())
	e := env(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				v, err := c.Decide(e)
				if err != nil || !v.Result || len(v.Explanation) != 4 {
					t.Errorf("got %+v, %v", v, err)
					return
				}
			}
		})
	}
	group.Wait()
}

func FuzzCondition(f *testing.F) {
	for _, table := range truths {
		for src := range table {
			f.Add(src)
		}
	}
	for _, table := range refusals {
		for _, r := range table {
			f.Add(r.src)
		}
	}
	for _, src := range append(enginetest.MalformedConditions(), enginetest.MutatedConditions(200, 3)...) {
		f.Add(src)
	}
	s := scope()
	e := env(f)
	f.Fuzz(func(t *testing.T, src string) {
		start := time.Now()
		c, problems := cond.Compile(src, s)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Message == "" || strings.Contains(p.Message, "fault in Cartwheel") {
				t.Errorf("%q: %+v", src, p)
			}
		}
		if (c == nil) != (len(problems) > 0) {
			t.Errorf("%q: condition %v with problems %v", src, c, problems)
		}
		if c != nil {
			v, err := c.Decide(e)
			if err != nil && !isLimit(err) || err == nil && v.Reason == "" {
				t.Errorf("%q: %+v, %v", src, v, err)
			}
			if again, err := c.Decide(e); err == nil && v.Reason != "" && again.Result != v.Result {
				t.Errorf("%q: %v, then %v", src, v.Result, again.Result)
			}
			value(t, src, s, e)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q took %v", src, took)
		}
	})
}

// value compiles src as the expression of a template and evaluates it.
func value(t *testing.T, src string, s *merge.Scope, e merge.Env) {
	t.Helper()
	p, problems := cond.Language{}.Compile(src, merge.Position{Line: 1, Column: 1}, s, false)
	if len(problems) > 0 {
		return // a blank condition is no expression
	}
	if _, err := p.Eval(e); err != nil && !isLimit(err) {
		t.Errorf("%q: %v", src, err)
	}
}

func BenchmarkDecide(b *testing.B) {
	c := mustCompile(b, ordinary, scope())
	e := env(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Decide(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	p, _ := cond.Language{}.Compile(ordinary, merge.Position{Line: 1, Column: 1}, scope(), true)
	e := env(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Eval(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	s := scope()
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := cond.Compile(ordinary, s); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
