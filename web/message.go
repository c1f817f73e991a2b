package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"cartwheel/merge"
)

// messages says in our words what huma says about a value.
var messages = map[string]string{
	validation.MsgUnexpectedProperty:            "There is no such field. Check its spelling or take it out.",
	validation.MsgExpectedBoolean:               "This must be true or false.",
	validation.MsgExpectedInteger:               "This must be a whole number.",
	validation.MsgExpectedNumber:                "This must be a number.",
	validation.MsgExpectedString:                "This must be a text.",
	validation.MsgExpectedArray:                 "This must be a list.",
	validation.MsgExpectedObject:                "This must be an object.",
	validation.MsgExpectedMatchAtLeastOneSchema: "This is not what the field takes. Its description is at /api/docs.",
	"unknown query parameter":                   "There is no such parameter. Check its spelling or take it out.",
	"required path parameter is missing":        "This part of the path is missing.",
	"invalid integer":                           "This must be a whole number.",
}

// limits are the messages that end with a limit of ours, never with the value.
var limits = []struct{ format, message string }{
	{validation.MsgExpectedOneOf, "This must be one of %s."},
	{validation.MsgExpectedMinimumNumber, "This must be at least %s."},
	{validation.MsgExpectedMaximumNumber, "This must be at most %s."},
	{validation.MsgExpectedMinLength, "This is too short: at least %s characters."},
	{validation.MsgExpectedMaxLength, "This is too long: at most %s characters."},
	{validation.MsgExpectedMaxItems, "This list is too long: at most %s entries."},
}

// newHumaError makes a problem of what huma finds wrong. It never repeats a
// value: huma's own errors carry it, and it may be a secret.
func newHumaError(status int, detail string, errs ...error) huma.StatusError {
	if status == 0 { // huma asks once what an error looks like
		return newProblem(0, "")
	}
	if status == http.StatusBadRequest && len(errs) == 0 {
		const missing = "A JSON body is missing."
		return newProblem(status, missing).with([]merge.Problem{{Location: "body", Message: missing}})
	}
	var places []merge.Problem
	for _, err := range errs {
		if err != nil {
			places = append(places, placeOf(err))
		}
	}
	slices.SortStableFunc(places, func(a, b merge.Problem) int { return strings.Compare(a.Location, b.Location) })
	switch {
	case status == http.StatusUnprocessableEntity, status == http.StatusBadRequest && len(places) > 0:
		return invalid(places...) // checkJSON has passed the body, so it is JSON
	case status >= http.StatusInternalServerError:
		return newProblem(status, internalDetail)
	default:
		return newProblem(status, detail).with(places)
	}
}

// placeOf is one error of huma with its place, in our words.
func placeOf(err error) merge.Problem {
	var d huma.ErrorDetailer
	if !errors.As(err, &d) {
		return merge.Problem{Location: "body", Message: "This cannot be read as what the operation takes."}
	}
	detail := d.ErrorDetail()
	place := detail.Location
	if name, ok := between(detail.Message, validation.MsgExpectedRequiredProperty); ok {
		return merge.Problem{Location: shorten(place + "." + name), Message: "This is missing. It is required."}
	}
	return merge.Problem{Location: shorten(place), Message: ourWords(detail.Message)}
}

func ourWords(message string) string {
	if ours, ok := messages[message]; ok {
		return ours
	}
	for _, l := range limits {
		if limit, ok := between(message, l.format); ok {
			return fmt.Sprintf(l.message, strings.ReplaceAll(limit, `"`, ""))
		}
	}
	return "This is not what the field takes. Its description is at /api/docs."
}

// between returns what stands in message in the place of format's one verb.
func between(message, format string) (string, bool) {
	i := strings.IndexByte(format, '%')
	rest, ok := strings.CutPrefix(message, format[:i])
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, format[i+2:])
}
