package bigcommerce

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// bodies reads the bodies of answers, in memory that is used again.
type bodies struct {
	buffers   sync.Pool // of *bytes.Buffer
	unpackers sync.Pool // of *gzip.Reader
}

// read reads a body, unpacked, up to one byte more than is allowed.
func (b *bodies) read(resp *http.Response) (string, error) {
	buf, ok := b.buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = &bytes.Buffer{}
	}
	defer b.buffers.Put(buf)
	buf.Reset()
	var err error
	if strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		err = b.unpack(buf, resp.Body)
	} else {
		_, err = buf.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	}
	return buf.String(), err
}

// unpack reads a body packed by gzip. One without a byte, as of a 204, is empty.
func (b *bodies) unpack(buf *bytes.Buffer, packed io.Reader) error {
	z, ok := b.unpackers.Get().(*gzip.Reader)
	if !ok {
		z = &gzip.Reader{}
	}
	defer b.unpackers.Put(z)
	if err := z.Reset(packed); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	_, err := buf.ReadFrom(io.LimitReader(z, maxBody+1))
	return err
}
