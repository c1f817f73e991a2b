-- +goose Up

-- Rows that lists walk over become narrow: what only a page about one event or one
-- run shows moves into rows of its own, as packed JSON (pack.go). Tables whose
-- key is the whole row are kept by that key.

CREATE TABLE event_detail (
  event_id TEXT NOT NULL PRIMARY KEY,
  decisions BLOB NOT NULL,
  calls BLOB NOT NULL,
  codes BLOB NOT NULL
) STRICT;
INSERT INTO event_detail (event_id, decisions, calls, codes)
  SELECT id, CAST(decisions AS BLOB), CAST(calls AS BLOB), CAST(codes AS BLOB) FROM event WHERE status <> 'accepted' ORDER BY id;

CREATE TABLE event_narrow (
  id TEXT NOT NULL PRIMARY KEY,
  authentication_id TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  scope TEXT NOT NULL,
  entity TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  replay_of TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  next_attempt_at INTEGER,
  decided_at INTEGER,
  read_at INTEGER,
  attempts INTEGER NOT NULL,
  misses INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  data TEXT NOT NULL,
  body BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO event_narrow
  SELECT id, authentication_id, trigger_type, scope, entity, webhook_id, replay_of, status, reason, note, occurred_at, received_at,
    next_attempt_at, decided_at, read_at, attempts, misses, duplicates, 0, data, body FROM event ORDER BY id;
CREATE TABLE event_keys_old (id TEXT NOT NULL PRIMARY KEY, event_key BLOB, occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL) STRICT;
INSERT INTO event_keys_old SELECT id, event_key, occurred_at, received_at FROM event;
DROP TABLE event;
ALTER TABLE event_narrow RENAME TO event;
CREATE INDEX event_trigger ON event (trigger_type, id);
CREATE INDEX event_entity ON event (entity, id);
CREATE INDEX event_authentication ON event (authentication_id, id);
CREATE INDEX event_open ON event (status, id) WHERE status <> 'done';
CREATE INDEX event_undecided ON event (authentication_id, entity, id) WHERE status = 'accepted';
CREATE INDEX event_decided ON event (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX event_body ON event (received_at) WHERE body IS NOT NULL;

CREATE TABLE event_key_narrow (
  seen BLOB NOT NULL PRIMARY KEY,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The key of an event begins with the seconds of its time, so that new ones lie together (timedKey in package engine).
INSERT INTO event_key_narrow
  SELECT CASE WHEN k.seen = o.event_key
    THEN CAST(unhex(printf('%08x', CASE o.occurred_at WHEN o.received_at THEN 0 ELSE o.occurred_at / 1000 END)) || k.seen AS BLOB)
    ELSE k.seen END, k.event_id, k.at
  FROM event_key k LEFT JOIN event_keys_old o ON o.id = k.event_id;
DROP TABLE event_keys_old;
DROP TABLE event_key;
ALTER TABLE event_key_narrow RENAME TO event_key;
CREATE INDEX event_key_at ON event_key (at);

CREATE TABLE event_email_narrow (
  email TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (email, event_id)
) STRICT, WITHOUT ROWID;
INSERT INTO event_email_narrow SELECT email, event_id FROM event_email;
DROP TABLE event_email;
ALTER TABLE event_email_narrow RENAME TO event_email;
CREATE INDEX event_email_event ON event_email (event_id);

-- A step is one record with its attempts.
CREATE TABLE run_step_narrow (
  run_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (run_id, step_id)
) STRICT;
INSERT INTO run_step_narrow (run_id, step_id, state)
  SELECT s.run_id, s.step_id, CAST(json_object('status', s.status, 'reason', s.reason, 'next', s.next_attempt_at, 'since', s.since,
    'request', json(CASE s.request WHEN '' THEN 'null' ELSE s.request END), 'output', json(CASE s.output WHEN '' THEN 'null' ELSE s.output END),
    'attempts', json((SELECT json_group_array(json_object('number', a.number, 'began', json(CASE a.began WHEN 1 THEN 'true' ELSE 'false' END),
        'started', a.started_at, 'finished', a.finished_at, 'error', a.error, 'request', a.request, 'response', a.response) ORDER BY a.number)
      FROM attempt a WHERE a.run_id = s.run_id AND a.step_id = s.step_id))) AS BLOB)
  FROM run_step s ORDER BY s.run_id, s.step_id;
DROP TABLE attempt;
DROP TABLE run_step;
ALTER TABLE run_step_narrow RENAME TO run_step;

CREATE TABLE job_narrow (
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  gen INTEGER NOT NULL,
  PRIMARY KEY (kind, ref)
) STRICT, WITHOUT ROWID;
INSERT INTO job_narrow SELECT kind, ref, due_at, gen FROM job;
DROP TABLE job;
ALTER TABLE job_narrow RENAME TO job;
CREATE INDEX job_due ON job (due_at);

CREATE TABLE run_narrow (
  id TEXT NOT NULL PRIMARY KEY,
  workflow_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  authentication_id TEXT NOT NULL,
  entity TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  revision INTEGER NOT NULL,
  next_attempt_at INTEGER,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  UNIQUE (event_id, workflow_id)
) STRICT, WITHOUT ROWID;
INSERT INTO run_narrow SELECT id, workflow_id, version, event_id, authentication_id, entity, status, reason, revision,
  next_attempt_at, created_at, finished_at FROM run ORDER BY id;
DROP TABLE run;
ALTER TABLE run_narrow RENAME TO run;
CREATE INDEX run_workflow ON run (workflow_id, id);
CREATE INDEX run_authentication ON run (authentication_id, id);
CREATE INDEX run_open ON run (status, id) WHERE status <> 'succeeded';
CREATE INDEX run_finished ON run (finished_at) WHERE finished_at IS NOT NULL;

-- Runs that ended badly or wait are looked for by their workflow.
CREATE INDEX run_trouble ON run (workflow_id, status, id) WHERE status IN ('failed', 'waiting', 'cancelled');
