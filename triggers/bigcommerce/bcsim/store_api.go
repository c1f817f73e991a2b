package bcsim

import (
	"slices"
	"strings"
)

// The sales channels of the store.
const (
	ChannelDefault     = 1       // "Larkspur", the default storefront
	ChannelEurope      = 1402855 // "Larkspur Europe", a second storefront
	ChannelMarketplace = 1402901 // a marketplace
)

type channel struct {
	id                   int
	name, kind, platform string
	external, site       string
}

var channels = []channel{
	{ChannelDefault, "Larkspur", "storefront", "bigcommerce", "", "https://larkspur.example.com"},
	{ChannelEurope, "Larkspur Europe", "storefront", "bigcommerce", "", "https://eu.larkspur.example.com"},
	{ChannelMarketplace, "Larkspur on the market", "marketplace", "ebay", "larkspur-market", ""},
}

func (ch channel) body() obj {
	return obj{
		{"id", ch.id}, {"name", ch.name}, {"type", ch.kind}, {"platform", ch.platform}, {"status", "active"},
		{"external_id", ch.external}, {"is_visible", true}, {"is_listable_from_ui", true}, {"icon_url", ""},
		{"date_created", "2024-01-15T08:00:00Z"}, {"date_modified", "2025-06-01T08:00:00Z"},
	}
}

func (c *call) listChannels() reply {
	rows := [][]byte{}
	for _, ch := range channels {
		if c.among("type:in", ch.kind) && c.among("platform:in", ch.platform) && c.among("status:in", "active") {
			rows = append(rows, encode(ch.body()))
		}
	}
	return c.page(rows)
}

// among says whether the value stands in a list parameter; without the parameter every value does.
func (c *call) among(name, value string) bool {
	list := c.query.Get(name)
	return list == "" || slices.Contains(strings.Split(list, ","), value)
}

func (c *call) channel() *channel {
	for i := range channels {
		if channels[i].id == c.id(0) {
			return &channels[i]
		}
	}
	return nil
}

func (c *call) getChannel() reply {
	if ch := c.channel(); ch != nil {
		return data(ch.body())
	}
	return v3NotFound()
}

func (c *call) getSite() reply {
	ch := c.channel()
	if ch == nil || ch.site == "" {
		return v3NotFound()
	}
	return data(obj{
		{"id", 1000 + ch.id%1000}, {"url", ch.site}, {"channel_id", ch.id}, {"created_at", "2024-01-15T08:00:00Z"},
		{"updated_at", "2024-01-15T08:00:00Z"}, {"ssl_status", "dedicated"}, {"is_checkout_url_customized", false},
		{"urls", []obj{{{"url", ch.site}, {"type", "primary"}, {"created_at", "2024-01-15T08:00:00Z"}, {"updated_at", "2024-01-15T08:00:00Z"}}}},
	})
}

func (c *call) getTime() reply { return ok(encode(obj{{"time", c.now.Unix()}})) }

// getStore answers GET /v2/store: the hash is the id, store_id is the number of the callbacks.
func (c *call) getStore() reply {
	return ok(encode(obj{
		{"id", c.s.cfg.StoreHash}, {"store_id", 1003418276}, {"account_uuid", "8d5a1f3c-52f7-4d0a-9be2-1f6f0f1d2c3b"},
		{"domain", "larkspur.example.com"}, {"secure_url", "https://larkspur.example.com"},
		{"control_panel_base_url", "https://store-" + c.s.cfg.StoreHash + ".example.com"}, {"status", "live"},
		{"name", "Larkspur"}, {"first_name", "Rowan"}, {"last_name", "Ashby"}, {"address", "1 Garden Square, Duluth, Minnesota, 55802"},
		{"country", "United States"}, {"country_code", "US"}, {"phone", "218-555-0100"}, {"admin_email", "owner@larkspur.example.com"},
		{"order_email", "orders@larkspur.example.com"}, {"favicon_url", ""},
		{"timezone", obj{
			{"name", "America/Chicago"}, {"raw_offset", -21600}, {"dst_offset", -18000}, {"dst_correction", true},
			{"date_format", obj{{"display", "M jS Y"}, {"export", "M jS Y"}, {"extended_display", "M jS Y @ g:i A"}}},
		}},
		{"language", "en"}, {"currency", "USD"}, {"currency_symbol", "$"}, {"decimal_separator", "."},
		{"thousands_separator", ","}, {"decimal_places", "2"}, {"currency_symbol_location", "left"},
		{"weight_units", "KGS"}, {"dimension_units", "Centimeters"}, {"dimension_decimal_places", "2"},
		{"dimension_decimal_token", "."}, {"dimension_thousands_token", ","}, {"plan_name", "Plus"}, {"plan_level", "Plus"},
		{"plan_is_trial", false}, {"industry", "Home & Garden"}, {"logo", []any{}}, {"is_price_entered_with_tax", false},
		{"active_comparison_modules", []any{}},
		{"features", obj{
			{"stencil_enabled", true}, {"sitewidehttps_enabled", true}, {"facebook_catalog_id", ""},
			{"checkout_type", "optimized"}, {"wishlists_enabled", true}, {"graphql_storefront_api_enabled", true},
			{"storefront_limits", obj{{"active", 5}, {"total_including_inactive", 10}}},
		}},
		{"default_site_id", 1001}, {"default_channel_id", ChannelDefault},
	}))
}
