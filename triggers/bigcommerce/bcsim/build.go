package bcsim

import (
	"strings"
	"time"
)

// orderSpec is what an order is made of; addOrder does the sums.
type orderSpec struct {
	at         time.Time
	person     person
	customerID int
	channelID  int
	source     string
	statusID   int
	currency   currency
	lines      []orderLine
	cartID     *string
	discount   int    // basis points off by a promotion
	coupon     string // code of a coupon of 10 %
	addresses  int    // default 1, if anything is shipped
	message    string
	staffNotes string
	fields     []formField
	unpadded   bool // amounts as "8" instead of "8.0000"
}

type orderLine struct {
	product  *product
	quantity int
}

func (p *product) choice() (name, value string, has bool) { return strings.Cut(p.option, ": ") }

// sums are the amounts of an order in its currency.
type sums struct {
	goods, tax, discount, coupon   money // goods and tax of the lines before deductions
	shipping, shippingTax, totalEx money
	totalTax                       money
}

// text writes an amount as this order writes amounts.
func (spec *orderSpec) text(m money) string {
	if spec.unpadded {
		return m.short()
	}
	return m.padded()
}

func (spec *orderSpec) taxOf(m money) money {
	return m.percent(spec.person.place.taxBasisPoints).round(spec.currency.step)
}

// addOrder makes an order, gives it the next id and keeps it.
func (s *Store) addOrder(spec orderSpec) *order {
	s.ids.order++
	o := &order{created: spec.at.Truncate(time.Second), modified: spec.at.Truncate(time.Second)}
	o.body = s.bodyOf(spec, s.ids.order)
	s.addAddresses(o, spec)
	total := s.addProducts(o, spec)
	s.setSums(o, spec, total)
	s.orders[o.body.ID] = o
	s.orderIDs = append(s.orderIDs, o.body.ID)
	return o
}

func (s *Store) bodyOf(spec orderSpec, id int) orderBody {
	p, date := &spec.person, rfc2822(spec.at)
	b := orderBody{
		ID: id, CustomerID: spec.customerID, DateCreated: date, DateModified: date, StatusID: spec.statusID,
		Status: statusNames[spec.statusID], CustomStatus: statusLabel(spec.statusID), TaxInclusive: p.place.taxIncluded,
		PaymentMethod: "Credit Card", IPAddress: p.ip, IPAddressV6: p.ip6, GeoIPCountry: p.place.country,
		GeoIPCountryISO2: p.place.iso, CurrencyID: spec.currency.id, CurrencyCode: spec.currency.code,
		CurrencyRate: spec.currency.rateText(), DefaultCurrencyID: 1, DefaultCurrencyCode: "USD",
		StoreDefaultRate: spec.currency.rateText(), StaffNotes: spec.staffNotes, CustomerMessage: spec.message,
		EbayOrderID: "0", CartID: spec.cartID, BillingAddress: p.billing(append([]formField{}, spec.fields...)),
		IsEmailOptIn: id%3 == 0, OrderSource: spec.source, ChannelID: spec.channelID, TaxProviderID: "BasicTaxProvider",
		CustomerLocale: p.place.locale, Consignments: encode(s.link("/orders/%d/consignments", id)),
		Products: s.link("/orders/%d/products", id), ShippingLink: s.link("/orders/%d/shippingaddresses", id),
		Coupons: s.link("/orders/%d/coupons", id), Fees: encode(s.link("/orders/%d/fees", id)),
		PaymentStatus: paymentStatus(spec.statusID), PaymentProviderID: "pay_" + s.rng.token()[:6],
	}
	if spec.currency.code != "USD" {
		b.StoreDefaultCode = "USD"
	}
	switch spec.source {
	case "manual":
		b.PaymentMethod, b.PaymentProviderID, b.PaymentStatus, b.IPAddress, b.TaxProviderID = "Manual", "", "", "", ""
	case "ebay":
		b.EbayOrderID = "12-" + s.rng.token()[:5]
	case "external":
		b.ExternalSource, b.ExternalOrderID = ptr("example-importer"), "EXT-"+s.rng.token()[:8]
	}
	return b
}

func paymentStatus(statusID int) string {
	switch statusID {
	case 0, 1, 7:
		return ""
	case 4:
		return "refunded"
	case 5:
		return "void"
	case 6:
		return "declined"
	case 12:
		return "held for review"
	case 14:
		return "partially refunded"
	default:
		return "captured"
	}
}

// addAddresses makes the shipping addresses; an order of downloads has none.
func (s *Store) addAddresses(o *order, spec orderSpec) {
	physical := false
	for _, line := range spec.lines {
		physical = physical || !line.product.digital
	}
	o.body.OrderIsDigital = !physical
	if !physical {
		return
	}
	for i := range max(spec.addresses, 1) {
		p := spec.person
		if i > 0 { // a present for somebody at the same place
			other := s.rng.newPerson(o.body.ID)
			p.first, p.last, p.street1 = other.first, other.last, "c/o "+spec.person.first+", "+p.street1
		}
		s.ids.orderAddress++
		o.addresses = append(o.addresses, s.orderAddress(o.body.ID, s.ids.orderAddress, p))
	}
	o.body.ShippingAddresses = len(o.addresses)
}

func (s *Store) orderAddress(orderID, id int, p person) orderAddress {
	return orderAddress{
		ID: id, OrderID: orderID, FirstName: p.first, LastName: p.last, Company: p.company, Street1: p.street1,
		Street2: p.more, City: p.city.name, Zip: p.city.zip, Country: p.place.country, CountryISO2: p.place.iso,
		State: p.city.state, Email: p.email, Phone: p.phone, ShippingMethod: "Standard", CostTaxClassID: 2,
		ShippingZoneID: 3, ShippingZoneName: p.place.zone, FormFields: []formField{},
		ShippingQuotes: s.link("/orders/%d/shippingaddresses/%d/shippingquotes", orderID, id),
	}
}

// addProducts makes the rows of the order and spreads them over its addresses.
func (s *Store) addProducts(o *order, spec orderSpec) sums {
	var total sums
	for i, line := range spec.lines {
		row := s.row(o.body.ID, line, spec)
		if row.Type == "physical" {
			a := &o.addresses[i%len(o.addresses)]
			row.AddressID = a.ID
			a.ItemsTotal += row.Quantity
		}
		price := spec.currency.convert(line.product.price)
		total.goods += price * money(line.quantity)
		total.tax += spec.taxOf(price) * money(line.quantity)
		o.body.ItemsTotal += row.Quantity
		o.products = append(o.products, row)
	}
	return total
}

func (s *Store) row(orderID int, line orderLine, spec orderSpec) orderProduct {
	p, zero := line.product, spec.text(0)
	price := spec.currency.convert(p.price)
	tax, quantity := spec.taxOf(price), money(line.quantity)
	base := price
	if spec.person.place.taxIncluded {
		base = price + tax
	}
	s.ids.orderProduct++
	row := orderProduct{
		ID: s.ids.orderProduct, OrderID: orderID, ProductID: p.id, VariantID: p.variantID, Name: p.name, NameCustomer: p.name,
		NameMerchant: p.name, SKU: p.sku, Type: "physical", BasePrice: spec.text(base), PriceExTax: spec.text(price),
		PriceIncTax: spec.text(price + tax), PriceTax: spec.text(tax), BaseTotal: spec.text(base * quantity),
		TotalExTax: spec.text(price * quantity), TotalIncTax: spec.text((price + tax) * quantity),
		TotalTax: spec.text(tax * quantity), Weight: p.weight.padded(), Width: "0.0000", Height: "0.0000", Depth: "0.0000",
		Quantity: line.quantity, BaseCostPrice: zero, CostPriceIncTax: zero, CostPriceExTax: zero, CostPriceTax: zero,
		RefundAmount: zero, BaseWrappingCost: zero, WrappingCostExTax: zero, WrappingCostIncTax: zero, WrappingCostTax: zero,
		FixedShippingCost: zero, Brand: p.brand, AppliedDiscounts: []appliedDiscount{}, ProductOptions: []productOption{},
		ConfigurableFields: []any{}, DiscountedTotal: spec.text((price + tax) * quantity),
	}
	if p.digital {
		row.Type = "digital"
	}
	if name, value, has := p.choice(); has {
		s.ids.option++
		row.ProductOptions = append(row.ProductOptions, productOption{
			ID: s.ids.option, OptionID: 31, OrderProductID: row.ID, ProductOptionID: 140 + p.id, DisplayName: name,
			DisplayNameCustomer: name, DisplayNameMerchant: name, DisplayValue: value, DisplayValueCustomer: value,
			DisplayValueMerchant: value, Value: "207", Type: "Multiple choice", Name: name, DisplayStyle: "Rectangle",
		})
	}
	return row
}

// setSums adds shipping and deductions and writes all amounts of the order. Deductions lower the taxed amount too.
func (s *Store) setSums(o *order, spec orderSpec, t sums) {
	step := spec.currency.step
	t.shipping = spec.currency.convert(7*unit+unit/2) * money(len(o.addresses))
	t.shippingTax = spec.taxOf(t.shipping)
	t.discount = t.goods.percent(spec.discount).round(step)
	if spec.coupon != "" {
		t.coupon = t.goods.percent(1000).round(step)
		s.addCoupon(o, spec, t)
	}
	off := t.discount + t.coupon
	t.totalEx = t.goods - off + t.shipping
	t.totalTax = t.tax - spec.taxOf(off) + t.shippingTax
	b, text := &o.body, spec.text
	b.SubtotalExTax, b.SubtotalIncTax, b.SubtotalTax = text(t.goods), text(t.goods+t.tax), text(t.tax)
	b.ShippingCostExTax, b.ShippingCostIncTax, b.ShippingCostTax = text(t.shipping), text(t.shipping+t.shippingTax), text(t.shippingTax)
	b.BaseShippingCost, b.ShippingTaxClassID = text(t.shipping), 2
	b.TotalExTax, b.TotalIncTax, b.TotalTax = text(t.totalEx), text(t.totalEx+t.totalTax), text(t.totalTax)
	b.DiscountAmount, b.CouponDiscount = text(t.discount), text(t.coupon)
	for _, zero := range []*string{
		&b.BaseHandlingCost, &b.HandlingCostExTax, &b.HandlingCostIncTax, &b.HandlingCostTax, &b.BaseWrappingCost,
		&b.WrappingCostExTax, &b.WrappingCostIncTax, &b.WrappingCostTax, &b.RefundedAmount, &b.StoreCreditAmount, &b.GiftCertAmount,
	} {
		*zero = text(0)
	}
	if b.StatusID == 4 {
		b.RefundedAmount = b.TotalIncTax
	}
	for i := range o.addresses {
		a, each := &o.addresses[i], t.shipping/money(len(o.addresses))
		tax := spec.taxOf(each)
		a.BaseCost, a.CostExTax, a.CostIncTax, a.CostTax = text(each), text(each), text(each+tax), text(tax)
		a.BaseHandlingCost, a.HandlingCostExTax, a.HandlingCostIncTax, a.HandlingCostTax = text(0), text(0), text(0), text(0)
	}
}

// addCoupon records the coupon and its share of every line. Amounts are numbers in every second order.
func (s *Store) addCoupon(o *order, spec orderSpec, t sums) {
	s.ids.couponRow++
	var percent, taken any = "10.0000", t.coupon.padded()
	if o.body.ID%2 == 0 {
		percent, taken = 10, t.coupon.number()
	}
	o.coupons = []orderCoupon{{s.ids.couponRow, 12, o.body.ID, spec.coupon, percent, 1, taken}}
	for i := range o.products {
		p := &o.products[i]
		inc, err := parseMoney(p.TotalIncTax)
		if err != nil {
			continue // our own number, it always parses
		}
		share := inc.percent(1000).round(spec.currency.step)
		p.AppliedDiscounts = []appliedDiscount{{"coupon", spec.text(share), "Ten percent", spec.coupon, "order"}}
		p.DiscountedTotal = spec.text(inc - share)
	}
}
