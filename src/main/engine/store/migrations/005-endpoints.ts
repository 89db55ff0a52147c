import type { Migration } from './migration.ts'

export const endpoints: Migration = {
  number: 5,
  name: 'endpoints',
  sql: `
    CREATE TABLE endpoint (
      name       TEXT PRIMARY KEY,
      project_id TEXT NOT NULL REFERENCES project (id),
      created_at INTEGER NOT NULL,
      -- The revision that answers; null before the first deployment.
      revision_id TEXT REFERENCES revision (id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE revision (
      id         TEXT PRIMARY KEY,
      endpoint   TEXT NOT NULL REFERENCES endpoint (name),
      number     INTEGER NOT NULL CHECK (number >= 1),
      model      TEXT NOT NULL,
      version    INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      actor      TEXT NOT NULL,
      reason     TEXT NOT NULL,
      UNIQUE (endpoint, number),
      FOREIGN KEY (model, version) REFERENCES model_version (model, version)
    ) STRICT, WITHOUT ROWID;
    -- What answered when: history that is added to, never changed.
    CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
      BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;
    CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
      BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;
  `,
}
