import type { Migration } from './migration.ts'

export const settings: Migration = {
  number: 9,
  name: 'settings',
  sql: `
    -- What was set; what is missing has its default.
    CREATE TABLE setting (
      name  TEXT PRIMARY KEY,
      value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;
  `,
}
