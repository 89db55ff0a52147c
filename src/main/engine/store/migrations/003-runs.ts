import type { Migration } from './migration.ts'

export const runs: Migration = {
  number: 3,
  name: 'runs',
  sql: `
    CREATE TABLE run (
      id               TEXT PRIMARY KEY,
      project_id       TEXT NOT NULL REFERENCES project (id),
      pipeline         TEXT NOT NULL,
      pipeline_version TEXT NOT NULL,
      parameters       TEXT NOT NULL CHECK (json_valid(parameters)),
      seed             INTEGER NOT NULL,
      status           TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
      started_by       TEXT NOT NULL,
      git_commit       TEXT,
      git_dirty        INTEGER CHECK (git_dirty IN (0, 1)),
      metrics          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metrics)),
      steps_total      INTEGER NOT NULL,
      steps_done       INTEGER NOT NULL DEFAULT 0,
      created_at       INTEGER NOT NULL,
      started_at       INTEGER,
      finished_at      INTEGER,
      error            TEXT CHECK (json_valid(error))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_by_pipeline ON run (project_id, pipeline, id);
    CREATE INDEX run_by_status ON run (status, id);

    -- The pipeline as it was when the run started; a resumed run follows it, not the file of today.
    -- Apart from the run, whose row is written again at every step while a plan can be large.
    CREATE TABLE run_plan (
      run_id TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      plan   TEXT NOT NULL CHECK (json_valid(plan))
    ) STRICT;

    CREATE TABLE step_execution (
      run_id           TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      name             TEXT NOT NULL,
      position         INTEGER NOT NULL,
      component        TEXT NOT NULL,
      status           TEXT NOT NULL
        CHECK (status IN ('waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled')),
      cached           INTEGER NOT NULL DEFAULT 0 CHECK (cached IN (0, 1)),
      attempt          INTEGER NOT NULL DEFAULT 0,
      started_at       INTEGER,
      finished_at      INTEGER,
      depends_on       TEXT NOT NULL CHECK (json_valid(depends_on)),
      inputs           TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(inputs)),
      outputs          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(outputs)),
      step_values      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(step_values)),
      cache_key        TEXT,
      reason           TEXT,
      error            TEXT CHECK (json_valid(error)),
      PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID;

    -- What a step gave for a cache key: the outputs and values of the first execution that succeeded.
    CREATE TABLE step_cache (
      cache_key   TEXT PRIMARY KEY,
      outputs     TEXT NOT NULL CHECK (json_valid(outputs)),
      step_values TEXT NOT NULL CHECK (json_valid(step_values)),
      run_id      TEXT NOT NULL,
      step        TEXT NOT NULL,
      created_at  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE step_log (
      sequence INTEGER PRIMARY KEY,
      run_id   TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step     TEXT NOT NULL,
      at       INTEGER NOT NULL,
      level    TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
      text     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX step_log_by_run ON step_log (run_id, step, sequence);

    CREATE TABLE metric_point (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step   TEXT NOT NULL,
      name   TEXT NOT NULL,
      point  INTEGER NOT NULL,
      value  REAL,
      at     INTEGER NOT NULL,
      PRIMARY KEY (run_id, step, name, point)
    ) STRICT, WITHOUT ROWID;
  `,
}
