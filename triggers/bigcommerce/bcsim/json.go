package bcsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync/atomic"
)

// obj is a JSON object that keeps the order of its keys.
type obj []field

type field struct {
	key   string
	value any
}

// MarshalJSON writes the fields in their order.
func (o obj) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(encode(f.key))
		b.WriteByte(':')
		b.Write(encode(f.value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o obj) without(keys map[string]bool) obj {
	out := obj{}
	for _, f := range o {
		if !keys[f.key] {
			out = append(out, f)
		}
	}
	return out
}

// encode writes v without HTML escaping. What it is given is ours and encodable, anything else is a mistake in a test.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("bcsim: cannot encode %T: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// joined writes a JSON array of parts that are JSON already.
func joined(parts [][]byte) []byte {
	size := 2
	for _, part := range parts {
		size += len(part) + 1
	}
	out := append(make([]byte, 0, size), '[')
	for i, part := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, part...)
	}
	return append(out, ']')
}

// cache keeps the JSON of an object between changes. Reading needs the store's read lock, dropping its write lock.
type cache struct{ body atomic.Pointer[[]byte] }

func (c *cache) get(value func() any) []byte {
	if body := c.body.Load(); body != nil {
		return *body
	}
	body := encode(value())
	c.body.Store(&body)
	return body
}

func (c *cache) drop() { c.body.Store(nil) }

func ptr[T any](v T) *T { return &v }
