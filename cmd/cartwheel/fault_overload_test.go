package main

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// Ten times more than the actions can take (R9): webhooks are answered as fast as ever, what is too much is queued on the disk,
// memory stays bounded, and everything is worked off afterwards.
func TestOverloadIsQueued(t *testing.T) {
	const pause, rate = 8 * time.Second, 640 // 768 workers: 96 actions a second at most
	seconds := size(10, 60)
	r := startRig(t, "")
	slow := func() { time.Sleep(pause) } // an endpoint that takes its time
	r.before.Store(&slow)
	v := r.fire(rate)
	for until := time.Now().Add(time.Duration(seconds) * time.Second); time.Now().Before(until); {
		time.Sleep(100 * time.Millisecond)
	}
	v.cease()
	accepted, called, queued := r.book.acceptedSoFar(), r.book.calledSoFar(), r.metric("cartwheel_queue_jobs")
	_, peak, err := memoryOf(r.proc.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	times := v.times()
	t.Logf("R9: %d s at %d/s: %d accepted, %d acted on, %d jobs queued; p50 %s, p99 %s; %d MB at most; %d answers 503",
		seconds, rate, accepted, called, queued, percentile(times, 50), percentile(times, 99), peak>>20, v.answered(http.StatusServiceUnavailable))
	if queued < 1000 || accepted < 4*called {
		t.Errorf("%d accepted, %d acted on, %d jobs queued: that was no overload", accepted, called, queued)
	}
	if p99 := percentile(times, 99); p99 > 2500*time.Millisecond {
		t.Errorf("p99 of the answers is %s", p99)
	}
	if peak > 400<<20 {
		t.Errorf("the process took %d MB", peak>>20)
	}
	began := time.Now()
	r.before.Store(nil)
	r.settle()
	r.verify()
	t.Logf("R9: worked off after %.1f s", time.Since(began).Seconds())
}

// Past the cap (R9): while the store hangs, no more events wait than --max-waiting says; the senders of the others are told 503 and
// nothing of theirs is kept. What was accepted is worked off, and then there is room again.
func TestPastTheCapWebhooksAreSentAway(t *testing.T) {
	const most = 300
	r := newRig(t, "")
	r.flags = append(r.flags, "--max-waiting", strconv.Itoa(most))
	r.createToken()
	r.start()
	r.publish()
	r.shop.hang()
	v := r.fire(2000)
	eventually(t, "webhooks are sent away", func() bool { return v.answered(http.StatusServiceUnavailable) > 100 })
	v.cease()
	if n := r.book.acceptedSoFar(); n != most {
		t.Errorf("%d webhooks were accepted, want %d", n, most)
	}
	r.shop.resume()
	r.settle()
	r.verify()
	before := r.book.acceptedSoFar()
	v = r.fire(200)
	eventually(t, "webhooks are accepted again", func() bool { return r.book.acceptedSoFar() > before })
	v.cease()
	r.settle()
	r.verify()
}

// A restart with a backlog (R12): webhooks are taken and the first action happens at once, although the process before held
// jobs when it died, and /readyz says yes.
func TestRestartWithABacklog(t *testing.T) {
	backlog := size(10_000, 100_000)
	r := startRig(t, "")
	r.shop.hang() // the store does not answer while they come in
	v := r.fire(5000)
	eventually(t, fmt.Sprintf("%d webhooks are queued", backlog), func() bool { return r.book.acceptedSoFar() >= backlog })
	v.cease()
	r.kill()
	if n := r.book.calledSoFar(); n > 0 {
		t.Fatalf("there were %d calls without a store", n)
	}
	r.shop.resume()
	began := time.Now()
	r.start()
	n, status, _, _ := r.hook()
	up := time.Since(began)
	if status != http.StatusOK {
		t.Fatalf("webhook %d after the restart: %d\n%s", n, status, r.proc.log)
	}
	if status, body := look(t, r.base()+"/readyz", ""); status != http.StatusOK {
		t.Errorf("/readyz with a backlog: %d %s", status, body)
	}
	eventually(t, "the first action", func() bool { return r.book.firstCall() > 0 })
	if first := r.book.firstCall(); up > 10*time.Second || first > 10*time.Second {
		t.Errorf("webhooks are taken %s after the start, the first action came after %s", up, first)
	}
	if n := r.metric("cartwheel_queue_jobs"); n < backlog/10 {
		t.Errorf("%d jobs are left, so that the first action was not ahead of a backlog", n)
	}
	t.Logf("R12: %d queued; ready after %s, a webhook accepted after %s, the first action after %s", r.book.acceptedSoFar()-1, r.ready, up, r.book.firstCall())
	if soaking := size(0, 1) == 1; soaking { // the short form leaves the rest to the other tests
		r.settle()
		r.verify()
	}
}
