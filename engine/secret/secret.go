// Package secret seals what must not be readable in a stolen database:
// authenticated encryption (XChaCha20-Poly1305) under the master key, bound to
// the place where the sealed bytes stand. It also hashes passwords and tokens.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// ErrOpen says that sealed bytes cannot be opened: another key, another place, or changed bytes.
var ErrOpen = errors.New("secret: cannot be opened with this master key")

const (
	keySize  = chacha20poly1305.KeySize
	format   = 1 // first byte of everything sealed
	idSize   = 4 // then the key's id
	keyLabel = "cartwheel-key-1:"
)

// Box seals and opens. It holds one or more master keys: the first seals, all
// open, so that a key can be replaced while both are known. Safe for concurrent use.
type Box struct {
	keys []key
}

type key struct {
	id  [idSize]byte
	raw []byte
}

// NewKey returns a fresh master key as the one line of text that stands in a key file.
func NewKey() string {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return keyLabel + base64.StdEncoding.EncodeToString(raw)
}

// ParseKeys reads a key file: one key a line, the current one first; blank lines and # comments are skipped.
// The errors name the line, never its content.
func ParseKeys(text string) (*Box, error) {
	b := &Box{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		encoded, ok := strings.CutPrefix(line, keyLabel)
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil || len(raw) != keySize {
			return nil, fmt.Errorf("line %d is no master key (%s and 44 characters)", i+1, keyLabel)
		}
		b.keys = append(b.keys, newKey(raw))
	}
	if len(b.keys) == 0 {
		return nil, errors.New("it holds no master key")
	}
	return b, nil
}

func newKey(raw []byte) key {
	sum := sha256.Sum256(append([]byte("cartwheel key id "), raw...))
	k := key{raw: raw}
	copy(k.id[:], sum[:])
	return k
}

// KeyID names the key that seals; it tells nothing about it.
func (b *Box) KeyID() string { return fmt.Sprintf("%x", b.keys[0].id) }

// Seal encrypts plain for one place, named by table, row id and field. Sealed
// bytes open at that place only.
func (b *Box) Seal(plain []byte, table, id, field string) []byte {
	k := b.keys[0]
	out := make([]byte, 1+idSize+chacha20poly1305.NonceSizeX, 1+idSize+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	out[0] = format
	copy(out[1:], k.id[:])
	nonce := out[1+idSize:]
	_, _ = rand.Read(nonce)
	return k.aead().Seal(out, nonce, plain, place(table, id, field))
}

// Open decrypts what Seal made for this place. The only error is ErrOpen.
func (b *Box) Open(sealed []byte, table, id, field string) ([]byte, error) {
	if len(sealed) < 1+idSize+chacha20poly1305.NonceSizeX || sealed[0] != format {
		return nil, ErrOpen
	}
	body := sealed[1+idSize:]
	for _, k := range b.keys {
		if string(sealed[1:1+idSize]) != string(k.id[:]) {
			continue
		}
		plain, err := k.aead().Open(nil, body[:chacha20poly1305.NonceSizeX], body[chacha20poly1305.NonceSizeX:], place(table, id, field))
		if err != nil {
			return nil, ErrOpen
		}
		return plain, nil
	}
	return nil, ErrOpen
}

func (k key) aead() interface {
	Seal(dst, nonce, plaintext, additionalData []byte) []byte
	Open(dst, nonce, ciphertext, additionalData []byte) ([]byte, error)
} {
	aead, err := chacha20poly1305.NewX(k.raw)
	if err != nil {
		panic(err) // the length is checked where keys are made
	}
	return aead
}

// place is the additional data: lengths first, so that no two places read alike.
func place(table, id, field string) []byte {
	return fmt.Appendf(nil, "%d:%s %d:%s %d:%s", len(table), table, len(id), id, len(field), field)
}

// CheckText is sealed once per installation; a Box that cannot open it holds the wrong key.
const CheckText = "cartwheel"

// NewCheck seals CheckText for storage.
func (b *Box) NewCheck() string {
	return base64.StdEncoding.EncodeToString(b.Seal([]byte(CheckText), "setting", "key_check", "value"))
}

// VerifyCheck reports whether check (from NewCheck) was made with one of b's keys. The only error is ErrOpen.
func (b *Box) VerifyCheck(check string) error {
	sealed, err := base64.StdEncoding.DecodeString(check)
	if err != nil {
		return ErrOpen
	}
	plain, err := b.Open(sealed, "setting", "key_check", "value")
	if err != nil || string(plain) != CheckText {
		return ErrOpen
	}
	return nil
}

// NewToken returns 32 random bytes as 43 characters that are safe in URLs and headers.
func NewToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// HashToken is what is stored of a token with full entropy: its sha256.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
