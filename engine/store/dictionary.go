package store

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/klauspost/compress/s2"
)

// A dictionary holds what records have in common, mostly the names in them, so
// that a record need not hold it. What was packed with one can be read only with
// the same one: its text never changes. A better one is another file, and another
// first byte of a record.

//go:embed dictionary/1.txt
var dictionaryText []byte

var errTooLarge = errors.New("it would unpack to too much")

// dictionary packs short texts as blocks of the S2 format, which package s2
// reads. Its own encoder clears 64 KB on the stack for each: for some hundred
// bytes that costs more than Zstandard. The tables here are small.
type dictionary struct {
	text   []byte
	blocks *s2.Dict
	places [1 << dictionaryBits]uint16 // in text, by the hash of what begins there
}

// earlier are the places in the text that is being packed, by the hash of what begins there.
type earlier [1 << earlierBits]uint16

const (
	dictionaryBits = 13
	earlierBits    = 11
	hashed         = 6 // bytes
	shortestCopy   = 5 // bytes; a copy takes three
	longestCopy    = 64
)

func newDictionary() *dictionary {
	d := &dictionary{text: dictionaryText, blocks: s2.MakeDict(dictionaryText, nil)}
	for i := range len(d.text) - 8 {
		d.places[hash(d.text, i)>>(64-dictionaryBits)] = uint16(i)
	}
	return d
}

// hash is that of the bytes of b from i.
func hash(b []byte, i int) uint64 {
	return binary.LittleEndian.Uint64(b[i:]) << (64 - 8*hashed) * 0xcf1bbcdcb7a56463
}

// pack appends to out the block of the text that follows d's own in b. Both together are shorter than 64 KB.
func (d *dictionary) pack(out, b []byte, seen *earlier) []byte {
	clear(seen[:])
	start := len(d.text)
	out = binary.AppendUvarint(out, uint64(len(b)-start)) //nolint:gosec // b begins with the text
	done := start                                         // what is before is in out
	for i := start; i+8 <= len(b); {
		h := hash(b, i)
		from, n := d.longer(b, i, int(seen[h>>(64-earlierBits)]), int(d.places[h>>(64-dictionaryBits)]))
		seen[h>>(64-earlierBits)] = uint16(i) //nolint:gosec // b is shorter than 64 KB
		if n < shortestCopy {
			i += 1 + (i-done)>>6 // what has nothing in common so far goes faster
			continue
		}
		for i > done && from > 0 && from != start && b[i-1] == b[from-1] {
			i, from, n = i-1, from-1, n+1
		}
		out = appendLiteral(out, b[done:i])
		out = appendCopy(out, i-from, n)
		i += n
		done = i
	}
	return appendLiteral(out, b[done:])
}

// longer chooses the place of two whose bytes agree longer with those from i.
func (d *dictionary) longer(b []byte, i, one, other int) (from, n int) {
	begin := binary.LittleEndian.Uint32(b[i:])
	if binary.LittleEndian.Uint32(b[one:]) == begin {
		from, n = one, d.agree(b, i, one)
	}
	if binary.LittleEndian.Uint32(b[other:]) == begin {
		if m := d.agree(b, i, other); m > n {
			from, n = other, m
		}
	}
	return from, n
}

// agree counts the bytes from i that are those from an earlier place. A copy does not reach beyond the dictionary.
func (d *dictionary) agree(b []byte, i, from int) int {
	end := len(b)
	if from < len(d.text) {
		end = min(end, i+len(d.text)-from)
	}
	n := 0
	for ; i+n+8 <= end; n += 8 {
		if x := binary.LittleEndian.Uint64(b[i+n:]) ^ binary.LittleEndian.Uint64(b[from+n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for i+n < end && b[i+n] == b[from+n] {
		n++
	}
	return n
}

// appendLiteral appends bytes that stand for themselves.
func appendLiteral(out, b []byte) []byte {
	switch n := len(b) - 1; {
	case n < 0:
		return out
	case n < 60:
		out = append(out, byte(n<<2))
	case n < 1<<8:
		out = append(out, 60<<2, byte(n))
	default:
		out = append(out, 61<<2, byte(n), byte(n>>8)) //nolint:gosec // a text is shorter than 64 KB
	}
	return append(out, b...)
}

// appendCopy appends that n bytes are those that came so far before.
func appendCopy(out []byte, before, n int) []byte {
	for ; n > 0; n -= longestCopy {
		out = append(out, byte((min(n, longestCopy)-1)<<2|2), byte(before), byte(before>>8)) //nolint:gosec // a text is shorter than 64 KB
	}
	return out
}

// unpack decodes a block.
func (d *dictionary) unpack(block []byte) ([]byte, error) {
	n, err := s2.DecodedLen(block)
	if err != nil {
		return nil, err
	}
	if n > maxPacked {
		return nil, errTooLarge
	}
	return d.blocks.Decode(nil, block)
}
