package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// benchHost is how the simulated store knows the measured program. Nothing is sent there.
const benchHost = "cartwheel.bench.example.com"

// benchShop is the store of the bench: a simulated one, with the two objects that
// are asked for again and again served from its own bytes, for any id.
type benchShop struct {
	*lean
	sim             *bcsim.Store
	token           []byte
	orderPath       []byte
	customerPath    []byte
	order, customer benchDoc
	delay           atomic.Int64 // nanoseconds before each answer
	calls           atomic.Int64

	mu   sync.Mutex
	hung chan struct{} // while it is not nil and open, nothing is answered
}

// benchDoc is a JSON document with holes for its ids.
type benchDoc [][]byte

func startBenchShop() (*benchShop, error) {
	s := &benchShop{sim: bcsim.New(bcsim.Config{Seed: 1, Quota: -1, LedgerSize: 100, Resolve: map[string]string{benchHost: "127.0.0.1:9"}})}
	err := s.learn()
	if err == nil {
		s.lean, err = startLean(s.answer)
	}
	if err != nil {
		s.sim.Close()
		return nil, fmt.Errorf("the simulated store: %w", err)
	}
	return s, nil
}

// learn asks the store for an order of a customer and for that customer.
func (s *benchShop) learn() error {
	c := s.sim.Config()
	s.token = []byte(c.AccessToken)
	base := "/stores/" + c.StoreHash
	s.orderPath, s.customerPath = []byte(base+"/v2/orders/"), []byte(base+"/v3/customers?id:in=")
	for _, o := range s.sim.Orders() {
		if o.CustomerID == 0 || o.Deleted || o.Currency != "USD" {
			continue
		}
		order, err := s.ask(base + "/v2/orders/" + strconv.Itoa(o.ID))
		if err != nil {
			return err
		}
		if s.order, err = cutIDs(order, `{"id":`, `"customer_id":`); err != nil {
			return err
		}
		customer, err := s.ask(base + "/v3/customers?id:in=" + strconv.Itoa(o.CustomerID))
		if err != nil {
			return err
		}
		s.customer, err = cutIDs(customer, `{"id":`)
		return err
	}
	return fmt.Errorf("%w: no order has a customer", errNothingFits)
}

func (s *benchShop) ask(path string) ([]byte, error) {
	c := leanCall{head: fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: store.example.com\r\nX-Auth-Token: %s\r\nAccept: application/json\r\n\r\n", path, s.token)}
	c.pass(s.sim)
	head, body, _ := bytes.Cut(c.out, []byte("\r\n\r\n"))
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		return nil, fmt.Errorf("GET %s: %s", path, head)
	}
	return body, nil
}

// cutIDs makes a hole of the number behind the first of each name.
func cutIDs(raw []byte, names ...string) (benchDoc, error) {
	var doc benchDoc
	for _, name := range names {
		before, after, ok := bytes.Cut(raw, []byte(name))
		rest := bytes.TrimLeft(after, "0123456789")
		if !ok || len(rest) == len(after) {
			return nil, fmt.Errorf("%w: %s is not in the store's answer", errNothingFits, name)
		}
		doc, raw = append(doc, append(bytes.Clone(before), name...)), rest
	}
	return append(doc, bytes.Clone(raw)), nil
}

// answer serves the order and the customer of any id, and everything else as the simulated store does.
func (s *benchShop) answer(c *leanCall) {
	order, isOrder := bytes.CutPrefix(c.target, s.orderPath)
	customer, isCustomer := bytes.CutPrefix(c.target, s.customerPath)
	known := bytes.Contains(c.head, s.token)
	switch {
	case known && isOrder && isNumber(order):
		s.wait()
		c.reply(s.order[0], order, s.order[1], order, s.order[2])
	case known && isCustomer && isNumber(customer):
		s.wait()
		c.reply(s.customer[0], customer, s.customer[1])
	default:
		c.pass(http.Handler(s.sim))
	}
}

func isNumber(b []byte) bool { return len(b) > 0 && len(bytes.TrimLeft(b, "0123456789")) == 0 }

func (s *benchShop) wait() {
	s.calls.Add(1)
	if d := s.delay.Load(); d > 0 {
		time.Sleep(time.Duration(d))
	}
	s.mu.Lock()
	hung := s.hung
	s.mu.Unlock()
	if hung != nil {
		<-hung
	}
}

// hang keeps the store from answering until resume.
func (s *benchShop) hang() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hung = make(chan struct{})
}

func (s *benchShop) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hung != nil {
		close(s.hung)
		s.hung = nil
	}
}

func (s *benchShop) stop() {
	s.resume()
	s.close()
	s.sim.Close()
}
