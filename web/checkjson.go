package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"cartwheel/merge"
)

// checkJSON looks at the bytes of a body before anything decodes them, since
// encoding/json takes the last of two members of one name, matches names
// without case, mends bad UTF-8 and nests 10,000 deep.
//
// 400: not JSON, or nested deeper than merge.MaxDepth. 422, with the place: a
// member named twice, or once more in other letters, NUL, half a surrogate pair.
func checkJSON(body []byte) *problem {
	return (&jsonCheck{s: body, strict: true}).run()
}

// checkPayload is checkJSON for what a store or another system sends: names may
// come twice or in other letters, and bad text is mended later, noted at the
// event. Only what is no JSON at all or nested too deep is refused.
func checkPayload(body []byte) *problem {
	return (&jsonCheck{s: body}).run()
}

// jsonCheck walks over one JSON text.
type jsonCheck struct {
	s      []byte
	i      int
	strict bool
	path   []string // where we are: "body", ".steps", "[0]"; kept only when strict
}

func (j *jsonCheck) run() *problem {
	j.path = append(j.path, "body")
	if j.strict && !utf8.Valid(j.s) {
		return j.notUTF8()
	}
	if p := j.value(0, false); p != nil {
		return p
	}
	if j.next() != 0 || j.i < len(j.s) {
		return j.notJSON("Something follows the end of the JSON.")
	}
	return nil
}

// nearTop is how many names of a place tell where JSON begins that is nested too deep.
const nearTop = 8

// next skips blanks and returns the byte that follows, 0 at the end.
func (j *jsonCheck) next() byte {
	for ; j.i < len(j.s); j.i++ {
		switch c := j.s[j.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// value checks one value. free: its members' names are the sender's own, so
// that two may differ in case only.
func (j *jsonCheck) value(depth int, free bool) *problem {
	switch c := j.next(); {
	case c == '{' || c == '[':
		if depth++; depth > merge.MaxDepth {
			message := fmt.Sprintf("The JSON is nested deeper than %d levels. Make it flatter.", merge.MaxDepth)
			return newProblem(http.StatusBadRequest, message).with([]merge.Problem{{Location: shorten(strings.Join(j.path[:min(len(j.path), nearTop)], "")), Message: message}})
		}
		j.i++
		if c == '{' {
			return j.object(depth, free)
		}
		return j.list(depth, free)
	case c == '"':
		_, p := j.text()
		return p
	case c == '-' || c >= '0' && c <= '9':
		return j.number()
	default:
		return j.word()
	}
}

func (j *jsonCheck) word() *problem {
	for _, w := range [...]string{"null", "true", "false"} {
		if strings.HasPrefix(string(j.s[j.i:min(len(j.s), j.i+len(w))]), w) {
			j.i += len(w)
			return nil
		}
	}
	return j.notJSON("A value is missing or not written as JSON.")
}

func (j *jsonCheck) object(depth int, free bool) *problem {
	if j.next() == '}' {
		j.i++
		return nil
	}
	var seen map[string]bool
	if j.strict {
		seen = map[string]bool{}
	}
	for {
		if j.next() != '"' {
			return j.notJSON("A member's name in double quotes is missing.")
		}
		name, p := j.text()
		if p != nil {
			return p
		}
		if p := j.member(name, seen, depth, free); p != nil {
			return p
		}
		switch j.next() {
		case ',':
			j.i++
		case '}':
			j.i++
			return nil
		default:
			return j.notJSON("A comma or } is missing.")
		}
	}
}

// member checks the rest of a member, its name being read.
func (j *jsonCheck) member(name string, seen map[string]bool, depth int, free bool) *problem {
	if j.strict {
		j.path = append(j.path, "."+name)
		defer j.leave()
		key := name
		if !free {
			key = fold(name)
		}
		if seen[key] {
			return j.refuse("This member stands here twice, maybe in other letters. Leave one.")
		}
		seen[key] = true
		free = free || j.isFree()
	}
	if j.next() != ':' {
		return j.notJSON("A colon is missing after a member's name.")
	}
	j.i++
	return j.value(depth, free)
}

// leave goes back to the object or list around the current place.
func (j *jsonCheck) leave() { j.path = j.path[:len(j.path)-1] }

// isFree tells whether the names below the current member are the sender's own:
// in a payload, and in the maps of a config (headers, query, form).
func (j *jsonCheck) isFree() bool {
	n := len(j.path)
	return n == 2 && j.path[1] == ".payload" || j.path[n-2] == ".config"
}

func (j *jsonCheck) list(depth int, free bool) *problem {
	if j.next() == ']' {
		j.i++
		return nil
	}
	for n := 0; ; n++ {
		if p := j.element(n, depth, free); p != nil {
			return p
		}
		switch j.next() {
		case ',':
			j.i++
		case ']':
			j.i++
			return nil
		default:
			return j.notJSON("A comma or ] is missing.")
		}
	}
}

func (j *jsonCheck) element(n, depth int, free bool) *problem {
	if j.strict {
		j.path = append(j.path, "["+strconv.Itoa(n)+"]")
		defer j.leave()
	}
	return j.value(depth, free)
}

// fold makes names equal that encoding/json takes for one.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

func (j *jsonCheck) notJSON(what string) *problem {
	before := j.s[:min(j.i, len(j.s))]
	line := 1 + strings.Count(string(before), "\n")
	column := 1 + utf8.RuneCount(before[strings.LastIndexByte(string(before), '\n')+1:])
	return newProblem(http.StatusBadRequest, fmt.Sprintf("The body is not JSON. Line %d, column %d: %s", line, column, what)).
		with([]merge.Problem{{Location: "body", Message: what, Line: line, Column: column}})
}

// notUTF8 tells where the first byte stands that is no part of a character.
func (j *jsonCheck) notUTF8() *problem {
	for r, size := utf8.DecodeRune(j.s); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(j.s[j.i:]) {
		j.i += size
	}
	return j.notJSON("Here is a byte that is no UTF-8 text. Save or send the JSON as UTF-8.").
		saying("The body is no UTF-8 text, and so no JSON. Save or send it as UTF-8.")
}

// refuse is JSON that cannot be accepted, with its place.
func (j *jsonCheck) refuse(message string) *problem {
	return invalid(merge.Problem{Location: j.place(), Message: message})
}

// place is where we are, as errors write it.
func (j *jsonCheck) place() string { return shorten(strings.Join(j.path, "")) }
