package bcsim

import (
	"fmt"
	"time"
)

// How much data a store starts with, beside the seed files.
const (
	dataOrders    = 200
	dataCustomers = 118
	dataCarts     = 24
	dataDays      = 60
)

// channelCart is the cart of the channel-scoped sample callback; its order is found by cart_id only.
const channelCart = "f17b117a-ff2c-4af8-be49-7d7c7d99932d"

// generate fills the store. It runs once, before anybody else sees it.
func (s *Store) generate() {
	for i := range goods {
		s.products = append(s.products, &goods[i])
	}
	s.seed()
	for i := range dataCustomers {
		s.addCustomer(i)
	}
	step := dataDays * 24 * time.Hour / dataOrders
	for i := range dataOrders {
		jitter := time.Duration(s.rng.below(int(step/time.Second))) * time.Second
		s.randomOrder(i, s.started.Add(-dataDays*24*time.Hour+time.Duration(i)*step+jitter))
	}
	for i := range dataCarts {
		s.randomCart(i)
	}
}

func (s *Store) addCustomer(i int) {
	s.ids.customer++
	id := s.ids.customer
	p := s.rng.newPerson(id)
	if i < len(oddNames) {
		p.first, p.last = oddNames[i][0], oddNames[i][1]
	}
	created := s.started.Add(-time.Duration(dataDays+s.rng.below(700)) * 24 * time.Hour)
	modified := created.Add(time.Duration(s.rng.below(dataDays*24)) * time.Hour)
	cu := &customer{
		person: p, created: created, modified: modified, marketing: s.rng.chance(50),
		v3: customerV3{
			ID: id, Company: p.company, Email: p.email, FirstName: p.first, LastName: p.last, Phone: p.phone,
			RegistrationIP: p.ip, DateCreated: created.Format(isoZulu), DateModified: modified.Format(isoZulu),
			AcceptsReview: s.rng.chance(50), OriginChannel: ChannelDefault, GroupID: s.rng.below(5),
		},
	}
	if s.rng.chance(40) {
		cu.v3.OriginChannel, cu.v3.ChannelIDs = ChannelEurope, []int{ChannelEurope}
	}
	if s.rng.chance(30) {
		cu.formFields = []formField{{"Garden size", pick(s.rng, []string{"Small", "Large", "Balcony"})}}
	}
	if s.rng.chance(20) {
		cu.credit = money(s.rng.below(40)) * unit
		cu.v3.Notes = pick(s.rng, []string{"Prefers e-mail", "Call before 10:00", "VIP <since 2024> & loyal"})
	}
	s.keepCustomer(cu)
}

// notes are messages of shoppers that trip templates and markup.
var notes = []string{
	"Please leave by the <shed> & ring twice", "{{ BigCommerce | Order | id }} is not a code, is it?", `Say "hello" to O'Malley`,
	"Line one\nLine two\r\nLine three", "100 % recycled paper only, 5 > 3 \\ 2", "🎁 Geschenk! Bitte ohne Rechnung", "${7*7} %s %d #{1}",
}

// statusShares holds each status as often as it should occur in 40 orders.
var statusShares = []int{
	11, 11, 11, 11, 11, 11, 11, 11, 2, 2, 2, 2, 2, 2, 2, 2, 10, 10, 10, 10, 10, 10, 10, 3, 3, 3, 9, 9, 7, 7, 0, 1, 4, 5, 6, 8, 12, 13, 14, 11,
}

var sources = map[int][]string{
	ChannelDefault: {
		"www", "www", "www", "www", "mobile", "iphone", "ipad", "android", "manual", "checkout_api", "external", "buybutton",
	},
	ChannelEurope:      {"www", "www", "www", "mobile", "android", "iphone"},
	ChannelMarketplace: {"ebay", "amazon", "socialshop", "facebookshop", "facebookmarketplace", "facebookcheckout"},
}

// shopper picks a customer, or in a quarter of all cases a guest.
func (s *Store) shopper() (person, int) {
	if s.rng.chance(25) {
		return s.rng.newPerson(s.ids.order + 1), 0
	}
	cu := s.customers[pick(s.rng, s.customIDs)]
	return cu.person, cu.v3.ID
}

func (s *Store) randomOrder(i int, at time.Time) {
	spec := s.randomSpec(at)
	spec.statusID = statusShares[(i*7+s.rng.below(3))%len(statusShares)]
	switch {
	case i%29 == 5:
		spec.addresses, spec.lines = 2, s.lines(4, false)
	case i%23 == 7:
		spec.lines = s.lines(1, true)
	}
	if i == 20 { // bought in the second storefront, known by its cart only
		spec.channelID, spec.source, spec.cartID = ChannelEurope, "www", ptr(channelCart)
	}
	o := s.addOrder(spec)
	s.shipGenerated(o, at)
}

// randomSpec makes an order up: shopper, channel, source, goods, coupon, notes.
func (s *Store) randomSpec(at time.Time) orderSpec {
	spec := orderSpec{at: at, channelID: ChannelDefault, statusID: 11}
	spec.person, spec.customerID = s.shopper()
	switch {
	case s.rng.chance(12):
		spec.channelID = ChannelMarketplace
	case spec.person.place.iso != "US" && s.rng.chance(80):
		spec.channelID = ChannelEurope
	}
	spec.source = pick(s.rng, sources[spec.channelID])
	spec.currency = currencyOf(spec.person.place.currency)
	spec.unpadded = spec.source == "manual"
	spec.cartID = s.cartIDFor(spec.source)
	spec.lines = s.lines(1+s.rng.below(4), false)
	if s.rng.chance(12) {
		spec.coupon = pick(s.rng, []string{"SPRING10", "HELLO-10", "Ünïcode 10%"})
	}
	if s.rng.chance(8) {
		spec.discount = 500
	}
	if s.rng.chance(25) {
		spec.message = pick(s.rng, notes)
	}
	if s.rng.chance(10) {
		spec.staffNotes = "Called about the <delivery> window"
	}
	if s.rng.chance(10) {
		spec.fields = []formField{{"Gate code", fmt.Sprintf("%04d", s.rng.below(10_000))}}
	}
	return spec
}

// cartIDFor: orders of the shop come from a cart, those entered by hand have null, those from elsewhere "".
func (s *Store) cartIDFor(source string) *string {
	switch source {
	case "manual":
		return nil
	case "external", "ebay", "amazon":
		return ptr("")
	}
	return ptr(s.rng.uuid())
}

// lines picks different goods; downloads come alone or, rarely, with others.
func (s *Store) lines(n int, digital bool) []orderLine {
	var out []orderLine
	taken := map[int]bool{}
	for len(out) < n {
		p := pick(s.rng, s.products)
		if taken[p.id] || p.digital != digital && !s.rng.chance(5) {
			continue
		}
		if digital && !p.digital {
			continue
		}
		taken[p.id] = true
		quantity := 1
		if s.rng.chance(35) {
			quantity += 1 + s.rng.below(3)
		}
		out = append(out, orderLine{p, quantity})
	}
	return out
}

// shipGenerated gives orders the shipments that their status tells of, dated after the order and before now.
func (s *Store) shipGenerated(o *order, at time.Time) {
	status := o.body.StatusID
	if status != 2 && status != 3 && status != 10 && status != 13 {
		return
	}
	c := &change{s: s, now: earlier(at.Add(time.Duration(6+s.rng.below(60))*time.Hour), s.started)}
	for len(o.addresses) > 0 {
		options := ShipmentOptions{Provider: pick(s.rng, []string{"fedex", "ups", "usps", "royalmail"})}
		switch {
		case s.rng.chance(20):
			options = ShipmentOptions{TrackingLink: "https://couriers.example.net/t/" + o.body.DateCreated[5:7]}
		case s.rng.chance(10):
			options = ShipmentOptions{Carrier: "dhl-germany"}
		}
		if status == 3 || s.rng.chance(15) {
			options.Items = s.part(o)
		}
		if _, err := c.newShipment(o, options); err != nil {
			return // nothing left
		}
		if status == 3 {
			return
		}
		c.now = earlier(c.now.Add(5*time.Hour), s.started)
	}
}

// part picks one unit of the first row with anything left; its address is the one that ship would choose.
func (s *Store) part(o *order) map[int]int {
	for _, a := range o.addresses {
		for _, p := range o.products {
			if p.AddressID == a.ID && p.Quantity > p.QuantityShipped {
				return map[int]int{p.ID: 1}
			}
		}
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// randomCart makes an abandoned cart: of a customer, of a guest with an e-mail address, of a guest without.
func (s *Store) randomCart(i int) {
	age := time.Duration(1+s.rng.below(25*24)) * time.Hour
	spec := cartSpec{at: s.started.Add(-age), channelID: ChannelDefault, lines: 1 + s.rng.below(4), person: s.rng.newPerson(5000 + i)}
	switch i % 3 {
	case 0:
		cu := s.customers[pick(s.rng, s.customIDs)]
		spec.customerID, spec.person, spec.email = cu.v3.ID, cu.person, cu.v3.Email
	case 1:
		spec.email = spec.person.email
	}
	if spec.person.place.currency == "EUR" {
		spec.channelID = ChannelEurope
	}
	s.giveToken(s.addCart(spec))
}
