package bigcommerce

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"cartwheel/engine"
)

// The headers of a Standard Webhooks signature (standardwebhooks.com).
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

const (
	tolerance     = 5 * time.Minute // what the Standard Webhooks libraries allow
	maxWebhookID  = 256             // bytes
	maxSignatures = 16              // more than any rotation of secrets needs
)

// checkSignature verifies the signature as the setting asks: never, when there
// is one and the client secret is known, or always.
//
// The store tries a delivery again for 48 hours, and nobody has said whether it
// signs again each time. A right signature with an old time is therefore
// accepted: its webhook-id guards against replays. A time ahead of ours is not.
func (r Receiver) checkSignature(d engine.Delivery, setting, secret string) error {
	sent := d.Header.Values(headerSignature)
	signatures := strings.Join(sent, " ")
	switch {
	case setting == signatureOff:
		return nil
	case setting == signatureRequired && secret == "":
		return engine.Errorf(engine.Denied, "Signatures are required, but the authentication holds no client_secret to check them with.")
	case setting == signatureRequired && signatures == "":
		return engine.Errorf(engine.Denied, "The webhook is not signed, and signatures are required.")
	case secret == "" || len(sent) == 0: // an empty signature is a wrong one
		return nil
	}
	id, stamp := d.Header.Get(headerID), d.Header.Get(headerTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || len(id) > maxWebhookID || seconds <= 0 || seconds > maxUnix {
		return engine.Errorf(engine.Denied, "The webhook's %s or %s is missing or wrong.", headerID, headerTimestamp)
	}
	if !verify(secret, id, stamp, d.Body, signatures) {
		return engine.Errorf(engine.Denied, "The webhook's signature is wrong. Is the client_secret that of the API account that the access_token belongs to?")
	}
	age := d.At.Sub(time.Unix(seconds, 0))
	if age < -tolerance {
		return engine.Errorf(engine.Denied, "The webhook was signed in the future. Is this machine's clock right?")
	}
	if age > tolerance && r.Late != nil {
		r.Late(age)
	}
	return nil
}

// verify tells whether one of the signatures, separated by blanks, is
// "v1,<base64 of HMAC-SHA256(secret, id.stamp.body)>". The key is the client
// secret as it is: the store's samples hand its base64 to a library that decodes it.
func verify(secret, id, stamp string, body []byte, signatures string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range [][]byte{[]byte(id), []byte("."), []byte(stamp), []byte("."), body} {
		mac.Write(part)
	}
	want := mac.Sum(nil)
	found := false
	for i, s := range strings.Fields(signatures) {
		version, text, _ := strings.Cut(s, ",")
		got, err := base64.StdEncoding.Strict().DecodeString(text)
		if i < maxSignatures && version == "v1" && err == nil && hmac.Equal(got, want) {
			found = true
		}
	}
	return found
}

// webhookID is the id under which a second delivery is a duplicate, "" without a usable one.
// The secret header has been checked by then.
func webhookID(d engine.Delivery) string {
	id := d.Header.Get(headerID)
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(id) > maxWebhookID || strings.ContainsFunc(id, strange) {
		return ""
	}
	return id
}
