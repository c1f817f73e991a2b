package bcsim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// route is one operation of the API. scope is the OAuth scope family it needs, "" for none.
type route struct {
	method, path, scope string
	handle              func(*call) reply
	segments            []string
}

// routeTable lists the API, grouped by number of path segments for a quick look-up. {} stands for any segment.
func routeTable() map[int][]route {
	table := map[int][]route{}
	for _, list := range [][]route{orderRoutes(), customerRoutes(), storeRoutes(), hookRoutes()} {
		for _, r := range list {
			r.segments = strings.Split(r.path[1:], "/")
			table[len(r.segments)] = append(table[len(r.segments)], r)
		}
	}
	return table
}

func orderRoutes() []route {
	return []route{
		{method: "GET", path: "/v2/orders", scope: scopeOrders, handle: (*call).listOrders},
		{method: "GET", path: "/v2/orders/count", scope: scopeOrders, handle: (*call).countOrders},
		{method: "GET", path: "/v2/orders/{}", scope: scopeOrders, handle: (*call).getOrder},
		{method: "PUT", path: "/v2/orders/{}", scope: scopeOrders, handle: (*call).putOrder},
		{method: "DELETE", path: "/v2/orders/{}", scope: scopeOrders, handle: (*call).deleteOrder},
		{method: "GET", path: "/v2/orders/{}/products", scope: scopeOrders, handle: (*call).listOrderProducts},
		{method: "GET", path: "/v2/orders/{}/products/{}", scope: scopeOrders, handle: (*call).getOrderProduct},
		{method: "GET", path: "/v2/orders/{}/coupons", scope: scopeOrders, handle: (*call).listCoupons},
		{method: "GET", path: "/v2/orders/{}/shipping_addresses", scope: scopeOrders, handle: (*call).listAddresses},
		{method: "GET", path: "/v2/orders/{}/shipping_addresses/{}", scope: scopeOrders, handle: (*call).getAddress},
		{method: "GET", path: "/v2/orders/{}/consignments", scope: scopeOrders, handle: (*call).getConsignments},
		{method: "GET", path: "/v2/orders/{}/shipments", scope: scopeOrders, handle: (*call).listShipments},
		{method: "POST", path: "/v2/orders/{}/shipments", scope: scopeOrders, handle: (*call).postShipment},
		{method: "DELETE", path: "/v2/orders/{}/shipments", scope: scopeOrders, handle: (*call).deleteShipments},
		{method: "GET", path: "/v2/orders/{}/shipments/count", scope: scopeOrders, handle: (*call).countShipments},
		{method: "GET", path: "/v2/orders/{}/shipments/{}", scope: scopeOrders, handle: (*call).getShipment},
		{method: "PUT", path: "/v2/orders/{}/shipments/{}", scope: scopeOrders, handle: (*call).putShipment},
		{method: "DELETE", path: "/v2/orders/{}/shipments/{}", scope: scopeOrders, handle: (*call).deleteShipment},
		{method: "GET", path: "/v2/orders/{}/messages", scope: scopeOrders, handle: (*call).listMessages},
		{method: "POST", path: "/v2/orders/{}/messages", scope: scopeOrders, handle: (*call).postMessage},
		{method: "GET", path: "/v2/orders/{}/taxes", scope: scopeOrders, handle: (*call).listTaxes},
		{method: "GET", path: "/v2/orders/{}/fees", scope: scopeOrders, handle: (*call).listFees},
		{method: "GET", path: "/v2/order_statuses", scope: scopeOrders, handle: (*call).listStatuses},
		{method: "GET", path: "/v2/order_statuses/{}", scope: scopeOrders, handle: (*call).getStatus},
		{method: "GET", path: "/v3/orders/{}/transactions", scope: scopeTransactions, handle: (*call).listTransactions},
		{method: "GET", path: "/v3/orders/{}/payment_actions/refunds", scope: scopeTransactions, handle: (*call).listRefunds},
		{method: "GET", path: "/v3/orders/{}/metafields", scope: scopeOrders, handle: (*call).listMetafields},
		{method: "POST", path: "/v3/orders/{}/metafields", scope: scopeOrders, handle: (*call).postMetafield},
		{method: "GET", path: "/v3/orders/{}/metafields/{}", scope: scopeOrders, handle: (*call).getMetafield},
		{method: "PUT", path: "/v3/orders/{}/metafields/{}", scope: scopeOrders, handle: (*call).putMetafield},
		{method: "DELETE", path: "/v3/orders/{}/metafields/{}", scope: scopeOrders, handle: (*call).deleteMetafield},
	}
}

func customerRoutes() []route {
	return []route{
		{method: "GET", path: "/v2/customers", scope: scopeCustomers, handle: (*call).listCustomersV2},
		{method: "GET", path: "/v2/customers/{}", scope: scopeCustomers, handle: (*call).getCustomerV2},
		{method: "PUT", path: "/v2/customers/{}", scope: scopeCustomers, handle: (*call).putCustomerV2},
		{method: "GET", path: "/v2/customers/{}/addresses", scope: scopeCustomers, handle: (*call).listAddressesV2},
		{method: "GET", path: "/v3/customers", scope: scopeCustomers, handle: (*call).listCustomersV3},
		{method: "PUT", path: "/v3/customers", scope: scopeCustomers, handle: (*call).putCustomersV3},
		{method: "DELETE", path: "/v3/customers", scope: scopeCustomers, handle: (*call).deleteCustomersV3},
		{method: "GET", path: "/v3/customers/addresses", scope: scopeCustomers, handle: (*call).listAddressesV3},
		{method: "GET", path: "/v3/customers/attributes", scope: scopeCustomers, handle: (*call).listAttributes},
		{method: "GET", path: "/v3/customers/attribute-values", scope: scopeCustomers, handle: (*call).listAttributeValues},
		{method: "PUT", path: "/v3/customers/attribute-values", scope: scopeCustomers, handle: (*call).putAttributeValues},
		{method: "GET", path: "/v3/customers/form-field-values", scope: scopeCustomers, handle: (*call).listFormFields},
		{method: "PUT", path: "/v3/customers/form-field-values", scope: scopeCustomers, handle: (*call).putFormFields},
	}
}

func storeRoutes() []route {
	return []route{
		{method: "GET", path: "/v2/store", scope: scopeInformation, handle: (*call).getStore},
		{method: "GET", path: "/v2/time", handle: (*call).getTime},
		{method: "GET", path: "/v3/channels", scope: scopeChannels, handle: (*call).listChannels},
		{method: "GET", path: "/v3/channels/{}", scope: scopeChannels, handle: (*call).getChannel},
		{method: "GET", path: "/v3/channels/{}/site", scope: scopeChannels, handle: (*call).getSite},
		{method: "GET", path: "/v3/carts/{}", scope: scopeCarts, handle: (*call).getCart},
		{method: "GET", path: "/v3/abandoned-carts/{}", scope: scopeInformation, handle: (*call).getAbandonedCart},
		{method: "GET", path: "/v3/catalog/products", scope: scopeProducts, handle: (*call).listProducts},
		{method: "GET", path: "/v3/catalog/products/{}", scope: scopeProducts, handle: (*call).getProduct},
		{method: "GET", path: "/v3/catalog/products/{}/custom-fields", scope: scopeProducts, handle: (*call).listCustomFields},
		{method: "GET", path: "/v3/catalog/products/{}/variants", scope: scopeProducts, handle: (*call).listVariants},
	}
}

func hookRoutes() []route {
	return []route{
		{method: "GET", path: "/v3/hooks", handle: (*call).listHooks},
		{method: "POST", path: "/v3/hooks", handle: (*call).postHook},
		{method: "GET", path: "/v3/hooks/admin", handle: (*call).getHookAdmin},
		{method: "PUT", path: "/v3/hooks/admin", handle: (*call).putHookAdmin},
		{method: "GET", path: "/v3/hooks/{}", handle: (*call).getHook},
		{method: "PUT", path: "/v3/hooks/{}", handle: (*call).putHook},
		{method: "DELETE", path: "/v3/hooks/{}", handle: (*call).deleteHook},
	}
}

// route finds the operation, checks the rights and runs the handler under the store's lock.
func (s *Store) route(c *call, path string) reply {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	found, other := s.find(c, segments)
	write := c.r.Method != http.MethodGet
	switch {
	case found == nil && other:
		return c.fail(http.StatusMethodNotAllowed, "The method is not allowed for this resource.")
	case found == nil:
		return c.fail(http.StatusNotFound, "The requested resource was not found.")
	case !acceptable(c.r):
		return c.fail(http.StatusNotAcceptable, "Only JSON is available.")
	case !c.account.allows(found.scope, write):
		return c.fail(http.StatusForbidden, "This account lacks the permission for the request.")
	case write && badMedia(c):
		return c.fail(http.StatusUnsupportedMediaType, "The body must be application/json.")
	}
	var err error
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return c.fail(http.StatusBadRequest, "The query string cannot be read.")
	}
	if !write {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return found.handle(c)
	}
	answer := s.locked(c, found)
	s.fire(c.events)
	return answer
}

func (s *Store) locked(c *call, r *route) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.handle(c)
}

// find prefers fixed segments, because they stand before {} in the table. other: the path exists for another method.
func (s *Store) find(c *call, segments []string) (found *route, other bool) {
	list := s.routes[len(segments)]
	for i := range list {
		r := &list[i]
		args, ok := fits(r.segments, segments)
		if !ok {
			continue
		}
		if r.method == c.r.Method {
			c.args = args
			return r, false
		}
		other = true
	}
	return nil, other
}

func fits(pattern, segments []string) (args []string, ok bool) {
	for i, p := range pattern {
		switch {
		case p == "{}" && segments[i] != "":
			args = append(args, segments[i])
		case p != segments[i]:
			return nil, false
		}
	}
	return args, true
}

// id reads the n-th {} of the path as a number; 0 is no object's id.
func (c *call) id(n int) int {
	id, err := strconv.Atoi(c.args[n])
	if err != nil {
		return 0
	}
	return id
}

// includes says whether the include parameter names one of the words.
func (c *call) includes(words ...string) bool {
	for part := range strings.SplitSeq(c.query.Get("include"), ",") {
		if slices.Contains(words, strings.TrimSpace(part)) {
			return true
		}
	}
	return false
}
