package bcsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// product is one product of the store, with one variant.
type product struct {
	id, variantID int
	sku, name     string
	price         money // US dollars, without tax
	weight        money
	brand         string
	digital       bool
	option        string // "Finish: Brushed copper", "" = none
}

// goods is the whole catalogue of a small garden shop.
var goods = []product{
	{377, 498, "CAN-CU-2", "Watering Can 2 L", 225_000, 9_000, "Larkspur", false, "Finish: Brushed copper"},
	{402, 511, "BED-CDR-120", "Cedar Raised Bed", 640_000, 115_000, "Larkspur", false, ""},
	{403, 512, "TRW-HND", "Hand Trowel", 145_000, 3_000, "Larkspur", false, "Handle: Ash"},
	{404, 513, "GLV-M", "Leather Gloves “Bramble”", 189_500, 2_500, "Thornproof", false, "Size: M"},
	{405, 514, "SEED-TOM", "Tomato Seeds 'Brandywine'", 39_900, 100, "Old Row", false, ""},
	{406, 515, "PRN-BYP", "Bypass Pruner 8\"", 349_900, 4_000, "Snip & Co.", false, ""},
	{407, 516, "POT-TER-24", "Terracotta Pot Ø 24 cm", 120_000, 21_000, "", false, ""},
	{408, 517, "HOSE-25", "Soaker Hose 25 m", 429_000, 32_000, "Larkspur", false, "Length: 25 m"},
	{409, 518, "CMP-BIN", "Compost Bin 300 l <new>", 899_000, 98_000, "Larkspur", false, ""},
	{410, 519, "KNL-PAD", "Kneeling Pad", 99_500, 3_500, "", false, "Colour: Grün"},
	{411, 520, "BIRD-HSE", "Bird House „Spatz“", 279_000, 14_000, "Old Row", false, ""},
	{412, 521, "TEA-GRN", "緑茶の苗 (tea seedling)", 165_000, 5_000, "", false, ""},
	{413, 522, "GUIDE-PDF", "The Kitchen Garden, e-book", 150_000, 0, "Larkspur", true, ""},
	{414, 523, "PLAN-PDF", "Planting Planner (PDF)", 79_000, 0, "Larkspur", true, ""},
	{415, 524, "GRH-3X2", "Greenhouse 3 × 2 m", 12_490_000, 850_000, "Larkspur", false, "Glass: Toughened"},
	{416, 525, "RAIN-GAU", "Rain Gauge", 231_500, 1_500, "", false, ""},
}

func (s *Store) product(id int) *product {
	for _, p := range s.products {
		if p.id == id {
			return p
		}
	}
	return nil
}

func (p *product) url() string { return "/" + slug(p.name) + "/" }

func slug(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name), "-")
}

// body is GET /v3/catalog/products/{id}: the keys that readers of orders ask for, and what include adds.
func (c *call) productBody(p *product) obj {
	kind := "physical"
	if p.digital {
		kind = "digital"
	}
	body := obj{
		{"id", p.id}, {"name", p.name}, {"type", kind}, {"sku", p.sku}, {"description", "<p>" + p.sku + "</p>"},
		{"weight", p.weight.number()}, {"width", 0}, {"depth", 0}, {"height", 0}, {"price", p.price.number()},
		{"cost_price", 0}, {"retail_price", 0}, {"sale_price", 0}, {"calculated_price", p.price.number()},
		{"categories", []int{23}}, {"brand_id", 0}, {"inventory_level", 40}, {"inventory_tracking", "none"},
		{"is_visible", true}, {"is_featured", false}, {"availability", "available"}, {"condition", "New"}, {"upc", ""},
		{"custom_url", obj{{"url", p.url()}, {"is_customized", false}}}, {"base_variant_id", p.variantID},
		{"date_created", "2024-02-01T08:00:00+00:00"}, {"date_modified", "2025-06-01T08:00:00+00:00"},
	}
	if c.includes("variants") {
		body = append(body, field{"variants", []obj{p.variant()}})
	}
	if c.includes("custom_fields") {
		body = append(body, field{"custom_fields", p.customFields()})
	}
	image := obj{{"id", p.id}, {"product_id", p.id}, {"is_thumbnail", true}, {"url_standard", p.image()}, {"url_thumbnail", p.image()}}
	if c.includes("images") {
		body = append(body, field{"images", []obj{image}})
	}
	if c.includes("primary_image") {
		body = append(body, field{"primary_image", image})
	}
	return c.onlyFields(body)
}

// onlyFields keeps id and the fields that include_fields names.
func (c *call) onlyFields(body obj) obj {
	wanted := c.query.Get("include_fields")
	if wanted == "" {
		return body
	}
	names := strings.Split(wanted, ",")
	return slices.DeleteFunc(body, func(f field) bool { return f.key != "id" && !slices.Contains(names, f.key) })
}

func (p *product) image() string { return fmt.Sprintf("https://cdn.example.com/larkspur/%d.jpg", p.id) }

func (p *product) variant() obj {
	return obj{
		{"id", p.variantID}, {"product_id", p.id}, {"sku", p.sku}, {"price", p.price.number()},
		{"calculated_price", p.price.number()}, {"weight", p.weight.number()}, {"inventory_level", 40},
		{"option_values", []any{}},
	}
}

func (p *product) customFields() []obj {
	if p.brand == "" {
		return []obj{}
	}
	return []obj{{{"id", p.id * 10}, {"name", "Maker"}, {"value", p.brand}}}
}

func (c *call) listProducts() reply {
	wanted := idList(c.query.Get("id:in"))
	rows := [][]byte{}
	for _, p := range c.s.products {
		if (wanted == nil || wanted[p.id]) && (c.query.Get("sku") == "" || c.query.Get("sku") == p.sku) {
			rows = append(rows, encode(c.productBody(p)))
		}
	}
	return c.page(rows)
}

func (c *call) getProduct() reply {
	if p := c.s.product(c.id(0)); p != nil {
		return data(c.productBody(p))
	}
	return v3NotFound()
}

func (c *call) listCustomFields() reply {
	p := c.s.product(c.id(0))
	if p == nil {
		return v3NotFound()
	}
	rows := [][]byte{}
	for _, f := range p.customFields() {
		rows = append(rows, encode(f))
	}
	return c.page(rows)
}

func (c *call) listVariants() reply {
	p := c.s.product(c.id(0))
	if p == nil {
		return v3NotFound()
	}
	return c.page([][]byte{encode(p.variant())})
}

// idList reads "1,2,3"; nil means the parameter was not given, words that are no numbers match nothing.
func idList(text string) map[int]bool {
	if text == "" {
		return nil
	}
	ids := map[int]bool{}
	for part := range strings.SplitSeq(text, ",") {
		if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			ids[id] = true
		}
	}
	return ids
}
