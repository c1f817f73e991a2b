package bcsim

import (
	"encoding/json"
	"time"
)

// link is V2's pointer to a sub-resource.
type link struct {
	URL      string `json:"url"`
	Resource string `json:"resource"`
}

type formField struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// billingAddress of an order; form_fields is missing in shipments.
type billingAddress struct {
	FirstName   string       `json:"first_name"`
	LastName    string       `json:"last_name"`
	Company     string       `json:"company"`
	Street1     string       `json:"street_1"`
	Street2     string       `json:"street_2"`
	City        string       `json:"city"`
	State       string       `json:"state"`
	Zip         string       `json:"zip"`
	Country     string       `json:"country"`
	CountryISO2 string       `json:"country_iso2"`
	Phone       string       `json:"phone"`
	Email       string       `json:"email"`
	FormFields  *[]formField `json:"form_fields,omitempty"`
}

// orderBody is GET /v2/orders/{id}: 74 keys in wire order.
type orderBody struct {
	ID                  int             `json:"id"`
	CustomerID          int             `json:"customer_id"`
	DateCreated         string          `json:"date_created"`
	DateModified        string          `json:"date_modified"`
	DateShipped         string          `json:"date_shipped"`
	StatusID            int             `json:"status_id"`
	Status              string          `json:"status"`
	SubtotalExTax       string          `json:"subtotal_ex_tax"`
	SubtotalIncTax      string          `json:"subtotal_inc_tax"`
	SubtotalTax         string          `json:"subtotal_tax"`
	BaseShippingCost    string          `json:"base_shipping_cost"`
	ShippingCostExTax   string          `json:"shipping_cost_ex_tax"`
	ShippingCostIncTax  string          `json:"shipping_cost_inc_tax"`
	ShippingCostTax     string          `json:"shipping_cost_tax"`
	ShippingTaxClassID  int             `json:"shipping_cost_tax_class_id"`
	BaseHandlingCost    string          `json:"base_handling_cost"`
	HandlingCostExTax   string          `json:"handling_cost_ex_tax"`
	HandlingCostIncTax  string          `json:"handling_cost_inc_tax"`
	HandlingCostTax     string          `json:"handling_cost_tax"`
	HandlingTaxClassID  int             `json:"handling_cost_tax_class_id"`
	BaseWrappingCost    string          `json:"base_wrapping_cost"`
	WrappingCostExTax   string          `json:"wrapping_cost_ex_tax"`
	WrappingCostIncTax  string          `json:"wrapping_cost_inc_tax"`
	WrappingCostTax     string          `json:"wrapping_cost_tax"`
	WrappingTaxClassID  int             `json:"wrapping_cost_tax_class_id"`
	TotalExTax          string          `json:"total_ex_tax"`
	TotalIncTax         string          `json:"total_inc_tax"`
	TotalTax            string          `json:"total_tax"`
	TaxInclusive        bool            `json:"is_tax_inclusive_pricing"`
	ItemsTotal          int             `json:"items_total"`
	ItemsShipped        int             `json:"items_shipped"`
	PaymentMethod       string          `json:"payment_method"`
	PaymentProviderID   string          `json:"payment_provider_id"`
	PaymentStatus       string          `json:"payment_status"`
	RefundedAmount      string          `json:"refunded_amount"`
	OrderIsDigital      bool            `json:"order_is_digital"`
	StoreCreditAmount   string          `json:"store_credit_amount"`
	GiftCertAmount      string          `json:"gift_certificate_amount"`
	IPAddress           string          `json:"ip_address"`
	IPAddressV6         string          `json:"ip_address_v6"`
	GeoIPCountry        string          `json:"geoip_country"`
	GeoIPCountryISO2    string          `json:"geoip_country_iso2"`
	CurrencyID          int             `json:"currency_id"`
	CurrencyCode        string          `json:"currency_code"`
	CurrencyRate        string          `json:"currency_exchange_rate"`
	DefaultCurrencyID   int             `json:"default_currency_id"`
	DefaultCurrencyCode string          `json:"default_currency_code"`
	StaffNotes          string          `json:"staff_notes"`
	CustomerMessage     string          `json:"customer_message"`
	DiscountAmount      string          `json:"discount_amount"`
	CouponDiscount      string          `json:"coupon_discount"`
	ShippingAddresses   int             `json:"shipping_address_count"`
	IsDeleted           bool            `json:"is_deleted"`
	EbayOrderID         string          `json:"ebay_order_id"`
	CartID              *string         `json:"cart_id"`
	BillingAddress      billingAddress  `json:"billing_address"`
	IsEmailOptIn        bool            `json:"is_email_opt_in"`
	CreditCardType      *string         `json:"credit_card_type"`
	OrderSource         string          `json:"order_source"`
	ChannelID           int             `json:"channel_id"`
	ExternalSource      *string         `json:"external_source"`
	Consignments        json.RawMessage `json:"consignments"` // link, or the object itself on request
	Products            link            `json:"products"`
	ShippingLink        link            `json:"shipping_addresses"`
	Coupons             link            `json:"coupons"`
	ExternalID          *string         `json:"external_id"`
	ExternalMerchantID  *string         `json:"external_merchant_id"`
	TaxProviderID       string          `json:"tax_provider_id"`
	StoreDefaultCode    string          `json:"store_default_currency_code"`
	StoreDefaultRate    string          `json:"store_default_to_transactional_exchange_rate"`
	CustomStatus        string          `json:"custom_status"`
	CustomerLocale      string          `json:"customer_locale"`
	ExternalOrderID     string          `json:"external_order_id"`
	Fees                json.RawMessage `json:"fees"` // link, or the array itself on request
}

// orderProduct is one row of GET /v2/orders/{id}/products. Its id is the order_product_id of shipments.
type orderProduct struct {
	ID                 int               `json:"id"`
	OrderID            int               `json:"order_id"`
	ProductID          int               `json:"product_id"` // 0 = custom item
	VariantID          int               `json:"variant_id"`
	PickupMethodID     int               `json:"order_pickup_method_id"`
	AddressID          int               `json:"order_address_id"`
	Name               string            `json:"name"`
	NameCustomer       string            `json:"name_customer"`
	NameMerchant       string            `json:"name_merchant"`
	SKU                string            `json:"sku"`
	UPC                string            `json:"upc"`
	Type               string            `json:"type"` // physical, digital
	BasePrice          string            `json:"base_price"`
	PriceExTax         string            `json:"price_ex_tax"`
	PriceIncTax        string            `json:"price_inc_tax"`
	PriceTax           string            `json:"price_tax"`
	BaseTotal          string            `json:"base_total"`
	TotalExTax         string            `json:"total_ex_tax"`
	TotalIncTax        string            `json:"total_inc_tax"`
	TotalTax           string            `json:"total_tax"`
	Weight             string            `json:"weight"`
	Width              string            `json:"width"`
	Height             string            `json:"height"`
	Depth              string            `json:"depth"`
	Quantity           int               `json:"quantity"`
	BaseCostPrice      string            `json:"base_cost_price"`
	CostPriceIncTax    string            `json:"cost_price_inc_tax"`
	CostPriceExTax     string            `json:"cost_price_ex_tax"`
	CostPriceTax       string            `json:"cost_price_tax"`
	IsRefunded         bool              `json:"is_refunded"`
	QuantityRefunded   int               `json:"quantity_refunded"`
	RefundAmount       string            `json:"refund_amount"`
	ReturnID           int               `json:"return_id"`
	WrappingID         int               `json:"wrapping_id"`
	WrappingName       string            `json:"wrapping_name"`
	BaseWrappingCost   string            `json:"base_wrapping_cost"`
	WrappingCostExTax  string            `json:"wrapping_cost_ex_tax"`
	WrappingCostIncTax string            `json:"wrapping_cost_inc_tax"`
	WrappingCostTax    string            `json:"wrapping_cost_tax"`
	WrappingMessage    string            `json:"wrapping_message"`
	QuantityShipped    int               `json:"quantity_shipped"`
	EventName          *string           `json:"event_name"`
	EventDate          *string           `json:"event_date"`
	FixedShippingCost  string            `json:"fixed_shipping_cost"`
	EbayItemID         string            `json:"ebay_item_id"`
	EbayTransactionID  string            `json:"ebay_transaction_id"`
	OptionSetID        *int              `json:"option_set_id"`
	ParentID           *int              `json:"parent_order_product_id"`
	IsBundled          bool              `json:"is_bundled_product"`
	BinPickingNumber   string            `json:"bin_picking_number"`
	ExternalID         *string           `json:"external_id"`
	FulfillmentSource  string            `json:"fulfillment_source"`
	Brand              string            `json:"brand"`
	GiftCertificateID  *int              `json:"gift_certificate_id"`
	AppliedDiscounts   []appliedDiscount `json:"applied_discounts"`
	ProductOptions     []productOption   `json:"product_options"`
	ConfigurableFields []any             `json:"configurable_fields"`
	DiscountedTotal    string            `json:"discounted_total_inc_tax"`
}

type appliedDiscount struct {
	ID     string `json:"id"`
	Amount string `json:"amount"`
	Name   string `json:"name"`
	Code   string `json:"code"`
	Target string `json:"target"`
}

type productOption struct {
	ID                   int    `json:"id"`
	OptionID             int    `json:"option_id"`
	OrderProductID       int    `json:"order_product_id"`
	ProductOptionID      int    `json:"product_option_id"`
	DisplayName          string `json:"display_name"`
	DisplayNameCustomer  string `json:"display_name_customer"`
	DisplayNameMerchant  string `json:"display_name_merchant"`
	DisplayValue         string `json:"display_value"`
	DisplayValueCustomer string `json:"display_value_customer"`
	DisplayValueMerchant string `json:"display_value_merchant"`
	Value                string `json:"value"`
	Type                 string `json:"type"`
	Name                 string `json:"name"`
	DisplayStyle         string `json:"display_style"`
}

// orderAddress is one row of GET /v2/orders/{id}/shipping_addresses.
type orderAddress struct {
	ID                 int         `json:"id"`
	OrderID            int         `json:"order_id"`
	FirstName          string      `json:"first_name"`
	LastName           string      `json:"last_name"`
	Company            string      `json:"company"`
	Street1            string      `json:"street_1"`
	Street2            string      `json:"street_2"`
	City               string      `json:"city"`
	Zip                string      `json:"zip"`
	Country            string      `json:"country"`
	CountryISO2        string      `json:"country_iso2"`
	State              string      `json:"state"`
	Email              string      `json:"email"`
	Phone              string      `json:"phone"`
	ItemsTotal         int         `json:"items_total"`
	ItemsShipped       int         `json:"items_shipped"`
	ShippingMethod     string      `json:"shipping_method"`
	BaseCost           string      `json:"base_cost"`
	CostExTax          string      `json:"cost_ex_tax"`
	CostIncTax         string      `json:"cost_inc_tax"`
	CostTax            string      `json:"cost_tax"`
	CostTaxClassID     int         `json:"cost_tax_class_id"`
	BaseHandlingCost   string      `json:"base_handling_cost"`
	HandlingCostExTax  string      `json:"handling_cost_ex_tax"`
	HandlingCostIncTax string      `json:"handling_cost_inc_tax"`
	HandlingCostTax    string      `json:"handling_cost_tax"`
	HandlingTaxClassID int         `json:"handling_cost_tax_class_id"`
	ShippingZoneID     int         `json:"shipping_zone_id"`
	ShippingZoneName   string      `json:"shipping_zone_name"`
	ShippingQuotes     link        `json:"shipping_quotes"`
	FormFields         []formField `json:"form_fields"`
}

// orderCoupon is one row of GET /v2/orders/{id}/coupons. Amounts are numbers in some stores and text in others.
type orderCoupon struct {
	ID       int    `json:"id"`
	CouponID int    `json:"coupon_id"`
	OrderID  int    `json:"order_id"`
	Code     string `json:"code"`
	Amount   any    `json:"amount"`
	Type     int    `json:"type"`
	Discount any    `json:"discount"`
}

type orderMessage struct {
	ID          int    `json:"id"`
	OrderID     int    `json:"order_id"`
	StaffID     int    `json:"staff_id"`
	CustomerID  int    `json:"customer_id"`
	Type        string `json:"type"`
	Subject     string `json:"subject"`
	Message     string `json:"message"`
	Status      string `json:"status"`
	IsFlagged   bool   `json:"is_flagged"`
	DateCreated string `json:"date_created"`
	Customer    link   `json:"customer"`
}

// order is an order with its sub-resources. Change it only through a change, which drops the cached bodies.
type order struct {
	body      orderBody
	products  []orderProduct
	addresses []orderAddress
	coupons   []orderCoupon
	shipments []*shipment
	messages  []orderMessage
	metas     []metafield
	created   time.Time
	modified  time.Time
	hostile   bool // its shipments carry hostile text too

	bodyJSON, productsJSON, addressesJSON, couponsJSON, shipmentsJSON cache
}

func (o *order) json() []byte { return o.bodyJSON.get(func() any { return &o.body }) }

func (o *order) drop() {
	for _, c := range []*cache{&o.bodyJSON, &o.productsJSON, &o.addressesJSON, &o.couponsJSON, &o.shipmentsJSON} {
		c.drop()
	}
}

// Order is a summary of an order for tests and demonstrations.
type Order struct {
	ID, CustomerID, StatusID, ChannelID int
	CartID                              string // "" = not born from a cart
	Email                               string // of the billing address
	Currency, Total                     string // Total as total_inc_tax shows it
	Source                              string
	Created, Modified                   time.Time
	ItemsTotal, ItemsShipped            int
	Shipments                           []int
	Deleted                             bool
}

// Orders lists all orders by id, archived ones included.
func (s *Store) Orders() []Order {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Order, 0, len(s.orderIDs))
	for _, id := range s.orderIDs {
		out = append(out, s.orders[id].summary())
	}
	return out
}

func (o *order) summary() Order {
	b := &o.body
	out := Order{
		ID: b.ID, CustomerID: b.CustomerID, StatusID: b.StatusID, ChannelID: b.ChannelID, Email: b.BillingAddress.Email,
		Currency: b.CurrencyCode, Total: b.TotalIncTax, Source: b.OrderSource, Created: o.created, Modified: o.modified,
		ItemsTotal: b.ItemsTotal, ItemsShipped: b.ItemsShipped, Deleted: b.IsDeleted,
	}
	if b.CartID != nil {
		out.CartID = *b.CartID
	}
	for _, sh := range o.shipments {
		out.Shipments = append(out.Shipments, sh.ID)
	}
	return out
}
