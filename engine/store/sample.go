package store

import (
	"context"

	"cartwheel/engine"
	"cartwheel/merge"
)

const sampleColumns = `id, trigger_type, authentication_id, entity, created_at`

func scanSample(s scan, more ...any) (engine.Sample, error) {
	var sample engine.Sample
	var created int64
	err := s(append([]any{&sample.ID, &sample.Trigger, &sample.AuthenticationID, &sample.Entity, &created}, more...)...)
	sample.CreatedAt = moment(created)
	return sample, err
}

// AddSample keeps a sample, or renews the one about the same entity.
func (s *Store) AddSample(ctx context.Context, sample engine.Sample) (id string, err error) {
	body := s.packer.packValue(sample.Values)
	err = s.write(ctx, "AddSample", func(t tx) error {
		found := false
		err := t.query(ctx, one(&found, &id), `INSERT INTO sample (`+sampleColumns+`, body) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (trigger_type, authentication_id, entity) DO UPDATE SET created_at = excluded.created_at, body = excluded.body RETURNING id`,
			sample.ID, sample.Trigger, sample.AuthenticationID, sample.Entity, millis(sample.CreatedAt), body)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM sample WHERE trigger_type = $1 AND id NOT IN (SELECT id FROM sample
			WHERE trigger_type = $1 ORDER BY created_at DESC, id DESC LIMIT $2)`, sample.Trigger, engine.MaxSamples); err != nil {
			return err
		}
		return noteSample(ctx, t, s, "sample.keep", id, sample)
	})
	return id, err
}

// noteSample notes that somebody has fetched, or thrown away, what may be a person's data; not the data.
func noteSample(ctx context.Context, t tx, s *Store, action, id string, sample engine.Sample) error {
	state, err := membersOf(map[string]string{"trigger": sample.Trigger, "authentication_id": sample.AuthenticationID, "entity": sample.Entity})
	if err != nil {
		return err
	}
	d := deed{action: action, id: id, after: state}
	if action == "sample.delete" {
		d.before, d.after = state, nil
	}
	return note(ctx, t, s.now(), d)
}

// Sample returns one that has not grown too old.
func (s *Store) Sample(ctx context.Context, id string) (sample engine.Sample, err error) {
	err = s.read(ctx, "Sample", func(t tx) error {
		var found bool
		sample, found = engine.Sample{}, false
		err := t.query(ctx, func(scan scan) error {
			var body []byte
			found = true
			if sample, err = scanSample(scan, &body); err != nil {
				return err
			}
			raw, err := s.packer.unpack(body)
			if err == nil && len(raw) > 0 {
				sample.Values, err = merge.DecodeObject(raw)
			}
			return err
		}, `SELECT `+sampleColumns+`, body FROM sample WHERE id = $1 AND created_at >= $2`, id, millis(s.now().Add(-engine.SampleLives)))
		if err == nil && !found {
			err = noSample(id)
		}
		return err
	})
	return sample, err
}

func noSample(id string) error { return engine.Errorf(engine.NotFound, "There is no sample %q.", id) }

// Samples lists samples, newest first, without their values.
func (s *Store) Samples(ctx context.Context, trigger string, p engine.Page) ([]engine.Sample, string, error) {
	q := &filter{}
	q.add("created_at >= %s", millis(s.now().Add(-engine.SampleLives)))
	if trigger != "" {
		q.add("trigger_type = %s", trigger)
	}
	if err := q.afterCreated(p, "sample"); err != nil {
		return nil, "", s.explain("Samples", err)
	}
	var items []engine.Sample
	err := s.read(ctx, "Samples", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			sample, err := scanSample(scan)
			items = append(items, sample)
			return err
		}, `SELECT `+sampleColumns+` FROM sample`+q.tail("sample.created_at DESC, sample.id DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(sample engine.Sample) []string { return createdKey(sample.CreatedAt, sample.ID) })
	return items, next, nil
}

// DeleteSample throws one away.
func (s *Store) DeleteSample(ctx context.Context, id string) error {
	return s.write(ctx, "DeleteSample", func(t tx) error {
		var sample engine.Sample
		found := false
		err := t.query(ctx, func(scan scan) (err error) {
			found = true
			sample, err = scanSample(scan)
			return err
		}, `SELECT `+sampleColumns+` FROM sample WHERE id = $1`, id)
		if err == nil && !found {
			err = noSample(id)
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM sample WHERE id = $1`, id); err != nil {
			return err
		}
		return noteSample(ctx, t, s, "sample.delete", id, sample)
	})
}

// NoteTrial notes in the audit log what is about to be tried out for real.
func (s *Store) NoteTrial(ctx context.Context, n engine.TrialNote) error {
	after, err := membersOf(struct {
		MailTo string `json:"mail_to,omitempty"`
		Calls  bool   `json:"http,omitempty"`
	}{n.MailTo, n.Calls})
	if err != nil {
		return err
	}
	return s.write(ctx, "NoteTrial", func(t tx) error {
		return note(ctx, t, s.now(), deed{action: n.Action, id: n.ID, after: after})
	})
}
