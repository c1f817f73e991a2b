package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"cartwheel/engine"
	"cartwheel/merge"
)

// JSON that SQL never looks into is kept packed, in the form that its first byte tells:
//
//   - as it is, when it is short;
//   - by S2 with a dictionary (dictionary.go), which is cheap and made for what is stored with every event;
//   - by Zstandard (RFC 8878), when it is long or the dictionary knows little of it.
//
// No JSON begins like the last two.

const (
	packFrom    = 128      // bytes; a shorter text gains little
	zstdFrom    = 384      // bytes; a shorter text that the dictionary does not know stays as it is
	s2UpTo      = 8 << 10  // bytes; in a longer text the dictionary does not count
	dictionary1 = 0x01     // the first byte of what is packed by S2 with the first dictionary
	frameStart  = 0x28     // the first byte of a Zstandard frame
	maxPacked   = 64 << 20 // bytes that one record unpacks to at most
)

// packer compresses and decompresses. Its memory is taken when it is first used.
type packer struct {
	encoder    func() *zstd.Encoder
	decoder    func() *zstd.Decoder
	dictionary func() *dictionary
	buffers    sync.Pool // of *packing
}

// packing is the memory for one record that is being packed.
type packing struct {
	text   []byte // the dictionary's, then the record's
	packed []byte
	seen   earlier
	json   *json.Encoder // writes to text
}

// Write appends to the record's text.
func (b *packing) Write(text []byte) (int, error) {
	b.text = append(b.text, text...)
	return len(text), nil
}

func newPacker() *packer {
	return &packer{
		dictionary: sync.OnceValue(newDictionary),
		encoder: sync.OnceValue(func() *zstd.Encoder {
			e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2),
				zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(256<<10), zstd.WithEncoderCRC(false))
			if err != nil {
				panic(err) // the options are constants
			}
			return e
		}),
		decoder: sync.OnceValue(func() *zstd.Decoder {
			d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxPacked))
			if err != nil {
				panic(err) // the options are constants
			}
			return d
		}),
	}
}

// packValue packs what merge.JSON writes of v.
func (p *packer) packValue(v any) []byte {
	return p.packWith(func(b []byte) []byte { return merge.AppendJSON(b, v) })
}

// packWith makes the JSON text that write appends ready for its column.
func (p *packer) packWith(write func([]byte) []byte) []byte {
	b := p.begin()
	defer p.buffers.Put(b)
	b.text = write(b.text)
	return p.end(b)
}

// packJSON packs v. That something cannot be written as JSON is the fault of who made it.
func (p *packer) packJSON(v any) ([]byte, error) {
	b := p.begin()
	defer p.buffers.Put(b)
	if err := b.json.Encode(v); err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Message: "This cannot be stored: a part of it is no valid JSON.", Err: err}
	}
	b.text = bytes.TrimSuffix(b.text, []byte("\n"))
	return p.end(b), nil
}

// begin is memory for one record.
func (p *packer) begin() *packing {
	b, ok := p.buffers.Get().(*packing)
	if !ok {
		b = &packing{text: bytes.Clone(p.dictionary().text)}
		b.json = json.NewEncoder(b)
	}
	b.text = b.text[:len(p.dictionary().text)]
	return b
}

// end is the record in b, packed.
func (p *packer) end(b *packing) []byte {
	return bytes.Clone(p.pack(b, b.text[len(p.dictionary().text):]))
}

// pack chooses the form of raw, the end of b.text.
func (p *packer) pack(b *packing, raw []byte) []byte {
	if len(raw) < packFrom {
		return raw
	}
	if len(raw) <= s2UpTo {
		b.packed = p.dictionary().pack(append(b.packed[:0], dictionary1), b.text, &b.seen)
		if len(b.packed) <= len(raw)/2 || len(raw) < zstdFrom && len(b.packed) < len(raw) {
			return b.packed
		}
	}
	if len(raw) < zstdFrom {
		return raw
	}
	b.packed = p.encoder().EncodeAll(raw, b.packed[:0])
	return b.packed
}

// unpack returns the JSON text of a column; nil for an empty one.
func (p *packer) unpack(packed []byte) (raw []byte, err error) {
	if len(packed) == 0 {
		return packed, nil
	}
	switch packed[0] {
	case dictionary1:
		raw, err = p.dictionary().unpack(packed[1:])
	case frameStart:
		raw, err = p.decoder().DecodeAll(packed, nil)
	default:
		return packed, nil
	}
	if err != nil {
		return nil, fmt.Errorf("stored record: %w", err)
	}
	return raw, nil
}

// unpackJSON reads a column into v; an empty one leaves v as it is.
func (p *packer) unpackJSON(packed []byte, v any) error {
	raw, err := p.unpack(packed)
	if err != nil || len(raw) == 0 {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("stored JSON: %w", err)
	}
	return nil
}
