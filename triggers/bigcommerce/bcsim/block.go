package bcsim

import (
	"net/url"
	"strings"
	"time"
)

// The documented rule: in a sliding window of 2 minutes, from 100 requests on, less than 90 % success blocks the
// destination's domain for this client id for 3 minutes. Success counts per domain, not per hook or path.
const (
	blockWindow   = 120 // seconds
	blockRequests = 100
	blockPercent  = 90
	blockFor      = 3 * time.Minute
)

type domainKey struct{ clientID, host string }

// domain counts the outcomes of the last two minutes by second.
type domain struct {
	seconds [blockWindow]struct {
		at        int64
		ok, total int
	}
	until time.Time
}

func (d *sender) domain(h *hook) *domain {
	host := ""
	if u, err := url.Parse(h.Destination); err == nil {
		host = strings.ToLower(u.Hostname())
	}
	key := domainKey{h.ClientID, host}
	if d.blocks[key] == nil {
		d.blocks[key] = &domain{}
	}
	return d.blocks[key]
}

func (d *sender) isBlocked(h *hook, now time.Time) bool { return now.Before(d.domain(h).until) }

// count adds an outcome and blocks the domain when too few succeed. The lock is held.
func (d *sender) count(h *hook, ok bool, now time.Time) {
	dom := d.domain(h)
	second := now.Unix()
	slot := &dom.seconds[((second%blockWindow)+blockWindow)%blockWindow]
	if slot.at != second {
		slot.at, slot.ok, slot.total = second, 0, 0
	}
	slot.total++
	if ok {
		slot.ok++
		return // a success never lowers the ratio
	}
	good, total := 0, 0
	for _, s := range dom.seconds {
		if second-s.at < blockWindow && s.at <= second {
			good, total = good+s.ok, total+s.total
		}
	}
	if total < blockRequests || good*100 >= total*blockPercent || now.Before(dom.until) {
		return
	}
	*dom = domain{until: now.Add(blockFor)}
	d.alert(now, "the domain of "+h.Destination+" is blocked for 3 minutes")
	d.except(h, 90003, "The destination domain is blocked for 3 minutes.")
}
