package cond

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cartwheel/merge"
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
	op             string // operator or function
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
		return x.String()
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

// reason is the sentence that says what decided.
func (p *program) reason(f *frame) string {
	var decisive []int
	p.test.decisive(f.records, &decisive)
	if len(decisive) == 0 {
		return "The condition is always " + strconv.FormatBool(p.test.outcome(f.records)) + "."
	}
	var b strings.Builder
	for i, id := range decisive {
		if i == maxDecisive {
			fmt.Fprintf(&b, "; and %d more", len(decisive)-maxDecisive)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		p.leaves[id].describe(&b, &f.records[id], f.missing)
	}
	b.WriteByte('.')
	return b.String()
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

// decisive collects the leaves that made t come out as it did: of a false
// "and" the first false one, of a true one all; of "or" the other way round.
func (t *test) decisive(records []record, out *[]int) {
	switch t.op {
	case fixed:
	case no:
		t.left.decisive(records, out)
	case choose:
		t.cond.decisive(records, out)
		if t.cond.outcome(records) {
			t.left.decisive(records, out)
		} else {
			t.right.decisive(records, out)
		}
	case both, oneOf:
		settling := t.op == oneOf // the outcome that settles it alone
		switch {
		case t.left.outcome(records) == settling:
			t.left.decisive(records, out)
		case t.right.outcome(records) == settling:
			t.right.decisive(records, out)
		default:
			t.left.decisive(records, out)
			t.right.decisive(records, out)
		}
	default:
		*out = append(*out, t.leaf)
	}
}

// describe writes what happened at one leaf, without a full stop.
func (l *leaf) describe(b *strings.Builder, r *record, missing []string) {
	switch l.form {
	case formComparison:
		l.describeComparison(b, r, missing[r.from:r.to])
	case formValue:
		if r.subject.v == nil {
			b.WriteString(l.subject.text + " had no value")
			return
		}
		b.WriteString(l.subject.text + " was " + shown(r.subject))
		if _, ok := r.subject.boolean(); !ok {
			b.WriteString(", which is not yes or no")
		}
	case formCall:
		l.describeCall(b, r)
	case formLoop:
		l.describeLoop(b, r)
	}
}

func (l *leaf) describeComparison(b *strings.Builder, r *record, missing []string) {
	subject, other, v, w, op := l.subject, l.other, r.subject, r.other, l.op
	if l.flipped {
		subject, other, v, w, op = other, subject, w, v, mirror(op)
	}
	switch {
	case v.v == nil:
		b.WriteString(subject.text + " had no value")
	case other.isNil:
		b.WriteString(subject.text + " was " + shown(v))
	case w.v == nil:
		name := other.text
		if len(missing) > 0 {
			name = strings.Join(missing, " and ")
		}
		b.WriteString(name + " had no value")
	default:
		b.WriteString(subject.text + " was " + shown(v) + ", which " + verb(op, r.result) + " " + cut(other.text))
		if !other.literal {
			b.WriteString(" (" + shown(w) + ")")
		}
	}
}

// mirror turns an operator round: 50 < a is a > 50.
func mirror(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	case "in":
		return "contains"
	case "not in":
		return "not contains"
	case "contains":
		return "in"
	case "not contains":
		return "not in"
	}
	return op
}

// verbs are the operators that read badly as signs: their words for no and yes.
var verbs = map[string][2]string{
	"==":         {"is not", "is"},
	"in":         {"is not in", "is in"},
	"contains":   {"does not contain", "contains"},
	"startsWith": {"does not start with", "starts with"},
	"endsWith":   {"does not end with", "ends with"},
	"matches":    {"does not match", "matches"},
}

// verb puts an operator and its outcome into words.
func verb(op string, result bool) string {
	if rest, negated := strings.CutPrefix(op, "not "); negated {
		op, result = rest, !result
	}
	if op == "!=" {
		op, result = "==", !result
	}
	w, ok := verbs[op]
	if !ok {
		w = [2]string{"is not " + op, "is " + op}
	}
	if result {
		return w[1]
	}
	return w[0]
}

func (l *leaf) describeCall(b *strings.Builder, r *record) {
	b.WriteString(l.subject.text)
	switch {
	case r.subject.v == nil:
		b.WriteString(" had no value")
	case l.op == "within" && r.result:
		b.WriteString(" was " + shown(r.subject) + ", which is within the last " + strings.Trim(l.other.text, `"'`))
	case l.op == "within":
		b.WriteString(" was " + shown(r.subject) + ", which is not within the last " + strings.Trim(l.other.text, `"'`))
	case l.op == "is_empty" && r.result:
		b.WriteString(" was empty")
	default:
		b.WriteString(" was " + shown(r.subject))
	}
}

func (l *leaf) describeLoop(b *strings.Builder, r *record) {
	count, _ := r.subject.number()
	n, _ := count.integer()
	items := fmt.Sprintf("the %d items of %s", n, l.subject.text)
	switch {
	case n == 0:
		fmt.Fprintf(b, "%s had no items", l.subject.text)
	case l.op == "all" && r.result:
		fmt.Fprintf(b, "all of %s met %s", items, cut(l.body))
	case l.op == "all":
		fmt.Fprintf(b, "item %d of %s did not meet %s", r.item+1, items, cut(l.body))
	case r.item < 0:
		fmt.Fprintf(b, "none of %s met %s", items, cut(l.body))
	case l.op == "one" && !r.result:
		fmt.Fprintf(b, "more than one of %s met %s", items, cut(l.body))
	default:
		fmt.Fprintf(b, "item %d of %s met %s", r.item+1, items, cut(l.body))
	}
}

const maxShown = 80 // characters of a value in a reason

// shown is a value in a reason: cut, control characters made visible.
func shown(v value) string {
	switch x := v.v.(type) {
	case nil:
		return "missing"
	case string:
		return strconv.Quote(cut(x))
	case json.Number:
		return cut(string(x))
	case decimal:
		return cut(x.String())
	case time.Time:
		return x.Format(time.RFC3339)
	case merge.Object:
		return "an object"
	case []any:
		return listOf(len(x))
	case []value:
		return listOf(len(x))
	}
	return cut(fmt.Sprint(v.v))
}

func listOf(n int) string {
	if n == 1 {
		return "a list of 1 item"
	}
	return fmt.Sprintf("a list of %d items", n)
}

// cut keeps maxShown characters.
func cut(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return s[:i] + "…"
		}
	}
	return s
}
