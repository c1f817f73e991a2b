package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"cartwheel/merge"
)

// Match is the precondition of a change.
type Match struct {
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag of the state that is meant; when it has changed since, the answer is 412."`
}

// etag shows a revision.
func etag(revision int64) string { return fmt.Sprintf("%q", strconv.FormatInt(revision, 10)) }

const staleDetail = "It was changed since you read it. Read it again, then repeat your change."

// revision returns the revision that If-Match names, 0 when it names none.
// exists says that there must be something, whatever its revision (*).
// Weak tags count like strong ones: a proxy may have weakened them.
func (m Match) revision() (revision int64, exists bool, err error) {
	text := strings.TrimSpace(m.IfMatch)
	switch text {
	case "":
		return 0, false, nil
	case "*":
		return 0, true, nil
	}
	tag := strings.TrimPrefix(text, "W/")
	if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' || strings.ContainsAny(tag[1:len(tag)-1], `",`) {
		return 0, false, invalid(merge.Problem{Location: "header.If-Match", Message: `This must be one ETag in double quotes, such as "3", or *.`})
	}
	revision, err = strconv.ParseInt(tag[1:len(tag)-1], 10, 64)
	if err != nil || revision < 1 { // no state ever had it
		return 0, false, newProblem(http.StatusPreconditionFailed, staleDetail)
	}
	return revision, true, nil
}

// check compares with the present revision, for changes that the engine makes without one.
func (m Match) check(current int64) error {
	revision, _, err := m.revision()
	if err != nil {
		return err
	}
	if revision != 0 && revision != current {
		return newProblem(http.StatusPreconditionFailed, staleDetail)
	}
	return nil
}
