package bigcommerce_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every published code comes out with the text that the store sent, and the
// whole set of codes of an event stands in testdata/<trigger>.golden.json.
func TestGoldenMergeCodes(t *testing.T) {
	for typ, tt := range map[string]struct {
		event    engine.Event
		customer string
		main     string
	}{
		"bigcommerce.shipment_created": {shipped, pick(t, payload(t, "v3_customers.json"), "data", 0), payload(t, "v2_order.json")},
		"bigcommerce.cart_converted":   {converted, payload(t, "v2_customer.json"), payload(t, "v2_order.json")},
		"bigcommerce.cart_abandoned":   {abandoned, payload(t, "v2_customer.json"), pick(t, payload(t, "v3_cart_signed_in.json"), "data")},
	} {
		t.Run(typ, func(t *testing.T) {
			tr := trigger(t, client(larkspur(t), newClock()), typ)
			list := published(t)[typ]
			got, err := tr.Codes(context.Background(), &tt.event, shop(), merge.Object{}, list)
			if err != nil {
				t.Fatal(err)
			}
			wire := map[string]any{"Customer": plain(t, tt.customer), "Order": plain(t, tt.main), "Cart": plain(t, tt.main)}
			for _, code := range list {
				want := follow(t, wire, code.Segments()[1:])
				v, found := got.Values.Lookup(code)
				if text := merge.JSON(v); !found || text != want {
					t.Errorf("%s: got %s (found %v), want %s", code, text, found, want)
				}
			}
			golden(t, typ, all(t, tr, tt.event))
		})
	}
}

// all fetches everything that the trigger knows.
func all(t *testing.T, tr engine.Trigger, e engine.Event) merge.Object {
	t.Helper()
	c, err := tr.Catalog(nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []merge.Code
	for _, e := range c.Entries() {
		want = append(want, e.Code)
	}
	got, err := tr.Codes(context.Background(), &e, shop(), merge.Object{}, want)
	if err != nil {
		t.Fatal(err)
	}
	return got.Values
}

func golden(t *testing.T, name string, o merge.Object) {
	t.Helper()
	var flat merge.Object
	for _, f := range merge.Flatten(o) {
		flat.Set(string(f.Code), f.Value)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(merge.JSON(flat)), "", "  "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	file := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

// plain decodes with the standard library, so that merge does not check itself.
func plain(t *testing.T, src string) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(src)))
	d.UseNumber()
	var v map[string]json.RawMessage
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// follow returns the compact text at the end of the segments.
func follow(t *testing.T, wire map[string]any, segments []string) string {
	t.Helper()
	members, _ := wire[segments[0]].(map[string]json.RawMessage)
	for i, s := range segments[1:] {
		raw, ok := members[s]
		if !ok {
			t.Fatalf("the payload has no %v", segments)
		}
		if i == len(segments)-2 {
			var out bytes.Buffer
			if err := json.Compact(&out, raw); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		members = nil
		if err := json.Unmarshal(raw, &members); err != nil {
			t.Fatal(err)
		}
	}
	return ""
}
