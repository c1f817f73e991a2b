package bcsim

import (
	"fmt"
	"time"
)

// Incomplete asks NewOrder for status 0, which real stores have too: the payment was never finished.
const Incomplete = -1

// OrderOptions describe a new order; the zero value is a guest's order from the default storefront.
type OrderOptions struct {
	CustomerID int    // 0 = a guest
	Email      string // of the billing address; default the customer's or a made-up one
	ChannelID  int    // default 1
	StatusID   int    // default 11; Incomplete for 0
	// Source is the order_source, default "www". Orders with "manual" and "external" do not come from a cart.
	Source    string
	Currency  string // default by the shopper's country
	Lines     int    // number of different products, default 2
	Digital   bool   // downloads only
	Addresses int    // shipping addresses, default 1
	Message   string
	Coupon    string
	// The order answers 404 for so long or for so many requests after its event, as a real one may.
	ReadableAfter      time.Duration
	ReadableAfterTries int
}

// NewOrder makes an order. It fires order/created and, if the order came from a cart, cart/converted.
func (s *Store) NewOrder(options OrderOptions) (orderID int, err error) {
	err = s.act(func(c *change) error {
		spec, err := s.specOf(options, c.now)
		if err != nil {
			return err
		}
		o := s.addOrder(spec)
		orderID = o.body.ID
		s.hide(orderID, options)
		c.fireOrder(o, "created")
		if spec.cartID != nil && *spec.cartID != "" {
			c.fireCart(*spec.cartID, spec.channelID, "converted", field{"orderId", orderID})
		}
		return nil
	})
	return orderID, err
}

func (s *Store) specOf(options OrderOptions, now time.Time) (orderSpec, error) {
	spec := s.randomSpec(now)
	spec.customerID, spec.person = 0, s.rng.newPerson(s.ids.order+1)
	if options.CustomerID != 0 {
		cu := s.customers[options.CustomerID]
		if cu == nil {
			return spec, notFound("customer", options.CustomerID)
		}
		spec.customerID, spec.person = cu.v3.ID, cu.person
	}
	spec.person.email = or(options.Email, spec.person.email)
	spec.channelID, spec.source = or(options.ChannelID, ChannelDefault), or(options.Source, "www")
	spec.statusID = or(options.StatusID, 11)
	if spec.statusID == Incomplete {
		spec.statusID = 0
	}
	if _, known := statusNames[spec.statusID]; !known {
		return spec, refused("status %d does not exist", spec.statusID)
	}
	spec.currency = currencyOf(or(options.Currency, spec.person.place.currency))
	spec.unpadded = spec.source == "manual"
	spec.cartID = s.cartIDFor(spec.source)
	// as many kinds of goods as the catalogue has, at most
	kinds := 0
	for _, p := range s.products {
		if p.digital == options.Digital {
			kinds++
		}
	}
	spec.lines = s.lines(min(or(options.Lines, 2), kinds), options.Digital)
	spec.addresses, spec.message, spec.coupon = options.Addresses, options.Message, options.Coupon
	return spec, nil
}

// hide lets the order and what is below it answer 404 at first.
func (s *Store) hide(orderID int, options OrderOptions) {
	if options.ReadableAfter <= 0 && options.ReadableAfterTries <= 0 {
		return
	}
	s.Fault(Fault{
		Path: fmt.Sprintf("/v2/orders/%d/**", orderID), Status: 404,
		For: options.ReadableAfter, Times: options.ReadableAfterTries,
	})
}
