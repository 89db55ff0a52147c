import type { Migration } from './migration.ts'

export const artifacts: Migration = {
  number: 2,
  name: 'artifacts',
  sql: `
    -- The files themselves lie under artifacts/<aa>/<sha256>; a row is written only after its files are in place.
    CREATE TABLE artifact (
      hash       TEXT PRIMARY KEY,
      type       TEXT NOT NULL,
      files      TEXT NOT NULL CHECK (json_valid(files)),
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What a file outside the store hashed to, so that an unchanged file is not read again.
    CREATE TABLE file_hash (
      path        TEXT PRIMARY KEY,
      bytes       INTEGER NOT NULL,
      modified_ms REAL NOT NULL,
      sha256      TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
