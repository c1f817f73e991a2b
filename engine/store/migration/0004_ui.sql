-- +goose Up

-- Coming in: who is signed in with a browser. Only the hash of the cookie is kept.
CREATE TABLE session (
  hash BLOB NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_used ON session (used_at);
ALTER TABLE account ADD COLUMN last_login_at INTEGER;
CREATE INDEX account_list ON account (created_at, id);

-- Trying out: orders, carts and shipments that somebody fetched to build a workflow with. At most 50 for each trigger,
-- for 30 days. body is packed JSON (pack.go).
CREATE TABLE sample (
  id TEXT NOT NULL PRIMARY KEY,
  trigger_type TEXT NOT NULL,
  authentication_id TEXT NOT NULL,
  entity TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (trigger_type, authentication_id, entity)
) STRICT;
CREATE INDEX sample_created ON sample (created_at, id);

-- Looking back: who saved a draft last.
ALTER TABLE workflow ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';

-- Runs are counted from the indexes alone, without their rows being read: these two hold one column more.
DROP INDEX run_finished;
CREATE INDEX run_finished ON run (finished_at, status) WHERE finished_at IS NOT NULL;
DROP INDEX run_trouble;
CREATE INDEX run_trouble ON run (workflow_id, status, id, version) WHERE status IN ('failed', 'waiting', 'cancelled');
-- Runs with a step that waits for a person: no clock wakes them.
CREATE INDEX run_held ON run (id) WHERE status = 'waiting' AND next_attempt_at IS NULL;

-- Whether an authentication works: from its last test, and from use.
CREATE TABLE authentication_health (
  authentication_id TEXT NOT NULL PRIMARY KEY,
  tested_at INTEGER,
  tested_ok INTEGER,
  ok_at INTEGER,
  failed_at INTEGER,
  error TEXT NOT NULL
) STRICT;

-- When the owner was last told of a cause.
CREATE TABLE alert_sent (
  cause TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

-- Events of one thing. Orders come in any order, so that an index of entities alone is written all over: a page of its own for
-- each event, in the log and then in the database. Kept by three days (the first 20 bits of an id's time), what is written
-- lies together however long the history is.
DROP INDEX event_entity;
CREATE INDEX event_entity ON event (substr(id, 1, 5), entity, id);
