-- +goose Up

-- What a webhook writes is what its sender waits for: each index that it adds to costs as much as a small event. These
-- three served housekeeping and lists of what is rare; housekeeping walks by id instead (retention.go).
DROP INDEX event_body;
DROP INDEX event_decided;
DROP INDEX event_open;
CREATE INDEX event_failed ON event (id) WHERE status = 'failed';

-- What has been seen, thousands in one row: seen.go says why. The rows of event_key stay for as long as they are kept.
CREATE TABLE seen_run (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  filter BLOB NOT NULL,
  hashes BLOB NOT NULL,
  event_ids TEXT NOT NULL
) STRICT;
ALTER TABLE event ADD COLUMN key_hash BLOB;
INSERT INTO setting (name, value) SELECT 'seen.filed', id FROM event ORDER BY id DESC LIMIT 1;
DROP INDEX event_key_at;
