package bigcommerce

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"cartwheel/engine"
	"cartwheel/merge"
)

// get makes one call and notes it.
func (p *part) get(ctx context.Context, r *reading, path string) (*answer, error) {
	ans, err := r.client.get(ctx, r.acc, path)
	if ans.sent {
		p.calls = append(p.calls, ans.call)
	}
	return ans, err
}

// missing tells whether err says that there is no such thing.
func missing(err error) bool { return engine.CodeOf(err) == engine.NotFound }

// readMain reads the order or the cart that the event is about.
func (r *reading) readMain(ctx context.Context) *part {
	if r.row.main == rootCart {
		return r.readCart(ctx)
	}
	if r.who.order == "" {
		return r.findOrder(ctx)
	}
	p := &part{root: rootOrder}
	ans, err := p.get(ctx, r, "/v2/orders/"+r.who.order)
	switch {
	case missing(err):
		p.err = r.noOrder()
	case err != nil:
		p.err = err
	default:
		p.value, p.err = boxed(ans.object(r.who.order))
	}
	return p
}

func (r *reading) noOrder() error {
	return engine.Errorf(engine.NotFound, "Order %s is not at the store (404). It was deleted, or the store does not show it yet.", r.who.order)
}

// findOrder finds the order that a cart became: a channel's own webhook does not
// name it. Of several the newest counts, one that was completed before one that was not.
func (r *reading) findOrder(ctx context.Context) *part {
	p := &part{root: rootOrder}
	if r.who.cart == "" {
		p.err = engine.Errorf(engine.Invalid, "The webhook names neither an order nor a cart, so there is nothing to read.")
		return p
	}
	ans, err := p.get(ctx, r, "/v2/orders?cart_id="+url.QueryEscape(r.who.cart))
	if err != nil && !missing(err) {
		p.err = err
		return p
	}
	var orders []any
	if err == nil {
		if orders, p.err = ans.list(); p.err != nil {
			return p
		}
	}
	// The filter is checked: without it the answer would be strangers' orders.
	orders = slices.DeleteFunc(orders, func(v any) bool {
		o, _ := v.(merge.Object)
		return first(o, "cart_id") != r.who.cart
	})
	if len(orders) == 0 {
		p.err = engine.Errorf(engine.NotFound, "The store has no order yet of cart %s.", r.who.cart)
		return p
	}
	p.value = slices.MaxFunc(orders, func(a, b any) int { return orderRank(a) - orderRank(b) })
	return p
}

// orderRank is higher for newer orders, and for complete ones above all.
func orderRank(v any) int {
	o, _ := v.(merge.Object)
	rank, _ := strconv.Atoi(first(o, "id"))
	if first(o, "status_id") != "" { // 0 is Incomplete
		rank += 1 << 40
	}
	return rank
}

// readCart reads the cart. The store keeps no carts that became orders.
func (r *reading) readCart(ctx context.Context) *part {
	p := &part{root: rootCart}
	if r.who.cart == "" {
		p.err = engine.Errorf(engine.Invalid, "The webhook names no cart, so there is nothing to read.")
		return p
	}
	ans, err := p.get(ctx, r, "/v3/carts/"+r.who.cart+"?include=line_items.physical_items.options,line_items.digital_items.options")
	switch {
	case missing(err):
		p.err = engine.Errorf(engine.Gone, "The cart is no longer at the store: it was bought or deleted.")
	case err != nil:
		p.err = err
	default:
		p.value, p.err = boxed(ans.dataObject(r.who.cart))
	}
	return p
}

// readShipment reads the event's shipment; an event made for an order (a
// sample) has none of its own and gets the newest.
func (r *reading) readShipment(ctx context.Context) *part {
	p := &part{root: rootShipment}
	if r.who.order == "" {
		p.err = engine.Errorf(engine.Invalid, "The webhook names no order, so its shipment cannot be read.")
		return p
	}
	path := "/v2/orders/" + r.who.order + "/shipments"
	if r.who.shipment == "" {
		return r.newestShipment(ctx, p, path)
	}
	ans, err := p.get(ctx, r, path+"/"+r.who.shipment)
	switch {
	case missing(err):
		p.err = engine.Errorf(engine.NotFound, "Shipment %s of order %s is not at the store (404). It was deleted, or the store does not show it yet.",
			r.who.shipment, r.who.order)
	case err != nil:
		p.err = err
	default:
		p.value, p.err = boxed(ans.object(r.who.shipment))
	}
	return p
}

func (r *reading) newestShipment(ctx context.Context, p *part, path string) *part {
	p = r.pages(ctx, p, path)
	list, _ := p.value.([]any)
	p.value = nil
	if p.err == nil && len(list) == 0 {
		p.err = engine.Errorf(engine.NotFound, "Order %s has no shipment yet. Name an order that was shipped, or a shipment as order/shipment (4127/903).", r.who.order)
	}
	if p.err == nil {
		p.value = list[len(list)-1]
	}
	return p
}

// readList reads one of an order's lists. None is an empty list, which the
// store says by 204; a 404 says so too once the order itself has been seen.
func (r *reading) readList(ctx context.Context, root, name string) *part {
	if r.who.order == "" {
		return &part{root: root, err: engine.Errorf(engine.Invalid, "The webhook names no order, so there is nothing to read.")}
	}
	p := r.pages(ctx, &part{root: root}, "/v2/orders/"+r.who.order+"/"+name)
	switch {
	case missing(p.err) && r.main.Len() == 0:
		p.err = r.noOrder()
	case missing(p.err):
		p.value, p.err = []any{}, nil
	}
	return p
}

const maxPages = 20 // 5,000 line items

// pages reads a V2 list to its end: an empty page or one that is not full.
func (r *reading) pages(ctx context.Context, p *part, path string) *part {
	all := []any{}
	for page := 1; page <= maxPages; page++ {
		query := fmt.Sprintf("?limit=%d", pageSize)
		if page > 1 {
			query += fmt.Sprintf("&page=%d", page)
		}
		ans, err := p.get(ctx, r, path+query)
		if missing(err) && page > 1 {
			break
		}
		var list []any
		if err == nil {
			list, err = ans.list()
		}
		if err != nil {
			p.err = err
			return p
		}
		if all = append(all, list...); len(list) < pageSize {
			break
		}
	}
	p.value = all
	return p
}

// readCustomer reads the customer of the order or cart in one naming. Customer
// 0 is a guest; one who is gone is absent.
func (r *reading) readCustomer(ctx context.Context, set naming) *part {
	p := &part{root: rootCustomer, set: set}
	id := first(r.main, "customer_id")
	if id == "" {
		return p
	}
	if set == v3Customer {
		return r.readCustomerV3(ctx, p, id)
	}
	ans, err := p.get(ctx, r, "/v2/customers/"+id)
	if missing(err) || err == nil && len(ans.body) == 0 {
		return p
	}
	if err != nil {
		p.err = err
		return p
	}
	p.value, p.err = boxed(ans.object(id))
	return p
}

// readCustomerV3 asks by filter, as V3 has no single customer. The id in the
// answer is checked: a filter that was ignored would give somebody else.
func (r *reading) readCustomerV3(ctx context.Context, p *part, id string) *part {
	ans, err := p.get(ctx, r, "/v3/customers?id:in="+id)
	if err != nil {
		if !missing(err) {
			p.err = err
		}
		return p
	}
	list, err := ans.dataList()
	if err != nil {
		p.err = err
		return p
	}
	for _, v := range list {
		if o, ok := v.(merge.Object); ok && first(o, "id") == id {
			p.value = o
		}
	}
	return p
}

func (r *reading) readStore(ctx context.Context) *part {
	return r.cached(ctx, rootStore, "/v2/store", func(a *answer) (merge.Object, error) { return a.object("") })
}

// readChannel reads the channel of the order or cart; one that is gone is absent.
func (r *reading) readChannel(ctx context.Context) *part {
	id := first(r.main, "channel_id")
	if id == "" {
		return &part{root: rootChannel}
	}
	p := r.cached(ctx, rootChannel, "/v3/channels/"+id, func(a *answer) (merge.Object, error) { return a.dataObject(id) })
	if missing(p.err) {
		p.err = nil
	}
	return p
}

// cached reads an object that hardly ever changes.
func (r *reading) cached(ctx context.Context, root, path string, read func(*answer) (merge.Object, error)) *part {
	p, key := &part{root: root}, cacheKey(r.acc, path)
	if o, ok := r.client.cache.get(key, r.client.Now()); ok {
		p.value = o
		return p
	}
	ans, err := p.get(ctx, r, path)
	if err != nil {
		p.err = err
		return p
	}
	o, err := read(ans)
	if err == nil {
		r.client.cache.put(key, o, r.client.Now())
	}
	p.value, p.err = boxed(o, err)
	return p
}

// boxed makes nil of an object that could not be read.
func boxed(o merge.Object, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return o, nil
}

// cartItems puts the four kinds of a cart's items into one list; each says its kind in "type".
func cartItems(cart merge.Object) []any {
	items := []any{}
	v, _ := cart.Get("line_items")
	kinds, _ := v.(merge.Object)
	for _, kind := range [][2]string{{"physical_items", "physical"}, {"digital_items", "digital"},
		{"custom_items", "custom"}, {"gift_certificates", "gift_certificate"}} {
		v, _ := kinds.Get(kind[0])
		list, _ := v.([]any)
		for _, v := range list {
			o, ok := v.(merge.Object)
			if !ok {
				continue
			}
			var item merge.Object
			item.Set("type", kind[1])
			for name, value := range o.All() {
				item.Set(name, value)
			}
			items = append(items, item)
		}
	}
	return items
}
