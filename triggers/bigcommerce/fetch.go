package bigcommerce

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"cartwheel/engine"
	"cartwheel/merge"
)

// part is one object or list as it was read, with what it cost.
type part struct {
	root  string
	set   naming // of a customer
	value any    // nil: there is none, as a guest has no customer
	calls []engine.Call
	err   error
}

// Codes reads what want needs of the event's objects: the order or the cart
// first, since it leads to the others, then those all at once.
//
// A guest has no Customer, and neither has a customer who was deleted: the root
// is absent. Of a customer read in both namings the trigger's own wins where
// both have a name; read in the other naming alone, only what that one alone has
// is kept, so that a name means the same in every run.
func (t *Trigger) Codes(ctx context.Context, e *engine.Event, a engine.Auth, have merge.Object, want []merge.Code) (engine.Fetched, error) {
	r, err := t.reading(e, a, have, want)
	if err != nil {
		return engine.Fetched{}, err
	}
	err = r.run(ctx)
	return r.fetched(), err
}

// reading prepares what Codes does.
func (t *Trigger) reading(e *engine.Event, a engine.Auth, have merge.Object, want []merge.Code) (*reading, error) {
	acc, err := t.client.accountOf(a)
	if err != nil {
		return nil, err
	}
	data, err := dataOf(e.Data)
	if err != nil {
		return nil, err
	}
	r := &reading{client: t.client, acc: acc, row: t.row, who: identify(e.Scope, data)}
	h, _ := have.Get(storeRoot)
	r.have, _ = h.(merge.Object)
	r.plan = t.reach.plan(r.who, r.have, want)
	return r, nil
}

// dataOf reads the stored data of an event; what is no object names nothing.
func dataOf(raw json.RawMessage) (merge.Object, error) {
	if len(raw) == 0 {
		return merge.Object{}, nil
	}
	v, err := merge.Decode(raw)
	if err != nil {
		return merge.Object{}, &engine.Error{Code: engine.Invalid, Op: "bigcommerce.Codes", Message: "The event's data is no JSON.", Err: err}
	}
	o, _ := v.(merge.Object)
	return o, nil
}

// reading is the work of one Codes.
type reading struct {
	client *Client
	acc    *account
	row    event
	who    identity
	plan   plan
	have   merge.Object // members of "BigCommerce" that were at hand
	main   merge.Object // the order or the cart, at hand or read; empty if not needed
	parts  []*part
}

func (r *reading) run(ctx context.Context) error {
	if r.plan.nothing() {
		return nil
	}
	at, _ := r.have.Get(r.row.main)
	r.main, _ = at.(merge.Object)
	if r.plan.main {
		p := r.readMain(ctx)
		r.parts = append(r.parts, p)
		if p.err != nil {
			return p.err
		}
		r.main, _ = p.value.(merge.Object)
	}
	if r.who.order == "" && r.row.main == rootOrder {
		r.who.order = first(r.main, "id")
	}
	r.parts = append(r.parts, together(ctx, r.tasks())...)
	for _, p := range r.parts {
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

type task func(context.Context) *part

// together runs independent tasks at once; the parts come in the order of the tasks.
func together(ctx context.Context, tasks []task) []*part {
	parts := make([]*part, len(tasks))
	if len(tasks) == 1 {
		parts[0] = tasks[0](ctx)
		return parts
	}
	var wg sync.WaitGroup
	for i, t := range tasks {
		wg.Go(func() { parts[i] = t(ctx) })
	}
	wg.Wait()
	return parts
}

// tasks are the reads behind the main object, in the order of the table's roots.
func (r *reading) tasks() []task {
	var tasks []task
	for _, root := range r.row.roots {
		if root == rootCustomer {
			for _, set := range r.plan.customers {
				tasks = append(tasks, func(ctx context.Context) *part { return r.readCustomer(ctx, set) })
			}
			continue
		}
		if read := r.reader(root); read != nil && r.plan.reads(root) {
			tasks = append(tasks, read)
		}
	}
	return tasks
}

func (r *reading) reader(root string) task {
	switch root {
	case rootShipment:
		return r.readShipment
	case rootProducts:
		return func(ctx context.Context) *part { return r.readList(ctx, root, "products") }
	case rootAddresses:
		return func(ctx context.Context) *part { return r.readList(ctx, root, "shipping_addresses") }
	case rootCoupons:
		return func(ctx context.Context) *part { return r.readList(ctx, root, "coupons") }
	case rootCartItems:
		return func(context.Context) *part { return &part{root: root, value: cartItems(r.main)} }
	case rootStore:
		return r.readStore
	case rootChannel:
		return r.readChannel
	default:
		return nil // the main object, read before
	}
}

// fetched puts the parts together, in the order of the table's roots.
func (r *reading) fetched() engine.Fetched {
	var out engine.Fetched
	for _, p := range r.parts {
		out.Calls = append(out.Calls, p.calls...)
	}
	var read merge.Object
	for _, root := range r.row.roots {
		if root == rootCustomer {
			if customer := r.customer(); customer.Len() > 0 {
				read.Set(root, customer)
			}
		} else if v := r.valueOf(root, ""); v != nil {
			read.Set(root, v)
		}
	}
	if read.Len() > 0 {
		out.Values.Set(storeRoot, read)
	}
	if len(out.Calls) > 0 || read.Len() > 0 {
		out.ReadAt = r.client.Now()
	}
	return out
}

// valueOf is what was read of root, for the customer in one naming; nil: nothing.
func (r *reading) valueOf(root string, set naming) any {
	for _, p := range r.parts {
		if p.root == root && p.set == set {
			return p.value
		}
	}
	return nil
}

// customer joins the sets just read with what was at hand; empty if nothing was read.
func (r *reading) customer() merge.Object {
	own, _ := r.valueOf(rootCustomer, r.row.customer).(merge.Object)
	other, _ := r.valueOf(rootCustomer, r.row.customer.other()).(merge.Object)
	if own.Len() == 0 && other.Len() == 0 {
		return merge.Object{}
	}
	v, _ := r.have.Get(rootCustomer)
	known, _ := v.(merge.Object)
	if known.Len() == 0 && other.Len() == 0 {
		return own
	}
	if own.Len() == 0 && holds(known, r.row.customer) {
		own = known
	}
	customer := own.Clone()
	for _, from := range []merge.Object{known, other} {
		for name, value := range from.All() {
			if slices.Contains(onlyIn(r.row.customer.other()), name) {
				customer.Set(name, value)
			}
		}
	}
	return customer
}
