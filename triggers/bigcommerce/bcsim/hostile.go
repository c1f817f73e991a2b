package bcsim

// hostileText tries markup, a header line and a merge code at once.
const hostileText = "\"><script>alert(1)</script>\r\nBcc: x@example.com\r\n{{ BigCommerce | Order | id }}"

// AddHostileOrder adds a customer and their order whose every free text is hostile, the e-mail address included.
// It fires nothing; Ship or SetStatus on the order do.
func (s *Store) AddHostileOrder() (orderID int) { return s.AddHostileOrderFor(hostileText) }

// AddHostileOrderFor is AddHostileOrder with a usable e-mail address, so that a mail can be sent at all.
func (s *Store) AddHostileOrderFor(email string) (orderID int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	p := hostilePerson(email)
	spec := orderSpec{
		at: now, person: p, channelID: ChannelDefault, source: "www", statusID: 11, currency: currencies[0],
		cartID: ptr(s.rng.uuid()), message: hostileText, staffNotes: hostileText, coupon: hostileText,
		fields:     []formField{{hostileText, hostileText}},
		lines:      []orderLine{{hostileProduct(), 2}},
		customerID: s.hostileCustomer(p),
	}
	o := s.addOrder(spec)
	o.hostile = true
	b := &o.body
	for _, text := range []*string{
		&b.Status, &b.CustomStatus, &b.PaymentMethod, &b.PaymentProviderID, &b.GeoIPCountry, &b.OrderSource,
		&b.TaxProviderID, &b.CustomerLocale, &b.ExternalOrderID,
	} {
		*text = hostileText
	}
	b.CreditCardType, b.ExternalSource, b.ExternalID, b.ExternalMerchantID = ptr(hostileText), ptr(hostileText), ptr(hostileText), ptr(hostileText)
	for i := range o.addresses {
		a := &o.addresses[i]
		a.ShippingMethod, a.ShippingZoneName, a.FormFields = hostileText, hostileText, []formField{{hostileText, hostileText}}
	}
	for i := range o.products {
		o.products[i].WrappingName, o.products[i].WrappingMessage, o.products[i].BinPickingNumber = hostileText, hostileText, hostileText
		o.products[i].EventName = ptr(hostileText)
	}
	return o.body.ID
}

// AddHostileCart adds a hostile shopper's cart; AbandonCart fires its event.
func (s *Store) AddHostileCart(email string) (cartID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := hostilePerson(email)
	ca := s.addCart(cartSpec{
		at: s.clock(), person: p, customerID: s.hostileCustomer(p), email: email, channelID: ChannelDefault, lines: 2,
	})
	ca.body.Locale = hostileText
	for _, items := range [][]cartItem{ca.body.LineItems.Physical, ca.body.LineItems.Digital} {
		for i := range items {
			items[i].Name, items[i].SKU, items[i].URL = hostileText, hostileText, hostileText
		}
	}
	return ca.body.ID
}

func hostilePerson(email string) person {
	home := places[0]
	home.country, home.iso, home.zone, home.locale = hostileText, hostileText, hostileText, hostileText
	return person{
		place: &home, first: hostileText, last: hostileText, company: hostileText, street1: hostileText, more: hostileText,
		city: city{hostileText, hostileText, hostileText}, phone: hostileText, email: email, ip: "203.0.113.66",
	}
}

func hostileProduct() *product {
	return &product{
		id: goods[0].id, variantID: goods[0].variantID, sku: hostileText, name: hostileText, price: 25 * unit, weight: unit,
		brand: hostileText, option: hostileText + ": " + hostileText,
	}
}

func (s *Store) hostileCustomer(p person) int {
	s.ids.customer++
	date := s.clock().Format(isoZulu)
	s.keepCustomer(&customer{
		person: p, created: s.started, modified: s.started, formFields: []formField{{hostileText, hostileText}},
		v3: customerV3{
			ID: s.ids.customer, Company: p.company, Email: p.email, FirstName: p.first, LastName: p.last, Phone: p.phone,
			Notes: hostileText, TaxExempt: hostileText, RegistrationIP: p.ip, DateCreated: date, DateModified: date,
			OriginChannel: ChannelDefault,
		},
	})
	return s.ids.customer
}
