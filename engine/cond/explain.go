package cond

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// form is what a leaf looks like in the source.
type form uint8

const (
	formComparison form = iota // a == b
	formValue                  // a
	formCall                   // has(a)
	formLoop                   // any(a, ...)
)

// leaf is one test of a condition: what is needed to explain its outcome.
type leaf struct {
	form           form
	op             string    // operator or function
	words          [2]string // of a comparison: the operator in words, for no and yes
	source         string
	subject, other side
	flipped        bool   // the merge code stands on the right: 50 < a
	body           string // of a loop: its test
}

// side is one side of a comparison as it is named in a reason.
type side struct {
	text    string // the merge code's label, else the source
	literal bool
	isNil   bool
}

func (c *compiler) side(o operand) side {
	s := side{text: c.text(o.node), literal: o.constant, isNil: o.kind == isNil}
	if o.ref != nil && o.ref.label != "" {
		s.text = o.ref.label
	}
	return s
}

// explanation lists the leaves that were looked at.
func (p *program) explanation(f *frame) []Comparison {
	n := 0
	for i := range f.records {
		if f.records[i].done {
			n++
		}
	}
	out := make([]Comparison, 0, n)
	for i := range f.records {
		r := &f.records[i]
		if !r.done {
			continue
		}
		l := &p.leaves[i]
		c := Comparison{Expression: l.source, Result: r.result}
		if l.flipped {
			c.Value = explained(r.other)
		} else {
			c.Value = explained(r.subject)
		}
		if r.to > r.from {
			c.Missing = f.missing[r.from:r.to:r.to]
		}
		out = append(out, c)
	}
	return out
}

// explained is v as the API shows it: the wire value, or text for what an
// expression made.
func explained(v value) any {
	switch x := v.v.(type) {
	case decimal:
		return json.Number(x.String())
	case time.Time:
		return x.Format(time.RFC3339)
	case time.Duration:
		return spanText(x)
	case []value:
		out := make([]any, len(x))
		for i := range x {
			out[i] = explained(x[i])
		}
		return out
	}
	return v.v
}

// maxDecisive is how many tests a reason names.
const maxDecisive = 3

// appendReason appends the sentence that says what decided.
func (p *program) appendReason(b []byte, f *frame) []byte {
	f.decisive = p.test.decisive(f.records, f.decisive[:0])
	if len(f.decisive) == 0 {
		b = strconv.AppendBool(append(b, "The condition is always "...), p.test.outcome(f.records))
		return append(b, '.')
	}
	for i, id := range f.decisive {
		if i == maxDecisive {
			b = fmt.Appendf(b, "; and %d more", len(f.decisive)-maxDecisive)
			break
		}
		if i > 0 {
			b = append(b, "; "...)
		}
		r, from := &f.records[id], len(b)
		b = p.leaves[id].describe(b, r, f.missing[r.from:r.to])
		if i == 0 && p.leaves[id].form == formLoop { // the others begin with a merge code or source: as it is written
			b = append(b[:from], capital(string(b[from:]))...)
		}
	}
	return append(b, '.')
}

// outcome is the recorded result of t.
func (t *test) outcome(records []record) bool {
	switch t.op {
	case fixed:
		return t.fixed
	case both:
		return t.left.outcome(records) && t.right.outcome(records)
	case oneOf:
		return t.left.outcome(records) || t.right.outcome(records)
	case no:
		return !t.left.outcome(records)
	case choose:
		if t.cond.outcome(records) {
			return t.left.outcome(records)
		}
		return t.right.outcome(records)
	}
	return records[t.leaf].result
}

// decisive appends the leaves that made t come out as it did: of a false
// "and" the first false one, of a true one all; of "or" the other way round.
func (t *test) decisive(records []record, out []int) []int {
	switch t.op {
	case fixed:
		return out
	case no:
		return t.left.decisive(records, out)
	case choose:
		out = t.cond.decisive(records, out)
		if t.cond.outcome(records) {
			return t.left.decisive(records, out)
		}
		return t.right.decisive(records, out)
	case both, oneOf:
		settling := t.op == oneOf // the outcome that settles it alone
		switch {
		case t.left.outcome(records) == settling:
			return t.left.decisive(records, out)
		case t.right.outcome(records) == settling:
			return t.right.decisive(records, out)
		}
		return t.right.decisive(records, t.left.decisive(records, out))
	}
	return append(out, t.leaf)
}
