package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// around measures a program to compare with before and after f, and returns the mean: what the machine does for others
// changes within seconds.
func (b *bench) around(ctx context.Context, kind string, measure func(*world, *child, benchTarget) (rate, error), f func() error) (rate, error) {
	var seen [2]rate
	for i := range seen {
		err := b.withReference(ctx, kind, func(w *world, c *child, t benchTarget) (err error) {
			seen[i], err = measure(w, c, t)
			return err
		})
		if err == nil && i == 0 {
			err = f()
		}
		if err != nil {
			return rate{}, err
		}
	}
	return rate{(seen[0].perSecond + seen[1].perSecond) / 2, (seen[0].cpu + seen[1].cpu) / 2}, nil
}

// intake measures how fast webhooks are taken.
func (b *bench) intake(ctx context.Context) error {
	var mine, quiet rate
	measure := func(_ *world, c *child, t benchTarget) (rate, error) {
		r, _, err := b.take(ctx, c, t)
		return r, err
	}
	bare, err := b.around(ctx, "bare", measure, func() (err error) {
		mine, err = b.signedIntake(ctx)
		return err
	})
	if err != nil {
		return err
	}
	b.figures.add("intake bare", "webhooks/s", bare.perSecond, nil)
	b.figures.add("intake bare", "µs CPU", bare.cpu, nil)
	b.figures.add("intake ratio", "of bare, rate", over(mine.perSecond, bare.perSecond), atLeast(0.3))
	if quiet, err = b.quietIntake(ctx); err == nil {
		b.figures.add("intake decided", "of bare, rate taken", over(quiet.perSecond, bare.perSecond), nil)
	}
	return err
}

// signedIntake is intake of signed webhooks that no workflow starts from.
func (b *bench) signedIntake(ctx context.Context) (mine rate, err error) {
	err = b.withSubject(ctx, "intake", onePipeline(ctx), func(_ *world, s *subject) (err error) {
		var times []time.Duration
		mine, times, err = b.take(ctx, s.child, s.target(unusedScope))
		b.figures.add("intake cartwheel", "webhooks/s", mine.perSecond, atLeast(5000))
		b.figures.add("intake cartwheel", "µs CPU", mine.cpu, nil)
		b.figures.add("intake cartwheel", "ms p50 of the answer", ms(percentile(times, 50)), nil)
		b.figures.add("intake cartwheel", "ms p99 of the answer", ms(percentile(times, 99)), atMost(50))
		return err
	})
	return mine, err
}

// take measures answers alone.
func (b *bench) take(ctx context.Context, c *child, t benchTarget) (rate, []time.Duration, error) {
	g := &gun{target: t, campaign: newCampaign(b.orders(), b.room(mostTaken), 0, 1)}
	r, err := b.volleyAt(ctx, c, g, g.accepted.Load)
	return r, g.answerTimes(), err
}

// quietIntake is intake with a live workflow that says no and needs nothing of the
// store: taken and decided, at the rate that can be kept up. It returns the rate of the answers.
func (b *bench) quietIntake(ctx context.Context) (taken rate, err error) {
	setUp := func(_ *world, s *subject) error {
		if err := s.publish(ctx, "quiet", s.posting("quiet", quietTrigger, `Event.scope == "store/none"`, `{"scope":"{{ Event | scope }}"}`)); err != nil {
			return err
		}
		return s.aim(ctx, quietScope)
	}
	err = b.withSubject(ctx, "decided", setUp, func(_ *world, s *subject) (err error) {
		g := &gun{target: s.target(quietScope), campaign: newCampaign(b.orders(), b.room(mostTaken), 0, 1)}
		began, cpu := time.Now(), s.cpu()
		taken, err = b.volleyAt(ctx, s.child, g, g.accepted.Load)
		if err == nil {
			err = s.idle(ctx)
		}
		whole := between(moment{began, 0, cpu}, moment{time.Now(), g.accepted.Load(), s.cpu()})
		b.figures.add("intake decided", "webhooks/s taken", taken.perSecond, nil)
		b.figures.add("intake decided", "events/s decided", whole.perSecond, nil)
		b.figures.add("intake decided", "µs CPU", whole.cpu, nil)
		return err
	})
	return taken, err
}

// pipeline measures whole events at full speed.
func (b *bench) pipeline(ctx context.Context) error {
	var grouped, mine rate
	measure := func(w *world, c *child, t benchTarget) (rate, error) {
		return b.post(ctx, w, c, t, b.limit(underWay), 1)
	}
	straight, err := b.around(ctx, "straight", measure, func() (err error) {
		if mine, err = b.wholePipeline(ctx); err != nil {
			return err
		}
		return b.withReference(ctx, "grouped", func(w *world, c *child, t benchTarget) (err error) {
			grouped, err = measure(w, c, t)
			return err
		})
	})
	if err != nil {
		return err
	}
	b.figures.add("pipeline straight", "events/s", straight.perSecond, nil)
	b.figures.add("pipeline straight", "µs CPU", straight.cpu, nil)
	b.figures.add("pipeline grouped", "events/s", grouped.perSecond, nil)
	b.figures.add("pipeline grouped", "µs CPU", grouped.cpu, nil)
	b.figures.add("pipeline ratio", "of straight, rate", over(mine.perSecond, straight.perSecond), atLeast(0.5))
	b.figures.add("pipeline ratio", "of straight, CPU", over(mine.cpu, straight.cpu), atMost(2.5))
	b.figures.add("pipeline ratio", "of grouped, rate", over(mine.perSecond, grouped.perSecond), nil)
	return nil
}

// wholePipeline is the pipeline of Cartwheel.
func (b *bench) wholePipeline(ctx context.Context) (mine rate, err error) {
	err = b.withSubject(ctx, "pipeline", onePipeline(ctx), func(w *world, s *subject) (err error) {
		mine, err = b.post(ctx, w, s.child, s.target(usedScope), b.limit(underWay), 1)
		_, peak := s.memory()
		b.figures.add("pipeline cartwheel", "events/s", mine.perSecond, nil)
		b.figures.add("pipeline cartwheel", "µs CPU", mine.cpu, nil)
		b.figures.add("pipeline cartwheel", "MB at most", peak, nil)
		return err
	})
	return mine, err
}

// over divides; 0 where there is nothing to divide by.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// latency measures from the time at which a webhook was to be sent until its post came.
func (b *bench) latency(ctx context.Context) error {
	err := b.withReference(ctx, "straight", func(w *world, c *child, t benchTarget) error {
		return b.marches(ctx, w, c, t, "straight", nil)
	})
	if err != nil {
		return err
	}
	return b.withSubject(ctx, "latency", onePipeline(ctx), func(w *world, s *subject) error {
		return b.marches(ctx, w, s.child, s.target(usedScope), "cartwheel", map[int][2]*goal{100: {atMost(3), atMost(10)}, 1000: {nil, atMost(20)}})
	})
}

// marches measures at 100 and at 1,000 events per second. goals are those of p50 and p99.
func (b *bench) marches(ctx context.Context, w *world, c *child, t benchTarget, name string, goals map[int][2]*goal) error {
	for _, perSecond := range []int{100, 1000} {
		warm := max(perSecond/4, 10)
		at := newCampaign(b.orders(), warm+int(b.duration.Seconds()*float64(perSecond)), 0, 1)
		w.inbox.current.Store(at)
		g := &gun{target: t, campaign: at}
		err := g.march(ctx, perSecond)
		if err == nil {
			err = b.settle(ctx, c, at, g.accepted.Load())
		}
		if err != nil {
			return errors.Join(err, c.fault(errors.New("the events of a fixed rate did not all come")))
		}
		times, goal := at.times(warm), goals[perSecond]
		line := fmt.Sprintf("latency %s at %d/s", name, perSecond)
		b.figures.add(line, "ms p50", ms(percentile(times, 50)), goal[0])
		b.figures.add(line, "ms p99", ms(percentile(times, 99)), goal[1])
		b.figures.add(line, "ms greatest", ms(percentile(times, 100)), nil)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// slow measures with a store that takes its time.
func (b *bench) slow(ctx context.Context) error {
	return b.withSubject(ctx, "slow", onePipeline(ctx), func(w *world, s *subject) error {
		w.shop.delay.Store(int64(slowStore))
		got, err := b.post(ctx, w, s.child, s.target(usedScope), b.limit(underWaySlow), 1)
		_, peak := s.memory()
		b.figures.add("slow cartwheel", "events/s", got.perSecond, atLeast(2000))
		b.figures.add("slow cartwheel", "µs CPU", got.cpu, nil)
		b.figures.add("slow cartwheel", "MB at most", peak, atMost(120))
		return err
	})
}
