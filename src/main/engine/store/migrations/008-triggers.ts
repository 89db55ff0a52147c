import type { Migration } from './migration.ts'

export const triggers: Migration = {
  number: 8,
  name: 'triggers',
  sql: `
    -- The triggers of the pipeline files as they were last read, so that one whose file is broken is not forgotten.
    CREATE TABLE pipeline_trigger (
      id            TEXT PRIMARY KEY,
      project_id    TEXT NOT NULL REFERENCES project (id),
      pipeline      TEXT NOT NULL,
      kind          TEXT NOT NULL,
      -- What makes it the same trigger after its file was edited.
      identity      TEXT NOT NULL,
      spec          TEXT NOT NULL CHECK (json_valid(spec)),
      -- Planned times up to this one have been decided: written in the transaction that makes the run.
      decided_until INTEGER NOT NULL,
      last_at       INTEGER,
      last_run_id   TEXT,
      UNIQUE (project_id, pipeline, kind, identity)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE trigger_decision (
      id         INTEGER PRIMARY KEY,
      trigger_id TEXT NOT NULL REFERENCES pipeline_trigger (id) ON DELETE CASCADE,
      planned_at INTEGER NOT NULL,
      at         INTEGER NOT NULL,
      outcome    TEXT NOT NULL CHECK (outcome IN ('started', 'started-late', 'skipped', 'failed')),
      run_id     TEXT,
      problem    TEXT CHECK (json_valid(problem))
    ) STRICT;
    CREATE INDEX trigger_decision_by_trigger ON trigger_decision (trigger_id, id);

    -- One row while all triggers are paused.
    CREATE TABLE trigger_pause (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      since    INTEGER NOT NULL
    ) STRICT;
  `,
}
