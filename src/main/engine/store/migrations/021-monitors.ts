import type { Migration } from './migration.ts'

export const monitors: Migration = {
  number: 21,
  name: 'monitors',
  sql: `
    -- The last planned look at each monitor, so that one that was missed is made up once.
    CREATE TABLE monitor_look (
      project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
      monitor    TEXT NOT NULL,
      planned_at INTEGER NOT NULL,
      looked_at  INTEGER NOT NULL,
      PRIMARY KEY (project_id, monitor)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reading (
      id         TEXT PRIMARY KEY,
      project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
      monitor    TEXT NOT NULL,
      check_name TEXT NOT NULL,
      at         INTEGER NOT NULL,
      -- Of the status, the worse the higher: finds the worst of a stretch of time.
      severity   INTEGER NOT NULL,
      body       TEXT NOT NULL CHECK (json_valid(body))
    ) STRICT;
    CREATE INDEX reading_by_check ON reading (project_id, monitor, check_name, at, severity);

    -- Pruned before the readings that it belongs to.
    CREATE TABLE reading_evidence (
      reading_id TEXT PRIMARY KEY REFERENCES reading (id) ON DELETE CASCADE,
      body       TEXT NOT NULL CHECK (json_valid(body))
    ) STRICT;

    -- What each revision answered in each whole hour, column by column.
    CREATE TABLE request_sketch (
      endpoint TEXT NOT NULL,
      hour     INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      -- Another number where the form of sketches changed: they are then made again.
      form     INTEGER NOT NULL,
      rows     INTEGER NOT NULL,
      columns  TEXT NOT NULL CHECK (json_valid(columns)),
      PRIMARY KEY (endpoint, hour, revision)
    ) STRICT;
  `,
}
