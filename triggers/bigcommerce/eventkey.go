package bigcommerce

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"cartwheel/merge"
)

// eventKey tells two deliveries of one event from two events. Retries carry the
// same data, created_at and hash, though the order of the members varies. Each
// part goes in with its length, so that no two lists of parts read alike.
func eventKey(authentication, scope string, values ...any) []byte {
	var room [512]byte // most events need no more
	b := appendPart(appendPart(room[:0], func(b []byte) []byte { return append(b, authentication...) }),
		func(b []byte) []byte { return append(b, scope...) })
	for _, v := range values {
		b = appendPart(b, func(b []byte) []byte { return appendCanonical(b, v) })
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// appendPart appends the length of what write appends, in 8 bytes, and that.
func appendPart(b []byte, write func([]byte) []byte) []byte {
	from := len(b) + 8
	b = write(append(b, make([]byte, 8)...))
	binary.BigEndian.PutUint64(b[from-8:], uint64(len(b[from:])))
	return b
}

// appendCanonical appends v as JSON with sorted members.
func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case merge.Object:
		var room [16]string
		keys := append(room[:0], v.Keys()...)
		slices.Sort(keys)
		b = append(b, '{')
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			member, _ := v.Get(k)
			b = appendCanonical(append(merge.AppendJSONString(b, k), ':'), member)
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, v[i])
		}
		return append(b, ']')
	default:
		return merge.AppendJSON(b, v)
	}
}
