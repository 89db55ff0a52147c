import type { Migration } from './migration.ts'

export const lineage: Migration = {
  number: 10,
  name: 'lineage',
  sql: `
    -- What a run was made with, noted in the transaction that stores it. Absent for runs of before.
    CREATE TABLE run_record (
      run_id           TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      os_user          TEXT NOT NULL,
      environment      TEXT NOT NULL CHECK (json_valid(environment)),
      -- Where the champion of each model stood that the pipeline names: what to roll back to.
      previous_models  TEXT NOT NULL CHECK (json_valid(previous_models)),
      -- What differed from the commit: null where nothing did, or where the folder is not under git.
      changes          TEXT CHECK (json_valid(changes)),
      changes_artifact TEXT REFERENCES artifact (hash),
      -- The run that this one repeats.
      reproduces       TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_record_by_changes ON run_record (changes_artifact) WHERE changes_artifact IS NOT NULL;
    CREATE INDEX run_record_by_reproduced ON run_record (reproduces) WHERE reproduces IS NOT NULL;

    -- The version of the component that gave the result; of a cached step, that which would have run.
    ALTER TABLE step_execution ADD COLUMN component_version TEXT;

    -- The files outside the store that a step read, as they were.
    CREATE TABLE step_source (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step   TEXT NOT NULL,
      path   TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (run_id, step, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX step_source_by_path ON step_source (path, run_id);

    -- What the options of a step name: a dataset, a feature view, a model.
    CREATE TABLE step_reference (
      run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step   TEXT NOT NULL,
      kind   TEXT NOT NULL CHECK (kind IN ('dataset', 'feature-view', 'model')),
      name   TEXT NOT NULL,
      PRIMARY KEY (run_id, step, kind, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX step_reference_by_name ON step_reference (kind, name, run_id);
    INSERT INTO step_reference (run_id, step, kind, name)
      SELECT p.run_id, s.value ->> '$.name', 'dataset', s.value ->> '$.options.dataset'
      FROM run_plan p, json_each(p.plan, '$.steps') s
      WHERE s.value ->> '$.component' = 'data/extract' AND s.value ->> '$.options.dataset' IS NOT NULL;

    -- The inputs and outputs of steps once more, one row each, to go from an artifact to the steps that read and gave it.
    CREATE TABLE step_artifact (
      run_id        TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      step          TEXT NOT NULL,
      direction     TEXT NOT NULL CHECK (direction IN ('in', 'out')),
      port          TEXT NOT NULL,
      position      INTEGER NOT NULL,
      artifact_hash TEXT NOT NULL,
      PRIMARY KEY (run_id, step, direction, port, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX step_artifact_by_hash ON step_artifact (artifact_hash, direction, run_id, step);
    INSERT INTO step_artifact (run_id, step, direction, port, position, artifact_hash)
      SELECT e.run_id, e.name, 'out', o.key, 0, o.value FROM step_execution e, json_each(e.outputs) o
      UNION ALL
      SELECT e.run_id, e.name, 'in', i.key, h.key, h.value
      FROM step_execution e, json_each(e.inputs) i, json_each(i.value) h;
    CREATE TRIGGER step_artifact_of_outputs AFTER UPDATE OF outputs ON step_execution
      WHEN NEW.outputs <> OLD.outputs BEGIN
      DELETE FROM step_artifact WHERE run_id = NEW.run_id AND step = NEW.name AND direction = 'out';
      INSERT INTO step_artifact (run_id, step, direction, port, position, artifact_hash)
        SELECT NEW.run_id, NEW.name, 'out', key, 0, value FROM json_each(NEW.outputs);
    END;
    CREATE TRIGGER step_artifact_of_inputs AFTER UPDATE OF inputs ON step_execution
      WHEN NEW.inputs <> OLD.inputs BEGIN
      DELETE FROM step_artifact WHERE run_id = NEW.run_id AND step = NEW.name AND direction = 'in';
      INSERT INTO step_artifact (run_id, step, direction, port, position, artifact_hash)
        SELECT NEW.run_id, NEW.name, 'in', i.key, h.key, h.value FROM json_each(NEW.inputs) i, json_each(i.value) h;
    END;
    CREATE TRIGGER step_artifact_of_new AFTER INSERT ON step_execution
      WHEN NEW.inputs <> '{}' OR NEW.outputs <> '{}' BEGIN
      INSERT INTO step_artifact (run_id, step, direction, port, position, artifact_hash)
        SELECT NEW.run_id, NEW.name, 'out', key, 0, value FROM json_each(NEW.outputs)
        UNION ALL
        SELECT NEW.run_id, NEW.name, 'in', i.key, h.key, h.value FROM json_each(NEW.inputs) i, json_each(i.value) h;
    END;

    CREATE INDEX model_version_by_artifact ON model_version (artifact_hash);
    CREATE INDEX model_version_by_run ON model_version (run_id, step);
    CREATE INDEX revision_by_version ON revision (model, version);

    -- A run made again to be compared with the first; its run is an ordinary one.
    CREATE TABLE reproduction (
      id          TEXT PRIMARY KEY,
      run_id      TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      -- The run that repeats it, once it has begun.
      new_run_id  TEXT,
      status      TEXT NOT NULL CHECK (status IN ('preparing', 'running', 'finished', 'failed', 'cancelled')),
      report      TEXT CHECK (json_valid(report)),
      problem     TEXT CHECK (json_valid(problem)),
      -- Where a work tree of the repository was added for it, to be given back after a crash.
      repository  TEXT,
      created_at  INTEGER NOT NULL,
      finished_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reproduction_by_run ON reproduction (run_id, id);

    -- Artifacts that were found damaged and could not be made again.
    CREATE TABLE artifact_damage (
      artifact_hash TEXT PRIMARY KEY REFERENCES artifact (hash) ON DELETE CASCADE,
      found_at      INTEGER NOT NULL,
      reason        TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
