import type { Migration } from './migration.ts'

export const projects: Migration = {
  number: 1,
  name: 'projects',
  sql: `
    CREATE TABLE project (
      id       TEXT PRIMARY KEY,
      path     TEXT NOT NULL UNIQUE,
      name     TEXT NOT NULL,
      trusted  INTEGER NOT NULL DEFAULT 0 CHECK (trusted IN (0, 1)),
      -- Removed from the lists; runs and models still refer to it.
      hidden   INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
      added_at INTEGER NOT NULL
    ) STRICT;
  `,
}
