package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cartwheel/engine"
)

const (
	// auditHead is the setting with the number and hash of the newest entry.
	auditHead     = "_audit_head"
	maxAuditState = 64 << 10 // bytes of Before and of After
)

// deed is a change that is about to be noted in the audit log.
type deed struct {
	action        string // "workflow.publish": kind of the object, dot, what was done
	id            string
	before, after members
}

// note adds d to the audit log, in the transaction that does it. Who does it stands in ctx.
func note(ctx context.Context, t tx, now time.Time, d deed) error {
	kind, _, _ := strings.Cut(d.action, ".")
	before, after := changed(d.before, d.after)
	e := engine.AuditEntry{At: moment(millis(now)), Actor: engine.ActorOf(ctx), Action: d.action, ObjectKind: kind, ObjectID: cleanText(d.id)}
	e.Actor.ID, e.Actor.Name, e.Actor.IP = cleanText(e.Actor.ID), cleanText(e.Actor.Name), cleanText(e.Actor.IP)
	var err error
	if e.Before, err = before.json(); err != nil {
		return err
	}
	if e.After, err = after.json(); err != nil {
		return err
	}
	if e.Seq, e.Prev, err = readHead(ctx, t); err != nil {
		return err
	}
	e.Seq++
	e.Hash = e.Sum()
	if _, err = t.exec(ctx, `INSERT INTO audit (`+auditColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.Seq, millis(e.At), string(e.Actor.Kind), e.Actor.ID, e.Actor.Name, e.Actor.IP, e.Action, e.ObjectKind, e.ObjectID,
		string(e.Before), string(e.After), append([]byte{}, e.Prev...), e.Hash); err != nil {
		return err
	}
	return set(ctx, t, auditHead, strconv.FormatInt(e.Seq, 10)+" "+hex.EncodeToString(e.Hash))
}

// readHead returns the number and the hash of the newest entry; 0 and nil while there is none.
func readHead(ctx context.Context, t tx) (seq int64, hash []byte, err error) {
	var found bool
	var text string
	if err := t.query(ctx, one(&found, &text), `SELECT value FROM setting WHERE name = $1`, auditHead); err != nil || !found {
		return 0, nil, err
	}
	number, sum, _ := strings.Cut(text, " ")
	if seq, err = strconv.ParseInt(number, 10, 64); err != nil {
		return 0, nil, fmt.Errorf("the setting %s: %w", auditHead, err)
	}
	if hash, err = hex.DecodeString(sum); err != nil {
		return 0, nil, fmt.Errorf("the setting %s: %w", auditHead, err)
	}
	return seq, hash, nil
}

// members are the members of a JSON object. nil: there is no object.
type members map[string]json.RawMessage

// membersOf takes a JSON object apart.
func membersOf(v any) (members, error) {
	text, err := toJSON(v)
	if err != nil {
		return nil, err
	}
	var m members
	return m, fromJSON(text, &m)
}

// changed leaves out what is equal before and after.
func changed(before, after members) (members, members) {
	if before == nil || after == nil {
		return before, after
	}
	was, is := members{}, members{}
	for name, value := range before {
		if !bytes.Equal(value, after[name]) {
			was[name] = value
		}
	}
	for name, value := range after {
		if !bytes.Equal(value, before[name]) {
			is[name] = value
		}
	}
	return was, is
}

// json writes m, or, when that is too long, what tells it from others.
func (m members) json() (json.RawMessage, error) {
	if m == nil {
		return nil, nil
	}
	text, err := toJSON(m)
	if err != nil {
		return nil, err
	}
	text = cleanText(text)
	if len(text) > maxAuditState {
		sum := sha256.Sum256([]byte(text))
		text, err = toJSON(map[string]any{"too_long": true, "bytes": len(text), "sha256": hex.EncodeToString(sum[:])})
	}
	return json.RawMessage(text), err
}

const auditColumns = `seq, at, actor_kind, actor_id, actor_name, ip, action, object_kind, object_id, before_json, after_json, prev, hash`

func scanAudit(s scan) (engine.AuditEntry, error) {
	var e engine.AuditEntry
	var at int64
	var before, after string
	err := s(&e.Seq, &at, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Name, &e.Actor.IP, &e.Action, &e.ObjectKind, &e.ObjectID, &before, &after, &e.Prev, &e.Hash)
	e.At, e.Before, e.After = moment(at), rawJSON(before), rawJSON(after)
	return e, err
}

// Audit lists entries of the audit log, newest first.
func (s *Store) Audit(ctx context.Context, f engine.AuditFilter, p engine.Page) ([]engine.AuditEntry, string, error) {
	q := auditQuery(f)
	after, err := readCursor(p, 1)
	if err == nil && after != nil {
		seq, wrong := strconv.ParseInt(after[0], 10, 64)
		if wrong != nil {
			err = badCursor()
		}
		q.add("seq < %s", seq)
	}
	if err != nil {
		return nil, "", s.explain("Audit", err)
	}
	var items []engine.AuditEntry
	err = s.read(ctx, "Audit", func(t tx) error {
		items = nil
		return t.query(ctx, func(scan scan) error {
			e, err := scanAudit(scan)
			items = append(items, e)
			return err
		}, `SELECT `+auditColumns+` FROM audit`+q.tail("seq DESC", p), q.args...)
	})
	if err != nil {
		return nil, "", err
	}
	items, next := cut(items, p, func(e engine.AuditEntry) []string { return []string{strconv.FormatInt(e.Seq, 10)} })
	return items, next, nil
}

func auditQuery(f engine.AuditFilter) *filter {
	q := &filter{}
	for _, c := range []struct{ column, value string }{
		{"actor_name", f.Actor}, {"action", f.Action}, {"object_kind", f.ObjectKind}, {"object_id", f.ObjectID},
	} {
		if c.value != "" {
			q.add(c.column+" = %s", c.value)
		}
	}
	return q
}
