package bigcommerce

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"cartwheel/engine"
)

// probe is one read-only call of a test.
type probe struct {
	name string
	path string
	use  string // what does not work without it
	// absent: the thing asked for does not exist, so that a 404 is as good as an answer
	absent bool
}

func probes() []probe {
	return []probe{
		{name: "Orders", path: "/v2/orders?limit=1", use: "orders, their line items and shipments"},
		{name: "Customers", path: "/v3/customers?limit=1", use: "customers"},
		{name: "Carts", path: "/v3/carts/" + uuid.NewString(), use: "abandoned carts", absent: true},
		{name: "Channels", path: "/v3/channels?limit=1", use: "channels"},
		{name: "Hooks", path: "/v3/hooks?limit=1", use: "webhooks"},
	}
}

// Test reads the store's own data, then tries one small read for each thing
// that triggers use. It changes nothing. A failure is a check that is not ok,
// never an error.
func (t AuthType) Test(ctx context.Context, a engine.Auth) ([]engine.Check, error) {
	acc, err := t.client.accountOf(a)
	if err != nil {
		return []engine.Check{{Name: "Store", Detail: engine.MessageOf(err)}}, nil
	}
	checks, usable := t.checkStore(ctx, acc)
	for _, p := range probes() {
		if !usable {
			checks = append(checks, engine.Check{Name: p.name, Detail: "Not tried, because the store did not let us in."})
			continue
		}
		checks = append(checks, t.check(ctx, acc, p))
	}
	return append(checks, signatureCheck(acc)...), nil
}

// checkStore says which store it is. usable: the others are worth trying.
func (t AuthType) checkStore(ctx context.Context, acc *account) (checks []engine.Check, usable bool) {
	ans, err := t.client.get(ctx, acc, "/v2/store")
	if err != nil {
		return []engine.Check{{Name: "Store", Detail: engine.MessageOf(err)}}, ans.call.Status == http.StatusForbidden
	}
	store, err := ans.object("")
	if err != nil {
		return []engine.Check{{Name: "Store", Detail: engine.MessageOf(err)}}, false
	}
	zone, _ := store.Lookup("timezone | name")
	name, ok := zone.(string)
	if !ok {
		name = "not given"
	}
	return []engine.Check{{Name: "Store", OK: true,
		Detail: fmt.Sprintf("%s (%s), time zone %s.", textOf(store, "name"), textOf(store, "domain"), name)}}, true
}

func (t AuthType) check(ctx context.Context, acc *account, p probe) engine.Check {
	_, err := t.client.get(ctx, acc, p.path)
	if err != nil && (!p.absent || !missing(err)) {
		return engine.Check{Name: p.name, Detail: engine.MessageOf(err)}
	}
	return engine.Check{Name: p.name, OK: true, Detail: "The API account may read " + p.use + "."}
}

// signatureCheck speaks up when signatures are required that nobody could check.
func signatureCheck(acc *account) []engine.Check {
	if acc.Signature != signatureRequired {
		return nil
	}
	if acc.auth.Secret(secretClientSecret) == "" {
		return []engine.Check{{Name: "Signatures", Detail: "Signatures are required, but client_secret is not set: every webhook would be refused."}}
	}
	return []engine.Check{{Name: "Signatures", OK: true, Detail: "The client secret is set; the first signed webhook shows whether it is the right one."}}
}
