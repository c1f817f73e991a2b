package bcsim

import (
	"encoding/json"
	"time"
)

// CartOptions describe a new cart.
type CartOptions struct {
	CustomerID int    // 0 = a guest
	Email      string // of a guest, "" = none given yet
	ChannelID  int    // default 1
	Lines      int    // number of line items, default 2
}

// NewCart makes a cart and fires cart/created and cart/updated, which come together.
func (s *Store) NewCart(options CartOptions) (cartID string, err error) {
	err = s.act(func(c *change) error {
		spec := cartSpec{
			at: c.now, channelID: or(options.ChannelID, 1), lines: or(options.Lines, 2),
			person: s.rng.newPerson(s.ids.order), email: options.Email,
		}
		if options.CustomerID != 0 {
			cu := s.customers[options.CustomerID]
			if cu == nil {
				return notFound("customer", options.CustomerID)
			}
			spec.customerID, spec.person, spec.email = cu.v3.ID, cu.person, cu.v3.Email
		}
		ca := s.addCart(spec)
		cartID = ca.body.ID
		c.fireCart(cartID, ca.body.ChannelID, "created")
		c.fireCart(cartID, ca.body.ChannelID, "updated")
		return nil
	})
	return cartID, err
}

// AbandonCart fires cart/abandoned with the cart's token, as the store does after an hour without a change.
func (s *Store) AbandonCart(cartID string) error {
	return s.act(func(c *change) error {
		ca := c.cart(cartID)
		if ca == nil {
			return notFound("cart", cartID)
		}
		s.giveToken(ca)
		c.fireCart(cartID, ca.body.ChannelID, "abandoned", field{"token", ca.token})
		return nil
	})
}

func (s *Store) giveToken(ca *cart) {
	if ca.token == "" {
		ca.token = s.rng.token()
	}
	s.tokens[ca.token] = ca.body.ID
}

// DeleteCart removes a cart and fires cart/deleted.
func (s *Store) DeleteCart(cartID string) error {
	return s.act(func(c *change) error {
		ca := c.cart(cartID)
		if ca == nil {
			return notFound("cart", cartID)
		}
		s.dropCart(cartID)
		c.fireCart(cartID, ca.body.ChannelID, "deleted")
		return nil
	})
}

func (s *Store) dropCart(id string) {
	delete(s.carts, id)
	s.cartIDs = remove(s.cartIDs, id)
}

// ConvertCart makes an order of a cart. The cart is gone then. It fires order/created and cart/converted.
func (s *Store) ConvertCart(cartID string) (orderID int, err error) {
	err = s.act(func(c *change) error {
		ca := c.cart(cartID)
		if ca == nil {
			return notFound("cart", cartID)
		}
		o := s.addOrder(s.specOfCart(ca, c.now))
		orderID = o.body.ID
		s.dropCart(cartID)
		c.fireOrder(o, "created")
		c.fireCart(cartID, ca.body.ChannelID, "converted", field{"orderId", orderID})
		return nil
	})
	return orderID, err
}

func (s *Store) specOfCart(ca *cart, now time.Time) orderSpec {
	spec := orderSpec{
		at: now, person: ca.person, channelID: ca.body.ChannelID, source: "www", statusID: 11,
		currency: currencyOf(ca.body.Currency.Code), cartID: ptr(ca.body.ID), customerID: ca.body.CustomerID,
	}
	spec.person.email = or(ca.body.Email, spec.person.email)
	for _, items := range [][]cartItem{ca.body.LineItems.Physical, ca.body.LineItems.Digital} {
		for _, item := range items {
			if p := s.product(item.ProductID); p != nil {
				spec.lines = append(spec.lines, orderLine{product: p, quantity: item.Quantity})
			}
		}
	}
	for _, item := range ca.body.LineItems.Custom {
		price, err := parseMoney(item.ListPrice.String())
		if err != nil {
			continue // our own number, it always parses
		}
		custom := &product{sku: item.SKU, name: item.Name, price: price * 10_000 / money(spec.currency.rate)}
		spec.lines = append(spec.lines, orderLine{product: custom, quantity: item.Quantity})
	}
	return spec
}

// cartSpec is what a generated cart is made of.
type cartSpec struct {
	at         time.Time
	person     person
	customerID int
	email      string
	channelID  int
	lines      int
}

// addCart makes a cart of random goods.
func (s *Store) addCart(spec cartSpec) *cart {
	cur := currencyOf(spec.person.place.currency)
	ca := &cart{person: spec.person, updated: spec.at, alive: spec.at}
	b := &ca.body
	*b = cartBody{
		ID: s.rng.uuid(), CustomerID: spec.customerID, ChannelID: spec.channelID, Email: spec.email,
		Currency: cartCurrency{cur.code}, TaxIncluded: spec.person.place.taxIncluded, DiscountAmount: "0", ManualDiscount: "0",
		Coupons: []cartCoupon{}, Discounts: []cartDiscount{}, CreatedTime: spec.at.Add(-20 * time.Minute).Format(isoOffset),
		UpdatedTime: spec.at.Format(isoOffset), Locale: spec.person.place.locale, Version: 1 + s.rng.below(9),
		LineItems: cartLines{[]cartItem{}, []cartItem{}, []json.RawMessage{}, []cartCustomItem{}},
	}
	total := money(0)
	for range spec.lines {
		item, price, digital := s.cartItem(cur)
		total += price
		if digital {
			b.LineItems.Digital = append(b.LineItems.Digital, item)
		} else {
			b.LineItems.Physical = append(b.LineItems.Physical, item)
		}
	}
	b.BaseAmount = total.number()
	if s.rng.chance(25) {
		off := total.percent(1000).round(cur.step)
		b.DiscountAmount, total = off.number(), total-off
		b.Discounts = append(b.Discounts, cartDiscount{61, off.number()})
	}
	b.CartAmount = total.number()
	s.carts[b.ID] = ca
	s.cartIDs = append(s.cartIDs, b.ID)
	return ca
}

func (s *Store) cartItem(cur currency) (item cartItem, total money, digital bool) {
	p, quantity := pick(s.rng, s.products), 1+s.rng.below(3)
	price := cur.convert(p.price)
	total = price * money(quantity)
	options := []cartOption{}
	if name, value, has := p.choice(); has {
		options = append(options, cartOption{name, 140 + p.id, value, 200 + p.id})
	}
	item = cartItem{
		ID: s.rng.uuid(), VariantID: p.variantID, ProductID: p.id, SKU: p.sku, Name: p.name,
		URL: "https://larkspur.example.com" + p.url(), Quantity: quantity, Taxable: true, ImageURL: p.image(),
		Discounts: []cartDiscount{}, Coupons: []cartCoupon{}, DiscountAmount: "0", CouponAmount: "0",
		OriginalPrice: price.number(), ListPrice: price.number(), SalePrice: price.number(),
		ExtendedListPrice: total.number(), ExtendedSalePrice: total.number(), Options: &options, IsMutable: true,
	}
	if !p.digital {
		item.RequiresShipping = ptr(true)
	}
	return item, total, p.digital
}
