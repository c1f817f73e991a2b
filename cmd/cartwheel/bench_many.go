package main

import (
	"context"
	"fmt"
	"sync"
)

// publishers is how many workflows are published at once.
const publishers = 4

// many measures the cost of workflows that do not match: the matching ones alone, then among the others.
func (b *bench) many(ctx context.Context) error {
	few := b.workflows / 100
	var alone, among rate
	for _, m := range []struct {
		name  string
		count int
		into  *rate
	}{{"few", few, &alone}, {"many", b.workflows, &among}} {
		setUp := func(_ *world, s *subject) error {
			if err := b.publishMany(ctx, s, m.count, m.count/few); err != nil {
				return err
			}
			return s.aim(ctx, usedScope)
		}
		err := b.withSubject(ctx, "workflows-"+m.name, setUp, func(w *world, s *subject) (err error) {
			*m.into, err = b.post(ctx, w, s.child, s.target(usedScope), max(1, b.limit(underWay)/few), int32(few)) //nolint:gosec // a hundredth of a flag
			return err
		})
		if err != nil {
			return err
		}
	}
	alone1 := fmt.Sprintf("workflows %d, all match", few)
	b.figures.add(alone1, "events/s", alone.perSecond, nil)
	b.figures.add(alone1, "µs CPU", alone.cpu, nil)
	amongAll := fmt.Sprintf("workflows %d, %d match", b.workflows, few)
	b.figures.add(amongAll, "events/s", among.perSecond, nil)
	b.figures.add(amongAll, "µs CPU", among.cpu, nil)
	b.figures.add("workflows ratio", "of the few alone, rate", over(among.perSecond, alone.perSecond), atLeast(0.5))
	return nil
}

// publishMany publishes count workflows, of which every nth matches.
func (b *bench) publishMany(ctx context.Context, s *subject, count, nth int) error {
	numbers := make(chan int)
	errs := make(chan error, publishers)
	var work sync.WaitGroup
	for range publishers {
		work.Go(func() {
			var failed error
			for i := range numbers {
				if failed == nil {
					id := fmt.Sprintf("w%d", i)
					failed = s.publish(ctx, id, s.workflow(id, benchTrigger, manyCondition(i, i%nth == 0)))
				}
			}
			errs <- failed
		})
	}
	for i := range count {
		numbers <- i
	}
	close(numbers)
	work.Wait()
	for range publishers {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// manyCondition is a condition that no other workflow has. The orders of the bench are small ones.
func manyCondition(i int, match bool) string {
	switch {
	case match:
		return fmt.Sprintf(`BigCommerce.Order.total_inc_tax > 0.%06d && BigCommerce.Customer.email contains "@"`, i)
	case i%3 == 0:
		return fmt.Sprintf(`BigCommerce.Order.total_inc_tax > %d`, 1_000_000+i)
	case i%3 == 1:
		return fmt.Sprintf(`BigCommerce.Order.billing_address.city == "Town %d" && BigCommerce.Order.items_total > 2`, i)
	default:
		return fmt.Sprintf(`BigCommerce.Customer.customer_group_id == %d || BigCommerce.Customer.email == "shopper%d@example.org"`, 1_000_000+i, i)
	}
}
