package bcsim

import "time"

// shipment is GET /v2/orders/{id}/shipments/{shipment_id}. Only one of the two links is filled.
type shipment struct {
	ID                   int            `json:"id"`
	OrderID              int            `json:"order_id"`
	CustomerID           int            `json:"customer_id"`
	AddressID            int            `json:"order_address_id"`
	DateCreated          string         `json:"date_created"`
	TrackingNumber       string         `json:"tracking_number"`
	MerchantShippingCost string         `json:"merchant_shipping_cost"`
	ShippingMethod       string         `json:"shipping_method"`
	Comments             string         `json:"comments"`
	Provider             string         `json:"shipping_provider"`
	Carrier              string         `json:"tracking_carrier"`
	TrackingLink         string         `json:"tracking_link"`
	BillingAddress       billingAddress `json:"billing_address"`
	ShippingAddress      billingAddress `json:"shipping_address"`
	Items                []shipmentItem `json:"items"`
	ProviderName         string         `json:"shipping_provider_display_name"`
	GeneratedLink        string         `json:"generated_tracking_link"`
}

type shipmentItem struct {
	OrderProductID int `json:"order_product_id"`
	ProductID      int `json:"product_id"`
	Quantity       int `json:"quantity"`
}

// providers maps shipping_provider to its display name. "carrier_{id}" is allowed as well.
var providers = map[string]string{
	"": "", "auspost": "Australia Post", "canadapost": "Canada Post", "endicia": "Endicia", "usps": "USPS",
	"fedex": "FedEx", "royalmail": "Royal Mail", "ups": "UPS", "upsready": "UPS Ready", "upsonline": "UPS Online",
	"shipperhq": "ShipperHQ",
}

// ShipmentOptions describe a shipment; the zero value ships everything that is left for the first address.
type ShipmentOptions struct {
	// Items holds quantities by order_product_id; nil means all that is left at the address.
	Items          map[int]int
	AddressID      int
	TrackingNumber string // default: a made-up one
	Provider       string // "fedex", "ups", ...; with TrackingNumber it makes the generated link
	Carrier        string
	TrackingLink   string // a custom link; then no link is generated
	Method         string
	Comments       string
}

// Ship ships what is left of an order, for an order with several addresses of the first one with anything left.
// It fires shipment/created, order/updated and, if the status changes, order/statusUpdated.
func (s *Store) Ship(orderID int) (shipmentID int, err error) {
	return s.ShipItems(orderID, ShipmentOptions{Provider: "ups"})
}

// ShipItems is Ship with a choice of items, carrier and links. ErrNotFound: no such order. ErrRefused: nothing left.
func (s *Store) ShipItems(orderID int, options ShipmentOptions) (shipmentID int, err error) {
	err = s.act(func(c *change) error {
		o := s.orders[orderID]
		if o == nil {
			return notFound("order", orderID)
		}
		sh, err := c.ship(o, options)
		if err == nil {
			shipmentID = sh.ID
		}
		return err
	})
	return shipmentID, err
}

// ship adds a shipment and moves the order's status to 2 or 3, as the store does.
func (c *change) ship(o *order, options ShipmentOptions) (*shipment, error) {
	sh, err := c.newShipment(o, options)
	if err != nil {
		return nil, err
	}
	c.fire("store/shipment/created", obj{{"type", "shipment"}, {"id", sh.ID}, {"orderId", o.body.ID}})
	status := 3
	if o.body.ItemsShipped >= o.physicalItems() {
		status = 2
	}
	c.setStatus(o, status)
	return sh, nil
}

// newShipment adds a shipment to the order without firing anything.
func (c *change) newShipment(o *order, options ShipmentOptions) (*shipment, error) {
	address, err := o.shippable(options.AddressID)
	if err != nil {
		return nil, err
	}
	items, err := o.pickItems(address.ID, options.Items)
	if err != nil {
		return nil, err
	}
	name, known := providers[options.Provider]
	if !known && !carrierID(options.Provider) {
		return nil, refused("shipping_provider %q is not known", options.Provider)
	}
	c.s.ids.shipment++
	sh := &shipment{
		ID: c.s.ids.shipment, OrderID: o.body.ID, CustomerID: o.body.CustomerID, AddressID: address.ID,
		DateCreated: rfc2822(c.now), TrackingNumber: options.TrackingNumber, MerchantShippingCost: "0.0000",
		ShippingMethod: or(options.Method, address.ShippingMethod), Comments: options.Comments,
		Provider: options.Provider, Carrier: options.Carrier, TrackingLink: options.TrackingLink,
		BillingAddress: o.body.BillingAddress, ShippingAddress: address.asBilling(), Items: items, ProviderName: name,
	}
	sh.BillingAddress.FormFields = nil
	if o.hostile {
		sh.TrackingNumber, sh.Comments, sh.ShippingMethod, sh.Carrier = hostileText, hostileText, hostileText, hostileText
	}
	sh.TrackingNumber = or(sh.TrackingNumber, trackingNumber(sh.ID))
	sh.linkUp()
	for _, item := range items {
		o.product(item.OrderProductID).QuantityShipped += item.Quantity
		address.ItemsShipped += item.Quantity
		o.body.ItemsShipped += item.Quantity
	}
	o.shipments = append(o.shipments, sh)
	o.body.DateShipped = rfc2822(c.now)
	c.touch(o)
	return sh, nil
}

// linkUp fills generated_tracking_link unless there is a custom link.
func (sh *shipment) linkUp() {
	sh.GeneratedLink = ""
	carrier := or(sh.Provider, sh.Carrier)
	if sh.TrackingLink == "" && carrier != "" && sh.TrackingNumber != "" {
		sh.GeneratedLink = "https://track.example.com/" + carrier + "/" + sh.TrackingNumber
	}
}

// shippable returns the address to ship to: the wanted one, or the first with something left.
func (o *order) shippable(id int) (*orderAddress, error) {
	for i := range o.addresses {
		a := &o.addresses[i]
		if a.ID == id || id == 0 && a.ItemsShipped < a.ItemsTotal {
			return a, nil
		}
	}
	if id != 0 {
		return nil, refused("order_address_id %d is not an address of order %d", id, o.body.ID)
	}
	return nil, refused("order %d has nothing left to ship", o.body.ID)
}

func (o *order) pickItems(addressID int, wanted map[int]int) ([]shipmentItem, error) {
	items := []shipmentItem{}
	picked := 0
	for i := range o.products {
		p := &o.products[i]
		left := p.Quantity - p.QuantityShipped
		if p.AddressID != addressID || p.Type != "physical" {
			continue
		}
		quantity, named := left, true
		if wanted != nil {
			quantity, named = wanted[p.ID]
		}
		if !named || wanted == nil && left == 0 {
			continue
		}
		if quantity < 1 || quantity > left {
			return nil, refused("quantity %d of order product %d cannot be shipped, %d left", quantity, p.ID, left)
		}
		picked++
		items = append(items, shipmentItem{p.ID, p.ProductID, quantity})
	}
	if picked == 0 || wanted != nil && picked != len(wanted) {
		return nil, refused("the items are not all left to ship at address %d of order %d", addressID, o.body.ID)
	}
	return items, nil
}

// unship removes a shipment; the order's status stays, as in the store.
func (c *change) unship(o *order, sh *shipment) {
	for i, other := range o.shipments {
		if other == sh {
			o.shipments = append(o.shipments[:i:i], o.shipments[i+1:]...)
			break
		}
	}
	for _, item := range sh.Items {
		if p := o.product(item.OrderProductID); p != nil {
			p.QuantityShipped -= item.Quantity
		}
		o.body.ItemsShipped -= item.Quantity
		for i := range o.addresses {
			if o.addresses[i].ID == sh.AddressID {
				o.addresses[i].ItemsShipped -= item.Quantity
			}
		}
	}
	c.touch(o)
	c.fire("store/shipment/deleted", obj{{"type", "shipment"}, {"id", sh.ID}, {"orderId", o.body.ID}})
}

func (o *order) product(id int) *orderProduct {
	for i := range o.products {
		if o.products[i].ID == id {
			return &o.products[i]
		}
	}
	return nil
}

func (o *order) physicalItems() int {
	total := 0
	for _, p := range o.products {
		if p.Type == "physical" {
			total += p.Quantity
		}
	}
	return total
}

func (a *orderAddress) asBilling() billingAddress {
	return billingAddress{
		FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Street1: a.Street1, Street2: a.Street2,
		City: a.City, State: a.State, Zip: a.Zip, Country: a.Country, CountryISO2: a.CountryISO2, Phone: a.Phone, Email: a.Email,
	}
}

func rfc2822(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
