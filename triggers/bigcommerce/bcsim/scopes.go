package bcsim

import "strings"

// events lists the documented webhook events: family, then the last segments. {} stands for a channel id.
// Source: the events, channels, inventory-location and b2b-edition pages of the BigCommerce developer documentation.
var events = map[string]string{
	"store/cart":                                     "created updated deleted couponApplied abandoned converted",
	"store/cart/lineItem":                            "created updated deleted",
	"store/cart/metafield":                           "created updated deleted",
	"store/order":                                    "created updated archived statusUpdated",
	"store/order/message":                            "created",
	"store/order/refund":                             "created",
	"store/order/transaction":                        "created updated",
	"store/order/metafield":                          "created updated deleted",
	"store/shipment":                                 "created updated deleted",
	"store/customer":                                 "created updated deleted",
	"store/customer/payment/instrument/default":      "updated",
	"store/customer/address":                         "created updated deleted",
	"store/customer/channel/login/access":            "updated",
	"store/subscriber":                               "created updated deleted",
	"store/product":                                  "created deleted updated",
	"store/product/inventory":                        "updated",
	"store/product/inventory/order":                  "updated",
	"store/product/metafield":                        "created updated deleted",
	"store/product/variant/metafield":                "created updated deleted",
	"store/sku":                                      "created updated deleted",
	"store/sku/inventory":                            "updated",
	"store/sku/inventory/order":                      "updated",
	"store/modifier":                                 "updated",
	"store/option":                                   "updated",
	"store/brand/metafield":                          "created updated deleted",
	"store/category":                                 "created updated deleted",
	"store/category/metafield":                       "created updated deleted",
	"store/app":                                      "uninstalled",
	"store/information":                              "updated",
	"store/redirects":                                "updated",
	"store/hook":                                     "deliveryException",
	"store/metafield":                                "created updated deleted",
	"store/priceList":                                "created updated activated deactivated deleted",
	"store/priceLists":                               "deleted",
	"store/priceList/record":                         "created updated deleted",
	"store/priceList/records":                        "created updated deleted",
	"store/priceList/assignment":                     "updated deleted",
	"store/channel/*/inventory/product":              "stock_changed low_stock_reached out_of_stock_reached settings_changed",
	"store/inventory/location":                       "created updated",
	"store/inventory/location/metafield":             "created updated deleted",
	"store/channel":                                  "created updated",
	"store/channel/metafield":                        "created updated deleted",
	"store/channel/{}/cart":                          "created updated deleted couponApplied abandoned converted",
	"store/channel/{}/cart/lineItem":                 "created updated deleted",
	"store/channel/{}/order":                         "created updated archived statusUpdated",
	"store/channel/{}/order/message":                 "created",
	"store/channel/{}/order/refund":                  "created",
	"store/channel/{}/category":                      "created updated deleted",
	"store/channel/{}/categoryTree":                  "updated",
	"store/channel/{}/product":                       "assigned unassigned",
	"store/channel/{}/category/product":              "assigned unassigned",
	"store/channel/{}/page":                          "created updated",
	"store/channel/{}/script":                        "created updated",
	"store/channel/{}/theme/configuration":           "created activated",
	"store/channel/{}/settings/searchContextFilters": "updated",
	"store/channel/{}/settings/route":                "updated",
	"store/channel/{}/settings/site":                 "updated",
	"store/channel/{}/settings/site/checkoutUrl":     "updated deleted",
	"store/channel/{}/settings/emailStatus":          "updated deleted",
	"store/channel/{}/email/templates":               "updated deleted",
	"store/channel/{}/settings/currency":             "updated",
	"store/channel/{}/settings/profile":              "updated",
	"store/channel/{}/settings/locale":               "added updated deleted",
	"store/channel/{}/settings/logo":                 "updated",
	"store/channel/{}/settings/logo/image":           "updated",
	"store/channel/{}/settings/favicon/image":        "updated",
	"store/channel/{}/settings/checkout":             "updated",
	"store/channel/{}/settings/SEO":                  "updated",
	"store/channel/{}/settings/robots":               "updated",
	"store/channel/{}/settings/category":             "updated",
	"store/channel/{}/settings/product":              "updated",
	"store/channel/{}/settings/catalog":              "updated",
	"store/channel/{}/settings/security":             "updated",
	"store/channel/{}/settings/defaultCustomerGroup": "updated",
	"store/channel/{}/settings/customerPrivacy":      "updated",
	"store/channel/{}/notifications/abandonedCart":   "updated",
	"store/channel/{}/notifications/inventory":       "updated",
	"store/channel/{}/socialMediaLinks":              "updated",
	"store/company":                                  "created updated deleted statusUpdated",
	"store/company/superadmin":                       "assignmentUpdated",
	"store/company/user":                             "created updated deleted",
	"store/company/address":                          "created updated deleted",
	"store/superadmin":                               "created updated deleted assignmentUpdated",
	"store/quote":                                    "created updated statusUpdated deleted",
}

// wildcards lists the documented wildcard scopes without their "/*".
var wildcards = map[string]bool{
	"store/brand/metafield":              true,
	"store/cart":                         true,
	"store/cart/lineItem":                true,
	"store/category":                     true,
	"store/channel":                      true,
	"store/channel/{}/cart":              true,
	"store/channel/{}/cart/lineItem":     true,
	"store/channel/{}/category":          true,
	"store/channel/{}/order":             true,
	"store/channel/{}/settings":          true,
	"store/customer":                     true,
	"store/customer/address":             true,
	"store/inventory/location/metafield": true,
	"store/metafield":                    true,
	"store/order":                        true,
	"store/product":                      true,
	"store/product/metafield":            true,
	"store/product/variant/metafield":    true,
	"store/shipment":                     true,
	"store/sku":                          true,
	"store/subscriber":                   true,
}

// knownScope says whether a hook may ask for the scope.
func knownScope(scope string) bool {
	cut := strings.LastIndexByte(scope, '/')
	if cut < 0 {
		return false
	}
	family, last := withoutChannel(scope[:cut]), scope[cut+1:]
	if last == "*" {
		return wildcards[family]
	}
	names, ok := events[family]
	if !ok {
		names = events[scope[:cut]]
	}
	for name := range strings.FieldsSeq(names) {
		if name == last {
			return true
		}
	}
	return false
}

// withoutChannel replaces the channel id of store/channel/123/... by {}.
func withoutChannel(family string) string {
	rest, ok := strings.CutPrefix(family, "store/channel/")
	if !ok {
		return family
	}
	id, rest, _ := strings.Cut(rest, "/")
	if !digits(id) || rest == "" {
		return family
	}
	return "store/channel/{}/" + rest
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// matches says whether a hook for scope gets an event. Wildcards reach deeper families: store/cart/* includes
// store/cart/lineItem/created. store/channel/* alone means channels themselves, not what happens in them.
func matches(scope, event string) bool {
	if scope == event {
		return true
	}
	prefix, ok := strings.CutSuffix(scope, "*")
	if !ok || !strings.HasPrefix(event, prefix) {
		return false
	}
	return scope != "store/channel/*" || !strings.Contains(event[len(prefix):], "/")
}
