package bcsim

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrNotFound is returned by acts on an object that the store does not have.
var ErrNotFound = errors.New("bcsim: no such object")

// ErrRefused is returned by acts that the store's rules forbid; the error's text says why.
var ErrRefused = errors.New("bcsim: refused")

func notFound(kind string, id any) error { return fmt.Errorf("%w: %s %v", ErrNotFound, kind, id) }

// refusal is an ErrRefused; the API shows its text alone.
type refusal string

func (r refusal) Error() string        { return ErrRefused.Error() + ": " + string(r) }
func (r refusal) Is(target error) bool { return target == ErrRefused }

func refused(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// reason is an error's text as the API shows it.
func reason(err error) string {
	var r refusal
	if errors.As(err, &r) {
		return string(r)
	}
	return err.Error()
}

const errorType = "/api-docs/getting-started/api-status-codes"

// reply is an answer before it is written.
type reply struct {
	status int
	body   []byte
	ctype  string // "" = application/json
}

func ok(body []byte) reply      { return reply{status: http.StatusOK, body: body} }
func created(body []byte) reply { return reply{status: http.StatusCreated, body: body} }
func noContent() reply          { return reply{status: http.StatusNoContent} }

// v2Error is the array form of V2. details may be nil.
func v2Error(status int, message, invalidReason string) reply {
	entry := obj{{"status", status}, {"message", message}}
	if invalidReason != "" {
		entry = append(entry, field{"details", obj{{"invalid_reason", invalidReason}}})
	}
	return reply{status: status, body: encode([]obj{entry})}
}

// v3Error is the object form of V3, with the fields and their problems if there are any.
func v3Error(status int, title string, problems ...problem) reply {
	body := obj{{"status", status}, {"title", title}, {"type", errorType}}
	if len(problems) > 0 {
		fields := obj{}
		for _, p := range problems {
			fields = append(fields, field{p.field, p.text})
		}
		body = append(body, field{"errors", fields})
	}
	return reply{status: status, body: encode(body)}
}

func v2NotFound() reply {
	return v2Error(http.StatusNotFound, "The requested resource was not found.", "")
}

func v2Invalid(reason string) reply {
	return v2Error(http.StatusBadRequest, "A field of this request cannot be used.", reason)
}

func unprocessable(p problem) reply {
	return v3Error(http.StatusUnprocessableEntity, "The request could not be processed.", p)
}

// fail is an error in the shape of the API version.
func (c *call) fail(status int, message string) reply {
	if c.v3 {
		return v3Error(status, message)
	}
	return v2Error(status, message, "")
}
