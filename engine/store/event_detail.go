package store

import (
	"context"

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
	if d.decisions, err = s.packer.packJSON(decisions); err != nil {
		return d, err
	}
	if d.calls, err = s.packer.packJSON(calls); err != nil {
		return d, err
	}
	d.codes = []byte{}
	if codes != nil && codes.Len() > 0 {
		d.codes = s.packer.packValue(*codes)
	}
	return d, nil
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
