package bcsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// event is something that happened in the store and may interest hooks.
type event struct {
	scope    string
	data     any
	clientID string // only this account's hooks, "" = all
	options  []EmitOption
}

// EmitOption changes one callback, or all callbacks if given to Habits.
type EmitOption func(*emission)

type emission struct {
	without   map[string]bool // keys left out of data
	noTime    bool
	at        time.Time
	copies    int
	late      time.Duration
	channelID int
	hash      string
}

// Without leaves keys out of the callback's data, as the store does with the optional "token" and "status".
func Without(keys ...string) EmitOption {
	return func(e *emission) {
		for _, key := range keys {
			e.without[key] = true
		}
	}
}

// NoToken leaves the optional token out of cart/abandoned.
func NoToken() EmitOption { return Without("token") }

// NoStatus leaves the optional status out of order/statusUpdated.
func NoStatus() EmitOption { return Without("status") }

// NoCreatedAt leaves the envelope's created_at out.
func NoCreatedAt() EmitOption { return func(e *emission) { e.noTime = true } }

// CreatedAt sets the time of the event, so that an old one can come after a newer one.
func CreatedAt(at time.Time) EmitOption { return func(e *emission) { e.at = at } }

// Copies delivers the very same callback n times, with one hash.
func Copies(n int) EmitOption { return func(e *emission) { e.copies = n } }

// Late delivers the callback after d on the injected timer, hence out of order with what is emitted meanwhile.
func Late(d time.Duration) EmitOption { return func(e *emission) { e.late = d } }

// Hash sets the envelope's hash.
func Hash(hash string) EmitOption { return func(e *emission) { e.hash = hash } }

// ChannelShape turns a store-wide cart or order event into the channel-scoped one: another scope, another id key
// ("cart_id", "order_id") and nothing else in data.
func ChannelShape(channelID int) EmitOption {
	return func(e *emission) { e.channelID = channelID }
}

// Emit sends a callback of any scope with any data to the hooks that ask for it and returns its body.
// data must encode to JSON.
func (s *Store) Emit(scope string, data any, options ...EmitOption) []byte {
	return s.sender.send(event{scope: scope, data: data, options: options})
}

// Habits sets options for every callback that the store's own acts cause from now on.
func (s *Store) Habits(options ...EmitOption) {
	s.sender.mu.Lock()
	defer s.sender.mu.Unlock()
	s.sender.habits = options
}

// fire sends the events of a change with the habits in force. The store's lock is free by now.
func (s *Store) fire(events []event) {
	s.sender.mu.Lock()
	habits := s.sender.habits
	s.sender.mu.Unlock()
	for _, e := range events {
		e.options = habits
		s.sender.send(e)
	}
}

// send builds the envelope and queues it for the hooks that ask for it, now or later.
func (d *sender) send(e event) []byte {
	how := emission{without: map[string]bool{}, at: d.now(), copies: 1}
	for _, option := range e.options {
		option(&how)
	}
	scope, data := e.scope, trim(e.data, how.without)
	if how.channelID != 0 {
		scope, data = channelShape(scope, data, how.channelID)
	}
	body := d.envelope(scope, encode(data), how)
	deliver := func() {
		for range how.copies {
			d.dispatch(scope, body, e.clientID)
		}
	}
	if how.late > 0 {
		d.later(how.late, deliver)
	} else {
		deliver()
	}
	return body
}

// envelope varies the order of the keys, because readers must not depend on it.
func (d *sender) envelope(scope string, data []byte, how emission) []byte {
	hash := how.hash
	if hash == "" {
		hash = d.hash(scope, data, how.at)
	}
	created := field{"created_at", how.at.Unix()}
	producer := field{"producer", "stores/" + d.cfg.StoreHash}
	fields := obj{{"scope", scope}, {"store_id", StoreID}, {"data", json.RawMessage(data)}, {"hash", hash}, created, producer}
	if d.nextEvent()%3 == 2 {
		fields = obj{{"store_id", StoreID}, producer, created, {"scope", scope}, {"data", json.RawMessage(data)}, {"hash", hash}}
	}
	if how.noTime {
		fields = fields.without(map[string]bool{"created_at": true})
	}
	return encode(fields)
}

// hash is opaque to receivers: 40 hex digits that are equal for the same event.
func (d *sender) hash(scope string, data []byte, at time.Time) string {
	text := d.cfg.StoreHash + scope + string(data)
	if d.cfg.HashCoversTime {
		text += strconv.FormatInt(at.UnixNano(), 10)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:20])
}

func trim(data any, without map[string]bool) any {
	if len(without) == 0 {
		return data
	}
	if ordered, ok := data.(obj); ok {
		return ordered.without(without)
	}
	var fields map[string]any
	if err := json.Unmarshal(encode(data), &fields); err != nil {
		return data // not an object: nothing to leave out
	}
	for key := range without {
		delete(fields, key)
	}
	return fields
}

func channelShape(scope string, data any, channelID int) (string, any) {
	var fields map[string]any
	rest := strings.TrimPrefix(scope, "store/")
	kind, _, _ := strings.Cut(rest, "/")
	if json.Unmarshal(encode(data), &fields) != nil {
		return scope, data
	}
	return fmt.Sprintf("store/channel/%d/%s", channelID, rest), obj{{kind + "_id", fields["id"]}}
}

// Sign returns the value of webhook-signature by the Standard Webhooks scheme: HMAC-SHA256 over id, time and body,
// keyed by the raw bytes of the account's client secret.
func Sign(clientSecret, id string, timestamp int64, body []byte) string {
	mac := hmac.New(sha256.New, []byte(clientSecret))
	mac.Write(fmt.Appendf(nil, "%s.%d.", id, timestamp))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
