package engine

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

// ActorKind is what sort of somebody an actor is.
type ActorKind string

// The kinds of actors.
const (
	SystemActor  ActorKind = "system"  // Cartwheel by itself
	CommandActor ActorKind = "command" // a person at the machine's command line
	TokenActor   ActorKind = "token"   // the holder of an API token
	UserActor    ActorKind = "user"    // a person who signed in
)

// Actor is who does something: the name stands in published_by and in the audit log.
type Actor struct {
	Kind ActorKind
	ID   string // of the token or user; "" for the others
	Name string // of the token; the user's address; the name at the operating system
	Role Role
	IP   string // the socket's address, or what a trusted proxy says; "" without a request
	// Session is the id of the session that a person came with. It is not noted.
	Session string
}

type actorKey struct{}

// WithActor says who does what is done with the returned context. The store reads it when it notes a change.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who does what is done with ctx: Cartwheel itself, unless WithActor said otherwise.
func ActorOf(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: SystemActor, Name: "cartwheel"}
}

// AuditEntry is one row of the audit log: somebody changed something. Each row
// carries the hash of the one before, so that none can be altered or taken
// out without all later ones being wrong.
type AuditEntry struct {
	Seq    int64 // 1, 2, 3, ...
	At     time.Time
	Actor  Actor  // without Role
	Action string // "workflow.publish"
	// ObjectKind and ObjectID name what was changed: "workflow", "ask".
	ObjectKind, ObjectID string
	// Before and After are JSON objects, secrets as {"set": true}. Of something that
	// was changed they hold the members that differ; of something new there is no
	// Before, of something deleted no After.
	Before, After json.RawMessage
	Prev          []byte // Hash of the entry before; empty for the first
	Hash          []byte // Sum
}

// Sum is the sha256 of Prev and every member but Hash: numbers as eight bytes, the rest after its length as eight bytes.
func (e AuditEntry) Sum() []byte {
	h := sha256.New()
	number := func(n int64) { _ = binary.Write(h, binary.BigEndian, n) } // a hash takes everything
	field := func(b []byte) {
		number(int64(len(b)))
		_, _ = h.Write(b)
	}
	field(e.Prev)
	number(e.Seq)
	number(e.At.UnixMilli())
	for _, text := range []string{string(e.Actor.Kind), e.Actor.ID, e.Actor.Name, e.Actor.IP, e.Action, e.ObjectKind, e.ObjectID} {
		field([]byte(text))
	}
	field(e.Before)
	field(e.After)
	return h.Sum(nil)
}

// AuditFilter narrows a list of audit entries; zero members do not.
type AuditFilter struct {
	Actor                string // the actor's name
	Action               string
	ObjectKind, ObjectID string
}

// AuditReport is what walking the audit log has shown.
type AuditReport struct {
	Entries int64  // how many are right, from the first on
	Wrong   int64  // the number of the first that is wrong; 0: the chain is intact
	Why     string // what is wrong with it
}

// String says it in one line.
func (r AuditReport) String() string {
	switch {
	case r.Wrong != 0:
		return fmt.Sprintf("The audit log was tampered with: entry %d %s. The %d before it are intact.", r.Wrong, r.Why, r.Entries)
	case r.Entries == 1:
		return "1 entry, chain intact"
	}
	return fmt.Sprintf("%d entries, chain intact", r.Entries)
}

// AuditStore keeps who changed what. The entries are written by the methods that change
// something, in the same transaction; a store has no way to change or delete one.
type AuditStore interface {
	// Audit lists entries, newest first.
	Audit(ctx context.Context, f AuditFilter, p Page) (items []AuditEntry, next string, err error)
	// VerifyAudit walks the whole log.
	VerifyAudit(ctx context.Context) (AuditReport, error)
}

// Audit lists who changed what, newest first.
func (e *Engine) Audit(ctx context.Context, f AuditFilter, p Page) ([]AuditEntry, string, error) {
	return e.Store.Audit(ctx, f, p)
}
