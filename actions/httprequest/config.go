package httprequest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
	"cartwheel/merge"
)

const (
	bodyJSON = "json"
	bodyForm = "form"
	bodyText = "text"
	bodyNone = "none"
)

// depthHeader tells the called how many workflows have called one another so far: Cartwheel's own intake
// reads it, and ends a circle of workflows that call their own hooks.
const depthHeader = "X-Cartwheel-Depth"

// ourHeaders are set by the connection or by Cartwheel, never by a config.
var ourHeaders = []string{"Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Idempotency-Key", "Keep-Alive",
	"Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", depthHeader}

type config struct {
	Method   string            `json:"method"`
	URL      string            `json:"url"`
	Query    map[string]string `json:"query"`
	Headers  map[string]string `json:"headers"`
	BodyType string            `json:"body_type"`
	Body     string            `json:"body"`
	Form     map[string]string `json:"form"`
	Timeout  string            `json:"timeout"`
}

// parse reads a rendered config.
func parse(raw json.RawMessage) (*config, error) {
	var c config
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Op: "httprequest", Err: err,
			Message: "The settings of this step cannot be read. Save the workflow again."}
	}
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	if c.BodyType == "" {
		c.BodyType = bodyNone
	}
	return &c, nil
}

// timeout is how long the whole call may take.
func (c *config) timeout() (time.Duration, error) {
	if c.Timeout == "" {
		return defaultTimeout, nil
	}
	d, err := engine.ParseDuration(c.Timeout)
	switch {
	case err != nil:
		return 0, err
	case d <= 0 || d > maxTimeout:
		return 0, engine.Errorf(engine.Invalid, "The time-out must be from 1s to 30s.")
	default:
		return d, nil
	}
}

// CheckConfig looks at what stands in the config literally.
func (a *Action) CheckConfig(raw json.RawMessage) []merge.Problem {
	c, err := parse(raw)
	if err != nil {
		return nil // the engine reports what is no text
	}
	var problems []merge.Problem
	add := func(location string, err error) {
		if err != nil {
			problems = append(problems, merge.Problem{Location: location, Message: engine.MessageOf(err)})
		}
	}
	if c.URL != "" && literal(c.URL) {
		_, err := outbound.CheckURL(c.URL)
		add("url", err)
	}
	_, err = c.timeout()
	add("timeout", err)
	names := make([]string, 0, len(c.Headers))
	for name := range c.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		add("headers."+name, checkHeader(name, c.Headers[name]))
	}
	return append(problems, c.checkBody()...)
}

func (c *config) checkBody() []merge.Problem {
	switch {
	case c.BodyType != bodyForm && len(c.Form) > 0:
		return []merge.Problem{{Location: "form", Message: "The form is sent only with the body type form. Choose it, or empty the form."}}
	case c.Body != "" && (c.BodyType == bodyNone || c.BodyType == bodyForm):
		return []merge.Problem{{Location: "body", Message: fmt.Sprintf("The content is not sent with the body type %s. Choose json or text, or empty it.", c.BodyType)}}
	case c.BodyType == bodyJSON && literal(c.Body):
		if p, bad := checkJSON(c.Body); bad {
			p.Location = "body"
			return []merge.Problem{p}
		}
	}
	return nil
}

// checkHeader looks at a header of the config; a template in its value is left alone.
func checkHeader(name, value string) error {
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return engine.Errorf(engine.Invalid, "%s is no name of a header. Use letters, digits and hyphens.", outbound.Quote(name, 80))
	case slices.Contains(ourHeaders, http.CanonicalHeaderKey(name)):
		return engine.Errorf(engine.Invalid, "The header %s is set by Cartwheel and cannot be changed.", http.CanonicalHeaderKey(name))
	case literal(value) && !httpguts.ValidHeaderFieldValue(value):
		return engine.Errorf(engine.Invalid, "The value of the header %s contains a line break or another control character.", name)
	default:
		return nil
	}
}

// checkJSON says where text is no JSON.
func checkJSON(text string) (merge.Problem, bool) {
	if json.Valid([]byte(text)) {
		return merge.Problem{}, false
	}
	_, err := merge.Decode([]byte(text))
	if p, ok := errors.AsType[merge.Problem](err); ok {
		p.Message = "The body is not valid JSON: " + strings.TrimPrefix(p.Message, "This is not valid JSON: ")
		return p, true
	}
	return merge.Problem{Message: "The body is not valid JSON."}, true
}

func literal(s string) bool { return !strings.Contains(s, "{{") }
