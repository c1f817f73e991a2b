package bigcommerce

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"cartwheel/merge"
)

// The keys of stored events must stay what they are: a delivery that comes again after an upgrade is still a duplicate.
func TestAnEventsKeyIsTheHashOfItsPartsWithSortedMembers(t *testing.T) {
	for _, data := range []string{
		`{"type":"order","id":251}`,
		`{"id":251,"type":"order"}`,
		`{"orderId":251,"id":12,"type":"shipment","more":{"z":[1,{"b":2,"a":"\u00e4"}],"a":null,"m":true}}`,
		`[{"b":1,"a":2},3]`,
		`null`,
		`{}`,
		`{"` + strings.Repeat("a", 600) + `":"x","Z":1.50}`,
	} {
		v, err := merge.DecodeText(data)
		if err != nil {
			t.Fatal(err)
		}
		var want []byte
		for _, part := range []string{"shop", "store/order/created", merge.JSON(sortedMembers(v)), "1700000000", `"c0ffee"`} {
			want = append(binary.BigEndian.AppendUint64(want, uint64(len(part))), part...)
		}
		created, _ := merge.DecodeText("1700000000")
		sum := sha256.Sum256(want)
		if got := eventKey("shop", "store/order/created", v, created, "c0ffee"); !bytes.Equal(got, sum[:]) {
			t.Errorf("%s: got %x, want %x", data, got, sum)
		}
	}
}

// sortedMembers is v with the members of every object in their order.
func sortedMembers(v any) any {
	switch v := v.(type) {
	case merge.Object:
		var o merge.Object
		for _, k := range slices.Sorted(slices.Values(v.Keys())) {
			member, _ := v.Get(k)
			o.Set(k, sortedMembers(member))
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = sortedMembers(v[i])
		}
		return list
	default:
		return v
	}
}
