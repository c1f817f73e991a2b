package cond

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cartwheel/merge"
)

// describe appends what happened at one leaf, without a full stop.
func (l *leaf) describe(b []byte, r *record, missing []string) []byte {
	switch l.form {
	case formComparison:
		return l.describeComparison(b, r, missing)
	case formValue:
		return l.describeValue(b, r, missing)
	case formCall:
		return l.describeCall(b, r, missing)
	default:
		return l.describeLoop(b, r, missing)
	}
}

// absent says what had no value: the merge codes if they are known.
func absent(b []byte, name string, missing []string) []byte {
	if len(missing) > 0 {
		name = strings.Join(missing, " and ")
	}
	return append(append(b, name...), " had no value"...)
}

func (l *leaf) describeComparison(b []byte, r *record, missing []string) []byte {
	subject, other, v, w := &l.subject, &l.other, r.subject, r.other
	if l.mirrored() {
		subject, other, v, w = other, subject, w, v
	}
	switch {
	case v.v == nil:
		return absent(b, subject.text, missing)
	case w.v == nil && !other.isNil:
		return absent(b, other.text, missing)
	}
	words := l.words[0]
	if r.result {
		words = l.words[1]
	}
	if subject.literal {
		b = append(b, cut(subject.text)...)
	} else {
		b = append(append(b, subject.text...), " was "...)
		from := len(b)
		b = appendShown(b, v)
		if other.isNil || words == "is" && string(b[from:]) == other.text {
			return b
		}
		b = append(b, ", which"...)
	}
	b = append(append(append(b, ' '), words...), ' ')
	b = append(b, cut(other.text)...)
	if !other.literal {
		b = append(appendShown(append(b, " ("...), w), ')')
	}
	return b
}

func (l *leaf) describeValue(b []byte, r *record, missing []string) []byte {
	if r.subject.v == nil {
		return absent(b, l.subject.text, missing)
	}
	b = l.appendSubject(b, r)
	if _, ok := r.subject.boolean(); !ok {
		b = append(b, ", which is not yes or no"...)
	}
	return b
}

func (l *leaf) appendSubject(b []byte, r *record) []byte {
	return appendShown(append(append(b, l.subject.text...), " was "...), r.subject)
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

// mirrored tells whether a comparison is said the other way round.
func (l *leaf) mirrored() bool { return l.flipped && mirrors[l.op] != "" }

// inWords puts the operator of a comparison into words, for no and yes.
func (l *leaf) inWords() [2]string {
	op := l.op
	if l.mirrored() {
		op = mirrors[op]
	}
	op, negated := strings.CutPrefix(op, "not ")
	if op == "!=" {
		op, negated = "==", !negated
	}
	w, ok := verbs[op]
	if !ok {
		w = [2]string{"is not " + op, "is " + op}
	}
	if negated {
		w[0], w[1] = w[1], w[0]
	}
	return w
}

func (l *leaf) describeCall(b []byte, r *record, missing []string) []byte {
	switch {
	case r.subject.v == nil:
		return absent(b, l.subject.text, missing)
	case l.op == "is_empty" && r.result:
		return append(append(b, l.subject.text...), " was empty"...)
	}
	b = l.appendSubject(b, r)
	if l.op == "within" {
		words := ", which is not within the last "
		if r.result {
			words = ", which is within the last "
		}
		b = append(append(b, words...), strings.Trim(l.other.text, `"'`)...)
	}
	return b
}

func (l *leaf) describeLoop(b []byte, r *record, missing []string) []byte {
	count, _ := r.subject.number()
	n, _ := count.integer()
	items := fmt.Sprintf("the %d items of %s", n, l.subject.text)
	if n == 1 {
		items = "the 1 item of " + l.subject.text
	}
	switch {
	case n == 0 && len(missing) > 0:
		return absent(b, l.subject.text, missing)
	case n == 0:
		b = append(append(b, l.subject.text...), " had no items"...)
	case l.op == "all" && r.result:
		b = fmt.Appendf(b, "all of %s met %s", items, cut(l.body))
	case l.op == "all":
		b = fmt.Appendf(b, "of %s, number %d did not meet %s", items, r.item+1, cut(l.body))
	case r.item < 0:
		b = fmt.Appendf(b, "none of %s met %s", items, cut(l.body))
	case l.op == "one" && !r.result:
		b = fmt.Appendf(b, "more than one of %s met %s", items, cut(l.body))
	default:
		b = fmt.Appendf(b, "of %s, number %d met %s", items, r.item+1, cut(l.body))
	}
	if len(missing) > 0 {
		b = absent(append(b, ", and "...), "", missing)
	}
	return b
}

const maxShown = 80 // characters of a value in a reason

// appendShown appends a value as a reason shows it: cut, control characters made visible.
func appendShown(b []byte, v value) []byte {
	switch x := v.v.(type) {
	case nil:
		return append(b, "missing"...)
	case string:
		return strconv.AppendQuote(b, cut(x))
	case json.Number:
		return append(b, cut(string(x))...)
	case decimal:
		return append(b, cut(x.String())...)
	case time.Time:
		return x.AppendFormat(b, time.RFC3339)
	case time.Duration:
		return append(b, spanText(x)...)
	case merge.Object:
		return append(b, "an object"...)
	case []any:
		return append(b, listOf(len(x))...)
	case []value:
		return append(b, listOf(len(x))...)
	}
	return append(b, cut(fmt.Sprint(v.v))...)
}

func listOf(n int) string {
	if n == 1 {
		return "a list of 1 item"
	}
	return fmt.Sprintf("a list of %d items", n)
}

// cut keeps maxShown characters.
func cut(s string) string {
	if len(s) <= maxShown {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return s[:i] + "…"
		}
	}
	return s
}
