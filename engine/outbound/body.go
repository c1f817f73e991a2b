package outbound

import (
	"fmt"
	"io"
	"net/http"
)

// ReadBody reads at most limit bytes of an answer, counted after unpacking, and closes it: of a gzip bomb no
// more than that is ever unpacked. truncated tells that there was more. With an error the
// bytes that came before it are returned.
func ReadBody(resp *http.Response, limit int64) (body []byte, truncated bool, err error) {
	defer func() { _ = resp.Body.Close() }() // nothing was written, so nothing can be lost
	body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], true, nil
	}
	if err != nil {
		return body, false, fmt.Errorf("read the answer: %w", err)
	}
	return body, false, nil
}
