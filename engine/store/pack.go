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

// Large JSON that SQL never looks into is kept packed: as it is when it is
// short, compressed by Zstandard (RFC 8878) when it is not. Its first byte tells
// which: no JSON begins like a Zstandard frame.

const (
	packFrom   = 384      // bytes; a shorter text gains little
	frameStart = 0x28     // the first byte of a Zstandard frame
	maxPacked  = 64 << 20 // bytes that one record unpacks to at most
)

// packer compresses and decompresses. Its memory is taken when it is first used.
type packer struct {
	encoder func() *zstd.Encoder
	decoder func() *zstd.Decoder
	buffers sync.Pool // of *[]byte: texts that are about to be compressed
}

func newPacker() *packer {
	return &packer{
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

// pack makes raw, a JSON text, ready for its column.
func (p *packer) pack(raw []byte) []byte {
	if len(raw) < packFrom {
		return raw
	}
	return p.encoder().EncodeAll(raw, make([]byte, 0, len(raw)/2))
}

// packValue packs what merge.JSON writes of v.
func (p *packer) packValue(v any) []byte {
	return p.packWith(func(b []byte) []byte { return merge.AppendJSON(b, v) })
}

// packWith packs the JSON text that write appends.
func (p *packer) packWith(write func([]byte) []byte) []byte {
	b, ok := p.buffers.Get().(*[]byte)
	if !ok {
		b = new([]byte)
	}
	defer p.buffers.Put(b)
	*b = write((*b)[:0])
	if packed := p.pack(*b); len(*b) >= packFrom {
		return packed
	}
	return bytes.Clone(*b)
}

// packJSON packs v. That something cannot be written as JSON is the fault of who made it.
func (p *packer) packJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Message: "This cannot be stored: a part of it is no valid JSON.", Err: err}
	}
	return p.pack(raw), nil
}

// unpack returns the JSON text of a column; nil for an empty one.
func (p *packer) unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 || packed[0] != frameStart {
		return packed, nil
	}
	raw, err := p.decoder().DecodeAll(packed, nil)
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
