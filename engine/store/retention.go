package store

import (
	"time"
)

const (
	// onceKept is how long once_per remembers a thing, whether its run is still there or not.
	onceKept = 400 * 24 * time.Hour
	// sweepEvery is how often a table that no index orders by time is gone through.
	sweepEvery = 24 * time.Hour
	// looked is how many rows are looked at in one read.
	looked = 1000
)

// oldThings is one class of history: what is old is looked up beside the writer, which then only deletes by key,
// and only what is still old by then.
type oldThings struct {
	before time.Time
	// old reads rows in the order of their places: key, place, and whether the row is old and may go. $1 is the place
	// to go on from, $2 the time before which a row is old, $3 how many rows; $4, where there is one, the id with which
	// that time begins.
	old    string
	by     *timeline    // says $4
	delete []string     // for one key, $1; the others only where the first has found something
	sweep  bool         // no index helps: the whole table is gone through, once a day
	then   func(*Store) // hears that some have gone
	// notedAs is the setting that notes when a sweep has ended or, of another class, the place up to which nothing has stayed
	// and the next walk need not look again. "": every walk looks at everything.
	notedAs string

	begun  bool
	end    string // $4
	from   any    // the place to go on from: what had to stay is not looked at again
	passed any    // the place up to which nothing has stayed
	stays  bool   // something behind it has

	found   []any // keys that are old and not deleted yet
	seenAll bool  // there are no more
	done    bool
}

// history lists the classes in the order in which they go: an event after its runs.
func history(runs, bodies, keys, samples, mails, once time.Time) []*oldThings {
	events := eventTimes()
	return []*oldThings{
		{before: runs, from: 0, old: `SELECT id, finished_at, 1 FROM run WHERE finished_at IS NOT NULL AND finished_at >= $1 AND finished_at < $2
			ORDER BY finished_at LIMIT $3`, delete: []string{
			`DELETE FROM run WHERE id = $1 AND finished_at IS NOT NULL`, // a person may have had it tried again
			`DELETE FROM run_step WHERE run_id = $1`}},
		{before: runs, from: "", by: &events, old: `SELECT id, id, status <> 'accepted' AND decided_at < $2 AND NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.id)
			FROM event WHERE id > $1 AND id < $4 ORDER BY id LIMIT $3`, delete: []string{
			`DELETE FROM event WHERE id = $1 AND status <> 'accepted'`,
			`DELETE FROM event_detail WHERE event_id = $1`,
			`DELETE FROM event_email WHERE event_id = $1`}},
		{before: bodies, from: "", by: &events, notedAs: "retention.bodies", old: `SELECT id, id, CASE WHEN body IS NULL THEN NULL ELSE status <> 'accepted' AND received_at < $2 END
			FROM event WHERE id > $1 AND id < $4 ORDER BY id LIMIT $3`, delete: []string{
			`UPDATE event SET body = NULL WHERE id = $1 AND status <> 'accepted'`}},
		{before: keys, from: 0, old: `SELECT n, n, at < $2 FROM seen_run WHERE n > $1 ORDER BY n LIMIT $3`, delete: []string{
			`DELETE FROM seen_run WHERE n = $1`}, then: readSeenAnew},
		{before: keys, from: []byte{}, sweep: true, notedAs: "retention.event_key", old: `SELECT seen, seen, at < $2 FROM event_key WHERE seen > $1 ORDER BY seen LIMIT $3`, delete: []string{
			`DELETE FROM event_key WHERE seen = $1`}, then: readSeenAnew},
		{before: samples, from: 0, old: `SELECT id, created_at, 1 FROM sample WHERE created_at >= $1 AND created_at < $2 ORDER BY created_at LIMIT $3`, delete: []string{
			`DELETE FROM sample WHERE id = $1`}},
		{before: mails, from: 0, old: `SELECT at, at, 1 FROM counted_mail WHERE at >= $1 AND at < $2 ORDER BY at LIMIT $3`, delete: []string{
			`DELETE FROM counted_mail WHERE at = $1`}},
		{before: once, from: 0, old: `SELECT workflow_id || char(31) || once_key, at, 1 FROM once WHERE at >= $1 AND at < $2 ORDER BY at LIMIT $3`, delete: []string{
			`DELETE FROM once WHERE workflow_id = substr($1, 1, instr($1, char(31)) - 1) AND once_key = substr($1, instr($1, char(31)) + 1)`}},
	}
}

// readSeenAnew has what has been seen read again, without what has gone.
func readSeenAnew(s *Store) { s.seen.stale.Store(true) }
