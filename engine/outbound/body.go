package outbound

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// maxExpected is how many bytes are set aside for what an answer says of its length, before they have come.
const maxExpected = 32 << 10

// ReadBody reads at most limit bytes of an answer, counted after unpacking, and closes it: of a gzip bomb no
// more than that is ever unpacked. truncated tells that there was more. With an error the
// bytes that came before it are returned.
func ReadBody(resp *http.Response, limit int64) (body []byte, truncated bool, err error) {
	defer func() { _ = resp.Body.Close() }() // nothing was written, so nothing can be lost
	var b bytes.Buffer
	if expected := min(resp.ContentLength, limit, maxExpected); expected > 0 {
		b.Grow(int(expected) + bytes.MinRead) // with room to see the end without growing
	}
	_, err = b.ReadFrom(io.LimitReader(resp.Body, limit+1))
	body = b.Bytes()
	if int64(len(body)) > limit {
		return body[:limit], true, nil
	}
	if err != nil {
		return body, false, fmt.Errorf("read the answer: %w", err)
	}
	return body, false, nil
}
