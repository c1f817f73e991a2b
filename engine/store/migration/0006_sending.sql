-- +goose Up

-- The mails of the last day, for the limits of sending: one row when a mail's first attempt begins. The recipient is the
-- beginning of the SHA-256 of an address, or zeros where the operator has chosen it.
CREATE TABLE counted_mail (
  at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  recipient BLOB NOT NULL,
  PRIMARY KEY (at, run_id, step_id)
) STRICT, WITHOUT ROWID;
