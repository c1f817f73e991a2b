package engine

import (
	"encoding/json"
	"time"

	"cartwheel/merge"
)

// Event is one thing that happened, stored before it is acknowledged.
type Event struct {
	ID               string        // UUIDv7
	AuthenticationID string        // the store; "" when there is none
	Trigger          string        // "bigcommerce.shipment_created"
	Scope            string        // "store/shipment/created"
	Entity           string        // "order/251": events of one entity are decided in order
	Key              []byte        // sha256; a second event with it is a duplicate. It is not read back
	KeyLives         time.Duration // how long Key is remembered; 0: as long as keys are kept. It is not read back
	WebhookID        string        // Standard Webhooks id, if one came
	Data             json.RawMessage
	Body             []byte // the request's body as it came; nil for a replay
	Note             string // what was mended in the body (invalid text)
	OccurredAt       time.Time
	ReceivedAt       time.Time
	ReplayOf         string
	Depth            int // how many workflows called one another before it came; 0 from a store

	Status        EventStatus
	Reason        string     // why it waits, or failed
	NextAttemptAt *time.Time // while it waits for a time
	Attempts      int        // failed reads
	Misses        int        // reads that did not find the event's own object
	Duplicates    int        // how often it came again
	DecidedAt     *time.Time
	Values        merge.Object // what was fetched, nested; empty until decided
	Calls         []Call
	ReadAt        *time.Time
	Decisions     []Decision
}

// EventStatus is how far an event is.
type EventStatus string

// The statuses of an event.
const (
	EventAccepted EventStatus = "accepted" // work to do
	EventDone     EventStatus = "done"     // every workflow decided
	EventFailed   EventStatus = "failed"
)

// Decision says whether a workflow fires for an event, and why.
type Decision struct {
	WorkflowID string `json:"workflow_id"`
	Version    int    `json:"version"`
	Matched    bool   `json:"matched"`
	Reason     string `json:"reason"`
	RunID      string `json:"run_id,omitempty"`
}

// Match is what a decision that has matched brings beside itself: its run.
type Match struct {
	Decision int    // its place among Decided.Decisions, whose RunID is the run's
	OncePer  string // for the reason: "order"
	OnceKey  string // "": every event counts
	// Start is how far the run comes before it is first stored: its status, steps and next job, of which the
	// members RunID, Revision and Job are not used. With Hold its job is due now and carries Carry. nil: nothing has been done yet.
	Start *RunChange
	Carry any
}

// Decided is everything that expanding an event has brought.
type Decided struct {
	EventID string
	// AuthenticationID and Entity are the event's, as whoever decides about it knows them. Without the first both are looked up.
	AuthenticationID, Entity string

	Decisions []Decision // of every workflow that was asked; whoever is given them does not write to them
	Matches   []Match    // one for each of them that has matched, in their order
	Values    merge.Object
	Calls     []Call
	ReadAt    *time.Time
	Emails    []string // addresses found in it, lower case, for search
	Customers []string // customers found in it, like customer/7, for search
	Note      string   // shown as the event's reason when it is done without runs
	Job       Job      // done with it
}

// EventFilter narrows a list of events; zero members do not.
type EventFilter struct {
	Trigger, Email, AuthenticationID string
	Entity                           string // customer/7: the events about that customer's things too
	Status                           EventStatus
	From, To                         time.Time // received from the first on and before the second
}

// Page asks for a part of a list, newest first.
type Page struct {
	Limit  int    // 1 to 200
	Cursor string // opaque, from the page before; "" for the first
}
