package main

import (
	"fmt"
	"sync"
	"time"
)

// firstOrder is the order of event 0; event n is about an order of its own.
const firstOrder = 1_000_000_000

// entry is what is known about one event from outside of the program.
type entry struct {
	accepted bool   // its webhook was answered 200
	calls    uint16 // that came in about it
	life     int32  // of the program, in which the last call came
	call     uint64 // the key and the bytes of the calls
	mails    uint16
	mail     uint64 // the Message-ID of the mails
}

// book keeps one small entry per event, so that millions of them can be checked as they come.
type book struct {
	mu       sync.Mutex
	entries  []entry
	accepted int
	called   int // events
	repeats  int // calls beyond the first of their event
	mails    int
	life     int32
	began    time.Time     // of this life
	first    time.Duration // from then to its first call; 0: there was none yet
	faults   []string      // what must never happen, the first of them
}

func (b *book) at(n int64) *entry {
	for int64(len(b.entries)) <= n {
		b.entries = append(b.entries, make([]entry, 4096)...)
	}
	return &b.entries[n]
}

func (b *book) fault(format string, args ...any) {
	if len(b.faults) < 10 {
		b.faults = append(b.faults, fmt.Sprintf(format, args...))
	}
}

func (b *book) accept(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at(n).accepted = true
	b.accepted++
}

// newLife begins another life of the program: what happens from now on may be a repetition of what happened before.
func (b *book) newLife() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.life++
	b.began, b.first = time.Now(), 0
}

// call notes an HTTP call about event n. A second one is in order in another life only, with the same key and the same bytes.
func (b *book) call(n int64, fingerprint uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first == 0 {
		b.first = time.Since(b.began)
	}
	e := b.at(n)
	if e.calls == 0 {
		b.called++
	} else {
		b.repeats++
		if e.life == b.life {
			b.fault("the call about event %d was repeated, although the program had not died", n)
		}
		if e.call != fingerprint {
			b.fault("the call about event %d was repeated with another key or other bytes", n)
		}
	}
	e.calls++
	e.life, e.call = b.life, fingerprint
}

// posted notes a mail about event n.
func (b *book) posted(n int64, messageID uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.at(n)
	if e.mails > 0 && e.mail != messageID {
		b.fault("the mail about event %d was repeated with another Message-ID", n)
	}
	e.mails++
	e.mail = messageID
	b.mails++
}

// read looks at the book while nothing is written into it.
func (b *book) read(f func(*book)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

func (b *book) acceptedSoFar() (n int) {
	b.read(func(b *book) { n = b.accepted })
	return n
}

func (b *book) calledSoFar() (n int) {
	b.read(func(b *book) { n = b.called })
	return n
}

// firstCall is how long this life took to its first call; 0: none yet.
func (b *book) firstCall() (d time.Duration) {
	b.read(func(b *book) { d = b.first })
	return d
}
