package secret

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// argon2id with 64 MiB and three passes: some 150 ms on one core.
const (
	argonMemory  = 64 << 10 // KiB
	argonTime    = 3
	argonThreads = 1
	argonSalt    = 16
	argonHash    = 32
)

// NobodysHash is the hash of no password that anybody knows. To compare with it takes as long as with a real one.
const NobodysHash = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// MaxPassword caps what is hashed, in bytes.
const MaxPassword = 1 << 10

// HashPassword returns a PHC string ($argon2id$v=19$m=...$salt$hash).
func HashPassword(password string) (string, error) {
	if len(password) > MaxPassword {
		return "", errors.New("a password has at most 1024 bytes")
	}
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonHash)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// CheckPassword reports whether hash was made from password. A malformed hash matches nothing.
func CheckPassword(password, hash string) bool {
	parts := strings.Split(hash, "$")
	if len(password) > MaxPassword || len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version int
	var memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, errHash := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errHash != nil || version != argon2.Version || len(want) != argonHash ||
		memory > argonMemory || passes == 0 || passes > 10 || threads == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, argonHash)
	return subtle.ConstantTimeCompare(got, want) == 1
}
