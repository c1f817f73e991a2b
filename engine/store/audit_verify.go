package store

import (
	"bytes"
	"context"

	"cartwheel/engine"
)

// auditChunk is how many entries one reading transaction looks at: none stays open for long.
const auditChunk = 500

// auditWalk goes along the chain.
type auditWalk struct {
	seq  int64 // of the last entry that is right
	hash []byte
	why  string // what is wrong with the next one
}

// VerifyAudit walks the whole audit log, while others may add to it.
func (s *Store) VerifyAudit(ctx context.Context) (engine.AuditReport, error) {
	w := auditWalk{}
	for {
		var end bool
		var next auditWalk
		err := s.read(ctx, "VerifyAudit", func(t tx) (err error) {
			next, end, err = w.chunk(ctx, t)
			return err
		})
		if err != nil {
			return engine.AuditReport{}, err
		}
		if w = next; w.why != "" {
			return engine.AuditReport{Entries: w.seq, Wrong: w.seq + 1, Why: w.why}, nil
		}
		if end {
			return engine.AuditReport{Entries: w.seq}, nil
		}
	}
}

// chunk goes some entries further; end says that there are no more, and that there should be none.
func (w auditWalk) chunk(ctx context.Context, t tx) (next auditWalk, end bool, err error) {
	rows := 0
	err = t.query(ctx, func(s scan) error {
		rows++
		e, err := scanAudit(s)
		if err == nil && w.why == "" {
			w = w.step(e)
		}
		return err
	}, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, w.seq, auditChunk)
	if err != nil || w.why != "" || rows == auditChunk {
		return w, false, err
	}
	seq, hash, err := readHead(ctx, t)
	if err != nil {
		return w, false, err
	}
	switch {
	case seq > w.seq:
		w.why = "is missing"
	case seq < w.seq || !bytes.Equal(hash, w.hash):
		w.seq, w.why = max(w.seq-1, 0), "is not the one that was written last"
	}
	return w, true, nil
}

// step looks at the entry that comes next. The query gives those after the last
// right one in order; only numbers below 1 would escape it, and no hash counts those in.
func (w auditWalk) step(e engine.AuditEntry) auditWalk {
	switch {
	case e.Seq != w.seq+1:
		w.why = "is missing"
	case !bytes.Equal(e.Prev, w.hash):
		w.why = "does not follow from the one before"
	case !bytes.Equal(e.Hash, e.Sum()):
		w.why = "was changed"
	default:
		return auditWalk{seq: e.Seq, hash: e.Hash}
	}
	return w
}
