import type { Migration } from './migration.ts'

export const backtests: Migration = {
  number: 11,
  name: 'backtests',
  sql: `
    CREATE TABLE backtest (
      id              TEXT PRIMARY KEY,
      project_id      TEXT NOT NULL REFERENCES project (id),
      pipeline        TEXT NOT NULL,
      created_at      INTEGER NOT NULL,
      matrix_settings TEXT NOT NULL CHECK (json_valid(matrix_settings)),
      -- Policies and the like: they may change after the matrix was computed.
      settings        TEXT NOT NULL CHECK (json_valid(settings)),
      -- Which step of the run fills which cell.
      layout          TEXT NOT NULL CHECK (json_valid(layout)),
      -- Outlives the run, which may be cleaned up.
      run_id          TEXT REFERENCES run (id) ON DELETE SET NULL,
      -- Of the matrix.
      status          TEXT CHECK (status IN ('succeeded', 'incomplete', 'failed')),
      matrix          TEXT CHECK (json_valid(matrix)),
      -- When the run ended whose figures the matrix holds: a run that was retried ends again.
      matrix_of       INTEGER
    ) STRICT;
    CREATE INDEX backtest_by_run ON backtest (run_id);
    CREATE INDEX backtest_by_pipeline ON backtest (project_id, pipeline, id);
  `,
}
