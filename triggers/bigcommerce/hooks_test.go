package bigcommerce_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"cartwheel/engine"
	"cartwheel/engine/enginetest"
	"cartwheel/triggers/bigcommerce"
)

var receivedAt = time.Date(2025, 9, 22, 12, 0, 0, 0, time.UTC)

// delivery is a webhook with the right secret header and, in pairs, more headers.
func delivery(body string, headers ...string) engine.Delivery {
	h := http.Header{"X-Webhook-Secret": {hookSecret}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return engine.Delivery{Header: h, Body: []byte(body), At: receivedAt}
}

func envelope(scope, data string) string {
	return `{"scope":"` + scope + `","store_id":"1003418276","data":` + data + `,"hash":"4a1153d5","created_at":1758269646,"producer":"stores/` + hash + `"}`
}

func parse(d engine.Delivery, a engine.Auth) (engine.Event, error) {
	events, err := bigcommerce.Receiver{}.Parse(d, a)
	if err != nil || len(events) != 1 {
		return engine.Event{}, err
	}
	return events[0], nil
}

func TestParseReadsTheEnvelope(t *testing.T) {
	body := payload(t, "webhook_shipment_created.json")
	e, err := parse(delivery(body, "webhook-id", "msg_1"), shop())
	if err != nil {
		t.Fatal(err)
	}
	if e.AuthenticationID != "larkspur" || e.Trigger != "bigcommerce.shipment_created" || e.Scope != "store/shipment/created" || e.Entity != "order/4127" ||
		string(e.Data) != `{"type":"shipment","id":903,"orderId":4127}` || string(e.Body) != body || e.WebhookID != "msg_1" || len(e.Key) != 32 ||
		!e.OccurredAt.Equal(time.Unix(1758269646, 0)) {
		t.Errorf("got %+v", e)
	}
}

func TestParseNamesTriggerAndEntity(t *testing.T) {
	for _, tt := range []struct{ scope, data, trigger, entity string }{
		{"store/shipment/created", `{"type":"shipment","id":903,"orderId":"4127"}`, "shipment_created", "order/4127"},
		{"store/shipment/updated", `{"type":"shipment","id":903,"orderId":4127}`, "shipment_updated", "order/4127"},
		{"store/cart/converted", `{"type":"cart","id":"bf67-1","orderId":4127}`, "cart_converted", "cart/bf67-1"},
		{"store/cart/abandoned", `{"type":"cart","id":"bf67-1","token":"t"}`, "cart_abandoned", "cart/bf67-1"},
		{"store/channel/1402855/cart/converted", `{"cart_id":"bf67-1"}`, "cart_converted", "cart/bf67-1"},
		{"store/channel/2/cart/abandoned", `{"cart_id":"bf67-1"}`, "cart_abandoned", "cart/bf67-1"},
		{"store/cart/lineItem/created", `{"type":"cart_line_item","id":"li-1","cartId":"bf67-1"}`, "cart_line_item_created", "cart/bf67-1"},
		{"store/order/created", `{"type":"order","id":251}`, "order_created", "order/251"},
		{"store/order/updated", `{"type":"order","id":251}`, "order_updated", "order/251"},
		{"store/order/statusUpdated", `{"type":"order","id":251,"status":{"previous_status_id":1,"new_status_id":2}}`, "order_status_updated", "order/251"},
		{"store/channel/5/order/statusUpdated", `{"order_id":251}`, "order_status_updated", "order/251"},
		{"store/order/transaction/created", `{"type":"transaction","order_id":"251","transaction_id":"7"}`, "order_transaction_created", "order/251"},
		{"store/order/metafield/created", `{"metafield_id":4,"resource_id":"251"}`, "order_metafield_created", "order/251"},
		{"store/customer/updated", `{"type":"customer","id":7}`, "customer_updated", "customer/7"},
		{"store/customer/address/created", `{"type":"customer","id":90,"address":{"customer_id":7}}`, "customer_address_created", "customer/7"},
		{"store/customer/address/created", `{"type":"customer","id":90}`, "customer_address_created", "customer_address/90"},
		{"store/customer/channel/login/access/updated", `{"customer_id":7,"channel_ids":[1]}`, "customer_channel_login_access_updated", "customer/7"},
		{"store/product/updated", `{"type":"product","id":77}`, "product_updated", "product/77"},
		{"store/hook/deliveryException", `{"type":"webhook","id":5,"error_code":"90001"}`, "hook_delivery_exception", "webhook/5"},
		{"store/priceList/records/updated", `[{"price_list_id":1}]`, "price_list_records_updated", "store/priceList/records/updated"},
		{"store/channel/*/inventory/product/low_stock_reached", `{}`, "inventory_product_low_stock_reached", "store/channel/*/inventory/product/low_stock_reached"},
		{"store/channel/created", `{"type":"channel","id":3}`, "channel_created", "channel/3"},
		{"store/app/uninstalled", `null`, "app_uninstalled", "store/app/uninstalled"},
		{"store/order/created", `{"id":{"a":1}}`, "order_created", "store/order/created"},
		{"store/order/created", `{"type":"order","id":"../7"}`, "order_created", "store/order/created"},
	} {
		e, err := parse(delivery(envelope(tt.scope, tt.data)), shop())
		if err != nil {
			t.Errorf("%s %s: %v", tt.scope, tt.data, err)
			continue
		}
		if e.Trigger != "bigcommerce."+tt.trigger || e.Entity != tt.entity {
			t.Errorf("%s %s: got %s about %s, want bigcommerce.%s about %s", tt.scope, tt.data, e.Trigger, e.Entity, tt.trigger, tt.entity)
		}
	}
}

func TestParseAnswers(t *testing.T) {
	good := envelope("store/order/created", `{"type":"order","id":251}`)
	required := auth(`{"store_hash":"`+hash+`","signature":"required"}`, "client_secret", "s3cret")
	requiredBlind := auth(`{"store_hash":"` + hash + `","signature":"required"}`)
	noSecret := engine.NewAuth("x", "X", "bigcommerce", shop().Config, 1, nil)
	for _, tt := range []struct {
		name string
		d    engine.Delivery
		a    engine.Auth
		want engine.Code
	}{
		{"good", delivery(good), shop(), ""},
		{"wrong secret", delivery(good, "X-Webhook-Secret", "x"), shop(), engine.Denied},
		{"a secret's beginning", delivery(good, "X-Webhook-Secret", hookSecret[:10]), shop(), engine.Denied},
		{"no secret sent", engine.Delivery{Header: http.Header{}, Body: []byte(good)}, shop(), engine.Denied},
		{"no secret known", delivery(good, "X-Webhook-Secret", ""), noSecret, engine.Denied},
		{"another store", delivery(strings.Replace(good, hash, "other", 1)), shop(), engine.Denied},
		{"the store with something behind it", delivery(strings.Replace(good, hash, hash+"/", 1)), shop(), engine.Denied},
		{"no producer", delivery(strings.Replace(good, `"producer"`, `"x"`, 1)), shop(), engine.Invalid},
		{"no scope", delivery(strings.Replace(good, `"scope"`, `"x"`, 1)), shop(), engine.Invalid},
		{"a scope of another kind", delivery(envelope("shop/order", `{}`)), shop(), engine.Invalid},
		{"a scope with a hole", delivery(envelope("store//created", `{}`)), shop(), engine.Invalid},
		{"a scope with a blank", delivery(envelope("store/order created", `{}`)), shop(), engine.Invalid},
		{"a long scope", delivery(envelope("store/"+strings.Repeat("x", 300), `{}`)), shop(), engine.Invalid},
		{"a list", delivery(`[1]`), shop(), engine.Invalid},
		{"scope and producer alone", delivery(`{"scope":"store/cart/converted","producer":"stores/` + hash + `"}`), shop(), ""},
		{"data that is a text", delivery(envelope("store/order/created", `"251"`)), shop(), engine.Invalid},
		{"data that is a number", delivery(envelope("store/order/created", `251`)), shop(), engine.Invalid},
		{"an empty signature, required or not", delivery(good, "webhook-id", "msg_1", "webhook-timestamp", strconv.FormatInt(receivedAt.Unix(), 10), "webhook-signature", ""),
			auth(`{"store_hash":"`+hash+`"}`, "client_secret", "s3cret"), engine.Denied},
		{"unsigned, required", delivery(good), required, engine.Denied},
		{"required without a client secret", delivery(good), requiredBlind, engine.Denied},
	} {
		_, err := bigcommerce.Receiver{}.Parse(tt.d, tt.a)
		if got := engine.CodeOf(err); got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestEventKeyTellsRetriesFromEvents(t *testing.T) {
	key := func(body string, a engine.Auth) string {
		t.Helper()
		e, err := parse(delivery(body), a)
		if err != nil {
			t.Fatal(err)
		}
		return string(e.Key)
	}
	base := envelope("store/order/updated", `{"type":"order","id":251}`)
	reordered := `{"producer":"stores/` + hash + `","created_at":1758269646,"hash":"4a1153d5", "data": {"id": 251, "type": "order"},"scope":"store/order/updated","extra":1}`
	if key(base, shop()) != key(reordered, shop()) {
		t.Error("another order of the members gives another key")
	}
	other := engine.NewAuth("second", "S", "bigcommerce", shop().Config, 1, map[string]string{"_hook_secret": hookSecret})
	for name, k := range map[string]string{
		"data":           key(strings.Replace(base, "251", "252", 1), shop()),
		"scope":          key(strings.Replace(base, "order/updated", "order/created", 1), shop()),
		"created_at":     key(strings.Replace(base, "1758269646", "1758269647", 1), shop()),
		"no created_at":  key(strings.Replace(base, `"created_at":1758269646,`, "", 1), shop()),
		"hash":           key(strings.Replace(base, "4a1153d5", "4a1153d6", 1), shop()),
		"authentication": key(base, other),
	} {
		if k == key(base, shop()) {
			t.Errorf("another %s gives the same key", name)
		}
	}
}

func sign(secret, id, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(id + "." + stamp + "." + body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// The vector was made with the store's own samples: the key is the client secret as it is.
const (
	vectorBody = `{"scope":"store/shipment/created","store_id":"1025646","data":{"type":"shipment","id":12,"orderId":251},"hash":"8b98021cb0faa7e3a58a0e4182d3696a4bdd24ab","created_at":1561482857,"producer":"stores/abc123"}`
	vectorSig  = "v1,LyipcldS9aZjFomSC4k1GRihmBxR2RdVnWqdoCcgKfc="
)

func vectorAuth(setting string) engine.Auth {
	return auth(`{"store_hash":"abc123","signature":"`+setting+`"}`, "client_secret", "client-secret-123")
}

func TestSignatures(t *testing.T) {
	const stamp = "1561482857"
	at := func(age time.Duration) string { return strconv.FormatInt(receivedAt.Add(-age).Unix(), 10) }
	signed := func(stamp string) string { return sign("client-secret-123", "msg_1", stamp, vectorBody) }
	for _, tt := range []struct {
		name      string
		setting   string
		id, stamp string
		sig       string
		body      string
		want      engine.Code
	}{
		{"the vector, though old", "required", "msg_1", stamp, vectorSig, vectorBody, ""},
		{"the vector, if present", "if_present", "msg_1", stamp, vectorSig, vectorBody, ""},
		{"two, the second right", "required", "msg_1", stamp, "v1,AAAA " + vectorSig, vectorBody, ""},
		{"two, the first right", "required", "msg_1", stamp, vectorSig + "  v2,zzzz", vectorBody, ""},
		{"unsigned, if present", "if_present", "", "", "", vectorBody, ""},
		{"wrong, off", "off", "msg_1", stamp, "v1,AAAA", vectorBody, ""},
		{"4:59 old", "required", "msg_1", at(299 * time.Second), signed(at(299 * time.Second)), vectorBody, ""},
		{"5:01 old", "required", "msg_1", at(301 * time.Second), signed(at(301 * time.Second)), vectorBody, ""},
		{"4:59 ahead", "required", "msg_1", at(-299 * time.Second), signed(at(-299 * time.Second)), vectorBody, ""},
		{"5:01 ahead", "required", "msg_1", at(-301 * time.Second), signed(at(-301 * time.Second)), vectorBody, engine.Denied},
		{"an id with a dot", "required", "msg.1", stamp, sign("client-secret-123", "msg.1", stamp, vectorBody), vectorBody, ""},
		{"wrong key", "if_present", "msg_1", stamp, sign("other", "msg_1", stamp, vectorBody), vectorBody, engine.Denied},
		{"truncated", "if_present", "msg_1", stamp, vectorSig[:20], vectorBody, engine.Denied},
		{"empty MAC", "if_present", "msg_1", stamp, "v1,", vectorBody, engine.Denied},
		{"another version", "if_present", "msg_1", stamp, strings.Replace(vectorSig, "v1", "v1a", 1), vectorBody, engine.Denied},
		{"without version", "if_present", "msg_1", stamp, vectorSig[3:], vectorBody, engine.Denied},
		{"one byte changed", "if_present", "msg_1", stamp, vectorSig, strings.Replace(vectorBody, "251", "252", 1), engine.Denied},
		{"the JSON written anew", "if_present", "msg_1", stamp, vectorSig, strings.Replace(vectorBody, ":{", ": {", 1), engine.Denied},
		{"another id", "if_present", "msg_2", stamp, vectorSig, vectorBody, engine.Denied},
		{"no id", "if_present", "", stamp, vectorSig, vectorBody, engine.Denied},
		{"no timestamp", "if_present", "msg_1", "", vectorSig, vectorBody, engine.Denied},
		{"a timestamp that is none", "if_present", "msg_1", "soon", vectorSig, vectorBody, engine.Denied},
		{"the boundary moved", "if_present", "msg_1.1561482857", "5", vectorSig, vectorBody, engine.Denied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := delivery(tt.body, "webhook-id", tt.id, "webhook-timestamp", tt.stamp, "webhook-signature", tt.sig)
			if tt.sig == "" {
				d.Header.Del("webhook-signature")
			}
			_, err := bigcommerce.Receiver{}.Parse(d, vectorAuth(tt.setting))
			if got := engine.CodeOf(err); got != tt.want {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
		})
	}
}

func TestLateSignaturesAreCounted(t *testing.T) {
	var ages []time.Duration
	r := bigcommerce.Receiver{Late: func(age time.Duration) { ages = append(ages, age) }}
	for _, age := range []time.Duration{time.Minute, 2 * time.Hour} {
		stamp := strconv.FormatInt(receivedAt.Add(-age).Unix(), 10)
		d := delivery(vectorBody, "webhook-id", "m", "webhook-timestamp", stamp, "webhook-signature", sign("client-secret-123", "m", stamp, vectorBody))
		if _, err := r.Parse(d, vectorAuth("required")); err != nil {
			t.Fatal(err)
		}
	}
	if len(ages) != 1 || ages[0] != 2*time.Hour {
		t.Errorf("got %v, want the one of two hours", ages)
	}
}

// FuzzIntake: whatever comes is refused or becomes one event that is complete.
func FuzzIntake(f *testing.F) {
	for _, name := range []string{"webhook_shipment_created.json", "webhook_cart_converted.json", "webhook_cart_abandoned.json", "webhook_channel_cart_converted.json"} {
		f.Add(payload(f, name))
	}
	f.Add(envelope("store/priceList/records/updated", `[{}]`))
	f.Add(envelope("store/customer/address/created", `{"id":1e400,"address":[]}`))
	f.Add(envelope("store/channel/*/a", `"x"`))
	for _, spoiled := range enginetest.Spoil(f, payload(f, "webhook_shipment_created.json")) {
		f.Add(spoiled.JSON)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if e, ok := intake(t, fmt.Sprintf("%q", body), body); ok {
			readable(t, e)
		}
	})
}

// readable reads what the event is about, from a store that has everything: it gets its codes or a reason.
func readable(t *testing.T, e engine.Event) {
	t.Helper()
	everywhere := larkspur(t)
	order := payload(t, "v2_order.json")
	everywhere.answer = func(r *http.Request) (reply, bool) {
		if strings.ContainsAny(r.URL.Path, " \r\n\x00") || strings.Contains(r.URL.Path, "..") {
			t.Errorf("the id of a webhook led to %q", r.URL.Path)
		}
		_, known := everywhere.replies[r.Method+" "+r.URL.Path[strings.Index(r.URL.Path, hash)+len(hash):]]
		return ok(order), !known
	}
	for _, tr := range bigcommerce.Triggers(client(everywhere, newClock())) {
		if tr.Spec().Type != e.Trigger {
			continue
		}
		if _, err := codesOf(tr, e, codes("Order", "Customer", "Shipment", "Products", "Cart", "Cart_items")); err != nil {
			checkReason(t, e.Entity, err)
		}
	}
}

// FuzzVerify: no signature but the right one is accepted.
func FuzzVerify(f *testing.F) {
	f.Add("msg_1", "1561482857", vectorSig, vectorBody)
	f.Add("", "", "v1,", "{}")
	f.Add("a.b", "1", "v1,AA== v1,AA==", "{}")
	f.Fuzz(func(t *testing.T, id, stamp, sig, body string) {
		d := delivery(body, "webhook-id", id, "webhook-timestamp", stamp, "webhook-signature", sig)
		_, err := bigcommerce.Receiver{}.Parse(d, vectorAuth("required"))
		right := false
		for _, s := range strings.Fields(sig) {
			right = right || s == sign("client-secret-123", id, stamp, body)
		}
		if err == nil && !right {
			t.Fatalf("accepted %q of %q %q over %q", sig, id, stamp, body)
		}
		if code := engine.CodeOf(err); err != nil && code != engine.Denied && code != engine.Invalid {
			t.Fatalf("refused with %q (%v): %q of %q %q over %q", code, err, sig, id, stamp, body)
		}
		ours := delivery(vectorBody, "webhook-id", "m", "webhook-timestamp", "1561482857", "webhook-signature", sig+" "+sign("client-secret-123", "m", "1561482857", vectorBody))
		if _, err := (bigcommerce.Receiver{}).Parse(ours, vectorAuth("required")); err != nil && len(strings.Fields(sig)) < 10 && !strings.ContainsAny(sig, "\r\n\x00") {
			t.Fatalf("the right signature after %q is refused: %v", sig, err)
		}
	})
}
