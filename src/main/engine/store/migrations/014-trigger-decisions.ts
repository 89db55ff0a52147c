import type { Migration } from './migration.ts'

export const triggerDecisions: Migration = {
  number: 14,
  name: 'trigger-decisions',
  sql: `
    -- What each condition has acted on, by its key; written in the transaction that makes the run.
    ALTER TABLE pipeline_trigger ADD COLUMN memory TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(memory));
    ALTER TABLE pipeline_trigger ADD COLUMN label TEXT NOT NULL DEFAULT '';
    ALTER TABLE pipeline_trigger ADD COLUMN paused_at INTEGER;
    -- So far every trigger was a schedule. Its memory is read from decided_until when its file is read again.

    CREATE TABLE decision (
      id         INTEGER PRIMARY KEY,
      -- No reference: what started a run outlives the trigger.
      trigger_id TEXT NOT NULL,
      label      TEXT NOT NULL,
      outcome    TEXT NOT NULL CHECK (outcome IN
        ('started', 'started-late', 'fired', 'skipped', 'failed', 'not-met', 'held', 'watching')),
      at         INTEGER NOT NULL,
      last_at    INTEGER NOT NULL,
      count      INTEGER NOT NULL DEFAULT 1,
      planned_at INTEGER,
      conditions TEXT NOT NULL CHECK (json_valid(conditions)),
      holds      TEXT NOT NULL CHECK (json_valid(holds)),
      actor      TEXT,
      run_id     TEXT,
      problem    TEXT CHECK (json_valid(problem)),
      -- 2: started a run, kept as long as the run. 1: should have. 0: decided not to.
      weight     INTEGER NOT NULL GENERATED ALWAYS AS
        (CASE WHEN run_id IS NOT NULL THEN 2 WHEN outcome IN ('failed', 'skipped') THEN 1 ELSE 0 END) STORED
    ) STRICT;
    CREATE INDEX decision_by_trigger ON decision (trigger_id, id);
    CREATE INDEX decision_by_weight ON decision (trigger_id, weight, id);
    CREATE INDEX decision_by_run ON decision (run_id) WHERE run_id IS NOT NULL;
    CREATE INDEX decision_by_start ON decision (trigger_id, at) WHERE run_id IS NOT NULL;
    CREATE TRIGGER decision_of_removed_run AFTER DELETE ON run
      BEGIN DELETE FROM decision WHERE run_id = old.id; END;

    INSERT INTO decision (trigger_id, label, outcome, at, last_at, planned_at, conditions, holds, run_id, problem)
      SELECT trigger_id, 'schedule', outcome, at, at, planned_at, '[]', '[]', run_id, problem
      FROM trigger_decision ORDER BY id;
    DROP TABLE trigger_decision;

    -- What other pipelines wait for.
    CREATE INDEX run_by_success ON run (project_id, pipeline, finished_at) WHERE status = 'succeeded';
  `,
}
