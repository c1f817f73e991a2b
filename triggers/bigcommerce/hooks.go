package bigcommerce

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"cartwheel/engine"
	"cartwheel/merge"
)

// hookHeader is the header that Cartwheel has the store send back with every webhook.
const hookHeader = "X-Webhook-Secret"

// Receiver reads the webhooks of a store. It keeps nothing and calls nobody.
type Receiver struct {
	// Late, if set, is told how old a signature was that came too late but was right.
	Late func(age time.Duration)
}

var _ engine.Receiver = Receiver{}

// Parse checks one delivery and makes its event. The store knows two headers:
// ours with the secret, and, for some accounts, a Standard Webhooks signature.
// The body holds ids only; what they stand for is read later with our own token.
// Errors: Denied (secret, signature, another store's producer), Invalid.
func (r Receiver) Parse(d engine.Delivery, a engine.Auth) ([]engine.Event, error) {
	if !sameSecret(d.Header.Get(hookHeader), a.HookSecret()) {
		return nil, engine.Errorf(engine.Denied,
			"The header %s is missing or wrong. Cartwheel registers it with the store when a workflow is published.", hookHeader)
	}
	c, err := configOf(a)
	if err != nil {
		return nil, err
	}
	if err := r.checkSignature(d, c.Signature, a.Secret(secretClientSecret)); err != nil {
		return nil, err
	}
	body, err := merge.DecodeObject(d.Body)
	if err != nil {
		return nil, &engine.Error{Code: engine.Invalid, Op: "bigcommerce.Parse", Message: "The webhook is no JSON object.", Err: err}
	}
	events := make([]engine.Event, 1)
	if err := readEvent(&events[0], body, a.ID, c.StoreHash); err != nil {
		return nil, err
	}
	events[0].Body, events[0].WebhookID = d.Body, webhookID(d)
	return events, nil
}

// sameSecret compares digests, so that neither content nor length shows in the time it takes.
func sameSecret(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return want != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// timelessKeyLives is how long an event without created_at is known again: longer than the store's retries go on (48 h),
// but two changes of one thing a week apart are two events.
const timelessKeyLives = 72 * time.Hour

const maxScope = 200 // bytes; the longest documented scope has about 60

// readEvent reads the envelope. Only scope and producer are needed: every other
// member has been missing somewhere, and the ids come as numbers or texts.
func readEvent(e *engine.Event, body merge.Object, authentication, storeHash string) error {
	scope, producer := textOf(body, "scope"), textOf(body, "producer")
	if !validScope(scope) {
		return engine.Errorf(engine.Invalid,
			`The webhook's "scope" is missing or is none of the store's; it reads like "store/shipment/created".`)
	}
	if producer == "" {
		return engine.Errorf(engine.Invalid, `The webhook's "producer" is missing; it reads like "stores/abc123".`)
	}
	if producer != "stores/"+storeHash {
		return engine.Errorf(engine.Denied, "The webhook comes from another store than this address belongs to.")
	}
	data, _ := body.Get("data")
	switch data.(type) {
	case merge.Object, []any, nil: // a list for price records; nothing for some channel events
	default:
		return engine.Errorf(engine.Invalid, `The webhook's "data" is no object; it reads like {"type":"order","id":251}.`)
	}
	object, _ := data.(merge.Object)
	created, _ := body.Get("created_at")
	hash, _ := body.Get("hash")
	lives := time.Duration(0)
	if created == nil {
		lives = timelessKeyLives
	}
	e.AuthenticationID, e.Trigger, e.Scope, e.Entity = authentication, triggerOf(scope), scope, entityOf(scope, object)
	e.Key = eventKey(authentication, scope, data, created, hash)
	e.KeyLives, e.OccurredAt = lives, unixTime(created)
	e.Data = json.RawMessage(merge.JSON(data))
	return nil
}

func validScope(scope string) bool {
	rest, ok := strings.CutPrefix(scope, "store/")
	if !ok || rest == "" || len(scope) > maxScope {
		return false
	}
	for part := range strings.SplitSeq(rest, "/") {
		if part == "" || part != "*" && idText(part) == "" && part != "0" {
			return false
		}
	}
	return true
}

func textOf(o merge.Object, name string) string {
	v, _ := o.Get(name)
	s, _ := v.(string)
	return s
}

// unixTime reads created_at, the event's time in seconds. It may be missing: the zero time.
func unixTime(v any) time.Time {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds <= 0 || seconds > maxUnix {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

const maxUnix = 1 << 33 // the year 2242: more are milliseconds or nonsense
