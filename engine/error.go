package engine

import (
	"errors"
	"fmt"
	"time"

	"cartwheel/merge"
)

// Code says what kind of failure an Error is, and so what happens next.
type Code string

// The codes. Temporary and Internal are tried again, the others end the matter.
const (
	Invalid        Code = "invalid"         // what was sent or written is wrong; Problems say where
	NotFound       Code = "not_found"       // there is no such thing
	Gone           Code = "gone"            // there is no such thing any more, and that is an answer: nothing to do
	Conflict       Code = "conflict"        // it was changed meanwhile, exists already or is in use
	Stale          Code = "stale"           // If-Match named another revision
	Denied         Code = "denied"          // the other side, or a role, does not allow it
	Temporary      Code = "temporary"       // worth another try, not before Wait
	Throttled      Code = "throttled"       // tried too often: not before Wait
	UnknownOutcome Code = "unknown_outcome" // it may have happened; people see a step that is held
	Rejected       Code = "rejected"        // the other side answered, and the answer is no
	Internal       Code = "internal"        // our own failure
)

// Error is a failure that a person may read. Any other error is Internal:
// logged, retried, shown as "internal error".
type Error struct {
	Code     Code
	Op       string          // where, for logs: "sendemail.Do"
	Message  string          // safe to show; says what is wrong and what to do about it
	Problems []merge.Problem // location, line, column, suggestion: for editors
	Wait     time.Duration   // Temporary: not before this
	// Free marks a Temporary that counts as no attempt (the store's rate limit, a host known to be down).
	Free bool
	Err  error // the cause, for logs only
}

// Error is Message with the first problem, never the cause: it may be shown.
func (e *Error) Error() string {
	if e.Message == "" && len(e.Problems) > 0 {
		return e.Problems[0].Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error. The message is shown to people: never format a cause into it, set Err.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the Code of the first Error in err's chain; Internal for any other error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// MessageOf returns what may be shown of err.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Error()
	}
	return "Internal error. The log of the server says more."
}
