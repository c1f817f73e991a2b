package bcsim

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"time"
)

// seedFiles tell one story: customer 318 bought order 4127, which went out in shipments 902 and 903, and left a cart.
//
//go:embed data/*.json
var seedFiles embed.FS

const seedHash = "k7mq2zt9ax" // the store hash in the files

// load reads one of the files, which are part of the package: a failure is our mistake. Unknown keys are one too,
// because what the structs do not know would not be served.
func (s *Store) load(name string, into any) {
	raw, err := seedFiles.ReadFile("data/" + name)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(bytes.ReplaceAll(raw, []byte(seedHash), []byte(s.cfg.StoreHash))))
		d.DisallowUnknownFields()
		err = d.Decode(into)
	}
	if err != nil {
		panic(fmt.Sprintf("bcsim: data/%s: %v", name, err))
	}
}

// seed adds the objects of the files and sets the ids from which generated ones go on.
func (s *Store) seed() {
	s.seedCustomers()
	s.seedOrders()
	for _, name := range []string{"v3_cart_signed_in.json", "v3_cart_guest.json"} {
		s.seedCart(name)
	}
	s.tokens["f23466cb0cdc1683190cd40026449eeb"] = "1b8e69e0-b6d2-438c-be80-4588be180a1f"
	s.carts["1b8e69e0-b6d2-438c-be80-4588be180a1f"].token = "f23466cb0cdc1683190cd40026449eeb"
	s.ids = counters{
		order: 4131, orderProduct: 7714, orderAddress: 2211, shipment: 903, message: 50, metafield: 600, customer: 322,
		address: 900, couponRow: 88, option: 551,
	}
}

func (s *Store) seedCustomers() {
	var v3 struct {
		Data []customerV3    `json:"data"`
		Meta json.RawMessage `json:"meta"`
	}
	s.load("v3_customers.json", &v3)
	for i, name := range []string{"v2_customer.json", "v2_customer_null_form_fields.json"} {
		var v2 customerV2
		s.load(name, &v2)
		credit, err := parseMoney(v2.StoreCredit)
		if err != nil {
			panic(fmt.Sprintf("bcsim: data/%s: %v", name, err))
		}
		cu := &customer{
			v3: v3.Data[i], formFields: v2.FormFields, credit: credit, marketing: v2.AcceptsMarketing,
			resetPass: v2.ResetPassword, created: mustTime(v2.DateCreated), modified: mustTime(v2.DateModified),
			person: person{place: &places[0], first: v2.FirstName, last: v2.LastName, company: v2.Company, email: v2.Email, phone: v2.Phone},
		}
		cu.person.street1, cu.person.city = "14 Orchard Lane", city{"Duluth", "Minnesota", "55802"}
		s.keepCustomer(cu)
	}
}

func (s *Store) keepCustomer(cu *customer) {
	s.customers[cu.v3.ID] = cu
	s.customIDs = append(s.customIDs, cu.v3.ID)
}

func (s *Store) seedOrders() {
	full := &order{}
	s.load("v2_order.json", &full.body)
	s.load("v2_order_products.json", &full.products)
	s.load("v2_order_shipping_addresses.json", &full.addresses)
	s.load("v2_order_shipments.json", &full.shipments)
	full.coupons = []orderCoupon{{88, 12, full.body.ID, "SPRING8", "8.0000", 2, "8.0000"}}
	s.keepSeed(full)

	guest := &order{}
	s.load("v2_order_guest.json", &guest.body)
	b := &guest.body.BillingAddress
	p := person{place: &places[0], first: b.FirstName, last: b.LastName, street1: b.Street1, email: b.Email}
	p.city = city{b.City, b.State, b.Zip}
	address := s.orderAddress(guest.body.ID, 2211, p)
	address.ItemsTotal, address.CostTaxClassID = guest.body.ItemsTotal, 0
	address.BaseCost, address.CostExTax, address.CostIncTax, address.CostTax = "5", "4.63", "5", "0.37"
	address.BaseHandlingCost, address.HandlingCostExTax, address.HandlingCostIncTax, address.HandlingCostTax = "0", "0", "0", "0"
	guest.addresses = []orderAddress{address}
	gauge := s.product(416)
	s.ids.orderProduct = 7713
	row := s.row(guest.body.ID, orderLine{gauge, 2}, orderSpec{person: p, currency: currencies[0], unpadded: true})
	row.AddressID = address.ID
	row.PriceIncTax, row.BasePrice, row.PriceTax, row.BaseTotal = "25", "25", "1.85", "50"
	row.TotalIncTax, row.TotalTax, row.DiscountedTotal = "50", "3.7", "50"
	guest.products = []orderProduct{row}
	s.keepSeed(guest)
}

func (s *Store) keepSeed(o *order) {
	o.created, o.modified = mustTime(o.body.DateCreated), mustTime(o.body.DateModified)
	s.orders[o.body.ID] = o
	s.orderIDs = append(s.orderIDs, o.body.ID)
}

// seedCart keeps a cart alive for 30 days from the start of the store, although its dates stay as in the file.
func (s *Store) seedCart(name string) {
	var file struct {
		Data cartBody        `json:"data"`
		Meta json.RawMessage `json:"meta"`
	}
	s.load(name, &file)
	updated, err := time.Parse(isoOffset, file.Data.UpdatedTime)
	if err != nil {
		panic(fmt.Sprintf("bcsim: data/%s: %v", name, err))
	}
	ca := &cart{body: file.Data, updated: updated.UTC(), alive: s.started}
	if cu := s.customers[ca.body.CustomerID]; cu != nil {
		ca.person = cu.person
	} else {
		ca.person = newRNG(7).newPerson(0)
		ca.person.place = &places[1]
	}
	s.carts[ca.body.ID] = ca
	s.cartIDs = append(s.cartIDs, ca.body.ID)
}

func mustTime(text string) time.Time {
	t, err := parseTime(text)
	if err != nil {
		panic("bcsim: seed data: " + err.Error())
	}
	return t.UTC()
}
