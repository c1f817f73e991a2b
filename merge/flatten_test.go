package merge_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"cartwheel/merge"
)

func payload(t testing.TB, name string) any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	v, err := merge.Decode(raw)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func member(t *testing.T, v any, key string) any {
	t.Helper()
	m, ok := v.(merge.Object).Get(key)
	if !ok {
		t.Fatalf("no member %s", key)
	}
	return m
}

func TestFlattenGivesAllCodesOfTheThreeTriggers(t *testing.T) {
	order, cart := payload(t, "v2_order.json"), member(t, payload(t, "v3_cart_signed_in.json"), "data")
	v2 := payload(t, "v2_customer.json")
	v3 := member(t, payload(t, "v3_customers.json"), "data").([]any)[0]
	roots := map[string]map[string]any{
		"bigcommerce.cart_abandoned":   {"Cart": cart, "Customer": v2},
		"bigcommerce.cart_converted":   {"Order": order, "Customer": v2},
		"bigcommerce.shipment_created": {"Order": order, "Customer": v3},
	}
	raw, err := os.ReadFile("testdata/codes.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]merge.Code
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	for trigger, objects := range roots {
		root := merge.FromGo(map[string]any{"BigCommerce": objects}).(merge.Object)
		got := map[merge.Code]any{}
		for _, f := range merge.Flatten(root) {
			got[f.Code] = f.Value
		}
		for _, code := range want[trigger] {
			v, ok := got[code]
			if !ok {
				t.Errorf("%s: Flatten does not give %s", trigger, code)
			}
			if same, _ := root.Lookup(code); merge.JSON(same) != merge.JSON(v) {
				t.Errorf("%s: %s is %s, Lookup says %s", trigger, code, merge.JSON(v), merge.JSON(same))
			}
		}
		if len(want[trigger]) == 0 {
			t.Errorf("no codes for %s", trigger)
		}
	}
}

func TestFlattenLeaves(t *testing.T) {
	o, err := merge.DecodeObject([]byte(`{"b":{"y":1.0,"x":null},"list":[{"a":1}],"none":{},"empty":[],"a|b":{"":"q"}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		code  merge.Code
		value string
	}{{"b | y", "1.0"}, {"b | x", "null"}, {"list", `[{"a":1}]`}, {"none", "{}"}, {"empty", "[]"}, {`"a|b" | ""`, `"q"`}}
	got := merge.Flatten(o)
	if len(got) != len(want) {
		t.Fatalf("Flatten = %v", got)
	}
	for i, w := range want {
		if got[i].Code != w.code || merge.JSON(got[i].Value) != w.value {
			t.Errorf("field %d = %s: %s, want %s: %s", i, got[i].Code, merge.JSON(got[i].Value), w.code, w.value)
		}
	}
}
