package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

func findInRun(ctx context.Context, t tx, n int64, hash seenHash) (eventID string, err error) {
	var found bool
	var hashes []byte
	err = t.query(ctx, one(&found, &hashes), `SELECT hashes FROM seen_run WHERE n = $1`, n)
	at := indexOfHash(hashes, hash)
	if err != nil || at < 0 {
		return "", err
	}
	var ids string
	if err := t.query(ctx, one(&found, &ids), `SELECT event_ids FROM seen_run WHERE n = $1`, n); err != nil {
		return "", err
	}
	return strings.Split(ids, "\n")[at], nil
}

// indexOfHash is the place of a hash among packed ones, -1 when it is not there.
func indexOfHash(packed []byte, hash seenHash) int {
	for i := 0; (i+1)*len(hash) <= len(packed); i++ {
		if bytes.Equal(packed[i*len(hash):(i+1)*len(hash)], hash[:]) {
			return i
		}
	}
	return -1
}

// file makes a run of the oldest hashes in memory.
func (s *seen) file(ctx context.Context, t tx, now time.Time) error {
	hashes, ids, filed := s.oldest()
	filter := newFilter(hashes)
	var found bool
	var n int64
	err := t.query(ctx, one(&found, &n), `INSERT INTO seen_run (at, filter, hashes, event_ids) VALUES ($1, $2, $3, $4) RETURNING n`,
		millis(now), filter, appendHashes(hashes), strings.Join(ids, "\n"))
	if err == nil {
		err = set(ctx, t, seenFiled, filed)
	}
	if err != nil {
		return err
	}
	s.filing = true
	t.whenDone(func(committed bool) {
		s.filing = false
		if !committed {
			return
		}
		s.filed = filed
		s.addRun(n, filter)
		for i, hash := range hashes {
			if s.recent[hash] == ids[i] {
				delete(s.recent, hash)
			}
		}
	})
	return nil
}

// addRun takes a run, unless it was read already.
func (s *seen) addRun(n int64, filter []byte) {
	last := len(s.runs) - 1
	if last >= 0 && slices.Contains(s.runs[last].runs, n) {
		return
	}
	if last < 0 || s.runs[last].full() {
		s.runs = append(s.runs, newRunGroup())
		last++
	}
	s.runs[last].add(n, filter)
}

// oldest returns the hashes of the events that have the lowest ids, with the ids, and up to which event there is
// none left in memory.
func (s *seen) oldest() (hashes []seenHash, ids []string, filed string) {
	type noted struct {
		hash seenHash
		id   string
	}
	all := make([]noted, 0, len(s.recent))
	for hash, id := range s.recent {
		all = append(all, noted{hash, id})
	}
	slices.SortFunc(all, func(a, b noted) int { return cmp.Compare(a.id, b.id) })
	end := len(all) - seenKept
	filed = s.filed
	for _, n := range all[:end] {
		hashes, ids = append(hashes, n.hash), append(ids, n.id)
		if n.id != all[end].id { // else its other hash stays
			filed = max(filed, n.id)
		}
	}
	return hashes, ids, filed
}

func appendHashes(hashes []seenHash) []byte {
	b := make([]byte, 0, len(hashes)*len(seenHash{}))
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}
