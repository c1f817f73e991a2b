package main

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// settle waits until all work is done. It has patience as long as there is progress.
func (r *rig) settle() {
	r.t.Helper()
	least, since := -1, time.Now()
	for {
		left := r.metric("cartwheel_queue_jobs")
		if left == 0 {
			return
		}
		if least < 0 || left < least {
			least, since = left, time.Now()
		}
		if time.Since(since) > patience {
			r.t.Fatalf("%d jobs are stuck\n%s", left, r.proc.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// list reads all pages.
func (r *rig) list(path string) (items []object) {
	r.t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items      []object `json:"items"`
			NextCursor string   `json:"next_cursor"`
		}
		raw := r.must(200, "GET", path+"&limit=200&cursor="+url.QueryEscape(cursor), nil)
		if err := json.Unmarshal(raw, &page); err != nil {
			r.t.Fatalf("%s: %v\n%s", path, err, raw)
		}
		items = append(items, page.Items...)
		if cursor = page.NextCursor; cursor == "" {
			return items
		}
	}
}

// unfinished are the events whose mail need not have come, because somebody has to look at their run: the mail may
// have been sent.
func (r *rig) unfinished() map[int64]bool {
	r.t.Helper()
	events := map[int64]bool{}
	for _, run := range append(r.list("/api/v1/runs?status=waiting"), r.list("/api/v1/runs?status=failed")...) {
		reason, _ := run["reason"].(string)
		if run["status"] != "waiting" || !strings.HasPrefix(reason, "Step once is held.") || !strings.Contains(reason, "may have been sent") {
			r.t.Errorf("a run has no good end: %v", run)
			continue
		}
		entity, _ := run["entity"].(string)
		order, err := strconv.ParseInt(entity[strings.LastIndexByte(entity, '/')+1:], 10, 64)
		if err != nil {
			r.t.Fatalf("the entity %q is no order", entity)
		}
		events[order-firstOrder] = true
	}
	return events
}

// verify checks after settle that every accepted event has had its effect, and none too often.
func (r *rig) verify() {
	r.t.Helper()
	for _, path := range []string{"/api/v1/events?status=accepted", "/api/v1/events?status=failed", "/api/v1/runs?status=running"} {
		if stuck := r.list(path); len(stuck) > 0 {
			r.t.Errorf("%s: %d, want none; the first is %v", path, len(stuck), stuck[0])
		}
	}
	unfinished := r.unfinished()
	r.book.read(func(b *book) {
		for _, fault := range b.faults {
			r.t.Error(fault)
		}
		lost, unmailed := 0, 0
		for n := range b.entries {
			e, n := &b.entries[n], int64(n)
			if e.accepted && e.calls == 0 {
				lost++
			}
			switch mails := int(e.mails); {
			case e.calls == 0 && mails > 0:
				r.t.Errorf("there is a mail about event %d, but no call", n)
			case e.calls == 0:
			case isHeldMail(n) && (mails > 1 || mails == 0 && !unfinished[n]), isAgainMail(n) && mails == 0 && !unfinished[n]:
				unmailed++
				if unmailed < 10 {
					r.t.Errorf("event %d: %d mails, held %t", n, mails, unfinished[n])
				}
			}
		}
		if lost > 0 {
			r.t.Errorf("%d of %d accepted events were lost", lost, b.accepted)
		}
		r.t.Logf("%d lives, %d webhooks accepted, %d lost, events with calls %d, calls repeated %d, mails %d, mails held %d",
			b.life, b.accepted, lost, b.called, b.repeats, b.mails, len(unfinished))
	})
}
