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
func eventKey(parts ...string) []byte {
	h := sha256.New()
	var length [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(p)))
		h.Write(length[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// canonical writes v as JSON with sorted members.
func canonical(v any) string { return merge.JSON(sorted(v)) }

func sorted(v any) any {
	switch v := v.(type) {
	case merge.Object:
		keys := slices.Sorted(slices.Values(v.Keys()))
		var out merge.Object
		for _, k := range keys {
			member, _ := v.Get(k)
			out.Set(k, sorted(member))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = sorted(v[i])
		}
		return out
	default:
		return v
	}
}
