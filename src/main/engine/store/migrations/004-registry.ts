import type { Migration } from './migration.ts'

export const registry: Migration = {
  number: 4,
  name: 'registry',
  sql: `
    CREATE TABLE model (
      name        TEXT PRIMARY KEY,
      project_id  TEXT NOT NULL REFERENCES project (id),
      description TEXT NOT NULL DEFAULT '',
      created_at  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE model_version (
      model         TEXT NOT NULL REFERENCES model (name),
      version       INTEGER NOT NULL CHECK (version >= 1),
      artifact_hash TEXT NOT NULL REFERENCES artifact (hash),
      signature     TEXT NOT NULL CHECK (json_valid(signature)),
      metrics       TEXT NOT NULL CHECK (json_valid(metrics)),
      verdict       TEXT CHECK (json_valid(verdict)),
      project_id    TEXT NOT NULL REFERENCES project (id),
      run_id        TEXT NOT NULL REFERENCES run (id),
      step          TEXT NOT NULL,
      created_at    INTEGER NOT NULL,
      PRIMARY KEY (model, version),
      UNIQUE (model, artifact_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER model_version_no_update BEFORE UPDATE ON model_version
      BEGIN SELECT RAISE(ABORT, 'a model version is immutable'); END;
    CREATE TRIGGER model_version_no_delete BEFORE DELETE ON model_version
      BEGIN SELECT RAISE(ABORT, 'a model version is immutable'); END;

    -- The primary key is why a model has at most one champion at every moment.
    CREATE TABLE model_alias (
      model   TEXT NOT NULL,
      alias   TEXT NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (model, alias),
      FOREIGN KEY (model, version) REFERENCES model_version (model, version)
    ) STRICT, WITHOUT ROWID;

    -- The ledger: append-only, also against mistakes of our own.
    CREATE TABLE alias_move (
      id           TEXT PRIMARY KEY,
      model        TEXT NOT NULL REFERENCES model (name),
      alias        TEXT NOT NULL,
      from_version INTEGER,
      to_version   INTEGER,
      at           INTEGER NOT NULL,
      actor        TEXT NOT NULL,
      reason       TEXT NOT NULL,
      FOREIGN KEY (model, from_version) REFERENCES model_version (model, version),
      FOREIGN KEY (model, to_version) REFERENCES model_version (model, version)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_move_by_model ON alias_move (model, id);
    CREATE TRIGGER alias_move_no_update BEFORE UPDATE ON alias_move
      BEGIN SELECT RAISE(ABORT, 'the alias ledger is append-only'); END;
    CREATE TRIGGER alias_move_no_delete BEFORE DELETE ON alias_move
      BEGIN SELECT RAISE(ABORT, 'the alias ledger is append-only'); END;
    -- REPLACE deletes without firing the trigger above.
    CREATE TRIGGER alias_move_no_replace BEFORE INSERT ON alias_move
      WHEN EXISTS (SELECT 1 FROM alias_move WHERE id = NEW.id)
      BEGIN SELECT RAISE(ABORT, 'the alias ledger is append-only'); END;
  `,
}
