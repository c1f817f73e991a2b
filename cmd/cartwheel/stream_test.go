package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
)

// firstMessage is the body of an answer, of a stream its first message: the rest never ends.
func firstMessage(resp *http.Response) io.Reader {
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.Body
	}
	var message bytes.Buffer
	for lines := bufio.NewReader(resp.Body); ; {
		line, err := lines.ReadString('\n')
		message.WriteString(line)
		if err != nil || line == "\n" {
			return &message
		}
	}
}
