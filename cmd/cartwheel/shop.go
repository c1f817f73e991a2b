package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// errNothingFits: the store has nothing that an event could be caused with.
var errNothingFits = errors.New("nothing in the store fits")

// shop picks what suits an event in a simulated store.
type shop struct{ *bcsim.Store }

// shipAny ships an order that is paid and waits, and returns its id.
func (s shop) shipAny() (int, error) {
	for _, o := range s.Orders() {
		if o.StatusID != 11 || o.Deleted || o.ItemsShipped >= o.ItemsTotal {
			continue
		}
		if _, err := s.Ship(o.ID); err == nil {
			return o.ID, nil
		} else if !errors.Is(err, bcsim.ErrRefused) { // refused: downloads only
			return 0, err
		}
	}
	return 0, fmt.Errorf("%w: every order has been shipped", errNothingFits)
}

// anyCart is the oldest cart, with an e-mail address or without.
func (s shop) anyCart(withEmail bool) (string, error) {
	for _, c := range s.Carts() {
		if (c.Email != "") == withEmail {
			return c.ID, nil
		}
	}
	return "", fmt.Errorf("%w: there is no such cart", errNothingFits)
}

// foreigner is a customer whose name is in another script, one that terminals write from left to right.
func (s shop) foreigner() (bcsim.Customer, error) {
	scripts := []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana, unicode.Greek, unicode.Cyrillic, unicode.Han}
	best, rank := bcsim.Customer{}, len(scripts)
	for _, c := range s.Customers() {
		for i, script := range scripts[:rank] {
			if c.Email != "" && c.LastName != "" && inScript(c.FirstName, script) {
				best, rank = c, i
				break
			}
		}
	}
	if rank == len(scripts) {
		return best, fmt.Errorf("%w: no shopper has a name in another script", errNothingFits)
	}
	return best, nil
}

func inScript(name string, script *unicode.RangeTable) bool {
	for _, r := range name {
		if !unicode.Is(script, r) {
			return false
		}
	}
	return name != ""
}

// regular is a customer with a plain American cart, for a small one.
func (s shop) regular() (bcsim.Customer, error) {
	customers := s.Customers()
	i := slices.IndexFunc(customers, func(c bcsim.Customer) bool { return c.FirstName != "" && c.LastName != "" && c.Email != "" })
	if i < 0 {
		return bcsim.Customer{}, fmt.Errorf("%w: no customer has a name and an e-mail address", errNothingFits)
	}
	return customers[i], nil
}

// cartWorth makes carts until one is worth between low and high dollars, and returns it.
// The others are deleted. It makes no event that the demo listens to.
func (s shop) cartWorth(low, high float64, options bcsim.CartOptions) (bcsim.Cart, error) {
	for range 1000 {
		id, err := s.NewCart(options)
		if err != nil {
			return bcsim.Cart{}, err
		}
		c, err := s.cart(id)
		if err != nil {
			return bcsim.Cart{}, err
		}
		amount, err := strconv.ParseFloat(c.Amount, 64)
		if err == nil && c.Currency == "USD" && amount >= low && amount < high {
			return c, nil
		}
		if err := s.DeleteCart(id); err != nil {
			return bcsim.Cart{}, err
		}
	}
	return bcsim.Cart{}, fmt.Errorf("%w: no cart is worth %s to %s dollars", errNothingFits, dollars(low), dollars(high))
}

func dollars(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (s shop) cart(id string) (bcsim.Cart, error) {
	for _, c := range s.Carts() {
		if c.ID == id {
			return c, nil
		}
	}
	return bcsim.Cart{}, fmt.Errorf("%w: cart %s is gone", errNothingFits, id)
}

// newest are the last n orders, newest first.
func (s shop) newest(n int) []bcsim.Order {
	orders := s.Orders()
	slices.SortFunc(orders, func(a, b bcsim.Order) int { return cmp.Compare(b.ID, a.ID) })
	return orders[:min(n, len(orders))]
}
