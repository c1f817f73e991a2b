package cond

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cartwheel/merge"
)

// describe writes what happened at one leaf, without a full stop.
func (l *leaf) describe(b *strings.Builder, r *record, missing []string) {
	switch l.form {
	case formComparison:
		l.describeComparison(b, r, missing)
	case formValue:
		l.describeValue(b, r, missing)
	case formCall:
		l.describeCall(b, r, missing)
	case formLoop:
		l.describeLoop(b, r, missing)
	}
}

// absent says what had no value: the merge codes if they are known.
func absent(b *strings.Builder, name string, missing []string) {
	if len(missing) > 0 {
		name = strings.Join(missing, " and ")
	}
	b.WriteString(name + " had no value")
}

func (l *leaf) describeComparison(b *strings.Builder, r *record, missing []string) {
	subject, other, v, w, op := l.subject, l.other, r.subject, r.other, l.op
	if mirrored, ok := mirrors[op]; ok && l.flipped {
		subject, other, v, w, op = other, subject, w, v, mirrored
	}
	switch {
	case v.v == nil:
		absent(b, subject.text, missing)
		return
	case w.v == nil && !other.isNil:
		absent(b, other.text, missing)
		return
	}
	value, words := shown(v), verb(op, r.result)
	switch {
	case subject.literal:
		b.WriteString(cut(subject.text) + " " + words + " ")
	case other.isNil || words == "is" && value == other.text:
		b.WriteString(subject.text + " was " + value)
		return
	default:
		b.WriteString(subject.text + " was " + value + ", which " + words + " ")
	}
	b.WriteString(cut(other.text))
	if !other.literal {
		b.WriteString(" (" + shown(w) + ")")
	}
}

func (l *leaf) describeValue(b *strings.Builder, r *record, missing []string) {
	if r.subject.v == nil {
		absent(b, l.subject.text, missing)
		return
	}
	b.WriteString(l.subject.text + " was " + shown(r.subject))
	if _, ok := r.subject.boolean(); !ok {
		b.WriteString(", which is not yes or no")
	}
}

// mirrors turns operators round: 50 < a is a > 50.
var mirrors = map[string]string{
	"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
	"in": "contains", "not in": "not contains", "contains": "in", "not contains": "not in",
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

func (l *leaf) describeCall(b *strings.Builder, r *record, missing []string) {
	switch {
	case r.subject.v == nil:
		absent(b, l.subject.text, missing)
		return
	case l.op == "is_empty" && r.result:
		b.WriteString(l.subject.text + " was empty")
		return
	}
	b.WriteString(l.subject.text + " was " + shown(r.subject))
	if l.op == "within" {
		words := ", which is not within the last "
		if r.result {
			words = ", which is within the last "
		}
		b.WriteString(words + strings.Trim(l.other.text, `"'`))
	}
}

func (l *leaf) describeLoop(b *strings.Builder, r *record, missing []string) {
	count, _ := r.subject.number()
	n, _ := count.integer()
	items := fmt.Sprintf("the %d items of %s", n, l.subject.text)
	if n == 1 {
		items = "the 1 item of " + l.subject.text
	}
	switch {
	case n == 0 && len(missing) > 0:
		absent(b, l.subject.text, missing)
		return
	case n == 0:
		b.WriteString(l.subject.text + " had no items")
	case l.op == "all" && r.result:
		fmt.Fprintf(b, "all of %s met %s", items, cut(l.body))
	case l.op == "all":
		fmt.Fprintf(b, "of %s, number %d did not meet %s", items, r.item+1, cut(l.body))
	case r.item < 0:
		fmt.Fprintf(b, "none of %s met %s", items, cut(l.body))
	case l.op == "one" && !r.result:
		fmt.Fprintf(b, "more than one of %s met %s", items, cut(l.body))
	default:
		fmt.Fprintf(b, "of %s, number %d met %s", items, r.item+1, cut(l.body))
	}
	if len(missing) > 0 {
		b.WriteString(", and ")
		absent(b, "", missing)
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
	case time.Duration:
		return spanText(x)
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
