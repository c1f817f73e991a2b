-- +goose Up

-- Who changed what. Each row holds the hash of the one before; none is ever
-- changed or deleted. The newest one's number and hash stand in the setting
-- _audit_head too, so that rows missing at the end are noticed.
CREATE TABLE audit (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  ip TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  before_json TEXT NOT NULL,
  after_json TEXT NOT NULL,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_actor ON audit (actor_name, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_object ON audit (object_kind, object_id, seq);

CREATE INDEX api_token_list ON api_token (created_at, id);
