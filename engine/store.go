package engine

import (
	"context"
	"time"
)

// Store is everything that the engine keeps. Every method is one transaction;
// those that write return after it is durable. Errors: NotFound, Conflict,
// Stale (a Revision differs), Temporary (the database cannot take it now).
type Store interface {
	EventStore
	WorkflowStore
	RunStore
	AuthStore
	UserStore
	AccountStore
	SessionStore
	AuditStore
	ActivityStore
	HealthStore
	AlertStore
	SampleStore
	TrialStore
	SendingStore
	Queue
	Upkeep
}

// EventStore keeps events.
type EventStore interface {
	// AddEvents stores events and an event job each, unless one with the Key
	// (or, within its authentication, the WebhookID) is there: then that one's Duplicates is counted.
	// An event whose trigger has no live workflow is stored as done, without a job; one that comes with the
	// status failed is stored as it is, without a job.
	AddEvents(ctx context.Context, events ...Event) ([]Added, error)
	// Event returns one, whole.
	Event(ctx context.Context, id string) (Event, error)
	// Events lists without Body, Values and Calls.
	Events(ctx context.Context, f EventFilter, p Page) (items []Event, next string, err error)
	// EarlierEvent returns the oldest accepted event of e's authentication and entity before e. NotFound: none.
	EarlierEvent(ctx context.Context, e Event) (Event, error)
	// SaveDecisions makes the event done: values, decisions, e-mails, and for
	// each that matched a run (its RunID) with its run job. One whose Match has a OnceKey that has a
	// run already becomes unmatched, with the reason. A later accepted event of the entity gets its job now.
	// It returns the decisions as saved. An event that is no longer accepted: Conflict.
	SaveDecisions(ctx context.Context, d Decided) ([]Decision, error)
	// SaveWait keeps an event waiting: Reason (never empty), NextAttemptAt (nil: until WakeEvents), Attempts, Misses; its
	// job is put to that time or removed.
	SaveWait(ctx context.Context, e Event, j Job) error
	// FailEvent ends an event with e.Reason and what is in Calls; a later event of the entity gets its job now.
	FailEvent(ctx context.Context, e Event, j Job) error
	// WakeEvents asks for the jobs of every accepted event of the authentication, due now.
	WakeEvents(ctx context.Context, authenticationID string) error
}

// Added says what became of an event.
type Added struct {
	ID        string // of the stored event: the earlier one for a duplicate
	Duplicate bool
}

// WorkflowStore keeps workflows and their versions.
type WorkflowStore interface {
	// AddWorkflow stores a new draft. Conflict: there is one of that id. A deleted one of that id comes to life
	// again with its history: numbers of versions go on.
	AddWorkflow(ctx context.Context, w Workflow) (Workflow, error)
	// SaveDraft replaces the draft of w.ID, if it has w.Revision (0: any).
	SaveDraft(ctx context.Context, w Workflow) (Workflow, error)
	// Workflow returns one that is not deleted.
	Workflow(ctx context.Context, id string) (Workflow, error)
	Workflows(ctx context.Context, f WorkflowFilter, p Page) (items []Workflow, next string, err error)
	// Publish stores the draft at w.Revision as the next version and makes it live.
	Publish(ctx context.Context, w Workflow, v Version, jobs ...Job) (Workflow, Version, error)
	// SetStatus makes a published workflow live or paused.
	SetStatus(ctx context.Context, id string, s WorkflowStatus, jobs ...Job) (Workflow, error)
	// DeleteWorkflow hides it; runs and versions stay.
	DeleteWorkflow(ctx context.Context, id string, revision int64, jobs ...Job) error
	// Versions lists, newest first; of deleted workflows too.
	Versions(ctx context.Context, id string, p Page) (items []Version, next string, err error)
	Version(ctx context.Context, ref VersionRef) (Version, error)
	// LiveVersions names the live versions of a trigger of an authentication, oldest workflow first.
	LiveVersions(ctx context.Context, trigger, authenticationID string) ([]VersionRef, error)
	// LiveTriggers names the triggers of the live workflows of an authentication.
	LiveTriggers(ctx context.Context, authenticationID string) ([]string, error)
}

// RunStore keeps runs.
type RunStore interface {
	// Run returns one, with steps and attempts.
	Run(ctx context.Context, id string) (Run, error)
	Runs(ctx context.Context, f RunFilter, p Page) (items []Run, next string, err error)
	// SaveRun applies a change; it returns the new revision.
	SaveRun(ctx context.Context, c RunChange) (int64, error)
}

// AuthStore keeps authentications.
type AuthStore interface {
	AddAuthentication(ctx context.Context, a Authentication) error // Conflict: there is one of that id
	// SaveAuthentication replaces name, config, secrets, if a.Revision is current, and gives it the next one;
	// accepted events that wait for it get their jobs.
	SaveAuthentication(ctx context.Context, a Authentication, jobs ...Job) (Authentication, error)
	SaveSubscription(ctx context.Context, id string, s Subscription, j Job, next *time.Time) error
	Authentication(ctx context.Context, id string) (Authentication, error)
	// AuthenticationByIntake finds by the sha256 of the key in the webhook's URL.
	AuthenticationByIntake(ctx context.Context, hash []byte) (Authentication, error)
	Authentications(ctx context.Context, p Page) (items []Authentication, next string, err error)
	// DeleteAuthentication: Conflict while a workflow uses it, in its draft or live version.
	DeleteAuthentication(ctx context.Context, id string, revision int64) error
	// UsedBy lists the ids of the workflows that use it (draft or live version), sorted.
	UsedBy(ctx context.Context, id string) ([]string, error)
}

// UserStore keeps users and API tokens.
type UserStore interface {
	AddUser(ctx context.Context, u User) error // Conflict: the address is taken
	UserByEmail(ctx context.Context, email string) (User, error)
	AddToken(ctx context.Context, t Token) error
	TokenByHash(ctx context.Context, hash []byte) (Token, error)
	// Tokens lists tokens, newest first, those that are not valid any more included.
	Tokens(ctx context.Context, p Page) (items []Token, next string, err error)
	// RevokeToken makes a token invalid for good. Conflict: it was revoked before.
	RevokeToken(ctx context.Context, id string) error
	TouchToken(ctx context.Context, id string, at time.Time) error
	// HasAdmin reports whether an admin user or a valid admin token exists.
	HasAdmin(ctx context.Context) (bool, error)
}

// JobKind is what a job is about.
type JobKind string

// The kinds of jobs.
const (
	EventJob     JobKind = "event"     // Ref: event
	RunJob       JobKind = "run"       // Ref: run
	SubscribeJob JobKind = "subscribe" // Ref: authentication
)

// Job is a durable wake-up call: one per Kind and Ref. It carries nothing but
// the id; what is to be done stands in the rows.
type Job struct {
	Kind JobKind
	Ref  string
	Due  time.Time // zero: now
	// Gen counts how often it was asked for. Who finishes the job with an old Gen leaves it due again:
	// something happened meanwhile. 0: it goes from hand to hand and stands nowhere but in the row of its event or run.
	Gen int64
	// Carry is what is known already, so that the worker need not read it. It lives in memory only. For an EventJob it is
	// the accepted Event, without its Body and not behind another one of its entity; for a RunJob what SaveDecisions was
	// given. nil: the worker reads, as after a restart or when the job was asked for again.
	Carry any
}

// Queue hands out jobs.
type Queue interface {
	// Work calls handle for every due job, at most workers at once and never twice at once for one Kind and Ref,
	// until ctx ends; it returns when the last call has. The handler finishes or moves the job by the store method
	// that saves its result; a job that it leaves as it is, or that it returns an error for, comes back after a pause.
	Work(ctx context.Context, workers int, handle func(context.Context, Job) error) error
	// Enqueue asks for jobs: a new row, or an earlier Due and the next Gen for one that exists.
	Enqueue(ctx context.Context, jobs ...Job) error
	// FinishJob removes j, unless it was asked for again.
	FinishJob(ctx context.Context, j Job) error
	// WakeWaiting asks for every job that is due later, due now: who looks too early waits again.
	WakeWaiting(ctx context.Context) error
}

// Upkeep is what housekeeping needs.
type Upkeep interface {
	// Changes counts the commits that changed workflows or authentications: who keeps what they said in memory
	// asks before every use whether it still holds. It is one more before such a write returns.
	Changes() uint64
	// Setting returns a value kept under name. NotFound.
	Setting(ctx context.Context, name string) (string, error)
	SetSetting(ctx context.Context, name, value string) error
	HistoryStore
	// Checkpoint moves the log into the database. SQLite: TRUNCATE when the WAL is over 64 MB, else PASSIVE.
	Checkpoint(ctx context.Context) error
	// Optimize lets the database renew its statistics; daily.
	Optimize(ctx context.Context) error
	// Reclaim gives a little of the space that deleted rows have left back to the disk, and reports whether there is more.
	Reclaim(ctx context.Context) (more bool, err error)
	// Stats are figures for /metrics.
	Stats(ctx context.Context) (Stats, error)
	// Ready reports whether the database can be written to.
	Ready(ctx context.Context) error
	Close() error
}

// Stats are figures of a store at one moment.
type Stats struct {
	QueueDepth int       // jobs, due or not
	QueueDue   int       // due
	OldestDue  time.Time // zero: none is due
}
