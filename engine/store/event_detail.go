package store

import (
	"context"
	"strconv"

	"cartwheel/engine"
	"cartwheel/merge"
)

// detail is what only the page of one event shows, packed.
type detail struct {
	eventID                 string
	decisions, calls, codes []byte
}

func (s *Store) newDetail(eventID string, decisions []engine.Decision, calls []engine.Call, codes *merge.Object) (d detail, err error) {
	d.eventID = eventID
	d.decisions = s.packDecisions(decisions)
	if d.calls, err = s.packer.packJSON(calls); err != nil {
		return d, err
	}
	d.codes = []byte{}
	if codes != nil && codes.Len() > 0 {
		d.codes = s.packer.packValue(*codes)
	}
	return d, nil
}

// packDecisions packs decisions: there may be a thousand of them for one event, most alike.
func (s *Store) packDecisions(decisions []engine.Decision) []byte {
	return s.packer.packWith(func(b []byte) []byte {
		b = append(b, '[')
		for i := range decisions {
			d := &decisions[i]
			if i > 0 {
				b = append(b, ',')
			}
			b = merge.AppendJSONString(append(b, `{"workflow_id":`...), d.WorkflowID)
			b = strconv.AppendInt(append(b, `,"version":`...), int64(d.Version), 10)
			b = strconv.AppendBool(append(b, `,"matched":`...), d.Matched)
			b = merge.AppendJSONString(append(b, `,"reason":`...), d.Reason)
			if d.RunID != "" {
				b = merge.AppendJSONString(append(b, `,"run_id":`...), d.RunID)
			}
			b = append(b, '}')
		}
		return append(b, ']')
	})
}

// save stores d; an event gets its details once, when it is decided or fails.
func (d *detail) save(ctx context.Context, t tx) error {
	_, err := t.exec(ctx, `INSERT INTO event_detail (event_id, decisions, calls, codes) VALUES ($1, $2, $3, $4)`, d.eventID, d.decisions, d.calls, d.codes)
	return err
}

// read unpacks d into e.
func (d *detail) read(p *packer, e *engine.Event) error {
	if err := p.unpackJSON(d.decisions, &e.Decisions); err != nil {
		return err
	}
	if err := p.unpackJSON(d.calls, &e.Calls); err != nil {
		return err
	}
	return p.unpackJSON(d.codes, &e.Values)
}
