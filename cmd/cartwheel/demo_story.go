package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cartwheel/triggers/bigcommerce/bcsim"
)

// sceneTime is how long a scene may take. It takes well under a second; a busy machine gets more.
const sceneTime = 10 * time.Second

// scene is one event of the story, with what follows from it.
type scene struct {
	title  string
	text   string
	events int // webhooks that the act causes
	act    func() error
}

// tellAll tells the story and then goes on, one line an event.
func (d *demo) tellAll(ctx context.Context, o demoOptions) error {
	d.teller.opening(d)
	for i, s := range d.scenes {
		d.teller.scene(i+1, s)
		if err := d.play(ctx, s); err != nil {
			return err
		}
	}
	d.teller.closing(d, o)
	d.teller.brief = true
	return d.goOn(ctx, o)
}

// play causes a scene's event and passes on what happens until all of it has ended.
func (d *demo) play(ctx context.Context, s scene) error {
	until := d.teller.decided + s.events
	if err := s.act(); err != nil {
		return fmt.Errorf("%s: %w", s.title, err)
	}
	late := time.NewTimer(sceneTime)
	defer late.Stop()
	for {
		d.teller.takeAll(d.feed.take())
		if d.teller.decided >= until && len(d.teller.runs) == 0 {
			return nil
		}
		select {
		case <-d.feed.more:
		case <-late.C:
			d.teller.remark("This takes longer than it should; /demo/events shows how far it is.")
			d.teller.letGo()
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// goOn causes an event from time to time.
func (d *demo) goOn(ctx context.Context, o demoOptions) error {
	tick := time.NewTicker(o.every)
	defer tick.Stop()
	for n := 0; o.events < 0 || n < o.events; {
		d.teller.takeAll(d.feed.take())
		select {
		case <-d.feed.more:
		case <-tick.C:
			if err := d.play(ctx, d.more(n)); ctx.Err() == nil && err != nil {
				d.teller.remark(err.Error())
			}
			n++
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// prepare makes what the story needs.
func (d *demo) prepare() ([]scene, error) {
	abroad, err := d.shop.foreigner()
	if err != nil {
		return nil, err
	}
	regular, err := d.shop.regular()
	if err != nil {
		return nil, err
	}
	parcels, err := d.shop.NewOrder(bcsim.OrderOptions{CustomerID: abroad.ID, Addresses: 2, Lines: 3, Source: "manual"})
	if err != nil {
		return nil, err
	}
	large, err := d.shop.cartWorth(520, 5000, bcsim.CartOptions{Email: "garden.friend@example.com", Lines: 3})
	if err != nil {
		return nil, err
	}
	small, err := d.shop.cartWorth(20, 250, bcsim.CartOptions{CustomerID: regular.ID, Lines: 2})
	if err != nil {
		return nil, err
	}
	left, err := d.shop.NewCart(bcsim.CartOptions{CustomerID: abroad.ID, Lines: 2})
	if err != nil {
		return nil, err
	}
	nameless, err := d.shop.NewCart(bcsim.CartOptions{Lines: 1})
	if err != nil {
		return nil, err
	}
	ship := func() error { _, err := d.shop.Ship(parcels); return err }
	convert := func(id string) func() error {
		return func() error { _, err := d.shop.ConvertCart(id); return err }
	}
	return []scene{
		{"A parcel leaves the warehouse", fmt.Sprintf("%s %s gets the first of two parcels of order #%d.", abroad.FirstName, abroad.LastName, parcels), 1, ship},
		{"The second parcel of the same order", "One survey per order is enough.", 1, ship},
		{"A guest buys for more than 500 dollars", "A cart of " + large.Amount + " " + large.Currency + " becomes an order: two webhooks.", 2, convert(large.ID)},
		{"A customer buys for less", "A cart of " + small.Amount + " " + small.Currency + " becomes an order.", 2, convert(small.ID)},
		{"A cart is left behind", "Its owner is known, so there is an e-mail address.", 1, func() error { return d.shop.AbandonCart(left) }},
		{"A guest's cart is left behind", "Nobody knows whose it is.", 1, func() error { return d.shop.AbandonCart(nameless) }},
	}, nil
}

// more is the n-th event after the story. When nothing fits any more the shoppers buy something new.
func (d *demo) more(n int) scene {
	kinds := []scene{
		{"Ship", "", 1, func() error { _, err := d.shop.shipAny(); return err }},
		{"Order", "", 1, func() error {
			_, err := d.shop.NewOrder(bcsim.OrderOptions{Source: "manual", Lines: 1 + n%4})
			return err
		}},
		{"Convert", "", 2, func() error {
			id, err := d.shop.anyCart(true)
			if errors.Is(err, errNothingFits) {
				id, err = d.shop.NewCart(bcsim.CartOptions{Email: "balcony.gardener@example.com"})
			}
			if err != nil {
				return err
			}
			_, err = d.shop.ConvertCart(id)
			return err
		}},
		{"Abandon", "", 1, func() error {
			id, err := d.shop.NewCart(bcsim.CartOptions{Email: "late.bloomer@example.com"})
			if err != nil {
				return err
			}
			return d.shop.AbandonCart(id)
		}},
	}
	return kinds[n%len(kinds)]
}
