package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What an event under way may cost in the way of patience and memory.
const (
	underWay       = 2000 // events sent and not posted, at most
	underWaySlow   = 4000 // with a slow store
	slowStore      = 100 * time.Millisecond
	settlePatience = 30 * time.Second
	mostPosted     = 40_000  // events a second for which there is room in a campaign
	mostTaken      = 250_000 // the same, when nothing but the answer is waited for
)

// pipelineCondition compares a member of the order and one of the customer.
var pipelineCondition = fmt.Sprintf(`BigCommerce.Order.total_inc_tax > %d && BigCommerce.Customer.email contains "@"`, benchThreshold)

// moment is how far a measured program has come.
type moment struct {
	at   time.Time
	done int64
	cpu  time.Duration
}

// rate is what happened between two moments.
type rate struct {
	perSecond float64
	cpu       float64 // µs per event
}

func between(a, z moment) rate {
	done := float64(z.done - a.done)
	return rate{done / z.at.Sub(a.at).Seconds(), over(float64((z.cpu - a.cpu).Microseconds()), done)}
}

// volleyAt fires at a target at full speed for the bench's duration, after a warm-up, and
// returns the rate of what done counts. The gun has stopped then.
func (b *bench) volleyAt(ctx context.Context, c *child, g *gun, done func() int64) (rate, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- g.volley(ctx) }()
	look := func() moment { return moment{time.Now(), done(), c.cpu()} }
	var first moment
	for i, wait := range []time.Duration{b.duration / 4, b.duration} {
		select {
		case <-time.After(wait):
		case err := <-ended:
			return rate{}, errors.Join(err, c.fault(errors.New("the webhooks came to an end too early")))
		}
		if i == 0 {
			first = look()
		}
	}
	last := look()
	g.stop()
	if err := <-ended; err != nil {
		return rate{}, errors.Join(err, c.fault(errors.New("a webhook was not taken")))
	}
	return between(first, last), nil
}

// limit is how many events may be under way: at most most, and no more than short runs can bring to their end.
func (b *bench) limit(most float64) int { return max(barrels, int(most*min(1, b.duration.Seconds()))) }

// room is how many events a volley may need.
func (b *bench) room(perSecond float64) int { return int(b.duration.Seconds()*1.3*perSecond) + 10_000 }

// settle waits until every accepted event of a campaign has been posted. What
// takes too long is told, and the figures stand.
func (b *bench) settle(ctx context.Context, c *child, at *campaign, accepted int64) error {
	deadline := time.Now().Add(settlePatience)
	for at.arrived.Load() < accepted {
		if time.Now().After(deadline) {
			b.note("%s: %d of %d accepted events are not posted %s later", c.name, accepted-at.arrived.Load(), accepted, settlePatience)
			return nil
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// reference starts a program to compare with.
func (b *bench) reference(ctx context.Context, w *world, kind string) (*child, benchTarget, error) {
	c, err := startChild(ctx, b.exe, "bench", "reference", kind, "--store", w.storeURL(), "--token", string(w.shop.token), "--inbox", w.inbox.url+"/", "--dir", w.dir)
	if err != nil {
		return nil, benchTarget{}, err
	}
	addr, err := c.ready()
	if err != nil {
		c.kill()
		return nil, benchTarget{}, err
	}
	s := w.shop.sim.Config()
	return c, benchTarget{addr: addr, path: "/", secret: "0123456789abcdef0123456789abcdef", clientSecret: s.ClientSecret, scope: usedScope, store: s.StoreHash}, nil
}

// within makes a world for f and takes it away again.
func (b *bench) within(f func(*world) error) error {
	w, err := newWorld(b.dir)
	if err != nil {
		return err
	}
	return errors.Join(f(w), w.close())
}

// withReference starts a program to compare with, for f.
func (b *bench) withReference(ctx context.Context, kind string, f func(*world, *child, benchTarget) error) error {
	return b.within(func(w *world) error {
		c, target, err := b.reference(ctx, w, kind)
		if err != nil {
			return err
		}
		return errors.Join(f(w, c, target), c.stop())
	})
}

// withSubject starts Cartwheel with the workflows of setUp, for f.
func (b *bench) withSubject(ctx context.Context, name string, setUp, f func(*world, *subject) error) error {
	return b.within(func(w *world) error {
		s, err := newSubject(ctx, w, b.exe, b.profileOf(name))
		if err != nil {
			return err
		}
		err = s.connect(ctx)
		if err == nil {
			err = setUp(w, s)
		}
		if err == nil {
			err = s.idle(ctx)
		}
		if err == nil {
			err = f(w, s)
		}
		return errors.Join(err, s.stop())
	})
}

// onePipeline is the setUp of a single workflow that fetches, compares and posts.
func onePipeline(ctx context.Context) func(*world, *subject) error {
	return func(_ *world, s *subject) error {
		if err := s.publish(ctx, "pipeline", s.workflow("pipeline", benchTrigger, pipelineCondition)); err != nil {
			return err
		}
		return s.aim(ctx, usedScope)
	}
}

// post measures whole events at full speed: from the webhook to want posts each.
func (b *bench) post(ctx context.Context, w *world, c *child, t benchTarget, limit int, want int32) (rate, error) {
	if err := b.warmUp(ctx, w, c, t, want); err != nil {
		return rate{}, err
	}
	at := newCampaign(b.orders(), b.room(mostPosted), limit, want)
	w.inbox.current.Store(at)
	g := &gun{target: t, campaign: at}
	r, err := b.volleyAt(ctx, c, g, at.arrived.Load)
	if err != nil {
		return r, err
	}
	if n := g.refused.Load(); n > 0 {
		b.note("%s: refused %d webhooks with 503", c.name, n)
	}
	w.shop.delay.Store(0)
	if err := b.settle(ctx, c, at, g.accepted.Load()); err != nil {
		return r, err
	}
	if n := at.more.Load(); n > 0 {
		b.note("%s: posted %d times more than it was to", c.name, n)
	}
	return r, nil
}

// warmUp brings a few events to their end: workflows are compiled and connections made then.
func (b *bench) warmUp(ctx context.Context, w *world, c *child, t benchTarget, want int32) error {
	at := newCampaign(b.orders(), barrels, 0, want)
	w.inbox.current.Store(at)
	g := &gun{target: t, campaign: at}
	if err := g.volley(ctx); err != nil {
		return err
	}
	return b.settle(ctx, c, at, g.accepted.Load())
}

// note tells whoever watches.
func (b *bench) note(format string, args ...any) { _, _ = fmt.Fprintf(b.s.err, format+"\n", args...) }
