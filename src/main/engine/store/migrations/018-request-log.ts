import type { Migration } from './migration.ts'

export const requestLog: Migration = {
  number: 18,
  name: 'request-log',
  sql: `
    CREATE TABLE request_log (
      endpoint TEXT PRIMARY KEY REFERENCES endpoint (name),
      settings TEXT NOT NULL CHECK (json_valid(settings))
    ) STRICT, WITHOUT ROWID;
  `,
}
