package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// simControl is the little API beside a simulated store's own: POST /sim/<act>
// makes something happen there, as shoppers and staff do; GET /sim/ lists what
// it could happen to, GET /sim/deliveries how the webhooks fared. Answers are
// JSON; an error is {"error": "..."} with 400 (a parameter), 404 (no such object or act) or
// 422 (the store's rules forbid it).
type simControl struct {
	shop
	acts map[string]func(simQuery) (any, error)
}

// errParameter: the request says something that cannot be read.
var errParameter = errors.New("wrong parameter")

func newSimControl(store *bcsim.Store) *simControl {
	c := &simControl{shop: shop{store}}
	c.acts = map[string]func(simQuery) (any, error){
		"ship":    c.ship,
		"order":   c.order,
		"status":  c.status,
		"archive": c.archive,
		"cart":    c.newCart,
		"abandon": c.abandon,
		"convert": c.convert,
		"delete":  c.deleteCart,
	}
	return c
}

// ServeHTTP answers one request below /sim/.
func (c *simControl) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	word := r.URL.Path[len("/sim/"):]
	act, isAct := c.acts[word]
	switch {
	case r.Method == http.MethodGet && word == "":
		answerJSON(w, http.StatusOK, c.overview())
	case r.Method == http.MethodGet && word == "deliveries":
		answerJSON(w, http.StatusOK, map[string]any{"deliveries": c.deliveries()})
	case !isAct && word != "" && word != "deliveries":
		answerJSON(w, http.StatusNotFound, simError(fmt.Errorf("there is no act %q; the acts are %v", word, slices.Sorted(maps.Keys(c.acts)))))
	case !isAct:
		w.Header().Set("Allow", http.MethodGet)
		answerJSON(w, http.StatusMethodNotAllowed, simError(errors.New("use GET here")))
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		answerJSON(w, http.StatusMethodNotAllowed, simError(errors.New("use POST to cause an event")))
	default:
		answer, err := act(simQuery{r.URL.Query()})
		if err != nil {
			answerJSON(w, simStatus(err), simError(err))
			return
		}
		answerJSON(w, http.StatusOK, answer)
	}
}

func simStatus(err error) int {
	switch {
	case errors.Is(err, errParameter):
		return http.StatusBadRequest
	case errors.Is(err, bcsim.ErrNotFound), errors.Is(err, errNothingFits):
		return http.StatusNotFound
	default:
		return http.StatusUnprocessableEntity
	}
}

func simError(err error) any { return map[string]string{"error": err.Error()} }

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(body) // the client may have gone
}

// simQuery are the parameters of an act.
type simQuery struct{ url.Values }

// number reads an optional whole number; 0 when it is not given.
func (q simQuery) number(name string) (int, error) {
	text := q.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: %s=%q must be a whole number", errParameter, name, text)
	}
	return n, nil
}

// numbers reads several at once.
func (q simQuery) numbers(into map[string]*int) error {
	for name, to := range into {
		n, err := q.number(name)
		if err != nil {
			return err
		}
		*to = n
	}
	return nil
}

// needed reads a number that must be given.
func (q simQuery) needed(name string) (int, error) {
	n, err := q.number(name)
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: say which with ?%s=", errParameter, name)
	}
	return n, err
}

// ship ships what is left of an order for one address; without ?order= any that waits.
func (c *simControl) ship(q simQuery) (any, error) {
	id, err := q.number("order")
	if err != nil {
		return nil, err
	}
	if id == 0 {
		if id, err = c.shipAny(); err != nil {
			return nil, err
		}
		return map[string]any{"order_id": id}, nil
	}
	shipment, err := c.Ship(id)
	return map[string]any{"order_id": id, "shipment_id": shipment}, err
}

// order makes an order: ?customer= &email= &currency= &source= &lines= &addresses= &channel= &status=
func (c *simControl) order(q simQuery) (any, error) {
	o := bcsim.OrderOptions{Email: q.Get("email"), Currency: q.Get("currency"), Source: q.Get("source"), Message: q.Get("message")}
	err := q.numbers(map[string]*int{"customer": &o.CustomerID, "lines": &o.Lines, "addresses": &o.Addresses, "channel": &o.ChannelID, "status": &o.StatusID})
	if err != nil {
		return nil, err
	}
	if q.Get("status") == "0" {
		o.StatusID = bcsim.Incomplete
	}
	if o.Addresses > 10 {
		return nil, fmt.Errorf("%w: addresses=%d is more than 10", errParameter, o.Addresses)
	}
	id, err := c.NewOrder(o)
	return map[string]any{"order_id": id}, err
}

func (c *simControl) status(q simQuery) (any, error) {
	id, err := q.needed("order")
	if err != nil {
		return nil, err
	}
	status, err := q.number("status")
	if err != nil {
		return nil, err
	}
	return map[string]any{"order_id": id, "status_id": status}, c.SetStatus(id, status)
}

func (c *simControl) archive(q simQuery) (any, error) {
	id, err := q.needed("order")
	if err != nil {
		return nil, err
	}
	return map[string]any{"order_id": id}, c.ArchiveOrder(id)
}

// newCart makes a cart: ?customer= &email= &lines= &channel=
func (c *simControl) newCart(q simQuery) (any, error) {
	o := bcsim.CartOptions{Email: q.Get("email")}
	if err := q.numbers(map[string]*int{"customer": &o.CustomerID, "lines": &o.Lines, "channel": &o.ChannelID}); err != nil {
		return nil, err
	}
	if o.Lines > 100 {
		return nil, fmt.Errorf("%w: lines=%d is more than 100", errParameter, o.Lines)
	}
	id, err := c.NewCart(o)
	return map[string]any{"cart_id": id}, err
}

// cartOf is the cart that ?cart= names; without it any that has an e-mail address.
func (c *simControl) cartOf(q simQuery) (string, error) {
	if id := q.Get("cart"); id != "" {
		return id, nil
	}
	return c.anyCart(true)
}

func (c *simControl) abandon(q simQuery) (any, error) {
	id, err := c.cartOf(q)
	if err != nil {
		return nil, err
	}
	return map[string]any{"cart_id": id}, c.AbandonCart(id)
}

func (c *simControl) convert(q simQuery) (any, error) {
	id, err := c.cartOf(q)
	if err != nil {
		return nil, err
	}
	order, err := c.ConvertCart(id)
	return map[string]any{"cart_id": id, "order_id": order}, err
}

func (c *simControl) deleteCart(q simQuery) (any, error) {
	id := q.Get("cart")
	if id == "" {
		return nil, fmt.Errorf("%w: say which with ?cart=", errParameter)
	}
	return map[string]any{"cart_id": id}, c.DeleteCart(id)
}
