import type { Migration } from './migration.ts'

export const sketches: Migration = {
  number: 15,
  name: 'sketches',
  sql: `
    -- What was sketched at one time: one file of a dataset, or all of them ("*").
    CREATE TABLE sketch_unit (
      id         INTEGER PRIMARY KEY,
      project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
      dataset    TEXT NOT NULL,
      source     TEXT NOT NULL,
      -- Differs when the file, or how it is read, differs.
      key        TEXT NOT NULL,
      rows       INTEGER NOT NULL,
      made_at    INTEGER NOT NULL,
      UNIQUE (project_id, dataset, source)
    ) STRICT;

    CREATE TABLE sketch_span (
      id      INTEGER PRIMARY KEY,
      unit_id INTEGER NOT NULL REFERENCES sketch_unit (id) ON DELETE CASCADE,
      -- Where the day begins (UTC); null for rows without a time.
      span    INTEGER,
      rows    INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sketch_span_by_unit ON sketch_span (unit_id, span);

    CREATE TABLE sketch (
      id       INTEGER PRIMARY KEY,
      span_id  INTEGER NOT NULL REFERENCES sketch_span (id) ON DELETE CASCADE,
      -- Of the column in the data.
      position INTEGER NOT NULL,
      body     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX sketch_by_span ON sketch (span_id, position);
  `,
}
