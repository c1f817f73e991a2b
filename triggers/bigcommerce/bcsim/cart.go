package bcsim

import (
	"encoding/json"
	"net/http"
	"time"
)

// cartBody is the data of GET /v3/carts/{id}. Amounts are numbers, kept as they were written.
type cartBody struct {
	ID             string         `json:"id"`
	CustomerID     int            `json:"customer_id"` // 0 = guest
	ChannelID      int            `json:"channel_id"`
	Email          string         `json:"email"`
	Currency       cartCurrency   `json:"currency"`
	TaxIncluded    bool           `json:"tax_included"`
	BaseAmount     json.Number    `json:"base_amount"`
	DiscountAmount json.Number    `json:"discount_amount"`
	ManualDiscount json.Number    `json:"manual_discount_amount"`
	CartAmount     json.Number    `json:"cart_amount"`
	Coupons        []cartCoupon   `json:"coupons"`
	Discounts      []cartDiscount `json:"discounts"`
	LineItems      cartLines      `json:"line_items"`
	CreatedTime    string         `json:"created_time"`
	UpdatedTime    string         `json:"updated_time"`
	Locale         string         `json:"locale"`
	Version        int            `json:"version"`
	RedirectURLs   *obj           `json:"redirect_urls,omitempty"` // only with include
	Promotions     *obj           `json:"promotions,omitempty"`    // only with include
}

type cartCurrency struct {
	Code string `json:"code"`
}

type cartCoupon struct {
	Code             string      `json:"code"`
	ID               string      `json:"id"`
	CouponType       string      `json:"coupon_type"`
	DiscountedAmount json.Number `json:"discounted_amount"`
	DisplayName      string      `json:"display_name"`
}

type cartDiscount struct {
	ID               any         `json:"id"` // number or text
	DiscountedAmount json.Number `json:"discounted_amount"`
}

type cartLines struct {
	Physical []cartItem        `json:"physical_items"`
	Digital  []cartItem        `json:"digital_items"`
	Gifts    []json.RawMessage `json:"gift_certificates"`
	Custom   []cartCustomItem  `json:"custom_items"`
}

type cartItem struct {
	ID                string         `json:"id"`
	ParentID          *string        `json:"parent_id"`
	VariantID         int            `json:"variant_id"`
	ProductID         int            `json:"product_id"`
	SKU               string         `json:"sku"`
	Name              string         `json:"name"`
	URL               string         `json:"url"`
	Quantity          int            `json:"quantity"`
	Taxable           bool           `json:"taxable"`
	ImageURL          string         `json:"image_url"`
	Discounts         []cartDiscount `json:"discounts"`
	Coupons           []cartCoupon   `json:"coupons"`
	DiscountAmount    json.Number    `json:"discount_amount"`
	CouponAmount      json.Number    `json:"coupon_amount"`
	OriginalPrice     json.Number    `json:"original_price"`
	ListPrice         json.Number    `json:"list_price"`
	SalePrice         json.Number    `json:"sale_price"`
	ExtendedListPrice json.Number    `json:"extended_list_price"`
	ExtendedSalePrice json.Number    `json:"extended_sale_price"`
	RequiresShipping  *bool          `json:"is_require_shipping,omitempty"` // physical items only
	Options           *[]cartOption  `json:"options,omitempty"`             // only with include
	IsMutable         bool           `json:"is_mutable"`
	AddedByPromotion  bool           `json:"added_by_promotion"`
}

type cartOption struct {
	Name    string `json:"name"`
	NameID  int    `json:"nameId"`
	Value   string `json:"value"`
	ValueID int    `json:"valueId"`
}

type cartCustomItem struct {
	ID                string      `json:"id"`
	SKU               string      `json:"sku"`
	Name              string      `json:"name"`
	Quantity          int         `json:"quantity"`
	ListPrice         json.Number `json:"list_price"`
	ExtendedListPrice json.Number `json:"extended_list_price"`
}

// cartLife is how long a cart lives after its last change.
const cartLife = 30 * 24 * time.Hour

type cart struct {
	body    cartBody
	person  person
	token   string // of the abandoned-cart mail
	updated time.Time
	alive   time.Time // the life counts from here

	bareJSON, fullJSON cache
}

// withoutOptions is the body as it comes without include: items have no options.
func (b cartBody) withoutOptions(physical, digital bool) cartBody {
	strip := func(items []cartItem, keep bool) []cartItem {
		if keep {
			return items
		}
		out := make([]cartItem, len(items))
		for i, item := range items {
			item.Options = nil
			out[i] = item
		}
		return out
	}
	b.LineItems.Physical = strip(b.LineItems.Physical, physical)
	b.LineItems.Digital = strip(b.LineItems.Digital, digital)
	return b
}

// cart finds a cart that still exists.
func (c *change) cart(id string) *cart {
	ca := c.s.carts[id]
	if ca == nil || c.now.Sub(ca.alive) > cartLife {
		return nil
	}
	return ca
}

func (c *call) getCart() reply {
	ca := c.cart(c.args[0])
	if ca == nil {
		return v3Error(http.StatusNotFound, "Cart not found.")
	}
	physical := c.includes("line_items.physical_items.options")
	digital := c.includes("line_items.digital_items.options")
	if c.includes("redirect_urls", "promotions.banners") {
		body := ca.body.withoutOptions(physical, digital)
		if c.includes("redirect_urls") {
			body.RedirectURLs = &obj{{"cart_url", cartURL(ca)}, {"checkout_url", cartURL(ca)}, {"embedded_checkout_url", cartURL(ca)}}
		}
		if c.includes("promotions.banners") {
			body.Promotions = &obj{{"banners", []any{}}}
		}
		return data(&body)
	}
	full := func() any { return obj{{"data", &ca.body}, {"meta", noMeta}} }
	bare := func() any { return obj{{"data", ca.body.withoutOptions(physical, digital)}, {"meta", noMeta}} }
	switch {
	case physical && digital:
		return ok(ca.fullJSON.get(full))
	case !physical && !digital:
		return ok(ca.bareJSON.get(bare))
	}
	return ok(encode(bare()))
}

func cartURL(ca *cart) string {
	return "https://larkspur.example.com/cart.php?action=load&id=" + ca.body.ID
}

func (c *call) getAbandonedCart() reply {
	id, known := c.s.tokens[c.args[0]]
	if !known {
		return v3NotFound()
	}
	return data(obj{{"cart_id", id}})
}

// Cart is a summary of a cart for tests and demonstrations.
type Cart struct {
	ID                    string
	CustomerID, ChannelID int
	Email                 string // "" for guests who gave none
	Currency, Amount      string
	Token                 string // "" until it was abandoned
	Updated               time.Time
}

// Carts lists the carts that exist, oldest first.
func (s *Store) Carts() []Cart {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := &change{s: s, now: s.clock()}
	var out []Cart
	for _, id := range s.cartIDs {
		if ca := c.cart(id); ca != nil {
			b := &ca.body
			out = append(out, Cart{b.ID, b.CustomerID, b.ChannelID, b.Email, b.Currency.Code, b.CartAmount.String(), ca.token, ca.updated})
		}
	}
	return out
}
