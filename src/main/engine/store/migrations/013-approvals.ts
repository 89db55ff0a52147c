import type { Migration } from './migration.ts'

export const approvals: Migration = {
  number: 13,
  name: 'approvals',
  sql: `
    -- What a gate asks of a person. The facts never change; where it stands follows from the decisions and the ledger.
    CREATE TABLE approval (
      id           TEXT PRIMARY KEY,
      project_id   TEXT NOT NULL REFERENCES project (id),
      model        TEXT NOT NULL,
      version      INTEGER NOT NULL,
      alias        TEXT NOT NULL,
      run_id       TEXT NOT NULL REFERENCES run (id),
      step         TEXT NOT NULL,
      verdict_hash TEXT NOT NULL REFERENCES artifact (hash),
      reason       TEXT NOT NULL,
      created_at   INTEGER NOT NULL,
      UNIQUE (model, version, alias),
      FOREIGN KEY (model, version) REFERENCES model_version (model, version)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX approval_by_run ON approval (run_id);
    CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval
      BEGIN SELECT RAISE(ABORT, 'an approval is immutable'); END;
    CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval
      BEGIN SELECT RAISE(ABORT, 'an approval is immutable'); END;

    -- Where an approved version is deployed. done_at: when the approval has deployed it there.
    CREATE TABLE approval_endpoint (
      approval_id TEXT NOT NULL REFERENCES approval (id),
      endpoint    TEXT NOT NULL,
      done_at     INTEGER,
      PRIMARY KEY (approval_id, endpoint)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE approval_decision (
      id          TEXT PRIMARY KEY,
      approval_id TEXT NOT NULL REFERENCES approval (id),
      decision    TEXT NOT NULL CHECK (decision IN ('approve', 'reject', 'reopen')),
      at          INTEGER NOT NULL,
      actor       TEXT NOT NULL,
      reason      TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX approval_decision_by_approval ON approval_decision (approval_id, id);
    CREATE TRIGGER approval_decision_no_update BEFORE UPDATE ON approval_decision
      BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
    CREATE TRIGGER approval_decision_no_delete BEFORE DELETE ON approval_decision
      BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
    -- REPLACE deletes without firing the trigger above; and an approval stays approved.
    CREATE TRIGGER approval_decision_final BEFORE INSERT ON approval_decision
      WHEN EXISTS (SELECT 1 FROM approval_decision WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM approval_decision WHERE approval_id = NEW.approval_id AND decision = 'approve')
      BEGIN SELECT RAISE(ABORT, 'the approval is decided'); END;

    -- The evidence of a move. Adding columns leaves the triggers that make the ledger append-only as they are.
    ALTER TABLE alias_move ADD COLUMN verdict_hash TEXT REFERENCES artifact (hash);
    ALTER TABLE alias_move ADD COLUMN run_id TEXT REFERENCES run (id);
    ALTER TABLE alias_move ADD COLUMN step TEXT;
    ALTER TABLE alias_move ADD COLUMN approval_id TEXT REFERENCES approval (id);
    CREATE INDEX alias_move_by_run ON alias_move (run_id) WHERE run_id IS NOT NULL;
    CREATE INDEX alias_move_by_alias ON alias_move (model, alias, id);
  `,
}
