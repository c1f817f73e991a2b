package bigcommerce_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cartwheel/engine"
	"cartwheel/merge"
)

func TestTheTable(t *testing.T) {
	want := []string{"bigcommerce.shipment_created", "bigcommerce.cart_converted", "bigcommerce.cart_abandoned",
		"bigcommerce.order_created", "bigcommerce.order_updated", "bigcommerce.order_status_updated"}
	if diff := cmp.Diff(want, types(t)); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
	for _, typ := range want {
		s := trigger(t, client(&store{}, newClock()), typ).Spec()
		if s.Title == "" || !strings.HasSuffix(s.Summary, ".") || len(s.Auth) != 1 || s.Auth[0] != "bigcommerce" || len(s.Fields) != 0 {
			t.Errorf("%s: got %+v", typ, s)
		}
	}
}

func TestOnce(t *testing.T) {
	for _, tt := range []struct {
		trigger, per string
		want         []merge.Code
	}{
		{"shipment_created", "shipment", codes("Shipment | id")},
		{"shipment_created", "order", codes("Order | id")},
		{"shipment_created", "cart", codes("Order | cart_id")},
		{"shipment_created", "customer", codes("Order | customer_id", "Order | billing_address | email")},
		{"shipment_created", "event", nil},
		{"cart_converted", "shipment", nil},
		{"cart_converted", "cart", codes("Order | cart_id")},
		{"cart_abandoned", "order", nil},
		{"cart_abandoned", "cart", codes("Cart | id")},
		{"cart_abandoned", "customer", codes("Cart | customer_id", "Cart | email")},
		{"order_updated", "order", codes("Order | id")},
		{"order_updated", "shipment", nil},
	} {
		tr := trigger(t, client(&store{}, newClock()), "bigcommerce."+tt.trigger)
		got := tr.(engine.Oncer).Once(tt.per)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s per %s (-want +got):\n%s", tt.trigger, tt.per, diff)
		}
		for _, code := range got {
			if _, ok := catalog(t, "bigcommerce."+tt.trigger).Lookup(code); !ok {
				t.Errorf("%s: %s is not in the catalogue", tt.trigger, code)
			}
		}
	}
}

func TestSampleMakesTheEventOfAnObject(t *testing.T) {
	const cart = "1b8e69e0-b6d2-438c-be80-4588be180a1f"
	for _, tt := range []struct{ trigger, id, data, entity string }{
		{"shipment_created", "4127/903", `{"type":"shipment","id":903,"orderId":4127}`, "order/4127"},
		{"shipment_created", " 4127 ", `{"type":"shipment","orderId":4127}`, "order/4127"},
		{"shipment_created", "4127/", "", ""},
		{"shipment_created", "0", "", ""},
		{"cart_converted", "4127", `{"type":"cart","orderId":4127}`, "order/4127"},
		{"cart_converted", cart, `{"type":"cart","id":"` + cart + `"}`, "cart/" + cart},
		{"cart_abandoned", cart, `{"type":"cart","id":"` + cart + `"}`, "cart/" + cart},
		{"cart_abandoned", "4127", "", ""},
		{"cart_abandoned", "../../v2/store", "", ""},
		{"order_updated", "251", `{"type":"order","id":251}`, "order/251"},
		{"order_updated", "251/3", "", ""},
		{"order_updated", strings.Repeat("9", 300), "", ""},
		{"order_updated", "", "", ""},
	} {
		e, err := trigger(t, client(&store{}, newClock()), "bigcommerce."+tt.trigger).(engine.Sampler).Sample(shop(), tt.id)
		if tt.data == "" {
			if engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "it takes") || len(err.Error()) > 400 {
				t.Errorf("%s of %q: got %v, want invalid", tt.trigger, tt.id, err)
			}
			continue
		}
		if err != nil || string(e.Data) != tt.data || e.Entity != tt.entity || e.AuthenticationID != "larkspur" || e.Trigger != "bigcommerce."+tt.trigger {
			t.Errorf("%s of %q: got %s about %s, error %v; want %s about %s", tt.trigger, tt.id, e.Data, e.Entity, err, tt.data, tt.entity)
		}
	}
}

func TestASampleOfAnOrderReadsItsNewestShipment(t *testing.T) {
	tr := trigger(t, client(larkspur(t), newClock()), "bigcommerce.shipment_created")
	e, err := tr.(engine.Sampler).Sample(shop(), "4127")
	if err != nil {
		t.Fatal(err)
	}
	got, err := tr.Codes(context.Background(), &e, shop(), nothing, codes("Shipment | id"))
	if v := value(t, got, "Shipment | id"); err != nil || v != "903" {
		t.Errorf("got shipment %s, error %v; want 903", v, err)
	}
	e, _ = tr.(engine.Sampler).Sample(shop(), "4131")
	if _, err = tr.Codes(context.Background(), &e, shop(), nothing, codes("Shipment | id")); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("an order without shipments: got %v, want not found", err)
	}
}
