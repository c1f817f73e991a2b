-- +goose Up

-- Ids are text, times Unix milliseconds, booleans 0 or 1, JSON text that SQL
-- never looks into: what lists are filtered by has a column and an index.

CREATE TABLE event (
  id TEXT NOT NULL PRIMARY KEY,
  authentication_id TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  scope TEXT NOT NULL,
  entity TEXT NOT NULL,
  event_key BLOB,
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
  decisions TEXT NOT NULL,
  data TEXT NOT NULL,
  calls TEXT NOT NULL,
  body BLOB,
  codes TEXT NOT NULL
) STRICT;
CREATE INDEX event_trigger ON event (trigger_type, id);
CREATE INDEX event_entity ON event (entity, id);
CREATE INDEX event_authentication ON event (authentication_id, id);
CREATE INDEX event_open ON event (status, id) WHERE status <> 'done';
CREATE INDEX event_undecided ON event (authentication_id, entity, id) WHERE status = 'accepted';
CREATE INDEX event_decided ON event (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX event_body ON event (received_at) WHERE body IS NOT NULL;

-- What has been seen: event keys and webhook ids. It outlives the events.
CREATE TABLE event_key (
  seen BLOB NOT NULL PRIMARY KEY,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_key_at ON event_key (at);

CREATE TABLE event_email (
  email TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (email, event_id)
) STRICT;
CREATE INDEX event_email_event ON event_email (event_id);

CREATE TABLE workflow (
  id TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL,
  live_version INTEGER NOT NULL,
  last_version INTEGER NOT NULL,
  authentication_id TEXT NOT NULL,
  live_trigger TEXT NOT NULL,
  live_authentication_id TEXT NOT NULL,
  search TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  draft TEXT NOT NULL
) STRICT;
CREATE INDEX workflow_list ON workflow (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX workflow_live ON workflow (live_authentication_id, live_trigger, created_at, id) WHERE status = 'live' AND deleted_at IS NULL;

CREATE TABLE workflow_version (
  workflow_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  note TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (workflow_id, number)
) STRICT;

-- Which authentications the draft or the live version of a workflow uses.
CREATE TABLE workflow_authentication (
  authentication_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  PRIMARY KEY (authentication_id, workflow_id)
) STRICT;
CREATE INDEX workflow_authentication_workflow ON workflow_authentication (workflow_id);

CREATE TABLE run (
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
) STRICT;
CREATE INDEX run_workflow ON run (workflow_id, id);
CREATE INDEX run_authentication ON run (authentication_id, id);
CREATE INDEX run_open ON run (status, id) WHERE status <> 'succeeded';
CREATE INDEX run_finished ON run (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE run_step (
  run_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  next_attempt_at INTEGER,
  since INTEGER NOT NULL,
  request TEXT NOT NULL,
  output TEXT NOT NULL,
  PRIMARY KEY (run_id, step_id)
) STRICT;

CREATE TABLE attempt (
  run_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  began INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  error TEXT NOT NULL,
  request TEXT NOT NULL,
  response TEXT NOT NULL,
  PRIMARY KEY (run_id, step_id, number)
) STRICT;

-- The run that once_per has made for a thing.
CREATE TABLE once (
  workflow_id TEXT NOT NULL,
  once_key TEXT NOT NULL,
  run_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, once_key)
) STRICT;
CREATE INDEX once_at ON once (at);

CREATE TABLE job (
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  gen INTEGER NOT NULL,
  PRIMARY KEY (kind, ref)
) STRICT;
CREATE INDEX job_due ON job (due_at);

CREATE TABLE authentication (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  config TEXT NOT NULL,
  sealed TEXT NOT NULL,
  last4 TEXT NOT NULL,
  intake BLOB UNIQUE,
  revision INTEGER NOT NULL,
  hooks TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX authentication_list ON authentication (created_at, id);

CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_token (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
