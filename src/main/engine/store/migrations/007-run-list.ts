import type { Migration } from './migration.ts'

export const runList: Migration = {
  number: 7,
  name: 'run-list',
  sql: `
    ALTER TABLE run ADD COLUMN search_text TEXT
      GENERATED ALWAYS AS (lower(id || ' ' || pipeline || ' ' || parameters)) VIRTUAL;
    -- Everything that a list of runs is filtered by, apart from the long rows: a filter reads a fifth of the bytes.
    CREATE INDEX run_list ON run (id, project_id, pipeline, status, started_by, created_at, search_text);
    CREATE INDEX run_by_pipeline_alone ON run (pipeline, id);
    CREATE INDEX run_by_starter ON run (started_by, id);
    ALTER TABLE run ADD COLUMN duration_ms INTEGER GENERATED ALWAYS AS (finished_at - started_at) VIRTUAL;
    CREATE INDEX run_by_duration ON run (duration_ms, id);

    -- The metrics of a run once more, one row each, to sort and filter by. Kept by triggers from run.metrics.
    CREATE TABLE run_metric (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      name   TEXT NOT NULL,
      value  REAL NOT NULL,
      PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_metric_by_value ON run_metric (name, value, run_id);
    INSERT INTO run_metric (run_id, name, value)
      SELECT run.id, each.key, each.value FROM run, json_each(run.metrics) AS each
      WHERE each.type IN ('integer', 'real');
    CREATE TRIGGER run_metric_of_new AFTER INSERT ON run WHEN NEW.metrics <> '{}' BEGIN
      INSERT INTO run_metric (run_id, name, value)
        SELECT NEW.id, key, value FROM json_each(NEW.metrics) WHERE type IN ('integer', 'real');
    END;
    CREATE TRIGGER run_metric_of_change AFTER UPDATE OF metrics ON run WHEN NEW.metrics <> OLD.metrics BEGIN
      DELETE FROM run_metric WHERE run_id = NEW.id;
      INSERT INTO run_metric (run_id, name, value)
        SELECT NEW.id, key, value FROM json_each(NEW.metrics) WHERE type IN ('integer', 'real');
    END;

    -- The run whose result a cached step took.
    ALTER TABLE step_execution ADD COLUMN cached_from TEXT;
    -- 1: to be run although the cache may hold its result, because a person asked for it.
    ALTER TABLE step_execution ADD COLUMN uncached INTEGER NOT NULL DEFAULT 0 CHECK (uncached IN (0, 1));

    CREATE TABLE run_view (
      name     TEXT PRIMARY KEY,
      filter   TEXT NOT NULL CHECK (json_valid(filter)),
      saved_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
