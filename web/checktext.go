package web

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// text checks a string and returns it decoded; when it is not strict, nobody compares names, and it returns "" for most.
func (j *jsonCheck) text() (string, *problem) {
	j.i++
	start := j.i
	for j.i < len(j.s) {
		switch c := j.s[j.i]; {
		case c == '"':
			j.i++
			if !j.strict {
				return "", nil
			}
			return string(j.s[start : j.i-1]), nil
		case c == '\\':
			return j.escapedText(start)
		case c < ' ':
			return "", j.notJSON(`A line break or control character stands in a text. Write it as \n or \u00XX.`)
		default:
			j.i++
		}
	}
	return "", j.notJSON("A text is not closed with a double quote.")
}

// escapedText goes on with a text at its first backslash.
func (j *jsonCheck) escapedText(start int) (string, *problem) {
	b := bytes.NewBuffer(append(make([]byte, 0, 2*(j.i-start)+16), j.s[start:j.i]...))
	for j.i < len(j.s) {
		switch c := j.s[j.i]; {
		case c == '"':
			j.i++
			return b.String(), nil
		case c < ' ':
			return "", j.notJSON(`A line break or control character stands in a text. Write it as \n or \u00XX.`)
		case c != '\\':
			b.WriteByte(c)
			j.i++
		default:
			r, p := j.escape()
			if p != nil {
				return "", p
			}
			b.WriteRune(r)
		}
	}
	return "", j.notJSON("A text is not closed with a double quote.")
}

// simpleEscapes are the characters after a backslash that stand for one other.
var simpleEscapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one escape sequence.
func (j *jsonCheck) escape() (rune, *problem) {
	if j.i+1 < len(j.s) {
		if r, ok := simpleEscapes[j.s[j.i+1]]; ok {
			j.i += 2
			return r, nil
		}
	}
	r := j.unit()
	if r < 0 {
		return 0, j.notJSON(`After \ comes one of " \ / b f n r t or u with four hexadecimal digits.`)
	}
	j.i += 6
	if utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, j.unit()); pair != utf8.RuneError {
			j.i += 6
			return pair, nil
		}
		r = utf8.RuneError
		if j.strict {
			return 0, j.refuse(`A \u escape is half of a surrogate pair. Write both halves, or the character itself.`)
		}
	}
	if r == 0 && j.strict {
		return 0, j.refuse(`A text holds \u0000 (NUL). Take it out.`)
	}
	return r, nil
}

// unit reads \uXXXX at the current place without moving; -1 when there is none.
func (j *jsonCheck) unit() rune {
	if j.i+6 > len(j.s) || j.s[j.i] != '\\' || j.s[j.i+1] != 'u' {
		return -1
	}
	digits := j.s[j.i+2 : j.i+6]
	if digits[0] == '+' || digits[0] == '-' || bytes.ContainsRune(digits, '_') {
		return -1
	}
	n, err := strconv.ParseUint(string(digits), 16, 16)
	if err != nil {
		return -1
	}
	return rune(uint16(n))
}

// number checks -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?
func (j *jsonCheck) number() *problem {
	if j.s[j.i] == '-' {
		j.i++
	}
	start := j.i
	n := j.digits()
	ok := n == 1 || n > 1 && j.s[start] != '0'
	if ok && j.at('.') {
		j.i++
		ok = j.digits() > 0
	}
	if ok && (j.at('e') || j.at('E')) {
		if j.i++; j.at('+') || j.at('-') {
			j.i++
		}
		ok = j.digits() > 0
	}
	if !ok {
		return j.notJSON("A number is not written as JSON asks: digits without leading zeros, then maybe .digits and e+digits.")
	}
	return nil
}

func (j *jsonCheck) at(c byte) bool { return j.i < len(j.s) && j.s[j.i] == c }

func (j *jsonCheck) digits() int {
	start := j.i
	for j.i < len(j.s) && j.s[j.i] >= '0' && j.s[j.i] <= '9' {
		j.i++
	}
	return j.i - start
}

// shorten keeps a place that somebody typed from filling an answer.
func shorten(place string) string {
	const most = 200
	if len(place) <= most {
		return place
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(place[cut]) {
		cut--
	}
	return place[:cut] + "…"
}
