import type { Migration } from './migration.ts'

export const rollouts: Migration = {
  number: 19,
  name: 'rollouts',
  sql: `
    -- How a version comes to an endpoint step by step. What was asked for never changes; where it stands does.
    CREATE TABLE rollout (
      id              TEXT PRIMARY KEY,
      endpoint        TEXT NOT NULL REFERENCES endpoint (name),
      spec            TEXT NOT NULL CHECK (json_valid(spec)),
      revision_id     TEXT NOT NULL UNIQUE REFERENCES revision (id),
      stable_id       TEXT NOT NULL REFERENCES revision (id),
      actor           TEXT NOT NULL,
      reason          TEXT NOT NULL,
      created_at      INTEGER NOT NULL,
      state           TEXT NOT NULL CHECK (state IN ('running', 'promoted', 'rolled-back', 'aborted')),
      ended_at        INTEGER,
      -- Step, share, figures since the step began, last checks.
      progress        TEXT NOT NULL CHECK (json_valid(progress)),
      CHECK ((state = 'running') = (ended_at IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX rollout_running ON rollout (endpoint) WHERE state = 'running';
    CREATE INDEX rollout_by_endpoint ON rollout (endpoint, id);
    CREATE TRIGGER rollout_final BEFORE UPDATE ON rollout WHEN OLD.state <> 'running'
      BEGIN SELECT RAISE(ABORT, 'a rollout that has ended does not change'); END;
    CREATE TRIGGER rollout_no_delete BEFORE DELETE ON rollout
      BEGIN SELECT RAISE(ABORT, 'rollouts are kept'); END;

    CREATE TABLE rollout_entry (
      id         TEXT PRIMARY KEY,
      rollout_id TEXT NOT NULL REFERENCES rollout (id),
      at         INTEGER NOT NULL,
      actor      TEXT NOT NULL,
      action     TEXT NOT NULL CHECK (action IN ('start', 'step', 'promote', 'roll-back', 'abort')),
      from_share REAL NOT NULL,
      to_share   REAL NOT NULL,
      reason     TEXT NOT NULL,
      evidence   TEXT NOT NULL CHECK (json_valid(evidence))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX rollout_entry_by_rollout ON rollout_entry (rollout_id, id);
    CREATE TRIGGER rollout_entry_no_update BEFORE UPDATE ON rollout_entry
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
    CREATE TRIGGER rollout_entry_no_delete BEFORE DELETE ON rollout_entry
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
    -- REPLACE deletes without firing the trigger above.
    CREATE TRIGGER rollout_entry_once BEFORE INSERT ON rollout_entry
      WHEN EXISTS (SELECT 1 FROM rollout_entry WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

    CREATE TABLE endpoint_budget (
      endpoint TEXT PRIMARY KEY,
      budget   TEXT NOT NULL CHECK (json_valid(budget))
    ) STRICT, WITHOUT ROWID;

    -- What packages did in a serving runtime of their own before they got traffic.
    CREATE TABLE infrastructure_check (
      id            TEXT PRIMARY KEY,
      endpoint      TEXT NOT NULL,
      artifact_hash TEXT NOT NULL REFERENCES artifact (hash),
      passed        INTEGER NOT NULL CHECK (passed IN (0, 1)),
      evidence      TEXT NOT NULL CHECK (json_valid(evidence))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX infrastructure_check_by_package ON infrastructure_check (artifact_hash, id);
  `,
}
