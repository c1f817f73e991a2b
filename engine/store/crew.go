package store

import (
	"sync"
	"time"

	"cartwheel/engine"
)

// crewRests is how long a worker without work stays.
const crewRests = 100 * time.Millisecond

// crew are the goroutines that do jobs. One that has done its job takes the next: a new goroutine would have to grow its
// stack again. Only the goroutine that made it gives it work.
type crew struct {
	do      func(engine.Job) error
	done    func(engine.Job, error) // its worker counts as free already
	working chan struct{}           // one for each job that is being done
	next    chan engine.Job
	over    chan struct{}
	members sync.WaitGroup
}

// newCrew has so many workers at most.
func newCrew(workers int, do func(engine.Job) error, done func(engine.Job, error)) *crew {
	return &crew{do: do, done: done, working: make(chan struct{}, max(1, workers)), next: make(chan engine.Job), over: make(chan struct{})}
}

// busy tells whether nobody is free.
func (c *crew) busy() bool { return len(c.working) == cap(c.working) }

// give has j done. It waits while everybody is busy.
func (c *crew) give(j engine.Job) {
	c.working <- struct{}{}
	select {
	case c.next <- j:
	default:
		c.members.Go(func() { c.work(j) })
	}
}

func (c *crew) work(j engine.Job) {
	rest := time.NewTimer(crewRests)
	defer rest.Stop()
	for {
		err := c.do(j)
		<-c.working
		c.done(j, err)
		rest.Reset(crewRests)
		select {
		case j = <-c.next:
		case <-rest.C:
			return
		case <-c.over:
			return
		}
	}
}

// dismiss waits until every job is done.
func (c *crew) dismiss() {
	close(c.over)
	c.members.Wait()
}
