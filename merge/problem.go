package merge

import "strconv"

// Problem is one thing wrong with what a person wrote: a template, a condition,
// a config or a whole workflow. It is also the shape of the errors of the API
// (RFC 9457, member "errors").
type Problem struct {
	// Location is where in the request it stands, "body.steps[0].config.url".
	// Parse and Compile leave it empty or relative; callers prefix it with At.
	Location string `json:"location"`
	// Message says what is wrong and what to do about it, in one sentence.
	Message string `json:"message"`
	// Line and Column count from 1, columns in characters; 0 when there is no text.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Suggestion is what was probably meant: the nearest merge codes, in the
	// notation of the place (label or path), comma-separated, nearest first.
	Suggestion string `json:"suggestion,omitempty"`
}

// Error makes a Problem usable as an error.
func (p Problem) Error() string {
	s := p.Message
	if p.Line > 0 {
		s = "line " + strconv.Itoa(p.Line) + ", column " + strconv.Itoa(p.Column) + ": " + s
	}
	if p.Location != "" {
		s = p.Location + ": " + s
	}
	if p.Suggestion != "" {
		s += " Did you mean " + p.Suggestion + "?"
	}
	return s
}

// At returns ps with location put before each Problem's own Location.
func At(location string, ps []Problem) []Problem {
	out := make([]Problem, len(ps))
	for i, p := range ps {
		switch {
		case p.Location == "":
			p.Location = location
		case p.Location[0] == '[':
			p.Location = location + p.Location
		default:
			p.Location = location + "." + p.Location
		}
		out[i] = p
	}
	return out
}

// Position is a place in a text; both count from 1, columns in characters.
type Position struct{ Line, Column int }
