package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// restFor is how long a program rests before its memory is read.
const restFor = 2 * time.Second

// startUp measures memory without work, then starts again and again.
func (b *bench) startUp(ctx context.Context) error {
	return b.withSubject(ctx, "start", onePipeline(ctx), func(w *world, s *subject) error {
		select {
		case <-time.After(min(restFor, b.duration)):
		case <-ctx.Done():
			return ctx.Err()
		}
		now, _ := s.memory()
		b.figures.add("start idle", "MB", now, atMost(40))
		if err := s.stop(); err != nil {
			return err
		}
		_, first, err := b.restart(ctx, s)
		if err != nil {
			return err
		}
		b.figures.add("start empty", "ms to the first accepted webhook", ms(first), atMost(150))
		return b.startWithBacklog(ctx, w, s)
	})
}

// restart starts Cartwheel on its folder and returns when it began and how long it took until a webhook was accepted.
func (b *bench) restart(ctx context.Context, s *subject) (began time.Time, took time.Duration, err error) {
	if s.addr, err = freeAddress(); err != nil {
		return began, 0, err
	}
	raw := newShot(s.target(usedScope)).load(b.orders())
	began = time.Now()
	if err := s.start(ctx, s.addr); err != nil {
		return began, 0, err
	}
	for time.Since(began) < childPatience && ctx.Err() == nil {
		status, err := knock(ctx, s.addr, raw)
		if err == nil && status == http.StatusOK {
			return began, time.Since(began), nil
		}
		nap(200 * time.Microsecond)
	}
	return began, 0, errors.Join(ctx.Err(), s.fault(errors.New("it accepted no webhook")))
}

func knock(ctx context.Context, addr string, raw []byte) (int, error) {
	b, err := newBarrel(ctx, addr)
	if err != nil {
		return 0, err
	}
	defer b.conn.Close()
	return b.fire(raw)
}

// startWithBacklog lets events pile up in front of a store that hangs, ends
// Cartwheel as a power cut would, and starts it again with a store that answers.
func (b *bench) startWithBacklog(ctx context.Context, w *world, s *subject) error {
	w.shop.hang()
	at := newCampaign(b.orders(), b.backlog, 0, 1)
	g := &gun{target: s.target(usedScope), campaign: at}
	err := g.volley(ctx)
	s.kill()
	w.shop.resume()
	if err != nil {
		return err
	}
	w.inbox.current.Store(at)
	began, first, err := b.restart(ctx, s)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("start with %d waiting", b.backlog)
	b.figures.add(line, "ms to the first accepted webhook", ms(first), atMost(1000))
	select {
	case <-at.begun:
		b.figures.add(line, "ms to the first post", ms(time.Since(began)), atMost(1000))
	case <-time.After(childPatience):
		return s.fault(errors.New("nothing that waited was done"))
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := b.settle(ctx, s.child, at, g.accepted.Load()); err != nil {
		return err
	}
	b.figures.add(line, "ms until all are done", ms(time.Since(began)), nil)
	return nil
}
