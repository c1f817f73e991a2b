package httprequest

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"cartwheel/engine"
	"cartwheel/engine/outbound"
)

const (
	maxShown = 64 << 10 // bytes of a request's body on the run page
	headRoom = 384      // bytes that nearly all have before it
)

// order is a request before its credential: all that every attempt sends.
type order struct {
	method  string
	url     *url.URL
	header  http.Header
	body    string
	timeout time.Duration
}

// order makes the request of a rendered config, which is r's. Errors say what is wrong with it.
func (c *config) order(r engine.Request) (*order, error) {
	u, err := outbound.CheckURL(c.URL)
	if err != nil {
		return nil, err
	}
	if query := values(c.Query).Encode(); query != "" {
		// What the URL carries stays as it is written: its order may matter.
		u.RawQuery = strings.TrimPrefix(strings.TrimSuffix(u.RawQuery, "&")+"&"+query, "&")
	}
	o := &order{method: c.Method, url: u, header: http.Header{}}
	if o.timeout, err = c.timeout(); err != nil {
		return nil, err
	}
	o.header.Set("User-Agent", "Cartwheel")
	if err := o.setBody(c); err != nil {
		return nil, err
	}
	for name, value := range c.Headers {
		// The last guard: a config that was checked, and values that were escaped, pass.
		if err := checkHeader(name, ""); err != nil {
			return nil, err
		}
		if !httpguts.ValidHeaderFieldValue(value) {
			return nil, engine.Errorf(engine.Rejected, "The value of the header %s contains a line break or another control character. Nothing was sent.", name)
		}
		o.header.Set(name, value)
	}
	o.header.Set("Idempotency-Key", r.Key)
	o.header.Set(depthHeader, strconv.Itoa(r.Depth+1))
	return o, nil
}

func (o *order) setBody(c *config) error {
	switch c.BodyType {
	case bodyJSON:
		if p, bad := checkJSON(c.Body); bad {
			return &engine.Error{Code: engine.Rejected, Op: "httprequest", Message: p.Error()}
		}
		o.header.Set("Content-Type", "application/json")
		o.body = c.Body
	case bodyForm:
		o.header.Set("Content-Type", "application/x-www-form-urlencoded")
		o.body = values(c.Form).Encode()
	case bodyText:
		o.header.Set("Content-Type", "text/plain; charset=utf-8")
		o.body = c.Body
	}
	return nil
}

func values(m map[string]string) url.Values {
	v := make(url.Values, len(m))
	for name, value := range m {
		v.Set(name, value)
	}
	return v
}

// request makes a fresh http.Request. Its URL is the one that was checked.
func (o *order) request(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, o.method, "", strings.NewReader(o.body))
	if err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Op: "httprequest", Err: err, Message: "The method is none that HTTP knows."}
	}
	req.GetBody = nil // with it, and an Idempotency-Key, Go repeats a lost call by itself, and no attempt would tell of it
	if o.body == "" {
		req.Body, req.ContentLength = nil, 0
	}
	u := *o.url
	req.URL, req.Host, req.Header = &u, u.Host, maps.Clone(o.header) // a name gets other values, its values are never changed
	return req, nil
}

// describe is the request for the run page.
func (o *order) describe() string {
	var b strings.Builder
	b.Grow(headRoom + min(len(o.body), maxShown))
	write := func(parts ...string) {
		for _, part := range parts {
			b.WriteString(part)
		}
	}
	write(o.method, " ", o.url.String(), "\n")
	for _, name := range slices.Sorted(maps.Keys(o.header)) {
		write(name, ": ", o.header.Get(name), "\n")
	}
	if o.body != "" {
		write("\n", outbound.Cut(o.body, maxShown))
	}
	return b.String()
}
