package web

import (
	"encoding/json"
	"testing"

	"cartwheel/merge"
)

// FuzzCheckJSON holds the two checks against the decoders that come after them:
// what passes must decode, and the payload check must refuse nothing that merge.Decode takes.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e+3,true,null,"x\u00e9\ud83d\ude00\n"]}`, `{"a":1,"A":2}`, "\"\xff\"", `[`, `"\ud800"`, "{\"a\"\x00:1}",
		` 1 `, `01`, `"\u+123"`, `"\u_123"`, "\ufeff1", `nul`, `{"a":}`, ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		_, err := merge.Decode(body)
		if tolerant := checkPayload(body); (tolerant == nil) != (err == nil) {
			t.Errorf("checkPayload(%q) = %v, merge.Decode says %v", body, tolerant, err)
		}
		if checkJSON(body) == nil && (!json.Valid(body) || err != nil) {
			t.Errorf("checkJSON passes %q, encoding/json does not", body)
		}
	})
}

func BenchmarkCheckPayload(b *testing.B) {
	body := []byte(`{"scope":"store/shipment/created","store_id":"1025646","data":{"type":"shipment","id":12,"orderId":251},"hash":"3f9ea420af83450d7ef9f78b08c8af25b2213637","created_at":1561479335,"producer":"stores/abc"}`)
	for b.Loop() {
		if p := checkPayload(body); p != nil {
			b.Fatal(p)
		}
	}
}
