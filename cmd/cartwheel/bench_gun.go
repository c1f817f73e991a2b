package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// benchTarget is where webhooks go, and what they carry.
type benchTarget struct {
	addr, path   string
	secret       string // of the header
	clientSecret string // signs; "": unsigned
	scope, store string
}

// orderDigits is the width of every order id, so that all webhooks of a target have one length.
const orderDigits = 10

// shot is a webhook that is made once and given another event each time.
type shot struct {
	raw       []byte
	body      []byte // within raw
	order     []byte // within body: the id's digits
	mark      []byte // within body: the last digits of the hash
	messageID []byte // within raw: its digits; nil when unsigned
	signature []byte // within raw
	mac       hash.Hash
	signed    []byte // "id.timestamp."
	signedID  []byte // within signed
}

func newShot(t benchTarget) *shot {
	zero := fmt.Sprintf("%0*d", orderDigits, 0)
	body := fmt.Sprintf(`{"scope":%q,"store_id":"1003418276","data":{"type":"order","id":1%s},"hash":"%s%s","created_at":%d,"producer":"stores/%s"}`,
		t.scope, zero[1:], "c0ffee00c0ffee00c0ffee00c0ffee", zero, time.Now().Unix(), t.store)
	stamp := time.Now().Unix()
	var sign string
	if t.clientSecret != "" {
		sign = fmt.Sprintf("Webhook-Id: msg_%s\r\nWebhook-Timestamp: %d\r\nWebhook-Signature: v1,%s\r\n",
			zero, stamp, base64.StdEncoding.EncodeToString(make([]byte, sha256.Size)))
	}
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Webhook-Secret: %s\r\n%sContent-Length: %d\r\n\r\n",
		t.path, benchHost, t.secret, sign, len(body))
	s := &shot{raw: []byte(head + body)}
	s.body = s.raw[len(head):]
	s.order = after(s.body, `"id":`, orderDigits)
	s.mark = after(s.body, "c0ffee00c0ffee00c0ffee00c0ffee", orderDigits)
	if sign != "" {
		s.messageID, s.signature = after(s.raw, "msg_", orderDigits), after(s.raw, "v1,", base64.StdEncoding.EncodedLen(sha256.Size))
		s.mac = hmac.New(sha256.New, []byte(t.clientSecret))
		s.signed = fmt.Appendf(nil, "msg_%s.%d.", zero, stamp)
		s.signedID = after(s.signed, "msg_", orderDigits)
	}
	return s
}

// after is the part of raw behind the first text.
func after(raw []byte, text string, length int) []byte {
	at := bytes.Index(raw, []byte(text)) + len(text)
	return raw[at : at+length]
}

// load makes it the webhook of an order.
func (s *shot) load(order int64) []byte {
	digits(s.order, order)
	digits(s.mark, order)
	if s.mac != nil {
		digits(s.messageID, order)
		digits(s.signedID, order)
		var sum [sha256.Size]byte
		s.mac.Reset()
		s.mac.Write(s.signed)
		s.mac.Write(s.body)
		base64.StdEncoding.Encode(s.signature, s.mac.Sum(sum[:0]))
	}
	return s.raw
}

func digits(into []byte, n int64) {
	for i := len(into) - 1; i >= 0; i-- {
		into[i] = byte('0' + n%10)
		n /= 10
	}
}

// barrel is one keep-alive connection that sends prepared requests.
type barrel struct {
	conn net.Conn
	br   *bufio.Reader
}

func newBarrel(ctx context.Context, addr string) (*barrel, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &barrel{conn, bufio.NewReaderSize(conn, 1<<10)}, nil
}

const shotPatience = 30 * time.Second

// fire sends a request and returns the status of the answer.
func (b *barrel) fire(raw []byte) (status int, err error) {
	if err := b.conn.SetDeadline(time.Now().Add(shotPatience)); err != nil {
		return 0, err
	}
	if _, err := b.conn.Write(raw); err != nil {
		return 0, err
	}
	length := 0
	for {
		line, err := b.br.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if status == 0 {
			if len(line) < len("HTTP/1.1 200") {
				return 0, fmt.Errorf("%q is no answer", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, fmt.Errorf("%q is no answer: %w", line, err)
			}
		}
		if n, ok := headerLength(line); ok {
			length = n
		}
		if len(line) <= 2 {
			break
		}
	}
	_, err = io.CopyN(io.Discard, b.br, int64(length))
	return status, err
}

// gun sends the events of a campaign to a target over several connections.
type gun struct {
	target   benchTarget
	campaign *campaign
	accepted atomic.Int64
	refused  atomic.Int64
	stopped  atomic.Bool

	mu      sync.Mutex
	answers []time.Duration // how long answers took, at full speed
	err     error
}

const barrels = 64

// volley sends as fast as answers come, until stop is called or the campaign has no more events. It returns then.
func (g *gun) volley(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	for range barrels {
		work.Go(func() { g.failed(g.burst(ctx), cancel) })
	}
	work.Wait()
	return g.err
}

func (g *gun) failed(err error, cancel func()) {
	if err == nil {
		return
	}
	cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err = fmt.Errorf("send a webhook: %w", err)
	}
}

// burst is the work of one connection.
func (g *gun) burst(ctx context.Context) error {
	b, err := newBarrel(ctx, g.target.addr)
	if err != nil {
		return err
	}
	defer b.conn.Close()
	s, c := newShot(g.target), g.campaign
	var answers []time.Duration
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.answers = append(g.answers, answers...)
	}()
	for !g.stopped.Load() && ctx.Err() == nil {
		if c.room != nil && !g.enter(ctx) {
			continue
		}
		n := c.next.Add(1) - 1
		if n >= int64(len(c.due)) {
			return nil
		}
		at := time.Since(c.began)
		if err := g.send(b, s, n, at); err != nil {
			return err
		}
		answers = append(answers, time.Since(c.began)-at)
	}
	return nil
}

// enter takes a place among the events under way. It looks up now and then, so that stop is heard.
func (g *gun) enter(ctx context.Context) bool {
	c := g.campaign
	select {
	case c.room <- struct{}{}:
		return true
	default:
	}
	look := time.NewTimer(20 * time.Millisecond)
	defer look.Stop()
	select {
	case c.room <- struct{}{}:
		return true
	case <-look.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gun) send(b *barrel, s *shot, n int64, due time.Duration) error {
	c := g.campaign
	c.due[n].Store(int64(due))
	status, err := b.fire(s.load(c.first + n))
	switch {
	case err != nil:
		return err
	case status == http.StatusOK:
		g.accepted.Add(1)
	case status == http.StatusServiceUnavailable: // it is lost to the bench; a store would send it again
		g.refused.Add(1)
		c.leave()
	default:
		return fmt.Errorf("the answer was %d", status)
	}
	return nil
}

// march sends all events of the campaign at a fixed rate per second, whether
// answers come or not. What is late because of the sender counts as late.
func (g *gun) march(ctx context.Context, rate int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	turns := make(chan int64, len(g.campaign.due))
	var work sync.WaitGroup
	for range barrels {
		work.Go(func() {
			b, err := newBarrel(ctx, g.target.addr)
			if err != nil {
				g.failed(err, cancel)
				return
			}
			defer b.conn.Close()
			s := newShot(g.target)
			for n := range turns {
				if ctx.Err() == nil {
					g.failed(g.send(b, s, n, g.turn(n, rate)), cancel)
				}
			}
		})
	}
	work.Go(func() {
		defer close(turns)
		runtime.LockOSThread() // so that the nap is a short one
		defer runtime.UnlockOSThread()
		for n := range int64(len(g.campaign.due)) {
			if ctx.Err() != nil {
				return
			}
			nap(g.turn(n, rate) - time.Since(g.campaign.began))
			turns <- n
		}
	})
	work.Wait()
	return g.err
}

// lead is how long the connections have before the first event of a march.
const lead = 50 * time.Millisecond

// turn is when event n is to be sent, since the campaign began.
func (g *gun) turn(n int64, rate int) time.Duration {
	return lead + time.Duration(n)*time.Second/time.Duration(rate)
}

// stop ends a volley.
func (g *gun) stop() { g.stopped.Store(true) }

// answerTimes are how long the answers of a volley took, sorted. It must have ended.
func (g *gun) answerTimes() []time.Duration {
	slices.Sort(g.answers)
	return g.answers
}
