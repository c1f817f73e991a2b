package merge_test

import (
	"slices"
	"testing"

	"cartwheel/merge"
)

func TestCatalogLookup(t *testing.T) {
	c := scope().Catalog.With(
		merge.Entry{Code: "BigCommerce | Shipment", Type: merge.ObjectOf},
		merge.Entry{Code: "Raw"},
		merge.Entry{Code: "Shop", Type: merge.ObjectOf, Items: []merge.Entry{{Code: "owner | name", Type: merge.String}, {Code: "extra"}}},
	)
	for _, l := range []struct {
		code  merge.Code
		typ   merge.Type
		known bool
	}{
		{"BigCommerce | Order | id", merge.Integer, true},
		{"BigCommerce | Order", merge.ObjectOf, true},
		{"BigCommerce", merge.ObjectOf, true},
		{"BigCommerce | Order | billing_address", merge.ObjectOf, true},
		{"BigCommerce | Order | ID", "", false},
		{"BigCommerce | Order | id | x", "", false},
		{"BigCommerce | Products | name", "", false},
		{"BigCommerce | Shipment | anything | below", merge.Any, true},
		{"Raw | x", merge.Any, true},
		{"Webhook", merge.Any, true},
		{"Webhook | x | y", merge.Any, true},
		{"Steps", merge.ObjectOf, true},
		{"Steps | tell | body", merge.Any, true},
		{"Steps | other", "", false},
		{"Shop | owner", merge.ObjectOf, true},
		{"Shop | owner | name", merge.String, true},
		{"Shop | extra | x", merge.Any, true},
		{"Shop | nobody", "", false},
		{"", "", false},
	} {
		e, known := c.Lookup(l.code)
		if known != l.known || e.Type != l.typ || known && e.Code != l.code {
			t.Errorf("Lookup(%q) = %+v, %v, want type %q, %v", l.code, e, known, l.typ, l.known)
		}
	}
}

func TestCatalogIsImmutable(t *testing.T) {
	a := merge.NewCatalog("", merge.Entry{Code: "A | x", Type: merge.String})
	b := a.With(merge.Entry{Code: "A | x", Type: merge.Integer}, merge.Entry{Code: "B | y"}).WithOpen("C")
	if e, _ := a.Lookup("A | x"); e.Type != merge.String || len(a.Entries()) != 1 {
		t.Errorf("With changed its receiver: %+v", a.Entries())
	}
	if _, ok := a.Lookup("C | z"); ok {
		t.Error("WithOpen changed its receiver")
	}
	if e, _ := b.Lookup("A | x"); e.Type != merge.Integer || len(b.Entries()) != 2 {
		t.Errorf("With did not replace: %+v", b.Entries())
	}
}

func TestNearest(t *testing.T) {
	c := scope().Catalog
	for _, n := range []struct {
		name string
		code merge.Code
		most int
		want []merge.Code
	}{
		{"swapped letters and a left out segment", "BigCommerce | Order | frist_name", 2,
			[]merge.Code{"BigCommerce | Order | billing_address | first_name", "BigCommerce | Customer | first_name"}},
		{"wrong case", "bigcommerce | order | ID", 1, []merge.Code{"BigCommerce | Order | id"}},
		{"no root", "Order | status", 1, []merge.Code{"BigCommerce | Order | status"}},
		{"last segment only", "city", 1, []merge.Code{"BigCommerce | Order | billing_address | city"}},
		{"letter missing", "BigCommerce | Order | curency_code", 1, []merge.Code{"BigCommerce | Order | currency_code"}},
		{"list", "BigCommerce | Product", 1, []merge.Code{"BigCommerce | Products"}},
		{"step", "Steps | tel | body | id", 1, []merge.Code{"Steps | tell | body | id"}},
		{"nothing alike", "Weather | tomorrow", 3, nil},
		{"none asked for", "city", 0, nil},
	} {
		t.Run(n.name, func(t *testing.T) {
			if got := c.Nearest(n.code, n.most); !slices.Equal(got, n.want) {
				t.Errorf("Nearest(%s, %d) = %q, want %q", n.code, n.most, got, n.want)
			}
		})
	}
}
