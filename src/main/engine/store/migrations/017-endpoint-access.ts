import type { Migration } from './migration.ts'

export const endpointAccess: Migration = {
  number: 17,
  name: 'endpoint-access',
  sql: `
    CREATE TABLE endpoint_access (
      endpoint TEXT PRIMARY KEY REFERENCES endpoint (name),
      rules    TEXT NOT NULL CHECK (json_valid(rules))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE endpoint_key (
      id         TEXT PRIMARY KEY,
      endpoint   TEXT NOT NULL REFERENCES endpoint (name),
      name       TEXT NOT NULL,
      -- SHA-256 of the key, which is random and as long: nothing to guess, so nothing to slow down.
      digest     TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX endpoint_key_by_endpoint ON endpoint_key (endpoint, id);
  `,
}
